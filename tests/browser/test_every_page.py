"""Every page with the demo data on it: no axe violation, no sideways scroll, at both widths and in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from chuangju.kernel.demo import load_demo
from chuangju.kernel.models import AuditEvent, Checklist, User
from chuangju.kernel.reference_data import load_reference_data
from chuangju.policies.current import current_catalogue
from chuangju.policies.demo_checks import demo_answers
from chuangju.policies.drafts import NewVersion, begin_draft
from chuangju.policies.match_reading import decision_rows
from chuangju.policies.models import (
    FeeEntry,
    MatchRun,
    PackageClause,
    PackageImport,
    PolicyDraft,
    PolicyPackage,
    PolicyRecord,
    Simulation,
)
from chuangju.programme.models import Milestone, ProgressNote, Snapshot
from chuangju.units.models import FollowUp
from tests.beginnings import begin_with
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PUBLIC = [
    "/",
    "/search/?q=%E5%88%9B%E4%B8%9A",
    "/programme/",
    "/programme/start-up-support/",
    "/fees/",
    "/size-class/?industry=software&staff=12&turnover=80",
    "/policies/",
    "/policies/rent_subsidy/",
    "/policies/guaranteed_loan_person/2018/",
    "/policy-packages/",
    "/check/",
    "/check/questions/staff/",
    "/check/questions/prizes/",
    "/check/questions/incubator/",
    "/check/answer/",
    "/planner/residence_points/",
    "/calculators/tax/",
    "/calculators/loan/",
    "/api/",
    "/sign-in/",
    "/sign-in/mobile/",
    "/privacy/",
    "/no-such-page/",
]
OFFICE = [
    "/staff/table/",
    "/staff/table/?light=late",
    "/staff/table/?q=%E4%B8%8D%E5%AD%98%E5%9C%A8",
    "/staff/table/tasks/start-up-support/",
    "/staff/table/tasks/funding/",
    "/staff/table/tasks/funding/notes/add/",
    "/staff/table/tasks/funding/milestones/add/",
    "/staff/table/import/",
    "/staff/table/versions/",
    "/staff/table/versions/2/",
    "/staff/table/versions/2/compare/1/",
    "/staff/milestones/",
    "/search/?q=%E5%88%9B%E4%B8%9A",
    "/search/?q=%E5%A4%A7%E5%AD%A6%E7%94%9F%E8%A1%A5%E8%B4%B4",
    "/staff/policy-records/",
    "/staff/policy-records/expiring/",
    "/staff/policy-records/new/",
    "/staff/policy-packages/",
    "/staff/policy-packages/import/",
    "/staff/fees/",
    "/staff/fees/enterprise_registration/enter/",
    "/staff/follow-ups/",
    "/staff/indicators/",
    "/staff/indicators/programme.completion_rate/",
    "/staff/units/",
    "/staff/units/rsj/",
    "/staff/appointments/",
    "/staff/appointments/all/",
    "/staff/appointments/notice/",
    "/staff/units/kw/appoint/publicity/",
    "/staff/delegations/",
    "/account/",
    "/account/second-factor/",
    "/account/sessions/",
    "/account/confirm/",
]
POLICY_DESK = [
    "/staff/policies/",
    "/staff/policies/versions/guaranteed_loan_person@2024/?with=guaranteed_loan_person@2018",
    "/staff/policies/drafts/",
    "/staff/policies/drafts/new/",
    "/staff/policies/drafts/new/?from=rent_subsidy@2024",
    "/staff/matches/",
    "/staff/matches/new/",
    "/staff/simulations/",
    "/staff/simulations/new/",
    "/staff/simulations/new/?policy=rent_subsidy@2024",
    "/staff/fees/new/",
    "/staff/fees/enterprise_registration/",
]
OTHERS = {
    "sysadmin": [
        "/staff/accounts/",
        "/staff/accounts/new/",
        "/staff/accounts/liaison-rsj/",
        "/staff/units/",
        "/staff/invitations/",
        "/staff/invitations/new/",
        "/staff/invitations/sheet/",
    ],
    "secadmin": ["/staff/proposals/", "/staff/access-review/", "/staff/accounts/liaison-rsj/hand-over/"],
    "auditor": ["/staff/audit/", "/staff/audit/?sort=-at&page=2"],
    "founder": ["/", "/staff/table/"],
}

# The lists with the most columns, by whom they are read.
WIDE_LISTS = {
    "office": [
        "/cases/",
        "/cases/all/",
        "/cases/instalments/",
        "/decisions/",
        "/loans/",
        "/staff/budget/",
        "/staff/fees/",
        "/staff/panels/",
        "/staff/policies/",
        "/staff/policy-records/",
        "/staff/policy-records/expiring/",
        "/staff/table/",
        "/uptake/",
        "/windows/",
    ],
    "sysadmin": ["/staff/deliveries/", "/staff/invitations/"],
    "secadmin": ["/staff/proposals/"],
    "clerk": ["/staff/claims/", "/financing/"],
    "approver": ["/staff/payments/"],
}


@pytest.fixture
def demo(settings: Any) -> None:
    """The demo set as a newcomer meets it."""
    settings.DEMO = True
    begin_with("reference", lambda: load_reference_data(at=NOW))
    begin_with("demo", lambda: load_demo(at=timezone.now()))


def record_pages() -> list[str]:
    """Pages of single records, as far as the demo has them."""
    milestone, note, event = Milestone.objects.first(), ProgressNote.objects.first(), AuditEvent.objects.first()
    kept = Snapshot.objects.first()
    assert milestone is not None
    assert note is not None
    assert event is not None
    assert kept is not None
    checklist, follow_up = Checklist.objects.first(), FollowUp.objects.first()
    assert checklist is not None
    assert follow_up is not None
    return [
        f"/checklists/{checklist.pk}/",
        f"/staff/milestones/{checklist.owner_id}/",
        f"/staff/follow-ups/{follow_up.pk}/",
        f"/threads/programme.milestone/{checklist.owner_id}/",
        f"/staff/milestones/{milestone.pk}/change/",
        f"/staff/milestones/{milestone.pk}/drop/",
        f"/staff/table/notes/{note.pk}/withdraw/",
        f"/staff/table/snapshots/{kept.pk}/",
    ]


def policy_pages() -> list[str]:
    """Pages of the policy officers' desk about single drafts, runs, simulations, records and packages."""
    at = timezone.now()
    officer = User.objects.get(username="policy")
    base = current_catalogue().version("rent_subsidy", "2024")
    draft = begin_draft(NewVersion("2029", date(2029, 1, 1), None), base=base, by=officer, at=at)
    waiting = PolicyDraft.objects.filter(state=PolicyDraft.State.SUBMITTED)[0]
    run, simulation = MatchRun.objects.filter(state=MatchRun.State.DONE)[0], Simulation.objects.all()[0]
    enterprise = decision_rows(run, "")[0:1][0]
    making = PolicyRecord.objects.filter(state=PolicyRecord.State.MAKING)[0]
    package, clause = PolicyPackage.objects.all()[0], PackageClause.objects.all()[0]
    upload = PackageImport.objects.filter(state=PackageImport.State.READY)[0]
    entry = FeeEntry.objects.all()[0]
    return [
        f"/staff/policies/drafts/{draft.pk}/edit/",
        f"/staff/policies/drafts/{draft.pk}/submit/",
        f"/staff/policies/drafts/{waiting.pk}/",
        *(f"/staff/matches/{run.pk}/?tab={tab}" for tab in ("policies", "town", "near")),
        f"/staff/matches/{run.pk}/policies/rent_subsidy/",
        f"/staff/matches/{run.pk}/enterprises/{enterprise.id}/",
        f"/staff/matches/{run.pk}/compare/{run.pk}/",
        f"/staff/simulations/{simulation.pk}/",
        f"/staff/policy-records/{making.pk}/",
        f"/staff/policy-records/{making.pk}/change/",
        f"/staff/policy-records/{making.pk}/stages/competition/",
        f"/staff/policy-packages/{package.pk}/",
        f"/staff/policy-packages/import/{upload.pk}/",
        f"/staff/policy-clauses/{clause.pk}/",
        f"/staff/policy-clauses/{clause.pk}/tie/",
        f"/staff/fees/entries/{entry.pk}/withdraw/",
        f"/policy-packages/{package.pk}/",
    ]


def cookie_of(username: str, origin: str) -> Any:
    """A session as signing in makes it; the way in has tests of its own, and takes seconds for each person."""
    client = Client()
    if username:
        client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["check"] = demo_answers(timezone.now()).kept()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": origin}


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_pages_are_accessible_and_fit_their_screen(
    size: str,
    language: str,
    demo: None,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    watch: Any,
) -> None:
    watch.expect("40[34]")
    visits = [
        ("", PUBLIC),
        ("office", OFFICE + record_pages()),
        ("policy", POLICY_DESK + policy_pages()),
        *OTHERS.items(),
    ]
    faults, origin = list[str](), watch.own_origin
    # One browser window for everybody: only the session changes.
    page = new_page(size, language=language)
    for username, addresses in visits:
        page.context.clear_cookies()
        page.context.add_cookies([cookie_of(username, origin)])
        for address in addresses:
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{address} scrolls sideways")
            try:
                axe(page)
            except AssertionError as violation:
                faults.append(str(violation))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_keeps_its_last_column_in_sight_at_a_desk(
    language: str, demo: None, new_page: Callable[..., Page], watch: Any
) -> None:
    page, faults = new_page("desk", language=language), list[str]()
    for username, addresses in WIDE_LISTS.items():
        page.context.clear_cookies()
        page.context.add_cookies([cookie_of(username, watch.own_origin)])
        for address in addresses:
            page.goto(address)
            tables = page.locator(".table-card")
            assert tables.count(), f"{username} meets no table at {address}"
            over = tables.first.evaluate("card => card.scrollWidth - card.clientWidth")
            if over > 1:
                faults.append(f"{address} reaches {over} px beyond its card")
    assert not faults, "\n".join(faults)
