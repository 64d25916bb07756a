"""征求意见页 - one round gathered for its page: who was asked, what each said, and what may be spoken about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from chuangju.programme.access import Reader, asked_units_visible_to, opinions_visible_to
from chuangju.programme.models import (
    ConsultedUnit,
    Opinion,
    Plan,
    PlanItem,
    PlanRound,
    PlanSection,
    RowUnit,
)
from chuangju.ui.signs import Sign

_ANSWER_SIGNS = {
    ConsultedUnit.Answer.WAITING: "flat",
    ConsultedUnit.Answer.OPINIONS: "good",
    ConsultedUnit.Answer.NO_OPINION: "done",
    ConsultedUnit.Answer.SILENT: "late",
}
_RESULT_SIGNS = {
    Opinion.Result.PENDING: "soon",
    Opinion.Result.ADOPTED: "done",
    Opinion.Result.PARTLY: "good",
    Opinion.Result.REJECTED: "flat",
}


@dataclass(frozen=True)
class OpinionLine:
    """An opinion with what became of it."""

    opinion: Opinion
    sign: Sign


@dataclass(frozen=True)
class AskedLine:
    """A unit asked in a round: how it answered, whether it is late, what it said."""

    asked: ConsultedUnit
    sign: Sign
    opinions: list[OpinionLine] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """Something in a draft that an opinion may be about."""

    key: str
    label: str
    section: PlanSection | None = None
    item: PlanItem | None = None


def answer_sign(asked: ConsultedUnit, *, on: date) -> Sign:
    """How a unit answered; red where its answer is overdue."""
    state = "late" if asked.is_late_on(on) else _ANSWER_SIGNS[ConsultedUnit.Answer(asked.answer)]
    label = ConsultedUnit.Answer.SILENT.label if asked.is_late_on(on) else asked.get_answer_display()
    return Sign(state, str(label))


def asked_lines(consultation: PlanRound, *, user: Reader, on: date) -> list[AskedLine]:
    """The units of a round that somebody sees, in 建制序, with their opinions; two queries."""
    opinions = opinions_visible_to(user, on=on).order_by("pk")
    asked = (
        asked_units_visible_to(user, on=on)
        .filter(round=consultation)
        .select_related("answered_by")
        .prefetch_related(Prefetch("opinions", opinions, to_attr="seen_opinions"))
        .order_by("unit__position", "pk")
    )
    return [
        AskedLine(
            unit,
            answer_sign(unit, on=on),
            [
                OpinionLine(each, Sign(_RESULT_SIGNS[Opinion.Result(each.result)], str(each.get_result_display())))
                for each in unit.seen_opinions
            ],
        )
        for unit in asked
    ]


def places_of(plan: Plan) -> list[Place]:
    """The whole, each section, each item: what a unit may speak about."""
    sections = [
        Place(f"section-{section.pk}", section.heading, section=section)
        for section in plan.sections.order_by("position", "pk")
    ]
    items = [
        Place(f"item-{item.pk}", f"{item.number}. {item.title}", item=item)
        for item in plan.items.exclude(state=PlanItem.State.DROPPED).order_by("number")
    ]
    return [Place("whole", _("方案总体")), *sections, *items]


def likely_units(plan: Plan) -> list[int]:
    """Whom a draft is most likely sent to: those who have an item in it, or take part in a row of its table."""
    owners = set(plan.items.exclude(state=PlanItem.State.DROPPED).values_list("unit", flat=True))
    rows = RowUnit.objects.filter(row__version=plan.version, row__task__in=plan.items.values("task"))
    return sorted(owners | set(rows.values_list("unit", flat=True)))
