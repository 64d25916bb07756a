"""How a policy changed: versions and figures, newest first, in words; and the page of a version that has ended."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.current import current_catalogue
from chuangju.policies.policy_history import history_of
from chuangju.policies.policy_page import page_of

pytestmark = pytest.mark.django_db


def test_a_new_version_says_what_is_new_and_what_is_gone() -> None:
    moments = history_of("first_startup_grant", current_catalogue())
    assert [one.day for one in moments] == [date(2023, 1, 1), date(2018, 12, 1)]
    assert moments[0].is_new_version
    assert moments[0].changes
    assert moments[1].is_first


def test_a_figure_that_changed_within_a_version_is_a_moment_of_its_own() -> None:
    moments = history_of("rent_subsidy", current_catalogue())
    assert [one.day for one in moments] == [date(2024, 7, 1), date(2024, 1, 1)]
    (change,) = moments[0].changes
    assert change.kind == "amount"
    assert "30%" in change.old
    assert "50%" in change.new


def test_the_page_of_an_ended_version_says_so_and_is_read_on_a_day_of_its_term() -> None:
    catalogue = current_catalogue()
    old = catalogue.version("first_startup_grant", "2018")
    assert old is not None
    page = page_of(old, catalogue, None, on=date(2026, 6, 15))
    assert page.ended_on == date(2022, 12, 31) == page.read_on
    assert not page.is_current
    assert page.condition_lines
    assert page.examples
    assert all(name and value for name, value in page.labels)
