"""可选项 - what can be named in an answer: the policies somebody had money from, or the members of a list of the day."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from chuangju.policies.check_questions import Question
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue

# What somebody says whose incubator stands in no list; the code is nobody's.
UNLISTED = "unlisted"
_NAMED = frozenset({"grant", "subsidy", "interest", "voucher", "prize"})


def named_choices(question: Question, *, on: date) -> list[tuple[str, str]]:
    """The policies that somebody may have had money from, by name; or the members of a list on a day, by code."""
    if question.listed:
        held = current_catalogue().shared.lists[question.listed].on(on)
        return [*((code, code) for code in sorted(held)), (UNLISTED, _("不在名单里"))]
    if "policy" not in question.fields:
        return []
    catalogue = current_catalogue()
    latest = [catalogue.latest(policy_id) for policy_id in catalogue.ids]
    return [(one.id, say(one.title)) for one in latest if one is not None and one.benefit in _NAMED]


def policy_levels() -> dict[str, str]:
    """The level of each policy, for grants that name one."""
    return {one.id: one.level for one in current_catalogue().policies}
