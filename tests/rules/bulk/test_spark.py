"""Spark - cell by cell what Polars gives, on a hundred thousand rows; run where it is installed, required on CI."""

from __future__ import annotations

import os

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.run import match
from chuangju.rules.bulk.spark_run import SPARK_PYTHON
from chuangju.ventures.registers.generate import generate_register
from tests.rules.bulk.random_registers import ON

_ROWS = 100_000
# Related records, waiting days, figures of bands; each more costs Spark seconds to compile.
_IDS = ("rent_subsidy", "first_job_insurance_subsidy", "guaranteed_loan_organisation")


def test_spark_gives_the_same_cell_by_cell() -> None:
    if not SPARK_PYTHON.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("CI must run the test of Spark: script/spark installs it")
        pytest.skip("SPARK IS NOT INSTALLED: nothing shows that it decides alike (script/spark installs it)")
    policies = [one for one in shipped_catalogue().in_force(ON) if one.id in _IDS]
    register = generate_register(_ROWS, seed=21, on=ON)
    found, expected = match(register, policies, on=ON, engine="spark"), match(register, policies, on=ON)
    assert len(policies) == len(_IDS)
    for name in expected.frame.columns:
        assert found.frame[name].equals(expected.frame[name]), name
    assert found.by_policy == expected.by_policy
