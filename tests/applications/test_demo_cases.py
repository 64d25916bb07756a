"""The demo holds a case in every state, and one with each mark that people look for."""

from __future__ import annotations

import pytest

from chuangju.applications.models import Application, ApplicationFlag, Obligation
from chuangju.kernel.demo import load_demo
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def test_every_state_and_the_rarer_kinds_are_there() -> None:
    load_demo(at=NOW)
    states = set(Application.objects.values_list("state", flat=True))
    assert states == set(Application.State.values)
    kinds = set(Application.objects.values_list("kind", flat=True))
    assert {"application", "objection", "reopening", "recovery", "sample"} <= kinds
    flags = set(ApplicationFlag.objects.filter(ended_at__isnull=True).values_list("kind", flat=True))
    assert {"suspended", "funds", "notice", "correction", "overdue"} <= flags
    duties = set(Obligation.objects.values_list("kind", "state"))
    assert {("document", "open"), ("promise", "open"), ("promise", "broken")} <= duties
