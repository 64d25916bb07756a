"""chuangju explain: answers with the promised keys, from files alone, and one sentence for what cannot be answered."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from tests.config.simple_policy import SIMPLE, Called, Capture, facts_file
from tests.config.test_cli import ROOT, run

# As formats.md fixes them.
KEYS = {"policy", "version", "on", "verdict", "actionable", "amount", "from", "missing", "confidence", "conditions"}
CONDITION_KEYS = {"id", "verdict", "label", "sentence", "values", "short_by", "from", "law"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one policy."""
    (tmp_path / "heads.yaml").write_text(SIMPLE, "utf-8")
    return tmp_path


def test_an_answer_as_json_has_the_promised_keys(capsys: Capture, folder: Path) -> None:
    facts = facts_file(folder, staff_count=3, registered_on="2024-08-31", turnover_month="3000.01元")
    done = Called(capsys, "explain", folder / "heads.yaml", "--facts", facts, "--on", "2025-02-28", "--json")
    assert (done.code, done.err) == (0, "")
    answer = done.answer
    assert set(answer) >= KEYS
    assert all(set(one) >= CONDITION_KEYS for one in answer["conditions"])
    assert (answer["policy"], answer["version"], answer["on"]) == ("heads", "1", "2025-02-28")
    assert (answer["verdict"], answer["amount"], answer["from"], answer["missing"]) == ("eligible", 150_001, None, [])
    assert answer["conditions"][1]["values"] == {"registered_on": "2024-08-31"}
    day_before = Called(
        capsys, "explain", folder / "heads.yaml", "--facts", facts, "--on", "2025-02-27", "--json"
    ).answer
    assert (day_before["verdict"], day_before["from"], day_before["amount"]) == ("not_yet", "2025-02-28", None)


def test_an_answer_for_people(capsys: Capture, folder: Path) -> None:
    facts = facts_file(folder, staff_count=2, registered_on="2024-08-31", turnover_month="3000元")
    done = Called(capsys, "explain", folder / "heads.yaml", "--facts", facts, "--on", "2025-06-01")
    assert done.out.startswith("还差一步   人头补贴（heads@1）")
    assert "✗ 三人以上" in done.out
    assert "；差 1（第一条）" in done.out
    assert "再进一步：再招一人 → 可享，多 1,500 元" in done.out
    assert done.out.endswith("测算，以审核结果为准。\n")
    few = Called(
        capsys, "explain", folder / "heads.yaml", "--facts", facts_file(folder, staff_count=3), "--on", "2025-06-01"
    )
    assert "还需：registered_on" in few.out


def test_a_policy_is_chosen_by_id_by_version_or_by_file(capsys: Capture, folder: Path) -> None:
    facts = facts_file(folder)
    newest = Called(capsys, "explain", "first_startup_grant", "--facts", facts, "--on", "2025-01-01", "--json").answer
    older = Called(capsys, "explain", "first_startup_grant", "--facts", facts, "--on", "2020-01-01", "--json").answer
    named = Called(
        capsys, "explain", "first_startup_grant@2018", "--facts", facts, "--on", "2020-01-01", "--json"
    ).answer
    assert (newest["version"], older["version"], named) == ("2023", "2018", older)
    own = Called(
        capsys, "explain", "heads", "--catalogue", folder, "--facts", facts, "--on", "2025-01-01", "--json"
    ).answer
    assert (own["policy"], own["verdict"], own["missing"]) == ("heads", "unknown", ["staff_count", "registered_on"])


def test_without_a_policy_all_that_are_in_force_are_answered(capsys: Capture, folder: Path) -> None:
    facts = facts_file(folder, employees=None)
    done = Called(capsys, "explain", "--facts", facts, "--on", "2025-06-01", "--json")
    assert [one["policy"] for one in done.answer] == [one.id for one in shipped_catalogue().in_force(date(2025, 6, 1))]
    assert all(set(one) >= KEYS for one in done.answer)
    lines = Called(capsys, "explain", "--facts", facts, "--on", "2025-06-01").out.splitlines()
    assert len(lines) == len(done.answer)
    assert Called(capsys, "explain", "--facts", facts).code == 0


def test_facts_come_from_the_standard_input_too(capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"staff_count": 3}'))
    done = Called(capsys, "explain", folder / "heads.yaml", "--facts", "-", "--on", "2025-06-01", "--json")
    assert done.answer["missing"] == ["registered_on"]


def test_a_mark_of_byte_order_does_not_matter(capsys: Capture, folder: Path) -> None:
    (folder / "facts.json").write_text('\ufeff{"staff_count": 3}', "utf-8")
    assert (
        Called(capsys, "explain", folder / "heads.yaml", "--facts", folder / "facts.json", "--on", "2025-06-01").code
        == 0
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "不是 JSON"),
        ("[" * 100_000, "不是 JSON"),
        ('{"staff_count": ' + "9" * 5000 + "}", "不是 JSON"),
        ("[1]", "要是一个 JSON 对象"),
        ("3", "要是一个 JSON 对象"),
        ('{"staff_cuont": 3}', "没有“staff_cuont”这个数据项，是不是“staff_count”？"),
        ('{"staff_count": "many"}', "（staff_count）：“many”不是整数"),
        ('{"turnover_month": "3千元"}', "（turnover_month）：“3千元”不是金额，请写成“3000元”或“1.5万元”"),
        ('{"turnover_month": "0.001元"}', "精确到分以下"),
        ('{"registered_on": "2025-02-30"}', "“2025-02-30”这一天不存在"),
        ('{"staff_count": NaN}', "不是整数"),
        ('{"employees": [{"residense": "city"}]}', "第 1 条没有“residense”这一栏"),
        ('{"entity_type": "firm"}', "不在代码表"),
    ],
)
def test_bad_facts_are_one_sentence_and_code_two(capsys: Capture, folder: Path, text: str, words: str) -> None:
    (folder / "facts.json").write_text(text, "utf-8")
    done = Called(
        capsys, "explain", folder / "heads.yaml", "--facts", folder / "facts.json", "--on", "2025-06-01", "--json"
    )
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert words in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing",), "没有政策“nothing”；chuangju policies 列出全部政策"),
        (("first_startup_grant", "--on", "2010-01-01"), "在 2010-01-01 没有有效的版本"),
        (("first_startup_grant@1999",), "没有有效的版本"),
        (("first_startup_grant", "--on", "2025-02-30"), "“2025-02-30”这一天不存在"),
        (("first_startup_grant", "--on", "20250228"), "不是日期，请写成 2026-03-01"),
        (("first_startup_grant", "--on", "9999-12-31"), "测算日应在 1900-01-01 至 2200-12-31 之间"),
        (("first_startup_grant", "--catalogue", "/nowhere"), "没有目录 /nowhere"),
        (("/nowhere/x.yaml",), "读不了政策文件 /nowhere/x.yaml"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence_and_code_two(
    capsys: Capture, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = Called(capsys, "explain", *arguments, "--facts", facts_file(folder))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert words in done.err


def test_a_bad_policy_and_missing_facts_files_are_told(capsys: Capture, folder: Path) -> None:
    bad = folder / "bad.yaml"
    bad.write_text(SIMPLE.replace("staff_count >= 3", "open('x')"), "utf-8")
    assert "第 7 行第 34 列：没有“open”这个函数" in Called(capsys, "explain", bad, "--facts", facts_file(folder)).err
    by_id = Called(capsys, "explain", "bad", "--catalogue", folder, "--facts", facts_file(folder))
    assert (by_id.code, "没有“open”这个函数" in by_id.err) == (2, True)
    assert "读不了数据项文件" in Called(capsys, "explain", "x", "--facts", folder / "none.json").err
    assert "读不了数据项文件" in Called(capsys, "explain", "x", "--facts", folder).err


def test_options_that_nobody_knows_are_refused(capsys: Capture) -> None:
    for arguments in (["policies", "--jason"], ["explain", "x"], ["explain", "--facts"]):
        told = Called(capsys, *arguments)
        assert told.code == 2
        assert told.err.startswith("命令写法有误")
        assert told.err.count("\n") == 1


def test_facts_are_one_object_with_each_key_once_or_told_where_not(folder: Path, capsys: Capture) -> None:
    file = folder / "facts.json"
    for content, sentence in (
        (b'{"staff_count": 3,\n "staff_count": 4}', "“staff_count”写了两次"),
        (b'{"staff_count": 3,\n}', "不是 JSON：第 2 行第 1 列"),
        (b'{"staff_count": ' + b"9" * 5000 + b"}", "有的数太长"),
        (b'{\n"name": "\xc6\xf3"}', "第 2 行第 10 列不是 UTF-8"),
    ):
        file.write_bytes(content)
        told = Called(capsys, "explain", "x", "--facts", file)
        assert (told.code, sentence in told.err, told.err.count("\n")) == (2, True, 1), told.err


def test_on_a_machine_without_anything_both_answer(folder: Path) -> None:
    """Without a database, settings or a writable home, as another program calls them."""
    done = run(
        "explain",
        str(folder / "heads.yaml"),
        "--facts",
        str(facts_file(folder, staff_count=3)),
        "--on",
        "2025-06-01",
        "--json",
    )
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "unknown")
    assert run("policies", str(folder)).returncode == 0


def test_neither_django_nor_a_database_is_imported(folder: Path) -> None:
    look = (
        "import json, sys; from config import cli; code = cli.main(sys.argv[1:]);"
        "unwanted = [name for name in sys.modules if name.split('.')[0] in {'django', 'environ', 'psycopg', 'sqlite3', 'polars', 'duckdb'}];"
        "print(json.dumps(unwanted), file=sys.stderr); sys.exit(code)"
    )
    for arguments in (["policies"], ["explain", "--facts", str(facts_file(folder)), "--on", "2025-06-01", "--json"]):
        done = subprocess.run(
            [sys.executable, "-c", look, *arguments],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        assert (done.returncode, json.loads(done.stderr)) == (0, [])
