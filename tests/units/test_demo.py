"""Demo accounts: one for each role and unit, and a switcher that exists only in demo mode."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.access import is_staff_member, roles_of
from chuangju.units.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, MARK, ROLE_ACCOUNTS, demo_choices, load_demo_accounts
from chuangju.units.models import Role, RoleAssignment, Unit
from tests.beginnings import begin_with


@pytest.fixture
def demo(register: None, now: datetime, settings: object) -> None:
    """A demo installation."""
    settings.DEMO = True  # type: ignore[attr-defined]
    begin_with("demo-accounts", lambda: load_demo_accounts(now))


@pytest.mark.usefixtures("demo")
def test_there_is_an_account_for_each_of_the_16_roles(now: datetime) -> None:
    held = {one.username: roles_of(User.objects.get(username=one.username), now.date()) for one in ROLE_ACCOUNTS}
    assert len(held) == 16
    assert {role for roles in held.values() for role in roles} == set(Role.values)
    assert all(len(roles) == 1 for roles in held.values())


@pytest.mark.usefixtures("demo")
def test_each_of_the_27_units_has_one_liaison_officer() -> None:
    officers = RoleAssignment.objects.filter(role=Role.LIAISON_OFFICER).values_list("unit__code", flat=True)
    assert sorted(officers) == sorted(Unit.objects.values_list("code", flat=True))
    assert len(officers) == 27


@pytest.mark.usefixtures("demo")
def test_demo_accounts_say_what_they_are_and_have_the_known_password() -> None:
    users = list(User.objects.order_by("pk"))
    assert len(users) == len(DEMO_ACCOUNTS) == 60
    assert all(user.is_demo and user.name.startswith(MARK) for user in users)
    assert users[0].check_password(DEMO_PASSWORD)
    assert len({one.name for one in DEMO_ACCOUNTS}) == 60


@pytest.mark.usefixtures("demo")
def test_loading_again_adds_nothing(now: datetime) -> None:
    before = (User.objects.count(), RoleAssignment.objects.count(), AuditEvent.objects.count())
    load_demo_accounts(now)
    assert (User.objects.count(), RoleAssignment.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.django_db
def test_without_the_districts_units_only_accounts_without_unit_are_made(now: datetime) -> None:
    load_demo_accounts(now)
    assert not RoleAssignment.objects.filter(unit__isnull=False).exists()
    assert User.objects.filter(username="office").exists()


@pytest.mark.usefixtures("demo")
def test_the_choices_are_grouped_into_staff_outside_and_folded_liaison_officers(now: datetime) -> None:
    staff, outside, colleagues, liaison = demo_choices(now.date())
    assert [len(one.choices) for one in (staff, outside, colleagues, liaison)] == [10, 6, 18, 26]
    assert [one.is_folded for one in (staff, outside, colleagues, liaison)] == [False, False, True, True]
    assert staff.choices[0].username == "office"


@pytest.mark.usefixtures("demo")
def test_one_tap_on_the_sign_in_page_is_enough(client: Client, now: datetime) -> None:
    text = client.get("/sign-in/").content.decode()
    assert text.count('action="/demo/switch/"') == 60
    response = client.post("/demo/switch/", {"username": "office"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/account/").context["account"].username == "office"
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.actor_name) == ("units.demo_switched", "演示·张晓芸")


@pytest.mark.usefixtures("demo")
def test_one_changes_from_one_account_to_another_with_a_new_session(client: Client) -> None:
    client.post("/demo/switch/", {"username": "office"})
    first = client.session.session_key
    client.post("/demo/switch/", {"username": "founder", "idempotency_key": "0" * 32})
    account = client.get("/account/").context["account"]
    assert account.username == "founder"
    assert not is_staff_member(account, date(2026, 6, 15))
    assert client.session.session_key != first


@pytest.mark.usefixtures("demo")
def test_the_switcher_leads_only_to_our_own_pages(client: Client) -> None:
    response = client.post("/demo/switch/", {"username": "office", "next": "/account/"})
    assert response["Location"] == "/account/"
    response = client.post("/demo/switch/", {"username": "leader", "next": "//evil.example/"})
    assert response["Location"] == "/"


@pytest.mark.usefixtures("demo")
def test_the_switcher_takes_forms_only(client: Client) -> None:
    assert client.get("/demo/switch/", {"username": "office"}).status_code == 405
    assert client.get("/account/").status_code == 302


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("username", ["", "nobody", "real", "gone"])
def test_the_switcher_never_opens_an_account_that_is_not_a_live_demo_account(username: str, client: Client) -> None:
    User.objects.create(username="real", name="真人")
    User.objects.create(username="gone", name="演示·离岗", is_demo=True, is_active=False)
    assert client.post("/demo/switch/", {"username": username}).status_code == 404
    assert client.get("/account/").status_code == 302


@pytest.mark.usefixtures("demo")
def test_outside_demo_mode_there_is_no_switcher_at_all(client: Client, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.post("/demo/switch/", {"username": "office"}).status_code == 404
    assert client.get("/demo/").status_code == 404
    page = client.get("/sign-in/").content.decode()
    assert "/demo/" not in page
    assert MARK not in page


@pytest.mark.usefixtures("demo")
def test_every_page_of_the_demo_leads_to_the_list_of_accounts(client: Client) -> None:
    assert client.get("/demo/").status_code == 200
    assert 'href="/demo/"' in client.get("/sign-in/").content.decode()
    client.post("/demo/switch/", {"username": "office"})
    assert 'href="/demo/"' in client.get("/staff/units/").content.decode()
