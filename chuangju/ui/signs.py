"""状态标记 - a state shown by shape and word together, never by colour alone; and figures with their unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

# The shape before the word (▲ ◆ ● ✓), drawn so that it looks alike in every font; a neutral state has none.
SHAPES = {
    "late": '<svg class="shape" viewBox="0 0 10 10" aria-hidden="true"><path d="M5 .6 10 9.4H0z"/></svg>',
    "soon": '<svg class="shape" viewBox="0 0 10 10" aria-hidden="true"><path d="M5 0l5 5-5 5-5-5z"/></svg>',
    "good": '<svg class="shape" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4.6"/></svg>',
    "done": '<svg class="shape stroked" viewBox="0 0 10 10" aria-hidden="true"><path d="M1 5.4 4 8.4 9 1.8"/></svg>',
    "flat": "",
    "info": "",
    "new": "",
}


@runtime_checkable
class SignLike(Protocol):
    """Whatever says its state and the words beside it."""

    @property
    def state(self) -> str:
        """One of SHAPES."""

    @property
    def text(self) -> str:
        """The words."""


@dataclass(frozen=True)
class Sign:
    """A state and its words, for list cells and pages."""

    state: str
    text: str

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Figure:
    """One figure of a strip: what it counts, how much, in what unit, and whether it calls for attention."""

    label: str | Promise
    value: object
    unit: str | Promise = ""
    tone: str = ""
    url: str = ""


def draw_sign(state: str, text: object) -> SafeString:
    """The sign as HTML; an unknown state is drawn as a neutral one."""
    known = state if state in SHAPES else "flat"
    return SafeString(
        f'<span class="tag {known}">{SHAPES[known]}{conditional_escape(text if isinstance(text, str) else str(text))}</span>'
    )


def format_number(value: object) -> str:
    """Thousands grouped by commas in both languages; whatever is not a number stays as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return "" if value is None else str(value)
    return f"{value:,}"


def figures_from(given: Iterable[Figure | Mapping[str, object]]) -> list[Figure]:
    """Figures, also from plain mappings with the same keys."""
    return [each if isinstance(each, Figure) else Figure(**each) for each in given]  # type: ignore[arg-type]
