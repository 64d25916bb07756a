"""The guide for those who write policies: what it shows is taken, and nothing that can be written is left out."""

from __future__ import annotations

import re
from pathlib import Path

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.examples import run_examples
from chuangju.rules.parser_calls import FUNCTIONS
from chuangju.rules.parser_loops import AGGREGATES
from chuangju.rules.policy import CONFIDENCES
from chuangju.rules.policy_file import KEYS, parse_policy
from chuangju.rules.program import VERDICTS
from chuangju.ventures.registers import dictionary

GUIDE = (Path(__file__).parents[2] / "docs" / "policy-authors.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def _mentions(word: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", GUIDE) is not None


def test_its_first_policy_is_taken_and_its_example_comes_out() -> None:
    policy = parse_policy(BLOCKS[0], dictionary=dictionary(), shared=shipped_catalogue().shared)
    assert [one.has_passed for one in run_examples(policy)] == [True]


def test_every_key_function_verdict_and_confidence_is_told() -> None:
    words = {*KEYS, *FUNCTIONS, *AGGREGATES, *VERDICTS, *CONFIDENCES, "latest", "last_months"}
    assert [one for one in sorted(words) if not _mentions(one)] == []


def test_it_is_short_enough_to_be_read() -> None:
    assert len(GUIDE.splitlines()) <= 300
