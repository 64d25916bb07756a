"""Items of an issued plan: who reports them, when they are done, and how a closing is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.models import Attachment, AuditEvent
from chuangju.kernel.refusals import StaleForm
from chuangju.programme.demo_pictures import demo_picture
from chuangju.programme.models import PlanItem, PlanItemReport
from chuangju.programme.plan_items import reopen_item, report_item
from chuangju.programme.plan_page import progress_of
from chuangju.programme.plans import PlanRefused
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db


def the_item(planner: Planner) -> PlanItem:
    return planner.issued().items.get()


def report(planner: Planner, item: PlanItem, **given: object) -> PlanItemReport:
    said = {"text": "已发布", "done_on": planner.now.date(), "revision": item.revision, "by": planner.office}
    return report_item(item, **{**said, **given}, at=planner.now)  # type: ignore[arg-type]


def test_the_unit_in_charge_reports_with_a_photo_and_closes_the_item(planner: Planner) -> None:
    item, officer = the_item(planner), planner.officer("区财政局")
    photo = SimpleUploadedFile("现场.jpg", demo_picture(1), content_type="image/jpeg")
    told = report(planner, item, by=officer, files=[photo])
    item.refresh_from_db()
    assert (item.state, item.done_on, told.is_done) == (PlanItem.State.DONE, planner.now.date(), True)
    kept = Attachment.objects.get(owner_id=str(told.pk), name="现场.jpg")
    assert attachments_visible_to(planner.leader).get(kept.pk) == kept
    with pytest.raises(Attachment.DoesNotExist):
        attachments_visible_to(None).get(kept.pk)
    actions = list(AuditEvent.objects.order_by("-pk").values_list("action", flat=True)[:3])
    assert actions == ["programme.plan_item_completed", "programme.plan_item_reported", "kernel.file_attached"]


def test_progress_is_told_without_closing(planner: Planner) -> None:
    item = the_item(planner)
    told = report(planner, item, done_on=None)
    item.refresh_from_db()
    assert (item.state, told.is_done) == (PlanItem.State.OPEN, False)


def test_others_do_not_report(planner: Planner) -> None:
    item = the_item(planner)
    for person in (planner.leader, planner.officer("区科委")):
        with pytest.raises(PlanRefused, match="联络员"):
            report(planner, item, by=person)
    assert not PlanItemReport.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"text": "  "}, "写明完成情况"), ({"text": "长" * 2001}, "不能超过 2000 字")],
)
def test_a_report_says_something(given: dict[str, object], sentence: str, planner: Planner) -> None:
    with pytest.raises(PlanRefused, match=sentence):
        report(planner, the_item(planner), **given)


def test_nothing_is_done_tomorrow(planner: Planner) -> None:
    with pytest.raises(PlanRefused, match="不能晚于今天"):
        report(planner, the_item(planner), done_on=planner.now.date() + timedelta(days=1))


def test_items_of_a_draft_are_not_reported(planner: Planner) -> None:
    with pytest.raises(PlanRefused, match="印发后"):
        report(planner, planner.item(planner.draft()))


def test_an_item_is_closed_once_and_reopened_with_a_reason(planner: Planner) -> None:
    item = the_item(planner)
    report(planner, item)
    with pytest.raises(StaleForm):
        report(planner, item)
    item.refresh_from_db()
    with pytest.raises(PlanRefused, match="推进中"):
        report(planner, item)
    with pytest.raises(PlanRefused, match="恢复原因"):
        reopen_item(item, reason="", revision=item.revision, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="只有创建办"):
        reopen_item(item, reason="误报", revision=item.revision, by=planner.leader, at=planner.now)
    reopened = reopen_item(item, reason="误报", revision=item.revision, by=planner.office, at=planner.now)
    assert (reopened.state, reopened.done_on) == (PlanItem.State.OPEN, None)


def test_the_database_knows_that_what_is_done_has_its_day(planner: Planner) -> None:
    item = the_item(planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanItem.objects.filter(pk=item.pk).update(state=PlanItem.State.DONE)


def test_progress_goes_by_weight_and_leaves_out_what_was_dropped() -> None:
    items = [
        PlanItem(weight=3, state=PlanItem.State.DONE),
        PlanItem(weight=1, state=PlanItem.State.OPEN),
        PlanItem(weight=9, state=PlanItem.State.DROPPED),
    ]
    assert str(progress_of(items)) == "75.0"
    assert progress_of([items[2]]) is None
