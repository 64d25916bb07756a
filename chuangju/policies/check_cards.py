"""结果卡片 - one policy's answer as people read it: amount, the reasons in short, what to do, how long, on whose word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangju.kernel.languages import reads_english
from chuangju.policies.check_measures import own_value, say_quantity
from chuangju.policies.check_questions import question_book
from chuangju.policies.check_reading import say
from chuangju.rules.amounts import write_money
from chuangju.rules.explain import ConditionAnswer, Explanation
from chuangju.rules.kinds import Words
from chuangju.rules.policy import Policy
from chuangju.ventures.registers import dictionary

_SHOWN_REASONS = 3
# A note so short stands behind the figure (a year, once); a longer one below it.
_SHORT_NOTE = {"zh": 5, "en": 12}
_ALARM_DAYS = 90
# The code of a policy inside a sentence; people read its title.
_CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")


@dataclass(frozen=True)
class Reason:
    """One condition in a line: `mark` is yes, no, wait or unknown."""

    mark: str
    text: str
    own: str = ""
    sentence: str = ""
    law: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Amount:
    """A figure, its unit and its period; `note` says more. `sign` is + where it is a gain still to be had."""

    figure: str
    unit: str
    period: str = ""
    note: str = ""
    sign: str = ""


@dataclass(frozen=True)
class CardStep:
    """What one more step would bring."""

    label: str
    gain: str
    makes_eligible: bool


@dataclass(frozen=True)
class MissingFact:
    """What is still to be told: its name, and the question that asks for it (empty: asked elsewhere)."""

    name: str
    question: str


@dataclass(frozen=True)
class Card:
    """A policy's answer as shown."""

    explanation: Explanation
    title: str
    summary: str
    verdict: str
    amount: Amount | None
    # The most that one more step would bring, in fen or points.
    gain: int
    reasons: tuple[Reason, ...]
    more_reasons: int
    more_is_met: bool
    from_day: date | None
    alarm: str
    alarm_day: date | None
    facts_line: str
    is_sample: bool
    is_unverified: bool
    steps: tuple[CardStep, ...]
    missing: tuple[MissingFact, ...]
    given_up_for: str = ""
    instead_of: tuple[str, ...] = field(default=())
    # Parts of the page that were drawn for this card; the same for everybody who is given this answer.
    drawn: dict[str, SafeString] = field(default_factory=dict, compare=False, repr=False)

    @property
    def policy(self) -> Policy:
        """The version that answers."""
        return self.explanation.policy

    @property
    def papers(self) -> list[str]:
        """What is to be brought, or kept."""
        return [say(one) for one in self.policy.documents]


def make_card(explanation: Explanation, *, titles: Mapping[str, Words]) -> Card:
    """The card of an explanation."""
    policy = explanation.policy
    ordered = _ordered(explanation)
    rest = ordered[_SHOWN_REASONS:]
    steps = explanation.steps if explanation.verdict != "unknown" else []
    alarm, alarm_day = _alarm(explanation)
    return Card(
        explanation=explanation,
        title=say(policy.title),
        summary=say(policy.summary),
        verdict=explanation.verdict,
        amount=_amount(explanation, steps),
        gain=max((step["gain"] for step in steps), default=0),
        reasons=tuple(reason_of(one, explanation, titles) for one in ordered[:_SHOWN_REASONS]),
        more_reasons=len(rest),
        more_is_met=all(one.answer for one in rest),
        from_day=explanation.from_day,
        alarm=alarm,
        alarm_day=alarm_day,
        facts_line=facts_line(policy),
        is_sample=policy.confidence == "sample",
        is_unverified=policy.confidence == "unverified",
        steps=tuple(_steps(explanation, steps)),
        missing=missing_facts(explanation),
    )


def missing_facts(explanation: Explanation) -> tuple[MissingFact, ...]:
    """What the answer lacks, by the questions that ask for it: one question may ask for several facts."""
    found: dict[str, MissingFact] = {}
    for key in explanation.missing:
        question = question_book().for_fact(key)
        name = say(dictionary().facts[key].name)
        found.setdefault(question.key if question else key, MissingFact(name, question.key if question else ""))
    return tuple(found.values())


def _quoted(title: str) -> str:
    return f"“{title}”" if reads_english() else f"《{title}》"


def with_titles(text: str, titles: Mapping[str, Words]) -> str:
    """A sentence with the titles of policies in place of their codes."""
    return _CODE.sub(lambda found: _quoted(say(titles[found[0]])) if found[0] in titles else found[0], text)


def reason_of(answer: ConditionAnswer, explanation: Explanation, titles: Mapping[str, Words]) -> Reason:
    """One condition with somebody's own value and, where it fails, what can be done."""
    condition = answer.program.condition
    mark = {True: "yes", None: "unknown"}.get(answer.answer, "wait" if answer.from_day else "no")
    text = say(condition.label)
    if answer.answer is False and answer.is_actionable and condition.mend is not None:
        text = say(condition.mend)
    own = own_value(answer, explanation.facts, explanation.on)
    if answer.answer is None:
        own = _("还不知道%(facts)s") % {"facts": _listed(say(dictionary().facts[key].name) for key in answer.missing)}
    sentence = with_titles(say(answer.sentence), titles)
    return Reason(mark, text, own, sentence, condition.law, answer.from_day)


def facts_line(policy: Policy) -> str:
    """Papers, days and who decides, in one line."""
    parts = []
    if policy.channel == "none":
        parts.append(_("不用申请，直接享受"))
    if policy.channel == "offered":
        parts.append(_("免申即享"))
    if policy.documents:
        count = len(policy.documents)
        parts.append(ngettext("%(count)d 份材料", "%(count)d 份材料", count) % {"count": count})
    if policy.days:
        parts.append(ngettext("约 %(count)d 个工作日", "约 %(count)d 个工作日", policy.days) % {"count": policy.days})
    return " · ".join(parts)


def money_amount(fen: int, note: str, *, sign: str = "") -> Amount:
    """Fen as a figure with its unit; a short note is its period."""
    figure = write_money(fen).removesuffix(" 元")
    if note in {"每年", "a year"}:
        return Amount(figure, _("元/年"), sign=sign)
    short = len(note) <= _SHORT_NOTE["en" if reads_english() else "zh"]
    return Amount(figure, _("元"), note if short else "", "" if short else note, sign)


def _amount(explanation: Explanation, steps: list[dict[str, Any]]) -> Amount | None:
    policy, note = explanation.policy, say(explanation.policy.amount_note)
    value, sign = explanation.amount, ""
    if value is None and explanation.verdict == "not_yet":
        value = explanation.amount_at_from
    if value is None and explanation.verdict == "near_miss":
        gains = [step["gain"] for step in steps if step["gain"] > 0]
        value, sign = (min(gains), "＋") if gains else (None, "")
    if value is None:
        return None
    if policy.amount_unit == "points":
        return Amount(f"{value:,}", _("分"), "", note)
    return money_amount(value, note, sign=sign)


def _ordered(explanation: Explanation) -> list[ConditionAnswer]:
    """What fails or is open first, then what is fulfilled; being in force of a venture at all says the least."""
    ranks = {False: 0, None: 1, True: 2}
    return sorted(explanation.conditions, key=lambda one: (ranks[one.answer], _says_little(one)))


def _says_little(answer: ConditionAnswer) -> int:
    """Conditions that say the least to whoever fulfils them stand last: those on one fact that came with the standpoint."""
    return int(set(answer.values) <= {"status", "entity_type", "operating", "team_registered"})


def _steps(explanation: Explanation, steps: list[dict[str, Any]]) -> Iterable[CardStep]:
    for step in steps:
        gain = step["gain"]
        yield CardStep(
            label=step["label"]["en" if reads_english() else "zh"],
            gain=say_quantity(gain, "money") if gain > 0 and explanation.policy.amount_unit == "money" else "",
            makes_eligible=step["verdict"] == "eligible",
        )


def _alarm(explanation: Explanation) -> tuple[str, date | None]:
    """The day a right is lost, while it can still be had."""
    last = explanation.claim_by
    if last is None or explanation.verdict == "not_eligible" or last < explanation.on:
        return "", None
    return ("soon" if (last - explanation.on).days <= _ALARM_DAYS else "far"), last


def _listed(words: Iterable[str]) -> str:
    return _("、").join(words)
