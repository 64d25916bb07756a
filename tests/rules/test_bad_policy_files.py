"""Bad policy files: every slip is a sentence with line and column in both languages, and nothing of the file is loaded."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chuangju.rules.catalogue import load_catalogue
from chuangju.rules.policy_file import PolicyFault, PolicyFaults, parse_policy
from tests.rules.bad_policies import CASES, GOOD
from tests.rules.small import DICTIONARY, SHARED


def _faults(text: str) -> list[PolicyFault]:
    """What is told of a file, within a second."""
    started = time.process_time()
    with pytest.raises(PolicyFaults) as caught:
        parse_policy(text, dictionary=DICTIONARY, shared=SHARED, file="grant.yaml")
    assert time.process_time() - started < 1
    assert caught.value.faults == sorted(caught.value.faults, key=lambda one: (one.line, one.column))
    return caught.value.faults


def test_the_good_file_is_good() -> None:
    found = parse_policy(GOOD, dictionary=DICTIONARY, shared=SHARED, file="grant.yaml")
    assert (found.key, len(found.conditions), len(found.points), len(found.steps)) == ("grant@2024", 2, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "zh", "en"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_a_slip_is_told_where_it_stands(old: str, new: str, line: int, column: int, zh: str, en: str) -> None:
    assert GOOD.count(old) == 1 or GOOD.index(old) >= 0
    told = [(one.line, one.column, one.words.zh, one.words.en) for one in _faults(GOOD.replace(old, new, 1))]
    assert [one for one in told if one[:2] == (line, column) and zh in one[2] and en in one[3]], told


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({one[0] for one in CASES}) == len(CASES) > 100


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line", "column", "zh"),
    [
        ("", 1, 1, "文件是空的"),
        ("# 只有说明\n", 1, 1, "文件是空的"),
        ("- a\n- b\n", 1, 1, "政策文件要写成 键: 值"),
        ("一句话", 1, 1, "政策文件要写成 键: 值"),
        (f"{GOOD}---\n{GOOD}", 32, 1, "一个文件只写一项政策"),
        (LAUGHS, 1, 4, "不能使用锚点、引用和标签"),
        (GOOD.replace("{zh: 补贴", "&t {zh: 补贴"), 3, 8, "不能使用锚点、引用和标签"),
        (f"{GOOD}note: *t\n", 32, 7, "不能使用锚点、引用和标签"),
        (GOOD.replace("row: 6", "row: !!python/object/apply:os.system [ls]"), 4, 6, "不能使用锚点、引用和标签"),
        (GOOD.replace("row: 6", "row: !!int 6"), 4, 6, "不能使用锚点、引用和标签"),
        (GOOD.replace("- {id: young", "\t- {id: young"), 21, 1, "缩进请用空格，不用制表符"),
        (f"{GOOD}note: a\x00b\n", 32, 8, "这里有不可见字符"),
        (f"{GOOD}note: \x07\n", 32, 7, "这里有不可见字符"),
        (f"{GOOD}note: a\x85b\n", 32, 8, "这里有不可见字符"),
        (f"{GOOD}note: a\u2028b\n", 32, 8, "这里有不可见字符"),
        (f"{GOOD}note: \ufeffa\n", 32, 7, "这里有不可见字符"),
        (f"{GOOD}note: \ud800\n", 32, 7, "这里有不可见字符"),
        (GOOD.encode("utf-16-le").decode("latin-1"), 1, 2, "这里有不可见字符"),
        (f"{GOOD}note: {'x' * 1_000_000}\n", 1, 1, "文件超过 200,000 个字符"),
        ("a: " + "[" * 25 + "]" * 25, 1, 23, "嵌套超过 20 层"),
        ("[" * 5000, 1, 1001, "嵌套超过 20 层"),
        (f"{GOOD}? {{a: b}}\n: c\n", 32, 3, "键要是一个词"),
        (f"{GOOD}note: a: b\n", 32, 8, "这里不该有冒号"),
        (f"{GOOD}note\nmore: 3\n", 33, 1, "少一个冒号"),
        (f"{GOOD} note: 3\n", 32, 2, "缩进不齐"),
        (f"{GOOD}note: 'abc\n", 33, 1, "引号没有配对"),
        (f"{GOOD}note: [a\n", 33, 1, "括号没有配对"),
        (f'{GOOD}note: "\\q"\n', 32, 8, "从这里读不下去"),
        (f"{GOOD}note: @a\n", 32, 7, "这个符号不能放在开头"),
        (f"{GOOD}<<: {{level: city}}\n", 32, 1, "不认识“<<”"),
        (GOOD * 2, 32, 1, "“id”写了两次"),
    ],
)
def test_what_is_no_plain_file_is_told_where_it_stops(text: str, line: int, column: int, zh: str) -> None:
    told = [(one.line, one.column, one.words.zh) for one in _faults(text)]
    assert [one for one in told if one[:2] == (line, column) and zh in one[2]], told[:5]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("\ufeff" + GOOD.replace("form ==", "frm =="), 19, 25),
        (GOOD.replace("form ==", "frm ==").replace("\n", "\r\n"), 19, 25),
        (GOOD.replace("form ==", "frm ==").replace("\n", "\r"), 19, 25),
        (GOOD.replace("补贴", "😀😀").replace("form ==", "frm =="), 19, 25),
        (GOOD.replace("form == 'company'", "\n    frm == 'company'"), 20, 5),
        (GOOD.replace("when: locals", "when: >-\n    locals").replace("form ==", "\n    frm =="), 21, 5),
        (GOOD.replace("when: locals", "when: |\n    locals").replace("form ==", "\n    frm =="), 21, 5),
        (GOOD.replace("locals >= 2 and form == 'company'", "'form == ''company'' and frm > 1'"), 19, 34),
        (GOOD.replace("locals >= 2 and form == 'company'", '"form == \\"company\\" and frm > 1"'), 19, 34),
        (GOOD.replace("locals >= 2 and form == 'company'", '"locals >= 2 and\n    frm > 1"'), 20, 5),
    ],
)  # fmt: skip
def test_the_place_is_right_however_the_file_is_written(text: str, line: int, column: int) -> None:
    assert [(one.line, one.column) for one in _faults(text)] == [(line, column)]


def test_a_mark_of_byte_order_and_windows_lines_are_taken() -> None:
    for text in (f"\ufeff{GOOD}", GOOD.replace("\n", "\r\n"), f"%YAML 1.2\n---\n{GOOD}"):
        assert parse_policy(text, dictionary=DICTIONARY, shared=SHARED).id == "grant"


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = GOOD.replace("level: district", "level: moon").replace("form ==", "frm ==").replace("days: 7", "days: soon")
    assert [one.line for one in _faults(text)] == [5, 19, 29]
    with pytest.raises(PolicyFaults, match=r"grant\.yaml：第 5 行第 8 列：“moon”"):
        parse_policy(text, dictionary=DICTIONARY, shared=SHARED, file="grant.yaml")
    first = _faults(text)[0]
    assert first.sentence("en").startswith("grant.yaml: line 5, column 8: “moon” must be one of")
    assert PolicyFault(1, 2, first.words).sentence().startswith("第 1 行第 2 列：“moon”")


def test_too_many_conditions_points_and_facts_are_refused() -> None:
    head, tail = GOOD.split("- {id: young")[0], GOOD[GOOD.index("amount:") :]
    many = "".join(f"- {{id: c{number}, when: staff > {number}, law: x}}\n" for number in range(60))
    assert "条件超过 60 项" in _faults(head + many + tail)[0].words.zh
    items = "".join(f"  - {{id: p{number}, value: {number}, law: x}}\n" for number in range(201))
    assert "积分项目超过 200 项" in _faults(GOOD.replace("  - {id: one", f"{items}  - {{id: one"))[0].words.zh
    deep = "".join(f"  - {{id: p{number}, value: 'min(staff, 3)', law: x}}\n" for number in range(199))
    assert "太大" in _faults(GOOD.replace("  - {id: one", f"{deep}  - {{id: one"))[0].words.zh


def test_all_expressions_together_stay_within_bounds() -> None:
    loop = "sum(1 for m in last_months(60) if m > registered_on or m < born_on or m == ends_on) > 0"
    one = "- {{id: c{}, when: {}, law: x}}\n"
    many = "".join(one.format(number, " or ".join([loop] * 6)) for number in range(8))
    assert _faults(GOOD.replace("- {id: young", f"{many}- {{id: young"))[0].words.zh.endswith("合起来太大，请简化")
    alone = one.format("big", " or ".join([loop] * 12))
    assert "（连同所引用的名称）太大" in _faults(GOOD.replace("- {id: young", f"{alone}- {{id: young"))[0].words.zh


def test_a_source_whose_document_is_blank_is_none() -> None:
    (found,) = _faults(GOOD.replace("document: 办法", "document: ' '"))
    assert (found.line, found.words.zh) == (6, "缺少出处：文件名称")


def test_what_the_reader_of_yaml_gives_up_on_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def _give_up(*_arguments: object, **_options: object) -> None:
        raise RecursionError

    monkeypatch.setattr("chuangju.rules.yaml_nodes.yaml.parse", _give_up)
    assert _faults(GOOD)[0].words.en == "the file is no YAML text"


def test_nothing_of_a_bad_file_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "b.yaml").write_text(GOOD.replace("id: grant", "id: other").replace("form ==", "frm =="), "utf-8")
    (tmp_path / "c.yaml").write_bytes(GOOD.encode("utf-16"))
    found = load_catalogue(tmp_path, dictionary=DICTIONARY)
    assert [(one.file, one.line) for one in found.faults if one.file != "a.yaml"] == [("b.yaml", 19), ("c.yaml", 1)]
    assert found.latest("other") is None
