"""A policy's expressions in words on a day: figures in place, loops over months told as such, totals by their name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chuangju.rules.binding import Binder
from chuangju.rules.folding import settle_figures
from chuangju.rules.kinds import Value, Words
from chuangju.rules.policy import Policy
from chuangju.rules.sentences import Names, tell
from chuangju.rules.tree import Node

_TOTAL = Words("积分合计", "total points")


class Wording:
    """Puts the expressions of one policy in words."""

    def __init__(self, policy: Policy, day: date) -> None:
        """As the figures are on this day."""
        self._binder = Binder(day, policy.parameters, policy.shared)
        figures = {name: one.words for name, one in policy.shared.parameters.items()}
        total = policy.lets.get("points_total")
        parts = ((settle_figures(self._binder.for_words(total)), _TOTAL),) if total is not None else ()
        self._names = Names(parts, figures)

    def tell(self, node: Node, facts: Mapping[str, Value] | None = None) -> Words:
        """One expression of the policy; with facts, each with its value behind its name."""
        return tell(settle_figures(self._binder.for_words(node)), facts, self._names)
