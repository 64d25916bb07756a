"""What a policy file promises and proposes: worked examples, and steps that an applicant could take."""

from __future__ import annotations

import re

from chuangju.rules.amounts import read_money
from chuangju.rules.given import Facts, clean_facts, read_number
from chuangju.rules.kinds import LISTS, NUMBERS, Fault, Value
from chuangju.rules.policy import Example, Step
from chuangju.rules.policy_keys import EXAMPLE_KEYS, STEP_KEYS
from chuangju.rules.policy_sections import refuse_unknown_keys, require_keys
from chuangju.rules.policy_values import as_json, read_choice, read_day, read_names, read_words
from chuangju.rules.program import VERDICTS
from chuangju.rules.reading import Scope
from chuangju.rules.yaml_nodes import Faults, Map, Scalar, Sequence, YamlNode, entries


def read_steps(node: YamlNode | None, scope: Scope, faults: Faults) -> tuple[Step, ...]:
    """What-if steps: `{label: …, change: {staff_count: +1, employees: {add: {…}}}}`."""
    found: list[Step] = []
    shape = "{label: …, change: {…}}"
    for one in _items(node, shape, faults):
        change = one.values.get("change")
        refuse_unknown_keys(one, STEP_KEYS, faults)
        if not isinstance(change, Map):
            faults.add(one, f"写成 {shape}", f"write {shape}")
            continue
        checked = {key.text: _change(key, value, scope, faults) for key, value in entries(change)}
        found.append(Step(read_words(one.values.get("label"), faults), checked))
    return tuple(found)


def _items(node: YamlNode | None, shape: str, faults: Faults) -> list[Map]:
    """The mappings of a list; anything else is a fault, so that nothing is passed over in silence."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return []
    if not isinstance(node, Sequence):
        faults.add(node, f"这里要写成一组 - {shape}", f"this is a list of {shape}")
        return []
    for one in node.values:
        if not isinstance(one, Map):
            faults.add(one, f"每一项写成 {shape}", f"each is written {shape}")
    return [one for one in node.values if isinstance(one, Map)]


def _change(key: Scalar, value: YamlNode, scope: Scope, faults: Faults) -> Value:
    """What becomes of one fact: a new value, an element to add, or "+1" and "-1" to count from what there is."""
    fact = scope.dictionary.facts.get(key.text)
    if fact is None:
        faults.add(key, f"没有“{key.text[:40]}”这个数据项", f"there is no fact “{key.text[:40]}”")
        return None
    if isinstance(value, Scalar) and value.text[:1] in {"+", "-"} and fact.kind in NUMBERS:
        try:
            read_number(value.text[1:], fact)
        except Fault as fault:
            faults.add_fault(value, Fault(fault.words.zh, fault.words.en))
        return value.text
    given = as_json(value)
    is_added = fact.kind in LISTS and isinstance(value, Map) and set(value.values) == {"add"}
    _, problems = clean_facts({key.text: [given["add"]] if is_added else given}, scope.dictionary)
    for problem in problems:
        faults.add(value, problem.zh, problem.en)
    return given


def read_examples(node: YamlNode | None, scope: Scope, faults: Faults) -> tuple[Example, ...]:
    """Worked examples: what is given, the day, and what must come out."""
    found: list[Example] = []
    for one in _items(node, "{given: {…}, on: …, expect: …}", faults):
        refuse_unknown_keys(one, EXAMPLE_KEYS, faults)
        require_keys(one, ("on", "expect"), faults)
        day = read_day(one.values.get("on"), faults)
        facts = _given(one.values.get("given"), scope, faults)
        verdict = read_choice(one.values.get("expect"), VERDICTS, "", faults)
        if day is None or not verdict:
            continue
        names = {
            key: read_names(one.values[key], faults) if key in one.values else None for key in ("missing", "failed")
        }
        found.append(
            Example(
                given=facts,
                on=day,
                verdict=verdict,
                name=read_words(one.values.get("name") or one.values.get("label"), faults),
                amount=_amount(one.values.get("amount"), faults),
                missing=names["missing"],
                from_day=read_day(one.values.get("from"), faults) if "from" in one.values else None,
                failed=names["failed"],
                line=one.place.line,
            )
        )
    return tuple(found)


def _given(node: YamlNode | None, scope: Scope, faults: Faults) -> Facts:
    """The facts of an example; each one that is not taken is told at its own place."""
    found: Facts = {}
    if node is not None and not isinstance(node, Map) and not (isinstance(node, Scalar) and node.is_null):
        faults.add(node, "given 写成 {数据项: 值}", "given is written {fact: value}")
    for key, value in entries(node):
        facts, problems = clean_facts({key.text: as_json(value)}, scope.dictionary)
        found |= facts
        for problem in problems:
            faults.add(key if key.text not in scope.dictionary.facts else value, problem.zh, problem.en)
    return found


def _amount(node: YamlNode | None, faults: Faults) -> int | None:
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return None
    if not isinstance(node, Scalar):
        faults.add(node, "这里要一个金额或整数", "an amount or a whole number belongs here")
        return None
    try:
        return int(node.text) if re.fullmatch(r"-?[0-9]{1,18}", node.text) else read_money(node.text)
    except Fault as fault:
        faults.add_fault(node, Fault(fault.words.zh, fault.words.en))
        return None
