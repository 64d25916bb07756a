"""An assessor on the phone: declares first, then reads and scores; a blind panel gives nothing away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.models import Attachment, User
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.subjects import PanelSubject, RelatedPerson, panel_subjects, register_panel_subject
from chuangju.units.models import Unit
from chuangju.units.notices import draft_notice
from tests.kernel.files import picture, upload

Make = Callable[..., Any]
STATE = Assessment.State
SECRETS = ("甲公司", "乙公司", "丙公司", "test.subject", "申请书-甲公司", "/secret/address/")


@pytest.fixture
def paper(office: User, unit: Unit, now: datetime) -> Attachment:
    """A file of the subject, whose name says whose it is."""
    said = {"title": "通知", "recipient": "各单位", "issuer": "区人社局", "text": "正文", "openness": "open"}
    return attach_file(
        draft_notice(unit, **said, by=office, at=now), upload("申请书-甲公司.jpg", picture()), by=office, at=now
    )


@pytest.fixture
def kind(paper: Attachment) -> Iterator[None]:
    """Subjects of the kind `test.subject` have a page, a file and people."""
    register_panel_subject(
        "test.subject",
        PanelSubject(
            address=lambda _key: "/secret/address/",
            papers=lambda _key: [paper],
            blind_papers=lambda _key: [paper],
            people=lambda _key: [RelatedPerson("法定代表人", name="专家1")],
        ),
    )
    yield
    panel_subjects.remove("test.subject")


@pytest.fixture
def phone(assessors: list[User]) -> Client:
    """The first assessor, signed in."""
    client = Client()
    client.force_login(assessors[0])
    return client


def _url(name: str, one: Assessment, *args: int) -> str:
    return reverse(f"scoring:{name}", args=[one.pk, *args])


@pytest.fixture
def ones(make_panel: Make, assessors: list[User], assign: Make, kind: None) -> list[Assessment]:
    """All three subjects of a blind panel, given to the first assessor."""
    given: list[Assessment] = assign(make_panel(is_blind=True), assessors[0])
    return given


def test_a_subject_goes_from_declaration_to_score(phone: Client, ones: list[Assessment]) -> None:
    one = ones[0]
    page = phone.get(_url("own_assessment", one)).content.decode()
    assert "请先声明是否存在利益冲突" in page
    assert "创意" not in page
    assert "材料1" not in page
    assert phone.get(_url("own_paper", one, 1)).status_code == 404
    assert phone.post(_url("own_assessment", one), {"score_idea": "5"}).status_code == 302
    phone.post(_url("own_no_conflict", one))
    page = phone.get(_url("own_assessment", one)).content.decode()
    assert "材料1.jpg" in page
    assert "创意（60 分）" in page
    kept = phone.post(_url("own_assessment", one), {"score_idea": "30", "action": "keep"}, follow=True)
    assert "已暂存" in kept.content.decode()
    assert 'value="30"' in kept.content.decode()
    wrong = phone.post(_url("own_assessment", one), {"score_idea": "61", "score_team": "", "comment": "好"})
    assert wrong.status_code == 422
    assert "0 到 60 之间" in wrong.content.decode()
    assert "请填写“团队”" in wrong.content.decode()
    assert ">好</textarea>" in wrong.content.decode().replace("\n", "")
    sent = phone.post(_url("own_assessment", one), {"score_idea": "30", "score_team": "1"}, follow=True)
    assert "评分已提交，总分 50.00" in sent.content.decode()
    assert sent.redirect_chain[-1][0] == _url("own_assessment", ones[1])
    page = phone.get(_url("own_assessment", one)).content.decode()
    assert "您的评分" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_blind_panel_never_gives_a_subject_away(
    phone: Client, ones: list[Assessment], score: Make, paper: Attachment
) -> None:
    score(ones[0], 30)
    phone.post(_url("own_no_conflict", ones[1]))
    phone.post(_url("own_conflict", ones[2]), {"reason": "同事"})
    addresses = [
        reverse("scoring:own_assessments"),
        reverse("scoring:own_assessments") + "?export=csv",
        *(_url("own_assessment", one) for one in ones),
        _url("own_conflict", ones[1]),
        reverse("units:message_list"),
    ]
    for address in addresses:
        answer = phone.get(address)
        assert answer.status_code == 200, address
        said = answer.content.decode()
        assert [secret for secret in (*SECRETS, str(paper.pk)) if secret in said] == [], address
    file = phone.get(_url("own_paper", ones[1], 1))
    assert file.status_code == 200
    assert "%E6%9D%90%E6%96%991.jpg" in file["Content-Disposition"]
    assert "%E7%94%B2" not in file["Content-Disposition"]
    assert b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert phone.get(_url("own_paper", ones[1], 2)).status_code == 404
    assert phone.get(_url("own_paper", ones[2], 1)).status_code == 404


def test_an_open_panel_names_subject_and_files(
    phone: Client, panel: Panel, assessors: list[User], assign: Make, kind: None
) -> None:
    one = assign(panel, assessors[0], 1)[0]
    page = phone.get(_url("own_assessment", one)).content.decode()
    assert "甲公司" in page
    assert "系统提示您与该对象可能有关联" in page
    phone.post(_url("own_no_conflict", one))
    page = phone.get(_url("own_assessment", one)).content.decode()
    assert "申请书-甲公司.jpg" in page
    assert "/secret/address/" not in page


def test_a_conflict_ends_it(phone: Client, ones: list[Assessment]) -> None:
    empty = phone.post(_url("own_conflict", ones[0]), {"reason": ""})
    assert empty.status_code == 422
    answer = phone.post(_url("own_conflict", ones[0]), {"reason": "近三年合作"}, follow=True)
    assert "已声明回避" in answer.content.decode()
    ones[0].refresh_from_db()
    assert ones[0].state == STATE.DECLINED_CONFLICT
    assert "您已声明回避" in phone.get(_url("own_assessment", ones[0])).content.decode()


def test_nobody_opens_what_fell_to_somebody_else(ones: list[Assessment], assessors: list[User], client: Client) -> None:
    client.force_login(assessors[1])
    assert client.get(_url("own_assessment", ones[0])).status_code == 404
    assert client.post(_url("own_no_conflict", ones[0])).status_code == 404
    assert client.post(_url("own_conflict", ones[0]), {"reason": "同事"}).status_code == 404


def test_what_is_prepared_is_not_shown_yet(
    phone: Client, make_panel: Make, assessors: list[User], assign: Make
) -> None:
    one = assign(make_panel(is_draft=True), assessors[0], 1)[0]
    assert phone.get(_url("own_assessment", one)).status_code == 404
    assert "没有分派给您的评审" in phone.get(reverse("scoring:own_assessments")).content.decode()
