"""One number, however written, belongs to one account."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from chuangju.kernel.encryption import Key, read_keys, write_keys
from chuangju.kernel.mobiles import MobileRefused, normal_mobile, set_mobile, user_with_mobile
from chuangju.kernel.models import AuditEvent, User

MOBILE = "13812341234"


@pytest.mark.parametrize(
    "written",
    ["13812341234", " 138 1234 1234 ", "138-1234-1234", "+86 13812341234", "008613812341234", "１３８１２３４１２３４"],
)
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    assert normal_mobile(written) == MOBILE


@pytest.mark.parametrize("written", ["", "1381234123", "138123412345", "12812341234", "abc", "+85291234567"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(MobileRefused, match="11 位"):
        normal_mobile(written)


def test_an_account_is_found_by_its_number(person: User, now: datetime) -> None:
    set_mobile(person, mobile="138 1234 1234", by=person, at=now)
    assert User.objects.get(pk=person.pk).mobile == MOBILE
    assert user_with_mobile("+8613812341234") == person
    assert user_with_mobile("13900000000") is None
    assert user_with_mobile("nonsense") is None


def test_the_change_is_in_the_log_and_the_number_is_not(person: User, now: datetime) -> None:
    set_mobile(person, mobile=MOBILE, by=person, at=now)
    event = AuditEvent.objects.get()
    assert event.action == "kernel.mobile_set"
    assert MOBILE not in json.dumps(event.changes)
    set_mobile(person, mobile=MOBILE, by=person, at=now)
    assert AuditEvent.objects.count() == 1


def test_a_number_under_an_older_key_still_belongs_to_its_account(person: User, now: datetime) -> None:
    set_mobile(person, mobile=MOBILE, by=person, at=now)
    keys = read_keys()
    write_keys((*keys, Key.make(now)))
    try:
        other = User.objects.create(username="li", name="李")
        with pytest.raises(MobileRefused, match="其他账号"):
            set_mobile(other, mobile=MOBILE, by=other, at=now)
        assert user_with_mobile(MOBILE) == person
    finally:
        write_keys(keys)


def test_a_number_given_up_can_be_taken_by_another(person: User, now: datetime) -> None:
    set_mobile(person, mobile=MOBILE, by=person, at=now)
    set_mobile(person, mobile="", by=person, at=now)
    other = User.objects.create(username="li", name="李")
    set_mobile(other, mobile=MOBILE, by=other, at=now)
    assert user_with_mobile(MOBILE) == other
