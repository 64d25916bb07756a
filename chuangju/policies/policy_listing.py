"""政策目录列表 - every policy in its newest version, searched and narrowed; with one's own verdict where one has told something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_cards import money_amount
from chuangju.policies.check_explaining import explain_all, policies_answering
from chuangju.policies.check_reading import say
from chuangju.policies.check_results import TITLES, VERDICTS
from chuangju.policies.policy_words import AUDIENCES, BENEFITS, LEVELS, word_of, words_of
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.explain import Explanation
from chuangju.rules.policy import Policy
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

VERDICT_SIGNS = {"eligible": "good", "not_yet": "soon", "near_miss": "soon", "unknown": "flat", "not_eligible": "flat"}


@dataclass(frozen=True)
class PolicyLine:
    """A policy in the list: the version that answers today or the newest, and what it says to the reader."""

    policy: Policy
    explanation: Explanation | None
    standing: str

    @property
    def pk(self) -> str:
        """By what the line is known."""
        return self.policy.id

    @property
    def verdict(self) -> str:
        """The reader's own verdict, where there is one."""
        return self.explanation.verdict if self.explanation is not None else ""


def policy_lines(catalogue: Catalogue, answers: Answers, *, on: date) -> list[PolicyLine]:
    """One line for each policy: those in force first, and of these what the reader can have."""
    answering = policies_answering(catalogue, on)
    found = [] if answers.is_empty else explain_all(answering, answers.facts_on(on), on=on)
    explanations = {one.policy.key: one for one in found}
    shown = {one.id: one for one in (*catalogue.policies, *answering)}.values()
    return sorted((PolicyLine(one, explanations.get(one.key), _standing(one, on)) for one in shown), key=_rank)


def _rank(line: PolicyLine) -> tuple[bool, int, int, int, str]:
    """What the reader can have comes first, then by the rows of the table and the level."""
    policy, levels = line.policy, list(LEVELS)
    verdict = VERDICTS.index(line.verdict) if line.verdict else 0
    return (line.standing != "in_force", verdict, min(policy.rows, default=0), levels.index(policy.level), policy.id)


def _standing(policy: Policy, on: date) -> str:
    if policy.is_in_force(on):
        return "in_force"
    return "coming" if policy.effective_from > on else "ended"


def policy_listing(lines: list[PolicyLine], *, has_verdicts: bool) -> Listing:
    """The catalogue as a list."""
    verdict = [Column("verdict", pgettext_lazy("check", "我的结果"), verdict_sign, css="short")] if has_verdicts else []
    filters = [
        Filter("benefit", pgettext_lazy("policy filter", "内容"), lambda: _choices(lines, BENEFITS, lambda one: (one.benefit,)), _by(lambda one: (one.benefit,))),
        Filter("audience", pgettext_lazy("policy filter", "对象"), lambda: _choices(lines, AUDIENCES, lambda one: one.audience), _by(lambda one: one.audience)),
        Filter("level", gettext_lazy("层级"), lambda: _choices(lines, LEVELS, lambda one: (one.level,)), _by(lambda one: (one.level,))),
        Filter("unit", gettext_lazy("单位"), lambda: _plain(lines, lambda one: (one.unit,)), _by(lambda one: (one.unit,))),
        Filter("row", pgettext_lazy("policy filter", "任务"), lambda: _rows(lines), _by(lambda one: tuple(map(str, one.rows)))),
        Filter("standing", gettext_lazy("效力"), standings, _by_standing),
    ]  # fmt: skip
    if has_verdicts:
        filters.insert(0, Filter("verdict", pgettext_lazy("check", "我的结果"), _verdicts, _by_verdict))
    return Listing(
        key="policy_catalogue",
        title=pgettext_lazy("list", "政策目录"),
        columns=[
            Column("title", pgettext_lazy("list", "政策"), lambda line: say(line.policy.title), sort="title", url=_address, template="policies/cells/policy.html"),
            *verdict,
            Column("kind", pgettext_lazy("policy filter", "类别"), _kind, sort="kind"),
            Column("audience", pgettext_lazy("policy filter", "对象"), lambda line: words_of(AUDIENCES, line.policy.audience)),
            Column("unit", gettext_lazy("单位"), lambda line: line.policy.unit, sort="unit", template="policies/cells/unit.html"),
            Column("until", gettext_lazy("有效期至"), _until, sort="until", css="short"),
        ],
        filters=filters,
        search=search_lines,
        search_label=gettext_lazy("搜索政策名称、内容、文号"),
        per_page=20,
        empty_title=gettext_lazy("目录里还没有政策"),
        empty_hint=gettext_lazy("政策文件发布后列在这里。"),
    )  # fmt: skip


def search_lines(rows: Any, text: str) -> Any:
    """By any part of title, summary, document and number, in either language; every word must occur."""
    words = text.casefold().split()
    return [line for line in rows if all(word in _searched(line.policy) for word in words)]


def _searched(policy: Policy) -> str:
    source = policy.source
    parts = [policy.title.zh, policy.title.en, policy.summary.zh, policy.summary.en]
    return " ".join([*parts, source.document, source.number, policy.id, policy.unit]).casefold()


def verdict_sign(line: PolicyLine) -> Sign | None:
    """The reader's own verdict with its amount."""
    one = line.explanation
    if one is None:
        return None
    text = str(TITLES[one.verdict])
    if one.verdict == "eligible" and one.amount is not None:
        if one.policy.amount_unit == "money":
            amount = money_amount(one.amount, "")
            text = f"{text} {amount.figure} {amount.unit}"
        else:
            text = pgettext("points", "%(verdict)s %(points)d 分") % {"verdict": text, "points": one.amount}
    return Sign(VERDICT_SIGNS[one.verdict], text)


def _kind(line: PolicyLine) -> str:
    return f"{word_of(LEVELS, line.policy.level)} · {word_of(BENEFITS, line.policy.benefit)}"


def _until(line: PolicyLine) -> str:
    until = line.policy.effective_to
    return until.isoformat() if until is not None else _("长期")


def _address(line: PolicyLine) -> str:
    return reverse("policies:policy", args=(line.policy.id,))


def _by(values: Callable[[Policy], Iterable[str]]) -> Callable[[Any, str], Any]:
    return lambda rows, value: [one for one in rows if value in tuple(values(one.policy))]


def _by_verdict(rows: Any, value: str) -> Any:
    return [one for one in rows if one.verdict == value]


def _by_standing(rows: Any, value: str) -> Any:
    return [one for one in rows if one.standing == value]


def _choices(lines: list[PolicyLine], words: Any, values: Callable[[Policy], Iterable[str]]) -> list[tuple[str, str]]:
    """The codes that occur, in the order in which they are written down."""
    found = {code for line in lines for code in values(line.policy)}
    return [(code, str(word)) for code, word in words.items() if code in found]


def _plain(lines: list[PolicyLine], values: Callable[[Policy], Iterable[str]]) -> list[tuple[str, str]]:
    return [(one, one) for one in dict.fromkeys(value for line in lines for value in values(line.policy))]


def _rows(lines: list[PolicyLine]) -> list[tuple[str, str]]:
    numbers = sorted({number for line in lines for number in line.policy.rows})
    return [(str(number), _("第 %(number)d 项任务") % {"number": number}) for number in numbers]


def _verdicts() -> list[tuple[str, str]]:
    return [(one, str(TITLES[one])) for one in VERDICTS]


def standings() -> list[tuple[str, str]]:
    """Whether a policy is in force."""
    return [
        ("in_force", pgettext("policy", "现行")),
        ("coming", pgettext("policy", "尚未施行")),
        ("ended", pgettext("policy", "已失效")),
    ]
