"""范例 - worked examples run as tests: what was promised for them must come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chuangju.rules.explain import Explanation, explain
from chuangju.rules.kinds import Words
from chuangju.rules.policy import Example, Policy


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example with what came out and, where that is not what was promised, how it differs."""

    example: Example
    explanation: Explanation
    differences: tuple[Words, ...]

    @property
    def has_passed(self) -> bool:
        """Whether everything promised came out."""
        return not self.differences


def run_examples(policy: Policy) -> list[ExampleResult]:
    """All examples of one version."""
    return [run_example(policy, one) for one in policy.examples]


def run_example(policy: Policy, example: Example) -> ExampleResult:
    """One example: the verdict, and what else the file promises of it."""
    found = explain(policy, example.given, on=example.on)
    differences = []
    if found.verdict != example.verdict:
        failing = _names(one.program.id for one in found.conditions if one.answer is not True)
        words = Words(
            f"应为 {example.verdict}，算出 {found.verdict}（未满足或未知：{failing or '无'}）",
            f"expected {example.verdict}, came to {found.verdict} (not fulfilled or unknown: {failing or 'none'})",
        )
        differences.append(words)
    if example.amount is not None:
        differences += _differ("amount", example.amount, found.amount)
    if example.missing is not None:
        differences += _differ("missing", _names(sorted(example.missing)), _names(sorted(found.missing)))
    if example.from_day is not None:
        differences += _differ("from", example.from_day, found.from_day)
    if example.failed is not None:
        failed = _names(sorted(one.program.id for one in found.failing))
        differences += _differ("failed", _names(sorted(example.failed)), failed)
    return ExampleResult(example, found, tuple(differences))


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)


def _differ(key: str, wanted: object, found: object) -> list[Words]:
    if wanted == found:
        return []
    return [Words(f"{key} 应为 {wanted}，算出 {found}", f"{key} expected {wanted}, came to {found}")]
