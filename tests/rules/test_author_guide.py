"""The guide for authors keeps its word: its policy is taken, its expressions are read, its table of functions is complete."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.examples import run_examples
from chuangju.rules.kinds import Kind
from chuangju.rules.parser import parse_expression
from chuangju.rules.parser_calls import FUNCTIONS
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.policy_keys import KEYS
from chuangju.rules.reading import Scope
from chuangju.ventures.registers import dictionary
from tests.rules.small import figure

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "policy-authors.md").read_text("utf-8")
SHARED = shipped_catalogue().shared
# Figures of a policy's own that the guide's examples speak of.
OWN = {"limit": figure("limit", Kind.MONEY, {date(2020, 1, 1): 100})}
SCOPE = Scope(dictionary(), SHARED, OWN)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def _rows_of_functions() -> list[list[str]]:
    part = GUIDE[GUIDE.index("### 函数") : GUIDE.index("### 对明细的统计")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| `")
    ]


def test_the_policy_to_begin_with_is_taken_and_its_example_passes() -> None:
    found = parse_policy(_blocks("yaml")[0], dictionary=dictionary(), shared=SHARED, file="guide.yaml")
    assert [result.has_passed for result in run_examples(found)] == [True]


@pytest.mark.parametrize("row", _rows_of_functions(), ids=lambda row: row[0])
def test_the_example_of_each_function_is_read(row: list[str]) -> None:
    text = row[2].strip("`")
    as_loop = f"sum({text} for l in loans)" if "l." in text else text
    in_months = f"sum({text} for m in last_months(3))" if text.startswith("at(") else as_loop
    assert parse_expression(in_months, SCOPE)


def test_every_function_stands_in_the_table() -> None:
    named = set(re.findall(r"`([a-z_]+)\b", " ".join(row[0] for row in _rows_of_functions())))
    assert set(FUNCTIONS) - named == {"has_run"}
    assert "has_run(" in GUIDE


def test_the_examples_of_figures_over_lists_are_read() -> None:
    block = next(text for text in GUIDE.split("```")[1::2] if text.startswith("\n") and "for e in employees" in text)
    lines = [line.split("#")[0].strip() for line in block.strip().splitlines()]
    assert len([parse_expression(line, SCOPE) for line in lines]) == 7


def test_every_key_stands_in_the_table() -> None:
    part = GUIDE[GUIDE.index("## 三、每个键") : GUIDE.index("## 四、表达式")]
    told = set(re.findall(r"`([a-z_]+)`", part))
    assert set(KEYS) - told - {"excludes"} == set()
