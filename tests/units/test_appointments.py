"""Who answers for a unit: appointing, following, relieving, and what the office may put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import Message, User
from chuangju.kernel.search import find_records
from chuangju.units.appointments import (
    Appointee,
    AppointmentRefused,
    appoint,
    correct_appointment,
    default_duty,
    end_appointment,
    replace_appointment,
    set_default_duty,
)
from chuangju.units.models import Appointment, Unit

Kind = Appointment.Kind
pytestmark = pytest.mark.django_db


def put(unit: Unit, by: User | None, at: datetime, kind: str = Kind.WORK, **who: object) -> Appointment:
    day = who.pop("starts_on", at.date())
    appointee = Appointee(**(who or {"name": "李文静"}))  # type: ignore[arg-type]
    return appoint(unit, kind=kind, appointee=appointee, starts_on=day, by=by, at=at)  # type: ignore[arg-type]


def test_an_account_is_appointed_and_told(office: User, liaison: User, unit: Unit, now: datetime) -> None:
    made = put(unit, office, now, user=liaison, post=" 科长 ", phone="6412 0000", duty="填报进展")
    assert (made.name, made.post, made.user) == (liaison.name, "科长", liaison)
    assert events_about(made).get().action == "units.appointed"
    message = Message.objects.get(user=liaison)
    assert (message.template, unit.name in message.subject) == ("units.appointed", True)


def test_somebody_without_an_account_is_appointed_by_name(office: User, unit: Unit, now: datetime) -> None:
    made = put(unit, office, now, name=" 王　建国 ", kind=Kind.LEADER_IN_CHARGE)
    assert (made.name, made.user) == ("王 建国", None)
    assert not Message.objects.exists()


@pytest.mark.parametrize("role", ["leader", "liaison_officer", "system_administrator", "security_administrator"])
def test_only_the_office_appoints(role: str, make_user: Callable[..., User], unit: Unit, now: datetime) -> None:
    somebody = make_user("somebody", role, unit=unit if role == "liaison_officer" else None)
    with pytest.raises(AppointmentRefused, match="只有创建办"):
        put(unit, somebody, now)


def test_a_seat_is_taken_once_at_a_time(office: User, unit: Unit, other_unit: Unit, now: datetime) -> None:
    put(unit, office, now)
    with pytest.raises(AppointmentRefused, match="现为李文静"):
        put(unit, office, now, name="赵六")
    put(unit, office, now, kind=Kind.PUBLICITY)
    put(other_unit, office, now)
    assert Appointment.objects.count() == 3


@pytest.mark.parametrize(
    ("who", "sentence"),
    [({"name": "  "}, "填写姓名"), ({"name": "李", "kind": "boss"}, "任命类别")],
)
def test_nobody_and_nothing_are_refused(
    who: dict[str, str], sentence: str, office: User, unit: Unit, now: datetime
) -> None:
    with pytest.raises(AppointmentRefused, match=sentence):
        put(unit, office, now, **who)  # type: ignore[arg-type]


def test_a_closed_account_and_a_closed_unit_are_refused(office: User, liaison: User, unit: Unit, now: datetime) -> None:
    liaison.is_active = False
    with pytest.raises(AppointmentRefused, match="停用"):
        put(unit, office, now, user=liaison)
    unit.abolished_on = now.date()
    unit.save()
    with pytest.raises(AppointmentRefused, match="不存在"):
        put(unit, office, now)


def test_a_successor_begins_the_day_after_the_predecessor_ends(office: User, unit: Unit, now: datetime) -> None:
    first = put(unit, office, now, starts_on=date(2026, 1, 1))
    then = date(2026, 7, 1)
    second = replace_appointment(
        first, appointee=Appointee(name="赵六"), starts_on=then, reason="轮岗", by=office, at=now
    )
    first.refresh_from_db()
    assert first.ends_on == then - timedelta(days=1)
    assert [one.holds_on(then - timedelta(days=1)) for one in (first, second)] == [True, False]
    assert [one.holds_on(then) for one in (first, second)] == [False, True]
    assert events_about(first).order_by("-sequence").first().reason == "轮岗"  # type: ignore[union-attr]


def test_a_successor_who_would_begin_too_early_or_is_the_same_is_refused(
    office: User, unit: Unit, now: datetime
) -> None:
    first = put(unit, office, now)
    with pytest.raises(AppointmentRefused, match="须晚于"):
        replace_appointment(first, appointee=Appointee(name="赵六"), starts_on=first.starts_on, by=office, at=now)
    later = first.starts_on + timedelta(days=1)
    with pytest.raises(AppointmentRefused, match="就是现任"):
        replace_appointment(first, appointee=Appointee(name="李文静"), starts_on=later, by=office, at=now)


def test_a_second_successor_waits_until_the_first_one_is_ended(office: User, unit: Unit, now: datetime) -> None:
    first = put(unit, office, now, starts_on=date(2026, 1, 1))
    replace_appointment(first, appointee=Appointee(name="赵六"), starts_on=date(2026, 8, 1), by=office, at=now)
    with pytest.raises(AppointmentRefused, match="另有任命"):
        replace_appointment(first, appointee=Appointee(name="孙七"), starts_on=date(2026, 7, 1), by=office, at=now)


def test_an_ending_is_only_ever_brought_forward(office: User, unit: Unit, now: datetime) -> None:
    made = put(unit, office, now, starts_on=date(2026, 1, 1))
    end_appointment(made, last_day=date(2026, 12, 31), by=office, at=now)
    with pytest.raises(AppointmentRefused, match="只能提前"):
        end_appointment(made, last_day=date(2027, 1, 1), by=office, at=now)
    end_appointment(made, last_day=now.date(), by=office, at=now)
    assert Appointment.objects.get().ends_on == now.date()


def test_what_is_over_changes_no_more(office: User, unit: Unit, now: datetime) -> None:
    made = put(unit, office, now, starts_on=date(2026, 1, 1))
    end_appointment(made, last_day=date(2026, 6, 1), by=office, at=now)
    for change in (
        lambda: end_appointment(made, last_day=date(2026, 5, 1), by=office, at=now),
        lambda: correct_appointment(made, post="局长", phone="", duty="", by=office, at=now),
        lambda: replace_appointment(made, appointee=Appointee(name="赵六"), starts_on=now.date(), by=office, at=now),
    ):
        with pytest.raises(AppointmentRefused, match="已于 2026-06-01 结束"):
            change()


def test_after_a_gap_somebody_is_appointed_anew(office: User, unit: Unit, now: datetime) -> None:
    made = put(unit, office, now, starts_on=date(2026, 1, 1))
    end_appointment(made, last_day=date(2026, 6, 1), by=office, at=now)
    assert put(unit, office, now, name="赵六", starts_on=date(2026, 6, 2)).name == "赵六"


def test_post_telephone_and_duty_are_put_right(office: User, unit: Unit, now: datetime) -> None:
    made = put(unit, office, now)
    changed = correct_appointment(made, post="副科长", phone="6412", duty="一\r\n二 \r\n", by=office, at=now)
    assert (changed.post, changed.phone, changed.duty) == ("副科长", "6412", "一\n二")
    with pytest.raises(AppointmentRefused, match="没有任何改动"):
        correct_appointment(made, post="副科长", phone="6412", duty="一\n二", by=office, at=now)


def test_the_offices_own_duty_text_counts_for_whoever_comes_next(office: User, leader: User, now: datetime) -> None:
    assert "填报" in default_duty(Kind.WORK)
    set_default_duty(Kind.WORK, text="按季填报", by=office, at=now)
    set_default_duty(Kind.WORK, text="按月填报", by=office, at=now)
    assert default_duty(Kind.WORK) == "按月填报"
    assert "报送" in default_duty(Kind.PUBLICITY)
    for text, by, sentence in (("", office, "填写职责"), ("职" * 1001, office, "1000"), ("好", leader, "只有创建办")):
        with pytest.raises(AppointmentRefused, match=sentence):
            set_default_duty(Kind.WORK, text=text, by=by, at=now)


def test_the_database_holds_one_open_appointment_for_a_seat(unit: Unit, now: datetime) -> None:
    fields = {"unit": unit, "kind": Kind.WORK, "name": "甲"}
    Appointment.objects.create(**fields, starts_on=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**fields, starts_on=date(2026, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**fields, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**{**fields, "name": "", "kind": Kind.PUBLICITY}, starts_on=date(2026, 2, 1))


def test_whoever_answers_for_a_unit_is_found_by_name_and_by_pinyin(
    office: User, leader: User, entrepreneur: User, unit: Unit, now: datetime
) -> None:
    put(unit, office, now, name="李文静", post="科长")

    def found(text: str, user: User) -> list[str]:
        return [hit.title for hit in find_records(text, user, limit=5, source="units.appointment").hits]

    assert found("李文静", leader) == found("liwenjing", leader) == ["李文静"]
    assert found("李文静", entrepreneur) == []
