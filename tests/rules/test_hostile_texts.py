"""Hostile texts: whatever is done to a file or an expression, it is taken or told with its place, and never takes a second."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest

from chuangju.policies.catalogue import FOLDER, shipped_catalogue
from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.examples import run_examples
from chuangju.rules.extent import check_extent
from chuangju.rules.kinds import Fault
from chuangju.rules.parser import parse_expression
from chuangju.rules.policy_file import PolicyFault, PolicyFaults, parse_policy
from chuangju.rules.reading import Scope
from chuangju.ventures.registers import dictionary
from tests.rules.random_policies import RandomPolicies
from tests.rules.small import SCOPE

Told = TypeVar("Told")

FRAGMENTS = (
    *("²", "٣", "\ufeff", "\x00", "\t", "\r\n", "\x85", "\u2028", "😀", "\ud800", "'", '"', "#", "\\", "\n", "  ", "- "),
    *("&a", "*a", "!!python/object:os.system", "<<", "---", "{", "}", "[", "]", ":", ": ", "null", "~", "true", "on"),
    *("-", "--5", "9" * 30, "9" * 5000, "0", "-1", "1e5", "0x1", "2025-02-30", "9999-12-31", "0001-01-01", "3000元", "30%"),
    *("(", ")", "((((", "not ", "+", "*", "/", "%", "**", "==", "=", "<=", "in", "is", "if", "else", ",", "“", "（", "≥"),
    *(".from", ".__class__", "lambda x: x", "_L0", "min(", "count(", "sum(", "latest(", "last_months(12)", "has_run("),
    *("for e in employees", "for m in last_months(60)", "months_since(", "year_of(on)", "working_days_since(", "by_band("),
    *("at(", "prorate(", "interest(", "quarter_mean(", "deduct_in_order(", "add_months(", "{'a'}", "registered_on", "employees"),
    *("staff_count", "founder_groups", "e.residence", "conditions", "given: [1]", "value:", "bands:", "upto:", "let:", "items:"),
)  # fmt: skip


def _changed(text: str, chance: random.Random) -> str:
    """The text with a few things put in, taken out, doubled or exchanged."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        way = chance.random()
        if way < 0.35:
            text = text[:start] + chance.choice(FRAGMENTS) + text[start:]
        elif way < 0.55:
            text = text[:start] + text[start + chance.randint(1, 8) :]
        elif way < 0.75:
            text = text[:start] + chance.choice(FRAGMENTS) + text[start + chance.randint(1, 20) :]
        else:
            lines = text.split("\n")
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one] if way < 0.9 else lines[other]
            text = "\n".join(lines)
    return text


def _within_a_second(work: Callable[[], list[Told]]) -> list[Told]:
    """By the time of this process: other work on the machine does not count."""
    started = time.process_time()
    found = work()
    assert time.process_time() - started < 1
    return found


TEXTS = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
SHARED = shipped_catalogue().shared


@pytest.mark.parametrize("seed", range(8))
def test_shipped_files_that_were_tampered_with(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        text = _changed(chance.choice(TEXTS), chance)
        for one in _within_a_second(partial(_faults_of_file, text)):
            assert one.line >= 1
            assert one.column >= 1
            assert one.words.zh
            assert one.words.en


def _faults_of_file(text: str) -> list[PolicyFault]:
    """What is told of a file; of one that is taken, whose examples are answered, nothing."""
    try:
        found = parse_policy(text, dictionary=dictionary(), shared=SHARED, file="changed.yaml")
    except PolicyFaults as problem:
        return problem.faults
    for result in run_examples(found):
        result.explanation.as_json()
    return []


@pytest.mark.parametrize("seed", range(8))
def test_expressions_that_were_tampered_with(seed: int) -> None:
    world, chance = RandomPolicies(seed), random.Random(seed)
    scope = Scope(dictionary(), SHARED)
    refused = 0
    for _ in range(250):
        makers = (world.yes_no, world.number, world.money, world.day)
        text = _changed(chance.choice(makers)(), chance)
        for one in _within_a_second(partial(_faults_of_expression, text, chance.choice((scope, SCOPE)))):
            refused += 1
            assert 0 <= one.position <= len(text)
            assert one.words.zh
            assert one.words.en
    assert refused > 100


def _faults_of_expression(text: str, scope: Scope) -> list[Fault]:
    try:
        tree = parse_expression(text, scope)
        check_extent(tree)
        BoundsCheck(SCOPE.parameter).check(tree)
    except Fault as problem:
        return [problem]
    return []
