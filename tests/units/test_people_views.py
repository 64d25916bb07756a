"""Pages about people as they answer: what is said, what stays typed, what the menu counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import Paper, User
from chuangju.papers.sheets import write_xlsx
from chuangju.units.access_reviews import record_access_review
from chuangju.units.delegations import delegate_roles, lendable_roles
from chuangju.units.invitations import Invitee, accept_invitation, invite
from chuangju.units.models import (
    AccessReview,
    Appointment,
    Delegation,
    Invitation,
    MemberList,
    Role,
    RoleAssignment,
    RoleProposal,
    Unit,
)
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    """The client of somebody who has signed in."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def seat(unit: Unit, **fields: Any) -> Appointment:
    given = {"unit": unit, "kind": "work", "name": "李文静", "starts_on": date(2026, 1, 1)}
    return Appointment.objects.create(**{**given, **fields})


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_office_appoints_and_is_told_that_the_role_is_missing(
    as_user: Callable[[User], Client], office: User, unit: Unit, other_liaison: User
) -> None:
    client = as_user(office)
    address = reverse("units:appointment_add", args=[unit.code, "work"])
    form = client.get(address)
    assert "按月填报" in form.content.decode()
    answer = client.post(address, {"account": "other-liaison", "starts_on": "2026-06-15"}, follow=True)
    assert Appointment.objects.get().user == other_liaison
    assert "还没有本单位的联络员角色" in text_of(answer)


def test_a_form_without_anybody_comes_back_with_what_was_typed(
    as_user: Callable[[User], Client], office: User, unit: Unit
) -> None:
    address = reverse("units:appointment_add", args=[unit.code, "publicity"])
    answer = as_user(office).post(address, {"post": "宣传科长", "starts_on": "2026-06-15"})
    assert answer.status_code == 422
    assert "宣传科长" in answer.content.decode()
    assert "请选择账号，或填写姓名" in text_of(answer)


def test_a_kind_that_does_not_exist_is_not_found(as_user: Callable[[User], Client], office: User, unit: Unit) -> None:
    assert as_user(office).get(reverse("units:appointment_add", args=[unit.code, "boss"])).status_code == 404
    assert as_user(office).get(reverse("units:duty_edit", args=["boss"])).status_code == 404


def test_replacing_says_who_takes_over(as_user: Callable[[User], Client], office: User, unit: Unit) -> None:
    first = seat(unit)
    address = reverse("units:appointment_replace", args=[first.pk])
    answer = as_user(office).post(address, {"name": "赵六", "starts_on": "2026-07-01", "reason": "轮岗"}, follow=True)
    assert "自 2026-07-01 起由赵六接任" in text_of(answer)
    assert "2026-07-01 起由赵六接任" in text_of(as_user(office).get(reverse("units:unit_detail", args=[unit.code])))


def test_ending_and_correcting(as_user: Callable[[User], Client], office: User, unit: Unit) -> None:
    made = seat(unit)
    client = as_user(office)
    client.post(
        reverse("units:appointment_correct", args=[made.pk]), {"post": "科长", "phone": "64120000", "duty": "一"}
    )
    assert "64120000" in text_of(client.get(reverse("units:appointment", args=[made.pk])))
    answer = client.post(reverse("units:appointment_end", args=[made.pk]), {"last_day": "2026-06-14"}, follow=True)
    assert "列入缺员" in text_of(answer)
    page = client.get(reverse("units:appointment", args=[made.pk]))
    assert reverse("units:appointment_end", args=[made.pk]) not in page.content.decode()


def test_the_menu_counts_units_with_gaps_for_office_and_leaders(
    as_user: Callable[[User], Client], office: User, leader: User, liaison: User, unit: Unit
) -> None:
    def count(user: User) -> str:
        page = as_user(user).get(reverse("units:delegation_list"))
        found = re.search(r"联络员与分管领导.{0,80}?</a>", page.content.decode(), re.DOTALL)
        assert found
        return "".join(re.findall(r">\s*(\d+)\s*<", found[0]))

    assert [count(user) for user in (office, leader, liaison)] == ["1", "1", ""]
    for kind in Appointment.Kind.values:
        seat(unit, kind=kind)
    assert count(office) == ""


def test_the_notice_is_drafted_and_opens_as_a_paper(
    as_user: Callable[[User], Client], office: User, unit: Unit
) -> None:
    seat(unit)
    answer = as_user(office).post(reverse("units:member_notice"), {"as_of": "2026-06-15"}, follow=True)
    assert answer.status_code == 200
    assert Paper.objects.get().subject == MemberList.objects.get()
    assert "名单的通知" in text_of(answer)


def test_somebody_names_a_stand_in_and_the_stand_in_is_told_on_every_page(
    as_user: Callable[[User], Client], liaison: User, unit: Unit, make_user: Callable[..., User]
) -> None:
    clerk = make_user("clerk", Role.CLERK, unit=unit)
    role = RoleAssignment.objects.get(user=liaison)
    data = {
        "assignments": [role.pk],
        "to_user": "clerk",
        "starts_on": "2026-06-15",
        "ends_on": "2026-06-19",
        "reason": "年休假",
    }
    as_user(liaison).post(reverse("units:delegation_add"), data)
    made = Delegation.objects.get()
    page = as_user(clerk).get(reverse("units:unit_list"))
    assert f"您正在代{liaison.name}履职" in text_of(page)
    assert "请假，由clerk代至 2026-06-19" not in text_of(page)
    assert reverse("units:delegation_end", args=[made.pk]) in as_user(clerk).get("/staff/delegations/").content.decode()
    as_user(clerk).post(reverse("units:delegation_end", args=[made.pk]), {"reason": "提前返岗"})
    assert "您正在代" not in text_of(as_user(clerk).get(reverse("units:unit_list")))


def test_others_delegations_do_not_exist_for_colleagues(
    as_user: Callable[[User], Client],
    liaison: User,
    other_liaison: User,
    unit: Unit,
    make_user: Callable[..., User],
    now: datetime,
) -> None:
    clerk = make_user("clerk", Role.CLERK, unit=unit)
    made = delegate_roles(
        liaison,
        to_user=clerk,
        assignments=lendable_roles(liaison, now.date()),
        starts_on=now.date(),
        ends_on=now.date() + timedelta(days=1),
        reason="休假",
        by=liaison,
        at=now,
    )
    client = as_user(other_liaison)
    assert client.get(reverse("units:delegation_end", args=[made.pk])).status_code == 404
    assert "休假" not in text_of(client.get(reverse("units:delegation_list")))


def test_the_office_is_offered_liaison_officers_only(
    as_user: Callable[[User], Client], office: User, liaison: User, unit: Unit, make_user: Callable[..., User]
) -> None:
    make_user("clerk", Role.CLERK, unit=unit)
    client = as_user(office)
    assert client.get(reverse("units:delegation_name", args=["liaison"])).status_code == 200
    assert client.get(reverse("units:delegation_name", args=["clerk"])).status_code == 404


def test_a_hand_over_shows_what_is_open_and_passes_everything(
    as_user: Callable[[User], Client],
    security_administrator: User,
    liaison: User,
    unit: Unit,
    make_user: Callable[..., User],
) -> None:
    make_user("successor")
    made = seat(unit, user=liaison, name=liaison.name)
    client = as_user(security_administrator)
    address = reverse("units:hand_over", args=["liaison"])
    assert "没有未完成的手头工作" in text_of(client.get(address))
    data = {
        "assignments": [RoleAssignment.objects.get(user=liaison).pk],
        "appointments": [made.pk],
        "to_user": "successor",
        "last_day": "2026-06-15",
        "reason": "岗位调整",
    }
    answer = client.post(address, data, follow=True)
    assert "已交接给successor：角色 1 项，任命 1 项" in text_of(answer)


def test_an_invitation_shows_its_link_once(as_user: Callable[[User], Client], system_administrator: User) -> None:
    client = as_user(system_administrator)
    data = {"name": "韩雪", "email": "h@example.org", "roles": [Role.LEADER]}
    page = client.post(reverse("units:invitation_add"), data, follow=True)
    link = re.search(r"http://testserver(/invitations/[\w-]+/)", page.content.decode())
    assert link
    assert "/invitations/" not in client.get(reverse("units:invitation_list")).content.decode().replace(
        "/staff/invitations/", ""
    )
    client.logout()
    accept = client.get(link[1])
    assert "hanxue" in accept.content.decode()
    wrong = client.post(link[1], {"password": PASSWORD, "repeated": "other"})
    assert wrong.status_code == 422
    done = client.post(link[1], {"password": PASSWORD, "repeated": PASSWORD}, follow=True)
    assert "账号已开通，登录名是 hanxue" in text_of(done)
    assert client.get(link[1]).status_code == 404
    assert Invitation.objects.get().user == User.objects.get(username="hanxue")


def test_a_sheet_with_a_wrong_row_says_which(as_user: Callable[[User], Client], system_administrator: User) -> None:
    client = as_user(system_administrator)
    header = ["姓名", "电子邮箱", "角色"]
    rows = [["韩雪", "h@example.org", "领导"], ["李雷", "不是邮箱", ""]]
    file = SimpleUploadedFile("名单.xlsx", write_xlsx(rows, header=header, title="名单"))
    answer = client.post(reverse("units:invitation_sheet"), {"file": file})
    assert answer.status_code == 422
    assert "第 3 行 电子邮箱的写法不对" in text_of(answer)
    assert not Invitation.objects.exists()
    rows[1][1] = "l@example.org"
    file = SimpleUploadedFile("名单.xlsx", write_xlsx(rows, header=header, title="名单"))
    answer = client.post(reverse("units:invitation_sheet"), {"file": file}, follow=True)
    assert "已邀请 2 人" in text_of(answer)
    assert Invitation.objects.count() == 2
    empty = client.get(reverse("units:invitation_empty_sheet"))
    assert empty.content.startswith(b"PK")


def test_renewing_and_revoking(as_user: Callable[[User], Client], system_administrator: User, now: datetime) -> None:
    sent = invite(Invitee("韩雪", "hanxue", "h@example.org"), by=system_administrator, at=now)
    client = as_user(system_administrator)
    page = client.post(reverse("units:invitation_renew", args=[sent.invitation.pk]), follow=True)
    assert "原链接失效" in text_of(page)
    client.post(reverse("units:invitation_revoke", args=[sent.invitation.pk]), {"reason": "人选有变"})
    assert Invitation.objects.get().state == Invitation.State.REVOKED
    page = client.post(reverse("units:invitation_revoke", args=[sent.invitation.pk]))
    assert (page.status_code, "已被接受或撤回" in text_of(page)) == (422, True)


def test_proposed_roles_are_decided_on(
    as_user: Callable[[User], Client],
    system_administrator: User,
    security_administrator: User,
    unit: Unit,
    now: datetime,
) -> None:
    roles = (Role.CLERK, Role.APPROVER)
    sent = invite(Invitee("韩雪", "hanxue", "h@example.org", "", unit, roles), by=system_administrator, at=now)
    accept_invitation(sent.token, password=PASSWORD, at=now)
    client = as_user(security_administrator)
    first, second = RoleProposal.objects.order_by("pk")
    answer = client.post(reverse("units:proposal_grant", args=[first.pk]), {"starts_on": "2026-06-15"}, follow=True)
    assert "已授予角色：经办人" in text_of(answer)
    assert client.post(reverse("units:proposal_decline", args=[second.pk])).status_code == 422
    client.post(reverse("units:proposal_decline", args=[second.pk]), {"reason": "岗位已满"})
    states = list(RoleProposal.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["granted", "declined"]


def test_the_review_lists_exports_and_is_recorded(
    as_user: Callable[[User], Client], security_administrator: User, auditor: User, liaison: User
) -> None:
    client = as_user(security_administrator)
    page = client.get(reverse("units:access_review"))
    assert {"应复核", "有联络员角色而无任命"} <= set(re.findall(r"[^\s]+", text_of(page)))
    csv = client.get(reverse("units:access_review"), {"flag": "role_without_appointment", "export": "csv"})
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "联络员（区人力资源社会保障局），2020-01-01 起，系统授予" in lines[1]
    assert client.get(reverse("units:access_review"), {"export": "xlsx"}).content.startswith(b"PK")
    client.post(reverse("units:access_review_record"), {"note": "已核"})
    assert AccessReview.objects.get().reviewed_by == security_administrator
    again = client.post(reverse("units:access_review_record"), {"note": "已核"})
    assert (again.status_code, "今天已登记过复核" in text_of(again)) == (422, True)
    page = as_user(auditor).get(reverse("units:access_review"))
    assert "应于 2026年12月15日前复核" in text_of(page)
    assert reverse("units:access_review_record") not in page.content.decode()


def test_the_last_reviews_stand_below_the_list(
    as_user: Callable[[User], Client], security_administrator: User, now: datetime
) -> None:
    record_access_review(note="无异常", by=security_administrator, at=now)
    assert "无异常" in text_of(as_user(security_administrator).get(reverse("units:access_review")))
