"""chuangju register: the report as text and as JSON, and its exit code; the generator; no Django anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from config.cli import main
from tests.ventures.registers.bad_registers import csv_file

HEAD = ("id", "name", "town", "备注")


def test_a_made_up_register_is_written_and_found_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "register.parquet"
    assert main(["register", "--generate", "300", "--seed", "7", "--out", str(path)]) == 0
    assert "300 家虚构企业" in capsys.readouterr().out
    assert main(["register", str(path), "--on", "2025-06-30"]) == 0
    said = capsys.readouterr().out
    assert "演示数据，均为虚构" in said
    assert "没有发现问题" in said


def test_the_generator_answers_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "register.parquet"
    assert (
        main(["register", "--generate", "10", "--seed", "7", "--out", str(path), "--on", "2026-01-31", "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["seed"], told["on"]) == (10, 7, "2026-01-31")
    assert pl.read_parquet_metadata(path)["chuangju.on"] == "2026-01-31"


def test_findings_end_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(tmp_path, [HEAD, ("A1", "甲", "月球", "x"), ("", "乙", "莘庄镇", "")])
    assert main(["register", str(path), "--on", "2026-06-30"]) == 1
    said = capsys.readouterr().out
    assert "第 2 行，列“town”：“月球”不在代码表“街镇（工业区）”中" in said
    assert "第 3 行，列“id”：没有编号，整行未采用" in said
    assert "备注：没有认出这一列，未采用" in said


def test_findings_in_json_name_row_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(tmp_path, [HEAD, *((f"A{place}", "甲", "月球", "x") for place in range(90))])
    assert main(["register", str(path), "--json", "--on", "2026-06-30"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["enterprises"], report["faults"], report["synthetic"]) == (90, 90, 90, False)
    assert report["counts"][0] == {"code": "unknown_code", "sheet": "register.csv", "column": "town", "count": 90}
    assert report["findings"][1]["row"] == 2
    assert report["ignored"] == ["备注"]


def test_more_findings_than_are_shown_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(tmp_path, [("id", "town"), *((f"A{place}", "月球") for place in range(30))])
    main(["register", str(path), "--on", "2026-06-30"])
    assert "另有 10 处，详见 --json" in capsys.readouterr().out


def test_columns_can_be_named_and_the_result_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = csv_file(tmp_path, [("编码", "称谓"), ("A1", "甲")]), tmp_path / "clean.parquet"
    assert main(["register", str(path), "--map", "编码=id", "--map", "称谓=name", "--out", str(out)]) == 0
    assert pl.read_parquet(out).select("id", "name").rows() == [("A1", "甲")]
    capsys.readouterr()
    assert main(["register", str(path), "--map", "编码=moon"]) == 2
    assert "--map 编码=moon" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["register", "nothing.csv"], "找不到这个文件"),
        (["register", "--generate", "5"], "--out"),
        (["register", "--generate", "0", "--out", "x.parquet"], "应在 1 至"),
        (["register", "--generate", "5", "--out", "x.csv"], ".parquet"),
        (["register", "--generate", "5", "--out", "/nowhere/x.parquet"], "写不了文件"),
        (["register", "a.csv", "--generate", "5", "--out", "x.parquet"], "--generate 不读取文件"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_ends_with_two(
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["register"], ["register", "a.csv", "--on", "morgen"]])
def test_a_command_that_makes_no_sense_shows_how_it_goes(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "chuangju register" in capsys.readouterr().err


def test_a_result_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(tmp_path, [("id", "name"), ("A1", "甲")])
    assert main(["register", str(path), "--out", "/nowhere/clean.parquet"]) == 2
    assert "写不了文件" in capsys.readouterr().err


def test_no_part_of_it_loads_django(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom config.cli import main\n"
        f"main(['register', '--generate', '20', '--out', {str(tmp_path / 'r.parquet')!r}])\n"
        f"main(['register', {str(tmp_path / 'r.parquet')!r}])\n"
        "sys.exit('django' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=Path(__file__).parents[2])


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [("id", "town"), *((f"A{place}", "月球") for place in range(3000))])
    command = f"{sys.executable} -m config.cli register {path} --json | head -1"
    ended = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert ended.stdout == "{\n"
    assert ended.stderr == ""
