"""The command line: a table is read with nothing but Python, and every fault is one sentence and a code."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from config import cli
from tests.programme.table.files import HEADERS, TASKS, TITLE, cell_rows, csv_text, plain_word

ROOT = Path(__file__).resolve().parents[2]
MINHANG = ROOT / "chuangju" / "programme" / "data" / "minhang.txt"


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """As on a machine without database, settings or even a writable home."""
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "LANG": "C",
        "CHUANGJU_DATA": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "config.cli", *arguments],
        capture_output=True, encoding="utf-8", env=environment, cwd=cwd, timeout=60, check=False,
    )  # fmt: skip


def test_a_table_as_json_has_the_promised_shape() -> None:
    done = run("table", str(MINHANG), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert list(answer) == ["title", "tasks", "warnings"]
    assert list(answer["tasks"][0]) == ["number", "category", "task", "lead", "cooperating", "measures", "due"]
    assert list(answer["warnings"][0]) == ["row", "cell", "text"]
    assert len(answer["tasks"]) == 22
    assert answer["tasks"][8]["cooperating"] == []
    assert answer["tasks"][8]["due"] is None


def test_a_table_for_people_is_grouped_and_ends_with_what_to_check() -> None:
    done = run("table", str(MINHANG))
    assert "22 项任务，6 个类别，28 条推进举措" in done.stdout
    assert done.stdout.count("【") == 6
    assert "第 4 项“配合单位”" in done.stdout.split("需要核对 4 处")[1]


def test_paths_are_taken_from_where_one_stands(tmp_path: Path) -> None:
    (tmp_path / "表 一.docx").write_bytes(plain_word())
    done = run("table", "表 一.docx", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["title"] == TITLE


def test_a_bad_file_is_one_sentence_and_exit_code_two(tmp_path: Path) -> None:
    rows = cell_rows()
    rows[2][3] = ""
    file = tmp_path / "坏.csv"
    file.write_text(csv_text([HEADERS, *rows]))
    done = run("table", str(file), "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "坏.csv：第 4 行（序号 3）的“牵头部门”一列是空的，每项任务都要有牵头部门。\n"


def test_a_missing_file_is_told_by_its_name() -> None:
    done = run("table", "/没有/分解表.docx")
    assert (done.returncode, done.stderr) == (2, "分解表.docx：找不到这个文件，请检查文件名和所在文件夹。\n")


def test_help_lists_every_command_with_a_line() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name, (_, what) in cli.COMMANDS.items():
        assert name in done.stdout
        assert what in done.stdout


def test_an_unknown_command_or_option_is_refused() -> None:
    assert run("tabel", "x").returncode == 2
    assert run("table", str(MINHANG), "--jason").returncode == 2


def test_import_needs_to_know_who_imports() -> None:
    done = run("table", str(MINHANG), "--import")
    assert (done.returncode, done.stderr) == (2, "导入需要用 --by 写明由谁导入。\n")


def test_import_goes_to_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(cli, "_run_in_application", lambda arguments: called.append(arguments) or 0)
    assert cli.main(["table", "a.docx", "--import", "--by", "office", "--effective", "2026-01-01", "--name", "甲"]) == 0
    assert cli.main(["verify", "--quick"]) == 0
    assert called == [
        ["import_table", "a.docx", "--by=office", "--name", "甲", "--effective=2026-01-01"],
        ["verify", "--quick"],
    ]


def test_progress_of_a_big_file_shows_on_a_terminal(tmp_path: Path) -> None:
    rows = [[str(number), *TASKS[0][1:3], "区科委", "", "推进工作。" * 20] for number in range(1, 1201)]
    file = tmp_path / "大.csv"
    file.write_text(csv_text([HEADERS, *rows]))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "config.cli", "table", str(file), "--json"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        cwd=ROOT,
    ) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        assert process.wait() == 0
    os.close(ours)
    assert "正在读取：1201/1201 行" in shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        # Linux says so when the other side has closed the terminal.
        return b""


@pytest.mark.django_db
def test_what_the_application_refuses_is_a_sentence_and_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["table", str(MINHANG), "--import", "--by", "nobody"]) == 2
    told = capsys.readouterr().err
    assert "nobody" in told
    assert told.count("\n") == 1
