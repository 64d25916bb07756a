"""确认 - a step before something that cannot simply be undone: says what will happen, works without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.forms import BaseForm


@dataclass(frozen=True)
class Confirmation:
    """What is about to happen, to what (`items` lists everything concerned), and the way back."""

    title: str | Promise
    sentence: str | Promise
    action_label: str | Promise
    cancel_url: str
    items: Sequence[object] = ()
    hidden: Sequence[tuple[str, str]] = ()
    form: BaseForm | None = None
    is_dangerous: bool = False
    layout: str = "ui/staff.html"
