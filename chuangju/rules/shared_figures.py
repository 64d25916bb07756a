"""What all policies share: dated parameters and dated lists, each read from its file with line-exact faults."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chuangju.rules.facts import Dictionary, Fact
from chuangju.rules.kinds import Kind, Words
from chuangju.rules.parameters import DatedList, Member, Parameter, Shared
from chuangju.rules.policy import CONFIDENCES
from chuangju.rules.policy_sections import read_parameter, refuse_unknown_keys
from chuangju.rules.policy_values import read_choice, read_day, read_identifier, read_text, read_words
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

PARAMETER_KEYS = {"type", "name", "values", "source", "confidence", "note"}
LIST_KEYS = {"name", "codes_of", "members", "source", "confidence", "note"}
MEMBER_KEYS = {"code", "from", "to", "note"}


def load_shared(folder: Path, faults: list[PolicyFault], dictionary: Dictionary) -> Shared:
    """Shared parameters and dated lists of a folder; what is wrong with them is added to the faults."""
    taken = dictionary.facts
    parameters: dict[str, Parameter] = {}
    for key, node, found in _shared_entries(folder / "parameters.yaml", faults):
        if read_identifier(key, found) in taken or key.text == "on":
            found.add(key, f"“{key.text}”这个名称已经用了", f"the name “{key.text}” is taken")
        parameter = _parameter(key.text, node, found)
        if parameter is not None:
            parameters[key.text] = parameter
    lists: dict[str, DatedList] = {}
    for key, node, found in _shared_entries(folder / "lists.yaml", faults):
        read_identifier(key, found)
        members = node.values.get("members") if isinstance(node, Map) else None
        if not isinstance(node, Map) or not isinstance(members, Sequence):
            found.add(node, f"名单 {key.text} 要有 members", f"list {key.text} needs members")
            continue
        refuse_unknown_keys(node, LIST_KEYS, found)
        of = _codes_of(node.values.get("codes_of"), dictionary, found)
        read = [_member(one, of, found) for one in members.values]
        words = read_words(node.values.get("name"), found)
        lists[key.text] = DatedList(key.text, words, tuple(one for one in read if one is not None))
    return Shared(parameters, lists)


def _shared_entries(path: Path, faults: list[PolicyFault]) -> list[tuple[Scalar, YamlNode, Faults]]:
    collected = Faults(f"shared/{path.name}")
    collected.found = faults
    try:
        root = read_yaml(path.read_text("utf-8"), collected.file)
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        words = Words("文件读不出来，或不是 UTF-8", "the file cannot be read, or is not UTF-8")
        faults.append(PolicyFault(1, 1, words, collected.file))
        return []
    except PolicyFaults as problem:
        faults += problem.faults
        return []
    if not isinstance(root, Map):
        collected.add(root, "这个文件要写成 名称: {…}", "this file is written as name: {…}")
    return [(key, value, collected) for key, value in entries(root)]


def _parameter(name: str, node: YamlNode, faults: Faults) -> Parameter | None:
    values = node.values.get("values") if isinstance(node, Map) else None
    if not isinstance(node, Map) or values is None:
        faults.add(node, f"参数 {name} 要有 values: {{日期: 数值}}", f"{name} needs values: {{day: figure}}")
        return None
    refuse_unknown_keys(node, PARAMETER_KEYS, faults)
    confidence = read_choice(node.values.get("confidence"), CONFIDENCES, "unverified", faults)
    parameter = read_parameter(name, values, (read_text(node.values.get("source"), faults), confidence), faults)
    kind = read_choice(node.values.get("type"), [one.value for one in Kind], "", faults)
    if parameter is None:
        return None
    if kind and kind != parameter.kind:
        words = f"参数 {name} 写明是 {kind}，数值却是 {parameter.kind}"
        faults.add(node.values["type"], words, f"{name} is said to be {kind}, and its figures are {parameter.kind}")
    return replace(parameter, words=read_words(node.values.get("name"), faults), shared=True)


def _codes_of(node: YamlNode | None, dictionary: Dictionary, faults: Faults) -> Fact | None:
    """The fact whose codes a list holds, where it is said."""
    name = read_text(node, faults)
    known = {key: one for fact in dictionary.facts.values() for key, one in fact.fields.items()} | {**dictionary.facts}
    if node is not None and name not in known:
        faults.add(node, f"没有“{name[:40]}”这个数据项", f"there is no fact “{name[:40]}”")
    return known.get(name)


def _member(node: YamlNode, of: Fact | None, faults: Faults) -> Member | None:
    if not isinstance(node, Map) or "code" not in node.values or "from" not in node.values:
        faults.add(node, "名单成员写成 {code: …, from: …, to: …}", "a member is written {code, from, to}")
        return None
    refuse_unknown_keys(node, MEMBER_KEYS, faults)
    code, starts = read_text(node.values["code"], faults), read_day(node.values["from"], faults)
    ends = read_day(node.values["to"], faults) if node.values.get("to") is not None else None
    if of is not None and of.codes is not None and code not in of.codes.codes:
        faults.add(
            node.values["code"], f"“{code[:40]}”不在{of.name.zh}的代码里", f"“{code[:40]}” is no code of {of.name.en}"
        )
    if starts is not None and ends is not None and ends < starts:
        faults.add(node.values["to"], "止日早于起日", "the end is before the beginning")
    return Member(code, starts, ends) if starts is not None else None
