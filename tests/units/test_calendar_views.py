"""The working calendar in the browser: entered by the office, read by everybody on the staff side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.kernel import working_days
from chuangju.kernel.models import Attachment, HolidayNotice, User
from chuangju.units.calendar_views import NOTICES
from chuangju.units.models import Role
from tests.kernel.notices import INVENTED_2027, NOTICE_2026
from tests.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_notices() -> Iterator[None]:
    yield
    working_days.keep_notices({})


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user("office", Role.PROGRAMME_OFFICE))
    return client


def test_a_pasted_notice_is_looked_at_and_then_counts(desk: Client) -> None:
    assert "暂定" in desk.get("/staff/calendar/").content.decode()
    answer = desk.post("/staff/calendar/enter/", {"text": INVENTED_2027})
    notice = HolidayNotice.objects.get()
    assert answer["Location"] == f"/staff/calendar/{notice.pk}/"
    page = desk.get(answer["Location"]).content.decode()
    assert "2026-12-31 改为放假" in page.replace("</li>", "").replace("  ", " ")
    answer = desk.post(f"/staff/calendar/{notice.pk}/confirm/", follow=True)
    assert "2027 年的工作日今后按这份通知计算" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.state == HolidayNotice.State.IN_FORCE


def test_a_file_is_read_and_kept(desk: Client) -> None:
    file = SimpleUploadedFile("放假通知.txt", NOTICE_2026.encode("gb18030"))
    answer = desk.post("/staff/calendar/enter/", {"file": file}, follow=True)
    assert "与现在的算法完全一致" in answer.content.decode()
    kept = Attachment.objects.get()
    assert kept.name == "放假通知.txt"
    assert kept.name in answer.content.decode()
    fetched = desk.get(reverse("kernel:attachment", args=(kept.pk,)))
    assert b"".join(fetched.streaming_content) == NOTICE_2026.encode("gb18030")  # type: ignore[attr-defined]  # a file


def test_faults_stand_beside_the_field_and_the_words_stay(desk: Client) -> None:
    answer = desk.post("/staff/calendar/enter/", {"text": NOTICE_2026.replace("共9天", "共8天")})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "数下来是 9 天" in page
    assert "国办发明电〔2025〕7号" in page
    assert not HolidayNotice.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"text": INVENTED_2027, "file": ("x.txt", INVENTED_2027.encode())},
        {"file": ("x.pdf", b"%PDF-1.4")},
        {"file": ("x.txt", b"a" * (2 * 1024 * 1024 + 1))},
        {"text": "元旦：1月1日放假。", "year": "1"},
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(desk: Client, sent: dict[str, object]) -> None:
    data = {key: SimpleUploadedFile(*value) if isinstance(value, tuple) else value for key, value in sent.items()}
    answer = desk.post("/staff/calendar/enter/", data)
    assert answer.status_code == 422
    assert not HolidayNotice.objects.exists()


def test_a_draft_can_be_given_up_and_confirming_it_then_is_refused(desk: Client) -> None:
    desk.post("/staff/calendar/enter/", {"text": INVENTED_2027})
    notice = HolidayNotice.objects.get()
    desk.post(f"/staff/calendar/{notice.pk}/discard/")
    answer = desk.post(f"/staff/calendar/{notice.pk}/confirm/", follow=True)
    assert "不在待确认状态" in answer.content.decode()


def test_others_read_it_but_cannot_enter_or_confirm(desk: Client, client: Client) -> None:
    desk.post("/staff/calendar/enter/", {"text": INVENTED_2027})
    notice = HolidayNotice.objects.get()
    reader: User = make_user("reader", Role.LEADER)
    other = Client()
    other.force_login(reader)
    page = other.get(f"/staff/calendar/{notice.pk}/")
    assert page.status_code == 200
    assert "确认生效" not in page.content.decode()
    assert other.post(f"/staff/calendar/{notice.pk}/confirm/").status_code == 403
    assert other.get("/staff/calendar/enter/").status_code == 403


def test_the_list_holiday_notices_asks_as_many_queries_for_many_rows_as_for_few(
    desk: Client, now: datetime, django_assert_max_num_queries: Any
) -> None:
    listing = "holiday_notices"
    assert NOTICES.key == listing

    def add(number: int) -> None:
        user = make_user(f"writer{number}")
        HolidayNotice.objects.create(
            year=2030 + number, title=f"通知{number}", text="", uploaded_by=user, uploaded_at=now
        )

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get("/staff/calendar/").status_code == 200
        return len(asked)

    add(1)
    count()
    few = count()
    for number in range(2, 40):
        add(number)
    assert count() == few
    with django_assert_max_num_queries(15):
        desk.get("/staff/calendar/")
