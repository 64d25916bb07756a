"""版本对比 - what differs between two versions of a policy: line by line, and condition by condition, figure by figure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chuangju.policies.draft_page import say
from chuangju.rules.kinds import Kind, Value
from chuangju.rules.parameters import Band, Parameter
from chuangju.rules.policy import Policy
from chuangju.rules.saying_values import say_value

_CONTEXT = 3


@dataclass(frozen=True)
class DiffLine:
    """A line of the comparison: `sign` is + - or a blank; `gap` stands where unchanged lines are left out."""

    sign: str
    text: str
    old_number: int | None
    new_number: int | None


@dataclass(frozen=True)
class Difference:
    """One thing that differs, in words: what, before, after (empty: was not there, is no more)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side."""

    differences: list[Difference]
    lines: list[DiffLine]


def compare_versions(old: Policy | None, new: Policy | None, old_text: str, new_text: str) -> Comparison:
    """Everything that differs; by meaning only where both can be read."""
    differences = list(_differences(old, new)) if old is not None and new is not None else []
    return Comparison(differences, list(_diff(old_text, new_text)) if old_text else [])


def _diff(old: str, new: str) -> Iterator[DiffLine]:
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        if number:
            yield DiffLine("gap", "", None, None)
        for verb, a, b, c, d in group:
            if verb == "equal":
                for step in range(b - a):
                    yield DiffLine(" ", before[a + step], a + step + 1, c + step + 1)
                continue
            for step in range(a, b):
                yield DiffLine("-", before[step], step + 1, None)
            for step in range(c, d):
                yield DiffLine("+", after[step], None, step + 1)


def _differences(old: Policy, new: Policy) -> Iterator[Difference]:
    if (old.effective_from, old.effective_to) != (new.effective_from, new.effective_to):
        yield Difference(_("有效期"), _term(old), _term(new))
    yield from _changed(_("政策名称"), say(old.title), say(new.title))
    yield from _changed(_("责任单位"), old.unit, new.unit)
    yield from _condition_differences(old, new)
    yield from _figure_differences(old, new)
    yield from _changed(_("金额算式"), old.amount_text, new.amount_text)
    yield from _changed(_("不能同时享受"), "、".join(old.stacking.excludes), "、".join(new.stacking.excludes))
    yield from _changed(_("可信程度"), old.confidence, new.confidence)


def _term(policy: Policy) -> str:
    return f"{policy.effective_from} — {policy.effective_to or _('长期')}"


def _changed(what: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(what, before, after)


def _condition_differences(old: Policy, new: Policy) -> Iterator[Difference]:
    before, after = {one.id: one for one in old.conditions}, {one.id: one for one in new.conditions}
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        label = say((other or one).label)  # type: ignore[union-attr]  # one of them is there
        what = _("条件：%(label)s") % {"label": label}
        if one is None or other is None:
            yield Difference(what, one.text if one else "", other.text if other else "")
            continue
        yield from _changed(what, one.text, other.text)
        yield from _changed(_("条件的说法"), say(one.label), say(other.label))
        yield from _changed(_("条款（%(label)s）") % {"label": label}, one.law, other.law)


def _figure_differences(old: Policy, new: Policy) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.parameters, *new.parameters]):
        before, after = _figures(old.parameters.get(name)), _figures(new.parameters.get(name))
        for day in sorted({*before, *after}):
            yield from _changed(
                _("参数 %(name)s（%(day)s 起）") % {"name": name, "day": day}, before.get(day, ""), after.get(day, "")
            )


def _figures(parameter: Parameter | None) -> dict[str, str]:
    if parameter is None:
        return {}
    found = {}
    for one in parameter.values:
        if one.bands:
            parts = [f"{_size(band)} {_shown(band.value, parameter.kind)}" for band in one.bands]
            found[one.since.isoformat()] = "；".join(parts)
        else:
            found[one.since.isoformat()] = _shown(one.value, parameter.kind)
    return found


def _size(band: Band) -> str:
    """Up to which size a band reaches; sizes in money are said in yuan."""
    return "…" if band.upto is None else f"≤ {_shown(band.upto, band.size_kind)}"


def _shown(value: Value, kind: Kind) -> str:
    return say(say_value(value, kind, None))
