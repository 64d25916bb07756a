"""申请页的话 - what the applicant reads while filling in: how it stands, in a sentence and a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chuangju.applications.evaluation import Evaluation
from chuangju.kernel.languages import reads_english
from chuangju.kernel.money import format_yuan
from chuangju.policies.check_cards import money_amount
from chuangju.policies.check_reading import say
from chuangju.rules.kinds import Kind, Words

_TONES = {"eligible": "good", "not_yet": "soon", "near_miss": "soon", "unknown": "flat", "not_eligible": "late"}


@dataclass(frozen=True)
class Outlook:
    """How a case stands by what is known: a figure where there is one, a sentence always."""

    tone: str
    figure: str
    unit: str
    sentence: str
    is_sample: bool
    is_money: bool

    @property
    def has_figure(self) -> bool:
        """Whether there is an amount to show."""
        return bool(self.figure)


def outlook_of(evaluation: Evaluation, *, open_questions: int) -> Outlook:
    """What the applicant reads above every screen of the form."""
    policy, amount = evaluation.policy, evaluation.amount
    is_money = policy.amount_kind is Kind.MONEY
    figure, unit = "", ""
    if amount is not None and evaluation.verdict == "eligible":
        shown = money_amount(amount, "")
        figure, unit = (shown.figure, shown.unit) if is_money else (str(amount), _unit(policy.amount_unit))
    return Outlook(
        _TONES.get(evaluation.verdict, "flat"),
        figure,
        unit,
        _sentence(evaluation, open_questions),
        policy.confidence == "sample",
        is_money,
    )


def _sentence(evaluation: Evaluation, open_questions: int) -> str:
    match evaluation.verdict:
        case "eligible" if evaluation.amount is None and evaluation.policy.amount is not None:
            return _("符合条件；再填几项就能算出金额")
        case "eligible":
            return _("符合条件")
        case "not_yet" if evaluation.explanation.from_day is not None:
            day = evaluation.explanation.from_day
            return _("%(day)s 起符合条件") % {"day": day.isoformat()}
        case "near_miss":
            return _("还差一步：有一个条件没满足")
        case "unknown" if open_questions:
            return _("还有 %(count)d 项要填，才能判断") % {"count": open_questions}
        case "unknown":
            return _("有数据不清楚，由工作人员核实")
        case _:
            return _("按现在填的，不符合条件")


def _unit(unit: str) -> str:
    return {"points": _("分"), "months": _("个月")}.get(unit, "")


def said_by_file(words: Any) -> str:
    """Words as a policy file's free entries hold them, in the reader's language."""
    if isinstance(words, Words):
        return say(words)
    if isinstance(words, Mapping):
        return str(words.get("en" if reads_english() else "zh") or words.get("zh") or "")
    return str(words or "")


def money_text(fen: int | None) -> str:
    """Whole fen as people read it; empty for none."""
    return "" if fen is None else str(format_yuan(fen))
