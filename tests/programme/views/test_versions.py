"""Versions in the browser: what changed between two, what is kept for the record, files to take away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.programme.models import TableVersion
from tests.programme.conftest import read_table_of, read_task
from tests.programme.views.conftest import page

pytestmark = pytest.mark.django_db


def test_versions_are_compared_in_both_orders(
    client: Client, leader: User, version: TableVersion, put_into_force: Callable[..., TableVersion]
) -> None:
    put_into_force(
        read_table_of(read_task(1, "配套政策的制定、实施及资金投入", lead=["区科委"]), read_task(2, "崭新的一项任务"))
    )
    for pair in ((1, 2), (2, 1)):
        text = page(client, leader, "comparison", *pair)
        assert "崭新的一项任务" in text
        assert "<ins>区科委</ins>" in text
    client.force_login(leader)
    assert client.get(reverse("programme:comparison", args=(1, 9))).status_code == 404


def test_a_version_is_kept_for_the_record_and_shown_with_its_hash(
    client: Client, office: User, leader: User, version: TableVersion
) -> None:
    client.force_login(office)
    assert client.post(reverse("programme:version", args=(1,)), {"reason": "年中自查"}).status_code == 302
    kept = version.snapshots.get()
    text = page(client, leader, "snapshot", kept.pk)
    assert kept.sha256 in text
    assert "相符" in text
    assert client.post(reverse("programme:version", args=(1,)), {"reason": "领导不存档"}).status_code == 404


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_version_is_exported_in_its_own_layout(
    kind: str, client: Client, leader: User, version: TableVersion
) -> None:
    client.force_login(leader)
    response = client.get(reverse("programme:export_version", args=(1, kind)))
    assert response.status_code == 200
    assert response.content[:2] == b"PK"
    assert "attachment" in response["Content-Disposition"]
    assert client.get(reverse("programme:export_version", args=(1, "exe"))).status_code == 404


def test_a_record_without_a_reason_is_asked_for_one(client: Client, office: User, version: TableVersion) -> None:
    client.force_login(office)
    response = client.post(reverse("programme:version", args=(1,)), {"reason": ""})
    assert response.status_code == 422
    assert not version.snapshots.exists()


def test_a_version_shows_its_measures_with_their_numbers(client: Client, leader: User, version: TableVersion) -> None:
    text = page(client, leader, "version", 1)
    measures = [line.text for row in version.rows.all() for line in row.measure_rows.all() if line.position == 2]
    assert measures
    assert all(f"（2）{measure}" in text for measure in measures)
