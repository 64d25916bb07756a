"""Titles of cases, notices and vouchers are read in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.applications.models import Application, Window
from chuangju.policies.current import current_catalogue
from chuangju.units.models import Role
from tests import people
from tests.applications import decision_rows as rows

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "add"), [("decision_list", rows.add_decision), ("instalment_list", rows.add_instalment)]
)
def test_a_list_names_the_policy_in_the_language_of_the_page(
    name: str, add: Callable[[int], object], client: Client, clock: datetime
) -> None:
    client.force_login(people.make_user("reader", Role.LEADER))
    add(1)
    policy = current_catalogue().versions("rent_subsidy")[-1]
    Application.objects.update(title=policy.title.zh, policy_id=policy.id, policy_version=policy.version)
    chinese = client.get(reverse(f"applications:{name}")).content.decode()
    english = client.get(reverse(f"applications:{name}"), **ENGLISH).content.decode()
    assert "创业场地房租补贴" in chinese
    assert "创业场地房租补贴" not in english
    assert "Start-up rent subsidy" in english


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_a_round_called_like_its_policy_is_called_so_in_every_language(client: Client, now: datetime) -> None:
    client.force_login(people.make_user("reader", Role.LEADER))
    for title in ("创业场地房租补贴", "上半年"):
        Window.objects.create(
            policy_id="rent_subsidy", kind=Window.Kind.COMPETITIVE, title=title, unit=people.make_unit("own", "本单位"), opens_on=now.date(),
            closes_on=now.date(), created_at=now, cycle=title,
        )  # fmt: skip
    english = client.get(reverse("applications:window_list"), **ENGLISH).content.decode()
    assert "创业场地房租补贴</a>" not in english
    assert "Start-up rent subsidy</a>" in english
    assert "上半年</span></a>" in english
