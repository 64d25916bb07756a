"""A policy as a form: what is typed comes to stand in the text, and only that."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.draft_form import PREFIX, act_on, apply_changes, blocks_of, changes_in, parameter_grid, values_of
from chuangju.policies.draft_page import draw_editor
from chuangju.policies.draft_reading import known_names, read_draft
from chuangju.policies.policy_text import scalars_of

CATALOGUE = shipped_catalogue()
RENT = next(one for one in CATALOGUE.policies if one.key == "rent_subsidy@2024").text
DAY = date(2026, 6, 15)


@pytest.mark.parametrize("key", [one.key for one in CATALOGUE.policies])
def test_a_form_sent_back_untouched_changes_nothing(key: str) -> None:
    text = next(one.text for one in CATALOGUE.policies if one.key == key)
    values = values_of(text)
    assert changes_in({PREFIX + path: value for path, value in values.items()}, values) == {}


def test_only_what_was_changed_is_written() -> None:
    values = values_of(RENT)
    posted = {f"{PREFIX}title.zh": "租金补贴", f"{PREFIX}title.en": values["title.en"], "text": "x"}
    assert changes_in(posted, values) == {"title.zh": "租金补贴"}
    assert apply_changes(RENT, {"title.zh": "租金补贴"}) == RENT.replace(
        "{zh: 创业场地房租补贴, en: Start", "{zh: 租金补贴, en: Start"
    )


def test_the_halves_of_a_term_and_lists_on_one_line_are_put_together() -> None:
    text = apply_changes(RENT, {"effective#to": "2028-12-31", "row#list": "6、8", "excludes#list": ""})
    assert "effective: 2024-01-01 .. 2028-12-31" in text
    assert "row: [6, 8]" in text
    assert "effective: 2025-01-01 ..\n" in apply_changes(RENT, {"effective#from": "2025-01-01", "effective#to": ""})


def test_figures_stand_in_a_grid_of_days() -> None:
    days, rows = parameter_grid(values_of(RENT), ["2027-01-01"])
    assert days == ["2022-01-01", "2024-07-01", "2027-01-01"]
    share = next(row for row in rows if row.name == "share")
    assert [cells[0].value for cells in share.cells] == ["30%", "50%", ""]
    assert "share: {2022-01-01: 30%, 2024-07-01: 50%, 2027-01-01: 60%}" in apply_changes(
        RENT, {share.cells[2][0].path: "60%"}
    )


@pytest.mark.django_db
def test_buttons_add_and_take_away_and_leave_a_sound_text() -> None:
    count = len(blocks_of(RENT, values_of(RENT), "conditions"))
    more = act_on(RENT, "add:condition", {})
    assert len(blocks_of(more, values_of(more), "conditions")) == count + 1
    assert read_draft(more, CATALOGUE, on=DAY).faults == ()
    assert act_on(more, f"remove:conditions.{count}", {}).count("condition_") == 0
    again = act_on(RENT, "add:example", {})
    assert read_draft(again, CATALOGUE, on=DAY).faults == ()
    given = {"new_name": "bonus", "new_day": "2024-01-01", "new_value": "5元"}
    assert "bonus: {2024-01-01: 5元}" in act_on(RENT, "add:parameter", given)
    assert act_on(RENT, "add:parameter", {"new_name": "a.b"}) == RENT
    assert act_on(RENT, "remove:title", {}) == RENT


def test_a_text_with_faults_still_shows_the_reading_of_what_is_sound() -> None:
    broken = RENT.replace("months_since(registered_on)", "months_since(registered_in)")
    reading = read_draft(broken, CATALOGUE, on=DAY)
    assert reading.policy is None
    assert not reading.is_sound
    editor = draw_editor(reading)
    assert [shown.block.name for shown in editor.conditions if shown.faults] == ["young"]
    assert [line.number for line in editor.lines if line.fault] == [reading.faults[0].line]
    assert editor.conditions[3].fields["when"].sentence
    assert editor.conditions[1].fields["when"].sentence == ""


def test_a_text_that_is_no_yaml_has_no_form() -> None:
    editor = draw_editor(read_draft("id: [\n", CATALOGUE, on=DAY))
    assert not editor.is_yaml
    assert editor.faults
    assert not read_draft("id: [\n", CATALOGUE, on=DAY).is_yaml


def test_names_for_suggestions_are_facts_fields_parameters_and_lists() -> None:
    names = known_names(RENT, CATALOGUE)
    assert "staff_count" in dict(names["facts"])
    assert "employees.insured_months" in dict(names["facts"])
    assert "cap_month" in dict(names["parameters"])
    assert names["lists"]
    assert "cap_month" not in dict(known_names("id: [", CATALOGUE)["parameters"])
    assert scalars_of(RENT)["id"] == "rent_subsidy"
