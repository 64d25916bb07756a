"""演示申请 - what the demo's founder finds: an offer to take, a draft half filled in, a business being opened, an offer that lapsed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from chuangju.applications.bundles import begin_bundle, note_step
from chuangju.applications.drafts import begin_application, save_answers
from chuangju.applications.lapses import lapse_cases
from chuangju.applications.models import Application
from chuangju.applications.offers import make_offer
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.rules.showing import show_value
from chuangju.ventures.access import acting_parties
from chuangju.ventures.models import Party

OFFERED, DRAFTED, EVENT = "competition_prize_organisation", "employment_subsidy", "open_business"


@transaction.atomic
def load_demo_applying(at: datetime) -> None:
    """Everything that the founder finds; nothing where the demo's people are not there."""
    founder = User.objects.filter(username="founder", is_demo=True).first()
    if founder is None:
        return
    on = timezone.localdate(at)
    firm = acting_parties(founder, on).select_related("town").order_by("created_at", "pk").first()
    if firm is None:
        return
    _offer(firm, at - timedelta(days=3))
    other = Party.objects.filter(is_demo=True, kind=Party.Kind.FIRM, status="active").exclude(pk=firm.pk)
    late = other.select_related("town").order_by("name", "pk").first()
    if late is not None:
        _offer(late, at - timedelta(days=80))
        lapse_cases(on=on, at=at)
    draft = begin_application(DRAFTED, firm, by=founder, at=at - timedelta(days=2))
    if draft.state == Application.State.DRAFT:
        save_answers(draft, {"monthly_rent": 450_000}, by=founder, at=at - timedelta(days=2))
    begun = at - timedelta(days=20)
    bundle = begin_bundle(EVENT, by=founder, at=begun)
    note_step(bundle, "name", {"name": "上海晨屿未来（演示）"}, done_on=timezone.localdate(begun), by=founder, at=begun)
    day = timezone.localdate(begun + timedelta(days=4))
    note_step(
        bundle, "licence", {"licensed_on": day.isoformat()}, done_on=day, by=founder, at=begun + timedelta(days=4)
    )


def _offer(party: Party, at: datetime) -> Application | None:
    """The offer that the policy's own worked example would bring."""
    policy = current_catalogue().version_for(OFFERED, timezone.localdate(at))
    example = next((one for one in policy.examples if one.verdict == "eligible"), None) if policy else None
    if policy is None or example is None:
        return None
    facts = {key: show_value(value) for key, value in example.given.items()}
    return make_offer(policy, party, facts, said="演示获奖名单", by=None, at=at)
