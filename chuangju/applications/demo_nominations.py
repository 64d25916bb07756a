"""演示推荐 - a sample policy that asks for nominations, published by the demo's officers, and two nominations; nobody here exists."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files

from django.utils import timezone
from stdnum.cn import uscc

from chuangju.applications.demo_driving import demo_cast
from chuangju.applications.documents import documents_of
from chuangju.applications.drafts import begin_application
from chuangju.applications.models import Nomination, RequiredDocument
from chuangju.applications.nominations import Forward, answer_nomination, nominate
from chuangju.applications.submissions import submit_application
from chuangju.kernel.models import User
from chuangju.policies.draft_access import can_decide_draft
from chuangju.policies.drafts import begin_draft_from_text, submit_draft
from chuangju.policies.publishing import publish_draft
from chuangju.units.models import Role, RoleAssignment, Unit
from chuangju.ventures.access import acting_parties
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PartyFacts, add_party

POLICY = "role_model_demo"
_PREFIX = "91310199"
_ASSOCIATION, _FIRM = 391, 392


def load_demo_nominations(at: datetime) -> None:
    """The policy; an association that nominates the founder's firm, and a town whose nominee has applied."""
    people = demo_cast().people
    if not {"founder", "clerk"} <= set(people) or not _publish(at - timedelta(days=30)):
        return
    _by_association(people, at)
    _by_town(people, at)


def _publish(at: datetime) -> bool:
    """Drafted by one officer of the unit, published by another; False where the demo has no two."""
    officers = RoleAssignment.objects.filter(user__is_demo=True, role__in=(Role.POLICY_OFFICER, Role.PROGRAMME_OFFICE))
    author = officers.filter(role=Role.PROGRAMME_OFFICE).select_related("user").order_by("pk").first()
    if author is None:
        return False
    text = (files("chuangju.applications") / "data" / "role_model_demo.yaml").read_text(encoding="utf-8")
    draft = begin_draft_from_text(text, by=author.user, at=at)
    submit_draft(draft, note="演示：需要推荐的政策", revision=draft.revision, by=author.user, at=at)
    draft.refresh_from_db()
    on = timezone.localdate(at)
    everybody = User.objects.filter(is_demo=True, is_active=True).order_by("pk")
    second = next((one for one in everybody if can_decide_draft(one, draft, on=on)), None)
    if second is None:
        return False
    publish_draft(draft, revision=draft.revision, by=second, at=at)
    return True


def _party(name: str, kind: str, number: int, town: Unit | None, *, at: datetime) -> Party:
    body = f"{_PREFIX}{number:09d}"
    facts = PartyFacts(kind=kind, name=name, credit_code=body + str(uscc.calc_check_digit(body)), town=town)
    return add_party(facts, source=Party.Source.DEMO, is_demo=True, by=None, at=at)


def _acts_for(user: User, party: Party, *, at: datetime) -> None:
    Claim.objects.create(
        user=user,
        party=party,
        given_name=party.name,
        capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
        way=Claim.Way.DOCUMENT,
        state=Claim.State.CONFIRMED,
        starts_on=timezone.localdate(at),
        made_at=at,
        decided_at=at,
        decided_by=User.objects.filter(is_demo=True, username="clerk").first(),
    )


def _by_association(people: dict[str, User], at: datetime) -> None:
    """Waits for the founder's word."""
    begun = at - timedelta(days=3)
    speaker = people.get("partner") or people["founder"]
    association = _party("闵行青年创业联谊会（演示）", Party.Kind.ASSOCIATION, _ASSOCIATION, None, at=begun)
    _acts_for(speaker, association, at=begun)
    own = acting_parties(people["founder"], timezone.localdate(at)).filter(kind=Party.Kind.FIRM)
    firm = own.order_by("created_at", "pk").first()
    if firm is not None and firm.credit_code:
        reason = "连续两年为本会会员企业开放实习岗位，带动十二人就业"
        forward = Forward(POLICY, reason, credit_code=firm.credit_code, party=association)
        nominate(forward, by=speaker, at=begun)


def _by_town(people: dict[str, User], at: datetime) -> None:
    """Put forward by a town, confirmed, handed in."""
    begun = at - timedelta(days=5)
    speaker, founder = people.get("clerk-xinzhuang"), people.get("founder2", people["founder"])
    town = Unit.objects.filter(code="310112101").first()
    if speaker is None or town is None:
        return
    firm = _party("上海苇渡无障碍科技有限公司（演示）", Party.Kind.FIRM, _FIRM, town, at=begun)
    _acts_for(founder, firm, at=begun)
    forward = Forward(
        POLICY, "为视障人士开发导航，落户本镇三年，员工八人", credit_code=str(firm.credit_code), unit=town
    )
    made = nominate(forward, by=speaker, at=begun)
    if not isinstance(made, Nomination):
        return
    answer_nomination(made, agrees=True, by=founder, at=begun + timedelta(days=1))
    later = begun + timedelta(days=2)
    answers = {"status": "active", "dishonest": False, "staff_count": 8}
    draft = begin_application(POLICY, firm, by=founder, at=later, answers=answers)
    for document in documents_of(draft):
        RequiredDocument.objects.filter(pk=document.pk).update(state=RequiredDocument.State.GIVEN)
    submit_application(draft, pledge=True, insists=True, by=founder, at=later)
