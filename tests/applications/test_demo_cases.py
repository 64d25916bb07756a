"""The demo holds a case in every state, and one with each mark that people look for."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from chuangju.applications.applicant_access import own_applications_visible_to
from chuangju.applications.models import Application, ApplicationFlag, Decision, Obligation, Window
from chuangju.applications.nominations import nominations_visible_to
from chuangju.kernel.models import AuditEvent, User
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


def test_the_founder_stands_behind_a_handful_of_cases_in_telling_states_and_the_rest_is_shared() -> None:
    on = timezone.localdate()
    founders = User.objects.filter(username__startswith="founder", is_demo=True)
    held = {one.username: own_applications_visible_to(one, on) for one in founders}
    assert 6 <= held["founder"].count() <= 8
    assert all(8 <= cases.count() <= 14 for name, cases in held.items() if name != "founder")
    own = held["founder"]
    assert set(own.values_list("state", flat=True)) == {
        "offered", "draft", "submitted", "in_review", "granted", "refused",
    }  # fmt: skip
    assert {"correction", "notice"} <= set(
        own.filter(flags__ended_at__isnull=True).values_list("flags__kind", flat=True)
    )
    assert own.filter(obligations__state="open", entitlements__instalments__state="paid").exists()
    assert Decision.objects.filter(application__in=own, outcome="refused", objection_until__gte=on).exists()
    assert nominations_visible_to(founders.get(username="founder"), on).filter(state="asked").count() == 1


def test_a_round_for_towns_with_its_score_sheet_is_open_to_the_founders_firm() -> None:
    window = Window.objects.get(towns__isnull=False, state="open", towns__code="310112001")
    assert window.score_sheet
    founder = User.objects.get(username="founder")
    firm = own_applications_visible_to(founder, timezone.localdate()).get(state="draft").subject
    assert window.towns.filter(pk=firm.town_id).exists()
