"""审核数据 - what a case rests on, fact by fact: at submission, now, and where it comes from; and the rule condition by condition."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.applications.evaluation import Evaluation, facts_in
from chuangju.applications.models import Application, FrozenFacts
from chuangju.applications.questions import value_text
from chuangju.policies.check_cards import with_titles
from chuangju.policies.check_explaining import titles_of
from chuangju.policies.check_measures import own_value
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.rules.explain import ConditionAnswer
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import Kind
from chuangju.ventures.registers import dictionary

# Signs of a value that would fill a cell by itself.
_LONG = 16
# So many rows of a table of records are seen at once.
_ROWS_AT_ONCE = 8


@dataclass(frozen=True)
class RecordRow:
    """Records that say the same, how many there are, and what each of their fields holds."""

    count: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class RecordTable:
    """A fact that consists of records (leases, employees) as a table: those that are alike stand in one row."""

    heads: tuple[str, ...]
    rows: tuple[RecordRow, ...]
    total: int

    @property
    def is_counted(self) -> bool:
        """Whether any row stands for several records."""
        return any(row.count > 1 for row in self.rows)

    @property
    def first(self) -> tuple[RecordRow, ...]:
        """What is seen at once."""
        return self.rows[:_ROWS_AT_ONCE]

    @property
    def rest(self) -> tuple[RecordRow, ...]:
        """What is behind a click."""
        return self.rows[_ROWS_AT_ONCE:]


@dataclass(frozen=True)
class FactLine:
    """One fact as drawn: what it was when the case was handed in, what it is now, and who says so."""

    key: str
    name: str
    then: str
    now: str
    source: str
    is_changed: bool
    is_disputed: bool
    is_certified: bool
    # For a fact that consists of records; what was there before only where it is another now.
    now_table: RecordTable | None = None
    then_table: RecordTable | None = None

    @property
    def has_records(self) -> bool:
        """Whether it is drawn as a table of its own."""
        return self.now_table is not None or self.then_table is not None

    @property
    def is_same(self) -> bool:
        """Whether nothing is gained by saying it twice: unchanged, and long."""
        return not self.is_changed and self.then == self.now and len(self.now) > _LONG


@dataclass(frozen=True)
class ConditionLine:
    """One condition as drawn: its answer now, what was found, the clause; and what it was at submission where that differs."""

    mark: str
    label: str
    found: str
    sentence: str
    law: str
    was: str
    missing: tuple[str, ...]


def latest_snapshot(application: Application) -> FrozenFacts | None:
    """What the applicant last handed in: at submission, or with an answer to a request to mend."""
    moments = (FrozenFacts.Moment.SUBMITTED, FrozenFacts.Moment.RESUBMITTED, FrozenFacts.Moment.REBASED)
    return application.frozen.filter(moment__in=moments).order_by("-pk").first()


def fact_lines(evaluation: Evaluation, snapshot: FrozenFacts | None) -> list[FactLine]:
    """The facts in the order of the conditions; those that changed since the snapshot say so."""
    facts, then = dictionary().facts, facts_in(snapshot) if snapshot is not None else {}
    order = list(dict.fromkeys(key for one in evaluation.conditions for key in one.program.facts))
    keys = [key for key in order if key in evaluation.facts or key in then]
    keys += sorted({*evaluation.facts, *then} - set(order))
    lines = []
    for key in keys:
        if key not in facts:
            continue
        fact, source = facts[key], evaluation.sources.get(key, {})
        old, new = then.get(key), evaluation.facts.get(key)
        lines.append(
            FactLine(
                key=key,
                name=say(fact.name),
                then="" if old is None else value_text(old, fact),
                now="" if new is None else value_text(new, fact),
                source=source_text(source),
                is_changed=snapshot is not None and old != new,
                is_disputed=bool(source.get("is_disputed")),
                is_certified=bool(source.get("is_certified")),
                now_table=record_table(new, fact),
                then_table=record_table(old, fact) if snapshot is not None and old != new else None,
            )
        )
    return lines


def record_table(value: Any, fact: Fact) -> RecordTable | None:
    """The records of a fact as a table, fields that nobody filled in left out; None for a fact of another kind, or for none."""
    if fact.kind is not Kind.RECORDS or not isinstance(value, tuple | list) or not value:
        return None
    records = [row for row in value if isinstance(row, dict)]
    shown = [name for name in fact.fields if any(row.get(name) not in (None, (), []) for row in records)]
    counted = Counter(tuple(_cell(row.get(name), fact.fields[name]) for name in shown) for row in records)
    rows = tuple(RecordRow(count, cells) for cells, count in counted.items())
    return RecordTable(tuple(say(fact.fields[name].name) for name in shown), rows, len(records))


def _cell(value: Any, fact: Fact) -> str:
    return "—" if value in (None, (), []) else value_text(value, fact)


def source_text(source: Mapping[str, Any]) -> str:
    """Where a fact comes from, with its day."""
    said, day = str(source.get("said", "")), str(source.get("on", ""))
    words = {
        "register": said or _("登记数据"),
        "check": _("自测时填报"),
        "clerk": _("窗口填写"),
        "earlier": _("沿用办件 %(case)s") % {"case": said},
        "applicant": _("申请人填报"),
    }.get(str(source.get("source", "")), said)
    return f"{words} {day}".strip()


def condition_lines(evaluation: Evaluation, snapshot: FrozenFacts | None, *, on: date) -> list[ConditionLine]:
    """Every condition with its answer, the value beside the threshold, and the clause."""
    before = _answers_in(snapshot)
    facts, titles = dictionary().facts, titles_of(current_catalogue())
    return [
        ConditionLine(
            mark=one.verdict,
            label=say(one.program.condition.label),
            found=with_titles(own_value(one, evaluation.facts, on), titles),
            sentence=with_titles(say(one.sentence), titles),
            law=one.program.condition.law,
            was=_was(before.get(one.program.condition.id), one),
            missing=tuple(say(facts[key].name) for key in one.missing if key in facts),
        )
        for one in evaluation.conditions
    ]


def _answers_in(snapshot: FrozenFacts | None) -> dict[str, str]:
    if snapshot is None:
        return {}
    told = json.loads(snapshot.explanation)
    return {str(one["id"]): str(one["verdict"]) for one in told.get("conditions", [])}


def _was(before: str | None, now: ConditionAnswer) -> str:
    """The answer at submission where it is another one now."""
    return before if before is not None and before != now.verdict else ""
