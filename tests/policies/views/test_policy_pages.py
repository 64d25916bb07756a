"""Pages of policies and calculators: found, narrowed, exported, read in every version, computed from what was typed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from chuangju.policies.check_answers import Answers
from chuangju.policies.current import current_catalogue
from chuangju.policies.demo_checks import demo_answers
from chuangju.policies.policy_listing import policy_lines, search_lines
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return re.sub(r"\s+", " ", response.content.decode())


def answered(client: Client) -> None:
    session = client.session
    session["check"] = demo_answers(NOW).kept()
    session.save()


def test_the_catalogue_is_searched_narrowed_and_exported(client: Client, clock: object) -> None:
    assert "创业场地房租补贴" in text_of(client, "/policies/?q=%E6%88%BF%E7%A7%9F%20%E5%8D%8A")
    assert "创业场地房租补贴" not in text_of(client, "/policies/?benefit=tax")
    assert "居住证积分" in text_of(client, "/policies/?row=18")
    assert client.get("/policies/?export=csv").headers["Content-Type"].startswith("text/csv")
    assert client.get("/policies/?export=xlsx").status_code == 200
    assert "我的结果" not in text_of(client, "/policies/")


def test_with_answers_the_catalogue_shows_and_narrows_by_the_own_verdict(client: Client, clock: object) -> None:
    answered(client)
    page = text_of(client, "/policies/?verdict=not_yet")
    assert "首次创业一次性补贴" in page
    assert "共 1 条" in page


def test_every_word_must_occur_in_either_language(clock: object) -> None:
    lines = policy_lines(current_catalogue(), Answers(), on=NOW.date())
    assert [line.pk for line in search_lines(lines, "start-up rent SUBSIDY 区人力")] == [
        "rent_subsidy",
        "city_rent_subsidy",
    ]
    assert search_lines(lines, "rent 没有这个词") == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_policy_in_every_version_has_a_page_with_and_without_answers(
    client: Client, clock: object, language: str
) -> None:
    client.cookies["chuangju_language"] = language
    for with_answers in (False, True):
        if with_answers:
            answered(client)
        for policy in current_catalogue().policies:
            text_of(client, f"/policies/{policy.id}/{policy.version}/")
            text_of(client, f"/policies/{policy.id}/")
    assert client.get("/policies/no_such/").status_code == 404
    assert client.get("/policies/rent_subsidy/1999/").status_code == 404


def test_a_policy_s_page_tells_conditions_steps_papers_source_history_and_examples(
    client: Client, clock: object
) -> None:
    page = text_of(client, "/policies/rent_subsidy/")
    for part in (
        "注册未超过三年",
        "怎么算：",
        "受理点初审",
        "租赁合同",
        "示例模板",
        "标准调整",
        "算例",
        "想找人问",
        "不能同时享受",
    ):
        assert part in page, part
    answered(client)
    assert "您还差一步" in text_of(client, "/policies/rent_subsidy/")
    assert "已于 2022年12月31日 失效" in text_of(client, "/policies/first_startup_grant/2018/")


def test_the_tax_calculator_keeps_what_is_typed_and_adds_it_up(client: Client, clock: object) -> None:
    form = {"entity_type": "individual_business", "vat_payer": "small_scale", "turnover_month": "80000"}
    response = client.post("/calculators/tax/", {**form, "status": "active"})
    assert response.headers["Location"] == "/calculators/tax/#result"
    page = text_of(client, "/calculators/tax/")
    assert "28,800 元" in page
    assert 'value="80000"' in page
    assert client.post("/calculators/tax/", {"turnover_month": "much"}).status_code == 422


def test_the_loan_calculator_shows_a_schedule_that_names_its_day_count(client: Client, clock: object) -> None:
    wish = {"loan_wanted": "300000", "loan_months_wanted": "12", "loan_rate": "3.45", "way": "interest_first"}
    response = client.post("/calculators/loan/", wish)
    assert response.headers["Location"] == "/calculators/loan/?way=interest_first#result"
    page = text_of(client, "/calculators/loan/?way=interest_first")
    assert "按实际天数除以 360 计算" in page
    assert page.count("2027-") >= 6
    assert "等额本息：" in text_of(client, "/calculators/loan/")
    assert client.post("/calculators/loan/", {**wish, "loan_months_wanted": "400"}).status_code == 422
    assert client.post("/calculators/loan/", {**wish, "loan_months_wanted": "0"}).status_code == 422


def test_the_planner_counts_points_and_ranks_steps(client: Client, clock: object) -> None:
    assert client.get("/planner/").headers["Location"] == "/planner/residence_points/"
    form = {"founder_residence": "residence_permit", "founder_education": "bachelor", "founder_insured_years": "5"}
    assert client.post("/planner/residence_points/", form).status_code == 302
    page = text_of(client, "/planner/residence_points/")
    assert "75<small>分 / 120</small>" in page
    assert "怎么加分最快" in page
    assert "几条路比一比" in page
    assert client.get("/planner/rent_subsidy/").status_code == 404
    assert client.post("/planner/residence_points/", {"founder_insured_years": "many"}).status_code == 422


def test_what_a_calculator_learned_is_not_asked_again(client: Client, clock: object) -> None:
    client.post("/calculators/tax/", {"entity_type": "company", "size_class": "micro"})
    assert client.session["check"]["given"]["size_class"] == "micro"
    assert "size" in client.session["check"]["answered"]


def test_policies_are_found_by_the_search_box(client: Client, clock: object) -> None:
    page = text_of(client, "/search/?q=%E6%88%BF%E7%A7%9F%E8%A1%A5%E8%B4%B4")
    assert "/policies/rent_subsidy/" in page
