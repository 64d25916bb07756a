"""A package comes in as a file: read apart, previewed with its faults, confirmed as a whole, or given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.papers.documents import PaperDocument, Paragraph
from chuangju.papers.docx_papers import document_docx
from chuangju.papers.sheets import write_xlsx
from chuangju.policies.models import PackageImport, PolicyPackage
from chuangju.policies.package_imports import (
    PackageFacts,
    PackageRefused,
    confirm_package_import,
    discard_package_import,
    faults_of,
    has_errors,
    start_package_import,
)
from chuangju.policies.packages import tie_clause
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import TODAY, entered

pytestmark = pytest.mark.django_db
TEXT = "示例条款\n1. 积分（责任单位：区人力资源社会保障局）\n2. 住房（责任单位：某某局）\n占位。\n3. 贷款"


def _file(text: str = TEXT, name: str = "包.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("policy", "policy_officer", unit=unit)


def _imported(by: User, text: str = TEXT, **more: object) -> PolicyPackage:
    upload = start_package_import(_file(text), by=by, at=NOW)
    facts = PackageFacts(title="示例条款", **more)  # type: ignore[arg-type]
    return confirm_package_import(upload, facts, by=by, at=NOW)


def test_a_text_file_is_read_previewed_and_confirmed(keeper: User, unit: Unit) -> None:
    upload = start_package_import(_file(), by=keeper, at=NOW)
    assert upload.content["title"] == "示例条款"
    assert not has_errors(upload)
    said = [(fault.line, fault.sentence, fault.is_warning) for fault in faults_of(upload, on=TODAY)]
    assert said == [
        (3, "第 2 条的责任单位“某某局”没有登记过，导入后可补", True),
        (5, "第 3 条没有写明责任单位，导入后可补", True),
    ]
    package = confirm_package_import(upload, PackageFacts(title=" 示例条款 "), by=keeper, at=NOW)
    clauses = list(package.clauses.order_by("number"))
    assert [(clause.number, clause.heading, clause.unit) for clause in clauses] == [
        (1, "积分", unit),
        (2, "住房", None),
        (3, "贷款", None),
    ]
    assert clauses[1].text == "占位。"
    assert [event.action for event in events_about(package)] == ["policies.package_imported"]
    assert confirm_package_import(upload, PackageFacts(title="再来"), by=keeper, at=NOW) == package


def test_a_word_document_and_a_workbook_are_read_too(keeper: User) -> None:
    paper = PaperDocument(title="示例条款", blocks=[Paragraph("第一条 积分。占位。"), Paragraph("第二条 住房。占位。")])
    upload = start_package_import(SimpleUploadedFile("包.docx", document_docx(paper)), by=keeper, at=NOW)
    assert [clause["heading"] for clause in upload.content["clauses"]] == ["积分", "住房"]
    sheet = write_xlsx([(1, "积分", "局"), (2, "住房", "局")], header=("序号", "内容", "责任单位"), title="条款")
    upload = start_package_import(SimpleUploadedFile("包.xlsx", sheet), by=keeper, at=NOW)
    assert [clause["unit"] for clause in upload.content["clauses"]] == ["局", "局"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "空文件"), (b"\x89PNG\r\n\x1a\n0000", "图片"), (b"PK\x03\x04 broken", "包.txt")],
)
def test_what_cannot_be_read_is_refused_with_the_reason(keeper: User, content: bytes, said: str) -> None:
    with pytest.raises(PackageRefused, match=said):
        start_package_import(SimpleUploadedFile("包.txt", content), by=keeper, at=NOW)
    assert not PackageImport.objects.exists()


def test_a_file_that_is_too_large_is_refused(keeper: User, settings: object) -> None:
    settings.MAX_UPLOAD_BYTES = 10  # type: ignore[attr-defined]
    with pytest.raises(PackageRefused, match="超过"):
        start_package_import(_file(), by=keeper, at=NOW)


def test_faults_in_the_text_hinder_the_import(keeper: User) -> None:
    upload = start_package_import(_file("题\n1. 甲\n1. 乙\n2. 丙"), by=keeper, at=NOW)
    assert has_errors(upload)
    with pytest.raises(PackageRefused, match="还有错误"):
        confirm_package_import(upload, PackageFacts(title="题"), by=keeper, at=NOW)
    upload = start_package_import(_file("没有编号的文字"), by=keeper, at=NOW)
    assert [fault.sentence[:9] for fault in faults_of(upload, on=TODAY)] == ["没有认出编号的条款"]


def test_only_those_who_keep_policies_import(liaison: User, leader: User, office: User) -> None:
    for by in (liaison, leader):
        with pytest.raises(PackageRefused, match="只有创建办和政策主管"):
            start_package_import(_file(), by=by, at=NOW)
    upload = start_package_import(_file(), by=office, at=NOW)
    with pytest.raises(PackageRefused, match="只有创建办和政策主管"):
        confirm_package_import(upload, PackageFacts(title="题"), by=liaison, at=NOW)


def test_an_upload_is_given_up_once_and_not_after_it_was_confirmed(keeper: User) -> None:
    upload = start_package_import(_file(), by=keeper, at=NOW)
    with pytest.raises(PackageRefused, match="请填写政策包名称"):
        confirm_package_import(upload, PackageFacts(title=" "), by=keeper, at=NOW)
    discard_package_import(upload, by=keeper, at=NOW)
    discard_package_import(upload, by=keeper, at=NOW)
    with pytest.raises(PackageRefused, match="已经放弃"):
        confirm_package_import(upload, PackageFacts(title="题"), by=keeper, at=NOW)
    other = start_package_import(_file(), by=keeper, at=NOW)
    confirm_package_import(other, PackageFacts(title="题"), by=keeper, at=NOW)
    with pytest.raises(PackageRefused, match="不能放弃"):
        discard_package_import(other, by=keeper, at=NOW)


def test_an_upload_that_is_gone_is_told(keeper: User) -> None:
    upload = start_package_import(_file(), by=keeper, at=NOW)
    PackageImport.objects.all().delete()
    with pytest.raises(StaleForm):
        discard_package_import(upload, by=keeper, at=NOW)


def test_a_new_text_takes_the_place_of_an_old_one_and_ties_go_with_the_matter(office: User, unit: Unit) -> None:
    entered("points")
    old = _imported(office)
    clause = old.clauses.get(number=2)
    tie_clause(clause, policy_id="points", unit=unit, note="细则在办", revision=1, by=office, at=NOW)
    new = _imported(office, "示例条款\n1. 别的事\n2. 住房", replaces=old)
    old.refresh_from_db()
    assert old.state == PolicyPackage.State.SUPERSEDED
    kept, other = new.clauses.get(number=2), new.clauses.get(number=1)
    assert (kept.policy_id, kept.unit, kept.note) == ("points", unit, "细则在办")
    assert (other.policy_id, other.unit) == ("", None)
    with pytest.raises(PackageRefused, match="已经被替代"):
        _imported(office, replaces=old)


def test_a_sample_says_so_whatever_else_is_typed(office: User) -> None:
    package = _imported(office, is_sample=True, confidence="official")
    assert (package.is_sample, package.confidence) == (True, "sample")
