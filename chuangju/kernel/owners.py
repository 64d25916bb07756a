"""所属对象 - the record that a thread, a rating or a checklist belongs to, found by what stands in an address."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from chuangju.kernel.registry import Registry


def find_owner(owners: Registry[str, Any], kind: str, key: str) -> models.Model | None:
    """The record with this key of a kind ("programme.task") that the registry knows; None where there is none.

    Who may see it is for the rules of its kind to say: ask them before showing anything.
    """
    if kind not in owners:
        return None
    model = apps.get_model(kind)
    try:
        found: models.Model | None = model._meta.base_manager.filter(pk=key).first()
    except (ValueError, OverflowError, ValidationError):
        return None
    return found
