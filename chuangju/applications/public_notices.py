"""公示名单 - what everybody reads of decisions in a notice: names of firms whole, names of people in part, no number of anybody."""

from __future__ import annotations

from dataclasses import dataclass

from chuangju.applications.models import Decision, PublicNotice
from chuangju.kernel.masking import mask_name
from chuangju.kernel.money import format_yuan


@dataclass(frozen=True)
class PublicRow:
    """One line of a notice."""

    decision: Decision
    title: str
    number: str
    subject: str
    outcome: str
    amount: str
    town: str


def public_rows(notice: PublicNotice) -> list[PublicRow]:
    """The lines of a notice in the order of their numbers; one query."""
    rows = notice.decisions.select_related("application__subject", "application__town")
    return [
        PublicRow(
            decision=one,
            title=one.application.title,
            number=str(one.application.number or ""),
            subject=_shown_name(one),
            outcome=str(one.get_outcome_display()),
            amount=format_yuan(one.amount) if one.amount is not None else "",
            town=one.application.town.shown_name if one.application.town else "",
        )
        for one in rows.order_by("application__number", "pk")
    ]


def _shown_name(decision: Decision) -> str:
    subject = decision.application.subject
    return mask_name(subject.name) if subject.is_person else subject.name
