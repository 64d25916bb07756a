"""The demo holds a case in every state, and one with each mark that people look for."""

from __future__ import annotations

import re

import pytest

from chuangju.applications.models import Application, ApplicationFlag, Obligation
from chuangju.kernel.models import AuditEvent
from chuangju.policies.check_results import VERDICTS
from chuangju.ui.history import lines_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def _log_speaks_in_words() -> None:
    """No label of any line of the log is a key that only programmers read, nor is a verdict."""
    lines = lines_of(AuditEvent.objects.order_by("pk"))
    shown = {(line.event.action, change.label) for line in lines for change in line.changes}
    assert not {one for one in shown if re.fullmatch(r"[a-z_0-9]+", one[1])}
    said = {change.new for line in lines for change in line.changes}
    assert not said & set(VERDICTS)
    assert "30,000 元" in said


def test_every_state_and_the_rarer_kinds_are_there() -> None:
    _log_speaks_in_words()
    states = set(Application.objects.values_list("state", flat=True))
    assert states == set(Application.State.values)
    kinds = set(Application.objects.values_list("kind", flat=True))
    assert {"application", "objection", "reopening", "recovery", "sample"} <= kinds
    flags = set(ApplicationFlag.objects.filter(ended_at__isnull=True).values_list("kind", flat=True))
    assert {"suspended", "funds", "notice", "correction", "overdue"} <= flags
    duties = set(Obligation.objects.values_list("kind", "state"))
    assert {("document", "open"), ("promise", "open"), ("promise", "broken")} <= duties
