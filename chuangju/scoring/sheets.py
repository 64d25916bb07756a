"""评分表 - how a sheet is drafted, changed and published, and how those that ship with the product are loaded."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.scoring.access import can_make_sheets
from chuangju.scoring.criteria import Criterion, CriterionRefused, read_criteria, write_criterion
from chuangju.scoring.models import ScoreSheet

SHEETS = Path(__file__).parent / "data" / "sheets"
_LONGEST_TITLE = 120


class SheetRefused(Refused):
    """The sheet cannot be drafted, changed or published like this; the sentence says why."""


@transaction.atomic
def draft_sheet(*, key: str, title: str, title_en: str = "", summary: str = "", by: User, at: datetime) -> ScoreSheet:
    """Begin a sheet of one's own, or the next version of one that was published, with its criteria. Raises SheetRefused."""
    _refuse_maker(by, at)
    take_locks(f"scoring.sheet.{key}")
    if ScoreSheet.objects.filter(key=key, is_published=False).exists():
        raise SheetRefused(_("编号“%(key)s”已有一份没有发布的评分表，请在那里修改") % {"key": key})
    last = ScoreSheet.objects.filter(key=key).order_by("-version").first()
    sheet = ScoreSheet.objects.create(
        key=key,
        version=last.version + 1 if last else 1,
        title=_title(title),
        title_en=" ".join(title_en.split())[:_LONGEST_TITLE],
        summary=" ".join(summary.split())[:300],
        criteria=last.criteria if last else [],
        made_by=by,
        made_at=at,
    )
    record_event("scoring.sheet_drafted", sheet, by=by, at=at, after={"title": sheet.title, "version": sheet.version})
    return sheet


@transaction.atomic
def change_sheet(
    sheet: ScoreSheet, criteria: Iterable[Criterion], *, revision: int | None = None, by: User, at: datetime
) -> None:
    """Put these criteria in place of those of a draft; raises SheetRefused, CriterionRefused, StaleForm."""
    fresh = _lock_draft(sheet, revision=revision, by=by, at=at)
    before = {"criteria": [f"{row['label']} {row['weight']}" for row in fresh.criteria]}
    rows = [write_criterion(each) for each in criteria]
    read_criteria(rows)
    fresh.criteria = rows
    fresh.revision += 1
    fresh.save(update_fields=["criteria", "revision"])
    after = {"criteria": [f"{row['label']} {row['weight']}" for row in rows]}
    record_event("scoring.sheet_changed", fresh, by=by, at=at, before=before, after=after)
    sheet.refresh_from_db()


@transaction.atomic
def publish_sheet(sheet: ScoreSheet, *, by: User, at: datetime) -> None:
    """From now on panels may score by it, and it never changes; raises SheetRefused."""
    fresh = _lock_draft(sheet, revision=None, by=by, at=at)
    if not read_criteria(fresh.criteria):
        raise SheetRefused(_("评分表至少要有一项指标"))
    fresh.is_published, fresh.published_at = True, at
    fresh.save(update_fields=["is_published", "published_at"])
    record_event("scoring.sheet_published", fresh, by=by, at=at, after={"title": fresh.title, "version": fresh.version})
    sheet.refresh_from_db()


@transaction.atomic
def discard_sheet(sheet: ScoreSheet, *, by: User, at: datetime) -> None:
    """Drop a draft; raises SheetRefused."""
    fresh = _lock_draft(sheet, revision=None, by=by, at=at)
    record_event("scoring.sheet_discarded", fresh, by=by, at=at, before={"title": fresh.title})
    fresh.delete()


def latest_sheet(key: str) -> ScoreSheet | None:
    """The newest published version of a sheet."""
    return ScoreSheet.objects.filter(key=key, is_published=True).order_by("-version").first()


def published_sheets() -> list[tuple[str, str]]:
    """Every sheet that has been published, by its key and the title of its newest version in the reader's language."""
    found: dict[str, str] = {}
    for sheet in ScoreSheet.objects.filter(is_published=True).order_by("key", "version"):
        found[sheet.key] = sheet.shown_title
    return sorted(found.items(), key=lambda pair: pair[1])


def read_sheet_file(path: Path) -> dict[str, Any]:
    """A sheet of a file as plain data, its criteria checked; raises SheetRefused with the file's name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        read_criteria(data["criterion"])
    except CriterionRefused as refused:
        raise SheetRefused(f"{path.name}: {refused.sentence}") from refused
    return data


@lru_cache(maxsize=1)
def files_version() -> str:
    """What tells whether the files have changed since they were loaded."""
    whole = b"".join(path.read_bytes() for path in sorted(SHEETS.glob("*.toml")))
    return hashlib.sha256(whole).hexdigest()[:16]


@transaction.atomic
def load_sheets(at: datetime) -> None:
    """Load the sheets of the files; a file whose content has changed becomes the next version, as published ones stay."""
    for path in sorted(SHEETS.glob("*.toml")):
        data = read_sheet_file(path)
        rows = [write_criterion(each) for each in read_criteria(data["criterion"])]
        last = ScoreSheet.objects.filter(key=data["key"], is_published=True).order_by("-version").first()
        said = {"title": data["title"], "title_en": data["title_en"], "summary": data["summary"]}
        if last is not None and last.criteria == rows and all(getattr(last, name) == said[name] for name in said):
            continue
        newest = ScoreSheet.objects.filter(key=data["key"]).aggregate(newest=Max("version"))["newest"] or 0
        sheet = ScoreSheet.objects.create(
            key=data["key"],
            version=newest + 1,
            **said,
            criteria=rows,
            source=ScoreSheet.Source.FILE,
            is_example=data["is_example"],
            is_published=True,
            made_at=at,
            published_at=at,
        )
        record_event("scoring.sheet_published", sheet, by=None, at=at, after={"title": sheet.title})


def _title(text: str) -> str:
    title = " ".join(text.replace("\x00", "").split())
    if not title or len(title) > _LONGEST_TITLE:
        raise SheetRefused(_("请填写评分表名称（不超过 120 个字）"))
    return title


def _refuse_maker(by: User, at: datetime) -> None:
    if not can_make_sheets(by, timezone.localdate(at)):
        raise SheetRefused(_("您没有编制评分表的权限"))


def _lock_draft(sheet: ScoreSheet, *, revision: int | None, by: User, at: datetime) -> ScoreSheet:
    _refuse_maker(by, at)
    fresh = ScoreSheet.objects.select_for_update().get(pk=sheet.pk)
    if fresh.is_published:
        raise SheetRefused(_("已发布的评分表不能修改，请编制新版本"))
    if revision is not None and fresh.revision != revision:
        raise StaleForm(_("评分表已被他人修改，请刷新后再改"))
    return fresh
