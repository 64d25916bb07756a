"""One's own messages, what one wants outside, where a pointer leads, and the demo inbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from chuangju.kernel.deliveries import deliver_waiting
from chuangju.kernel.message_templates import pointer_path, words_in
from chuangju.kernel.models import Delivery, Message, MessagePreference, User
from chuangju.kernel.outbox import notify, notify_mobile
from chuangju.units.models import RoleAssignment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TITLE = "落实开办补贴"


@pytest.fixture
def demo(settings: Any) -> None:
    """Where every channel is there and keeps what it is given."""
    settings.DEMO = True


@pytest.fixture
def tell(now: datetime) -> Callable[..., Message]:
    """`tell(user)`: the reminder of a late step."""

    def tell_one(user: User, *, title: str = TITLE, at: datetime = now, address: str = "/demo/") -> Message:
        values = {"title": title, "unit": "区财政局", "due": "2026-06-12", "days": 3}
        with transaction.atomic():
            message = notify(user, "programme.milestone_late", None, at=at, values=values, address=address)
        assert message is not None
        return message

    return tell_one


def _page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _code(message: Message, channel: str = "sms") -> str:
    return str(message.deliveries.get(channel=channel).code)


def test_unread_messages_come_first_and_are_counted_on_every_page(
    client: Client, liaison: User, tell: Callable[..., Message], now: datetime
) -> None:
    old = tell(liaison, title="早的", at=now - timedelta(days=2))
    new = tell(liaison, title="新的")
    Message.objects.filter(pk=new.pk).update(read_at=now)
    client.force_login(liaison)
    page = _page(client, reverse("units:message_list"))
    assert page.index("早的") < page.index("新的")
    assert "1 条未读" in page
    assert '<a class="attention" href="/account/messages/">' in _page(client, reverse("units:my_account"))
    assert old.subject in page


def test_opening_a_message_reads_it_and_leads_on(client: Client, liaison: User, tell: Callable[..., Message]) -> None:
    message = tell(liaison, address="/staff/units/")
    client.force_login(liaison)
    page = _page(client, reverse("units:message", args=[message.pk]))
    assert "时限为 2026-06-12" in page
    assert 'href="/staff/units/"' in page
    message.refresh_from_db()
    assert message.read_at is not None
    assert '<span class="badge"' not in page


def test_nobody_opens_or_marks_the_messages_of_others(
    client: Client, liaison: User, office: User, tell: Callable[..., Message]
) -> None:
    message = tell(liaison)
    client.force_login(office)
    assert client.get(reverse("units:message", args=[message.pk])).status_code == 404
    client.post(reverse("units:messages_mark"), {"message": message.pk, "mark": "read"})
    client.post(reverse("units:messages_mark"), {"mark": "all"})
    message.refresh_from_db()
    assert message.read_at is None
    assert TITLE not in _page(client, reverse("units:message_list"))


def test_ticked_messages_are_marked_and_all_at_once(
    client: Client, liaison: User, tell: Callable[..., Message]
) -> None:
    first, second, third = (tell(liaison, title=title) for title in "甲乙丙")
    client.force_login(liaison)
    mark = reverse("units:messages_mark")
    answer = client.post(mark, {"message": [first.pk, second.pk, "x", "9" * 30], "mark": "read"}, follow=True)
    assert "已标记 2 条" in answer.content.decode()
    client.post(mark, {"message": first.pk, "mark": "unread"})
    assert set(Message.objects.filter(read_at__isnull=True)) == {first, third}
    client.post(mark, {"mark": "all"})
    assert not Message.objects.filter(read_at__isnull=True).exists()
    assert "请先勾选消息" in client.post(mark, {"mark": "read"}, follow=True).content.decode()


def test_a_message_is_read_in_the_language_of_the_page(
    client: Client, liaison: User, tell: Callable[..., Message]
) -> None:
    message = tell(liaison)
    client.force_login(liaison)
    client.cookies["chuangju_language"] = "en"
    assert TITLE in _page(client, reverse("units:message", args=[message.pk]))
    assert message.language == "zh-hans"


def test_names_filled_in_are_read_in_the_language_of_the_page_too(client: Client, liaison: User, now: datetime) -> None:
    role = RoleAssignment.objects.filter(user=liaison)[0]
    with transaction.atomic():
        message = notify(liaison, "units.role_granted", role, at=now, values={"role": role.get_role_display})
    assert message is not None
    assert role.get_role_display() in message.subject + message.body
    with override("en"):
        english = words_in(message, "en")
        assert str(role.get_role_display()) in english.subject + english.body
    assert not re.search("[\u4e00-\u9fff]", english.subject + english.body)


def test_switching_the_language_decides_how_one_is_written_to(
    client: Client, liaison: User, tell: Callable[..., Message]
) -> None:
    client.force_login(liaison)
    client.post(reverse("ui:set_language"), {"language": "en"})
    liaison.refresh_from_db()
    assert liaison.language == "en"
    assert tell(liaison).language == "en"


def test_what_one_wants_outside_is_kept_and_shown_again(client: Client, liaison: User, demo: None) -> None:
    client.force_login(liaison)
    address = reverse("units:message_preferences")
    page = _page(client, address)
    assert 'value="21:00"' in page
    data = {"digest_hour": "8", "quiet_from": "22:30", "quiet_until": "07:00", "wanted_sms": ["work"]}
    assert client.post(address, data).status_code == 302
    chosen = MessagePreference.objects.get(user=liaison)
    assert (chosen.digest_hour, str(chosen.quiet_from)) == (8, "22:30:00")
    assert "email:work" in chosen.muted
    assert "sms:work" not in chosen.muted
    assert 'value="22:30"' in _page(client, address)


def test_a_wrong_choice_is_shown_beside_its_field_with_what_was_typed(
    client: Client, liaison: User, demo: None
) -> None:
    client.force_login(liaison)
    data = {"digest_hour": "3", "quiet_from": "25:00", "quiet_until": "07:15"}
    answer = client.post(reverse("units:message_preferences"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="07:15"' in page
    assert page.count('aria-invalid="true"') >= 2
    assert not MessagePreference.objects.exists()


def test_each_side_of_the_house_chooses_among_what_it_is_sent(
    client: Client, entrepreneur: User, liaison: User, demo: None
) -> None:
    client.force_login(entrepreneur)
    assert "申请与办理进度" in _page(client, reverse("units:message_preferences"))
    client.force_login(liaison)
    page = _page(client, reverse("units:message_preferences"))
    assert "工作提醒" in page
    assert "申请与办理进度" not in page


def test_a_pointer_leads_through_the_sign_in_to_the_matter(
    client: Client, liaison: User, demo: None, tell: Callable[..., Message]
) -> None:
    message = tell(liaison, address="/account/")
    link = pointer_path(_code(message))
    assert link == reverse("units:pointer", args=[_code(message)])
    answer = client.get(link)
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={link}")
    assert message.subject not in answer.content.decode()
    client.force_login(liaison)
    assert client.get(link)["Location"] == "/account/"
    message.refresh_from_db()
    assert message.read_at is not None


def test_a_pointer_for_several_messages_leads_to_those_not_read(
    client: Client, liaison: User, demo: None, tell: Callable[..., Message], now: datetime
) -> None:
    first, _second = tell(liaison), tell(liaison)
    deliver_waiting(at=now)
    client.force_login(liaison)
    assert client.get(pointer_path(_code(first)))["Location"] == reverse("units:message_list") + "?state=unread"


def test_an_unknown_or_old_pointer_says_so(
    client: Client, liaison: User, demo: None, tell: Callable[..., Message], now: datetime
) -> None:
    old = tell(liaison, at=now - timedelta(days=31))
    for code in ("nothing", _code(old)):
        answer = client.get(pointer_path(code))
        assert answer.status_code == 404
        assert "无效或已过期" in answer.content.decode()


def test_a_pointer_in_the_wrong_hands_opens_nothing(
    client: Client, liaison: User, office: User, demo: None, tell: Callable[..., Message]
) -> None:
    message = tell(liaison)
    client.force_login(office)
    answer = client.get(pointer_path(_code(message)))
    assert answer.status_code == 403
    assert "不是发给当前账号" in answer.content.decode()
    message.refresh_from_db()
    assert message.read_at is None


def test_the_demo_inbox_shows_every_message_as_it_would_look(
    client: Client, liaison: User, office: User, demo: None, tell: Callable[..., Message], now: datetime
) -> None:
    tell(liaison)
    with transaction.atomic():
        notify_mobile("13900005678", "units.mobile_code", at=now, values={"code": "246810", "minutes": 5})
    deliver_waiting(at=now)
    page = _page(client, reverse("units:demo_outbox"))
    assert '<p class="bubble">【创聚闵行】您有工作事项需要处理，请登录查看：<a href="/m/' in page
    assert "246810" in page
    assert "139****5678" in page
    assert "13900005678" not in page
    only = _page(client, reverse("units:demo_outbox") + f"?person={liaison.username}&channel=sms")
    assert only.count('class="bubble"') == 1
    assert "246810" not in only


def test_what_travelled_in_a_bundle_is_shown_once(
    client: Client, liaison: User, demo: None, tell: Callable[..., Message], now: datetime
) -> None:
    for title in "甲乙丙":
        tell(liaison, title=title)
    deliver_waiting(at=now)
    page = _page(client, reverse("units:demo_outbox") + "?channel=sms")
    assert page.count('class="bubble"') == 1
    assert "您有 3 条新消息" in page


def test_outside_demo_mode_there_is_no_such_page(client: Client) -> None:
    assert client.get(reverse("units:demo_outbox")).status_code == 404
    assert Delivery.objects.count() == 0


def test_the_demo_inbox_costs_as_many_queries_for_many_messages_as_for_few(
    client: Client, liaison: User, demo: None, tell: Callable[..., Message]
) -> None:
    counts = []
    for number in (2, 12):
        for each in range(number):
            tell(liaison, title=f"{number}-{each}")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("units:demo_outbox"), {"list": "demo_messages"})
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
