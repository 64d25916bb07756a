"""加密: personal data at rest - AES-256-GCM under keys of a file beside the database, searched by keyed hash.

The key file holds one or more keys; the last one writes, every one reads. A value is stored as `key id:nonce and text`
and is bound to its model and field: copied into another column it cannot be read. An id is the fingerprint of its key,
so that a key of another installation is told from a damaged one. `key_rotation.py` changes keys.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.masking import mask_account, mask_all, mask_id_number, mask_mobile, mask_name
from chuangju.kernel.refusals import Refused

__all__ = [
    "EncryptedTextField",
    "KeyedHashField",
    "KeysUnusable",
    "Masked",
    "keyed_hash",
    "keyed_hashes",
    "mask_account",
    "mask_id_number",
    "mask_mobile",
    "mask_name",
]

_SECRET_BYTES = 32
_NONCE_BYTES = 12
_ID_SIGNS = 8
HASH_LENGTH = _ID_SIGNS + 1 + 64

if TYPE_CHECKING:
    # Generic for the type checker alone.
    _TextField = models.TextField[Any, Any]
    _CharField = models.CharField[Any, Any]
else:
    _TextField, _CharField = models.TextField, models.CharField


class KeysUnusable(Refused):
    """The key file is missing, damaged or of another installation; nothing was read or written."""

    status = 500


class Masked(str):
    """A text from which the personal part is gone already; the audit log takes it as it is."""

    __slots__ = ()


@dataclass(frozen=True)
class Key:
    """One key of the file: its id (fingerprint), its secret and since when it exists."""

    id: str
    secret: bytes
    made_at: datetime

    @classmethod
    def make(cls, at: datetime) -> Key:
        """A new random key."""
        secret = secrets.token_bytes(_SECRET_BYTES)
        return cls(_fingerprint(secret), secret, at)


def key_file() -> Path:
    """Where the keys lie: CHUANGJU_KEY_FILE, else the folder `keys` of the data folder."""
    return Path(settings.KEY_FILE)


def read_keys() -> tuple[Key, ...]:
    """The keys of the file, the writing one last; read again whenever the file has changed. Raises KeysUnusable."""
    file = key_file()
    try:
        state = file.stat()
    except OSError as error:
        raise KeysUnusable(
            _("找不到个人信息加密密钥文件 %(file)s，请从密钥备份中恢复后再试。") % {"file": file}
        ) from error
    return _parse_keys(file, (state.st_ino, state.st_mtime_ns, state.st_size))


def ensure_keys(*, at: datetime) -> bool:
    """Make the key file with its first key where there is none; whether it was made now.

    Of two processes that start at once, one makes it and the other takes what it finds.
    """
    file = key_file()
    if file.exists():
        read_keys()
        return False
    waiting = _written_aside((Key.make(at),))
    try:
        os.link(waiting, file)
    except FileExistsError:
        return False
    finally:
        waiting.unlink()
    return True


def write_keys(keys: tuple[Key, ...]) -> None:
    """Replace the key file in one step, safe on the disk; a reader meets the old or the new one, never half of it."""
    _written_aside(keys).replace(key_file())
    _sync_folder(key_file().parent)


def encrypt(text: str, *, binding: str) -> str:
    """The text under the writing key, bound to a place such as "kernel.user.mobile"."""
    key = read_keys()[-1]
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(key.secret).encrypt(nonce, text.encode(), binding.encode())
    return f"{key.id}:{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"


def decrypt(stored: str, *, binding: str) -> str:
    """The text of a stored value; raises KeysUnusable where its key is gone or the value was altered or moved."""
    key_id, _colon, body = stored.partition(":")
    key = next((each for each in read_keys() if each.id == key_id), None)
    place = {"place": binding, "key": key_id[:_ID_SIGNS]}
    if key is None:
        raise KeysUnusable(
            _("密钥文件中没有密钥 %(key)s，无法读取加密数据（%(place)s）：请恢复当时的密钥文件。") % place
        )
    try:
        sealed = base64.b64decode(body.encode("ascii"), altchars=b"-_", validate=True)
        plain = _cipher(key.secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], binding.encode())
    except (InvalidTag, ValueError) as error:
        raise KeysUnusable(_("加密数据（%(place)s）已损坏或被改动，无法读取。") % place) from error
    return plain.decode()


def keyed_hash(text: str, *, purpose: str) -> str:
    """What equal texts have in common, under the writing key and for one purpose; tells nothing without the key file."""
    return _hash_with(read_keys()[-1], text, purpose)


def keyed_hashes(text: str, *, purpose: str) -> list[str]:
    """The hash of a text under each key, the writing one first: what a search looks for while keys are changed."""
    return [_hash_with(key, text, purpose) for key in reversed(read_keys())]


class EncryptedTextField(_TextField):
    """Text that only the application can read; the database holds it encrypted, the audit log masked.

    It cannot be searched or ordered by: a KeyedHashField beside it answers exact questions.
    """

    def __init__(self, *args: Any, mask: Callable[[str], str] = mask_all, **kwargs: Any) -> None:
        if kwargs.get("null"):
            raise TypeError("an encrypted field holds empty text for nothing: give it no null")
        self.mask = mask
        super().__init__(*args, **kwargs)

    @property
    def binding(self) -> str:
        """The place a value belongs to."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """What is stored: nothing for nothing, all else encrypted."""
        if not isinstance(value, str) or not value:
            return super().get_db_prep_save(value, connection)
        return encrypt(value.replace("\x00", ""), binding=self.binding)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        """The text again."""
        return decrypt(value, binding=self.binding) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value; raises FieldError for every other question, which could never be answered."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.binding} is encrypted; ask its keyed hash instead of {lookup_name!r}")

    def masked(self, value: Any) -> Masked | None:
        """How the audit log keeps a value: masked, with a mark that differs where the value does."""
        if not value:
            return None if value is None else Masked("")
        if isinstance(value, Masked):
            return value
        text = str(value)
        return Masked(f"{self.mask(text)} #{keyed_hash(text, purpose='audit').partition(':')[2][:_ID_SIGNS]}")


class KeyedHashField(_CharField):
    """The keyed hash of another field of its record, kept by itself; unique where that field may not occur twice."""

    def __init__(self, *args: Any, source: str, purpose: str, **kwargs: Any) -> None:
        self.source, self.purpose = source, purpose
        super().__init__(*args, **{"max_length": HASH_LENGTH, "null": True, "editable": False, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """With what it is the hash of."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "purpose": self.purpose}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:  # noqa: FBT001, ARG002 - Django's signature
        """Computed anew with every save, so that it never differs from its source."""
        text = getattr(model_instance, self.source)
        value = keyed_hash(text, purpose=self.purpose) if text else None
        setattr(model_instance, self.attname, value)
        return value


@lru_cache(maxsize=4)
def _parse_keys(file: Path, _state: tuple[int, int, int]) -> tuple[Key, ...]:
    try:
        told = json.loads(file.read_text(encoding="ascii"))
        keys = tuple(
            Key(entry["id"], base64.b64decode(entry["secret"]), datetime.fromisoformat(entry["made_at"]))
            for entry in told["keys"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeysUnusable(_("个人信息加密密钥文件 %(file)s 无法读取或已损坏。") % {"file": file}) from error
    if not keys or any(len(key.secret) != _SECRET_BYTES or _fingerprint(key.secret) != key.id for key in keys):
        raise KeysUnusable(_("个人信息加密密钥文件 %(file)s 无法读取或已损坏。") % {"file": file})
    return keys


def _written_aside(keys: tuple[Key, ...]) -> Path:
    """The keys in a file of their own beside the key file, readable by nobody else."""
    told = [
        {
            "id": key.id,
            "made_at": key.made_at.astimezone(UTC).isoformat(),
            "secret": base64.b64encode(key.secret).decode("ascii"),
        }
        for key in keys
    ]
    folder = key_file().parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".keys-", dir=folder)  # created with mode 600
        with os.fdopen(handle, "w", encoding="ascii") as out:
            json.dump({"keys": told}, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise KeysUnusable(_("密钥文件夹 %(folder)s 无法写入，请检查权限和磁盘空间。") % {"folder": folder}) from error
    return Path(name)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fingerprint(secret: bytes) -> str:
    return hmac.digest(secret, b"chuangju key id", "sha256").hex()[:_ID_SIGNS]


@lru_cache(maxsize=64)
def _derived(secret: bytes, use: str) -> bytes:
    """A key of its own for each use, so that hashes and texts never share one."""
    return hmac.digest(secret, f"chuangju {use}".encode(), "sha256")


@lru_cache(maxsize=16)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(_derived(secret, "text"))


def _hash_with(key: Key, text: str, purpose: str) -> str:
    even = unicodedata.normalize("NFKC", text).strip().upper()
    found = hmac.new(_derived(key.secret, f"hash:{purpose}"), even.encode(), hashlib.sha256).hexdigest()
    return f"{key.id}:{found}"
