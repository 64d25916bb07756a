"""政策 - a policy as data: who, under which conditions, how much, on whose word; one version of it, which never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chuangju.rules.kinds import Kind, Value, Words
from chuangju.rules.parameters import Parameter, Shared
from chuangju.rules.tree import Node, Rounding

NO_WORDS = Words("", "")
CONFIDENCES = ("official", "secondary", "unverified", "sample")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a policy stands written, and how sure we are of it (`confidence`: one of CONFIDENCES)."""

    issuer: str
    document: str
    number: str = ""
    url: str = ""
    confidence: str = "unverified"
    note: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what people read, what is asked of the facts, and the clause; `mend` is what the applicant can do."""

    id: str
    label: Words
    when: Node
    text: str
    law: str
    mend: Words | None = None
    line: int = 0
    is_implied: bool = False
    # "true" or "false" where the file says it; else it follows from `mend` and from the facts asked for.
    actionable: str = ""


@dataclass(frozen=True, slots=True)
class PointItem:
    """One line of a points table: its value, its cap, and the group of which only the best line counts."""

    id: str
    label: Words
    value: Node
    text: str
    law: str
    group: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What if: facts changed by one step, to tell what it would bring. `change` as in the file, checked."""

    label: Words
    change: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stacking:
    """How the policy goes with others: exclusive, together, or topping another one up; `order` says which is claimed first."""

    excludes: tuple[str, ...] = ()
    stacks_with: tuple[str, ...] = ()
    tops_up: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: run as a test, shown to applicants."""

    given: Mapping[str, Value]
    on: date
    verdict: str
    name: Words
    amount: int | None = None
    missing: tuple[str, ...] | None = None
    from_day: date | None = None
    failed: tuple[str, ...] | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Grandfathering:
    """After the version's last day it goes on for those who fulfil `when`, until the day `until`."""

    when: Node
    until: Node | None
    text: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of one policy. `text` is the file as read; `sha256` its digest; words stand in both languages."""

    id: str
    version: str
    title: Words
    summary: Words
    rows: tuple[int, ...]
    unit: str
    level: str
    subject: str
    audience: tuple[str, ...]
    benefit: str
    channel: str
    source: Source
    effective_from: date
    effective_to: date | None
    parameters: Mapping[str, Parameter]
    conditions: tuple[Condition, ...]
    amount: Node | None
    amount_text: str
    amount_unit: str
    amount_note: Words
    points: tuple[PointItem, ...]
    claim_by: Node | None
    grandfathering: Grandfathering | None
    stacking: Stacking
    steps: tuple[Step, ...]
    form: tuple[str, ...]
    documents: tuple[Words, ...]
    # For each document the condition under which it is wanted; None: always.
    document_conditions: tuple[Node | None, ...]
    process: tuple[Mapping[str, Any], ...]
    pays: Mapping[str, Any]
    leaves: tuple[Mapping[str, Any], ...]
    examples: tuple[Example, ...]
    shared: Shared
    rounding: Rounding
    text: str
    sha256: str
    file: str = ""
    lets: Mapping[str, Node] = field(default_factory=dict)

    def __hash__(self) -> int:
        return id(self)

    @property
    def key(self) -> str:
        """The version's name among all: id@version."""
        return f"{self.id}@{self.version}"

    @property
    def confidence(self) -> str:
        """How sure we are of it as a whole."""
        return self.source.confidence

    @property
    def days(self) -> int | None:
        """How long the whole process takes in working days, where every step says so."""
        known = [int(step["days"]) for step in self.process if step.get("days") is not None]
        return sum(known) if known else None

    def is_in_force(self, day: date) -> bool:
        """Whether the day lies in the version's term, grandfathering apart."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def amount_kind(self) -> Kind | None:
        """Money, points (whole numbers), or nothing."""
        return self.amount.kind if self.amount is not None else None
