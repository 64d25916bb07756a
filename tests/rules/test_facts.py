"""The dictionary of facts: read from its two files, and every slip in them told by the fact's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chuangju.rules.facts import Dictionary, DictionaryFault, load_dictionary, make_dictionary
from chuangju.rules.kinds import Kind, Words

LISTS = {
    "form": {
        "name": {"zh": "类型", "en": "Form"},
        "codes": [{"code": "a", "zh": "甲"}, {"code": "ab", "zh": "乙", "en": "B"}],
    }
}


def _with(**entry: Any) -> Dictionary:
    return make_dictionary({"one": entry}, LISTS)


def test_a_fact_holds_what_its_entry_says() -> None:
    fact = _with(
        type="money", min=0, max=5, name={"zh": "租金", "en": "Rent"}, unit="元", group="enterprise", sensitivity="public",
        owner="区科委", source={"zh": "台账"}, question="多少？", mendable=True,
    ).facts["one"]  # fmt: skip
    assert (fact.kind, fact.low, fact.high, fact.name) == (Kind.MONEY, 0, 5, Words("租金", "Rent"))
    assert (fact.unit, fact.source, fact.question) == (
        Words("元", "元"),
        Words("台账", "台账"),
        Words("多少？", "多少？"),
    )
    assert (fact.is_public, fact.mendable, fact.owner, fact.group) == (True, True, "区科委", "enterprise")
    assert fact.help == Words("", "")


def test_what_an_entry_does_not_say() -> None:
    fact = _with(type="date").facts["one"]
    assert (fact.name, fact.first, fact.last) == (Words("one", "one"), date(1900, 1, 1), date(2200, 12, 31))
    assert (fact.is_public, fact.mendable, fact.max_items) == (False, False, 1000)


def test_codes_and_fields() -> None:
    found = _with(type="records", max_items=3, fields={"form": {"type": "text", "codes": "form"}})
    codes = found.facts["one"].fields["form"].codes
    assert codes is not None
    assert codes.codes["ab"] == Words("乙", "B")
    assert codes.codes["a"] == Words("甲", "甲")
    assert codes.starting_with("a") == ("a", "ab")
    assert codes.normal("a") == "a"
    assert codes.below("a") == ("a",)
    assert len({found, make_dictionary({})}) == 2
    assert len({*found.facts.values(), *make_dictionary({"one": {"type": "bool"}}).facts.values()}) == 2


@pytest.mark.parametrize(
    ("key", "entry", "words"),
    [
        ("One", {"type": "int"}, "数据项 One 的名称只能用小写字母"),
        ("one", 3, "数据项 one 要写成一张表"),
        ("one", {}, "数据项 one 的类型不在允许范围内：None"),
        ("one", {"type": "number"}, "类型不在允许范围内：number"),
        ("one", {"type": "text", "codes": "nothing"}, "引用的代码表 nothing 不存在"),
        ("one", {"type": "records"}, "明细 one 要有字段"),
        ("one", {"type": "records", "fields": {"two": {"type": "records", "fields": {"x": {"type": "bool"}}}}}, "明细 one.two 要有字段，且不能嵌套"),
        ("one", {"type": "int"}, "数据项 one 要写明 min 和 max"),
        ("one", {"type": "int", "min": 0}, "要写明 min 和 max"),
        ("one", {"type": "int", "min": "0", "max": 3}, "min 和 max 要写整数"),
        ("one", {"type": "int", "min": False, "max": 3}, "min 和 max 要写整数"),
        ("one", {"type": "int", "min": 0, "max": 1.5}, "min 和 max 要写整数"),
        ("one", {"type": "int", "min": 5, "max": 3}, "数据项 one 的范围不对"),
        ("one", {"type": "money", "min": 0, "max": 2**63}, "数据项 one 的范围不对"),
        ("one", {"type": "ints", "min": 0}, "要写明 min 和 max"),
        ("one", {"type": "date", "min": "2025-02-30"}, "日期范围要写成 2000-01-01"),
        ("one", {"type": "date", "min": "1800-01-01"}, "日期范围应在 1900-01-01 与 2200-12-31 之间"),
        ("one", {"type": "date", "min": "2020-01-01", "max": "2019-01-01"}, "日期范围应在"),
        ("one", {"type": "codes", "max_items": 0}, "max_items 应为 1 至 1000000"),
        ("one", {"type": "codes", "max_items": "9"}, "max_items 应为"),
        ("one", {"type": "records", "fields": {"two": {"type": "int"}}}, "数据项 one.two 要写明 min 和 max"),
    ],
)  # fmt: skip
def test_a_slip_in_an_entry_is_told_by_its_name(key: str, entry: Any, words: str) -> None:
    with pytest.raises(DictionaryFault) as caught:
        make_dictionary({key: entry}, LISTS)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({}, "代码表 form 没有代码"),
        ({"codes": []}, "没有代码"),
        ({"codes": [{"code": "a"}]}, "每个代码要有 code 和 zh"),
        ({"codes": ["a"]}, "每个代码要有 code 和 zh"),
        ({"codes": [{"code": "a", "zh": "甲"}, {"code": "a", "zh": "乙"}]}, "有重复的代码"),
    ],
)
def test_a_slip_in_a_code_list_is_told_by_its_name(entry: Mapping[str, Any], words: str) -> None:
    with pytest.raises(DictionaryFault, match=words):
        make_dictionary({}, {"form": entry})


def test_a_dictionary_is_read_from_two_files(tmp_path: Path) -> None:
    facts, lists = tmp_path / "facts.toml", tmp_path / "lists.toml"
    facts.write_text('[facts.form]\ntype = "text"\ncodes = "form"\n', "utf-8")
    lists.write_text('[lists.form]\nname = "类型"\ncodes = [{code = "a", zh = "甲"}]\n', "utf-8")
    assert load_dictionary(facts, lists).facts["form"].codes is not None
    lists.write_text("[lists", "utf-8")
    with pytest.raises(DictionaryFault, match=r"lists\.toml"):
        load_dictionary(facts, lists)
    with pytest.raises(DictionaryFault, match=r"none\.toml"):
        load_dictionary(facts, tmp_path / "none.toml")
