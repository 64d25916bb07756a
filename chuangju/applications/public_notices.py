"""公示名单 - what everybody reads of decisions in a notice: names of firms whole, names of people in part, no number of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from chuangju.applications.case_words import shown_case_title
from chuangju.applications.decision_settings import decision_settings
from chuangju.applications.models import Decision, PublicNotice
from chuangju.kernel.languages import reads_english
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
            title=shown_case_title(one.application),
            number=str(one.application.number or ""),
            subject=_shown_name(one),
            outcome=str(one.get_outcome_display()),
            amount=format_yuan(one.amount) if one.amount is not None else "",
            town=one.application.town.shown_name if one.application.town else "",
        )
        for one in rows.order_by("application__number", "pk")
    ]


def shown_notice_title(notice: PublicNotice, rows: Sequence[PublicRow]) -> str:
    """Its title in the reader's language, where it is the usual one of a single policy; else as it was given."""
    if not reads_english() or not rows:
        return notice.title
    application = rows[0].decision.application
    usual = gettext_noop("“%(title)s”拟支持名单公示")
    if notice.title != usual % {"title": application.title}:
        return notice.title
    return gettext(usual) % {"title": shown_case_title(application)}


def shown_contact(notice: PublicNotice) -> str:
    """How one objects, in the reader's language, where the notice says the usual; else as it was given."""
    usual = decision_settings()["notices_contact"]
    return str(usual["en"]) if reads_english() and notice.contact == usual["zh"] else notice.contact


def _shown_name(decision: Decision) -> str:
    subject = decision.application.subject
    return mask_name(subject.name) if subject.is_person else subject.name
