"""公示名单 - what everybody reads of decisions in a notice: names of firms whole, names of people in part, no number of anybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext, gettext_noop

from chuangju.applications.case_words import shown_case_title
from chuangju.applications.decision_settings import decision_settings
from chuangju.applications.models import Application, Decision, PublicNotice
from chuangju.applications.window_words import shown_list_name
from chuangju.kernel.languages import reads_english
from chuangju.kernel.masking import mask_name
from chuangju.kernel.money import format_yuan

# As notices are titled unless their unit says otherwise: after the policy, the selection list, or several of them.
_USUAL, _SEVERAL = gettext_noop("“%(title)s”拟支持名单公示"), gettext_noop("扶持政策")


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


def with_first_case(notices: QuerySet[PublicNotice]) -> QuerySet[PublicNotice]:
    """Notices with the first case of each, for their titles; two queries more, however many they are."""
    first = Decision.objects.select_related("application__window").order_by("application__number", "pk")[:1]
    return notices.prefetch_related(Prefetch("decisions", first, to_attr="first_decisions"))


def shown_notice_title(notice: PublicNotice) -> str:
    """Its title in the reader's language, where it is framed as usual; what is named in it by its own English name."""
    if not reads_english():
        return notice.title
    before, after = _USUAL.split("%(title)s")
    if not (notice.title.startswith(before) and notice.title.endswith(after)):
        return notice.title
    named = notice.title.removeprefix(before).removesuffix(after)
    case = _first_case(notice)
    if named == _SEVERAL:
        named = gettext(_SEVERAL)
    elif case is not None:
        named = shown_case_title(case) if named == case.title else shown_list_name(named, case.window)
    return gettext(_USUAL) % {"title": named}


def indexed_notice_names(notice: PublicNotice) -> list[str]:
    """The names in a notice by which it is found: those of firms, never of people."""
    subjects = [one.application.subject for one in notice.decisions.all()]
    return list(dict.fromkeys(subject.name for subject in subjects if not subject.is_person))


def _first_case(notice: PublicNotice) -> Application | None:
    """The case of its first line, as it was fetched along or else by a query."""
    kept = getattr(notice, "first_decisions", None)
    if kept is None:
        kept = notice.decisions.select_related("application__window").order_by("application__number", "pk")[:1]
    return next((one.application for one in kept), None)


def shown_contact(notice: PublicNotice) -> str:
    """How one objects, in the reader's language, where the notice says the usual; else as it was given."""
    usual = decision_settings()["notices_contact"]
    return str(usual["en"]) if reads_english() and notice.contact == usual["zh"] else notice.contact


def _shown_name(decision: Decision) -> str:
    subject = decision.application.subject
    return mask_name(subject.name) if subject.is_person else subject.name
