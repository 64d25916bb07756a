"""Messages, ratings and checklists on the pages of the table: who may, what stays typed, what is escaped, what it becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import Checklist, ChecklistItem, Message, Rating, ThreadMessage, ThreadReading, User
from chuangju.programme.models import Milestone, ProgressNote, Task
from chuangju.programme.notes import note_progress, release_note, retract_note
from chuangju.programme.words import SITE_CHECK
from chuangju.units.models import FollowUp
from tests.kernel.files import picture, upload
from tests.programme.conftest import unit_called

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def step(make_milestone: Callable[..., Milestone]) -> Milestone:
    """A step of 区财政局 under the first row."""
    return make_milestone(1, title="印发资金安排")


@pytest.fixture
def news(task: Task, office: User, finance: User, now: datetime) -> ProgressNote:
    """A note of 区财政局, released to the public."""
    note = note_progress(task, unit=unit_called("区财政局"), text="资金已拨付到位。", by=finance, at=now)
    return release_note(note, by=office, at=now)


def thread_of(task: Task) -> str:
    return reverse("units:thread", args=("programme.task", task.pk))


def test_office_and_unit_talk_on_the_page_of_a_row(task: Task, office: User, finance: User) -> None:
    text = "一、<script>x</script>\n二、附照片"
    sent = signed_in(office).post(thread_of(task), {"text": text, "attachments": upload("表.jpg", picture())})
    message = ThreadMessage.objects.get()
    assert sent["Location"] == reverse("programme:task", args=(task.code,)) + f"#message-{message.pk}"
    page = signed_in(finance).get(reverse("programme:task", args=(task.code,))).content.decode()
    assert "一、&lt;script&gt;x&lt;/script&gt;<br>二、附照片" in page
    assert "1 条新留言" in page
    assert list(Message.objects.filter(template="kernel.thread_message").values_list("user", flat=True)) == [finance.pk]
    read = signed_in(finance).post(reverse("units:thread_read", args=("programme.task", task.pk)))
    assert read.status_code == 302
    assert ThreadReading.objects.filter(user=finance, last_read=message).exists()
    assert "条新留言" not in signed_in(finance).get(reverse("programme:task", args=(task.code,))).content.decode()


def test_whoever_has_no_part_in_the_row_reads_and_does_not_write(
    task: Task, leader: User, liaison: User, entrepreneur: User
) -> None:
    for reader in (leader, liaison):
        page = signed_in(reader).get(thread_of(task)).content.decode()
        assert "发送留言" not in page
        refused = signed_in(reader).post(thread_of(task), {"text": "插话"})
        assert refused.status_code == 422
        assert "您不能在这里留言" in refused.content.decode()
    assert signed_in(entrepreneur).get(thread_of(task)).status_code == 404
    assert signed_in(entrepreneur).post(thread_of(task), {"text": "插话"}).status_code == 404
    assert Client().post(thread_of(task), {"text": "插话"}).status_code in {200, 302, 403}
    assert not ThreadMessage.objects.exists()


@pytest.mark.parametrize(
    ("kind", "key"),
    [("programme.task", "0"), ("programme.task", "x"), ("programme.task", "9" * 40), ("units.unit", "1"), ("a", "1")],
)
def test_an_address_that_belongs_to_nothing_is_not_found(office: User, task: Task, kind: str, key: str) -> None:
    for name in ("units:thread", "units:rating"):
        assert signed_in(office).get(reverse(name, args=(kind, key))).status_code == 404
    assert signed_in(office).post(reverse("units:checklist_start", args=(kind, key))).status_code == 404


def test_a_refused_message_stays_typed(task: Task, office: User) -> None:
    bad = upload("a.exe", b"MZ\x00")
    page = signed_in(office).post(thread_of(task), {"text": "请看附件", "attachments": bad})
    assert page.status_code == 422
    assert "请看附件</textarea>" in page.content.decode()
    empty = signed_in(office).post(thread_of(task), {"text": " "})
    assert empty.status_code == 422
    assert not ThreadMessage.objects.exists()


def test_a_message_is_withdrawn_by_its_author_with_a_reason(task: Task, office: User, finance: User) -> None:
    signed_in(office).post(thread_of(task), {"text": "发错的话"})
    address = reverse("units:message_withdraw", args=(ThreadMessage.objects.get().pk,))
    assert signed_in(finance).get(address).status_code == 404
    assert signed_in(office).post(address, {"reason": ""}).status_code == 422
    assert signed_in(office).post(address, {"reason": "发错对象"}).status_code == 302
    page = signed_in(finance).get(reverse("programme:task", args=(task.code,))).content.decode()
    assert "发错的话" not in page
    assert "发错对象" in page
    assert "发错的话" in signed_in(office).get(reverse("programme:task", args=(task.code,))).content.decode()


def test_a_step_has_a_page_with_its_list_and_its_messages(step: Milestone, leader: User, entrepreneur: User) -> None:
    address = reverse("programme:milestone", args=(step.pk,))
    page = signed_in(leader).get(address).content.decode()
    assert "印发资金安排" in page
    assert "开始核验" not in page
    assert signed_in(entrepreneur).get(address).status_code == 403
    assert signed_in(leader).get(reverse("programme:milestone", args=(0,))).status_code == 404


def test_the_units_officer_verifies_on_the_spot_with_a_photo(step: Milestone, finance: User, liaison: User) -> None:
    start = reverse("units:checklist_start", args=("programme.milestone", step.pk))
    assert signed_in(liaison).post(start, {"template": SITE_CHECK.key}).status_code == 422
    assert signed_in(finance).post(start, {"template": SITE_CHECK.key}).status_code == 302
    item = ChecklistItem.objects.get(key="open")
    address = reverse("units:checklist_item", args=(item.pk,))
    assert signed_in(liaison).get(address).status_code == 404
    sent = {"is_done": "1", "note": "已开门", "was_done": "0", "photo": upload("门.jpg", picture())}
    assert signed_in(finance).post(address, sent).status_code == 302
    page = signed_in(liaison).get(reverse("programme:milestone", args=(step.pk,))).content.decode()
    assert "1/6" in page
    assert "已开门" in page
    assert "补充或更正" not in page
    stale = signed_in(finance).post(address, {"is_done": "0", "note": "乙", "was_done": "0"})
    assert stale.status_code == 409
    assert signed_in(finance).post(address, {"is_done": "", "note": "乙"}).status_code == 422
    printed = signed_in(liaison).get(reverse("units:checklist", args=(Checklist.objects.get().pk,)))
    assert "核验人（签字）" in printed.content.decode()


def test_a_founder_rates_released_news_and_a_low_rating_is_the_units_work(
    news: ProgressNote, entrepreneur: User, finance: User
) -> None:
    founder = signed_in(entrepreneur)
    place = reverse("programme:public_task", args=(news.task.code,))
    assert "评价这项服务" in founder.get(place).content.decode()
    address = reverse("units:rating", args=("programme.progressnote", news.pk))
    assert founder.post(address, {"comment": "没选"}).status_code == 422
    assert founder.post(address, {"stars": "1", "comment": "没收到"}).status_code == 302
    assert (Rating.objects.get().stars, FollowUp.objects.get().unit) == (1, unit_called("区财政局"))
    page = founder.get(place).content.decode()
    assert "非常不满意" in page
    assert "修改评价" in page
    assert (
        "没收到"
        in signed_in(finance).get(reverse("units:follow_up", args=(FollowUp.objects.get().pk,))).content.decode()
    )
    assert "没收到" not in Client().get(place).content.decode()


def test_strangers_and_staff_do_not_rate_and_nobody_rates_what_is_not_public(
    news: ProgressNote, office: User, entrepreneur: User, now: datetime
) -> None:
    address = reverse("units:rating", args=("programme.progressnote", news.pk))
    assert "评价这项服务" not in Client().get(reverse("programme:public_task", args=(news.task.code,))).content.decode()
    assert signed_in(office).post(address, {"stars": "5"}).status_code == 404
    retract_note(news, by=office, at=now)
    assert signed_in(entrepreneur).get(address).status_code == 404
    assert not Rating.objects.exists()
