"""How policies go together: order of claiming, and what gives way for what."""

from __future__ import annotations

from typing import Any

from chuangju.rules.explain import Explanation
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.stacking import Claim, order_claims
from tests.rules.small import DICTIONARY, SHARED, TERM, answer


def _answer(name: str, amount: str, more: str = "", **facts: Any) -> Explanation:
    head = f"id: {name}\ntitle: {{zh: 政策{name}, en: Policy {name}}}\nsource: {{issuer: a, document: b}}\n{TERM}"
    body = f"conditions: [{{id: a, when: staff > 1, law: x}}]\namount: {amount}\n{more}"
    found = parse_policy(head + body, dictionary=DICTIONARY, shared=SHARED)
    return answer(found, **{"staff": 3} | facts)


def _told(claims: list[Claim]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(one.explanation.policy.id, one.instead_of, one.given_up_for) for one in claims]


def test_only_what_can_be_had_is_claimed_by_level_and_own_order() -> None:
    claims = order_claims(
        [
            _answer("town", "1元", "level: town\n"),
            _answer("city", "1元", "level: city\nstacking: {order: 2}\n"),
            _answer("early", "1元", "level: city\nstacking: {order: 1}\n"),
            _answer("nation", "1元", "level: national\n"),
            _answer("out", "1元", staff=0),
        ]
    )
    assert [one.explanation.policy.id for one in claims] == ["nation", "early", "city", "town"]
    assert all(one.reason is None for one in claims)


def test_what_tops_another_up_comes_after_it() -> None:
    claims = order_claims(
        [_answer("district", "1元", "stacking: {tops_up: city}\n"), _answer("city", "1元", "level: town\n")]
    )
    assert [one.explanation.policy.id for one in claims] == ["city", "district"]
    assert claims[1].reason is not None
    assert claims[1].reason.en == "claim the higher level's first; this one makes up the difference"


def test_of_two_that_exclude_each_other_the_greater_is_proposed() -> None:
    claims = order_claims([_answer("low", "1000元", "excludes: [high]\n"), _answer("high", "2000元")])
    assert _told(claims) == [("high", ("low",), ""), ("low", (), "high")]
    assert claims[1].reason is not None
    assert claims[1].reason.zh == "与“政策high”只能享受其一，建议申领后者"


def test_of_equals_the_first_to_claim_stays() -> None:
    claims = order_claims([_answer("a", "1元", "excludes: [b]\n"), _answer("b", "1元", "level: city\n")])
    assert _told(claims) == [("b", ("a",), ""), ("a", (), "b")]


def test_what_gives_way_excludes_nobody_else() -> None:
    """The middle one gives way for the greatest, so the least, which only the middle one excludes, stays."""
    claims = order_claims(
        [_answer("least", "1元"), _answer("middle", "2元", "excludes: [least, most]\n"), _answer("most", "3元")]
    )
    assert {name: given for name, _, given in _told(claims)} == {"least": "", "middle": "most", "most": ""}


def test_an_exclusion_of_what_is_not_there_or_of_itself_says_nothing() -> None:
    claims = order_claims(
        [_answer("alone", "1元", "excludes: [gone, alone]\n"), _answer("open", "rent", "excludes: [alone]\n")]
    )
    assert _told(claims) == [("alone", ("open",), ""), ("open", (), "alone")]
