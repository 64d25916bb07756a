"""Runs - registers as they come: lacking columns, odd values, narrow types, pieces, files, and who changes his mind."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk import registers, run, spark_run
from chuangju.rules.bulk.decisions import CannotDecide
from chuangju.rules.bulk.run import Engine, RunCancelled, match
from chuangju.rules.bulk.shapes import survey
from chuangju.rules.facts import Fact
from chuangju.rules.policy import Policy
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.generate import generate_register
from tests.rules.bulk.random_registers import ON

_IDS = ("rent_subsidy", "setup_grant", "first_startup_grant", "employment_subsidy")


def _policies(*ids: str) -> list[Policy]:
    found = [shipped_catalogue().version_for(one, ON) for one in ids or _IDS]
    return [one for one in found if one is not None]


@pytest.fixture(scope="module")
def register() -> pl.DataFrame:
    return generate_register(1_500, seed=4, on=ON)


def _verdicts(frame: pl.DataFrame, name: str = "rent_subsidy") -> list[str]:
    found: list[str] = match(frame, _policies(name), on=ON).frame[f"{name}.verdict"].to_list()
    return found


def test_a_run_is_counted_by_policy(register: pl.DataFrame) -> None:
    found = match(register, _policies(), on=ON)
    told = found.as_json()
    assert (told["rows"], told["policies"], told["decisions"], told["engine"]) == (1_500, 4, 6_000, "polars")
    assert told["seconds"] > 0
    assert told["decisions_per_second"] > 0
    assert told["peak_mb"] > 0
    for name in _IDS:
        counts = dict(told["by_policy"][name])
        amount = counts.pop("amount")
        assert sum(counts.values()) == 1_500
        assert amount == found.frame[f"{name}.amount"].sum()
        by_verdict = found.frame.filter(pl.col(f"{name}.verdict") != "eligible")
        assert by_verdict[f"{name}.amount"].null_count() == len(by_verdict)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_pieces_and_files_give_what_one_frame_gives(
    register: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    whole = match(register, _policies(), on=ON).frame
    file, told = tmp_path / "register.parquet", list[tuple[int, int]]()
    register.write_parquet(file, row_group_size=400)
    monkeypatch.setattr(registers, "PIECE", 400)
    found = match(file, _policies(), on=ON, engine=engine, out=tmp_path / "out", progress=lambda *at: told.append(at))
    assert found.frame.equals(whole)
    assert told[-1] == (1_500, 1_500)
    assert len(told) == 4
    legend = json.loads((tmp_path / "out" / "legend.json").read_text("utf-8"))
    assert legend["policies"]["rent_subsidy"]["failed"][0] == "active"
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["decisions.parquet", "legend.json"]
    assert match(file, _policies(), on=ON, engine=engine).frame.equals(whole)


def test_a_key_that_is_no_text_is_refused(register: pl.DataFrame) -> None:
    with pytest.raises(CannotDecide, match="id 列的类型"):
        match(register.with_columns(id=pl.lit(1.5)), _policies(), on=ON)


def test_a_register_of_nobody_is_decided(register: pl.DataFrame, tmp_path: Path) -> None:
    for engine in ("polars", "duckdb"):
        found = match(register.clear(), _policies(), on=ON, engine=engine, out=tmp_path)
        assert found.rows == 0
        assert found.frame.height == 0
        assert found.by_policy["rent_subsidy"]["eligible"] == 0


def test_columns_that_a_register_lacks_are_unknown_and_told(register: pl.DataFrame) -> None:
    fields = pl.element().struct.field("residence", "hired_on")
    poor = register.drop("monthly_rent", "rent_months_granted").with_columns(
        employees=pl.col("employees").list.eval(pl.struct(fields)), leases=pl.lit("none")
    )
    for engine in ("polars", "duckdb"):
        found = match(poor, _policies(), on=ON, engine=engine)
        assert "monthly_rent" in found.warnings[0]
        assert any("leases" in one and "未采用" in one for one in found.warnings)
        assert any("employees" in one and "insured_months" in one for one in found.warnings)
        assert found.by_policy["rent_subsidy"]["eligible"] == 0
        missing = found.frame.filter(pl.col("rent_subsidy.verdict") == "unknown")["rent_subsidy.missing"]
        place = found.legend["policies"]["rent_subsidy"]["missing"].index("leases")
        assert len(missing)
        assert all(number >> place & 1 for number in missing)


def test_values_that_the_dictionary_does_not_know_are_unknown_and_counted(
    register: pl.DataFrame, tmp_path: Path
) -> None:
    odd = register.with_columns(
        status=pl.when(pl.int_range(pl.len()) % 3 == 0)
        .then(pl.lit("asleep"))
        .otherwise(pl.col("status").cast(pl.String)),
        monthly_rent=pl.when(pl.int_range(pl.len()) % 5 == 0).then(-1).otherwise(pl.col("monthly_rent")),
        registered_on=pl.when(pl.int_range(pl.len()) % 7 == 0)
        .then(date(1900, 1, 1))
        .otherwise(pl.col("registered_on")),
    )
    known = register.with_columns(
        status=pl.when(pl.int_range(pl.len()) % 3 != 0).then(pl.col("status")),
        monthly_rent=pl.when(pl.int_range(pl.len()) % 5 != 0).then(pl.col("monthly_rent")),
        registered_on=pl.when(pl.int_range(pl.len()) % 7 != 0).then(pl.col("registered_on")),
    )
    file = tmp_path / "odd.parquet"
    odd.write_parquet(file)
    for engine in ("polars", "duckdb"):
        found = match(file, _policies(), on=ON, engine=engine)
        assert found.frame.equals(match(known, _policies(), on=ON).frame)
        assert "status 500 个" in found.warnings[-1]
        assert "monthly_rent 300 个" in found.warnings[-1]


def test_odd_codes_of_an_enum_column_count_only_where_they_stand(register: pl.DataFrame) -> None:
    codes = [*register["status"].dtype.categories, "asleep"]  # type: ignore[attr-defined]
    wider = register.with_columns(pl.col("status").cast(pl.String).cast(pl.Enum(codes)))
    assert _verdicts(wider) == _verdicts(register)
    odd = wider.with_columns(status=pl.lit("asleep", dtype=pl.Enum(codes)))
    assert match(odd, _policies(), on=ON).warnings[-1].startswith("有些值不在")


def test_odd_values_in_lists_and_records_are_unknown_and_counted(register: pl.DataFrame) -> None:
    employee = pl.element().struct
    odd = register.with_columns(
        employees=pl.col("employees").list.eval(
            pl.struct(
                employee.field("residence").cast(pl.String).replace("district", "moon"),
                employee.field("groups", "hired_on", "contract_months", "insured_from"),
                (employee.field("insured_months") - 1_000_000).cast(pl.Int32).alias("insured_months"),
            )
        ),
        founder_groups=pl.lit(["graduate", "giant"]),
        tax_paid_years=pl.lit([1, -5]).cast(pl.List(pl.Int32)),
    )
    policies = _policies(
        "rent_subsidy", "setup_grant", "first_startup_grant", "first_job_insurance_subsidy", "sci_tech_funding"
    )
    told = match(
        odd, [*policies, *_policies("residence_points", "social_insurance_subsidy", "small_profit_income_tax")], on=ON
    ).warnings[-1]
    assert "employees.insured_months" in told
    assert "employees.residence" in told
    assert "founder_groups 1500 个" in told


def test_a_list_longer_than_it_can_be_is_unknown(register: pl.DataFrame) -> None:
    many = register.head(3).with_columns(staff_quarters=pl.lit([1] * 50))
    policies = _policies(
        "entrepreneur_settlement", "founder_residency_conversion", "key_group_hiring_tax_relief", "six_taxes_halving"
    )
    assert "staff_quarters 3 个" in match(many, policies, on=ON).warnings[-1]


def test_narrow_numbers_are_widened(register: pl.DataFrame) -> None:
    narrow = register.with_columns(
        pl.col("rent_months_granted").cast(pl.Int16),
        pl.col("id").cast(pl.Categorical),
        pl.col("staff_quarters").cast(pl.List(pl.Int32)),
    )
    for engine in ("polars", "duckdb"):
        assert match(narrow, _policies(), on=ON, engine=engine).frame.equals(match(register, _policies(), on=ON).frame)
    facts = dictionary().facts
    for kept, number in ((False, pl.Int64), (True, pl.Int16)):
        found = survey(narrow.schema, [facts["staff_quarters"], facts["rent_months_granted"]], narrow=kept)
        assert narrow.lazy().select(found.keep).collect_schema().dtypes() == [pl.List(pl.Int64), number]


@pytest.mark.parametrize("key", ["status", "founder_groups", "registered_on", "restricted_trade", "staff_quarters"])
def test_columns_of_another_kind_are_not_taken(register: pl.DataFrame, key: str) -> None:
    fact: Fact = dictionary().facts[key]
    found = survey({key: pl.Float64()}, [fact])
    assert found.absent == {key: frozenset()}
    assert "未采用" in found.warnings[0]


def test_what_is_no_register_is_refused_in_a_sentence(tmp_path: Path, register: pl.DataFrame) -> None:
    (tmp_path / "text.parquet").write_text("no", "utf-8")
    for source, sentence in (
        (tmp_path / "none.parquet", "没有文件"),
        (tmp_path / "text.parquet", "不是完整的 Parquet"),
        (register.drop("id"), "没有 id 列"),
    ):
        with pytest.raises(CannotDecide, match=sentence):
            match(source, _policies(), on=ON)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_run_that_nobody_wants_any_more_ends_and_leaves_nothing(
    register: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr(registers, "PIECE", 400)
    asked: list[int] = []

    def _after_two() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(RunCancelled):
        match(register, _policies(), on=ON, engine=engine, out=tmp_path, cancelled=_after_two)
    assert list(tmp_path.iterdir()) == []
    asked.clear()
    with pytest.raises(RunCancelled):
        match(register, _policies(), on=ON, engine=engine, cancelled=_after_two)


def test_spark_that_is_not_installed_says_how_to_install_it(
    register: pl.DataFrame, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(spark_run, "SPARK_PYTHON", tmp_path / "nowhere")
    with pytest.raises(CannotDecide, match="script/spark"):
        match(register, _policies(), on=ON, engine="spark")


def test_faults_while_writing_are_told_as_they_are(tmp_path: Path) -> None:
    def _batches() -> Any:
        yield pl.DataFrame({"id": ["a"]})
        raise ZeroDivisionError("in the middle")

    with pytest.raises(ZeroDivisionError):
        run.write_batches(_batches(), tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []
