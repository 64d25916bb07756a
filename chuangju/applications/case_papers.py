"""办件文书 - the letters of a case: which can be begun now, and which there are already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.applications.case_locks import StepRefused
from chuangju.applications.letters import ACCEPTANCE, CORRECTION, NOT_ACCEPTED
from chuangju.applications.models import Application, Correction
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import draft_paper

_LABELS: dict[str, str | Promise] = {
    ACCEPTANCE: _("受理凭证"),
    NOT_ACCEPTED: _("不予受理通知书"),
    CORRECTION: _("补正告知书"),
}


class CasePaperRefused(StepRefused):
    """The letter cannot be begun now; the sentence says why."""


def letters_to_begin(application: Application) -> list[tuple[str, str | Promise]]:
    """The letters that the case calls for and that nobody has begun."""
    begun = set(papers_of_case(application).exclude(state=Paper.State.VOIDED).values_list("template_key", "subject_id"))
    return [(key, _LABELS[key]) for key, subject in _subjects(application) if (key, str(subject.pk)) not in begun]


@transaction.atomic
def begin_case_paper(application: Application, key: str, *, by: User, at: datetime) -> Paper:
    """Begin one of these letters; raises CasePaperRefused, PaperRefused."""
    subject = dict(_subjects(application)).get(key)
    if subject is None:
        raise CasePaperRefused(_("这个办件现在不需要这种文书"))
    return draft_paper(
        key,
        subject,
        title=f"{_LABELS[key]}（{application.number}）",
        recipient=application.subject.name,
        openness=Paper.Openness.ON_REQUEST,
        by=by,
        at=at,
    )


def papers_of_case(application: Application) -> QuerySet[Paper]:
    """The papers about a case, its requests to mend and its decisions; newest first."""
    wanted = Q(pk__in=[])
    about: list[tuple[type[models.Model], Iterable[object]]] = [
        (Application, [application.pk]),
        (Correction, application.corrections.values_list("pk", flat=True)),
        (application.decisions.model, application.decisions.values_list("pk", flat=True)),
    ]
    for model, keys in about:
        kind = ContentType.objects.get_for_model(model)
        wanted |= Q(subject_type=kind, subject_id__in=[str(key) for key in keys])
    return Paper.objects.filter(wanted).order_by("-drafted_at", "-pk")


def _subjects(application: Application) -> list[tuple[str, models.Model]]:
    found: list[tuple[str, models.Model]] = []
    if application.accepted_at is not None:
        found.append((ACCEPTANCE, application))
    elif application.state == Application.State.REFUSED:
        found.append((NOT_ACCEPTED, application))
    asked = application.corrections.exclude(state=Correction.State.CANCELLED).order_by("-round").first()
    if asked is not None:
        found.append((CORRECTION, asked))
    return found
