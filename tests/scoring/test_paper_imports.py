"""Scores from signed sheets of paper come in whole, or not at all and with what is wrong row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sheets import write_xlsx
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.panels import PanelRefused
from chuangju.scoring.paper_imports import PaperRefused, empty_score_sheet, import_paper_scores
from chuangju.scoring.paper_rows import read_score_rows

Make = Callable[..., Any]
HEAD = ["专家登录名", "专家姓名", "编号", "参评对象", "无利益冲突", "创意", "团队", "评语"]
STATE = Assessment.State


@pytest.fixture
def enter(panel: Panel, officer: User, now: datetime, tmp_path: Path) -> Callable[..., int]:
    """Write these rows into a workbook and import it."""

    def send(*rows: list[object], head: list[str] = HEAD) -> int:
        file = tmp_path / "录入表.xlsx"
        file.write_bytes(write_xlsx(rows, header=head, title="录入表"))
        read = read_score_rows(file)
        return import_paper_scores(panel, read["heads"], read["lines"], by=officer, at=now)

    return send


def test_filled_sheets_are_entered(
    enter: Callable[..., int], panel: Panel, assessors: list[User], assign: Make, officer: User
) -> None:
    assign(panel, assessors[0])
    count = enter(
        ["assessor-1", "专家1", "001", "甲公司", "是", 45.5, 2, "很好"],
        ["assessor-1", "专家1", "002", "", "否", "", "", "近三年合作"],
    )
    assert count == 2
    first, second, third = Assessment.objects.order_by("entry__position")
    assert (first.state, first.total, first.entered_by, first.comment) == (STATE.SUBMITTED, 8550, officer, "很好")
    assert (second.state, second.conflict_reason) == (STATE.DECLINED_CONFLICT, "近三年合作")
    assert third.state == STATE.ASSIGNED


def test_one_wrong_row_keeps_all_out(
    enter: Callable[..., int], panel: Panel, assessors: list[User], assign: Make, score: Make
) -> None:
    score(assign(panel, assessors[0])[2], 10)
    with pytest.raises(PaperRefused, match="5 行需要更正") as refused:
        enter(
            ["assessor-1", "专家1", "001", "甲公司", "是", 45, 2, ""],
            ["assessor-1", "专家1", "002", "甲公司", "是", 45, 2, ""],
            ["assessor-2", "专家2", "001", "甲公司", "是", 45, 2, ""],
            ["assessor-1", "专家1", "002", "乙公司", "也许", 45, 2, ""],
            ["assessor-1", "专家1", "002", "乙公司", "是", 61, "", ""],
            ["assessor-1", "专家1", "003", "丙公司", "是", 45, 2, ""],
        )
    assert [(fault.row, fault.sentence) for fault in refused.value.faults] == [
        (3, "编号“002”不是“甲公司”"),
        (4, "没有把编号“001”分派给“assessor-2”"),
        (5, "“无利益冲突”请按纸质声明填“是”或“否”"),
        (6, "“创意”请填写 0 到 60 之间的数；请填写“团队”"),
        (7, "这份评分的状态是“已评分”，不能录入"),
    ]


def test_after_a_refusal_the_page_keeps_nothing(
    panel: Panel, assessors: list[User], assign: Make, officer: User, client: Client
) -> None:
    assign(panel, assessors[0])
    client.force_login(officer)
    rows: list[list[object]] = [
        ["assessor-1", "专家1", "001", "甲公司", "是", 45, 2, ""],
        ["assessor-1", "专家1", "002", "乙公司", "是", 90, 2, ""],
    ]
    file = SimpleUploadedFile("录入表.xlsx", write_xlsx(rows, header=HEAD, title="表"))
    address = reverse("scoring:paper_import", args=[panel.pk])
    answer = client.post(address, {"file": file})
    assert answer.status_code == 422
    assert "第 3 行" in answer.content.decode()
    assert not Assessment.objects.filter(state=STATE.SUBMITTED).exists()
    good = SimpleUploadedFile("录入表.xlsx", write_xlsx(rows[:1], header=HEAD, title="表"))
    assert "已录入 1 份评分" in client.post(address, {"file": good}, follow=True).content.decode()
    broken = SimpleUploadedFile("录入表.xlsx", b"PK nothing")
    assert client.post(address, {"file": broken}).status_code == 422


def test_the_empty_sheet_lists_what_is_awaited_and_comes_back_as_it_is(
    make_panel: Make, assessors: list[User], assign: Make, score: Make, tmp_path: Path
) -> None:
    panel = make_panel(is_blind=True)
    score(assign(panel, assessors[0], 1, 2)[0], 10)
    file = tmp_path / "空表.xlsx"
    file.write_bytes(empty_score_sheet(panel))
    read = read_score_rows(file)
    assert read["heads"] == HEAD
    (line,) = read["lines"]
    assert (line["row"], line["values"]["专家登录名"], line["values"]["编号"]) == (2, "assessor-1", "002")
    assert "乙公司" not in str(read)


def test_heads_must_name_every_criterion(enter: Callable[..., int], panel: Panel, tmp_path: Path) -> None:
    with pytest.raises(PanelRefused, match="表头缺少指标：团队"):
        enter(["assessor-1", "", "001", "", "是", 1, 1, ""], head=[*HEAD[:6], "别的", "评语"])
    file = tmp_path / "别的.csv"
    file.write_text("姓名,电话\n张三,1\n", encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_score_rows(file)


def test_a_panel_in_preparation_takes_none(make_panel: Make, officer: User, now: datetime) -> None:
    with pytest.raises(PanelRefused, match="还没有开始"):
        import_paper_scores(make_panel(is_draft=True), HEAD, [], by=officer, at=now)
