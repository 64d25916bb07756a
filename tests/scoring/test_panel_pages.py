"""Whoever runs a panel: opens it, brings people together, sees the matrix, freezes, prints and exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.scoring.models import Assessment, Panel, PanelEntry, ScoreSheet
from chuangju.units.models import Unit
from tests.scoring.conftest import DUE

Make = Callable[..., Any]
STATE = Assessment.State


@pytest.fixture
def desk(officer: User) -> Client:
    """The officer, signed in."""
    client = Client()
    client.force_login(officer)
    return client


def _url(name: str, panel: Panel, *args: Any) -> str:
    return reverse(f"scoring:{name}", args=[panel.pk, *args])


def _said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_panel_goes_from_opening_to_its_end(
    desk: Client, sheet: ScoreSheet, unit: Unit, assessors: list[User], score: Make, clock: Any
) -> None:
    form = {
        "title": "项目评审",
        "sheet": sheet.pk,
        "unit": unit.code,
        "due_on": DUE.isoformat(),
        "min_assessors": "1",
        "normalisation": "none",
        "subjects": "甲公司\n乙公司\n",
    }
    answer = desk.post(reverse("scoring:panel_open"), form, follow=True)
    assert "已建立" in _said(answer)
    panel = Panel.objects.get()
    assert panel.state == Panel.State.DRAFT
    assert "已加入 1 个参评对象" in _said(desk.post(_url("subjects_add", panel), {"subjects": "丙公司"}, follow=True))
    added = desk.post(_url("assessor_add", panel), {"assessor": assessors[0].pk}, follow=True)
    assert "专家1已加入评审组" in _said(added)
    assert "已均衡分派 3 份评分" in _said(desk.post(_url("panel_spread", panel), follow=True))
    assert "评分已经开始" in _said(desk.post(_url("panel_begin", panel), follow=True))
    assert "已提醒 1 位专家" in _said(desk.post(_url("panel_remind", panel), follow=True))
    assert "今天已经提醒过" in _said(desk.post(_url("panel_remind", panel), follow=True))
    refused = desk.post(_url("panel_freeze", panel))
    assert "还有 3 个参评对象的评分不足 1 份" in _said(refused)
    for one, idea in zip(Assessment.objects.order_by("entry__position"), (50, 60, 10), strict=True):
        score(one, idea)
    gone = PanelEntry.objects.get(label="丙公司")
    desk.post(_url("subject_withdraw", panel, gone.pk), {"reason": "撤回申请"})
    page = _said(desk.get(_url("panel_detail", panel)))
    assert page.index("乙公司") < page.index("甲公司") < page.index("丙公司")
    assert "撤回申请" in page
    frozen = desk.post(_url("panel_freeze", panel), follow=True)
    assert "评审已冻结" in _said(frozen)
    assert "冻结的结果，不再变更" in _said(frozen)
    assert _url("panel_spread", panel) not in _said(desk.get(_url("panel_detail", panel)))
    assert "评审已结束" in _said(desk.post(_url("panel_close", panel), follow=True))


def test_the_matrix_says_who_gave_what_and_what_is_missing(
    desk: Client, scored_panel: Panel, assessors: list[User], assign: Make
) -> None:
    assign(scored_panel, assessors[3], 1)
    page = _said(desk.get(_url("panel_detail", scored_panel)))
    for words in ("94.00", "76.00", "56.00", "最高", "最低", "待评", "已够"):
        assert words in page
    assert "专家4" in page


def test_the_matrix_asks_as_many_queries_for_many_subjects_as_for_few(
    desk: Client, panel: Panel, assessors: list[User], assign: Make, score: Make
) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(_url("panel_detail", panel)).status_code == 200
        return len(asked.captured_queries)

    score(assign(panel, assessors[0], 1)[0], 30)
    ask()
    few = ask()
    for number in range(4, 40):
        PanelEntry.objects.create(
            panel=panel,
            subject_key=f"test.subject:{number}",
            label=f"对象{number}",
            blind_label=f"b{number}",
            position=number,
        )
    for assessor in assessors[1:]:
        assign(panel, assessor, *range(1, 40))
    assert ask() == few
    assert few <= 25


def test_one_assessment_is_read_and_returned(desk: Client, scored_panel: Panel) -> None:
    one = Assessment.objects.filter(entry__label="甲公司").order_by("assessor").first()
    assert one is not None
    page = _said(desk.get(reverse("scoring:assessment_detail", args=[one.pk])))
    assert "完全符合" in page
    assert "100.00" in page
    answer = desk.post(reverse("scoring:assessment_return", args=[one.pk]), {"reason": "请写评语"}, follow=True)
    assert "已退回" in _said(answer)
    assert "还没有提交的评分" in _said(answer)


def test_results_and_fees_are_exported(desk: Client, scored_panel: Panel) -> None:
    page = _said(desk.get(_url("panel_results", scored_panel)))
    assert page.index("甲公司") < page.index("乙公司")
    sheet = desk.get(_url("panel_results", scored_panel) + "?export=csv").content.decode("utf-8-sig")
    assert sheet.splitlines()[1] == "1,甲公司,94.00,3,0,12.00,否"
    fees = _said(desk.get(_url("panel_fees", scored_panel)))
    assert "示例参数" in fees
    assert "合计 1,800 元" in fees
    rows = desk.get(_url("panel_fees", scored_panel) + "?export=csv").content.decode("utf-8-sig")
    assert rows.splitlines()[1] == "专家1,assessor-1,3,600,否"


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_papers_to_sign_are_printed(kind: str, desk: Client, scored_panel: Panel, assessors: list[User]) -> None:
    beginning = {"docx": b"PK", "pdf": b"%PDF"}[kind]
    summary = desk.get(_url("summary_file", scored_panel, kind))
    assert summary.content.startswith(beginning)
    scores = desk.get(_url("score_sheet_file", scored_panel, assessors[0].pk, kind))
    assert scores.content.startswith(beginning)
    assert desk.get(_url("summary_file", scored_panel, "exe")).status_code == 404
    assert desk.get(_url("score_sheet_file", scored_panel, assessors[5].pk, kind)).status_code == 404


def test_other_units_see_nothing(scored_panel: Panel, other_officer: User, client: Client) -> None:
    client.force_login(other_officer)
    assert scored_panel.title not in _said(client.get(reverse("scoring:panel_list")))
    for name in ("panel_detail", "panel_results", "panel_fees", "panel_freeze", "paper_import", "paper_template"):
        assert client.get(_url(name, scored_panel)).status_code == 404


def test_leaders_read_and_do_not_run(scored_panel: Panel, leader: User, client: Client) -> None:
    client.force_login(leader)
    page = _said(client.get(_url("panel_detail", scored_panel)))
    assert "甲公司" in page
    assert "冻结评审" not in page
    assert client.post(_url("panel_spread", scored_panel)).status_code == 403


def test_a_day_is_moved_with_a_reason(desk: Client, scored_panel: Panel, clock: Any) -> None:
    wrong = desk.post(_url("panel_move", scored_panel), {"due_on": "2026-06-01", "reason": "延期"})
    assert "不能早于今天" in _said(wrong)
    moved = desk.post(_url("panel_move", scored_panel), {"due_on": "2026-07-10", "reason": "专家出差"}, follow=True)
    assert "2026-07-10" in _said(moved)
