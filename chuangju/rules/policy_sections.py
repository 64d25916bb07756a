"""The larger parts of a policy file: parameters, conditions and points tables."""

from __future__ import annotations

import difflib
from collections.abc import Container
from dataclasses import replace
from datetime import date

from chuangju.rules.kinds import Kind, Words
from chuangju.rules.parameters import Band, Parameter, ParameterValue
from chuangju.rules.policy import CONFIDENCES, Condition, PointItem
from chuangju.rules.policy_keys import BAND_KEYS, CONDITION_KEYS, FIGURE_KEYS, POINT_KEYS, POINTS_KEYS
from chuangju.rules.policy_values import (
    read_choice,
    read_day,
    read_expression,
    read_figure,
    read_identifier,
    read_text,
    read_words,
)
from chuangju.rules.reading import Scope
from chuangju.rules.tree import Add, Extremum, Node
from chuangju.rules.yaml_nodes import Faults, Map, Scalar, Sequence, YamlNode, entries

_FIGURES = {Kind.INT, Kind.MONEY, Kind.RATE}
# A run over a register keeps what failed and what is missing in the bits of one number; three conditions are implied.
MOST_CONDITIONS = 60
MOST_POINTS = 200
# Conditions that follow from the rest of a file are called so.
IMPLIED = frozenset({"claim_by", "begun", "in_force", "grandfathered", "grandfathered_until"})


def read_parameters(
    node: YamlNode | None, source: tuple[str, str], faults: Faults, taken: Container[str] = ()
) -> dict[str, Parameter]:
    """Parameters by name; a plain value cites the policy's own source (document, confidence). Facts' names are taken."""
    found: dict[str, Parameter] = {}
    if node is not None and not isinstance(node, Map):
        faults.add(node, "参数要写成 名称: {日期: 数值}", "parameters are written as name: {day: figure}")
    for name, value in entries(node):
        read_identifier(name, faults)
        if name.text in taken or name.text == "on":
            faults.add(name, f"“{name.text}”这个名称已经用了", f"the name “{name.text}” is taken")
        parameter = read_parameter(name.text, value, source, faults)
        if parameter is not None:
            found[name.text] = parameter
    return found


def read_parameter(name: str, node: YamlNode, source: tuple[str, str], faults: Faults) -> Parameter | None:
    """One parameter: `{2022-01-01: 30%, 2024-07-01: {value: 50%, law: …}}`, all values of one kind."""
    if not isinstance(node, Map) or not node.values:
        faults.add(
            node,
            f"参数 {name} 要写明每个数值从哪天起，如 {{2024-01-01: 30%}}",
            f"say from which day each figure of {name} holds",
        )
        return None
    kinds: set[Kind] = set()
    values: list[ParameterValue] = []
    for key, value in entries(node):
        since = read_day(key, faults)
        read = _value(value, source, faults)
        if since is None or read is None:
            continue
        kinds.add(read[0])
        values.append(replace(read[1], since=since))
    if len(kinds) > 1:
        faults.add(node, f"参数 {name} 的数值种类不一致", f"the figures of {name} are of different kinds")
        return None
    if not values:
        return None
    values.sort(key=lambda one: one.since)
    found = Parameter(name, kinds.pop(), tuple(values), Words(name, name))
    if len(found.size_kinds) > 1 or found.is_banded != all(one.bands for one in values):
        faults.add(
            node, f"参数 {name} 的各个数值要按同一种大小分档", f"all figures of {name} go by bands of one kind of size"
        )
        return None
    return found


def _value(node: YamlNode, source: tuple[str, str], faults: Faults) -> tuple[Kind, ParameterValue] | None:
    law, confidence = source
    if isinstance(node, Map) and ("value" in node.values or "bands" in node.values):
        refuse_unknown_keys(node, FIGURE_KEYS, faults)
        law = read_text(node.values.get("law") or node.values.get("source"), faults) or law
        confidence = read_choice(node.values.get("confidence"), CONFIDENCES, confidence, faults)
        if "bands" in node.values:
            return _banded(node.values["bands"], law, confidence, faults)
        node = node.values["value"]
    figure = read_figure(node, faults)
    if figure is None:
        return None
    return figure[0], ParameterValue(date.min, figure[1], (), law, confidence)


def _banded(node: YamlNode, law: str, confidence: str, faults: Faults) -> tuple[Kind, ParameterValue] | None:
    bands: list[Band] = []
    kinds: set[Kind] = set()
    for one in node.values if isinstance(node, Sequence) else ():
        if isinstance(one, Map):
            refuse_unknown_keys(one, BAND_KEYS, faults)
        figure = read_figure(one.values.get("value"), faults) if isinstance(one, Map) else None
        upto = read_figure(one.values["upto"], faults) if isinstance(one, Map) and "upto" in one.values else None
        is_size = upto is None or upto[0] in {Kind.INT, Kind.MONEY}
        if figure is None or figure[0] not in _FIGURES or not is_size or (bands and bands[-1].upto is None):
            faults.add(
                one,
                "每一档写成 {upto: 100, value: 15%}，最后一档可不写 upto",
                "write each band as {upto: 100, value: 15%}",
            )
            return None
        kinds.add(figure[0])
        bands.append(Band(*(upto[1], figure[1], upto[0]) if upto else (None, figure[1])))
    limits = [band.upto for band in bands if band.upto is not None]
    sizes = {band.size_kind for band in bands if band.upto is not None}
    if not bands or len(kinds) > 1 or len(sizes) > 1 or limits != sorted(set(limits)):
        faults.add(node, "各档要由小到大，数值种类一致", "bands go from small to large, of one kind")
        return None
    return kinds.pop(), ParameterValue(date.min, None, tuple(bands), law, confidence)


def read_conditions(node: YamlNode | None, scope: Scope, faults: Faults) -> tuple[Condition, ...]:
    """The conditions in order; each with id, label, `when` and the clause it stands on."""
    found: list[Condition] = []
    if node is not None and not isinstance(node, Sequence):
        faults.add(
            node,
            "条件要写成一组 - {id: …, label: …, when: …, law: …}",
            "conditions are a list of {id, label, when, law}",
        )
    given = node.values if isinstance(node, Sequence) else ()
    if len(given) > MOST_CONDITIONS:
        faults.add(given[MOST_CONDITIONS], f"条件超过 {MOST_CONDITIONS} 项", f"more than {MOST_CONDITIONS} conditions")
    for one in given[:MOST_CONDITIONS]:
        if not isinstance(one, Map):
            faults.add(
                one, "条件要写成 {id: …, label: …, when: …, law: …}", "a condition is written {id, label, when, law}"
            )
            continue
        refuse_unknown_keys(one, CONDITION_KEYS, faults)
        require_keys(one, ("id", "when", "law"), faults)
        name = read_identifier(one.values.get("id"), faults)
        if name in IMPLIED:
            faults.add(
                one.values["id"], f"“{name}”由系统使用，请换一个名称", f"“{name}” is used by the machine; take another"
            )
        if any(other.id == name for other in found):
            faults.add(one.values["id"], f"条件 {name} 写了两次", f"condition {name} is written twice")
        when = read_expression(one.values.get("when"), scope, faults, Kind.BOOL)
        label = read_words(one.values.get("label"), faults)
        law, mend = read_text(one.values.get("law"), faults), one.values.get("mend")
        if when is None or not name:
            continue
        text = one.values["when"]
        words = read_words(mend, faults) if mend is not None else None
        actionable = read_choice(one.values.get("actionable"), ("true", "false"), "", faults)
        shown = text.text if isinstance(text, Scalar) else ""
        found.append(
            Condition(
                name,
                label if label.zh else Words(name, name),
                when,
                shown,
                law,
                words,
                one.place.line,
                actionable=actionable,
            )
        )
    return tuple(found)


def refuse_unknown_keys(node: Map, known: set[str], faults: Faults) -> None:
    """A key that nobody reads is a slip of the pen."""
    for key in node.values:
        if key not in known:
            near = difflib.get_close_matches(key[:40], known, 1)
            zh, en = f"这里可以写：{'、'.join(sorted(known))}", f"known: {', '.join(sorted(known))}"
            if near:
                zh, en = f"是不是“{near[0]}”？", f"is it “{near[0]}”?"
            faults.add(node.keys[key], f"不认识“{key[:40]}”，{zh}", f"“{key[:40]}” is not known here; {en}")


def require_keys(node: Map, wanted: tuple[str, ...], faults: Faults) -> None:
    """What must not be left out."""
    for key in wanted:
        value = node.values.get(key)
        if value is None or (isinstance(value, Scalar) and value.is_null):
            zh = "缺少依据（law）：写明条款或文号" if key == "law" else f"缺少“{key}”"
            faults.add(node, zh, "the citation (law) is missing" if key == "law" else f"“{key}” is missing")


def read_points(node: YamlNode | None, scope: Scope, faults: Faults) -> tuple[tuple[PointItem, ...], Node | None]:
    """The lines of a points table and the tree of their total: capped one by one, of each group only the best."""
    items = node.values.get("items") if isinstance(node, Map) else node
    if node is None:
        return (), None
    if isinstance(node, Map):
        refuse_unknown_keys(node, POINTS_KEYS, faults)
    if not isinstance(items, Sequence):
        faults.add(
            node,
            "积分表要写成 items: 一组 {id, label, value, law}",
            "a points table is items: a list of {id, label, value, law}",
        )
        return (), None
    found: list[PointItem] = []
    if len(items.values) > MOST_POINTS:
        faults.add(items.values[MOST_POINTS], f"积分项目超过 {MOST_POINTS} 项", f"more than {MOST_POINTS} items")
    for one in items.values[:MOST_POINTS]:
        if not isinstance(one, Map):
            faults.add(
                one, "每项写成 {id: …, label: …, value: …, law: …}", "an item is written {id, label, value, law}"
            )
            continue
        refuse_unknown_keys(one, POINT_KEYS, faults)
        require_keys(one, ("id", "value", "law"), faults)
        value = read_expression(one.values.get("value"), scope, faults, Kind.INT)
        cap = read_expression(one.values.get("cap"), scope, faults, Kind.INT)
        if value is None:
            continue
        counted = Extremum(Kind.INT, greatest=False, parts=(value, cap)) if cap is not None else value
        name, label = read_identifier(one.values.get("id"), faults), read_words(one.values.get("label"), faults)
        text, group = one.values["value"], read_text(one.values.get("group"), faults)
        law = read_text(one.values.get("law"), faults)
        shown = text.text if isinstance(text, Scalar) else ""
        found.append(PointItem(name, label, counted, shown, law, group, one.place.line))
    return tuple(found), _total(found)


def _total(items: list[PointItem]) -> Node | None:
    groups: dict[str, list[Node]] = {}
    for number, one in enumerate(items):
        groups.setdefault(one.group or f"#{number}", []).append(one.value)
    bests = [
        parts[0] if len(parts) == 1 else Extremum(Kind.INT, greatest=True, parts=tuple(parts))
        for parts in groups.values()
    ]
    if not bests:
        return None
    total = bests[0]
    for more in bests[1:]:
        total = Add(Kind.INT, total, more)
    return total
