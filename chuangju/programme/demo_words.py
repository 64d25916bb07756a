"""演示往来 - messages, an inspection on the spot, and what founders said of the news, one of them low and overdue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from chuangju.kernel.checklists import start_checklist, tick_item
from chuangju.kernel.models import User
from chuangju.kernel.ratings import rate
from chuangju.kernel.threads import post_message
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.demo_pictures import demo_picture
from chuangju.programme.models import Milestone, ProgressNote, TableVersion
from chuangju.units.models import Unit

SITE_CHECK = "programme.site_check"
UNIT = "rsj"
OFFICE, OFFICER, FOUNDER, STUDENT = "office", "liaison-rsj", "founder", "student"
# (item, note, with a photo); what is not listed is still to be looked at.
TICKS = (
    ("place", "与填报地址一致，门头标识已换新。", True),
    ("open", "", False),
    ("people", "值班表和咨询电话贴在入口处。", True),
    ("papers", "签到册齐全，另有两份协议待补盖章，已约下周复看。", False),
)


@transaction.atomic
def load_demo_words(at: datetime) -> None:
    """Days are counted from the day of loading; nothing is made where the people or the unit are missing."""
    people = {user.username: user for user in User.objects.filter(is_demo=True, username__in=(OFFICE, OFFICER))}
    unit = Unit.objects.filter(code=UNIT).first()
    steps = Milestone.objects.filter(unit=unit, measure__rows__row__version__state=TableVersion.State.CURRENT)
    step = steps.filter(state=Milestone.State.OPEN).select_related("measure__task").order_by("due_on", "pk").first()
    if len(people) < len((OFFICE, OFFICER)) or step is None:
        return
    _talk(step, people[OFFICE], people[OFFICER], at)
    _inspect(step, people[OFFICER], at)
    _rate_news(at)


def _talk(step: Milestone, office: User, officer: User, at: datetime) -> None:
    task = step.measure.task
    post_message(
        task,
        text="下周例会要看这一项的进度，请把最近一个月的受理情况补一句，附一张现场照片。",
        by=office,
        at=at - timedelta(days=2, hours=3),
    )
    picture = SimpleUploadedFile("演示-受理窗口.jpg", demo_picture(7), content_type="image/jpeg")
    post_message(
        task,
        text="收到。\n1. 受理点本周已全部开放；\n2. 照片先放在这里，进展记录今天下班前补上。",
        by=officer,
        at=at - timedelta(days=1, hours=5),
        files=[picture],
    )
    post_message(task, text="好的，看到了。材料里请统一写“核定金额”。", by=office, at=at - timedelta(hours=2))
    post_message(step, text="这个节点需要现场核验后再报完成，清单已建好。", by=office, at=at - timedelta(hours=4))


def _inspect(step: Milestone, officer: User, at: datetime) -> None:
    begun = at - timedelta(days=1, hours=2)
    checklist = start_checklist(step, SITE_CHECK, by=officer, at=begun)
    items = {item.key: item for item in checklist.items.all()}
    for minutes, (key, note, has_photo) in enumerate(TICKS, start=1):
        photo = SimpleUploadedFile(f"演示-{key}.jpg", demo_picture(minutes * 11), content_type="image/jpeg")
        moment = begun + timedelta(minutes=4 * minutes)
        tick_item(items[key], is_done=True, note=note, photo=photo if has_photo else None, by=officer, at=moment)


def _rate_news(at: datetime) -> None:
    """A good one today, a low one today, and a low one whose five working days are over."""
    raters = {user.username: user for user in User.objects.filter(is_demo=True, username__in=(FOUNDER, STUDENT))}
    released = ProgressNote.objects.filter(released_at__isnull=False, withdrawn_at__isnull=True)
    # Those of the unit whose officer everybody looks in as come first.
    news = sorted(
        released.select_related("unit").order_by("-released_at", "-pk"), key=lambda note: note.unit.code != UNIT
    )
    if FOUNDER not in raters or not news:
        return
    long_ago = timezone.make_aware(
        datetime.combine(add_working_days(timezone.localdate(at), -8), timezone.localtime(at).time())
    )
    said = (
        (1, "现场排队一个多小时，窗口说材料清单换了，网上还是旧的。", FOUNDER, long_ago),
        (2, "填表的地方没有人指导，跑了两趟。", STUDENT, at - timedelta(hours=1)),
        (5, "回复很快，谢谢。", FOUNDER, at - timedelta(hours=1)),
    )
    for note, (stars, comment, username, moment) in zip(news, said, strict=False):
        if username in raters:
            rate(note, stars=stars, comment=comment, by=raters[username], at=moment)
