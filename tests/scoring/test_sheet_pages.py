"""Score sheets: drafted and changed in the browser, published once, then as they are for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.scoring.criteria import criteria_of
from chuangju.scoring.models import ScoreSheet
from chuangju.scoring.sheets import (
    SHEETS,
    SheetRefused,
    change_sheet,
    discard_sheet,
    draft_sheet,
    latest_sheet,
    load_sheets,
    publish_sheet,
    read_sheet_file,
)


@pytest.fixture
def desk(officer: User) -> Client:
    """The officer, signed in."""
    client = Client()
    client.force_login(officer)
    return client


def _said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_sheet_is_made_in_the_browser(desk: Client) -> None:
    answer = desk.post(reverse("scoring:sheet_new"), {"key": "demo-day", "title": "路演评分表"}, follow=True)
    assert "还没有指标" in _said(answer)
    sheet = ScoreSheet.objects.get()
    page = reverse("scoring:sheet_detail", args=[sheet.pk])
    refused = desk.post(reverse("scoring:sheet_publish", args=[sheet.pk]))
    assert "至少要有一项指标" in _said(refused)
    add = reverse("scoring:criterion_add", args=[sheet.pk])
    first = {"key": "area", "label": "面积", "scale": "piecewise", "weight": "40", "points": "0 0\n500，60\n"}
    assert "已保存指标" in _said(desk.post(add, first, follow=True))
    wrong = desk.post(add, {**first, "key": "other", "points": "大 小"})
    assert "每行写两个整数" in _said(wrong)
    twice = desk.post(add, first)
    assert "重复" in _said(twice)
    desk.post(add, {"key": "count", "label": "件数", "scale": "capped", "weight": "60", "each": "2.5"})
    change = reverse("scoring:criterion_change", args=[sheet.pk, "count"])
    assert 'value="2.50"' in _said(desk.get(change))
    desk.post(change, {"key": "count", "label": "获奖件数", "scale": "capped", "weight": "60", "each": "3"})
    assert "每件 3.00 分，最多 60 分" in _said(desk.get(page))
    assert "已发布" in _said(desk.post(reverse("scoring:sheet_publish", args=[sheet.pk]), follow=True))
    sheet.refresh_from_db()
    assert [(each.key, each.each) for each in criteria_of(sheet)] == [("area", 0), ("count", 300)]
    assert desk.get(add).status_code == 404
    new = desk.post(
        f"{reverse('scoring:sheet_new')}?from=demo-day", {"key": "demo-day", "title": "路演评分表"}, follow=True
    )
    assert "第 2 版" in _said(new)
    draft = ScoreSheet.objects.get(version=2)
    assert draft.criteria == sheet.criteria
    desk.post(reverse("scoring:criterion_remove", args=[draft.pk, "area"]))
    draft.refresh_from_db()
    assert [each.key for each in criteria_of(draft)] == ["count"]
    assert "已放弃草稿" in _said(desk.post(reverse("scoring:sheet_discard", args=[draft.pk]), follow=True))


def test_a_published_sheet_never_changes(sheet: ScoreSheet, officer: User, now: datetime) -> None:
    for change in (
        lambda: change_sheet(sheet, criteria_of(sheet), by=officer, at=now),
        lambda: publish_sheet(sheet, by=officer, at=now),
        lambda: discard_sheet(sheet, by=officer, at=now),
    ):
        with pytest.raises(SheetRefused, match="已发布"):
            change()
    for write in (
        lambda: ScoreSheet.objects.update(title="另一张"),
        lambda: ScoreSheet.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="settled"), transaction.atomic():
            write()


def test_only_makers_make_sheets_and_one_draft_stands_at_a_time(officer: User, leader: User, now: datetime) -> None:
    with pytest.raises(SheetRefused, match="没有编制"):
        draft_sheet(key="a", title="表", by=leader, at=now)
    with pytest.raises(SheetRefused, match="名称"):
        draft_sheet(key="a", title=" ", by=officer, at=now)
    sheet = draft_sheet(key="a", title="表", by=officer, at=now)
    with pytest.raises(SheetRefused, match="已有一份没有发布"):
        draft_sheet(key="a", title="表", by=officer, at=now)
    with pytest.raises(StaleForm, match="已被他人修改"):
        change_sheet(sheet, (), revision=7, by=officer, at=now)


def test_the_shipped_sheets_load_once_and_add_up(db: None, now: datetime) -> None:
    load_sheets(now)
    load_sheets(now)
    keys = {path.stem for path in SHEETS.glob("*.toml")}
    assert keys == set(ScoreSheet.objects.order_by().values_list("key", flat=True))
    assert ScoreSheet.objects.count() == len(keys)
    scales = set()
    for path in SHEETS.glob("*.toml"):
        data = read_sheet_file(path)
        assert data["is_example"]
        assert sum(row["weight"] for row in data["criterion"]) == 100
        assert all(row.get("label_en") for row in data["criterion"])
        scales |= {row["scale"] for row in data["criterion"]}
    assert scales == set(ScoreSheet.Scale.values)


def test_a_file_that_changed_becomes_the_next_version(db: None, now: datetime) -> None:
    ScoreSheet.objects.create(
        key="contest_final", version=1, title="旧表", criteria=[], is_published=True, made_at=now, published_at=now
    )
    load_sheets(now)
    newest = latest_sheet("contest_final")
    assert newest is not None
    assert (newest.version, newest.title) == (2, "创业大赛决赛评分表")


def test_readers_see_published_sheets_alone(
    sheet: ScoreSheet, officer: User, leader: User, now: datetime, client: Client
) -> None:
    draft = draft_sheet(key="new", title="新表", by=officer, at=now)
    client.force_login(leader)
    page = _said(client.get(reverse("scoring:sheet_list")))
    assert "测试评分表" in page
    assert "新表" not in page
    assert client.get(reverse("scoring:sheet_detail", args=[draft.pk])).status_code == 404
