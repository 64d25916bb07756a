"""查看完整号码 - one encrypted value shown in full to one person for a reason; the log keeps who and why, never the value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.encryption import EncryptedTextField
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.registry import Registry

# A word such as "查看" is no reason; a sentence is.
SHORTEST_REASON = 4
LONGEST_REASON = 200


class UnmaskingRefused(Refused):
    """Not this person's to see in full, or no reason given."""


@dataclass(frozen=True)
class Unmasking:
    """One field that may be shown in full: where its records are found, who may, and what the field is called."""

    model: type[models.Model]
    field: EncryptedTextField
    can_unmask: Callable[[User, Any], bool]
    visible_to: Callable[[User], models.QuerySet[Any]]
    label: str | Promise

    @property
    def key(self) -> str:
        """What addresses call it: "ventures-party-id_number"."""
        return _key_of(self.field.model, self.field.name)

    def masked(self, record: models.Model) -> str:
        """The value as everybody sees it; empty where there is none."""
        value: str = getattr(record, self.field.name)
        return self.field.mask(value) if value else ""


unmaskings: Registry[str, Unmasking] = Registry("unmaskings")


def register_unmasking(
    model: type[models.Model],
    field: str,
    can_unmask: Callable[[User, Any], bool],
    label: str | Promise,
    *,
    visible_to: Callable[[User], models.QuerySet[Any]],
) -> None:
    """Let a field be shown in full, with a reason, to whoever `can_unmask(user, record)` allows.

    `visible_to(user)` are the records that somebody may open at all. Raises TypeError for a field that is not encrypted.
    """
    found = model._meta.get_field(field)
    if not isinstance(found, EncryptedTextField):
        raise TypeError(f"{model._meta.label}.{field} is not encrypted: there is nothing to unmask")
    entry = Unmasking(model, found, can_unmask, visible_to, label)
    unmaskings.register(entry.key, entry)


def unmaskable_visible_to(key: str, user: User) -> models.QuerySet[Any]:
    """The records of a field's model that somebody may open at all; raises NotRegistered for an unknown key."""
    return unmaskings.get(key).visible_to(user)


def can_unmask(user: User, record: models.Model, field: str) -> bool:
    """Whether somebody may see a field of this record in full, once they say why."""
    entry = unmaskings.find(_key_of(record, field))
    return entry is not None and entry.can_unmask(user, record)


@transaction.atomic
def unmask(record: models.Model, field: str, *, reason: str, by: User, at: datetime) -> str:
    """The value in full; raises UnmaskingRefused without permission or reason. Who, when and why are in the log."""
    if not can_unmask(by, record, field):
        raise UnmaskingRefused(_("您没有查看完整号码的权限"))
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise UnmaskingRefused(_("请写明查看原因（4 至 200 字），原因会记入审计日志"))
    value: str = getattr(record, field)
    if not value:
        raise UnmaskingRefused(_("该项没有填写"))
    if value in reason:
        raise UnmaskingRefused(_("原因中请不要写出号码"))
    record_event("kernel.value_unmasked", record, by=by, at=at, after={"field": field}, reason=reason)
    return value


def _key_of(model: models.Model | type[models.Model], field: str) -> str:
    return f"{model._meta.app_label}-{model._meta.model_name}-{field}"
