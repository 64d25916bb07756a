"""Spark - cell by cell what Polars gives, on a hundred thousand rows; run where it is installed, required on CI.

With CHUANGJU_SPARK=all it is the whole catalogue and every policy worked out by hand, which takes minutes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.run import match
from chuangju.rules.bulk.spark_run import SPARK_PYTHON, plan_parts
from chuangju.rules.program import prepare_policy
from chuangju.ventures.registers.generate import generate_register
from tests.rules.bulk.random_registers import ON
from tests.rules.bulk.test_own_policies import TEXTS, own_policy

_ROWS = 100_000
# Related records, waiting days, figures of bands; each more costs Spark seconds to make ready.
_IDS = ("rent_subsidy", "first_job_insurance_subsidy", "guaranteed_loan_organisation")
# Runs of years, and months and working days looked back on.
_OWN = ("series", "waiting")
_PROC = Path("/proc")
_SECONDS = 60


@pytest.fixture(autouse=True)
def _installed() -> None:
    if not SPARK_PYTHON.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("CI must run the test of Spark: script/spark installs it")
        pytest.skip("SPARK IS NOT INSTALLED: nothing shows that it decides alike (script/spark installs it)")


def test_spark_gives_the_same_cell_by_cell() -> None:
    takes_all = os.environ.get("CHUANGJU_SPARK") == "all"
    policies = [one for one in shipped_catalogue().in_force(ON) if takes_all or one.id in _IDS]
    policies += [own_policy(name) for name in (TEXTS if takes_all else _OWN)]
    register = generate_register(_ROWS, seed=21, on=ON)
    found, expected = match(register, policies, on=ON, engine="spark"), match(register, policies, on=ON)
    assert takes_all or len(policies) == len(_IDS) + len(_OWN)
    for name in expected.frame.columns:
        assert found.frame[name].equals(expected.frame[name]), name
    assert found.by_policy == expected.by_policy
    assert found.peak_mb > expected.peak_mb + 100


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_whoever_ends_the_command_ends_its_java(number: signal.Signals, tmp_path: Path) -> None:
    if not _PROC.is_dir():
        pytest.skip("only Linux lists processes as files")
    register = tmp_path / "register.parquet"
    generate_register(50, seed=1, on=ON).write_parquet(register)
    asked = ["--register", register, "--on", "2025-06-30", "--policy", "rent_subsidy", "--engine", "spark"]
    with subprocess.Popen(
        [sys.executable, "-m", "config.cli", "match", *asked, "--out", tmp_path / "out"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as command:
        java = _wait_for_java(tmp_path)
        command.send_signal(number)
        assert command.wait(_SECONDS) in {128 + number, -number}
    until = time.monotonic() + _SECONDS
    while (_PROC / java).exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not (_PROC / java).exists()
    assert number == signal.SIGKILL or not list(tmp_path.glob("chuangju-match-*"))


def _wait_for_java(scratch: Path) -> str:
    """The process of Java that works in this folder."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        for process in _PROC.iterdir():
            try:
                line = (process / "cmdline").read_bytes() if process.name.isdigit() else b""
            except OSError:
                continue
            if f"spark.local.dir={scratch}".encode() in line and b"java" in line.split(b"\0")[0]:
                return process.name
        time.sleep(0.1)
    raise AssertionError("no Java began")


def test_a_catalogue_is_decided_a_few_policies_at_a_time() -> None:
    programs = [prepare_policy(one, ON) for one in shipped_catalogue().in_force(ON)]
    parts = plan_parts(programs, {})
    assert [one.id for plan, _ in parts for one in plan.policies] == [one.policy.id for one in programs]
    assert 5 < len(parts) < len(programs)
    assert max(len(text) for plan, text in parts if len(plan.policies) > 1) <= 30_000
