"""草稿的表单 - a policy's text as fields, and what was typed into them put back into the text, value by value.

A field is called by the path of its value in the text (policy_text.py). Some paths are made up: `effective#from` and
`effective#to` are the halves of one term, `row#list` is a list written on one line, `nominators#list` stands in a step of the
process (draft_nominators.py). Only what somebody changed is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.policies.draft_nominators import FIELD as NOMINATORS_FIELD
from chuangju.policies.draft_nominators import nominators_in, set_nominators
from chuangju.policies.policy_text import append, find, remove, scalars_of, set_raw, set_value, split_path
from chuangju.policies.policy_text_order import move_member
from chuangju.policies.procedure_checks import NOMINATORS
from chuangju.rules.policy import CONFIDENCES
from chuangju.rules.policy_file import BENEFITS, CHANNELS, LEVELS, SUBJECTS

PREFIX = "f:"
# The buttons that change a member's place in its list.
STEPS = {"up": -1, "down": 1}
_LISTS = ("row", "audience", "excludes", "stacking.excludes")


@dataclass(frozen=True)
class FieldSpec:
    """A field of the form: the path of its value, what it is called, how it is typed in."""

    path: str
    label: str | Promise
    kind: str = "text"
    choices: tuple[str, ...] = ()


HEAD = (
    FieldSpec("id", _("政策编号")),
    FieldSpec("version", _("版本")),
    FieldSpec("title.zh", _("政策名称")),
    FieldSpec("title.en", _("英文名称")),
    FieldSpec("summary.zh", _("一句话说明"), "area"),
    FieldSpec("summary.en", _("一句话说明（英文）"), "area"),
    FieldSpec("effective#from", _("施行日期"), "day"),
    FieldSpec("effective#to", _("有效期至（空为长期）"), "day"),
    FieldSpec("unit", _("责任单位")),
    FieldSpec("row#list", _("服务的任务（序号）")),
    FieldSpec("level", _("层级"), "choice", LEVELS),
    FieldSpec("subject", _("给谁"), "choice", SUBJECTS),
    FieldSpec("benefit", _("给什么"), "choice", BENEFITS),
    FieldSpec("channel", _("怎么办"), "choice", CHANNELS),
)
SOURCE = (
    FieldSpec("source.issuer", _("发文机关")),
    FieldSpec("source.document", _("文件名称")),
    FieldSpec("source.number", _("发文字号")),
    FieldSpec("source.url", _("官方地址")),
    FieldSpec("source.confidence", _("可信程度"), "choice", CONFIDENCES),
)
AMOUNT = (
    FieldSpec("amount", pgettext_lazy("policy", "金额"), "expression"),
    FieldSpec("amount_note.zh", _("金额说明")),
    FieldSpec("amount_note.en", _("金额说明（英文）")),
    FieldSpec("claim_by", _("最后申领日"), "expression"),
    FieldSpec("excludes#list", _("不能同时享受（政策编号）")),
)
NOMINATION = FieldSpec(NOMINATORS_FIELD, _("谁可以推荐"), "ticks", NOMINATORS)
_CONDITION = (
    FieldSpec("label.zh", _("写给人看")),
    FieldSpec("label.en", _("英文")),
    FieldSpec("when", _("条件式"), "expression"),
    FieldSpec("law", _("条款")),
    FieldSpec("mend.zh", _("不满足时可以怎么做")),
    FieldSpec("mend.en", _("英文")),
)
_EXAMPLE = (
    FieldSpec("name.zh", _("范例")),
    FieldSpec("on", _("日期"), "day"),
    FieldSpec("expect", _("应得结论"), "choice", ("eligible", "not_yet", "near_miss", "unknown", "not_eligible")),
    FieldSpec("amount", _("应得金额")),
)


@dataclass(frozen=True)
class Cell:
    """One figure of a parameter on one day; `note` names its band."""

    path: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class ParameterRow:
    """A parameter with its figures, a list of cells for each day of the grid."""

    name: str
    cells: list[list[Cell]]


@dataclass(frozen=True)
class Block:
    """A member of a list as fields: a condition, an example."""

    number: int
    path: str
    name: str
    fields: list[tuple[FieldSpec, str]]


def values_of(text: str) -> dict[str, str]:
    """What the fields hold; raises PolicyFaults where the text is no YAML."""
    found = scalars_of(text)
    values = dict(found)
    first, _dots, last = found.get("effective", "").partition("..")
    values["effective#from"], values["effective#to"] = first.strip(), last.strip()
    for name in _LISTS:
        members = [
            value
            for path, value in found.items()
            if path.rpartition(".")[0] == name and path.rpartition(".")[2].isdigit()
        ]
        values[f"{name}#list"] = ", ".join(members) if members else found.get(name, "")
    values[NOMINATORS_FIELD] = ", ".join(nominators_in(found))
    for path, value in found.items():
        # One sentence for both languages stands in both fields.
        parent, _dot, last_part = path.rpartition(".")
        if path in {"title", "summary", "amount_note"} or (
            last_part in {"label", "mend", "name"} and parent.rpartition(".")[2].isdigit()
        ):
            values.setdefault(f"{path}.zh", value)
            values.setdefault(f"{path}.en", value)
    return values


def changes_in(posted: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The fields that are not as they were drawn."""
    found = {}
    for name, value in posted.items():
        path = name.removeprefix(PREFIX)
        typed = " ".join(value.split())
        if name.startswith(PREFIX) and typed != " ".join(before.get(path, "").split()):
            found[path] = typed
    return found


def apply_changes(text: str, changes: Mapping[str, str]) -> str:
    """The text with these fields changed; raises PolicyFaults where it is no YAML."""
    term = {path: changes[path] for path in ("effective#from", "effective#to") if path in changes}
    if term:
        now = values_of(text)
        first, last = (term.get(path, now.get(path, "")) for path in ("effective#from", "effective#to"))
        text = set_value(text, ("effective",), f"{first} .. {last}".rstrip())
    for path, value in changes.items():
        if path.startswith("effective#"):
            continue
        if path.endswith("#list"):
            text = _set_list(text, path.removesuffix("#list"), value)
        elif path.rpartition(".")[2] in {"zh", "en"}:
            text = _set_words(text, path, value)
        else:
            text = set_value(text, split_path(path), value)
    return text


def _set_list(text: str, name: str, value: str) -> str:
    members = [one for one in value.replace("，", ",").replace("、", ",").replace(" ", ",").split(",") if one]
    if f"{name}#list" == NOMINATORS_FIELD:
        return set_nominators(text, scalars_of(text), members)
    if not members:
        return remove(text, split_path(name))
    return set_raw(text, split_path(name), "[" + ", ".join(members) + "]")


def _set_words(text: str, path: str, value: str) -> str:
    """One language of a sentence; a sentence for both languages is split where only one of them changes."""
    parts = split_path(path)
    parent = find(text, parts[:-1])
    if parent is not None and not hasattr(parent.node, "flow_style") and parts[-1] == "zh":
        return set_value(text, parts[:-1], value)
    return set_value(text, parts, value)


def blocks_of(text: str, values: Mapping[str, str], name: str) -> list[Block]:
    """The conditions or the examples of a text as fields."""
    specs = _CONDITION if name == "conditions" else _EXAMPLE
    item = find(text, (name,))
    count = len(item.node.value) if item is not None and isinstance(item.node.value, list) else 0
    found = []
    for number in range(count):
        path = f"{name}.{number}"
        fields = [
            (FieldSpec(f"{path}.{one.path}", one.label, one.kind, one.choices), values.get(f"{path}.{one.path}", ""))
            for one in specs
        ]
        found.append(Block(number, path, values.get(f"{path}.id", ""), fields))
    return found


def parameter_grid(values: Mapping[str, str], extra_days: list[str]) -> tuple[list[str], list[ParameterRow]]:
    """The days on which any figure changes, and each parameter's figures for them (empty where it does not change)."""
    figures: dict[str, dict[str, list[Cell]]] = {}
    for path, value in values.items():
        parts = path.split(".")
        if parts[0] != "parameters" or len(parts) < 3:  # noqa: PLR2004 - parameters, name, day
            continue
        name, day, rest = parts[1], parts[2], parts[3:]
        days = figures.setdefault(name, {})
        if not rest or rest == ["value"]:
            days.setdefault(day, []).append(Cell(path, value))
        elif rest[0] == "bands" and rest[-1] == "value":
            upto = values.get(".".join([*parts[:-1], "upto"]), "")
            days.setdefault(day, []).append(Cell(path, value, f"≤ {upto}" if upto else "…"))
    columns = sorted({day for days in figures.values() for day in days} | set(extra_days))
    rows = [
        ParameterRow(name, [days.get(day) or [Cell(f"parameters.{name}.{day}", "")] for day in columns])
        for name, days in figures.items()
    ]
    return columns, rows


def act_on(text: str, action: str, given: Mapping[str, Any]) -> str:
    """What a button of the form does to the text: a condition, a figure or an example more or less, or elsewhere."""
    verb, _colon, what = action.partition(":")
    if verb == "remove" and what.partition(".")[0] in {"conditions", "examples", "parameters"}:
        return remove(text, split_path(what))
    if verb in STEPS and what.partition(".")[0] in {"conditions", "examples"}:
        name, _dot, number = what.partition(".")
        return move_member(text, (name,), int(number), STEPS[verb]) if number.isdecimal() else text
    if action == "add:condition":
        return append(text, ("conditions",), _new_condition(text))
    if action == "add:parameter":
        name, day, value = (str(given.get(key, "")).strip() for key in ("new_name", "new_day", "new_value"))
        return set_value(text, ("parameters", name, day), value) if name and day and value and "." not in name else text
    if action == "add:example":
        return append(text, ("examples",), _new_example(text))
    return text


def _new_condition(text: str) -> dict[str, str]:
    taken = {
        value for path, value in scalars_of(text).items() if path.startswith("conditions.") and path.endswith(".id")
    }
    number = next(one for one in range(len(taken) + 1, len(taken) + 1000) if f"condition_{one}" not in taken)
    return {
        "id": f"condition_{number}",
        "label": "{zh: 新条件, en: New condition}",
        "when": "status == 'active'",
        "law": "待填写",
    }


def _new_example(text: str) -> dict[str, str]:
    """A copy of the last example, to be changed."""
    values = values_of(text)
    item = find(text, ("examples",))
    count = len(item.node.value) if item is not None and isinstance(item.node.value, list) else 0
    last = f"examples.{count - 1}"
    given = find(text, ("examples", str(count - 1), "given")) if count else None
    raw = text[given.start : given.end] if given is not None and given.in_flow else "{status: active}"
    day = values.get(f"{last}.on") or values.get("effective#from") or date.min.isoformat()
    return {
        "name": "{zh: 新范例, en: New example}",
        "given": " ".join(raw.split()),
        "on": day,
        "expect": values.get(f"{last}.expect") or "eligible",
    }
