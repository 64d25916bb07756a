"""How policies go together: which exclude each other, which top another one up, and in which order they are claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chuangju.rules.explain import Explanation
from chuangju.rules.kinds import Words

_LEVELS = {"national": 0, "city": 1, "district": 2, "town": 3}


@dataclass(frozen=True, slots=True)
class Claim:
    """One policy in the order of claiming; `instead_of` names those it excludes, `given_up_for` the better one that excludes it."""

    explanation: Explanation
    instead_of: tuple[str, ...]
    given_up_for: str
    reason: Words | None


def order_claims(explanations: Iterable[Explanation]) -> list[Claim]:
    """The eligible policies in the order to claim them: by level, own order, and what is topped up before what tops it up.

    Of policies that exclude each other those with the greater amounts are proposed; the others say for which they give
    way. One that is excluded only by a policy that itself gives way is proposed all the same.
    """
    eligible = [one for one in explanations if one.verdict == "eligible"]
    excluded = _exclusions(eligible)
    given_up = _given_up(eligible, excluded)
    claims: list[Claim] = []
    for one in sorted(eligible, key=_rank):
        better = given_up.get(one.policy.id)
        claims.append(
            Claim(
                explanation=one,
                instead_of=tuple(sorted(excluded.get(one.policy.id, set()))) if better is None else (),
                given_up_for=better.policy.id if better is not None else "",
                reason=_reason(one, better),
            )
        )
    return claims


def _exclusions(explanations: Sequence[Explanation]) -> dict[str, set[str]]:
    """For each policy the others it cannot be had with, whichever of the two says so."""
    ids = {one.policy.id for one in explanations}
    found: dict[str, set[str]] = {}
    for one in explanations:
        for other in one.policy.stacking.excludes:
            if other in ids and other != one.policy.id:
                found.setdefault(one.policy.id, set()).add(other)
                found.setdefault(other, set()).add(one.policy.id)
    return found


def _given_up(explanations: Sequence[Explanation], excluded: Mapping[str, set[str]]) -> dict[str, Explanation]:
    """From the greatest amount down: what is excluded by one already taken gives way for it; of equals the first to claim stays."""
    taken: list[Explanation] = []
    found: dict[str, Explanation] = {}
    for one in sorted(explanations, key=lambda one: (-(one.amount or 0), _rank(one))):
        better = next((other for other in taken if other.policy.id in excluded.get(one.policy.id, set())), None)
        if better is None:
            taken.append(one)
        else:
            found[one.policy.id] = better
    return found


def _rank(one: Explanation) -> tuple[int, int, int, str]:
    policy = one.policy
    return (int(bool(policy.stacking.tops_up)), _LEVELS.get(policy.level, 9), policy.stacking.order, policy.id)


def _reason(one: Explanation, better: Explanation | None) -> Words | None:
    if better is not None:
        title = better.policy.title
        return Words(
            f"与“{title.zh}”只能享受其一，建议申领后者", f"cannot be had together with “{title.en}”, which brings more"
        )
    if one.policy.stacking.tops_up:
        return Words("先申领上级补贴，本项补足差额", "claim the higher level's first; this one makes up the difference")
    return None
