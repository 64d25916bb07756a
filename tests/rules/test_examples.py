"""Worked examples: what a file promises comes out, and each difference is said in a sentence."""

from __future__ import annotations

from chuangju.rules.examples import ExampleResult, run_examples
from tests.rules.small import policy


def _run(example: str) -> ExampleResult:
    conditions = "conditions:\n- {id: heads, when: staff >= 3, law: x}\n- {id: half, when: months_since(registered_on) >= 6, law: x}\n"
    (found,) = run_examples(policy(f"{conditions}amount: rent\nexamples:\n- {example}\n"))
    return found


def test_a_kept_promise_has_no_differences() -> None:
    kept = "{given: {staff: 3, registered_on: 2024-01-01, rent: 3000元}, on: 2025-01-01, expect: eligible, amount: 3000元, failed: []}"
    assert _run(kept).has_passed
    assert _run("{given: {staff: 3}, on: 2025-01-01, expect: unknown, missing: [registered_on]}").has_passed
    not_yet = "{given: {staff: 3, registered_on: 2024-08-31}, on: 2025-01-01, expect: not_yet, from: 2025-02-28, failed: [half]}"
    assert _run(not_yet).has_passed


def test_every_broken_promise_is_said() -> None:
    found = _run(
        "{given: {staff: 2, registered_on: 2024-12-01, rent: 5}, on: 2025-01-01, expect: eligible, amount: 6,"
        " missing: [staff], from: 2025-02-01, failed: [half]}"
    )
    assert not found.has_passed
    told = [one.zh for one in found.differences]
    assert told[0] == "应为 eligible，算出 not_eligible（未满足或未知：heads, half）"
    assert told[1:] == [
        "amount 应为 6，算出 None",
        "missing 应为 staff，算出 ",
        "from 应为 2025-02-01，算出 None",
        "failed 应为 half，算出 half, heads",
    ]
    assert found.differences[0].en.startswith("expected eligible, came to not_eligible")
    assert (
        _run("{given: {staff: 3, registered_on: 2020-01-01, rent: 1}, on: 2025-01-01, expect: unknown}")
        .differences[0]
        .zh.endswith("无）")
    )
