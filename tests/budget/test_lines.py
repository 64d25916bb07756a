"""Lines: which one pays, who keeps them, and what may be changed when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from chuangju.budget.access import lines_visible_to, payments_visible_to
from chuangju.budget.ledger import reserve_money
from chuangju.budget.lines import LineFacts, LineRefused, change_line, enter_line, line_for, open_line
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Unit
from chuangju.ventures.models import Party
from tests.budget.money import YUAN, claim_key, open_line_of, requested


def facts(unit: Unit, **more: Any) -> LineFacts:
    """The outside of a line."""
    return LineFacts(**({"year": 2026, "code": "A01", "name": "房租补贴", "unit": unit} | more))


def test_a_line_of_the_policy_pays_before_a_general_one(unit: Unit, other_unit: Unit, finance: User) -> None:
    general = open_line_of(unit, by=finance, code="A0", policy_id="")
    own = open_line_of(unit, by=finance, code="A1")
    young = open_line_of(unit, by=finance, code="A2", earmark="young_graduate")
    assert line_for("rent_subsidy", year=2026) == own
    assert line_for("rent_subsidy", year=2026, earmarks=("young_graduate", "start_up")) == young
    assert line_for("rent_subsidy", year=2027) is None
    assert line_for("else", year=2026) is None
    assert line_for("else", year=2026, unit=unit) == general
    assert line_for("else", year=2026, unit=other_unit) is None


def test_a_line_with_money_pays_before_an_empty_one(unit: Unit, finance: User, now: datetime) -> None:
    own = open_line_of(unit, by=finance, code="A1", amount=100 * YUAN)
    general = open_line_of(unit, by=finance, code="A2", policy_id="")
    reserve_money(own, claim_key(), 100 * YUAN, by=None, at=now)
    assert line_for("rent_subsidy", year=2026, unit=unit) == general
    assert line_for("rent_subsidy", year=2026) == own


def test_only_finance_of_the_unit_and_the_bureau_enter_lines(
    unit: Unit, finance: User, other_finance: User, bureau: User, leader: User, now: datetime
) -> None:
    for somebody in (other_finance, leader):
        with pytest.raises(LineRefused, match="财务人员"):
            enter_line(facts(unit), by=somebody, at=now)
    line = enter_line(facts(unit), by=bureau, at=now)
    with pytest.raises(LineRefused, match="先下达预算数"):
        open_line(line, revision=line.revision, by=finance, at=now)
    with pytest.raises(LineRefused, match="已有这个编号"):
        enter_line(facts(unit), by=finance, at=now)
    with pytest.raises(LineRefused, match="编号和名称"):
        enter_line(facts(unit, code=" "), by=finance, at=now)


def test_what_has_entries_keeps_its_year_and_unit(line: BudgetLine, unit: Unit, finance: User, now: datetime) -> None:
    with pytest.raises(LineRefused, match="不能再改年度"):
        change_line(line, facts(unit, year=2027), revision=line.revision, by=finance, at=now)
    changed = change_line(line, facts(unit, note="说明"), revision=line.revision, by=finance, at=now)
    with pytest.raises(LineRefused, match="没有任何改动"):
        change_line(changed, facts(unit, note="说明"), revision=changed.revision, by=finance, at=now)
    with pytest.raises(StaleForm):
        change_line(changed, facts(unit), revision=1, by=finance, at=now)
    with pytest.raises(LineRefused, match="只有编制中"):
        open_line(changed, revision=changed.revision, by=finance, at=now)


def test_who_sees_what(
    line: BudgetLine,
    payee: Party,
    finance: User,
    approver: User,
    bureau: User,
    other_finance: User,
    leader: User,
    office: User,
    liaison: User,
    auditor: User,
) -> None:
    requested(line, payee, by=finance)
    seeing = {user.username for user in (finance, approver, bureau, leader, office) if lines_visible_to(user).exists()}
    assert seeing == {"finance", "approver", "bureau", "leader", "office"}
    assert not any(lines_visible_to(user).exists() for user in (other_finance, liaison, auditor))
    paying = {
        user.username for user in (finance, approver, bureau, leader, office) if payments_visible_to(user).exists()
    }
    assert paying == {"finance", "approver", "bureau"}
