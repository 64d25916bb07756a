"""Entitled but not claimed: what matching says beside what the tax office reported; sums only, never who."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from chuangju.applications.models import ReliefUptake
from chuangju.applications.relief_uptake import UptakeFigures, UptakeRefused, enter_uptake, uptake_gaps
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.policies.models import MatchRun
from chuangju.units.models import Role
from chuangju.ventures.models import RegisterSnapshot
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 2)
POLICY = "six_taxes_halving"


@pytest.fixture
def keeper(make_user: Callable[..., User]) -> User:
    """Somebody of the programme office."""
    return make_user("keeper", Role.PROGRAMME_OFFICE)


def _figures(**changes: object) -> UptakeFigures:
    told: dict[str, object] = {
        "policy_id": POLICY,
        "year": NOW.year,
        "count": 40,
        "amount": 120_000_000,
        "source": "区税务局统计表",
    }
    return UptakeFigures(**{**told, **changes})  # type: ignore[arg-type]


def _run(eligible: int) -> MatchRun:
    snapshot = RegisterSnapshot.objects.create(
        state=RegisterSnapshot.State.CURRENT,
        number=1,
        file_names=["名录.parquet"],
        source_sha256="0" * 64,
        sha256="0" * 64,
        on=NOW.date(),
        counts={"enterprises": 100},
        dictionary_version="test",
        is_synthetic=True,
        uploaded_at=NOW,
        confirmed_at=NOW,
    )
    matched = {"verdicts": {"eligible": eligible}, "amount": 200_000_000, "amount_unit": "money"}
    return MatchRun.objects.create(
        state=MatchRun.State.DONE,
        snapshot=snapshot,
        on=NOW.date(),
        summary={"policies": {POLICY: matched}},
        sha256="0" * 64,
        started_at=NOW,
        finished_at=NOW,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"policy_id": "rent_subsidy"}, "不是免申请享受的政策"),
        ({"year": 1999}, "年度应在"),
        ({"year": NOW.year + 1}, "年度应在"),
        ({"count": -1}, "请填写享受户数"),
        ({"source": " "}, "来源"),
    ],
)
def test_figures_that_make_no_sense_are_refused_and_none_of_the_file_is_kept(
    keeper: User, change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(UptakeRefused, match=sentence):
        enter_uptake([_figures(), _figures(**change)], by=keeper, at=NOW)
    assert not ReliefUptake.objects.exists()


def test_only_who_keeps_policies_enters_them(make_user: Callable[..., User]) -> None:
    with pytest.raises(UptakeRefused, match="只有创建办"):
        enter_uptake([_figures()], by=make_user("leader", Role.LEADER), at=NOW)


def test_a_correction_is_a_new_revision_and_the_same_again_is_nothing(keeper: User) -> None:
    assert enter_uptake([_figures()], by=keeper, at=NOW) == 1
    assert enter_uptake([_figures()], by=keeper, at=NOW) == 0
    assert enter_uptake([_figures(count=55)], by=keeper, at=NOW) == 1
    kept = ReliefUptake.objects.get()
    assert (kept.count, kept.revision, events_about(kept).count()) == (55, 2, 2)


def test_the_gap_is_what_is_entitled_and_not_enjoyed_and_nothing_where_a_side_is_missing(keeper: User) -> None:
    enter_uptake([_figures()], by=keeper, at=NOW)
    assert {one.policy.id: one.unclaimed for one in uptake_gaps(year=NOW.year, on=TODAY)}[POLICY] is None
    _run(eligible=100)
    gaps = uptake_gaps(year=NOW.year, on=TODAY)
    assert (gaps[0].policy.id, gaps[0].entitled, gaps[0].enjoyed, gaps[0].unclaimed) == (POLICY, 100, 40, 60)
    assert all(one.policy.channel == "none" for one in gaps)
    assert all(one.unclaimed is None for one in gaps[1:])


def test_more_enjoyed_than_entitled_is_no_negative_gap(keeper: User) -> None:
    enter_uptake([_figures(count=500)], by=keeper, at=NOW)
    _run(eligible=100)
    assert {one.policy.id: one.unclaimed for one in uptake_gaps(year=NOW.year, on=TODAY)}[POLICY] == 0


@pytest.mark.usefixtures("clock")
def test_the_office_enters_a_sum_and_reads_the_gap(keeper: User, client: Client) -> None:
    _run(eligible=100)
    client.force_login(keeper)
    told = {"policy_id": POLICY, "year": NOW.year, "count": 40, "amount": "120万元", "source": "区税务局"}
    assert client.post("/uptake/enter/", told).status_code == 302
    text = client.get(f"/uptake/?year={NOW.year}").content.decode()
    assert "<strong>60</strong>" in text
    assert client.get(f"/uptake/?year={NOW.year}&export=xlsx").content[:2] == b"PK"
    assert client.post("/uptake/enter/", {**told, "amount": "很多"}).status_code == 422
