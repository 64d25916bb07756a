"""The pages of outgoing papers: each step in a form, its refusals beside what was typed, and the public verification."""

from __future__ import annotations

import hashlib
import io
import re

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import deliver_paper, hand_over_paper, record_seal, void_paper
from chuangju.units.demo_papers import load_demo_papers
from chuangju.units.models import Unit
from chuangju.units.notices import draft_notice
from chuangju.units.verify_views import COMPARISONS, UNKNOWN_CODES
from tests.conftest import NOW
from tests.papers.test_pdf_papers import pages_of
from tests.people import make_user

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
HOSTILE = '<script>alert(1)</script> #strong[x] {{ x }} "'


@pytest.fixture
def paper(unit: Unit, liaison: User) -> Paper:
    return draft_notice(
        unit, title="关于某事的通知", recipient="各单位", issuer="区人社局", text="正文。", openness="open", by=liaison, at=NOW
    )  # fmt: skip


@pytest.fixture
def officer(client: Client, liaison: User, clock: object) -> Client:
    client.force_login(liaison)
    return client


def _scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("盖章.pdf", PDF, "application/pdf")


def _page(client: Client, name: str, *args: str) -> str:
    response = client.get(reverse(f"units:{name}", args=args))
    assert response.status_code == 200, name
    return response.content.decode()


def test_a_notice_goes_its_whole_way_through_the_pages(officer: Client, unit: Unit) -> None:
    form = {
        "unit": unit.code,
        "title": "关于某事的通知",
        "recipient": "各单位",
        "text": "一、要求\n请办理。",
        "issuer": "局",
        "openness": "open",
    }
    assert "区人力资源社会保障局" in _page(officer, "paper_new")
    response = officer.post(reverse("units:paper_new"), form)
    paper = Paper.objects.get()
    assert response["Location"] == reverse("units:paper_detail", args=[paper.code])
    code = paper.code
    assert "送核稿" in _page(officer, "paper_detail", code)

    change = form | {"title": "关于某事的第二次通知", "revision": "1"}
    assert "请办理" in _page(officer, "paper_change", code)
    assert officer.post(reverse("units:paper_change", args=[code]), change).status_code == 302
    assert officer.post(reverse("units:paper_hand_over", args=[code])).status_code == 302
    assert officer.post(reverse("units:paper_take_back", args=[code]), {"reason": "标题"}).status_code == 302
    assert officer.post(reverse("units:paper_hand_over", args=[code])).status_code == 302
    page = _page(officer, "paper_detail", code)
    assert "退回前的送核稿件" in page
    assert "登记文号和用印" in page

    seal = {"number": "闵〔2026〕1号", "sealed_on": "2026-06-15", "scan": _scan()}
    assert officer.post(reverse("units:paper_seal", args=[code]), seal).status_code == 302
    delivery = {"recipient": "各单位", "method": "exchange", "delivered_on": "2026-06-15", "note": "王收"}
    assert "各单位" in _page(officer, "paper_deliver", code)
    assert officer.post(reverse("units:paper_deliver", args=[code]), delivery).status_code == 302
    page = _page(officer, "paper_detail", code)
    assert "各单位，公文交换（王收）" in page
    assert "闵〔2026〕1号" in page
    assert officer.post(reverse("units:paper_void", args=[code]), {"reason": "改发"}).status_code == 302
    assert "这份文书已作废：改发" in _page(officer, "paper_detail", code)
    assert "第二次通知" in _page(officer, "paper_list")


def test_drafts_can_be_looked_at_as_word_and_pdf(officer: Client, paper: Paper) -> None:
    word = officer.get(reverse("units:paper_draft_file", args=[paper.code, "docx"]))
    assert "正文。" in [each.text for each in docx.Document(io.BytesIO(word.content)).paragraphs]
    pdf = officer.get(reverse("units:paper_draft_file", args=[paper.code, "pdf"]))
    assert "未用印" in pages_of(pdf.content)[0]
    assert "attachment" in pdf["Content-Disposition"]
    assert officer.get(reverse("units:paper_draft_file", args=[paper.code, "exe"])).status_code == 404
    hand_over_paper(paper, by=paper.drafted_by, at=NOW)
    assert officer.get(reverse("units:paper_draft_file", args=[paper.code, "pdf"])).status_code == 404


def test_a_refusal_keeps_what_was_typed(officer: Client, paper: Paper) -> None:
    hand_over_paper(paper, by=paper.drafted_by, at=NOW)
    seal = {"number": "闵〔2026〕1号", "sealed_on": "2026-06-16", "scan": _scan()}
    response = officer.post(reverse("units:paper_seal", args=[paper.code]), seal)
    assert response.status_code == 422
    assert "用印日期不能晚于今天" in response.content.decode()
    assert "闵〔2026〕1号" in response.content.decode()
    response = officer.post(reverse("units:paper_seal", args=[paper.code]), {"number": "x", "sealed_on": "2026-06-15"})
    assert "请选择文件" in response.content.decode()


def test_an_old_form_does_not_overwrite_newer_words(officer: Client, paper: Paper) -> None:
    form = {"title": "题", "text": "文。", "issuer": "局", "openness": "open", "revision": "9"}
    assert officer.post(reverse("units:paper_change", args=[paper.code]), form).status_code == 409


def test_others_find_no_paper(client: Client, paper: Paper, other_liaison: User, leader: User, clock: object) -> None:
    client.force_login(other_liaison)
    assert client.get(reverse("units:paper_detail", args=[paper.code])).status_code == 404
    client.force_login(leader)
    assert "送核稿</a>" not in _page(client, "paper_detail", paper.code)
    assert client.post(reverse("units:paper_hand_over", args=[paper.code])).status_code == 404


def test_only_notices_are_written_anew_here(officer: Client, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangju.units.paper_views.Notice", User)
    assert officer.get(reverse("units:paper_change", args=[paper.code])).status_code == 404


def _sealed(paper: Paper) -> Paper:
    by = paper.drafted_by
    handed_over = hand_over_paper(paper, by=by, at=NOW)
    return record_seal(handed_over, number="闵〔2026〕1号", sealed_on=NOW.date(), scan=_scan(), by=by, at=NOW)


def test_a_stranger_verifies_a_paper_by_its_code(client: Client, paper: Paper, clock: object) -> None:
    address = reverse("units:paper_verify", args=[paper.code])
    page = _page(client, "paper_verify", paper.code)
    assert "还是草稿，没有用印" in page
    assert "用印之后才能比较文件" in page
    sealed = _sealed(paper)
    page = _page(client, "paper_verify", paper.code)
    for words in ("关于某事的通知", "闵〔2026〕1号", "区人社局", "2026-06-15", "现行有效"):
        assert words in page
    # Of its words, its readers and its writers nothing is told.
    assert "正文。" not in page
    assert "各单位" not in page
    assert "liaison" not in page
    same = client.post(address, {"file": _scan()})
    assert "一致：与登记的用印文件完全相同" in same.content.decode()
    other = client.post(address, {"sha256": "0" * 64})
    assert "不一致" in other.content.decode()
    typed = client.post(address, {"sha256": f" {hashlib.sha256(PDF).hexdigest().upper()} "})
    assert "一致：与登记" in typed.content.decode()
    deliver_paper(sealed, recipient="甲", method="post", delivered_on=NOW.date(), by=paper.drafted_by, at=NOW)
    void_paper(sealed, reason="有误", by=paper.drafted_by, at=NOW)
    assert "已于 2026年6月15日作废" in re.sub(r"\s+", " ", _page(client, "paper_verify", paper.code))


def test_a_comparison_without_anything_to_compare_says_what_to_do(client: Client, paper: Paper) -> None:
    _sealed(paper)
    address = reverse("units:paper_verify", args=[paper.code])
    nothing = client.post(address)
    assert (nothing.status_code, "请选择文件，或填写它的" in nothing.content.decode()) == (422, True)
    wrong = client.post(address, {"sha256": HOSTILE})
    assert wrong.status_code == 422
    assert "64 位" in wrong.content.decode()
    assert "<script>alert" not in wrong.content.decode()


def test_a_code_may_be_typed(client: Client, paper: Paper) -> None:
    start = reverse("units:verify_start")
    assert client.get(start).status_code == 200
    found = client.get(start, {"code": f"{paper.code[:6].lower()} {paper.code[6:]}"})
    assert found["Location"] == reverse("units:paper_verify", args=[paper.code])
    unknown = client.get(start, {"code": HOSTILE})
    assert unknown.status_code == 404
    assert "没有这个核验码" in unknown.content.decode()
    assert "<script>alert" not in unknown.content.decode()
    assert client.get(reverse("units:paper_verify", args=["NOSUCHCODE22"])).status_code == 404


def test_whoever_guesses_codes_is_stopped_and_nobody_else(client: Client, paper: Paper) -> None:
    start, known = reverse("units:verify_start"), reverse("units:paper_verify", args=[paper.code])
    for number in range(UNKNOWN_CODES.attempts):
        address = reverse("units:paper_verify", args=[f"GUESS{number:07}"])
        answer = client.get(address) if number % 2 else client.get(start, {"code": f"GUESS{number:07}"})
        assert answer.status_code == 404
    assert client.get(start, {"code": "ANOTHER"}).status_code == 429
    stopped = client.get(known)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "900")
    assert "核验的次数过多" in stopped.content.decode()
    assert client.get(start).status_code == 200
    assert client.get(known, REMOTE_ADDR="10.9.8.7").status_code == 200


def test_papers_that_exist_are_checked_as_often_as_one_likes_but_files_are_not(client: Client, paper: Paper) -> None:
    known = reverse("units:paper_verify", args=[paper.code])
    assert {client.get(known).status_code for _time in range(UNKNOWN_CODES.attempts + 1)} == {200}
    answers = [client.post(known, {"sha256": "0" * 64}).status_code for _time in range(COMPARISONS.attempts + 1)]
    assert (answers[0], answers[-2], answers[-1]) == (200, 200, 429)


def test_a_paper_of_hostile_words_is_shown_and_printed_as_words(officer: Client, unit: Unit, liaison: User) -> None:
    paper = draft_notice(
        unit, title=HOSTILE, recipient=HOSTILE, issuer=HOSTILE, text=HOSTILE, openness="open", by=liaison, at=NOW
    )
    for name in ("paper_detail", "paper_verify", "paper_hand_over"):
        assert "<script>alert" not in _page(officer, name, paper.code)
    pdf = officer.get(reverse("units:paper_draft_file", args=[paper.code, "pdf"])).content
    assert "#strong[x]" in pages_of(pdf)[0]


def test_the_demo_shows_a_paper_in_each_state(reference_data: None, unit: Unit) -> None:
    load_demo_papers(NOW)
    assert not Paper.objects.exists()
    User.objects.create(username="office", name="演示", is_demo=True)
    make_user("office", "programme_office")
    load_demo_papers(NOW)
    assert {paper.state for paper in Paper.objects.all()} == set(Paper.State.values)
