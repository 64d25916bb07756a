"""The small parts of a policy file: words, dates, terms, figures, expressions; each fault with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from chuangju.rules.amounts import read_money, read_rate
from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.extent import check_extent
from chuangju.rules.facts import FIRST_DAY, LAST_DAY
from chuangju.rules.kinds import KIND_NAMES, Fault, Kind, Value, Words
from chuangju.rules.parser import parse_expression
from chuangju.rules.policy import NO_WORDS
from chuangju.rules.reading import Scope
from chuangju.rules.tree import Node
from chuangju.rules.yaml_nodes import Faults, Map, Scalar, Sequence, YamlNode

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TERM = re.compile(r"(\S+)\s*(?:\.\.|—|至)\s*(\S*)")
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def read_address(node: YamlNode | None, faults: Faults) -> str:
    """An address of the web; words that are none (an ellipsis) are nothing, any other scheme is refused."""
    text = read_text(node, faults)
    if text.startswith(("https://", "http://")):
        return text
    if node is not None and re.match(r"\s*[A-Za-z][A-Za-z0-9+.-]*:", text):
        faults.add(node, "网址要以 https:// 或 http:// 开头", "an address begins with https:// or http://")
    return ""


def read_words(node: YamlNode | None, faults: Faults) -> Words:
    """`{zh: …, en: …}`, or one text for both languages."""
    if node is None:
        return NO_WORDS
    if isinstance(node, Scalar):
        return Words(node.text, node.text)
    if isinstance(node, Map):
        parts = {key: value.text for key, value in node.values.items() if isinstance(value, Scalar)}
        strange = next((node.keys[key] for key, value in parts.items() if key not in {"zh", "en"} and not value), None)
        if strange is not None:
            zh = '句子里有逗号或冒号时要加引号，如 {zh: …, en: "Active, and running"}'
            faults.add(strange, zh, "a sentence with a comma or colon wants quotation marks")
        if "zh" in parts:
            return Words(parts["zh"], parts.get("en", parts["zh"]))
    faults.add(node, "这里要写 {zh: 中文, en: 英文} 或一句话", "write {zh: …, en: …} or one sentence here")
    return NO_WORDS


def read_text(node: YamlNode | None, faults: Faults) -> str:
    """One piece of text; empty for none."""
    if node is None:
        return ""
    if isinstance(node, Scalar):
        return "" if node.is_null else node.text
    faults.add(node, "这里要一句文字", "a text belongs here")
    return ""


def read_choice(node: YamlNode | None, allowed: Iterable[str], default: str, faults: Faults) -> str:
    """One of some words."""
    text = read_text(node, faults)
    if not text:
        return default
    names = tuple(allowed)
    if text not in names and node is not None:
        faults.add(
            node, f"“{text[:40]}”应为 {'、'.join(names)} 之一", f"“{text[:40]}” must be one of {', '.join(names)}"
        )
        return default
    return text


def read_identifier(node: YamlNode | None, faults: Faults) -> str:
    """A name in small letters, digits and underscores."""
    text = read_text(node, faults)
    if node is not None and not _KEY.fullmatch(text):
        zh = f"“{text[:40]}”不能作名称：只用小写字母、数字和下划线，以字母开头"
        faults.add(node, zh, f"“{text[:40]}” is no name: small letters, digits and underscores, a letter first")
    return text


def read_day(node: YamlNode | None, faults: Faults) -> date | None:
    """A day as 2026-03-01; None (with a fault) for anything else."""
    text = node.text.strip() if isinstance(node, Scalar) else ""
    day = _day(text)
    if day is not None:
        return day
    if node is not None and _DAY.fullmatch(text):
        zh = f"“{text}”这一天不存在，或不在 {FIRST_DAY} 至 {LAST_DAY} 之间"
        faults.add(node, zh, f"“{text}” is no day of the calendar, or not between {FIRST_DAY} and {LAST_DAY}")
    elif node is not None:
        faults.add(node, f"“{text[:40]}”不是日期，请写成 2026-03-01", f"“{text[:40]}” is no date; write 2026-03-01")
    return None


def _day(text: str) -> date | None:
    """The day of 2026-03-01; None for what is none, and for days beyond those that facts can have."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


def read_term(node: YamlNode | None, faults: Faults) -> tuple[date | None, date | None]:
    """First and last day of `2024-01-01 .. 2026-12-31`; the last may be left open."""
    if node is None:
        return None, None
    text = node.text.strip() if isinstance(node, Scalar) else ""
    match = _TERM.fullmatch(text)
    first, last = (_day(part) for part in match.groups()) if match else (None, None)
    if match is None or first is None or (match[2] and last is None):
        zh = f"“{text[:40]}”不是起止日期，请写成 2024-01-01 .. 2026-12-31（长期有效的不写止日）"
        faults.add(node, zh, f"“{text[:40]}” is no term; write 2024-01-01 .. 2026-12-31, or leave the end open")
        return None, None
    if last is not None and last < first:
        faults.add(node, "止日早于起日", "the term ends before it begins")
    return first, last


def read_names(node: YamlNode | None, faults: Faults) -> tuple[str, ...]:
    """A list of names, or a single one."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return ()
    if isinstance(node, Scalar):
        return (node.text,)
    if isinstance(node, Sequence) and all(isinstance(one, Scalar) for one in node.values):
        return tuple(one.text for one in node.values if isinstance(one, Scalar))
    faults.add(node, "这里要一组名称", "a list of names belongs here")
    return ()


def read_figure(node: YamlNode | None, faults: Faults) -> tuple[Kind, Value] | None:
    """A figure with its kind: 3000元, 30%, 36, true, a date or a code."""
    if not isinstance(node, Scalar) or node.is_null:
        if node is not None:
            faults.add(node, "这里要一个数，如 3000元、30%、36", "a figure belongs here, as 3000元, 30% or 36")
        return None
    text = node.text.strip()
    try:
        if re.fullmatch(r"-?\d{1,18}", text):
            return Kind.INT, int(text)
        if text.endswith(("%", "‱", "％")):
            return Kind.RATE, read_rate(text)
        if _DAY.fullmatch(text):
            day = read_day(node, faults)
            return None if day is None else (Kind.DATE, day)
        if text in {"true", "false"}:
            return Kind.BOOL, text == "true"
        if re.match(r"-?[¥￥\d]", text):
            return Kind.MONEY, read_money(text)
    except Fault as fault:
        faults.add_fault(node, Fault(fault.words.zh, fault.words.en))
        return None
    return Kind.TEXT, text


def read_expression(node: YamlNode | None, scope: Scope, faults: Faults, *kinds: Kind) -> Node | None:
    """An expression of one of these kinds, checked against overflow; None with a fault where it is not taken."""
    if node is None:
        return None
    if not isinstance(node, Scalar):
        faults.add(node, "这里要一个表达式", "an expression belongs here")
        return None
    try:
        tree = parse_expression(node.text, scope)
        check_extent(tree)
        BoundsCheck(scope.parameter).check(tree)
    except Fault as fault:
        faults.add_fault(node, fault)
        return None
    if kinds and tree.kind not in kinds:
        zh, en = "或".join(KIND_NAMES[one][0] for one in kinds), " or ".join(KIND_NAMES[one][1] for one in kinds)
        found = KIND_NAMES[tree.kind]
        faults.add(node, f"这里的结果要是{zh}，写出的是{found[0]}", f"this must come to {en}, and is {found[1]}")
        return None
    return tree


def as_json(node: YamlNode | None) -> Any:
    """The value as a facts file would hold it: text, numbers, true and false, null, lists and objects."""
    if node is None:
        return None
    if isinstance(node, Map):
        return {key: as_json(value) for key, value in node.values.items()}
    if isinstance(node, Sequence):
        return [as_json(one) for one in node.values]
    if node.is_null:
        return None
    if node.is_plain and node.text in {"true", "True", "yes"}:
        return True
    if node.is_plain and node.text in {"false", "False", "no"}:
        return False
    if node.is_plain and re.fullmatch(r"-?\d{1,18}", node.text):
        return int(node.text)
    return node.text
