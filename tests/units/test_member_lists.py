"""The list of members: frozen when its notice is drafted, compared with the one before, printed in 建制序."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chuangju.kernel.models import Paper, User
from chuangju.papers.documents import Heading, PaperTable, Paragraph
from chuangju.units.member_lists import (
    MemberListRefused,
    draft_member_notice,
    find_changes,
    list_entries,
    member_document,
)
from chuangju.units.models import Appointment, MemberList, Unit

Kind = Appointment.Kind
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def seat(code: str, name: str, kind: str = Kind.WORK, **fields: Any) -> Appointment:
    unit = Unit.objects.get(code=code)
    return Appointment.objects.create(unit=unit, kind=kind, name=name, **{"starts_on": date(2026, 1, 1), **fields})


def texts(kept: MemberList) -> list[str]:
    return [block.text for block in member_document(kept).blocks if isinstance(block, Heading | Paragraph)]


def table(kept: MemberList) -> PaperTable:
    return next(block for block in member_document(kept).blocks if isinstance(block, PaperTable))


def test_the_table_lists_all_units_in_their_order_with_post_and_telephone(office: User, now: datetime) -> None:
    seat("kw", "李文静", post="科长", phone="6412")
    seat("xcb", "王建国", Kind.LEADER_IN_CHARGE)
    draft_member_notice(as_of=now.date(), by=office, at=now)
    rows = table(MemberList.objects.get()).rows
    assert len(rows) == 27
    assert list(rows[0]) == ["1", "区委宣传部", "王建国", "—", "—"]
    assert [row[3] for row in rows if row[1].endswith("科委")] == ["李文静\n科长\n6412"]


def test_a_draft_is_frozen_and_a_list_without_changes_is_not_drafted_again(office: User, now: datetime) -> None:
    appointment = seat("kw", "李文静")
    paper = draft_member_notice(as_of=now.date(), by=office, at=now)
    assert (paper.state, paper.subject) == (Paper.State.DRAFT, MemberList.objects.get())
    with pytest.raises(MemberListRefused, match="没有变化"):
        draft_member_notice(as_of=now.date(), by=office, at=now)
    appointment.ends_on = now.date()
    appointment.save()
    seat("kw", "赵六", starts_on=now.date() + timedelta(days=1))
    later = now + timedelta(days=1)
    draft_member_notice(as_of=later.date(), by=office, at=later)
    second, first = MemberList.objects.all()
    assert "李文静" in str(table(first).rows)
    assert "赵六" in str(table(second).rows)
    assert "1．区科委：工作联络员由李文静调整为赵六。" in texts(second)
    assert not any("调整情况" in text for text in texts(first))


def test_every_kind_of_change_is_told(today: date) -> None:
    person = {"name": "甲", "post": "", "phone": ""}
    old = [
        {"code": "a", "name": "甲局", "people": {"work": person, "publicity": person}},
        {"code": "b", "name": "乙局", "people": {}},
    ]
    new = [
        {"code": "a", "name": "新甲局", "people": {"work": {**person, "phone": "1"}, "leader_in_charge": person}},
        {"code": "c", "name": "丙局", "people": {}},
    ]
    assert find_changes(old, new) == [
        "甲局更名为新甲局。",
        "新甲局：甲任分管领导。",
        "新甲局：甲不再担任宣传联络员。",
        "增加成员单位：丙局。",
        "不再作为成员单位：乙局。",
    ]
    assert find_changes(old, old) == []


def test_a_list_of_another_day_prints_that_day(office: User, today: date) -> None:
    seat("kw", "前任", ends_on=today - timedelta(days=1))
    seat("kw", "现任", starts_on=today)
    people = {day: str(list_entries(day)) for day in (today - timedelta(days=1), today)}
    assert ["前任" in text for text in people.values()] == [True, False]
    assert ["现任" in text for text in people.values()] == [False, True]


def test_only_the_office_drafts(leader: User, liaison: User, now: datetime) -> None:
    for somebody in (leader, liaison):
        with pytest.raises(MemberListRefused, match="只有创建办"):
            draft_member_notice(as_of=now.date(), by=somebody, at=now)
