"""Kept and shared: the account's own, encrypted, limited; and nothing personal behind a link."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from chuangju.kernel.models import AuditEvent, User
from chuangju.policies.check_answers import Answers
from chuangju.policies.demo_checks import demo_answers
from chuangju.policies.models import SavedCheck, SharedCheck
from chuangju.policies.saved_checks import (
    MOST_SAVED,
    SHARED_FOR,
    CheckRefused,
    answers_in,
    answers_shared,
    find_shared,
    forget_shared,
    remove_check,
    save_check,
    share_check,
    shareable,
)
from chuangju.ventures.registers import dictionary

pytestmark = pytest.mark.django_db


def test_a_check_is_kept_encrypted_and_comes_back(entrepreneur: User, now: datetime) -> None:
    answers = demo_answers(now)
    saved = save_check(answers, by=entrepreneur, at=now)
    assert answers_in(SavedCheck.objects.get(pk=saved.pk)) == answers
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM policies_savedcheck")
        assert "founder_residence" not in cursor.fetchone()[0]
    event = AuditEvent.objects.get(action="policies.check_saved")
    assert "founder" not in str(event.changes)


def test_nothing_and_too_much_is_not_kept(entrepreneur: User, now: datetime) -> None:
    with pytest.raises(CheckRefused):
        save_check(Answers(), by=entrepreneur, at=now)
    for _number in range(MOST_SAVED):
        save_check(demo_answers(now), by=entrepreneur, at=now)
    with pytest.raises(CheckRefused, match="最多保存"):
        save_check(demo_answers(now), by=entrepreneur, at=now)
    first = SavedCheck.objects.order_by("pk").first()
    assert first is not None
    remove_check(first, by=entrepreneur, at=now)
    save_check(demo_answers(now), by=entrepreneur, at=now)


def test_a_shared_check_holds_nothing_personal(now: datetime) -> None:
    answers = demo_answers(now)
    answers.given |= {"id": "91310000000000001X", "name": "某店"}
    shared = share_check(answers, by=None, at=now)
    facts = dictionary().facts
    assert shared.facts
    assert {facts[key].sensitivity for key in shared.facts} <= {"public", "internal"}
    assert {"id", "name", "employees", "founder_residence", "founder_born_on"}.isdisjoint(shared.facts)
    assert shared.left_out == len([key for key in answers.given if key not in shared.facts])
    assert answers_shared(shared).given == shareable(answers.given)
    assert answers_shared(shared).who == "individual_business"


def test_a_link_runs_out(now: datetime) -> None:
    shared = share_check(demo_answers(now), by=None, at=now)
    assert find_shared(shared.token, at=now + SHARED_FOR - timedelta(seconds=1)) == shared
    assert find_shared(shared.token, at=now + SHARED_FOR) is None
    assert forget_shared(before=now + SHARED_FOR) == 1
    assert not SharedCheck.objects.exists()
    with pytest.raises(CheckRefused):
        share_check(Answers(), by=None, at=now)
