"""读草稿 - what a text in the editor means so far: its faults, each condition in words, and how its examples come out.

A text with faults is read as far as it goes, so that the officer sees the machine's reading of every part that is sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from chuangju.policies.procedure_checks import procedure_faults, procedure_notices
from chuangju.policies.stacking_checks import stacking_notices
from chuangju.rules.binding import Binder
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.examples import ExampleResult, run_examples
from chuangju.rules.folding import settle_figures
from chuangju.rules.kinds import Fault, Words
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.policy_sections import read_parameters, read_points
from chuangju.rules.policy_values import read_expression, read_term
from chuangju.rules.reading import Scope
from chuangju.rules.sentences import tell
from chuangju.rules.tree import Node
from chuangju.rules.yaml_nodes import (
    Faults,
    Map,
    PolicyFault,
    PolicyFaults,
    Scalar,
    Sequence,
    YamlNode,
    entries,
    read_yaml,
)


@dataclass(frozen=True, slots=True)
class DraftReading:
    """A text as far as it can be read; `policy` only where nothing is wrong with it."""

    text: str
    policy: Policy | None
    faults: tuple[PolicyFault, ...]
    # By path: `conditions.0.when`, `amount`, `claim_by`.
    sentences: Mapping[str, Words] = field(default_factory=dict)
    examples: tuple[ExampleResult, ...] = ()
    # What could not be checked; it keeps nothing back.
    notices: tuple[PolicyFault, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the text can be taken, and does what its own examples say."""
        return self.policy is not None and all(one.has_passed for one in self.examples)

    @property
    def is_yaml(self) -> bool:
        """Whether the text is YAML at all, so that a form can be made of it."""
        return bool(self.sentences) or self.policy is not None or self._can_be_read()

    def _can_be_read(self) -> bool:
        try:
            return isinstance(read_yaml(self.text), Map)
        except PolicyFaults:
            return False


def read_draft(text: str, catalogue: Catalogue, *, on: date) -> DraftReading:
    """The policy of the text, or its faults; sentences for a day within its term (`on`, where it lies there)."""
    try:
        policy = parse_policy(text, dictionary=catalogue.dictionary, shared=catalogue.shared)
    except PolicyFaults as problem:
        return DraftReading(text, None, tuple(problem.faults), _sentences(text, catalogue, on))
    faults = procedure_faults(policy, on=on)
    sound = None if faults else policy
    notices = (*procedure_notices(policy, on=on), *stacking_notices(policy, catalogue))
    return DraftReading(text, sound, faults, _sentences(text, catalogue, on), tuple(run_examples(policy)), notices)


def _sentences(text: str, catalogue: Catalogue, on: date) -> dict[str, Words]:
    """The sound expressions of a text in words, each by its path; what is wrong with the others is told elsewhere."""
    try:
        root = read_yaml(text)
    except PolicyFaults:
        return {}
    if not isinstance(root, Map):
        return {}
    scope, day = _scope(root, catalogue, on)
    found: dict[str, Words] = {}
    for path, node in _expressions(root):
        tree = read_expression(node, scope, Faults(""))
        words = _tell(tree, scope, day) if tree is not None else None
        if words is not None:
            found[path] = words
    return found


def _scope(root: Map, catalogue: Catalogue, on: date) -> tuple[Scope, date]:
    unheard = Faults("")
    first, last = read_term(root.values.get("effective"), unheard)
    day = on if first is None or (first <= on and (last is None or on <= last)) else first
    parameters = read_parameters(root.values.get("parameters"), ("", "unverified"), unheard)
    scope = Scope(catalogue.dictionary, catalogue.shared, parameters)
    for key, value in entries(root.values.get("let")):
        tree = read_expression(value, scope, unheard)
        if tree is not None:
            scope = replace(scope, lets={**scope.lets, key.text: tree})
    _points, total = read_points(root.values.get("points"), scope, unheard)
    if total is not None:
        scope = replace(scope, lets={**scope.lets, "points_total": total})
    return scope, day


def _expressions(root: Map) -> Iterator[tuple[str, YamlNode]]:
    conditions = root.values.get("conditions")
    for number, one in enumerate(conditions.values if isinstance(conditions, Sequence) else ()):
        if isinstance(one, Map) and isinstance(one.values.get("when"), Scalar):
            yield f"conditions.{number}.when", one.values["when"]
    for key in ("amount", "claim_by"):
        if isinstance(root.values.get(key), Scalar):
            yield key, root.values[key]


def _tell(tree: Node, scope: Scope, day: date) -> Words | None:
    binder = Binder(day, scope.parameters, scope.shared)
    try:
        return tell(settle_figures(binder.bind(tree)))
    except (Fault, LookupError, TypeError, ValueError):
        # A figure that has no value on this day: the faults say so, with their place.
        return None


def known_names(policy_text: str, catalogue: Catalogue) -> dict[str, list[tuple[str, Words]]]:
    """What an expression of this text may speak of, for suggestions: facts with their fields, parameters, lists, own values."""
    found: dict[str, list[tuple[str, Words]]] = {"facts": [], "parameters": [], "lists": [], "lets": []}
    for key, fact in catalogue.dictionary.facts.items():
        found["facts"].append((key, fact.name))
        found["facts"] += [
            (f"{key}.{name}", Words(f"{fact.name.zh}·{one.name.zh}", f"{fact.name.en}: {one.name.en}"))
            for name, one in fact.fields.items()
        ]
    found["parameters"] += [(key, one.words) for key, one in catalogue.shared.parameters.items()]
    found["lists"] += [(key, one.words) for key, one in catalogue.shared.lists.items()]
    try:
        root: Any = read_yaml(policy_text)
    except PolicyFaults:
        return found
    if isinstance(root, Map):
        own = [
            (key.text, Words("本政策的参数", "this policy's own"))
            for key, _value in entries(root.values.get("parameters"))
        ]
        found["parameters"] = own + found["parameters"]
        found["lets"] = [
            (key.text, Words("本政策的中间值", "a value of this policy"))
            for key, _value in entries(root.values.get("let"))
        ]
    return found
