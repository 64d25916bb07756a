"""Bulk work: each record is indexed once, at the end of its transaction, and not at all where that failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import SavedView, User
from chuangju.kernel.search import SearchSource, find_records
from chuangju.kernel.search_deferral import indexing_at_the_end
from chuangju.kernel.search_index import search_sources

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, tzinfo=UTC)
VIEWS = SearchSource(
    key="test.view",
    label="视图",
    model=SavedView,
    visible_to=lambda user: SavedView.objects.filter(user=user),
    title=lambda view: view.name,
    address=lambda view: f"/views/{view.pk}/",
    moment=lambda view: AT + timedelta(days=view.pk % 1000),
)


def titles(text: str, user: User) -> list[str]:
    return [hit.title for hit in find_records(text, user, limit=50).hits]


def test_bulk_work_is_indexed_once_at_its_end_and_not_where_it_failed(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_sources, "_entries", {VIEWS.key: VIEWS})
    kept = SavedView.objects.create(user=person, listing="", name="旧名")
    with transaction.atomic():
        record_event("kernel.demo_marked", kept, by=person, at=AT)

    def change(*, name: str, fails: bool) -> None:
        with transaction.atomic(), indexing_at_the_end():
            for step in ("第一步", name):
                SavedView.objects.filter(pk=kept.pk).update(name=step)
                record_event("kernel.demo_marked", kept, by=person, at=AT)
                assert titles("旧名", person) == [step], "still found by its former name"
            if fails:
                raise LookupError

    with pytest.raises(LookupError):
        change(name="没有成", fails=True)
    assert (titles("旧名", person), titles("没有成", person)) == (["旧名"], [])
    change(name="新名", fails=False)
    assert (titles("旧名", person), titles("第一步", person), titles("新名", person)) == ([], [], ["新名"])
