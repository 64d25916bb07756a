"""政策草稿 - a version of a policy is written, submitted, taken back, given up; what becomes of it is in publishing.py."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_access import can_change_draft, can_write_drafts, can_write_for
from chuangju.policies.draft_reading import read_draft
from chuangju.policies.example_dates import move_examples
from chuangju.policies.models import LONGEST_TEXT, PolicyDraft
from chuangju.policies.policy_text import scalars_of, set_value
from chuangju.rules.policy import Policy
from chuangju.rules.yaml_nodes import PolicyFaults
from chuangju.units.models import Unit
from chuangju.units.names import resolve_name

# So much of a digest tells two texts apart in the log.
_SHORT = 16
_NEW_TEXT = Path(__file__).parent / "data" / "new_policy.txt"


class DraftRefused(Refused):
    """The draft cannot be begun, changed, handed in or decided as it stands."""


@dataclass(frozen=True)
class NewVersion:
    """What a new version begins with: its term, and for a policy that is new its id, title, unit and row."""

    version: str
    starts_on: date
    ends_on: date | None = None
    policy_id: str = ""
    title: str = ""
    unit: Unit | None = None
    row: str = ""

    @property
    def effective(self) -> str:
        """The term as a policy file writes it."""
        return f"{self.starts_on} .. {self.ends_on or ''}".rstrip()


@transaction.atomic
def begin_draft(new: NewVersion, *, base: Policy | None, by: User, at: datetime) -> PolicyDraft:
    """A draft from an existing version, or of a policy that is new; raises DraftRefused."""
    on = timezone.localdate(at)
    if not can_write_drafts(by, on=on):
        raise DraftRefused(_("只有政策主管和创建办可以起草政策"))
    policy_id = base.id if base else new.policy_id
    known = current_catalogue()
    if base is None and policy_id in known.ids:
        raise DraftRefused(_("“%(id)s”已经是现有政策，请从它的现行版本起草") % {"id": policy_id})
    if known.version(policy_id, new.version) is not None:
        raise DraftRefused(_("%(id)s 已有版本 %(version)s，请换一个版本号") % {"id": policy_id, "version": new.version})
    return _keep_new(_text_from(base, new) if base else _new_text(new), base, by=by, at=at)


@transaction.atomic
def begin_draft_from_text(text: str, *, by: User, at: datetime) -> PolicyDraft:
    """A draft from a text written elsewhere, faulty or not, such as an uploaded file; raises DraftRefused."""
    text = clean_text(text)
    if len(text) > LONGEST_TEXT:
        raise DraftRefused(_("政策文本超过 %(limit)d 个字符") % {"limit": LONGEST_TEXT})
    if not can_write_drafts(by, on=timezone.localdate(at)):
        raise DraftRefused(_("只有政策主管和创建办可以起草政策"))
    known, head = current_catalogue(), _head_of(text, timezone.localdate(at))
    if not head.get("policy_id"):
        raise DraftRefused(_("这个文件里没有政策编号（id），不是政策文本"))
    told = {"id": head["policy_id"], "version": head["version"]}
    if known.version(head["policy_id"], head["version"]) is not None:
        raise DraftRefused(_("%(id)s 已有版本 %(version)s，请换一个版本号") % told)
    versions = known.versions(head["policy_id"])
    return _keep_new(text, versions[-1] if versions else None, by=by, at=at)


def _keep_new(text: str, base: Policy | None, *, by: User, at: datetime) -> PolicyDraft:
    on = timezone.localdate(at)
    facts = _head_of(text, on)
    if not can_write_for(by, facts["unit"].pk if facts["unit"] else None, on=on):
        raise DraftRefused(_("这项政策的责任单位不是您主管的单位"))
    draft = PolicyDraft.objects.create(
        text=text,
        base_key=base.key if base else "",
        base_sha256=base.sha256 if base else "",
        author=by,
        created_at=at,
        changed_at=at,
        **facts,
    )
    after = {"policy_id": draft.policy_id, "version": draft.version, "base_key": draft.base_key}
    record_event("policies.draft_begun", draft, by=by, at=at, after=after)
    return draft


def _text_from(base: Policy, new: NewVersion) -> str:
    text = set_value(set_value(base.text, ("version",), new.version), ("effective",), new.effective)
    return move_examples(text, new.starts_on, new.ends_on)


def _new_text(new: NewVersion) -> str:
    title = new.title.replace("{", "").replace("}", "").replace(",", "，").replace(":", "：").replace("#", "")
    return _NEW_TEXT.read_text(encoding="utf-8").format(
        id=new.policy_id,
        version=new.version,
        title=title.strip(),
        unit=new.unit.name if new.unit else "",
        row=new.row,
        effective=new.effective,
        first=new.starts_on,
    )


@transaction.atomic
def change_draft(draft: PolicyDraft, text: str, *, revision: int, by: User, at: datetime) -> PolicyDraft:
    """Keep the text, faulty or not; raises DraftRefused, and StaleForm where it has changed since it was opened."""
    on = timezone.localdate(at)
    fresh = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if not can_change_draft(by, fresh, on=on):
        raise DraftRefused(_("只有起草人可以修改，而且要在提交之前或退回之后"))
    if fresh.revision != revision:
        raise StaleForm(_("草稿在您打开之后已在别处保存过。您的文字还在页面上，请复制后重新打开再改"))
    text = clean_text(text)
    if text == fresh.text:
        return fresh
    if len(text) > LONGEST_TEXT:
        raise DraftRefused(_("政策文本超过 %(limit)d 个字符") % {"limit": LONGEST_TEXT})
    before = {"revision": fresh.revision, "校验值": sha256_of(fresh.text)[:_SHORT]}
    fresh.text = text
    for name, value in _head_of(text, on).items():
        if value or name in {"fault_count", "unit"}:
            setattr(fresh, name, value)
    fresh.revision += 1
    fresh.changed_at = at
    fresh.save()
    after = {"revision": fresh.revision, "校验值": sha256_of(text)[:_SHORT], "fault_count": fresh.fault_count}
    record_event("policies.draft_changed", fresh, by=by, at=at, before=before, after=after)
    return fresh


@transaction.atomic
def submit_draft(draft: PolicyDraft, *, note: str, revision: int, by: User, at: datetime) -> None:
    """Hand the draft to a second person; raises DraftRefused where it has faults or an example comes out otherwise."""
    on = timezone.localdate(at)
    fresh = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if fresh.state == PolicyDraft.State.SUBMITTED and fresh.author_id == by.pk:
        return
    if not can_change_draft(by, fresh, on=on):
        raise DraftRefused(_("只有起草人可以提交，而且要在提交之前或退回之后"))
    if fresh.revision != revision:
        raise StaleForm(_("草稿在您打开之后已在别处保存过，请重新打开再提交"))
    reading = read_draft(fresh.text, current_catalogue(), on=on)
    refuse_unsound(reading.policy, len(reading.faults), sum(not one.has_passed for one in reading.examples))
    if not can_write_for(by, fresh.unit_id, on=on):
        raise DraftRefused(_("文本里的责任单位（unit）不是您主管的单位，请改正后再提交"))
    before = {"state": fresh.state}
    fresh.state, fresh.note, fresh.submitted_at = PolicyDraft.State.SUBMITTED, note.strip(), at
    fresh.decided_by, fresh.decided_at, fresh.reason = None, None, ""
    fresh.save()
    record_event("policies.draft_submitted", fresh, by=by, at=at, before=before, after={"state": fresh.state})


def refuse_unsound(policy: Policy | None, faults: int, failed: int) -> None:
    """Raise DraftRefused for a text that is not fit to count."""
    if policy is None:
        raise DraftRefused(_("文本还有 %(count)d 处问题没有改正") % {"count": faults})
    if not policy.examples:
        raise DraftRefused(_("至少写一个范例，才能核对政策写得对不对"))
    if failed:
        raise DraftRefused(_("有 %(count)d 个范例的结果与写明的不一致") % {"count": failed})


@transaction.atomic
def take_back_draft(draft: PolicyDraft, *, by: User, at: datetime) -> None:
    """The author goes on writing before anybody has decided; raises DraftRefused."""
    fresh = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if fresh.author_id != by.pk or fresh.state != PolicyDraft.State.SUBMITTED:
        raise DraftRefused(_("只有起草人可以撤回，而且要在复核决定之前"))
    _move(fresh, PolicyDraft.State.DRAFT, "policies.draft_taken_back", by=by, at=at)


@transaction.atomic
def discard_draft(draft: PolicyDraft, *, by: User, at: datetime) -> None:
    """Give a draft up; it stays readable for its author. Raises DraftRefused."""
    fresh = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if fresh.state == PolicyDraft.State.DISCARDED:
        return
    if not can_change_draft(by, fresh, on=timezone.localdate(at)):
        raise DraftRefused(_("只有起草人可以放弃，而且要在提交之前或退回之后"))
    _move(fresh, PolicyDraft.State.DISCARDED, "policies.draft_discarded", by=by, at=at)


def _move(draft: PolicyDraft, state: str, action: str, *, by: User, at: datetime) -> None:
    before = {"state": draft.state}
    draft.state, draft.changed_at = state, at
    draft.save(update_fields=["state", "changed_at"])
    record_event(action, draft, by=by, at=at, before=before, after={"state": draft.state})


def clean_text(text: str) -> str:
    """The text as it is kept: line ends of one kind, one at the end, no zero bytes."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").rstrip() + "\n"


def sha256_of(text: str) -> str:
    """The digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _head_of(text: str, on: date) -> dict[str, Any]:
    """What lists show of a text, as far as it can be read."""
    try:
        found = scalars_of(text)
    except PolicyFaults:
        return {"fault_count": 1}
    unit = resolve_name(found.get("unit", ""), on=on) if found.get("unit") else None
    title = found.get("title.zh") or found.get("title", "")
    return {
        "policy_id": found.get("id", "")[:80],
        "version": (found.get("version") or found.get("effective", "")[:10])[:40],
        "title": title[:200],
        "title_en": found.get("title.en", "")[:200],
        "unit": unit if isinstance(unit, Unit) else None,
        "fault_count": len(read_draft(text, current_catalogue(), on=on).faults),
    }
