"""Files as strangers write them: each runs from its draft to what it leaves, or is refused with line and column when loaded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.drafts import begin_application
from chuangju.applications.instalment_payments import request_due_of
from chuangju.applications.models import Application, Instalment, RequiredDocument, Step, Voucher
from chuangju.applications.own_subjects import enter_own_team
from chuangju.applications.payee_accounts import give_account
from chuangju.applications.submissions import submit_application
from chuangju.budget.ledger import plan_money
from chuangju.budget.lines import LineFacts, enter_line, open_line
from chuangju.budget.models import Payment
from chuangju.kernel.models import Paper, User
from chuangju.policies.current import current_catalogue, forget_catalogue
from chuangju.policies.models import PublishedPolicy
from chuangju.policies.policy_files import PolicyFileRefused, publish_policy_files
from chuangju.policies.procedure_checks import procedure_faults
from chuangju.rules.policy import Policy
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.acceptance.shapes import FULL, REFUSED, SHAPES, Shape
from tests.acceptance.walking import kinds_of, walk
from tests.applications import desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_catalogue()


def load(text: str, *, at: datetime) -> Policy:
    """The file published by two of the programme office."""
    author, other = (make_user(f"office-{number}", Role.PROGRAMME_OFFICE) for number in (1, 2))
    taken = publish_policy_files([("一份.yaml", text)], author=author, publisher=other, at=at)
    policy = next(one for one in current_catalogue().policies if one.key == taken[0].key)
    assert policy.file == policy.key
    return policy


def subject_of(shape: Shape, founder: User, at: datetime) -> Party:
    """A firm, or a team without a licence, for which the founder acts."""
    if shape.subject == "team":
        return enter_own_team(name="一支团队", town=desk.unit_of("310112114"), by=founder, at=at)
    return desk.make_firm(1, founder=founder)


def money_for(policy: Policy, case: Application, *, at: datetime) -> None:
    """An open line of the unit that answers."""
    keeper = make_user("keeper", Role.FINANCE, unit=desk.unit_of("czj"))
    facts = LineFacts(code="X01", unit=case.unit, year=at.year, name="某项", policy_id=policy.id)
    line = enter_line(facts, by=keeper, at=at)
    plan_money(line, 10_000_000, reason="年初预算", by=keeper, at=at)
    open_line(line, revision=line.revision, by=keeper, at=at)


@pytest.mark.parametrize("name", SHAPES)
def test_a_file_of_any_shape_runs_to_what_it_leaves(name: str, now: datetime) -> None:
    shape, founder = SHAPES[name], make_user("founder", Role.ENTREPRENEUR)
    policy = load(shape.text, at=now)
    party = subject_of(shape, founder, now)
    draft = begin_application(policy.id, party, by=founder, at=now, answers=shape.answers)
    if shape.amount is not None:
        give_account(draft, name=party.name, number="6222000000000000", bank="演示银行", by=founder, at=now)
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    case = submit_application(draft, pledge=True, by=founder, at=now)
    assert kinds_of(case) == shape.steps
    money_for(policy, case, at=now)
    later = now + timedelta(days=14)
    case = walk(case, at=now, later=later)
    assert case.state == Application.State.GRANTED, kinds_of(case)
    assert case.granted_amount == (shape.amount if policy.amount_unit == "money" else None)
    assert Paper.objects.filter(template_key="applications.decision").count() == 1
    assert case.obligations.count() == shape.leaves.count("obligation")
    assert Voucher.objects.count() == (policy.benefit == "voucher")
    assert Instalment.objects.count() == shape.parts
    assert request_due_of(case, by=None, at=later) == min(shape.parts, 1)
    assert Payment.objects.count() == min(shape.parts, 1)
    if not shape.parts:
        assert not case.steps.filter(state__in=(Step.State.OPEN, Step.State.WAITING)).exists()
        case.refresh_from_db()
        assert case.closed_at is not None


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_run_is_refused_with_its_place(name: str, now: datetime) -> None:
    old, new, mark, words = REFUSED[name]
    assert old in FULL
    text = FULL.replace(old, new, 1)
    with pytest.raises(PolicyFileRefused) as refused:
        load(text, at=now)
    told = next(one for one in refused.value.sentences if words in one)
    before = text[: text.index(mark)].split("\n")
    place = f"：第 {len(before)} 行第 {len(before[-1]) + 1} 列" if mark else " "
    assert told.startswith(f"一份.yaml{place}")
    assert PublishedPolicy.objects.count() == 0


def test_every_shipped_version_stands_the_same_check(now: datetime) -> None:
    for policy in current_catalogue().policies:
        assert procedure_faults(policy, on=now.date()) == (), policy.key
