"""Ways of writing that Python's grammar does not have, and what it would take and mean otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.rules.kinds import Fault, Kind
from chuangju.rules.text import MAX_TEXT, prepare
from tests.rules.small import fault, tree, value


def test_literals_stand_in_the_text_as_names() -> None:
    prepared = prepare("rent >= 3000元 and ownership > 2.5% and registered_on < 2024-02-29")
    assert list(prepared.literals.values()) == [
        (Kind.MONEY, 300_000),
        (Kind.RATE, 250),
        (Kind.DATE, date(2024, 2, 29)),
    ]


def test_every_place_leads_back_to_what_was_written() -> None:
    text = "  rent >= 3000元 and wrong_one > 3"
    prepared = prepare(text)
    assert prepared.original(prepared.text.index("wrong_one")) == text.index("wrong_one")
    assert prepared.original(prepared.text.index("_L0")) in {text.index("3000元") - 1, text.index("3000元")}
    assert prepared.original(10_000) == len(text)
    assert prepared.original(-3) == prepared.original(0)


def test_literals_inside_quotes_are_left_alone() -> None:
    prepared = prepare("""form == '3000元' and number == "2024-01-01 30%" """)
    assert prepared.literals == {}


def test_fields_called_as_words_of_python_are_written_as_they_are() -> None:
    assert value("any(l.from <= 2024-01-01 for l in leases)", leases=[{"from": date(2023, 1, 1), "rent": 1}]) is True


def test_true_and_false_in_small_letters() -> None:
    assert value("true") is True
    assert value("trained == false", trained=False) is True
    assert value("True and not False") is True


def test_an_expression_may_run_over_lines_and_hold_wide_spaces() -> None:
    assert value("staff > 1\n  and\tstaff\u3000<\xa05", staff=3) is True


def test_a_stand_in_cannot_be_written_by_hand() -> None:
    found = fault("_L0 >= 3000元")
    assert "“_L0”" in found.words.zh
    assert fault("_L_0 == _L0 and rent > 3元").words.zh.startswith("没有“_L_0”")


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("staff > 1 # and trained", 10, "不能写 #"),
        ("form == 'a\\x'", 10, "不能写 \\"),
        ("staff >= 36months", 9, "数字和词之间空一格"),
        ("rent >= 5万", 8, "数字和词之间空一格"),
        ("staff >= 1and trained", 9, "空一格"),
        ("staff >= 0x10", 9, "读不懂"),
        ("staff >= 1e5", 9, "读不懂"),
        ("registered_on >= 2025-02-30", 17, "没有 2025-02-30 这一天"),
        ("registered_on >= 0001-01-01", 17, "1900-01-01 至 2200-12-31"),
        ("registered_on <= 9999-12-31", 17, "1900-01-01 至 2200-12-31"),
        ("rent > 0.005元", 7, "精确到分以下"),
        ("ownership > 0.001%", 12, "精确到万分之一以下"),
        ("staff > 1 and \x00", 14, "不可见字符"),
        ("(" * 41 + "staff" + ")" * 41, 40, "括号嵌套超过"),
        ("staff + " * 1000, MAX_TEXT, f"超过 {MAX_TEXT} 个字符"),
    ],
)
def test_what_would_be_misread_is_refused_at_its_place(text: str, position: int, words: str) -> None:
    found = fault(text)
    assert (found.position, words in found.words.zh) == (position, True), found.words.zh
    assert found.words.en


def test_a_loop_beside_a_number_needs_no_brackets_of_its_own() -> None:
    plain = tree("has_run(q > min(3, 5) for q in quarters, 2)")
    assert plain == tree("has_run((q > min(3, 5) for q in quarters), 2)")
    both = tree("has_run(q > 1 for q in quarters, 2) and has_run(q > 2 for q in quarters, 3)")
    assert value("has_run(q > 1 for q in quarters, 2)", quarters=[1, 2, 2]) is True
    assert len(both.parts) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["has_run(q > 1 for q in quarters)", "has_run(", "has_run((q > 1 for q in quarters, 2"]
)
def test_a_loop_without_its_number_is_a_fault(text: str) -> None:
    assert fault(text).words.zh


def test_the_literal_pattern_takes_no_time_on_hostile_text() -> None:
    with pytest.raises(Fault):
        prepare("'" * 3999 + "\x00")
    prepare("1.1.1.1." * 400)
