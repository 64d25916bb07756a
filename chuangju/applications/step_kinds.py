"""环节种类 - from the words of a policy's process to steps to be taken, and what happens when a step opens or ends.

Pure reading: `planned_steps(policy)` turns the file's process into plans without asking the database. Files upward hand
their behaviour over through `register_step_behaviour`, so that steps.py knows neither decisions nor payments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chuangju.applications.decision_settings import is_paid_out
from chuangju.applications.desk_settings import step_words
from chuangju.applications.models import Step
from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry
from chuangju.rules.policy import Policy

StepEffect = Callable[[Step, "User | None", datetime], None]
Kind, Join = Step.Kind, Step.Join
# Steps in which somebody looks at the case before it is decided.
REVIEW_KINDS = frozenset({Kind.ACCEPT, Kind.SCREEN, Kind.VERIFY, Kind.CONSULT, Kind.VISIT, Kind.PANEL})
# What comes after the decision, by the nature of the step.
AFTER_KINDS = frozenset({Kind.NOTICE, Kind.PAY})


@dataclass(frozen=True)
class StepBehaviour:
    """What follows when a step of a kind is opened, and when it has ended; both inside the change's transaction."""

    on_open: StepEffect | None = None
    on_done: StepEffect | None = None


step_behaviours: Registry[str, StepBehaviour] = Registry("applications.step_behaviours")


def register_step_behaviour(
    kind: str, *, on_open: StepEffect | None = None, on_done: StepEffect | None = None
) -> StepBehaviour:
    """Say what happens when steps of this kind open and end; one package file for each kind."""
    return step_behaviours.register(str(kind), StepBehaviour(on_open, on_done))


@dataclass(frozen=True)
class PlannedStep:
    """One step as the file means it: units by their printed names; several plans may share a position."""

    position: int
    kind: str
    word: str
    label: str
    label_en: str
    unit_name: str = ""
    is_lead: bool = False
    join: str = Join.ALL
    days: int | None = None
    silence_days: int | None = None
    options: dict[str, Any] = field(default_factory=dict)


def kind_of_word(word: str, label: str = "") -> str:
    """Which kind of step a word of a policy file stands for, or the sentence beside it; what says nothing is a review."""
    words = step_words()
    for said in (word.strip().lower(), label.strip().lower()):
        if said in words["kinds"]:
            return str(words["kinds"][said])
        for kind, signs in words["signs"].items():
            if any(sign in said for sign in signs):
                return str(kind)
    return str(words["default"]["kind"])


def planned_steps(policy: Policy) -> list[PlannedStep]:
    """The whole process: acceptance first, an approval before whatever follows the decision, then as the file says."""
    found: list[PlannedStep] = []
    for place, node in enumerate(policy.process, start=1):
        if is_nomination(node):
            continue
        found += _planned(node, place, unit=policy.unit)
    if not found or found[0].kind != Kind.ACCEPT:
        found.insert(0, _added("accept", Kind.ACCEPT, _first_unit(found, policy)))
    if all(one.kind != Kind.APPROVE for one in found[: _place_after(found)]):
        # What a file lets somebody approve after the notice confirms what was decided before it.
        found.insert(_place_of_approval(found), _added("approve", Kind.APPROVE, policy.unit))
    if all(one.kind != Kind.PAY for one in found) and is_paid_out(policy):
        found.append(_added("pay", Kind.PAY, policy.unit))
    return _numbered(found)


def is_nomination(node: Mapping[str, Any]) -> bool:
    """Whether a node of a process says that somebody must be put forward: that comes before the case."""
    return str(node.get("step") or "").strip().lower() in step_words()["before"]["nomination"]


def has_limited_view(word: str) -> bool:
    """Whether the outside body of such a step works in the product itself."""
    return word in step_words()["outside"]["limited_view"]


def _planned(node: Mapping[str, Any], place: int, *, unit: str) -> list[PlannedStep]:
    label = node.get("label") if isinstance(node.get("label"), Mapping) else {}
    word = str(node.get("step") or (label or {}).get("zh") or "")
    zh = str((label or {}).get("zh") or word)
    lead = str(node.get("lead") or "")
    names = [str(one) for one in node["units"]] if isinstance(node.get("units"), list) else []
    names = names or [str(node.get("unit") or unit)]
    join = str(node.get("join") or (Join.LEAD if lead and len(names) > 1 else Join.ALL))
    one = PlannedStep(
        position=place,
        kind=kind_of_word(word, zh),
        word=word,
        label=zh,
        label_en=str((label or {}).get("en") or zh),
        join=join if join in Join.values else Join.ALL,
        days=_whole(node.get("days")),
        silence_days=_whole(node.get("silence_days")),
        options={key: node[key] for key in node if key not in _TAKEN},
    )
    return [replace(one, unit_name=name, is_lead=len(names) == 1 or name == (lead or names[0])) for name in names]


_TAKEN = frozenset({"step", "label", "unit", "units", "lead", "join", "days", "silence_days", "zh", "en"})


def _whole(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_number and isinstance(value, int) else None


def _added(key: str, kind: str, unit: str) -> PlannedStep:
    words = step_words()["added"][key]["label"]
    return PlannedStep(
        position=0, kind=kind, word=key, label=words["zh"], label_en=words["en"], unit_name=unit, is_lead=True
    )


def _first_unit(found: list[PlannedStep], policy: Policy) -> str:
    """Who takes a case in: whoever does the first review, since what is outside or follows the decision takes nothing in."""
    first = next((one for one in found if one.kind in REVIEW_KINDS and one.is_lead), None)
    return first.unit_name if first else policy.unit


def _place_of_approval(found: list[PlannedStep]) -> int:
    """After the last review that stands before the notice and the payment; behind the first step where there is none."""
    after = _place_after(found)
    reviews = [place for place, one in enumerate(found[:after]) if one.kind in REVIEW_KINDS]
    return (max(reviews) if reviews else 0) + 1


def _place_after(found: list[PlannedStep]) -> int:
    return next((place for place, one in enumerate(found) if one.kind in AFTER_KINDS), len(found))


def _numbered(found: list[PlannedStep]) -> list[PlannedStep]:
    """Positions from 1 without a gap; what stood at one position stays side by side."""
    numbered: list[PlannedStep] = []
    position, before = 0, None
    for one in found:
        mark = (one.position, one.word if one.position == 0 else "")
        if mark != before:
            position += 1
        before = mark
        numbered.append(replace(one, position=position))
    return numbered
