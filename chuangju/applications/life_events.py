"""一件事指南 - data/life_events.toml: the steps of a life event, their fees, what is entered back, and the dated list after it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chuangju.rules.kinds import Words

_DATA = Path(__file__).parent / "data" / "life_events.toml"


@dataclass(frozen=True)
class OutcomeField:
    """One thing that is entered back after a step: `kind` is text, date or code."""

    key: str
    kind: str
    label: Words


@dataclass(frozen=True)
class GuideStep:
    """One step: who does it, how many working days, which fees belong to it, what is entered back."""

    key: str
    title: Words
    by: Words
    days: int
    text: Words
    fees: tuple[str, ...]
    outcome: tuple[OutcomeField, ...]
    starts_list: bool


@dataclass(frozen=True)
class Follow:
    """What is due so many days after the licence."""

    key: str
    day: int
    title: Words
    leads_to_check: bool


@dataclass(frozen=True)
class LifeEvent:
    """A life event as the file has it."""

    key: str
    title: Words
    summary: Words
    is_sample: bool
    span: int
    waived_by: str
    apply: tuple[str, ...]
    steps: tuple[GuideStep, ...]
    follows: tuple[Follow, ...]

    @property
    def days(self) -> int:
        """How long all steps take, one after the other."""
        return sum(step.days for step in self.steps)

    def step(self, key: str) -> GuideStep | None:
        """The step of this key."""
        return next((one for one in self.steps if one.key == key), None)


@cache
def life_events() -> dict[str, LifeEvent]:
    """All of them by key."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return {one["key"]: _event(one) for one in data["event"]}


def _event(given: Mapping[str, Any]) -> LifeEvent:
    return LifeEvent(
        key=given["key"],
        title=_words(given["title"]),
        summary=_words(given["summary"]),
        is_sample=given.get("confidence") == "sample",
        span=given["span"],
        waived_by=given["waived_by"],
        apply=tuple(given["apply"]),
        steps=tuple(_step(one) for one in given["step"]),
        follows=tuple(
            Follow(one["key"], one["day"], _words(one["title"]), one.get("check", False)) for one in given["follow"]
        ),
    )


def _step(given: Mapping[str, Any]) -> GuideStep:
    return GuideStep(
        key=given["key"],
        title=_words(given["title"]),
        by=_words(given["by"]),
        days=given["days"],
        text=_words(given["text"]),
        fees=tuple(given.get("fees", ())),
        outcome=tuple(OutcomeField(one["key"], one["kind"], _words(one["label"])) for one in given.get("outcome", ())),
        starts_list=given.get("starts_list", False),
    )


def _words(given: Mapping[str, str]) -> Words:
    return Words(given["zh"], given["en"])
