"""政策发布 - a second person publishes what was handed in, or returns it with a reason; what is published never changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.current import current_catalogue, overlapping_versions
from chuangju.policies.draft_access import can_decide_draft
from chuangju.policies.draft_reading import read_draft
from chuangju.policies.drafts import DraftRefused, refuse_unsound, sha256_of
from chuangju.policies.models import PolicyDraft, PublishedPolicy
from chuangju.policies.shipped_records import enter_published_record
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy

_LOCK = "policies.publishing"


def ended_by(policy: Policy, catalogue: Catalogue) -> Policy | None:
    """The earlier version whose term this one would end; raises DraftRefused where terms overlap in any other way."""
    if catalogue.version(policy.id, policy.version) is not None:
        raise DraftRefused(_("%(key)s 已经发布过，请换一个版本号") % {"key": policy.key})
    others = overlapping_versions(policy, catalogue)
    later = [one for one in others if one.effective_from >= policy.effective_from]
    if later:
        told = {"key": later[0].key, "day": later[0].effective_from}
        raise DraftRefused(_("有效期与 %(key)s（%(day)s 起施行）重叠：请推迟施行日期，或写明在它之前的止日") % told)
    return others[0] if others else None


@transaction.atomic
def publish_draft(draft: PolicyDraft, *, revision: int, by: User, at: datetime) -> PublishedPolicy:
    """Put the draft's text into the catalogue, word for word; publishing twice gives the same version.

    Raises DraftRefused, and StaleForm where the draft is another than the one that was looked at.
    """
    take_locks(_LOCK)
    fresh = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if fresh.state == PolicyDraft.State.PUBLISHED:
        return fresh.published
    on = timezone.localdate(at)
    if fresh.author_id == by.pk:
        raise DraftRefused(_("起草人不能发布自己起草的政策，请另一位同事复核发布"))
    if not can_decide_draft(by, fresh, on=on):
        raise DraftRefused(_("草稿不在待复核状态，或不由您复核"))
    if fresh.revision != revision:
        raise StaleForm(_("草稿在您打开之后又改过，请重新核对后再发布"))
    catalogue = current_catalogue()
    reading = read_draft(fresh.text, catalogue, on=on)
    refuse_unsound(reading.policy, len(reading.faults), sum(not one.has_passed for one in reading.examples))
    policy = reading.policy
    assert policy is not None  # noqa: S101 - refused above
    ended = ended_by(policy, catalogue)
    published = PublishedPolicy.objects.create(
        policy_id=policy.id,
        version=policy.version,
        title=policy.title.zh[:200],
        text=fresh.text,
        sha256=sha256_of(fresh.text),
        effective_from=policy.effective_from,
        effective_to=policy.effective_to,
        ends_key=ended.key if ended else "",
        draft=fresh,
        author=fresh.author,
        published_by=by,
        at=at,
    )
    enter_published_record(published, policy=policy, by=by, at=at)
    fresh.state, fresh.decided_by, fresh.decided_at = PolicyDraft.State.PUBLISHED, by, at
    fresh.save(update_fields=["state", "decided_by", "decided_at"])
    after = {"key": published.key, "校验值": published.sha256, "ends_key": published.ends_key}
    record_event("policies.version_published", published, by=by, at=at, after=after, about=fresh)
    return published


@transaction.atomic
def return_draft(draft: PolicyDraft, *, reason: str, revision: int, by: User, at: datetime) -> None:
    """Back to its author, with what is to be mended; raises DraftRefused and StaleForm."""
    fresh = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if not can_decide_draft(by, fresh, on=timezone.localdate(at)):
        raise DraftRefused(_("草稿不在待复核状态，或不由您复核"))
    if fresh.revision != revision:
        raise StaleForm(_("草稿在您打开之后又改过，请重新核对"))
    if not reason.strip():
        raise DraftRefused(_("请写明退回的原因，起草人才知道改什么"))
    before = {"state": fresh.state}
    fresh.state, fresh.reason = PolicyDraft.State.RETURNED, reason.strip()[:500]
    fresh.decided_by, fresh.decided_at = by, at
    fresh.save()
    record_event(
        "policies.draft_returned",
        fresh,
        by=by,
        at=at,
        before=before,
        after={"state": fresh.state},
        reason=fresh.reason,
    )


def find_published_faults() -> Iterator[str]:
    """For `verify`: published texts whose digest is no more theirs, or which the language does not take any more."""
    for row in PublishedPolicy.objects.order_by("pk").iterator():
        if sha256_of(row.text) != row.sha256:
            yield _("已发布的政策 %(key)s 的文字与发布时的校验值不符。") % {"key": row.key}
    keys = set(PublishedPolicy.objects.values_list("policy_id", "version"))
    read = {(one.id, one.version) for one in current_catalogue().policies}
    for policy_id, version in sorted(keys - read):
        yield _("已发布的政策 %(key)s 现在读不出来，页面上没有采用。") % {"key": f"{policy_id}@{version}"}
