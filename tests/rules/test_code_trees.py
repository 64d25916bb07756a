"""Codes of several levels: an industry stands for everything below it, however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import pytest

from chuangju.rules.binding import Binder
from chuangju.rules.closures import compile_tree
from chuangju.rules.facts import CodeList, CodeTree, Dictionary, make_dictionary
from chuangju.rules.given import clean_facts
from chuangju.rules.kinds import Fault, Kind, Value, Words
from chuangju.rules.parameters import Shared
from chuangju.rules.parser import parse_expression
from chuangju.rules.reading import Scope
from chuangju.rules.sentences import tell
from tests.rules.small import DAY


class _Industries(CodeTree):
    """Two divisions with a group each; a letter before the number is left out."""

    _names: ClassVar = {"65": "软件", "651": "开发", "27": "医药", "271": "原料药"}

    def __getitem__(self, code: str) -> Words:
        return Words(self._names[code], self._names[code])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def normal(self, text: str) -> str:
        return text.lstrip("CI")

    def below(self, code: str) -> tuple[str, ...]:
        return tuple(one for one in self._names if one.startswith(code))


def _dictionary() -> Dictionary:
    plain = make_dictionary(
        {
            "industry": {"type": "text", "codes": "industry", "name": "行业"},
            "other": {"type": "text", "codes": "industry", "name": "又一行业"},
            "rows": {"type": "records", "name": "明细", "fields": {"series": {"type": "ints", "min": 0, "max": 9}}},
        },
        {"industry": {"name": "行业", "codes": [{"code": "65", "zh": "软件"}]}},
    )
    codes = CodeList("industry", Words("行业", "Industry"), _Industries())
    facts = {key: replace(one, codes=codes) if one.codes else one for key, one in plain.facts.items()}
    return Dictionary(facts, {"industry": codes})


SCOPE = Scope(_dictionary())


def _value(text: str, industry: str | None) -> Value:
    return compile_tree(Binder(DAY, {}, Shared()).bind(parse_expression(text, SCOPE)))({"industry": industry}, None)


@pytest.mark.parametrize(
    "text",
    [
        "industry == '65'",
        "industry in {'65'}",
        "has_prefix(industry, {'I65'})",
        "'65' == industry",
    ],
)
def test_a_code_stands_for_all_below_it(text: str) -> None:
    assert [_value(text, code) for code in ("65", "651", "27", None)] == [True, True, False, None]


def test_the_opposite_leaves_out_all_below_it() -> None:
    assert [_value("industry != '65'", code) for code in ("65", "651", "27", None)] == [False, False, True, None]


def test_a_code_without_others_below_it_is_compared_as_it_is() -> None:
    assert [_value("industry == '651'", code) for code in ("65", "651")] == [False, True]
    assert (
        compile_tree(Binder(DAY, {}, Shared()).bind(parse_expression("industry == other", SCOPE)))(
            {"industry": "65", "other": "651"}, None
        )
        is False
    )


def test_a_code_written_another_way_is_told_with_the_one_to_write() -> None:
    with pytest.raises(Fault, match="是不是“65”"):
        parse_expression("industry == 'I65'", SCOPE)


def test_a_prefix_that_no_code_has_is_told() -> None:
    with pytest.raises(Fault, match="没有这样开头的代码"):
        parse_expression("has_prefix(industry, {'99'})", SCOPE)


def test_codes_are_kept_as_the_tree_writes_them() -> None:
    assert clean_facts({"industry": "I65"}, SCOPE.dictionary)[0] == {"industry": "65"}
    codes = SCOPE.dictionary.lists["industry"]
    assert (codes.normal("C27"), codes.below("27"), codes.starting_with("C27"), codes.starting_with("9")) == (
        "27",
        ("27", "271"),
        ("27",),
        (),
    )


def test_people_read_the_code_that_was_written() -> None:
    assert tell(Binder(DAY, {}, Shared()).bind(parse_expression("industry == '65'", SCOPE))).zh == "行业是软件"


def test_a_series_inside_a_record_has_no_mean_of_its_own() -> None:
    with pytest.raises(Fault, match="这里要一个数列"):
        parse_expression("any(quarter_mean(r.series) > 3 for r in rows)", SCOPE)
    assert SCOPE.dictionary.facts["rows"].fields["series"].kind is Kind.INTS
