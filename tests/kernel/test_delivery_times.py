"""When messages leave: not in the night, in one bundle a day, with the digest; and what knows no hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from chuangju.kernel.deliveries import deliver_waiting
from chuangju.kernel.models import Delivery, MessagePreference, User
from chuangju.kernel.outbox import notify_mobile
from tests.kernel.outbox import Kept, sms_of, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_messages")]
State = Delivery.State
MINUTE = timedelta(minutes=1)


def test_in_the_night_sms_wait_for_the_morning_across_midnight(person: User, sms: Kept, now: datetime) -> None:
    late, early = now.replace(hour=23), now.replace(hour=3) + timedelta(days=1)
    evening, night = tell(person, "甲", late), tell(person, "乙", early)
    morning = early.replace(hour=8)
    assert {(sms_of(one).state, sms_of(one).next_try_at) for one in (evening, night)} == {(State.HELD, morning)}
    assert deliver_waiting(at=morning - MINUTE) == 0
    assert deliver_waiting(at=morning) == 2
    assert len(sms.sendings) == 1


def test_what_became_due_in_the_night_by_a_retry_or_a_sleeping_worker_waits_too(
    person: User, sms: Kept, now: datetime
) -> None:
    message = tell(person, "甲", now.replace(hour=20))
    assert deliver_waiting(at=now.replace(hour=22)) == 0
    assert sms_of(message).next_try_at == now.replace(hour=8) + timedelta(days=1)


def test_whoever_sets_no_quiet_hours_or_others_is_told_accordingly(person: User, sms: Kept, now: datetime) -> None:
    chosen = MessagePreference.objects.create(user=person, quiet_from=time(0), quiet_until=time(0))
    tell(person, "甲", now.replace(hour=3))
    assert deliver_waiting(at=now.replace(hour=3)) == 1
    chosen.quiet_from, chosen.quiet_until = time(12), time(14)
    chosen.save()
    noon = now.replace(hour=13) + timedelta(days=1)
    tell(person, "乙", noon)
    assert deliver_waiting(at=noon) == 0
    assert deliver_waiting(at=noon.replace(hour=14)) == 1


def test_urgent_matters_and_codes_know_no_night(person: User, sms: Kept, now: datetime) -> None:
    night = now.replace(hour=3)
    tell(person, "甲", night, "tests.alarm")
    with transaction.atomic():
        notify_mobile("13900005678", "tests.code", at=night, values={"code": "246810"})
    assert deliver_waiting(at=night) == 2
    assert sms.texts[1] == "验证码 246810，5 分钟内有效。"


def test_twelve_late_steps_are_one_sms_a_day(person: User, sms: Kept, now: datetime, settings: Any) -> None:
    settings.PUBLIC_URL = "https://cj.example.gov.cn"
    told = [tell(person, f"节点{number}", now) for number in range(12)]
    assert deliver_waiting(at=now) == 12
    [text] = sms.texts
    first = sms_of(told[0])
    assert text == f"您有 12 条新消息，请登录查看：https://cj.example.gov.cn/m/{first.code}/"
    assert first.text == text
    assert Delivery.objects.filter(carrier=first, state=State.SENT).count() == 11
    later = tell(person, "又一个", now + timedelta(hours=2))
    assert sms_of(later).next_try_at == now.replace(hour=8) + timedelta(days=1)
    urgent = tell(person, "告警", now + timedelta(hours=2), "tests.alarm")
    assert deliver_waiting(at=now + timedelta(hours=2)) == 1
    assert sms_of(urgent).state == State.SENT


def test_people_from_outside_get_each_message_by_itself(person: User, sms: Kept, now: datetime) -> None:
    for _number in range(2):
        tell(person, "甲", now, "tests.progress")
    assert deliver_waiting(at=now) == 2
    assert len(sms.sendings) == 2


def test_the_digest_bundles_a_days_emails_at_the_chosen_hour(person: User, email: Kept, now: datetime) -> None:
    person.email = "wang@example.org"
    person.save()
    MessagePreference.objects.create(user=person, digest_hour=17)
    for _number in range(3):
        tell(person, "甲", now, "tests.progress")
    tell(person, "乙", now, "tests.alarm")
    assert deliver_waiting(at=now) == 1, "only the urgent one goes at once"
    assert deliver_waiting(at=now.replace(hour=17)) == 3
    digest = email.sendings[-1]
    assert digest.subject == "消息汇总（3 条）"
    assert digest.text.count("补贴 1 元已到账。") == 3
    tell(person, "丙", now.replace(hour=18), "tests.progress")
    held = Delivery.objects.get(state=State.HELD)
    assert held.next_try_at == now.replace(hour=17) + timedelta(days=1)
