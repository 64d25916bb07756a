"""Public notices are titled in the reader's language where their title is the usual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from chuangju.applications.models import PublicNotice, Window
from chuangju.applications.public_notices import shown_notice_title, with_first_case
from chuangju.applications.window_words import shown_list_name, shown_window_title
from chuangju.kernel.models import User
from tests.applications import deciding, decision_rows, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock")]


@pytest.fixture
def notice(now: datetime) -> PublicNotice:
    """The notice of one rent subsidy."""
    founder: User = make_user("founder", "entrepreneur")
    deciding.give_line(90_000 * deciding.YUAN, at=now)
    deciding.approved(deciding.case_at_approval(desk.make_firm(1, founder=founder), founder=founder, at=now), at=now)
    return PublicNotice.objects.get()


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("“创业场地房租补贴”拟支持名单公示", "Public notice of proposed grants: “Start-up rent subsidy”"),
        ("“扶持政策”拟支持名单公示", "Public notice of proposed grants: “Support policies”"),
        ("“2026年第一批科技创业资助”拟支持名单公示", "Public notice of proposed grants: “2026年第一批科技创业资助”"),
        ("关于春季资助的公示", "关于春季资助的公示"),
    ],
)
def test_a_usual_title_is_said_in_english_and_one_of_its_own_stays(
    notice: PublicNotice, client: Client, title: str, shown: str
) -> None:
    PublicNotice.objects.update(title=title)
    one = with_first_case(PublicNotice.objects.all()).get()
    assert shown_notice_title(one) == title
    with translation.override("en"):
        assert shown_notice_title(one) == shown_notice_title(PublicNotice.objects.get()) == shown
    listed = client.get(reverse("applications:notice_list"), headers={"accept-language": "en"}).content.decode()
    assert shown in listed.replace("&quot;", '"')


@pytest.mark.parametrize(("title_en", "named"), [("Spring round", "Spring round"), ("", "Start-up rent subsidy")])
def test_a_selection_list_is_named_in_english_by_its_round_or_its_policy(
    notice: PublicNotice, title_en: str, named: str
) -> None:
    Window.objects.update(title="春季专场", title_en=title_en, cycle="2026-1")
    PublicNotice.objects.update(title="“春季专场 2026-1 递补”拟支持名单公示")
    one = with_first_case(PublicNotice.objects.all()).get()
    window = Window.objects.get()
    assert "春季专场 2026-1 递补" in shown_notice_title(one)
    assert shown_window_title(window) == "春季专场"
    with translation.override("en"):
        assert f"“{named} 2026-1 " in shown_notice_title(one)
        assert "递补" not in shown_notice_title(one)
        assert shown_window_title(window) == (title_en or "Start-up rent subsidy 2026-1")
        assert shown_list_name("春季的名单", window) == "春季的名单"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("add", [decision_rows.add_notice])
def test_the_list_asks_the_same_queries_in_english_for_few_and_for_many(
    add: Callable[[int], object], client: Client
) -> None:
    address, asked = reverse("applications:notice_list"), []
    for places in (range(1, 4), range(4, 24)):
        for place in places:
            add(place)
        client.get(address, headers={"accept-language": "en"})
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers={"accept-language": "en"})
        asked.append(len(queries))
    assert asked[0] == asked[1]
