"""The pages of indicators: values, what they mean, and every record behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from chuangju.indicators import metrics
from chuangju.indicators.metrics import Evidence, EvidenceRecords, Metric, MetricKind, MetricScope
from chuangju.kernel.models import User
from chuangju.units.models import Unit

pytestmark = pytest.mark.usefixtures("clock")


def _units(scope: MetricScope) -> EvidenceRecords:
    found = Unit.objects.order_by("code")
    if scope.unit is not None:
        found = found.filter(pk=scope.unit.pk)
    return EvidenceRecords(found, lambda unit: Evidence(unit.name, scope.on, f"/staff/units/{unit.code}/", "区科委"))


UNITS = Metric(
    key="test.units",
    label="成员单位数",
    definition="参与创建工作的单位。",
    unit="个",
    compute=lambda scope: len(_units(scope)),
    evidence=_units,
    is_public=True,
    formula="逐个计数。",
    owner="创建办",
    by_unit=True,
)
SURVEY = Metric(
    key="test.survey",
    label="居民创业活动率",
    definition="抽样调查所得。",
    unit="%",
    compute=lambda _scope: None,
    evidence=lambda _scope: [],
    kind=MetricKind.SURVEY,
)


@pytest.fixture(autouse=True)
def _own_metrics() -> Iterator[None]:
    for metric in (UNITS, SURVEY):
        metrics.register_metric(metric)
    yield
    for metric in (UNITS, SURVEY):
        metrics._METRICS.remove(metric.key)


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


def detail(metric: Metric) -> str:
    return reverse("indicators:indicator_detail", args=[metric.key])


def test_strangers_are_led_to_sign_in(client: Client, db: None) -> None:
    for address in (reverse("indicators:indicator_list"), detail(UNITS)):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/")


def test_external_roles_may_not_look(client: Client, entrepreneur: User) -> None:
    client.force_login(entrepreneur)
    assert client.get(reverse("indicators:indicator_list")).status_code == 403
    assert client.get(detail(UNITS)).status_code == 403


def test_the_list_shows_each_value_with_its_unit_and_day(reader: Client, unit: Unit) -> None:
    page = reader.get(reverse("indicators:indicator_list")).content.decode()
    assert "成员单位数" in page
    assert "截至2026年6月15日" in page
    assert "暂无数据" in page


def test_the_list_is_searched_and_filtered(reader: Client) -> None:
    address = reverse("indicators:indicator_list")
    found = reader.get(address, {"q": "居民"}).content.decode()
    assert "居民创业活动率" in found
    assert "成员单位数" not in found
    computed = reader.get(address, {"kind": "computed"}).content.decode()
    assert "居民创业活动率" not in computed
    assert "成员单位数" in computed


def test_an_indicator_explains_itself(reader: Client, unit: Unit) -> None:
    page = reader.get(detail(UNITS)).content.decode()
    for words in ("参与创建工作的单位。", "逐个计数。", "创建办", "系统计算", "在公开页面显示", "截至2026年6月15日"):
        assert words in page
    assert f'href="/staff/units/{unit.code}/"' in page


def test_an_indicator_without_value_says_so(reader: Client) -> None:
    page = reader.get(detail(SURVEY)).content.decode()
    assert "暂无数据" in page
    assert "目前没有记录" in page


def test_an_indicator_can_be_asked_for_one_unit(reader: Client, unit: Unit, other_unit: Unit) -> None:
    response = reader.get(detail(UNITS), {"unit": unit.code})
    assert response.context["reading"].value == 1
    assert [line.row.label for line in response.context["list"].lines] == [unit.name]


def test_an_unknown_unit_is_ignored(reader: Client, unit: Unit, other_unit: Unit) -> None:
    assert reader.get(detail(UNITS), {"unit": "nowhere"}).context["reading"].value == 2


def test_an_unknown_indicator_is_not_found(reader: Client) -> None:
    assert reader.get(reverse("indicators:indicator_detail", args=["nothing"])).status_code == 404


def test_evidence_is_exported_whole(reader: Client, make_unit: Callable[..., Unit]) -> None:
    for number in range(60):
        make_unit(f"u{number:02}", f"单位{number:02}")
    sheet = openpyxl.load_workbook(BytesIO(reader.get(detail(UNITS), {"export": "xlsx"}).content)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "单位00" in cells
    assert "单位59" in cells
    text = reader.get(detail(UNITS), {"export": "csv"}).content.decode("utf-8-sig")
    assert text.count("单位") == 61  # sixty records and one column of holders


def test_evidence_is_paged_at_a_constant_price(
    reader: Client,
    make_unit: Callable[..., Unit],
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    for number in range(60):
        make_unit(f"u{number:02}", f"单位{number:02}")
    reader.get(detail(UNITS))
    with django_assert_max_num_queries(12):
        second = reader.get(detail(UNITS), {"page": "2"})
    assert second.context["list"].lines[0].row.label == "单位50"


def test_the_day_is_the_districts_day(client: Client, leader: User, clock: time_machine.Coordinates) -> None:
    clock.move_to("2026-06-15T16:30:00+00:00")
    client.force_login(leader)
    assert "截至2026年6月16日" in client.get(reverse("indicators:indicator_list")).content.decode()
