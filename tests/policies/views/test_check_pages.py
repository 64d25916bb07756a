"""The check over HTTP: from the first question to the answer, corrected, cleared, shared, kept; nothing of it in an address."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import Message, User
from chuangju.policies.demo_checks import demo_answers
from chuangju.policies.models import CheckReminder, SavedCheck, SharedCheck
from chuangju.policies.views.check import LOOK_UPS
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def begin(client: Client, who: str = "company") -> str:
    """The address of the first question after the standpoint."""
    response = client.post("/check/who/", {"who": who}, follow=True)
    return str(response.redirect_chain[-1][0])


def answered(client: Client) -> None:
    """A session with the demo founder's answers."""
    session = client.session
    session["check"] = demo_answers(NOW).kept()
    session.save()


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


def test_a_stranger_goes_from_the_standpoint_through_questions_to_the_answer(client: Client, clock: object) -> None:
    assert "您是哪一种？" in text_of(client.get("/check/"))
    address = begin(client)
    assert address == "/check/questions/registered/"
    assert client.post(address, {"value": "2025-03-17"}).headers["Location"] == "/check/next/"
    asked = []
    while True:
        response = client.get("/check/next/", follow=True)
        address = str(response.redirect_chain[-1][0])
        if "/questions/" not in address:
            break
        asked.append(address)
        client.post(address, {"skip": "1"})
    assert address == "/check/answer/"
    assert len(asked) == len(set(asked)) <= 8
    assert "2025年3月 成立" in text_of(response)
    assert "测算，以审核结果为准" in text_of(response)


def test_a_wrong_answer_is_told_beside_its_field_and_what_was_typed_stays(client: Client) -> None:
    begin(client)
    response = client.post("/check/questions/site/", {"0-monthly_rent": "much", "0-area": "60"})
    assert response.status_code == 422
    assert 'value="much"' in text_of(response)
    assert 'aria-describedby="f-0-monthly_rent-error"' in text_of(response)
    assert client.post("/check/questions/registered/", {}).status_code == 422


def test_an_answer_is_corrected_from_the_result_and_leads_back_there(client: Client, clock: object) -> None:
    answered(client)
    page = client.get("/check/questions/staff/?back=1")
    assert 'name="back" value="1"' in text_of(page)
    response = client.post("/check/questions/staff/", {"none": "1", "back": "1"})
    assert response.headers["Location"] == "/check/answer/"
    assert "没有员工" in text_of(client.get("/check/answer/"))


def test_without_answers_everything_leads_to_the_beginning(client: Client) -> None:
    for address in ("/check/next/", "/check/answer/"):
        assert client.get(address).headers["Location"] == "/check/"
    assert client.get("/check/questions/no-such-question/").status_code == 404


def test_the_answer_shows_every_verdict_and_hides_what_does_not_apply(client: Client, clock: object) -> None:
    answered(client)
    page = text_of(client.get("/check/answer/"))
    for verdict in ("eligible", "near_miss", "not_yet", "unknown", "not_eligible"):
        assert f'id="g-{verdict}"' in page
    assert '<details class="group folded" id="g-not_eligible">' in page
    assert "示例参数" in page
    assert "按什么顺序申领" in page
    assert "浦江镇社区事务受理服务中心" in page


def test_a_card_opens_onto_all_conditions_and_the_formula(client: Client, clock: object) -> None:
    answered(client)
    page = text_of(client.get("/check/answer/rent_subsidy/"))
    assert "怎么算：" in page
    assert "现 1 人，需 2 人" in page
    assert "4,200 元" in page
    assert client.get("/check/answer/no_such/").status_code == 404


def test_no_address_of_the_check_holds_what_was_said(client: Client, clock: object) -> None:
    answered(client)
    page = client.get("/check/answer/").content.decode()
    addresses = " ".join(re.findall(r'(?:href|action|hx-get)="([^"]*)"', page))
    for said in ("2025", "310112114", "=graduate", "=district", "4200", "420000"):
        assert said not in addresses


def test_clearing_forgets_everything(client: Client, clock: object) -> None:
    answered(client)
    client.post("/check/clear/")
    assert client.get("/check/answer/").status_code == 302
    assert "check" not in client.session


def test_a_business_is_found_and_its_public_fields_are_filled_in(demo: None, client: Client) -> None:
    page = text_of(client.post("/check/business/", {"name": "小林咖啡"}))
    party = re.search(r'name="party" value="([0-9a-f-]{36})"', page)
    assert party is not None
    response = client.post("/check/fill/", {"party": party[1]}, follow=True)
    assert "带入" in text_of(response)
    assert client.session["check"]["sources"]["registered_on"]
    assert "registered" not in str(response.redirect_chain[-1][0])
    assert "founder_born_on" not in client.session["check"]["given"]


def test_looking_businesses_up_is_limited(demo: None, client: Client) -> None:
    for _attempt in range(LOOK_UPS.attempts):
        client.post("/check/business/", {"name": "小林"})
    assert "查询次数过多" in text_of(client.post("/check/business/", {"name": "小林"}))


@pytest.mark.parametrize("party", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_nobody_is_filled_in_from_a_business_that_is_not_there(client: Client, party: str) -> None:
    assert client.post("/check/fill/", {"party": party}).status_code == 404


def test_a_stranger_signs_in_to_keep_a_check_and_comes_back(client: Client, clock: object) -> None:
    answered(client)
    assert client.post("/check/save/").headers["Location"] == "/sign-in/mobile/?next=/check/answer/"


def test_a_check_is_kept_opened_and_removed(client: Client, clock: object, entrepreneur: User, stranger: User) -> None:
    client.force_login(entrepreneur)
    answered(client)
    client.post("/check/save/")
    saved = SavedCheck.objects.get()
    assert saved.name in text_of(client.get("/check/saved/"))
    client.post("/check/clear/")
    assert client.post(f"/check/saved/{saved.pk}/").headers["Location"] == "/check/answer/"
    assert client.get("/check/answer/").status_code == 200
    other = Client()
    other.force_login(stranger)
    assert other.get(f"/check/saved/{saved.pk}/").status_code == 404
    client.post(f"/check/saved/{saved.pk}/", {"remove": "1"})
    assert not SavedCheck.objects.exists()


def test_a_shared_check_shows_the_answer_without_anything_personal(client: Client, clock: object) -> None:
    answered(client)
    address = client.post("/check/share/").headers["Location"]
    page = text_of(Client().get(address))
    assert "链接已生成" in page
    assert "月租 4,200 元" in page
    for personal in ("本区户籍", "高校毕业生", "员工 1 人"):
        assert personal not in page
    other = Client()
    other.post(f"/check/shared/{SharedCheck.objects.get().token}/take/")
    assert "monthly_rent" in other.session["check"]["given"]
    assert Client().get("/check/shared/nothing/").status_code == 404


def test_a_reminder_is_set_by_mobile_and_code_without_an_account(
    client: Client, clock: object, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    answered(client)
    address = "/check/reminders/first_startup_grant/"
    assert "手机号" in text_of(client.get(address))
    assert client.post(address, {"mobile": "123"}).status_code == 422
    assert "验证码已发送" in text_of(client.post(address, {"mobile": "13900000001"}))
    assert client.post(address, {"code": "000000"}).status_code == 422
    code = re.search(r"\d{6}", Message.objects.get().body)
    assert code is not None
    assert client.post(address, {"code": code[0]}).headers["Location"] == "/check/answer/"
    reminder = CheckReminder.objects.get()
    assert (reminder.user, reminder.policy) == (None, "first_startup_grant")
    assert not User.objects.filter(username__contains="139").exists()
    stop = f"/check/reminders/stop/{reminder.stop_code}/"
    assert "不再提醒" in text_of(client.get(stop))
    client.post(stop)
    assert CheckReminder.objects.get().state == CheckReminder.State.STOPPED
    assert "已经取消" in text_of(client.get(stop))
    assert client.get("/check/reminders/stop/x/").status_code == 404


def test_whoever_is_signed_in_sets_a_reminder_with_one_tap(client: Client, clock: object, entrepreneur: User) -> None:
    client.force_login(entrepreneur)
    answered(client)
    client.post("/check/reminders/first_startup_grant/")
    assert CheckReminder.objects.get().user == entrepreneur
    assert client.get("/check/reminders/rent_subsidy/").status_code == 302
    assert client.get("/check/reminders/no_such/").status_code == 404


def test_the_page_speaks_english(client: Client, clock: object) -> None:
    answered(client)
    page = text_of(client.get("/check/answer/", headers={"accept-language": "en"}))
    assert "Start-up rent subsidy" in page
    assert "Premises" in page or "Rent" in page
    assert reverse("policies:check") in page
