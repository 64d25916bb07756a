"""What a printed name stands for, what it never stands for, and what is suggested instead."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangju.units.models import Unit, UnitGroup, UnitName
from chuangju.units.names import even_out, name_directory, resolve_name, suggest_units
from tests.people import make_unit

TODAY = date(2026, 6, 15)

# Every unit and group word of the district's table, as printed there.
PRINTED = {
    "区人力资源社会保障局": "rsj",
    "区财政局": "czj",
    "区科委": "kw",
    "区税务分局": "swj",
    "区市场监管局": "scj",
    "区教育局": "jyj",
    "区民政局": "mzj",
    "区委宣传部": "xcb",
    "团区委": "tqw",
    "区农委": "nyw",
    "区发展改革委": "fgw",
    "区经委": "jw",
    "区国资委": "gzw",
}


def code_of(text: str, on: date = TODAY) -> str | None:
    found = resolve_name(text, on=on)
    return None if found is None else found.code if isinstance(found, Unit) else found.key


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(("printed", "code"), PRINTED.items())
def test_every_name_of_the_districts_table_is_known(printed: str, code: str) -> None:
    assert code_of(printed) == code


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("闵行区人力资源和社会保障局", "rsj"),
        ("上海市闵行区人力资源和社会保障局", "rsj"),
        ("区人社局", "rsj"),
        ("人社局", "rsj"),
        ("区科学技术委员会", "kw"),
        ("闵行区科委", "kw"),
        ("闵行区委宣传部", "xcb"),
        ("区农业农村委员会", "nyw"),
        ("区农业农村委", "nyw"),
        ("国家税务总局上海市闵行区税务局", "swj"),
        ("区发改委", "fgw"),
        ("区市场监督管理局", "scj"),
        ("共青团闵行区委", "tqw"),
        ("古美街道", "310112006"),
        ("闵行区江川路街道", "310112001"),
        ("上海市闵行区莘庄镇人民政府", "310112101"),
        ("莘庄工业区管委会", "310112501"),
        (" 区财政局 ", "czj"),
        ("区 财\u3000政 局", "czj"),
        ("各街镇（工业区）", "towns"),
        ("各街镇(工业区)", "towns"),
        ("各街镇 （ 工业区 ）", "towns"),
        ("各街镇", "towns"),
        ("各创建成员单位", "all"),
        ("各成员单位", "all"),
        ("相关创建成员单位", "chosen"),
        ("有关成员单位", "chosen"),
    ],
)
def test_full_names_short_names_width_brackets_and_spaces_lead_to_the_same_unit(written: str, code: str) -> None:
    assert code_of(written) == code


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "闵行区",
        "上海市闵行区",
        "区",
        "市财政局",
        "上海市财政局",
        "徐汇区财政局",
        "区财政",
        "区财政局教育局",
        "区数据局",
    ],
)
def test_what_nobody_wrote_down_stands_for_nothing(written: str) -> None:
    assert resolve_name(written, on=TODAY) is None


@pytest.mark.usefixtures("register")
def test_no_name_resolves_to_a_unit_that_does_not_bear_it() -> None:
    """区财政局 never becomes 区教育局: each name and spelling leads back to its own unit, on any day."""
    rows = list(UnitName.objects.select_related("unit"))
    assert len(rows) > 100
    for on in (date(2015, 6, 1), TODAY):
        directory = name_directory(on)
        wrong = [row.name for row in rows if directory.find(row.name) != row.unit]
        assert wrong == []


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="区人社财政教育局科委（）() 街镇", max_size=10))
def test_a_name_resolves_only_if_it_equals_a_known_one(register: None, text: str) -> None:
    found = resolve_name(text, on=TODAY)
    if isinstance(found, Unit):
        assert even_out(text) in {even_out(name) for name in found.names.values_list("name", flat=True)}
    elif isinstance(found, UnitGroup):
        assert even_out(text) in {even_out(name) for name in (found.name, *found.aliases)}


@pytest.mark.usefixtures("register")
def test_the_printed_name_of_a_renamed_unit_still_leads_to_it_and_shows_the_present_name() -> None:
    unit = resolve_name("区农委", on=TODAY)
    assert isinstance(unit, Unit)
    assert unit.name == "区农业农村委员会"
    assert code_of("区农业农村委员会", on=date(2015, 6, 1)) == "nyw"


@pytest.mark.django_db
def test_a_name_that_went_from_one_unit_to_another_is_read_by_the_day() -> None:
    old, new = make_unit("old", "甲"), make_unit("new", "乙")
    UnitName.objects.create(unit=old, name="区创业办", valid_from=date(2015, 1, 1), valid_to=date(2018, 12, 31))
    UnitName.objects.create(unit=new, name="区创业办", valid_from=date(2019, 1, 1))
    assert code_of("区创业办", on=date(2018, 12, 31)) == "old"
    assert code_of("区创业办", on=date(2019, 1, 1)) == "new"


@pytest.mark.django_db
def test_an_abolished_unit_answers_through_its_successors() -> None:
    last = make_unit("last", "丙局")
    middle = make_unit("middle", "乙局")
    first = make_unit("first", "甲局")
    Unit.objects.filter(pk=first.pk).update(abolished_on=date(2020, 1, 1), successor=middle)
    Unit.objects.filter(pk=middle.pk).update(abolished_on=date(2022, 1, 1), successor=last)
    assert code_of("甲局", on=date(2019, 12, 31)) == "first"
    assert code_of("甲局", on=date(2020, 1, 1)) == "middle"
    assert code_of("甲局", on=TODAY) == "last"


@pytest.mark.django_db
def test_successors_that_point_at_each_other_do_not_hang() -> None:
    one, two = make_unit("one", "甲局"), make_unit("two", "乙局")
    Unit.objects.filter(pk=one.pk).update(abolished_on=date(2020, 1, 1), successor=two)
    Unit.objects.filter(pk=two.pk).update(abolished_on=date(2020, 1, 1), successor=one)
    assert code_of("甲局") in {"one", "two"}


@pytest.mark.usefixtures("register")
def test_the_directory_costs_two_queries_however_many_names_are_asked(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        directory = name_directory(TODAY)
        found = [directory.find(name) for name in (*PRINTED, "各街镇", "没有这个单位")]
        suggested = directory.suggest("区人社厅")
    assert found.count(None) == 1
    assert suggested


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("unknown", "code"),
    [
        ("区人力资源保障局", "rsj"),
        ("区人保局", "rsj"),
        ("区科技委", "kw"),
        ("区发展和改革委", "fgw"),
        ("区市场监督局", "scj"),
        ("闵行区教育委员会", "jyj"),
        ("江川路街办", "310112001"),
        ("梅陇", "310112108"),
    ],
)
def test_an_unknown_name_brings_the_likely_unit_first(unknown: str, code: str) -> None:
    assert resolve_name(unknown, on=TODAY) is None
    suggested = suggest_units(unknown)
    assert [unit.code for unit in suggested][:1] == [code]
    assert len(suggested) <= 3


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("unknown", ["上海交通大学", "某某公司", "", "X"])
def test_a_name_like_nothing_brings_no_suggestion(unknown: str) -> None:
    assert suggest_units(unknown) == []


@pytest.mark.django_db
def test_abolished_units_are_suggested_through_their_successor() -> None:
    new, old = make_unit("new", "区农业农村委员会"), make_unit("old", "区农委")
    Unit.objects.filter(pk=old.pk).update(abolished_on=date(2019, 3, 1), successor=new)
    assert suggest_units("区农办") == [new]
