"""The register of a new installation, and what loading it again leaves alone."""

from __future__ import annotations

import tomllib
from datetime import date, datetime

import pytest

from chuangju.kernel.models import AuditEvent
from chuangju.units.models import Unit, UnitGroup, UnitName
from chuangju.units.names import even_out
from chuangju.units.reference_data import UNITS_FILE, load_units
from chuangju.units.registry import add_alias, rename_unit
from tests.people import make_unit


@pytest.mark.usefixtures("register")
def test_minhang_has_13_departments_and_14_towns_and_zones() -> None:
    kinds = list(Unit.objects.values_list("kind", flat=True))
    assert (len(kinds), kinds.count("town"), kinds.count("zone")) == (27, 13, 1)
    assert (kinds.count("party"), kinds.count("government"), kinds.count("mass")) == (1, 11, 1)


@pytest.mark.usefixtures("register")
def test_units_stand_in_the_order_party_government_mass_towns_by_code() -> None:
    kinds = list(Unit.objects.values_list("kind", flat=True))
    assert [kind for place, kind in enumerate(kinds) if place == 0 or kinds[place - 1] != kind] == [
        "party",
        "government",
        "mass",
        "town",
        "zone",
    ]
    towns = list(Unit.objects.towns().values_list("code", flat=True))
    assert towns == sorted(towns)
    assert all(code.startswith("310112") and len(code) == 9 for code in towns)


@pytest.mark.usefixtures("register")
def test_every_unit_has_an_english_name_and_one_present_official_name() -> None:
    assert list(Unit.objects.filter(name_en="")) == []
    present = UnitName.objects.filter(is_alias=False, valid_to__isnull=True).select_related("unit")
    assert sorted(row.unit.code for row in present) == sorted(Unit.objects.values_list("code", flat=True))
    assert all(row.name == row.unit.name for row in present)


@pytest.mark.usefixtures("register")
def test_a_printed_name_keeps_its_last_day_and_says_that_it_is_not_verified() -> None:
    old = UnitName.objects.get(name="区农委")
    new = UnitName.objects.get(name="区农业农村委员会")
    assert (old.valid_to, new.valid_from) == (date(2019, 2, 28), date(2019, 3, 1))
    assert {old.confidence, new.confidence} == {UnitName.Confidence.UNVERIFIED}


def test_no_spelling_of_the_file_means_two_units() -> None:
    data = tomllib.loads(UNITS_FILE.read_text(encoding="utf-8"))
    spellings: dict[str, set[str]] = {}
    for entry in data["unit"]:
        for name in (*(row["name"] for row in entry["names"]), *entry["aliases"]):
            spellings.setdefault(even_out(name), set()).add(entry["code"])
    for entry in data["group"]:
        for name in (entry["name"], *entry["aliases"]):
            spellings.setdefault(even_out(name), set()).add(entry["key"])
    assert len(spellings) > 100
    assert {name: owners for name, owners in spellings.items() if len(owners) > 1} == {}


@pytest.mark.usefixtures("register")
def test_loading_again_changes_nothing(now: datetime) -> None:
    before = (Unit.objects.count(), UnitName.objects.count(), UnitGroup.objects.count(), AuditEvent.objects.count())
    load_units(now)
    after = (Unit.objects.count(), UnitName.objects.count(), UnitGroup.objects.count(), AuditEvent.objects.count())
    assert before == after


@pytest.mark.usefixtures("register")
def test_loading_again_leaves_what_the_office_changed(now: datetime) -> None:
    unit = Unit.objects.get(code="kw")
    rename_unit(unit, name="区科技创新委", name_en="", valid_from=date(2026, 1, 1), by=None, at=now)
    add_alias(unit, name="科创委", by=None, at=now)
    UnitGroup.objects.filter(key="towns").update(aliases=["各街道镇"])
    load_units(now)
    unit.refresh_from_db()
    assert unit.name == "区科技创新委"
    assert unit.names.filter(name="科创委").exists()
    assert UnitGroup.objects.get(key="towns").aliases == ["各街道镇"]


@pytest.mark.django_db
def test_a_unit_that_the_office_entered_under_its_own_code_is_not_doubled(now: datetime) -> None:
    make_unit("unit-1", "区财政局")
    load_units(now)
    assert Unit.objects.filter(name="区财政局").count() == 1


@pytest.mark.django_db
def test_a_spelling_that_means_another_unit_here_is_left_to_that_unit(now: datetime) -> None:
    other = make_unit("unit-1", "区人才中心")
    UnitName.objects.create(unit=other, name="人社局", is_alias=True)
    load_units(now)
    assert UnitName.objects.get(name="人社局").unit == other
