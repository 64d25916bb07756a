"""审核数据 - what a case rests on, fact by fact: at submission, now, and where it comes from; and the rule condition by condition."""

from __future__ import annotations

import json
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
from chuangju.ventures.registers import dictionary

# Signs of a value that would fill a cell by itself.
_LONG = 16


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
            )
        )
    return lines


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
