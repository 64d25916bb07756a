"""方案内容 - the words and items of a plan as data: what is sent round, what is frozen at issue, and what differs between the two."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _

from chuangju.programme.models import Plan, PlanItem, TableVersion, TaskRow
from chuangju.programme.snapshots import content_hash
from chuangju.programme.wording import Part, text_parts


@dataclass(frozen=True)
class PlanSettings:
    """What data/plans.toml says: the headings a new plan begins with, and the tasks that its tools belong to."""

    outline: tuple[str, ...]
    tasks: tuple[str, ...]


@cache
def plan_settings() -> PlanSettings:
    """Read once for the process."""
    text = files("chuangju.programme").joinpath("data/plans.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return PlanSettings(tuple(data["outline"]), tuple(data["tasks"]))


def task_titles(version: TableVersion) -> dict[int, str]:
    """Task id -> its number and title as printed in a version; one query."""
    lines = TaskRow.objects.filter(version=version).values_list("task", "number", "title")
    return {task: f"{number} {title}" for task, number, title in lines}


def _item_content(item: PlanItem, titles: dict[int, str]) -> dict[str, Any]:
    return {
        "id": item.pk,
        "number": item.number,
        "title": item.title,
        "task": item.task.code,
        "task_title": titles.get(item.task_id, item.task.code),
        "unit": item.unit.name,
        "person": item.person,
        "starts_on": item.starts_on.isoformat() if item.starts_on else None,
        "due_on": item.due_on.isoformat(),
        "weight": item.weight,
    }


def content_of(plan: Plan) -> dict[str, Any]:
    """The plan as it stands: title, span, sections, items; JSON-safe, three queries."""
    titles = task_titles(plan.version)
    items = plan.items.exclude(state=PlanItem.State.DROPPED).select_related("task", "unit").order_by("number")
    return {
        "title": plan.title,
        "kind": plan.kind,
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "sections": [
            {"id": section.pk, "heading": section.heading, "text": section.text}
            for section in plan.sections.order_by("position", "pk")
        ],
        "items": [_item_content(item, titles) for item in items],
    }


@dataclass(frozen=True)
class PlanChange:
    """One place in which two texts of a plan differ: what it is called, and the words before and after."""

    label: str
    kind: str
    old: str
    new: str

    @property
    def parts(self) -> list[Part]:
        """The pieces for reading: kept, struck out, new."""
        return text_parts(self.old, self.new)


def _item_line(item: dict[str, Any]) -> str:
    """An item in one line, as the diff compares it."""
    days = f"{item['starts_on']} — {item['due_on']}" if item["starts_on"] else item["due_on"]
    owner = f"{item['unit']}（{item['person']}）" if item["person"] else item["unit"]
    return f"{item['title']}；{item['task_title']}；{owner}；{days}"


def _pairs(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[tuple[Any, Any]]:
    """Old and new of the same id in the new order, what is gone at the end."""
    before = {entry["id"]: entry for entry in old}
    for entry in new:
        yield before.pop(entry["id"], None), entry
    for entry in before.values():
        yield entry, None


def _change(label: str, old: str | None, new: str | None) -> PlanChange | None:
    if old == new:
        return None
    kind = "added" if old is None else "removed" if new is None else "changed"
    return PlanChange(label, kind, old or "", new or "")


def content_changes(old: dict[str, Any], new: dict[str, Any]) -> list[PlanChange]:
    """What became of every word from one text to the other, section by section and item by item."""
    found = [_change(_("方案标题"), old["title"], new["title"])]
    spans = [f"{content['starts_on']} — {content['ends_on']}" for content in (old, new)]
    found.append(_change(_("起止日期"), spans[0], spans[1]))
    for before, after in _pairs(old["sections"], new["sections"]):
        texts = [f"{each['heading']}\n{each['text']}" if each else None for each in (before, after)]
        found.append(_change((after or before)["heading"], texts[0], texts[1]))
    for before, after in _pairs(old["items"], new["items"]):
        lines = [_item_line(each) if each else None for each in (before, after)]
        label = _("方案事项 %(number)d") % {"number": (after or before)["number"]}
        found.append(_change(label, lines[0], lines[1]))
    return [change for change in found if change is not None]


def find_plan_faults() -> Iterator[str]:
    """For `chuangju verify`: issued plans whose frozen text no longer gives the hash kept with it."""
    for plan in Plan.objects.filter(issued_content__isnull=False).order_by("pk").iterator():
        if content_hash(plan.issued_content or {}) != plan.sha256:
            yield _("方案 %(id)s 的印发内容与其校验值不符") % {"id": plan.pk}


def day_in(text: str | None) -> date | None:
    """A day as content keeps it."""
    return date.fromisoformat(text) if text else None
