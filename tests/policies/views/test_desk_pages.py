"""The pages of the policy officers' desk: what was typed stays, both panes keep step, results can be left and found again."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import Job, User
from chuangju.policies import simulations
from chuangju.policies.current import forget_catalogue
from chuangju.policies.models import MatchRun, PolicyDraft, PolicyRecord, PublishedPolicy, Simulation
from chuangju.units.models import Role, Unit
from chuangju.ventures.register_files import place_of
from tests import people
from tests.policies.desk import TODAY, register_in_force, rent_draft, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_catalogue()


@pytest.fixture
def officer(unit: Unit) -> User:
    return people.make_user("officer", Role.POLICY_OFFICER, unit=unit)


@pytest.fixture
def at_desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def edit(client: Client, draft: PolicyDraft, **more: Any) -> Any:
    given = {"text": draft.text, "base": draft.text, "revision": draft.revision, "action": "check"}
    return client.post(reverse("policies:draft_edit", args=(draft.pk,)), given | more)


def test_a_version_is_begun_written_and_handed_in(at_desk: Client, officer: User) -> None:
    begin = reverse("policies:draft_begin") + "?from=rent_subsidy@2024"
    assert "rent_subsidy@2024" in at_desk.get(begin).content.decode()
    refused = at_desk.post(begin, {"version": "2027", "starts_on": "2027-05-01", "ends_on": "2027-01-01"})
    assert refused.status_code == 422
    assert at_desk.post(begin, {"version": "2027", "starts_on": "2027-01-01"}).status_code == 302
    draft = PolicyDraft.objects.get()
    text = draft.text.replace("3000元", "3200元")
    assert edit(at_desk, draft, text=text, action="save").status_code == 302
    draft.refresh_from_db()
    assert "3200元" in draft.text
    assert at_desk.get(reverse("policies:draft_begin") + "?from=nothing@1").status_code == 404
    assert at_desk.get(reverse("policies:draft_begin")).status_code == 200


def test_the_form_and_the_text_keep_step_whichever_was_changed(at_desk: Client, officer: User) -> None:
    draft = rent_draft(officer)
    by_form = edit(at_desk, draft, **{"f:title.zh": "租金补贴"}).content.decode()
    assert "title: {zh: 租金补贴" in by_form
    by_text = edit(at_desk, draft, text=draft.text.replace("创业场地房租补贴", "场租补贴")).content.decode()
    assert 'value="场租补贴"' in by_text
    both = edit(
        at_desk, draft, text=draft.text.replace("3000元", "3100元"), **{"f:title.zh": "租金补贴"}
    ).content.decode()
    assert "3100元" in both
    assert "title: {zh: 租金补贴" in both
    assert "有未保存的修改" in both
    draft.refresh_from_db()
    assert "3100元" not in draft.text


def test_who_may_nominate_is_ticked(at_desk: Client, officer: User) -> None:
    draft = rent_draft(officer)
    field = "f:nominators#list"
    ticked = edit(at_desk, draft, **{field: ["", "association", "unit"]}).content.decode()
    assert "by: [association, unit]}" in ticked
    assert f'name="{field}" value="unit" checked' in ticked
    assert "step: nominate" not in edit(at_desk, draft, **{field: ""}).content.decode()


def test_a_fault_stands_beside_its_line_and_what_was_typed_stays(at_desk: Client, officer: User) -> None:
    draft = rent_draft(officer)
    page = edit(at_desk, draft, **{"f:conditions.1.when": "months_since(registered_in) <= 36"}).content.decode()
    assert "registered_in" in page
    assert 'class="faulty"' in page
    broken = edit(at_desk, draft, text="id: [", action="save", **{"f:title.zh": "新名称"})
    assert broken.status_code == 422
    assert "文本里有写法错误" in broken.content.decode()
    stale = edit(at_desk, draft, text=draft.text + "# 改", revision=draft.revision - 1, action="save")
    assert stale.status_code == 409
    assert "# 改" in stale.content.decode()
    assert edit(at_desk, draft, text="x" * 200_001, action="save").status_code == 422


def test_buttons_work_without_javascript_and_fragments_with_it(at_desk: Client, officer: User) -> None:
    draft = rent_draft(officer)
    assert "condition_6" in edit(at_desk, draft, action="add:condition").content.decode()
    moved = edit(at_desk, draft, action="down:conditions.0", **{"f:conditions.0.law": "第九条"}).content.decode()
    first, second = (f'name="f:conditions.{number}.law" value="' for number in (0, 1))
    assert second + "第九条" in moved  # what was typed went along
    assert first + "第九条" not in moved
    assert 'value="up:conditions.0"' not in moved
    assert 'value="up:conditions.1"' in moved
    assert "2027-07-01" in edit(at_desk, draft, action="add:day", new_day="2027-07-01").content.decode()
    address = reverse("policies:draft_edit", args=(draft.pk,))
    given = {"text": draft.text, "base": draft.text, "revision": draft.revision, "action": "check"}
    for source, target in (("form", 'id="text-pane"'), ("text", 'id="form-fields"')):
        part = at_desk.post(address, given | {"source": source}, headers={"HX-Request": "true"}).content.decode()
        assert target in part
        assert "<html" not in part


def test_a_draft_is_decided_by_somebody_else(at_desk: Client, officer: User, unit: Unit, client: Client) -> None:
    draft = rent_draft(officer)
    register_in_force(120)
    page = at_desk.get(reverse("policies:draft", args=(draft.pk,))).content.decode()
    assert "提交复核" in page
    effects = at_desk.get(reverse("policies:draft_effects", args=(draft.pk,))).content.decode()
    assert "120 家企业" in effects
    submit = reverse("policies:draft_submit", args=(draft.pk,))
    assert at_desk.post(submit, {"note": "说明", "revision": draft.revision}).status_code == 302
    assert at_desk.get(reverse("policies:draft_edit", args=(draft.pk,))).status_code == 302
    at_desk.force_login(people.make_user("approver", Role.APPROVER, unit=unit))
    publish = reverse("policies:draft_publish", args=(draft.pk,))
    assert "说明" in at_desk.get(publish).content.decode()
    assert at_desk.post(publish, {"revision": 0}).status_code == 409
    answer = at_desk.post(publish, {"revision": draft.revision})
    assert answer.status_code == 302
    assert PublishedPolicy.objects.get().key == "rent_subsidy@2027"
    shown = at_desk.get(answer["Location"] + "?with=rent_subsidy@2024").content.decode()
    assert "按条件和参数" in shown
    assert "officer" in shown
    record = PolicyRecord.objects.get(policy_id="rent_subsidy", version="2027")
    assert reverse("policies:making", args=(record.pk,)) in shown
    making = at_desk.get(reverse("policies:making", args=(record.pk,))).content.decode()
    assert reverse("policies:version", args=("rent_subsidy@2027",)) in making


def test_a_draft_is_returned_taken_back_and_given_up(at_desk: Client, officer: User, office: User) -> None:
    draft = submitted(rent_draft(officer))
    assert at_desk.post(reverse("policies:draft_take_back", args=(draft.pk,))).status_code == 302
    draft.refresh_from_db()
    submitted(draft)
    at_desk.force_login(office)
    back = reverse("policies:draft_return", args=(draft.pk,))
    assert at_desk.post(back, {"reason": "", "revision": draft.revision}).status_code == 422
    assert at_desk.post(back, {"reason": "条款不对", "revision": draft.revision}).status_code == 302
    at_desk.force_login(officer)
    assert "条款不对" in at_desk.get(reverse("policies:draft", args=(draft.pk,))).content.decode()
    assert at_desk.post(reverse("policies:draft_discard", args=(draft.pk,))).status_code == 302
    draft.refresh_from_db()
    assert draft.state == PolicyDraft.State.DISCARDED


def test_a_run_is_followed_to_its_result_and_down_to_one_enterprise(at_desk: Client) -> None:
    register = register_in_force(120)
    start = reverse("policies:match_start")
    assert at_desk.get(start).status_code == 200
    given = {"snapshot": register.pk, "on": TODAY.isoformat(), "policies": ["rent_subsidy", "setup_grant"], "title": ""}
    assert at_desk.post(start, given | {"on": "1800-01-01"}).status_code == 422
    address = at_desk.post(start, given)["Location"]
    assert "正在计算" in at_desk.get(address).content.decode()
    waiting = at_desk.get(reverse("policies:match_enterprises", args=(MatchRun.objects.get().pk,)))
    assert waiting.status_code == 302
    run_waiting_jobs()
    for tab in ("policies", "town", "industry", "size", "near"):
        assert at_desk.get(f"{address}?tab={tab}").status_code == 200
    run = MatchRun.objects.get()
    listed = reverse("policies:match_policy", args=(run.pk, "rent_subsidy"))
    page = at_desk.get(listed + "?verdict=near_miss")
    first = page.context["list"].lines[0].row
    assert at_desk.get(listed + "?export=csv&verdict=near_miss").content.decode("utf-8-sig").count("\n") >= 2
    told = at_desk.get(reverse("policies:match_enterprise", args=(run.pk, first.id))).content.decode()
    assert first.name in told
    assert "还差一步" in told
    assert at_desk.get(reverse("policies:match_policy", args=(run.pk, "nothing"))).status_code == 404
    assert at_desk.get(reverse("policies:match_compare", args=(run.pk, run.pk))).status_code == 200
    place_of(register.sha256).unlink()
    gone = at_desk.get(reverse("policies:match_enterprise", args=(run.pk, first.id)), follow=True).content.decode()
    assert "不在存储中" in gone


def test_a_run_that_came_to_nothing_says_why_and_is_started_again(at_desk: Client) -> None:
    register = register_in_force(60)
    given = {"snapshot": register.pk, "on": TODAY.isoformat(), "policies": ["rent_subsidy"], "title": "试"}
    address = at_desk.post(reverse("policies:match_start"), given)["Location"]
    run = MatchRun.objects.get()
    assert at_desk.post(reverse("policies:match_stop", args=(run.pk,))).status_code == 302
    assert "计算已中止" in at_desk.get(address).content.decode()
    assert at_desk.post(reverse("policies:match_restart", args=(run.pk,))).status_code == 302
    run_waiting_jobs()
    assert "已完成" in at_desk.get(address).content.decode()


def test_a_simulation_is_tried_saved_exported_and_removed(at_desk: Client) -> None:
    new = reverse("policies:simulation_new")
    given = {"policy": "rent_subsidy@2024", "action": "calculate", "p:cap_month": "3500元", "budget": "10万元"}
    assert "企业名录" in at_desk.post(new, given).content.decode()
    register_in_force(120)
    assert at_desk.get(new + "?policy=rent_subsidy@2024").status_code == 200
    assert at_desk.get(new + "?policy=nothing@1").status_code == 404
    page = at_desk.post(new, given | {"sweep_name": "cap_month", "sweep_first": "2000元", "sweep_last": "3000元",
                                      "sweep_step": "500元", "goes_on": "1"}).content.decode()  # fmt: skip
    assert "定在多少" in page
    for wrong in (
        {"budget": "many"},
        {"on": "x"},
        {"on": "1800-01-01"},
        {"p:cap_month": "x"},
        {"sweep_name": "cap_month"},
    ):
        assert at_desk.post(new, given | wrong).status_code == 422
    assert at_desk.post(new, given | {"action": "save"}).status_code == 422
    address = at_desk.post(new, given | {"action": "save", "title": "提高上限"})["Location"]
    assert "提高上限" in at_desk.get(address).content.decode()
    assert at_desk.get(address + "?export=xlsx")["Content-Type"].endswith("sheet")
    saved = Simulation.objects.get()
    assert at_desk.post(reverse("policies:simulation_remove", args=(saved.pk,))).status_code == 302
    assert not Simulation.objects.exists()


def test_a_simulation_over_a_large_register_is_followed_on_a_page_of_its_own_and_saved(
    at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_in_force(120)
    monkeypatch.setattr(simulations, "MOST_ROWS", 100)
    new = reverse("policies:simulation_new")
    given = {"policy": "rent_subsidy@2024", "action": "calculate", "p:cap_month": "3500元", "budget": "10万元"}
    assert at_desk.post(new, given | {"p:cap_month": "x"}).status_code == 422
    address = at_desk.post(new, given)["Location"]
    page = at_desk.get(address).content.decode()
    assert "正在计算" in page
    assert 'value="3500元"' in page
    assert "HX-Refresh" not in at_desk.get(address, headers={"HX-Request": "true"})
    # Asked to save what is not worked out yet: the same page.
    assert at_desk.post(new, given | {"action": "save", "title": "提高上限"})["Location"] == address
    run_waiting_jobs()
    page = at_desk.get(address).content.decode()
    assert "正在计算" not in page
    assert "一年的钱够不够" in page
    assert at_desk.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert at_desk.post(new, given)["Location"] == address
    saved = at_desk.post(new, given | {"action": "save", "title": "提高上限"})["Location"]
    assert saved == reverse("policies:simulation", args=(Simulation.objects.get().pk,))
    assert "提高上限" in at_desk.get(saved).content.decode()
    Job.objects.update(state=Job.State.FAILED, problem="名录的文件不在存储中")
    assert "名录的文件不在存储中" in at_desk.get(address).content.decode()
    assert at_desk.get(reverse("policies:simulation_work", args=(uuid4(),))).status_code == 404
