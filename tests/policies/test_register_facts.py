"""Beginning from a business: strangers get its public fields, whoever acts for it everything, each with its source."""

from __future__ import annotations

from datetime import datetime

import pytest

from chuangju.kernel.models import User
from chuangju.policies.register_facts import answers_for, businesses, find_businesses, own_businesses
from chuangju.ventures.models import Party
from chuangju.ventures.registers import dictionary

pytestmark = pytest.mark.django_db


def test_businesses_are_found_by_name_and_people_are_not(demo: None) -> None:
    assert [party.name for party in find_businesses("小林咖啡")] == ["闵行区小林咖啡店（演示）"]
    assert find_businesses("林小舟") == []
    assert find_businesses("林") == []
    assert find_businesses("\x00") == []


def test_a_stranger_sees_only_public_fields_with_their_source(demo: None, now: datetime) -> None:
    party = businesses().get(name__startswith="闵行区小林")
    answers = answers_for(party, by=None, on=now.date())
    assert answers.who == "individual_business"
    assert {dictionary().facts[key].sensitivity for key in answers.given} == {"public"}
    assert {"registered_on", "entity_type", "status", "town"} <= set(answers.given)
    assert set(answers.sources) == set(answers.given)
    assert "name" not in answers.given


def test_whoever_acts_for_it_is_filled_in_with_what_is_known(demo: None, now: datetime) -> None:
    founder = User.objects.get(username="founder")
    (party,) = [one for one in own_businesses(founder, now.date()) if "晨屿" in one.name]
    stranger = answers_for(party, by=None, on=now.date())
    own = answers_for(party, by=founder, on=now.date())
    assert set(stranger.given) <= set(own.given)
    assert any(dictionary().facts[key].sensitivity != "public" for key in own.given)
    assert Party.objects.get(pk=own.party) == party
