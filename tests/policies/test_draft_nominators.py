"""Who may put somebody forward is ticked in the form and stands in the text as the first step of the process."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.draft_form import PREFIX, apply_changes, changes_in, values_of
from chuangju.policies.draft_nominators import FIELD
from chuangju.policies.draft_page import draw_editor
from chuangju.policies.draft_reading import read_draft
from chuangju.policies.procedure_checks import NOMINATORS

CATALOGUE = shipped_catalogue()
RENT = next(one for one in CATALOGUE.policies if one.key == "rent_subsidy@2024").text
DAY = date(2026, 6, 15)
STEP = "step: nominate"


def test_the_first_tick_writes_the_step_before_all_others_and_the_last_takes_it_away() -> None:
    text = apply_changes(RENT, {FIELD: "association, unit"})
    values = values_of(text)
    assert values["process.0.step"] == "nominate"
    assert values["process.0.label.en"] == "Nomination"
    assert values[FIELD] == "association, unit"
    assert {key: one for key, one in values.items() if not key.startswith(("process", "nominators"))} == {
        key: one for key, one in values_of(RENT).items() if not key.startswith(("process", "nominators"))
    }
    assert values_of(apply_changes(text, {FIELD: "school"}))[FIELD] == "school"
    assert values_of(apply_changes(text, {FIELD: ""})) == values_of(RENT)


def test_a_policy_without_a_process_gets_one() -> None:
    text = apply_changes("id: a\ntitle: 甲\n", {FIELD: "unit"})
    assert values_of(text)["process.0.by.0"] == "unit"


@pytest.mark.parametrize("by", ["", ", by: unit", ", by: [unit, association]", ", by: [neighbour, unit]"])
def test_a_form_sent_back_untouched_changes_nothing(by: str) -> None:
    text = f"id: a\ntitle: 甲\nprocess:\n- {{{STEP}{by}}}\n- {{step: review}}\n"
    editor = draw_editor(read_draft(text, CATALOGUE, on=DAY))
    (shown,) = editor.sections["nomination"]
    assert changes_in({PREFIX + FIELD: ", ".join(shown.ticked)}, values_of(text)) == {}
    assert {value for value, _word in shown.choices} >= {*NOMINATORS, *shown.ticked}
