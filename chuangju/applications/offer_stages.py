"""推送进度 - how far each offer of a run has come: waiting, taken, shown to everybody, in force, paid, or declined."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import desk_units, reads_whole_desk
from chuangju.applications.models import Application, ApplicationFlag, Instalment, OfferRun
from chuangju.kernel.models import User
from chuangju.units.access import Visitor

State = Application.State


class Stage(models.TextChoices):
    """The stages in the order in which they are reached; the last three end it."""

    WAITING = "waiting", pgettext_lazy("offer", "已通知，待确认")
    ACCEPTED = "accepted", pgettext_lazy("offer", "已确认，待审定")
    NOTICE = "notice", pgettext_lazy("offer", "公示中")
    PUBLISHED = "published", pgettext_lazy("offer", "已公布，待拨付")
    PAID = "paid", pgettext_lazy("offer", "已到账")
    DECLINED = "declined", pgettext_lazy("offer", "放弃领取")
    LAPSED = "lapsed", pgettext_lazy("offer", "逾期未确认")
    REFUSED = "refused", pgettext_lazy("offer", "未通过")


def offer_runs_visible_to(user: Visitor, on: date) -> QuerySet[OfferRun]:
    """Runs: all for leaders and the office, everybody else's those of their unit, of towns, and their own."""
    if reads_whole_desk(user, on):
        return OfferRun.objects.all()
    units = desk_units(user, on)
    if not units or not isinstance(user, User):
        return OfferRun.objects.none()
    return OfferRun.objects.filter(Q(unit__in=units) | Q(unit__isnull=True) | Q(made_by=user))


def staged(offers: QuerySet[Application]) -> QuerySet[Any]:
    """Offers with the stage that each has reached."""
    paid = Instalment.objects.filter(entitlement__application=OuterRef("pk"), state=Instalment.State.PAID)
    shown = ApplicationFlag.objects.filter(
        application=OuterRef("pk"), kind=ApplicationFlag.Kind.NOTICE, ended_at__isnull=True
    )
    return offers.annotate(
        stage=Case(
            When(state=State.OFFERED, then=Value(Stage.WAITING.value)),
            When(state=State.WITHDRAWN, then=Value(Stage.DECLINED.value)),
            When(state=State.LAPSED, then=Value(Stage.LAPSED.value)),
            When(state=State.REFUSED, then=Value(Stage.REFUSED.value)),
            When(Q(state=State.GRANTED) & Exists(paid), then=Value(Stage.PAID.value)),
            When(state=State.GRANTED, then=Value(Stage.PUBLISHED.value)),
            When(Exists(shown), then=Value(Stage.NOTICE.value)),
            default=Value(Stage.ACCEPTED.value),
            output_field=CharField(),
        )
    )


def stage_counts(runs: Iterable[OfferRun]) -> dict[UUID, dict[str, int]]:
    """For each run how many of its offers are at each stage; one query."""
    keys = [run.pk for run in runs]
    found: dict[UUID, dict[str, int]] = {key: {} for key in keys}
    rows = staged(Application.objects.filter(offer_run__in=keys)).order_by()
    for row in rows.values("offer_run", "stage").annotate(count=Count("pk")):
        found[row["offer_run"]][row["stage"]] = row["count"]
    return found
