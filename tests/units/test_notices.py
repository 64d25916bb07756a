"""Notices: whose they are, what their lines become on paper, and that nobody overwrites somebody else's words."""

from __future__ import annotations

from typing import Any

import pytest

from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import hand_over_paper, papers_visible_to
from chuangju.kernel.paper_templates import can_manage_paper, can_read_paper, paper_document
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.papers.documents import Heading, Paragraph, SignedBy
from chuangju.units.models import Notice, Unit
from chuangju.units.notices import NoticeRefused, change_notice, draft_notice
from tests.conftest import NOW

TEXT = (
    "总的要求如下。\n一、报送内容\n（一）节点\n1.时间\n（二）这一段虽然以序号开头，但是一句完整的话。\n1.5 倍的增长\n"
)


def _draft(unit: Unit, by: User, **given: str) -> Paper:
    values = {"title": "关于某事的通知", "recipient": "各单位", "issuer": "创建办", "text": TEXT, "openness": "open"}
    return draft_notice(unit, **(values | given), by=by, at=NOW)


def _change(paper: Paper, by: User, **given: Any) -> Paper:
    values = {
        "title": "新题",
        "recipient": "",
        "issuer": "创建办",
        "text": "新的正文。",
        "openness": "closed",
        "revision": 1,
    }
    return change_notice(paper, **(values | given), by=by, at=NOW)


def test_numbered_lines_become_headings_and_sentences_stay_text(unit: Unit, office: User) -> None:
    blocks = paper_document(_draft(unit, office)).blocks
    assert list(blocks[:-1]) == [
        Paragraph("总的要求如下。"),
        Heading("一、报送内容", 1),
        Heading("（一）节点", 2),
        Heading("1.时间", 3),
        Paragraph("（二）这一段虽然以序号开头，但是一句完整的话。"),
        Paragraph("1.5 倍的增长"),
        SignedBy("创建办"),
    ]


def test_the_office_drafts_for_any_unit_and_an_officer_for_the_own_one(
    unit: Unit, other_unit: Unit, office: User, liaison: User, stranger: User
) -> None:
    assert _draft(other_unit, office).issuer == "创建办"
    assert _draft(unit, liaison).drafted_by == liaison
    for who, where in ((liaison, other_unit), (stranger, unit)):
        with pytest.raises(NoticeRefused, match="名义"):
            _draft(where, who)


def test_papers_are_seen_by_office_leaders_and_the_unit_that_drafts(
    unit: Unit, office: User, leader: User, liaison: User, other_liaison: User, auditor: User
) -> None:
    paper = _draft(unit, liaison)
    for user, reads, manages in (
        (office, True, True), (liaison, True, True), (leader, True, False),
        (other_liaison, False, False), (auditor, False, False),
    ):  # fmt: skip
        assert can_read_paper(user, paper) is reads, user
        assert can_manage_paper(user, paper) is manages, user
        assert list(papers_visible_to(user)) == ([paper] if reads else []), user


def test_a_draft_is_written_anew(unit: Unit, liaison: User, office: User) -> None:
    paper = _change(_draft(unit, liaison), office, issuer="区人社局")
    assert (paper.title, paper.recipient, paper.openness, paper.issuer) == ("新题", "", "closed", "区人社局")
    assert paper_document(paper).blocks[0] == Paragraph("新的正文。")


def test_words_that_somebody_else_changed_meanwhile_are_not_overwritten(
    unit: Unit, liaison: User, office: User
) -> None:
    paper = _draft(unit, liaison)
    _change(paper, office)
    with pytest.raises(StaleForm, match="刚刚被他人修改"):
        _change(paper, liaison)


def test_what_is_handed_over_is_written_anew_by_nobody(unit: Unit, liaison: User) -> None:
    paper = hand_over_paper(_draft(unit, liaison), by=liaison, at=NOW)
    with pytest.raises(Refused, match="只能修改草稿"):
        _change(paper, liaison)
    assert Notice.objects.get(pk=paper.subject_id).text == TEXT.strip()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"text": " \n"}, "请填写正文"), ({"text": "长" * 20_001}, "20000 字"), ({"issuer": " "}, "落款")],
)
def test_a_notice_without_words_or_signature_is_refused(
    given: dict[str, str], sentence: str, unit: Unit, office: User
) -> None:
    with pytest.raises(NoticeRefused, match=sentence):
        _draft(unit, office, **given)
    assert not Paper.objects.exists()
