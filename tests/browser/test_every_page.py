"""Every page with the demo data on it: no axe violation, no sideways scroll, at both widths and in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from chuangju.kernel.demo import load_demo
from chuangju.kernel.models import AuditEvent, Checklist
from chuangju.kernel.reference_data import load_reference_data
from chuangju.programme.models import Milestone, ProgressNote, Snapshot
from chuangju.units.demo import DEMO_PASSWORD
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


@pytest.fixture
def demo(settings: object) -> None:
    """The demo set as a newcomer meets it."""
    settings.DEMO = True  # type: ignore[attr-defined]
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


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_pages_are_accessible_and_fit_their_screen(
    size: str,
    language: str,
    demo: None,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    watch: object,
) -> None:
    watch.expect("40[34]")  # type: ignore[attr-defined]
    visits = [("", PUBLIC), ("office", OFFICE + record_pages()), *OTHERS.items()]
    faults: list[str] = []
    for username, addresses in visits:
        page = new_page(size, language=language)
        if username:
            sign_in(page, username, password=DEMO_PASSWORD)
        for address in addresses:
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{address} scrolls sideways")
            try:
                axe(page)
            except AssertionError as violation:
                faults.append(str(violation))
        page.context.close()
    assert not faults, "\n".join(faults)
