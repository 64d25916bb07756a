"""演示人员 - who answers for which unit, who is on leave, and who was invited; nobody here is a real person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.units.appointments import Appointee, appoint, default_duty
from chuangju.units.delegations import delegate_roles, lendable_roles
from chuangju.units.invitations import Invitee, invite
from chuangju.units.models import Appointment, Role, RoleAssignment, Unit

Kind = Appointment.Kind
# What demo names begin with.
MARK = "演示·"
# Made-up leaders in charge and publicity officers, dealt out to the units in their order.
_LEADERS = (
    "方志远", "秦卫国", "姜海燕", "顾明", "孟祥林", "石坚", "夏雨", "邵军", "雷鸣", "龚丽", "汤伟", "尹平", "黎红",
    "易成", "常青", "武英", "乔木", "贺兰", "赖春生", "文涛", "庞龙", "樊华", "殷实", "施慧", "洪亮", "翟敏", "安宁",
)  # fmt: skip
_PUBLICITY = (
    "金晶", "陆瑶", "郝洁", "孔令宇", "白雪", "崔莹", "康乐", "毛宁", "邱枫", "江帆", "史册", "侯宇", "万里", "段青",
    "钱多", "汤圆", "颜值", "倪虹", "严明", "牛力", "温馨", "芦苇", "季节", "俞音", "章程", "鲁迅之", "葛优雅",
)  # fmt: skip
# What is missing on purpose, so that the office meets something to do: places in 建制序, by kind.
_MISSING = {Kind.LEADER_IN_CHARGE: {8}, Kind.WORK: {10}, Kind.PUBLICITY: {4, 20}}
_POSTS = {
    Unit.Kind.PARTY: ("副部长", "科长", "宣传科干事"),
    Unit.Kind.GOVERNMENT: ("副局长", "科长", "办公室科员"),
    Unit.Kind.MASS: ("副书记", "部长", "宣传部干事"),
    Unit.Kind.TOWN: ("副镇长", "社区事务科科长", "党建办干事"),
    Unit.Kind.ZONE: ("管委会副主任", "企业服务科科长", "党群办干事"),
}
_POSTS_OF_STREETS = ("办事处副主任", "社区事务科科长", "党建办干事")


@transaction.atomic
def load_demo_people(at: datetime) -> None:
    """Appointments for nearly all units, one delegation in force, one invitation that waits; each once."""
    day = date(at.year, 1, 1)
    if not Appointment.objects.exists():
        _appoint_people(day, at)
    _send_on_leave(at)
    _invite_clerk(at)


def _appoint_people(day: date, at: datetime) -> None:
    held = RoleAssignment.objects.held_on(day).filter(role=Role.LIAISON_OFFICER, user__is_demo=True)
    officers = {one.unit_id: one.user for one in held.select_related("user").order_by("-pk")}
    duties = {kind: default_duty(kind) for kind in Kind.values}
    for place, unit in enumerate(Unit.objects.existing_on(day).order_by("position", "code")):
        names = {
            Kind.LEADER_IN_CHARGE: f"{MARK}{_LEADERS[place % len(_LEADERS)]}",
            Kind.PUBLICITY: f"{MARK}{_PUBLICITY[place % len(_PUBLICITY)]}",
        }
        is_street = unit.name.endswith("街道")
        posts = _POSTS_OF_STREETS if is_street else _POSTS.get(Unit.Kind(unit.kind), ("", "", ""))
        for number, kind in enumerate(Kind):
            user = officers.get(unit.pk) if kind == Kind.WORK else None
            if place in _MISSING[kind] or (kind == Kind.WORK and user is None):
                continue
            appointee = Appointee(
                user=user,
                name=names.get(kind, ""),
                post=posts[number],
                phone=f"000-{place + 1:04d}{number}",
                duty=duties[kind],
            )
            appoint(unit, kind=kind, appointee=appointee, starts_on=day, by=None, at=at)


def _send_on_leave(at: datetime) -> None:
    """The liaison officer of 区科委 is away for two weeks; the one of 区教育局 stands in."""
    people = {user.username: user for user in User.objects.filter(username__in=("liaison-kw", "liaison-jyj"))}
    if len(people) != len(("liaison-kw", "liaison-jyj")) or people["liaison-kw"].delegations.exists():
        return
    today = timezone.localdate(at)
    delegate_roles(
        people["liaison-kw"],
        to_user=people["liaison-jyj"],
        assignments=lendable_roles(people["liaison-kw"], today),
        starts_on=today,
        ends_on=today + timedelta(days=13),
        reason="年休假（演示）",
        by=None,
        at=at,
    )


def _invite_clerk(at: datetime) -> None:
    """A clerk of 莘庄镇 has been invited and has not come yet."""
    unit = Unit.objects.filter(code="310112101").first()
    sender = User.objects.filter(username="sysadmin").first()
    if unit is None or sender is None or User.objects.filter(username="hanxue").exists():
        return
    invitee = Invitee(f"{MARK}韩雪", "hanxue", "hanxue@demo.invalid", "", unit, (Role.CLERK,))
    invite(invitee, by=sender, at=at)
