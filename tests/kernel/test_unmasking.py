"""A number is shown in full to whoever may see it and says why; the log keeps who and why, and never the number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pytest

from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.registry import NotRegistered
from chuangju.kernel.unmasking import (
    UnmaskingRefused,
    can_unmask,
    register_unmasking,
    unmask,
    unmaskable_visible_to,
    unmaskings,
)

MOBILE = "13812341234"
KEY = "kernel-user-mobile"


@pytest.fixture
def _registered() -> Iterator[None]:
    """Accounts called "wang" may see numbers."""
    taken = unmaskings.find(KEY)
    if taken:
        unmaskings.remove(KEY)
    register_unmasking(
        User,
        "mobile",
        lambda user, _record: user.username == "wang",
        "手机号",
        visible_to=lambda _u: User.objects.all(),
    )
    yield
    unmaskings.remove(KEY)
    if taken:
        unmaskings.register(KEY, taken)


@pytest.fixture
def record(db: None) -> User:
    return User.objects.create(username="li", name="李", mobile=MOBILE)


@pytest.mark.usefixtures("_registered")
def test_whoever_may_and_says_why_sees_the_number_and_the_log_does_not(
    person: User, record: User, now: datetime
) -> None:
    assert unmask(record, "mobile", reason="电话核对\n材料", by=person, at=now) == MOBILE
    event = AuditEvent.objects.get(action="kernel.value_unmasked")
    assert (event.reason, event.object_id, event.actor) == ("电话核对 材料", str(record.pk), person)
    said = json.dumps([event.changes, event.reason, event.object_label], ensure_ascii=False)
    assert MOBILE not in said


@pytest.mark.usefixtures("_registered")
@pytest.mark.parametrize("reason", ["", "   ", "查看", "长" * 201, f"核对号码{MOBILE}"])
def test_without_a_reason_nothing_is_shown_nor_recorded(person: User, record: User, reason: str, now: datetime) -> None:
    with pytest.raises(UnmaskingRefused):
        unmask(record, "mobile", reason=reason, by=person, at=now)
    assert not AuditEvent.objects.exists()


@pytest.mark.usefixtures("_registered")
def test_who_may_not_sees_nothing_whatever_the_reason(record: User, now: datetime) -> None:
    other = User.objects.create(username="zhao", name="赵")
    assert not can_unmask(other, record, "mobile")
    with pytest.raises(UnmaskingRefused, match="权限"):
        unmask(record, "mobile", reason="电话核对材料", by=other, at=now)


@pytest.mark.usefixtures("_registered")
def test_an_empty_field_has_nothing_to_show(person: User, record: User, now: datetime) -> None:
    record.mobile = ""
    with pytest.raises(UnmaskingRefused, match="没有填写"):
        unmask(record, "mobile", reason="电话核对材料", by=person, at=now)
    entry = unmaskings.get(KEY)
    assert entry.masked(record) == ""
    record.mobile = MOBILE
    assert entry.masked(record) == "138****1234"


@pytest.mark.usefixtures("_registered")
def test_the_records_of_a_field_are_those_its_package_shows(person: User, record: User) -> None:
    assert set(unmaskable_visible_to(KEY, person)) == {person, record}
    with pytest.raises(NotRegistered):
        unmaskable_visible_to("kernel-user-name", person)


def test_a_field_nobody_registered_is_nobodys_to_see(person: User) -> None:
    assert not can_unmask(person, person, "email")


def test_only_encrypted_fields_can_be_registered() -> None:
    with pytest.raises(TypeError, match="not encrypted"):
        register_unmasking(User, "name", lambda _u, _r: True, "姓名", visible_to=lambda _u: User.objects.all())
