"""Policy files of the district's own: checked, drafted by one account, published by another; all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue, forget_catalogue
from chuangju.policies.drafts import DraftRefused
from chuangju.policies.models import PolicyDraft, PublishedPolicy
from chuangju.policies.policy_files import (
    PolicyFileRefused,
    decode_policy_file,
    find_policy_files,
    publish_policy_files,
)
from chuangju.units.models import Role
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

POLICY = """\
id: night_market_subsidy
version: "2026"
title: {zh: 夜间经济创业补贴, en: Night market subsidy}
summary: {zh: 注册一年内的个体工商户补 2000 元。, en: 2000 yuan for individual businesses in their first year.}
row: 6
unit: 区商务委
level: district
subject: venture
benefit: grant
channel: apply
source: {issuer: 测试, document: 测试文件, confidence: sample}
effective: 2026-01-01 .. 2027-12-31
parameters:
  amount: {2026-01-01: 2000元}
conditions:
- {id: active, label: {zh: 正常存续, en: Active}, when: status == 'active', law: 第一条}
- {id: young, label: {zh: 一年以内, en: Within a year}, when: months_since(registered_on) <= 12, law: 第二条}
amount: amount
documents:
- {zh: 营业执照, en: Licence}
process:
- {step: review, label: {zh: 审核, en: Review}, days: 5}
- {step: pay, label: {zh: 拨付, en: Payment}, days: 10}
pays: {to: organisation}
examples:
- given: {status: active, registered_on: 2026-05-01}
  on: 2026-10-01
  expect: eligible
  amount: 2000元
"""


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_catalogue()


@pytest.fixture
def office(make_user: Callable[..., User]) -> User:
    """One of the programme office, who writes."""
    return make_user("office", Role.PROGRAMME_OFFICE)


@pytest.fixture
def colleague(make_user: Callable[..., User]) -> User:
    """Another of the programme office, who publishes."""
    return make_user("colleague", Role.PROGRAMME_OFFICE)


def test_a_file_becomes_a_version_that_everything_goes_by(office: User, colleague: User) -> None:
    taken = publish_policy_files([("night.yaml", POLICY)], author=office, publisher=colleague, at=NOW)
    assert [(one.key, one.is_new) for one in taken] == [("night_market_subsidy@2026", True)]
    found = current_catalogue().version("night_market_subsidy", "2026")
    assert found is not None
    assert found.text == POLICY
    published = PublishedPolicy.objects.get()
    assert (published.author, published.published_by) == (office, colleague)


def test_the_same_file_again_changes_nothing_and_a_changed_one_is_refused(office: User, colleague: User) -> None:
    publish_policy_files([("night.yaml", POLICY)], author=office, publisher=colleague, at=NOW)
    again = publish_policy_files([("night.yaml", POLICY)], author=office, publisher=colleague, at=NOW)
    assert [one.is_new for one in again] == [False]
    changed = POLICY.replace("2000元", "3000元")
    with pytest.raises(PolicyFileRefused, match="已经发布，文字不能再改"):
        publish_policy_files([("night.yaml", changed)], author=office, publisher=colleague, at=NOW)
    assert PublishedPolicy.objects.get().text == POLICY


def test_one_faulty_file_keeps_all_of_them_out_and_names_line_and_column(office: User, colleague: User) -> None:
    faulty = POLICY.replace("night_market_subsidy", "day_market_subsidy").replace("status ==", "statuss ==")
    with pytest.raises(PolicyFileRefused) as refused:
        publish_policy_files([("night.yaml", POLICY), ("day.yaml", faulty)], author=office, publisher=colleague, at=NOW)
    assert "day.yaml：第 16 行" in refused.value.sentence
    assert not PublishedPolicy.objects.exists()
    assert not PolicyDraft.objects.exists()


def test_an_example_that_comes_out_otherwise_is_named(office: User, colleague: User) -> None:
    wrong = POLICY.replace("  amount: 2000元\n", "  amount: 2500元\n")
    with pytest.raises(PolicyFileRefused, match="第 1 个范例的结果与写明的不一致"):
        publish_policy_files([("night.yaml", wrong)], author=office, publisher=colleague, at=NOW)


def test_nobody_publishes_what_they_drafted(office: User) -> None:
    with pytest.raises(DraftRefused, match="另一位同事"):
        publish_policy_files([("night.yaml", POLICY)], author=office, publisher=office, at=NOW)


def test_a_later_version_ends_the_earlier_one_whatever_the_order_of_the_files(office: User, colleague: User) -> None:
    open_ended = POLICY.replace("2026-01-01 .. 2027-12-31", "2026-01-01 ..")
    later = open_ended.replace('version: "2026"', 'version: "2027"').replace("effective: 2026", "effective: 2027")
    later = later.replace("2026-05-01", "2027-05-01").replace("on: 2026-10-01", "on: 2027-10-01")
    files = [("a.yaml", later), ("b.yaml", open_ended)]
    publish_policy_files(files, author=office, publisher=colleague, at=NOW)
    versions = current_catalogue().versions("night_market_subsidy")
    assert [(one.version, str(one.effective_to)) for one in versions] == [("2026", "2026-12-31"), ("2027", "None")]


def test_files_are_found_in_a_folder_and_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "readme.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [one.name for one in find_policy_files([tmp_path])] == ["a.yml", "b.yaml"]
    with pytest.raises(PolicyFileRefused, match="没有这个文件或文件夹"):
        find_policy_files([tmp_path / "nowhere"])


def test_a_file_that_is_no_utf_8_is_refused_with_the_place() -> None:
    with pytest.raises(PolicyFileRefused, match="第 1 个字节"):
        decode_policy_file("政策".encode("gb18030"), "旧.yaml")


def test_the_command_loads_the_districts_own_folder(
    office: User, colleague: User, tmp_path: Path, settings: object
) -> None:
    settings.POLICY_FOLDER = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "night.yaml").write_text(POLICY, encoding="utf-8")
    out = StringIO()
    call_command("load_policies", "--by=office", "--published-by=colleague", stdout=out)
    assert "night_market_subsidy@2026  已发布" in out.getvalue()
    assert current_catalogue().version("night_market_subsidy", "2026") is not None


def test_the_command_tells_faults_with_exit_code_1_and_missing_accounts_with_2(office: User, tmp_path: Path) -> None:
    file = tmp_path / "night.yaml"
    file.write_text(POLICY.replace("registered_on)", "registered_onn)"), encoding="utf-8")
    with pytest.raises(CommandError, match="第 17 行") as fault:
        call_command("load_policies", str(file), "--check")
    assert fault.value.returncode == 1
    file.write_text(POLICY, encoding="utf-8")
    for options, sentence in (([], "--published-by"), (["--by=office", "--published-by=nobody"], "nobody")):
        with pytest.raises(CommandError, match=sentence) as missing:
            call_command("load_policies", str(file), *options)
        assert missing.value.returncode == 2


def test_an_officer_uploads_a_file_and_goes_on_in_the_editor(office: User, client: Client) -> None:
    client.force_login(office)
    file = SimpleUploadedFile("night.yaml", POLICY.replace("status ==", "statuss ==").encode())
    response = client.post("/staff/policies/drafts/upload/", {"file": file})
    draft = PolicyDraft.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/staff/policies/drafts/{draft.pk}/edit/")
    assert (draft.policy_id, draft.version, draft.author, draft.fault_count) == (
        "night_market_subsidy",
        "2026",
        office,
        1,
    )


def test_a_file_that_is_no_policy_is_refused_on_the_page(office: User, client: Client) -> None:
    client.force_login(office)
    for content, sentence in ((b"- 1\n- 2\n", "没有政策编号"), (b"\xff\xfe\x00", "不是 UTF-8")):
        file = SimpleUploadedFile("night.yaml", content)
        response = client.post("/staff/policies/drafts/upload/", {"file": file})
        assert response.status_code == 422
        assert sentence in response.content.decode()
    assert not PolicyDraft.objects.exists()
