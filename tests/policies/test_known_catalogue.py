"""The navigation goes by what the process knew last: no question a page, and what was published is known once anybody asked."""

from __future__ import annotations

from typing import Any

import pytest

from chuangju.policies.current import current_catalogue, forget_catalogue, known_catalogue

pytestmark = pytest.mark.django_db


def test_what_is_known_costs_no_question_once_it_was_asked_for(django_assert_num_queries: Any) -> None:
    forget_catalogue()
    asked = known_catalogue()
    assert asked is current_catalogue()
    with django_assert_num_queries(0):
        assert known_catalogue() is asked


def test_what_was_forgotten_is_asked_for_again(django_assert_num_queries: Any) -> None:
    current_catalogue()
    forget_catalogue()
    with django_assert_num_queries(2):
        known_catalogue()
