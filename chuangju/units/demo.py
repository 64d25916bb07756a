"""演示账号 - one account for each role, second persons, a liaison officer for each unit; nobody here is a real person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.units.access import STAFF_ROLES, Visitor
from chuangju.units.assignments import grant_role
from chuangju.units.models import Role, RoleAssignment, Unit

# Known to everybody who reads this; a database with such accounts is marked demo and never starts otherwise.
DEMO_PASSWORD = "chuangju-demo-2026"  # noqa: S105 - public on purpose
MARK = "演示·"


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demo: sign-in name, a made-up name, its role and, where the role has one, the unit's code."""

    username: str
    name: str
    role: Role
    unit: str = ""


ROLE_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("office", "张晓芸", Role.PROGRAMME_OFFICE),
    DemoAccount("leader", "陈建国", Role.LEADER),
    DemoAccount("liaison-rsj", "李文静", Role.LIAISON_OFFICER, "rsj"),
    DemoAccount("policy", "周明远", Role.POLICY_OFFICER, "rsj"),
    DemoAccount("clerk", "吴佳怡", Role.CLERK, "rsj"),
    DemoAccount("approver", "郑卫东", Role.APPROVER, "rsj"),
    DemoAccount("finance", "孙丽华", Role.FINANCE, "czj"),
    DemoAccount("auditor", "冯志强", Role.AUDITOR),
    DemoAccount("sysadmin", "赵一鸣", Role.SYSTEM_ADMINISTRATOR),
    DemoAccount("secadmin", "钱思源", Role.SECURITY_ADMINISTRATOR),
    DemoAccount("founder", "林小舟", Role.ENTREPRENEUR),
    DemoAccount("student", "许诺", Role.STUDENT),
    DemoAccount("partner", "何雨桐", Role.PARTNER_OPERATOR),
    DemoAccount("mentor", "高远", Role.MENTOR),
    DemoAccount("assessor", "罗敏", Role.ASSESSOR),
    DemoAccount("bank", "梁嘉诚", Role.BANK_OFFICER),
)

# Second persons, without whom nothing that wants four eyes can be tried, other units' clerks, further founders.
COLLEAGUES: tuple[DemoAccount, ...] = (
    DemoAccount("office2", "顾思远", Role.PROGRAMME_OFFICE),
    DemoAccount("clerk2", "卫宁", Role.CLERK, "rsj"),
    DemoAccount("clerk-jiangchuan", "方晴", Role.CLERK, "310112001"),
    DemoAccount("clerk-pujiang", "江帆", Role.CLERK, "310112114"),
    DemoAccount("clerk-xinzhuang", "倪虹", Role.CLERK, "310112101"),
    DemoAccount("clerk-kw", "史明", Role.CLERK, "kw"),
    DemoAccount("clerk-scj", "柳青青", Role.CLERK, "scj"),
    DemoAccount("policy-kw", "殷实", Role.POLICY_OFFICER, "kw"),
    DemoAccount("approver-kw", "汪洋", Role.APPROVER, "kw"),
    DemoAccount("finance2", "方正", Role.FINANCE, "czj"),
    DemoAccount("approver-czj", "毕胜", Role.APPROVER, "czj"),
    DemoAccount("guarantor", "葛守诚", Role.BANK_OFFICER),
    DemoAccount("assessor2", "阮清", Role.ASSESSOR),
    DemoAccount("assessor3", "邵逸", Role.ASSESSOR),
    # Further founders, so that nobody stands behind every case of the demo.
    DemoAccount("founder2", "苏棠", Role.ENTREPRENEUR),
    DemoAccount("founder3", "邹牧野", Role.ENTREPRENEUR),
    DemoAccount("founder4", "柯岚", Role.ENTREPRENEUR),
    DemoAccount("founder5", "纪川", Role.ENTREPRENEUR),
)

# One liaison officer for each further unit of the reference data: sign-in name, name, code of the unit.
LIAISON_OFFICERS: tuple[tuple[str, str, str], ...] = (
    ("liaison-xcb", "沈若兰", "xcb"),
    ("liaison-fgw", "韩冬", "fgw"),
    ("liaison-jw", "唐宁", "jw"),
    ("liaison-jyj", "曹颖", "jyj"),
    ("liaison-kw", "彭越", "kw"),
    ("liaison-mzj", "曾凡", "mzj"),
    ("liaison-czj", "萧然", "czj"),
    ("liaison-nyw", "田野", "nyw"),
    ("liaison-gzw", "董洁", "gzw"),
    ("liaison-swj", "袁立", "swj"),
    ("liaison-scj", "潘悦", "scj"),
    ("liaison-tqw", "蒋欣", "tqw"),
    ("liaison-jiangchuan", "蔡文", "310112001"),
    ("liaison-gumei", "余晴", "310112006"),
    ("liaison-xinhong", "杜鹃", "310112008"),
    ("liaison-pujin", "叶青", "310112009"),
    ("liaison-xinzhuang", "程浩", "310112101"),
    ("liaison-qibao", "魏来", "310112102"),
    ("liaison-zhuanqiao", "苏晨", "310112103"),
    ("liaison-huacao", "吕蒙生", "310112106"),
    ("liaison-hongqiao", "丁洁", "310112107"),
    ("liaison-meilong", "任重", "310112108"),
    ("liaison-wujing", "姚远", "310112110"),
    ("liaison-maqiao", "卢安", "310112112"),
    ("liaison-pujiang", "傅瑶", "310112114"),
    ("liaison-industrial-zone", "钟楠", "310112501"),
)

DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    *ROLE_ACCOUNTS,
    *COLLEAGUES,
    *(DemoAccount(username, name, Role.LIAISON_OFFICER, code) for username, name, code in LIAISON_OFFICERS),
)


@transaction.atomic
def load_demo_accounts(at: datetime) -> None:
    """Make the accounts that are missing; their roles begin two years back, so that other demo sets can tell of the past."""
    present = set(User.objects.values_list("username", flat=True))
    units = {unit.code: unit for unit in Unit.objects.all()}
    # Hashed once: the password is the same, and hashing is slow on purpose.
    password = make_password(DEMO_PASSWORD)
    for account in DEMO_ACCOUNTS:
        if account.username in present or (account.unit and account.unit not in units):
            continue
        user = User.objects.create(
            username=account.username, name=f"{MARK}{account.name}", password=password, is_demo=True
        )
        fields = {"username": user.username, "name": user.name, "is_demo": True}
        record_event("units.account_created", user, by=None, at=at, after=fields)
        grant_role(
            user, role=account.role, unit=units.get(account.unit), starts_on=date(at.year - 2, 1, 1), by=None, at=at
        )


def demo_accounts_visible_to(user: Visitor) -> QuerySet[User]:
    """The accounts one may switch to in demo mode, whoever one is; the view exists in no other mode."""
    del user
    return User.objects.filter(is_demo=True, is_active=True)


@dataclass(frozen=True)
class DemoChoice:
    """One account of the switcher: whom one becomes, in which roles and for which unit."""

    username: str
    name: str
    role: str
    unit: str


@dataclass(frozen=True)
class DemoGroup:
    """Accounts under one heading; long groups are folded."""

    title: str
    choices: list[DemoChoice]
    is_folded: bool = False


def demo_choices(on: date) -> list[DemoGroup]:
    """The switcher: staff by role, people from outside; second persons and the other liaison officers folded."""
    held = RoleAssignment.objects.held_on(on).select_related("unit").order_by("pk")
    users = demo_accounts_visible_to(None).prefetch_related(Prefetch("assignments", queryset=held, to_attr="held"))
    order = {account.username: place for place, account in enumerate(DEMO_ACCOUNTS)}
    in_first_groups = {account.username for account in ROLE_ACCOUNTS}
    second_persons = {account.username for account in COLLEAGUES}
    staff, outside, colleagues, liaison = [], [], [], []
    for user in sorted(users, key=lambda one: (order.get(one.username, len(order)), one.username)):
        roles: list[RoleAssignment] = user.held
        choice = DemoChoice(
            user.username,
            user.name,
            _("、").join(str(one.get_role_display()) for one in roles),
            _("、").join(one.unit.shown_name for one in roles if one.unit is not None),
        )
        if user.username in second_persons:
            colleagues.append(choice)
        elif user.username not in in_first_groups:
            liaison.append(choice)
        elif any(one.role in STAFF_ROLES for one in roles):
            staff.append(choice)
        else:
            outside.append(choice)
    groups = [
        DemoGroup(_("工作人员"), staff),
        DemoGroup(_("创业者与合作方"), outside),
        DemoGroup(_("同岗位同事和其他单位"), colleagues, is_folded=True),
        DemoGroup(_("各单位联络员"), liaison, is_folded=True),
    ]
    return [group for group in groups if group.choices]
