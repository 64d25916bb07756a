"""Papers to be signed say what was given; a blind panel's score sheets name numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chuangju.kernel.models import User
from chuangju.papers.documents import Heading, PaperDocument, PaperTable, Paragraph
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.results import results_of
from chuangju.scoring.score_papers import score_sheet_document, summary_document
from chuangju.scoring.score_text import score_text

Make = Callable[..., Any]


def _words(document: PaperDocument) -> str:
    said = [document.title]
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            said.append(block.text)
        elif isinstance(block, PaperTable):
            said += [cell for row in block.rows for cell in row]
    return "\n".join(said)


def test_a_score_sheet_says_what_was_given(panel: Panel, assessors: list[User], assign: Make, score: Make) -> None:
    given = assign(panel, assessors[0], 1, 2)
    score(given[0], "45.5", 1, "不错")
    said = _words(score_sheet_document(panel, assessors[0], Assessment.objects.order_by("entry__position")))
    for words in ("甲公司", "45.5", "45.50", "基本符合", "20.00", "65.50", "评语：不错", "乙公司", "签名"):
        assert words in said


def test_a_blind_score_sheet_names_numbers_alone(make_panel: Make, assessors: list[User], assign: Make) -> None:
    panel = make_panel(is_blind=True)
    said = _words(score_sheet_document(panel, assessors[0], assign(panel, assessors[0])))
    assert "001" in said
    assert "甲公司" not in said


def test_the_summary_says_how_it_came_about(scored_panel: Panel, assessors: list[User]) -> None:
    document = summary_document(scored_panel, results_of(scored_panel), assessors[:3])
    said = _words(document)
    for words in ("满分 100 分", "至少 3 份评分", "94.00", "甲公司", "专家3："):
        assert words in said
    assert document.mark == "未冻结"


def test_hundredths_are_written_with_two_places() -> None:
    assert [score_text(value) for value in (None, 0, 5, 1234, -50)] == ["", "0.00", "0.05", "12.34", "-0.50"]
