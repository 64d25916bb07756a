"""One policy file (YAML) to one `Policy`: every fault told with its line and column, nothing taken by halves."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any, get_args

from chuangju.rules.facts import Dictionary
from chuangju.rules.kinds import Kind, Words
from chuangju.rules.parameters import Shared
from chuangju.rules.policy import CONFIDENCES, Grandfathering, Policy, Source, Stacking
from chuangju.rules.policy_checks import check_policy
from chuangju.rules.policy_examples import read_examples, read_steps
from chuangju.rules.policy_keys import GRANDFATHERING_KEYS, KEYS, SOURCE_KEYS, STACKING_KEYS
from chuangju.rules.policy_sections import (
    read_conditions,
    read_parameters,
    read_points,
    refuse_unknown_keys,
    require_keys,
)
from chuangju.rules.policy_values import (
    as_json,
    read_address,
    read_choice,
    read_expression,
    read_identifier,
    read_names,
    read_term,
    read_text,
    read_words,
)
from chuangju.rules.reading import Scope
from chuangju.rules.tree import Node, Rounding
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

__all__ = ["PolicyFault", "PolicyFaults", "parse_policy"]

LEVELS = ("national", "city", "district", "town")
SUBJECTS = ("venture", "person", "team")
CHANNELS = ("apply", "offered", "none", "referral")
BENEFITS = (
    *("grant", "subsidy", "loan", "interest", "tax", "fee"),
    *("recognition", "voucher", "points", "residence", "prize", "service"),
)


def parse_policy(text: str, *, dictionary: Dictionary, shared: Shared, file: str = "") -> Policy:
    """The policy of a file's text; raises PolicyFaults with everything that is wrong with it."""
    root = read_yaml(text, file)
    faults = Faults(file)
    if not isinstance(root, Map):
        faults.add(root, "政策文件要写成 键: 值", "a policy file is written as key: value")
        raise PolicyFaults(faults.found)
    refuse_unknown_keys(root, KEYS, faults)
    require_keys(root, ("id", "title", "source", "effective", "conditions"), faults)
    policy = _Reader(root, text, Scope(dictionary, shared), faults).read()
    if policy is not None and not faults.found:
        check_policy(policy, root, faults)
    if faults.found or policy is None:
        raise PolicyFaults(sorted(faults.found, key=lambda one: (one.line, one.column)))
    return policy


class _Reader:
    """Reads one file; `_scope` grows by its parameters and its own names."""

    def __init__(self, root: Map, text: str, scope: Scope, faults: Faults) -> None:
        self._root, self._text, self._scope, self._faults = root, text, scope, faults

    def _get(self, key: str) -> YamlNode | None:
        return self._root.values.get(key)

    def read(self) -> Policy | None:
        faults, root = self._faults, self._root
        first, last = read_term(self._get("effective"), faults)
        source = self._source()
        rounding: Rounding = read_choice(self._get("rounding"), get_args(Rounding), "half_up", faults)  # type: ignore[assignment]
        cites = (source.number or source.document, source.confidence)
        self._scope = replace(
            self._scope,
            parameters=read_parameters(self._get("parameters"), cites, faults, self._scope.dictionary.facts),
            rounding=rounding,
        )
        self._read_lets()
        points, total = read_points(self._get("points"), self._scope, faults)
        if total is not None:
            self._scope = replace(self._scope, lets={**self._scope.lets, "points_total": total})
        conditions = read_conditions(self._get("conditions"), self._scope, faults)
        amount = read_expression(self._get("amount"), self._scope, faults, Kind.MONEY, Kind.INT)
        amount_node = self._get("amount")
        if first is None:
            return None
        return Policy(
            id=read_identifier(root.values.get("id"), faults),
            version=self._version(first.isoformat()),
            title=read_words(self._get("title"), faults),
            summary=read_words(self._get("summary"), faults),
            rows=self._rows(),
            source=source,
            effective_from=first,
            effective_to=last,
            parameters=self._scope.parameters,
            lets=self._scope.lets,
            conditions=conditions,
            points=points,
            amount=amount,
            amount_text=amount_node.text if isinstance(amount_node, Scalar) else "",
            amount_unit=self._amount_unit(amount),
            amount_note=read_words(self._get("amount_note"), faults),
            claim_by=read_expression(self._get("claim_by"), self._scope, faults, Kind.DATE),
            grandfathering=self._grandfathering(),
            stacking=self._stacking(),
            steps=read_steps(self._get("what_if"), self._scope, faults),
            examples=read_examples(self._get("examples"), self._scope, faults),
            shared=self._scope.shared,
            rounding=rounding,
            text=self._text,
            sha256=hashlib.sha256(self._text.encode()).hexdigest(),
            file=faults.file,
            **self._about(),
        )

    def _about(self) -> dict[str, Any]:
        """Who it is for and what happens, which no rule looks at."""
        faults = self._faults
        return {
            "unit": read_text(self._get("unit"), faults),
            "level": read_choice(self._get("level"), LEVELS, "district", faults),
            "subject": read_choice(self._get("subject"), SUBJECTS, "venture", faults),
            "audience": read_names(self._get("audience"), faults),
            "benefit": read_choice(self._get("benefit"), BENEFITS, "subsidy", faults),
            "channel": read_choice(self._get("channel"), CHANNELS, "apply", faults),
            "form": self._form(),
            "documents": tuple(read_words(one, faults) for one in self._list("documents")),
            "document_conditions": tuple(self._wanted_when(one) for one in self._list("documents")),
            "process": tuple(self._described(one) for one in self._list("process")),
            "pays": self._pays(),
            "leaves": tuple(self._described(one) for one in self._list("leaves")),
        }

    def _map(self, key: str) -> Map | None:
        node = self._get(key)
        if node is None or isinstance(node, Map):
            return node
        if not (isinstance(node, Scalar) and node.is_null):
            self._faults.add(node, f"{key} 要写成 {{键: 值}}", f"{key} is written {{key: value}}")
        return None

    def _list(self, key: str) -> tuple[YamlNode, ...]:
        node = self._get(key)
        if isinstance(node, Sequence):
            return node.values
        return () if node is None or (isinstance(node, Scalar) and node.is_null) else (node,)

    def _pays(self) -> dict[str, Any]:
        """To whom and how, as an object; a plain sentence stands under `label`."""
        node = self._get("pays")
        is_sentence = isinstance(node, Scalar) and not node.is_null
        return {"label": as_json(node)} if is_sentence else as_json(self._map("pays")) or {}

    def _wanted_when(self, node: YamlNode) -> Node | None:
        when = node.values.get("when") if isinstance(node, Map) else None
        return read_expression(when, self._scope, self._faults, Kind.BOOL)

    def _described(self, node: YamlNode) -> dict[str, Any]:
        """A step or what remains, as an object with its words under `label`."""
        given = as_json(node)
        if not isinstance(given, dict):
            return {"label": {"zh": str(given), "en": str(given)}}
        words = (
            read_words(node.values.get("label"), self._faults)
            if isinstance(node, Map) and "label" in node.values
            else None
        )
        if words is None:
            zh = str(given.get("zh", given.get("step", given.get("kind", ""))))
            words = Words(zh, str(given.get("en", zh)))
        days = given.get("days")
        if days is not None and (isinstance(days, bool) or not isinstance(days, int)):
            self._faults.add(node, "days 要写整数（工作日）", "days is a whole number of working days")
        return {**given, "label": words.as_json()}

    def _form(self) -> tuple[str, ...]:
        found: list[str] = []
        for one in self._list("form"):
            fact = one.values.get("fact") if isinstance(one, Map) else one
            if isinstance(fact, Scalar):
                is_key = bool(re.fullmatch(r"[a-z][a-z0-9_]*", fact.text))
                if is_key and fact.text not in self._scope.dictionary.facts:
                    self._faults.add(fact, f"没有“{fact.text}”这个数据项", f"there is no fact “{fact.text}”")
                found.append(fact.text)
        return tuple(found)

    def _version(self, default: str) -> str:
        text = read_text(self._get("version"), self._faults)
        if text and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", text):
            node = self._root.values["version"]
            self._faults.add(node, "版本只用字母、数字、点和横线", "a version is letters, digits, dots and hyphens")
        return text or default

    def _rows(self) -> tuple[int, ...]:
        found: list[int] = []
        for text in read_names(self._get("row"), self._faults):
            if re.fullmatch(r"[1-9][0-9]{0,5}", text):
                found.append(int(text))
            else:
                self._faults.add(
                    self._root.values["row"], f"“{text}”不是任务的序号", f"“{text}” is no number of a task"
                )
        return tuple(found)

    def _source(self) -> Source:
        node, faults = self._get("source"), self._faults
        if not isinstance(node, Map):
            if node is not None:
                faults.add(
                    node, "出处要写成 {issuer: …, document: …, number: …}", "the source is {issuer, document, number}"
                )
            return Source("", "")
        refuse_unknown_keys(node, SOURCE_KEYS, faults)
        require_keys(node, ("issuer", "document"), faults)
        texts = {key: read_text(node.values.get(key), faults) for key in ("issuer", "document", "number")}
        confidence = read_choice(node.values.get("confidence"), CONFIDENCES, "unverified", faults)
        url = read_address(node.values.get("url"), faults)
        return Source(**texts, url=url, confidence=confidence, note=read_words(node.values.get("note"), faults))

    def _read_lets(self) -> None:
        for key, value in entries(self._map("let")):
            name = read_identifier(key, self._faults)
            taken = name in self._scope.dictionary.facts or self._scope.parameter(name) is not None or name == "on"
            if taken or name in self._scope.lets:
                self._faults.add(key, f"“{name}”这个名称已经用了", f"the name “{name}” is taken")
            tree = read_expression(value, self._scope, self._faults)
            if tree is not None:
                self._scope = replace(self._scope, lets={**self._scope.lets, name: tree})

    def _amount_unit(self, amount: Node | None) -> str:
        default = "points" if amount is not None and amount.kind is Kind.INT else "money"
        unit = read_choice(self._get("amount_unit"), ("money", "points", "months"), default, self._faults)
        if amount is not None and (unit == "money") != (amount.kind is Kind.MONEY):
            zh = "amount 的结果是整数时，amount_unit 写 points 或 months；是金额时写 money"
            self._faults.add(self._root.values["amount"], zh, "amount_unit is money for amounts, else points or months")
        return unit

    def _grandfathering(self) -> Grandfathering | None:
        node, faults = self._get("grandfathering"), self._faults
        if node is None:
            return None
        if not isinstance(node, Map):
            faults.add(node, "写成 {when: …, until: …, law: …}", "write {when, until, law}")
            return None
        refuse_unknown_keys(node, GRANDFATHERING_KEYS, faults)
        require_keys(node, ("when", "law"), faults)
        when = read_expression(node.values.get("when"), self._scope, faults, Kind.BOOL)
        until = read_expression(node.values.get("until"), self._scope, faults, Kind.DATE)
        text = node.values.get("when")
        shown = text.text if isinstance(text, Scalar) else ""
        return None if when is None else Grandfathering(when, until, shown, read_text(node.values.get("law"), faults))

    def _stacking(self) -> Stacking:
        faults = self._faults
        node = self._map("stacking")
        values = node.values if node is not None else {}
        if node is not None:
            refuse_unknown_keys(node, STACKING_KEYS, faults)
        order = read_text(values.get("order"), faults)
        is_whole = bool(re.fullmatch(r"[0-9]{1,6}", order))
        if order and not is_whole:
            faults.add(values["order"], "order 要写整数", "order is a whole number")
        return Stacking(
            excludes=(*read_names(self._get("excludes"), faults), *read_names(values.get("excludes"), faults)),
            stacks_with=read_names(values.get("stacks_with"), faults),
            tops_up=read_text(values.get("tops_up"), faults),
            order=int(order) if is_whole else 0,
        )
