"""The pages of policies' life over HTTP: what is typed is kept, who acts, what strangers read, exports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.policies.models import FeeEntry, PackageClause, PackageImport, PolicyPackage, PolicyRecord
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import TODAY, Stage, entered, issued, opened, step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(clock: datetime) -> None:
    """Pages ask the machine for the time; it stands at `now`."""


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit, client: Client) -> User:
    user = make_user("policy", "policy_officer", unit=unit)
    client.force_login(user)
    return user


def _get(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(reverse(f"policies:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def _post(client: Client, page: str, /, *args: object, **data: object) -> tuple[int, str]:
    response = client.post(reverse(f"policies:{page}", args=args), data)
    return response.status_code, response.content.decode()


OUTSIDE = {"title": "租金办法", "policy_id": "rent_help", "level": "district", "confidence": "official"}


def test_a_policy_is_made_through_its_pages(keeper: User, unit: Unit, client: Client) -> None:
    assert _post(client, "making_open", **OUTSIDE, unit=unit.pk)[0] == 302
    record = PolicyRecord.objects.get()
    assert "登记：征求意见" in _get(client, "making", record.pk)
    done = {"day": "2026-06-01", "words": "征求了三家单位", "revision": 1, "papers": SimpleUploadedFile("函.txt", b"x")}
    assert _post(client, "making_step", record.pk, "consultation", **done)[0] == 302
    shown = _get(client, "making", record.pk)
    assert "征求了三家单位" in shown
    assert "函.txt" in shown
    assert "之前还须完成：合法性审核、公平竞争审查" in shown
    assert _post(client, "making_change", record.pk, **OUTSIDE, unit=unit.pk, issuer="区政府", revision=2)[0] == 302
    assert _post(client, "making_abandon", record.pk, reason="不做了")[0] == 302
    assert PolicyRecord.objects.get().state == PolicyRecord.State.ABANDONED
    assert "租金办法" in _get(client, "making_list", state="abandoned")


def test_a_stage_out_of_order_comes_back_with_the_words_and_the_reason(
    keeper: User, unit: Unit, client: Client
) -> None:
    record = opened(keeper, unit)
    words = {"day": "2026-06-10", "effective_from": "2026-07-01", "words": "很长的说明", "revision": 1}
    status, shown = _post(client, "making_step", record.pk, "issue", **words)
    assert (status, "很长的说明" in shown, "之前还须完成" in shown) == (422, True, True)
    stale = {"day": "2026-06-10", "words": "另一段", "revision": 9}
    status, shown = _post(client, "making_step", record.pk, "consultation", **stale)
    assert (status, "另一段" in shown, 'name="revision" value="1"' in shown) == (409, True, True)
    assert client.get(reverse("policies:making_step", args=(record.pk, "nothing"))).status_code == 404


def test_the_form_of_a_stage_asks_for_what_belongs_to_it(keeper: User, unit: Unit, client: Client) -> None:
    record = issued(keeper, unit)
    evaluation = _get(client, "making_step", record.pk, "evaluation")
    assert "评估结论" in evaluation
    assert "发文字号" in evaluation  # among the facts
    assert 'name="document_number"' not in evaluation
    assert 'name="outcome"' not in evaluation
    assert 'name="outcome"' in _get(client, "making_step", record.pk, "legality")


def test_another_units_policy_is_read_and_not_kept(
    keeper: User, office: User, other_unit: Unit, client: Client
) -> None:
    record = opened(office, other_unit, "other_help")
    made = step(record, Stage.CONSULTATION, by=office)
    shown = _get(client, "making", record.pk)
    assert "修改档案" not in shown
    assert reverse("policies:step_withdraw", args=(made.pk,)) not in shown
    for name, args in (("making_change", (record.pk,)), ("step_withdraw", (made.pk,))):
        assert client.get(reverse(f"policies:{name}", args=args)).status_code == 404


def test_a_stage_is_taken_back_on_its_page(keeper: User, unit: Unit, client: Client) -> None:
    made = step(opened(keeper, unit), Stage.CONSULTATION, by=keeper)
    assert _post(client, "step_withdraw", made.pk, reason="")[0] == 422
    assert _post(client, "step_withdraw", made.pk, reason="日期有误")[0] == 302
    assert "撤销：日期有误" in _get(client, "making", made.record_id)


def test_lists_are_narrowed_sorted_and_exported(keeper: User, unit: Unit, client: Client) -> None:
    entered("a_help", unit=unit, title="甲办法", confidence="official", valid_until=TODAY)
    entered("b_help", title="乙办法", unit_printed="市某局", level="city")
    assert "乙办法" not in _get(client, "making_list", unit="mine")
    assert "甲办法" not in _get(client, "making_list", level="city")
    assert "乙办法" not in _get(client, "making_list", expiry="urgent")
    assert "甲办法" in _get(client, "making_list", q="a_help", confidence="official", state="issued")
    assert "乙办法" not in _get(client, "expiring_list")
    for name in ("making_list", "expiring_list", "package_list", "fee_list"):
        for kind in ("xlsx", "csv"):
            response = client.get(reverse(f"policies:{name}"), {"export": kind})
            assert response.status_code == 200
            assert response.content


TEXT = "示例条款\n1. 积分（责任单位：区人力资源社会保障局）\n2. 住房"


def _upload(client: Client, text: str = TEXT) -> PackageImport:
    response = client.post(reverse("policies:package_import"), {"file": SimpleUploadedFile("包.txt", text.encode())})
    assert response.status_code == 302
    return PackageImport.objects.latest("uploaded_at")


def test_a_package_is_uploaded_previewed_confirmed_and_tied(keeper: User, unit: Unit, client: Client) -> None:
    entered("points")
    upload = _upload(client)
    preview = _get(client, "package_preview", upload.pk)
    assert "第 3 行" in preview
    assert "没有写明责任单位" in preview
    status, shown = _post(client, "package_preview", upload.pk, title="", confidence="official")
    assert (status, "积分" in shown) == (422, True)
    assert _post(client, "package_preview", upload.pk, title="示例条款", confidence="official")[0] == 302
    package = PolicyPackage.objects.get()
    clause = PackageClause.objects.get(number=1)
    assert _post(client, "clause_tie", clause.pk, policy_id="points", unit=unit.pk, note="", revision=1)[0] == 302
    assert "已落地 1/2 条" in _get(client, "package", package.pk)
    assert "住房" not in _get(client, "package", package.pk, landing="landed")
    assert "points办法" in _get(client, "clause", clause.pk)
    assert client.get(reverse("policies:clause_tie", args=(package.clauses.get(number=2).pk,))).status_code == 404
    assert client.get(reverse("policies:package_preview", args=(upload.pk,))).status_code == 302


def test_a_faulty_package_names_the_line_and_cannot_be_confirmed(keeper: User, client: Client) -> None:
    upload = _upload(client, "题\n1. 甲\n2. 乙\n2. 丙\n")
    preview = _get(client, "package_preview", upload.pk)
    assert "编号 2 与第 3 行重复" in preview
    assert "确认导入" not in preview
    status, shown = _post(client, "package_preview", upload.pk, title="题", confidence="official")
    assert (status, "编号 2 与第 3 行重复" in shown) == (422, True)
    assert _post(client, "package_discard", upload.pk)[0] == 302
    refused = client.post(reverse("policies:package_import"), {"file": SimpleUploadedFile("包.txt", b"\x89PNG\r\n")})
    assert (refused.status_code, "图片" in refused.content.decode()) == (422, True)


def test_a_fee_is_entered_over_the_list_and_taken_back(keeper: User, client: Client) -> None:
    facts = {"name": "企业注册登记费", "standing": "abolished", "starts_on": "2026-06-01", "confidence": "official"}
    status, shown = _post(client, "fee_enter", "enterprise_registration", **facts)
    assert (status, "请写明依据" in shown) == (422, True)
    assert _post(client, "fee_enter", "enterprise_registration", **facts, document="某通知")[0] == 302
    entry = FeeEntry.objects.get()
    assert "某通知" in _get(client, "fee", entry.fee_id)
    assert "某通知" in _get(client, "fee_list", origin="entered")
    assert "某通知" not in _get(client, "fee_list", origin="shipped")
    assert _post(client, "fee_withdraw", entry.pk, reason="文号有误")[0] == 302
    assert "已撤销：文号有误" in _get(client, "fee", entry.fee_id)
    new = facts | {"fee_id": "seal", "kind": "licence", "name": "刻章", "document": "某通知"}
    assert _post(client, "fee_add", **new)[0] == 302
    status, shown = _post(client, "fee_add", **(new | {"fee_id": "enterprise_registration"}))
    assert (status, "随附目录已有" in shown) == (422, True)
    assert client.get(reverse("policies:fee", args=("nothing",))).status_code == 404


def test_strangers_read_a_package_clause_by_clause(keeper: User, office: User, unit: Unit, client: Client) -> None:
    package = PolicyPackage.objects.create(title="若干条款", imported_by=office, imported_at=NOW)
    facts = {"package": package, "unit": unit, "note": "内部说明"}
    entered("rent_subsidy")
    PackageClause.objects.create(number=1, heading="房租", text="给予补贴。", policy_id="rent_subsidy", **facts)
    making = opened(office, unit, "not_yet_issued")
    PackageClause.objects.create(number=2, heading="住房", policy_id=making.policy_id, **facts)
    sample = PolicyPackage.objects.create(title="示例包", is_sample=True, imported_by=office, imported_at=NOW)
    client.logout()
    assert "若干条款" in _get(client, "public_package_list")
    assert "示例包" not in _get(client, "public_package_list")
    assert client.get(reverse("policies:public_package", args=(sample.pk,))).status_code == 404
    shown = _get(client, "public_package", package.pk)
    assert "已落地 1/2 条" in shown
    assert "给予补贴。" in shown
    assert reverse("policies:policy", args=("rent_subsidy",)) in shown
    assert "not_yet_issued办法" not in shown  # what is still being made is the staff's
    assert "内部说明" not in shown
    assert "房租" not in _get(client, "public_package", package.pk, landing="no_rules")
    assert "若干条款" in _get(client, "policy", "rent_subsidy")
    package.state = PolicyPackage.State.SUPERSEDED
    package.save()
    assert client.get(reverse("policies:public_package", args=(package.pk,))).status_code == 404


def test_strangers_read_fees_on_any_day(client: Client) -> None:
    now = _get(client, "public_fees")
    assert "企业注册登记费" in now
    assert "未核实" in now
    assert "这一天没有登记的收费" in _get(client, "public_fees", on="1990-01-01")
    assert _get(client, "public_fees", on="nonsense")


def test_the_size_of_a_firm_is_asked_by_address(client: Client) -> None:
    assert "小型企业" in _get(client, "size_classes", industry="software", staff=12, turnover=80)
    assert "还需要填写：营业收入" in _get(client, "size_classes", industry="software", staff=12)
    assert "微型企业" in _get(client, "size_classes", industry="software", turnover="49.99")
    assert "划型标准" in _get(client, "size_classes", on="2010-01-01")
    response = client.get(reverse("policies:size_classes"), {"industry": "software", "staff": -1})
    assert response.status_code == 422


def test_english_pages_speak_english(keeper: User, unit: Unit, client: Client) -> None:
    entered("a_help", unit=unit, title="甲办法", title_en="Help A", valid_until=TODAY)
    client.cookies["chuangju_language"] = "en"
    assert "Help A" in _get(client, "making_list")
    assert "Registration of an enterprise" in _get(client, "public_fees")
    assert "Software and IT services" in _get(client, "size_classes")


def test_the_public_page_of_a_policy_tells_its_explanation_and_its_term(
    keeper: User, reference_data: None, client: Client
) -> None:
    record = PolicyRecord.objects.get(policy_id="rent_subsidy", state="issued")
    client.logout()
    before = _get(client, "policy", "rent_subsidy")
    assert "大白话解读" not in before
    PolicyRecord.objects.filter(pk=record.pk).update(
        explanation="大白话解读。", explanation_url="https://example.org/jd", valid_until=TODAY
    )
    shown = _get(client, "policy", "rent_subsidy")
    assert "大白话解读" in shown
    assert "https://example.org/jd" in shown
    assert "有效期到 2026年6月15日" in shown
