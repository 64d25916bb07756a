"""The commands match and simulate: what they print and write, and that they refuse in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from chuangju.ventures.registers.generate import generate_register
from config.cli import main

_ON = ["--on", "2025-06-30"]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("register") / "register.parquet"
    generate_register(800, seed=2).write_parquet(file)
    return file


def test_match_prints_one_object_and_writes_two_files(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ["--policy", "rent_subsidy", "setup_grant,employment_subsidy"]
    for engine in ("polars", "duckdb"):
        out = tmp_path / engine
        assert main(["match", "--register", str(register), *_ON, "--out", str(out), "--engine", engine, *chosen]) == 0
        told = json.loads(capsys.readouterr().out)
        assert list(told) == [
            "rows",
            "policies",
            "decisions",
            "seconds",
            "decisions_per_second",
            "peak_mb",
            "engine",
            "by_policy",
        ]
        assert (told["rows"], told["policies"], told["decisions"], told["engine"]) == (800, 3, 2_400, engine)
        frame = pl.read_parquet(out / "decisions.parquet")
        assert frame.columns[:5] == [
            "id",
            *(f"rent_subsidy.{one}" for one in ("verdict", "amount", "failed", "missing")),
        ]
        eligible = frame.filter(pl.col("rent_subsidy.verdict") == "eligible")
        assert told["by_policy"]["rent_subsidy"]["eligible"] == len(eligible)
        assert told["by_policy"]["rent_subsidy"]["amount"] == eligible["rent_subsidy.amount"].sum()
        assert set(json.loads((out / "legend.json").read_text("utf-8"))["policies"]) == set(told["by_policy"])


def test_match_takes_the_whole_catalogue_and_warns_of_what_the_register_lacks(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", "--register", str(register), *_ON, "--out", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["policies"] > 30
    assert told.err.startswith("企业名录没有这些列，按未知处理：")


def test_registers_of_other_kinds_are_read_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "register.csv"
    rows = ["统一社会信用代码,名称,成立日期,登记状态", "913101120000000000,甲,2024-05-02,存续", "x,乙,2024-13-02,注销"]
    file.write_text("\n".join(rows), "utf-8-sig")
    assert (
        main(["match", "--register", str(file), *_ON, "--out", str(tmp_path / "out"), "--policy", "rent_subsidy"]) == 0
    )
    told = capsys.readouterr()
    assert json.loads(told.out)["rows"] == 2
    assert "需要核对" in told.err


def test_simulate_tells_what_a_change_would_cost(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["simulate", "--register", str(register), "--policy", "rent_subsidy", *_ON]
    assert main([*common, "--set", "cap_month=3500元", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["policy"] == "rent_subsidy"
    assert told["changed"]["amount"] > told["base"]["amount"]
    assert told["winners"] > told["losers"] == 0
    assert sum(one["base"]["eligible"] for one in told["by_town"].values()) == told["base"]["eligible"]
    assert main([*common, "--sweep", "cap_month=2000元..5000元:500元", "--json"]) == 0
    swept = json.loads(capsys.readouterr().out)
    assert [one["value"] for one in swept] == list(range(200_000, 500_001, 50_000))
    assert main([*common, "--condition", "hire=size(employees) >= 1", "--quarters", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["quarters"]) == 4


def test_simulate_tells_people_in_a_line_each(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["simulate", "--register", str(register), "--policy", "rent_subsidy", *_ON, "--set", "cap_month=3500元"]
    assert main([*common, "--quarters"]) == 0
    assert capsys.readouterr().out.count("符合") == 5
    assert main([*common, "--sweep", "share=30%..50%:10%"]) == 0
    assert capsys.readouterr().out.count("符合") == 3


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--set", "cap_month"], "--set 要写成"),
        (["--condition", "hire="], "--condition 要写成"),
        (["--set", "nope=1"], "没有参数"),
        (["--condition", "hire=nobody"], "条件 hire"),
        (["--sweep", "cap_month=1元"], "请写成"),
        ([], "写明改动什么"),
        (["--on", "tomorrow"], "不是日期"),
        (["--nope"], "命令写法有误"),
    ],
)
def test_simulate_refuses_in_one_sentence(
    register: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    given = ["simulate", "--register", str(register), "--policy", "rent_subsidy", *more]
    assert main(given if "--on" in more else [*given, *_ON]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert told.err.count("\n") == 1


def test_a_register_as_other_programs_write_it_gives_the_same(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days as moments, whole numbers with a point, nothing as not a number, codes as categories."""
    other = pl.read_parquet(register).with_columns(
        pl.col("registered_on").cast(pl.Datetime("ns")),
        pl.col("monthly_rent").cast(pl.Float64).fill_null(float("nan")),
        pl.col("rent_months_granted").cast(pl.Int32),
        pl.col("status").cast(pl.String).cast(pl.Categorical),
    )
    other.write_parquet(tmp_path / "other.parquet")
    frames = []
    for file in (register, tmp_path / "other.parquet"):
        out = tmp_path / file.stem
        given = ["--register", str(file), "--policy", "rent_subsidy", "--out", str(out)]
        assert main(["match", *given, *_ON]) == 0
        frames.append(pl.read_parquet(out / "decisions.parquet"))
    assert frames[1].equals(frames[0])
    assert "未采用" not in capsys.readouterr().err


def test_a_register_that_is_damaged_inside_is_refused(
    tmp_path: Path, register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(register.read_bytes())
    content[100:5_000] = bytes(4_900)
    (tmp_path / "damaged.parquet").write_bytes(content)
    keys = pl.DataFrame({"id": [b"A1", b"\xff"], "staff_count": [1, 2]})
    keys.write_parquet(tmp_path / "keys.parquet")
    for name in ("damaged.parquet", "keys.parquet"):
        for command in (["match", "--out", str(tmp_path / "out")], ["simulate", "--set", "cap_month=1元"]):
            given = ["--register", str(tmp_path / name), "--policy", "rent_subsidy", *_ON]
            assert main([*command, *given]) == 2
            told = capsys.readouterr()
            assert ("Parquet" in told.err, told.err.count("\n"), told.out) == (True, 1, "")


def test_match_refuses_in_one_sentence(register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.parquet").write_text("text", "utf-8")
    (tmp_path / "empty.csv").write_text("", "utf-8")
    (tmp_path / "taken").write_text("", "utf-8")
    (tmp_path / "empty").mkdir()
    for given, sentence in (
        (["--register", str(tmp_path / "none.parquet")], "没有文件"),
        (["--register", str(tmp_path / "text.parquet")], "text.parquet"),
        (["--register", str(tmp_path / "empty.csv")], ""),
        (["--register", str(register), "--policy", "nope"], "nope"),
        (["--register", str(register), "--catalogue", str(tmp_path / "empty")], "没有有效的政策"),
        (["--register", str(register), "--out", str(tmp_path / "taken")], "文件读写出错"),
    ):
        assert main(["match", *given, *_ON, *([] if "--out" in given else ["--out", str(tmp_path / "out")])]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert sentence in told.err
        assert told.err.count("\n") == 1
