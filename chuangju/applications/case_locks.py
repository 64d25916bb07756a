"""办件的锁 - a case and a step as they stand now, held by whoever changes them, and how a step is kept."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from chuangju.applications.models import Application, Step
from chuangju.kernel.locks import take_locks
from chuangju.kernel.refusals import Refused, StaleForm


class StepRefused(Refused):
    """The step cannot be ended, assigned or sent back like this; the sentence says why."""


def lock_application(application: Application) -> Application:
    """The case as it stands now, held until the transaction ends; every change of a case begins with it."""
    take_locks(f"applications.case:{application.pk}")
    held = Application.objects.select_for_update(of=("self",)).select_related(
        "subject__town", "payee", "unit", "town", "window"
    )
    return held.get(pk=application.pk)


def lock_step(step: Step, *, revision: int | None = None) -> Step:
    """The step with its case, both held; raises StaleForm where it has changed since the page was shown."""
    application = lock_application(step.application)
    fresh = Step.objects.select_for_update(of=("self",)).select_related("unit", "assignee").get(pk=step.pk)
    fresh.application = application
    if revision is not None and revision != fresh.revision:
        raise StaleForm(_("这个环节刚由他人办理，请刷新后查看"))
    return fresh


def findings_of(step: Step) -> dict[str, Any]:
    """What else a step left, as it was written down."""
    read: dict[str, Any] = json.loads(step.findings) if step.findings else {}
    return read


def keep_step(step: Step) -> None:
    """Save a step that was changed; whoever still looks at the former revision is told."""
    step.revision += 1
    step.save()
