"""What lies in the database is unreadable, what is asked for is found, and a missing key says so."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.encryption import (
    EncryptedTextField,
    Key,
    KeysUnusable,
    Masked,
    decrypt,
    encrypt,
    ensure_keys,
    key_file,
    keyed_hash,
    keyed_hashes,
    read_keys,
    write_keys,
)
from chuangju.kernel.masking import mask_all
from chuangju.kernel.models import AuditEvent, User

MOBILE = "13812341234"
OTHER_MOBILE = "13899991234"


@pytest.fixture
def own_keys(settings: object, tmp_path: Path, now: datetime) -> Path:
    """A key file that this test may change."""
    settings.KEY_FILE = tmp_path / "keys" / "own.json"  # type: ignore[attr-defined]
    ensure_keys(at=now)
    return key_file()


def _stored(user: User) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile FROM kernel_user WHERE id = %s", [user.pk])
        return str(cursor.fetchone()[0])


@given(st.text(min_size=1))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert decrypt(encrypt(text, binding="a.b.c"), binding="a.b.c") == text


def test_equal_texts_are_stored_differently() -> None:
    assert encrypt(MOBILE, binding="a") != encrypt(MOBILE, binding="a")


def test_the_database_holds_nothing_readable_and_the_record_holds_the_text(person: User) -> None:
    person.mobile = MOBILE
    person.save()
    stored = _stored(person)
    assert stored.startswith(read_keys()[-1].id + ":")
    assert MOBILE not in stored
    assert MOBILE.encode() not in base64.urlsafe_b64decode(stored.partition(":")[2])
    assert User.objects.get(pk=person.pk).mobile == MOBILE


def test_update_and_bulk_update_encrypt_too(person: User) -> None:
    User.objects.filter(pk=person.pk).update(mobile=MOBILE)
    assert MOBILE not in _stored(person)
    person.mobile = OTHER_MOBILE
    User.objects.bulk_update([person], ["mobile"])
    assert OTHER_MOBILE not in _stored(person)
    assert User.objects.get(pk=person.pk).mobile == OTHER_MOBILE


def test_nothing_is_stored_for_nothing(person: User) -> None:
    assert _stored(person) == ""
    assert User.objects.get(pk=person.pk).mobile == ""
    assert person.mobile_hash is None


def test_a_value_moved_to_another_field_cannot_be_read() -> None:
    with pytest.raises(KeysUnusable, match="已损坏或被改动"):
        decrypt(encrypt(MOBILE, binding="kernel.user.mobile"), binding="kernel.user.other")


@pytest.mark.parametrize("spoil", [lambda s: s[:-6] + "AAAA==", lambda s: s[:20], lambda s: s + "%", lambda s: s[:9]])
def test_an_altered_value_is_refused(spoil: object) -> None:
    stored = encrypt(MOBILE, binding="a")
    with pytest.raises(KeysUnusable, match="已损坏或被改动"):
        decrypt(spoil(stored), binding="a")  # type: ignore[operator]


def test_a_value_of_an_unknown_key_names_the_key(own_keys: Path, now: datetime) -> None:
    stored = encrypt(MOBILE, binding="a")
    own_keys.unlink()
    ensure_keys(at=now)
    with pytest.raises(KeysUnusable, match=stored[:8]):
        decrypt(stored, binding="a")


def test_the_key_file_is_readable_by_its_owner_alone(own_keys: Path) -> None:
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_keys.parent.stat().st_mode) == 0o700
    assert [file.name for file in own_keys.parent.iterdir()] == ["own.json"]


def test_a_second_start_keeps_the_keys(own_keys: Path, now: datetime) -> None:
    before = own_keys.read_bytes()
    assert ensure_keys(at=now) is False
    assert own_keys.read_bytes() == before


def test_of_many_starts_at_once_one_makes_the_key(settings: object, tmp_path: Path, now: datetime) -> None:
    settings.KEY_FILE = tmp_path / "keys" / "raced.json"  # type: ignore[attr-defined]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _turn: ensure_keys(at=now), range(8)))
    assert sum(made) == 1
    assert len(read_keys()) == 1


def test_a_missing_key_file_is_named(own_keys: Path) -> None:
    own_keys.unlink()
    with pytest.raises(KeysUnusable, match=r"own\.json"):
        read_keys()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keys": []}', '{"keys": [{"id": "x"}]}', "\x00\xff"])
def test_a_damaged_key_file_is_refused(own_keys: Path, content: str) -> None:
    own_keys.write_text(content, encoding="latin-1")
    with pytest.raises(KeysUnusable, match="已损坏"):
        read_keys()


def test_a_key_whose_secret_does_not_fit_its_id_is_refused(own_keys: Path) -> None:
    told = json.loads(own_keys.read_text())
    told["keys"][0]["secret"] = base64.b64encode(b"0" * 32).decode()
    own_keys.write_text(json.dumps(told))
    with pytest.raises(KeysUnusable, match="已损坏"):
        read_keys()


def test_a_folder_that_cannot_be_written_is_named(settings: object, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("")
    settings.KEY_FILE = tmp_path / "file" / "keys.json"  # type: ignore[attr-defined]
    with pytest.raises(KeysUnusable, match="无法写入"):
        ensure_keys(at=now)


def test_a_key_added_by_another_process_is_noticed_at_once(own_keys: Path, now: datetime) -> None:
    old = encrypt(MOBILE, binding="a")
    added = Key.make(now)
    write_keys((*read_keys(), added))
    assert encrypt(MOBILE, binding="a").startswith(added.id)
    assert decrypt(old, binding="a") == MOBILE
    assert [each.partition(":")[0] for each in keyed_hashes(MOBILE, purpose="x")] == [added.id, old.partition(":")[0]]


def test_a_keyed_hash_depends_on_text_purpose_and_key_and_not_on_the_way_of_writing(
    own_keys: Path, now: datetime
) -> None:
    one = keyed_hash("31011219900101123x", purpose="id")
    assert one == keyed_hash(" 31011219900101123X ", purpose="id") == keyed_hash("３1011219900101123X", purpose="id")
    assert one != keyed_hash("31011219900101123X", purpose="mobile")
    assert one != keyed_hash("310112199001011239", purpose="id")
    write_keys((Key.make(now),))
    assert one != keyed_hash("31011219900101123X", purpose="id")


def test_the_hash_follows_its_source_and_finds_the_record(person: User) -> None:
    person.mobile = MOBILE
    person.save()
    assert User.objects.get(mobile_hash=keyed_hash(MOBILE, purpose="mobile")) == person
    person.mobile = ""
    person.save()
    assert User.objects.get(pk=person.pk).mobile_hash is None


def test_two_records_cannot_hold_one_unique_number(person: User) -> None:
    User.objects.create(username="a", name="甲", mobile=MOBILE)
    person.mobile = MOBILE
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save()


@pytest.mark.parametrize("question", [{"mobile": MOBILE}, {"mobile__contains": "138"}, {"mobile__in": [MOBILE]}])
def test_a_question_that_encryption_cannot_answer_is_a_programming_error(question: dict[str, object]) -> None:
    with pytest.raises(FieldError, match="keyed hash"):
        User.objects.filter(**question)


def test_whether_there_is_a_value_may_be_asked(person: User) -> None:
    assert User.objects.filter(mobile__isnull=False).exists()


def test_the_audit_log_never_holds_the_value_nor_its_hash(person: User, now: datetime) -> None:
    before = snapshot(person)
    person.mobile = MOBILE
    person.save()
    event = record_event("x", person, by=person, at=now, before=before, after=snapshot(person))
    said = json.dumps(event.changes)
    assert MOBILE not in said
    assert str(person.mobile_hash) not in said
    assert event.changes["mobile"][1].startswith("138****1234 #")


def test_a_value_handed_to_the_log_by_hand_is_masked_all_the_same(person: User, now: datetime) -> None:
    record_event("x", person, by=person, at=now, after={"mobile": MOBILE, "mobile_hash": "abc", "name": "王芳"})
    changes = AuditEvent.objects.get().changes
    assert MOBILE not in json.dumps(changes)
    assert set(changes) == {"mobile", "name"}


def test_the_log_tells_that_a_value_changed_even_where_its_mask_did_not(person: User, now: datetime) -> None:
    person.mobile = MOBILE
    before = snapshot(person)
    person.mobile = OTHER_MOBILE
    event = record_event("x", person, by=person, at=now, before=before, after=snapshot(person))
    old, new = event.changes["mobile"]
    assert old.split(" #")[0] == new.split(" #")[0]
    assert old != new


def test_masking_twice_changes_nothing() -> None:
    field = User._meta.get_field("mobile")
    assert isinstance(field, EncryptedTextField)
    once = field.masked(MOBILE)
    assert field.masked(once) is once
    assert (field.masked(""), field.masked(None)) == (Masked(""), None)


def test_a_field_without_a_mask_of_its_own_shows_stars_alone() -> None:
    assert str(EncryptedTextField().masked("abc")).startswith("**** #")
    assert mask_all("") == ""


def test_nothing_is_kept_in_one_way_only() -> None:
    with pytest.raises(TypeError, match="null"):
        EncryptedTextField(null=True)
