"""Keys are changed while the product runs; a run killed half-way is taken up, and a key goes only when nobody needs it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from chuangju.kernel import key_rotation
from chuangju.kernel.encryption import Key, KeysUnusable, ensure_keys, key_file, keyed_hashes, read_keys, write_keys
from chuangju.kernel.key_rotation import (
    count_stale,
    find_encryption_faults,
    forget_old_keys,
    prepare_keys,
    rotate_keys,
)
from chuangju.kernel.models import AuditEvent, User

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_keys(settings: object, tmp_path: Path, now: datetime) -> Path:
    """A key file that this test may change."""
    settings.KEY_FILE = tmp_path / "keys" / "own.json"  # type: ignore[attr-defined]
    ensure_keys(at=now)
    return key_file()


def _number(place: int) -> str:
    return f"138{place:08d}"


@pytest.fixture
def people(db: None) -> list[User]:
    """Twelve people with a number, and one without."""
    with_number = [User(username=f"u{place}", name=f"人{place}", mobile=_number(place)) for place in range(12)]
    return User.objects.bulk_create([*with_number, User(username="none", name="无")])


def _numbers() -> dict[str, str]:
    return {user.username: user.mobile for user in User.objects.all()}


def _write_raw(user: User, column: str, value: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE kernel_user SET {column} = %s WHERE id = %s", [value, user.pk])  # noqa: S608 - a column of ours


def test_after_a_rotation_everything_is_under_the_new_key_and_reads_the_same(people: list[User], now: datetime) -> None:
    before, old = _numbers(), read_keys()[-1]
    told: list[tuple[int, int]] = []
    done = rotate_keys(at=now, tell=lambda *heard: told.append(heard), batch=5)
    assert (done.records, done.is_resumed) == (12, False)
    assert told == [(5, 12), (10, 12), (12, 12)]
    assert done.key_id != old.id
    assert count_stale() == 0
    assert _numbers() == before
    assert list(find_encryption_faults()) == []
    assert AuditEvent.objects.get().changes["records"] == [None, 12]


class _Killed(BaseException):
    """What a kill looks like from inside: nothing below may catch it."""


def test_a_rotation_killed_half_way_is_resumed_under_the_same_key(people: list[User], now: datetime) -> None:
    before = _numbers()

    def die(done: int, total: int) -> None:
        if done >= 5:
            raise _Killed

    with pytest.raises(_Killed):
        rotate_keys(at=now, tell=die, batch=5)
    assert count_stale() == 7
    assert _numbers() == before
    assert {user.pk for user in people if user.mobile} == set(
        User.objects.filter(
            mobile_hash__in=[each for number in before.values() for each in keyed_hashes(number, purpose="mobile")]
        ).values_list("pk", flat=True)
    )
    begun = read_keys()[-1].id
    done = rotate_keys(at=now, batch=5)
    assert (done.key_id, done.records, done.is_resumed) == (begun, 7, True)
    assert len(read_keys()) == 2
    assert _numbers() == before


def test_a_value_changed_during_the_rotation_keeps_the_change(
    people: list[User], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh_values = key_rotation._fresh_values

    def change_meanwhile(table: object, row: tuple[object, ...]) -> list[str | None]:
        User.objects.filter(pk=people[0].pk).update(mobile="13900000000")
        return fresh_values(table, row)  # type: ignore[arg-type]

    monkeypatch.setattr(key_rotation, "_fresh_values", change_meanwhile)
    rotate_keys(at=now)
    assert User.objects.get(pk=people[0].pk).mobile == "13900000000"


def test_old_keys_go_only_when_nothing_needs_them_and_everybody_has_noticed(people: list[User], now: datetime) -> None:
    old = read_keys()[0].id
    rotate_keys(at=now)
    with pytest.raises(KeysUnusable, match="10 分钟"):
        forget_old_keys(at=now)
    assert forget_old_keys(at=now + LATER) == [old]
    assert [key.id for key in read_keys()] != [old]
    assert len(_numbers()) == 13
    assert forget_old_keys(at=now + LATER) == []


def test_an_old_key_that_is_needed_stays(people: list[User], now: datetime) -> None:
    write_keys((*read_keys(), Key.make(now)))
    with pytest.raises(KeysUnusable, match="12"):
        forget_old_keys(at=now + LATER)
    assert len(read_keys()) == 2


def test_two_records_with_one_number_stop_the_rotation_with_a_sentence(people: list[User], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_user SET mobile = (SELECT mobile FROM kernel_user WHERE id = %s) WHERE id = %s",
            [people[0].pk, people[1].pk],
        )
    with pytest.raises(KeysUnusable, match="重复"):
        rotate_keys(at=now)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("mobile", "13800000000", "密钥文件中没有密钥"),
        ("mobile", "deadbeef:AAAA", "deadbeef"),
        ("mobile_hash", None, "检索值"),
        ("mobile_hash", "deadbeef:" + "0" * 64, "检索值"),
    ],
)
def test_verify_finds_what_cannot_be_read_or_found(
    people: list[User], column: str, value: str | None, sentence: str
) -> None:
    _write_raw(people[3], column, value)
    faults = list(find_encryption_faults())
    assert len(faults) == 1
    assert sentence in faults[0]
    assert f"kernel.User {people[3].pk}" in faults[0]


def test_verify_finds_a_hash_of_another_number_and_one_that_has_nothing_to_stand_for(people: list[User]) -> None:
    _write_raw(people[3], "mobile_hash", keyed_hashes("13000000000", purpose="mobile")[0])
    _write_raw(people[12], "mobile_hash", keyed_hashes("13000000001", purpose="mobile")[0])
    assert len(list(find_encryption_faults())) == 2


def test_a_start_without_the_keys_of_existing_data_is_refused(people: list[User], now: datetime) -> None:
    prepare_keys(at=now)
    key_file().unlink()
    with pytest.raises(KeysUnusable, match="备份"):
        prepare_keys(at=now)
    assert not key_file().exists()


def test_a_start_with_the_keys_of_another_installation_is_refused(people: list[User], now: datetime) -> None:
    key_file().unlink()
    ensure_keys(at=now)
    with pytest.raises(KeysUnusable, match=r"kernel\.user\.mobile"):
        prepare_keys(at=now)


def test_the_first_start_makes_the_keys(now: datetime) -> None:
    key_file().unlink()
    prepare_keys(at=now)
    assert len(read_keys()) == 1
    prepare_keys(at=now)


def test_the_command_rotates_says_what_to_back_up_and_forgets_in_a_step_of_its_own(
    people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, stderr=io.StringIO())
    assert "12 条记录" in out.getvalue()
    assert str(key_file()) in out.getvalue()
    with pytest.raises(CommandError, match="10 分钟"):
        call_command("rotate_keys", forget_old=True)
    write_keys((*read_keys(), Key.make(timezone.now())))
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, stderr=io.StringIO())
    assert "接着上次" in out.getvalue()
    monkeypatch.setattr(key_rotation, "SETTLED_AFTER", timedelta())
    out = io.StringIO()
    call_command("rotate_keys", forget_old=True, stdout=out)
    assert "已移除" in out.getvalue()
    out = io.StringIO()
    call_command("rotate_keys", forget_old=True, stdout=out)
    assert "没有可移除" in out.getvalue()
