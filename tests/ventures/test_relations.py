"""A relation holds from a day to a day, once on any day, and only between what can stand in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.models import Role
from chuangju.ventures.models import Party, PartyRelation
from chuangju.ventures.parties import PartyFacts, add_party
from chuangju.ventures.relation_guards import find_relation_faults, install_overlap_guard, remove_overlap_guard
from chuangju.ventures.relations import RelationRefused, add_relation, end_relation, remove_relation
from tests.conftest import NOW
from tests.ventures import numbers

REPRESENTATIVE, SHAREHOLDER = PartyRelation.Kind.LEGAL_REPRESENTATIVE, PartyRelation.Kind.SHAREHOLDER


@pytest.fixture
def relate(clerk: User, now: datetime) -> Callable[..., PartyRelation]:
    def add(first: Party, second: Party, kind: str = REPRESENTATIVE, **more: object) -> PartyRelation:
        return add_relation(first, second, kind=kind, by=clerk, at=now, **more)  # type: ignore[arg-type]

    return add


def test_a_relation_is_entered_ended_and_audited_as_being_about_the_firm(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], clerk: User, now: datetime
) -> None:
    relation = relate(person, firm, starts_on=date(2024, 1, 1))
    assert relation.holds_on(date(2030, 1, 1))
    assert not relation.holds_on(date(2023, 12, 31))
    end_relation(relation, last_day=date(2025, 6, 30), by=clerk, at=now)
    relation.refresh_from_db()
    assert relation.holds_on(date(2025, 6, 30))
    assert not relation.holds_on(date(2025, 7, 1))
    assert set(PartyRelation.objects.holding_on(date(2025, 6, 30))) == {relation}
    assert not PartyRelation.objects.holding_on(date(2025, 7, 1)).exists()
    actions = AuditEvent.objects.filter(about_id=str(firm.pk)).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["ventures.relation_added", "ventures.relation_ended"]


def test_a_successor_may_begin_the_day_after_and_not_earlier(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], clerk: User, now: datetime
) -> None:
    other = add_party(PartyFacts(Party.Kind.PERSON, "李四"), by=clerk, at=now)
    relate(person, firm, starts_on=date(2024, 1, 1), ends_on=date(2025, 6, 30))
    with pytest.raises(RelationRefused, match="已有法定代表人"):
        relate(other, firm, starts_on=date(2025, 6, 30))
    relate(other, firm, starts_on=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("span", "meets"),
    [
        ((None, None), True),
        ((date(2025, 1, 1), None), True),
        ((None, date(2024, 1, 1)), True),
        ((None, date(2023, 12, 31)), False),
        ((date(2025, 7, 1), None), False),
        ((date(2024, 5, 1), date(2024, 5, 2)), True),
    ],
)
def test_the_same_relation_never_holds_twice_on_one_day(
    firm: Party,
    person: Party,
    relate: Callable[..., PartyRelation],
    span: tuple[date | None, date | None],
    meets: bool,  # noqa: FBT001 - the expectation
) -> None:
    employee = PartyRelation.Kind.EMPLOYEE
    relate(person, firm, employee, starts_on=date(2024, 1, 1), ends_on=date(2025, 6, 30))
    if meets:
        with pytest.raises(RelationRefused, match="已经登记"):
            relate(person, firm, employee, starts_on=span[0], ends_on=span[1])
    else:
        relate(person, firm, employee, starts_on=span[0], ends_on=span[1])
        assert PartyRelation.objects.count() == 2


def test_the_shares_of_a_day_are_never_more_than_all(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], clerk: User, now: datetime
) -> None:
    other = add_party(PartyFacts(Party.Kind.PERSON, "李四"), by=clerk, at=now)
    relate(person, firm, SHAREHOLDER, starts_on=date(2024, 1, 1), share=6000)
    with pytest.raises(RelationRefused, match="超过 100%"):
        relate(other, firm, SHAREHOLDER, starts_on=date(2024, 1, 1), share=4001)
    relate(other, firm, SHAREHOLDER, starts_on=date(2024, 1, 1), share=4000)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": PartyRelation.Kind.STUDENT_OF}, "没有这种关系"),
        ({"kind": "nonsense"}, "没有这种关系"),
        ({"starts_on": date(2026, 6, 16)}, "不能晚于今天"),
        ({"starts_on": date(2025, 2, 1), "ends_on": date(2025, 1, 31)}, "不能早于"),
        ({"share": 10}, "只有股东"),
        ({"kind": SHAREHOLDER, "share": 0}, "大于 0"),
        ({"kind": SHAREHOLDER, "share": 10_001}, "大于 0"),
    ],
)
def test_what_makes_no_sense_is_refused(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(RelationRefused, match=sentence):
        relate(person, firm, **more)


def test_nobody_is_related_to_themselves(firm: Party, relate: Callable[..., PartyRelation]) -> None:
    with pytest.raises(RelationRefused, match="自身"):
        relate(firm, firm, PartyRelation.Kind.BRANCH_OF)


def test_a_branch_has_one_head_at_a_time(
    firm: Party, relate: Callable[..., PartyRelation], clerk: User, now: datetime
) -> None:
    firms = [
        add_party(PartyFacts(Party.Kind.FIRM, f"企业{n}", credit_code=numbers.credit_code(n)), by=clerk, at=now)
        for n in (2, 3)
    ]
    relate(firm, firms[0], PartyRelation.Kind.BRANCH_OF)
    with pytest.raises(RelationRefused, match="上级机构"):
        relate(firm, firms[1], PartyRelation.Kind.BRANCH_OF)


def test_ending_needs_an_open_relation_and_a_day_that_fits(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], clerk: User, now: datetime
) -> None:
    relation = relate(person, firm, starts_on=date(2025, 1, 1))
    for day, sentence in ((date(2026, 6, 16), "不能晚于今天"), (date(2024, 12, 31), "不能早于")):
        with pytest.raises(RelationRefused, match=sentence):
            end_relation(relation, last_day=day, by=clerk, at=now)
    end_relation(relation, last_day=date(2025, 12, 31), by=clerk, at=now)
    with pytest.raises(RelationRefused, match="已经登记了截止日期"):
        end_relation(relation, last_day=date(2025, 12, 31), by=clerk, at=now)


def test_a_mistake_is_taken_back_once_with_its_reason(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], clerk: User, now: datetime
) -> None:
    relation = relate(person, firm)
    with pytest.raises(RelationRefused, match="原因"):
        remove_relation(relation, reason=" ", by=clerk, at=now)
    kept = PartyRelation.objects.get(pk=relation.pk)
    remove_relation(relation, reason="登记错了人", by=clerk, at=now)
    with pytest.raises(RelationRefused, match="已被删除"):
        remove_relation(kept, reason="登记错了人", by=clerk, at=now)
    with pytest.raises(RelationRefused, match="已被删除"):
        end_relation(relation, last_day=now.date(), by=clerk, at=now)
    assert AuditEvent.objects.get(action="ventures.relation_removed").reason == "登记错了人"


def test_who_keeps_neither_side_enters_nothing(
    firm: Party, person: Party, make_user: Callable[..., User], other_town: object, now: datetime
) -> None:
    elsewhere = make_user("elsewhere", Role.CLERK, unit=other_town)
    with pytest.raises(RelationRefused, match="权限"):
        add_relation(person, firm, kind=REPRESENTATIVE, by=elsewhere, at=now)


def test_the_database_refuses_an_overlap_whoever_writes_it(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], now: datetime
) -> None:
    first = relate(person, firm, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    fields = {"from_party": person, "to_party": firm, "kind": REPRESENTATIVE, "source": "import", "created_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyRelation.objects.create(**fields, starts_on=date(2024, 12, 31))
    second = PartyRelation.objects.create(**fields, starts_on=date(2025, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyRelation.objects.filter(pk=second.pk).update(starts_on=date(2024, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyRelation.objects.create(**{**fields, "to_party": person})
    assert list(find_relation_faults()) == []
    assert first.pk


def test_verify_finds_an_overlap_that_came_in_while_the_guard_was_down(
    firm: Party, person: Party, relate: Callable[..., PartyRelation], now: datetime
) -> None:
    from django.db import connection  # noqa: PLC0415 - the connection of this very test

    relate(person, firm, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    remove_overlap_guard(connection)
    try:
        PartyRelation.objects.create(
            from_party=person,
            to_party=firm,
            kind=REPRESENTATIVE,
            source="import",
            created_at=now,
            starts_on=date(2024, 6, 1),
            ends_on=date(2024, 7, 1),
        )
        assert len(list(find_relation_faults())) == 1
        PartyRelation.objects.filter(starts_on=date(2024, 6, 1)).delete()
    finally:
        install_overlap_guard(connection)


SPANS = st.tuples(
    st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 12)), st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 12))
).filter(lambda span: span[0] is None or span[1] is None or span[0] <= span[1])


class TestSpans(TestCase):
    """Whatever spans are entered, no day is covered twice, and what was refused would have covered one."""

    @given(st.lists(SPANS, max_size=6))
    def test_no_day_is_covered_twice(self, spans: list[tuple[date | None, date | None]]) -> None:
        fields = {"source": Party.Source.DEMO, "created_at": NOW}
        person = Party.objects.create(kind=Party.Kind.PERSON, name="甲", **fields)
        school = Party.objects.create(kind=Party.Kind.SCHOOL, name="校", **fields)
        kept: list[tuple[date | None, date | None]] = []
        for span in spans:
            meets = any(_meet(span, other) for other in kept)
            try:
                add_relation(
                    person,
                    school,
                    kind=PartyRelation.Kind.TEACHER_OF,
                    starts_on=span[0],
                    ends_on=span[1],
                    source=Party.Source.DEMO,
                    by=None,
                    at=NOW,
                )
            except RelationRefused:
                assert meets
            else:
                assert not meets
                kept.append(span)
        assert list(find_relation_faults()) == []


def _meet(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    begins = max(one[0] or date.min, other[0] or date.min)
    ends = min(one[1] or date.max, other[1] or date.max)
    return begins <= ends
