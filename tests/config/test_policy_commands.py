"""chuangju policies: what it lists, which faults it tells with which code, and what it seals."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from tests.config.simple_policy import SIMPLE, Called, Capture
from tests.config.test_cli import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one policy."""
    (tmp_path / "heads.yaml").write_text(SIMPLE, "utf-8")
    return tmp_path


def test_the_shipped_catalogue_is_listed_without_a_fault(capsys: Capture) -> None:
    done = Called(capsys, "policies")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert len(lines) == len(shipped_catalogue().policies) + 2
    assert all("范例" in line for line in lines[:-2])
    assert f"{len(shipped_catalogue().policies)} 个版本" in lines[-1]


def test_the_list_as_json(capsys: Capture, folder: Path) -> None:
    done = Called(capsys, "policies", folder, "--json")
    assert (done.code, list(done.answer)) == (0, ["policies", "faults", "failed_examples"])
    assert done.answer["policies"] == [
        {
            "id": "heads", "version": "1", "title": {"zh": "人头补贴", "en": "Heads"}, "rows": [], "confidence": "sample",
            "effective": ["2024-01-01", "2026-12-31"], "examples": 1, "passed": 1,
        }
    ]  # fmt: skip


def test_a_fault_is_told_with_its_place_and_code_one(capsys: Capture, folder: Path) -> None:
    (folder / "bad.yaml").write_text(SIMPLE.replace("staff_count >= 3", "staff_cuont >= 3"), "utf-8")
    done = Called(capsys, "policies", folder)
    assert done.code == 1
    assert done.err == "bad.yaml：第 7 行第 34 列：没有“staff_cuont”这个数据项或参数，是不是“staff_count”？\n"
    told = Called(capsys, "policies", folder, "--json")
    assert told.code == 1
    assert [(one["file"], one["line"], one["column"]) for one in told.answer["faults"]] == [("bad.yaml", 7, 34)]


def test_an_example_that_fails_is_told_with_its_line_and_code_one(capsys: Capture, folder: Path) -> None:
    (folder / "heads.yaml").write_text(SIMPLE.replace("amount: 1500元", "amount: 1600元"), "utf-8")
    done = Called(capsys, "policies", folder)
    assert (done.code, "0/1" in done.out) == (1, True)
    assert done.err == "heads.yaml：第 13 行的范例：amount 应为 160000，算出 150000\n"
    assert Called(capsys, "policies", folder, "--json").answer["failed_examples"][0]["line"] == 13


def test_single_files_of_others_are_checked(capsys: Capture, folder: Path) -> None:
    other = folder / "later.yaml"
    other.write_text(SIMPLE.replace('version: "1"', 'version: "2"').replace("2024-01-01 ..", "2025-01-01 .."), "utf-8")
    assert Called(capsys, "policies", other).code == 0
    done = Called(capsys, "policies", folder / "heads.yaml", other)
    assert (done.code, "有效期重叠" in done.err) == (1, True)
    bad = folder / "bad.yaml"
    bad.write_text("id: [", "utf-8")
    assert Called(capsys, "policies", bad, other).code == 1


@pytest.mark.parametrize("name", ["none.yaml", "none"])
def test_what_is_not_there_is_one_sentence_and_code_two(capsys: Capture, folder: Path, name: str) -> None:
    done = Called(capsys, "policies", folder / name)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "读不了政策文件" in done.err
    (folder / "latin.yaml").write_bytes(b"\xff\xfe")
    assert Called(capsys, "policies", folder / "latin.yaml").code == 2


def test_published_versions_are_sealed_and_stay_as_they_are(capsys: Capture, folder: Path) -> None:
    assert Called(capsys, "policies", folder, "--seal").code == 0
    register = folder / "published.toml"
    held = tomllib.loads(register.read_text("utf-8"))
    assert list(held) == ["heads@1"]
    again = register.read_text("utf-8")
    assert Called(capsys, "policies", folder, "--seal").code == 0
    assert register.read_text("utf-8") == again
    (folder / "heads.yaml").write_text(SIMPLE.replace("50%", "60%"), "utf-8")
    done = Called(capsys, "policies", folder)
    assert (done.code, "已经发布，文字不能再改" in done.err) == (1, True)
    assert Called(capsys, "policies", folder, "--seal").code == 2
    assert register.read_text("utf-8") == again


def test_nothing_is_sealed_that_has_a_fault_or_a_failing_example(capsys: Capture, folder: Path) -> None:
    (folder / "heads.yaml").write_text(SIMPLE.replace("amount: 1500元", "amount: 1600元"), "utf-8")
    done = Called(capsys, "policies", folder, "--seal")
    assert (done.code, done.err) == (2, "范例没有全部通过，没有登记：heads@1\n")
    assert not (folder / "published.toml").exists()
    (folder / "published.toml").write_text("[broken", "utf-8")
    assert Called(capsys, "policies", folder, "--seal").code == 2
    assert Called(capsys, "policies", folder / "heads.yaml", "--seal").err == "--seal 要用于一个目录\n"


def test_the_schema_for_editors_is_json(capsys: Capture) -> None:
    done = Called(capsys, "policies", "--schema")
    assert (done.code, done.answer["$schema"]) == (0, "https://json-schema.org/draft/2020-12/schema")


def test_a_reader_who_has_seen_enough_is_no_fault() -> None:
    command = f"{sys.executable} -m config.cli policies --schema | head -c 10"
    done = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ('{\n  "$sche', "")
