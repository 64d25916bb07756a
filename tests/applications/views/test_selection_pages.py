"""Rounds and selection lists on their pages: constant queries, bad input told and nothing half-written, sealed contents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.applications.access import desk_applications_visible_to
from chuangju.applications.batches import draw_batch
from chuangju.applications.models import DecisionBatch, OfferRun, Window
from chuangju.kernel.models import User
from chuangju.units.models import Role
from tests import people
from tests.applications import decision_rows, desk, selecting
from tests.conftest import NOW

FEW, MANY = 4, 40


def add_window(number: int) -> Window:
    return Window.objects.create(
        policy_id="sci_tech_funding",
        title=f"批次{number}",
        kind=Window.Kind.COMPETITIVE,
        unit=people.make_unit("own", "本单位"),
        opens_on=NOW.date(),
        closes_on=NOW.date() + timedelta(days=number),
        created_at=NOW,
    )


def add_batch(number: int) -> None:
    DecisionBatch.objects.create(
        window=add_window(number), title=f"名单{number}", proposed_by=people.make_user("maker"), proposed_at=NOW
    )


def add_offer(number: int) -> None:
    run = OfferRun.objects.first() or OfferRun.objects.create(
        policy_id="competition_prize_organisation", policy_version="2018", title="奖励", source="名单", made_at=NOW
    )
    case = decision_rows.add_case(number)
    case.offer_run = run
    case.save()


LISTS: dict[str, tuple[str, Callable[[int], object]]] = {
    "windows": ("window_list", add_window),
    "selections": ("batch_list", add_batch),
}


@pytest.mark.django_db
def test_the_offers_of_a_run_ask_as_many_queries_for_many_as_for_few(client: Client, clock: datetime) -> None:
    """The list "offers"."""
    client.force_login(people.make_user("reader", Role.PROGRAMME_OFFICE))
    add_offer(1)
    address = reverse("applications:offer_run", args=(OfferRun.objects.get().pk,))
    _asked(client, address)
    for number in range(2, 2 + FEW):
        add_offer(number)
    few = _asked(client, address)
    for number in range(2 + FEW, 2 + MANY):
        add_offer(number)
    assert len(_asked(client, address)) == len(few) <= 12, "offers"


def _asked(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["windows", "selections"])
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(key: str, client: Client, clock: datetime) -> None:
    client.force_login(people.make_user("reader", Role.LEADER))
    name, add = LISTS[key]
    address = reverse(f"applications:{name}")
    add(1)
    _asked(client, address)
    for number in range(2, 2 + FEW):
        add(number)
    few = _asked(client, address)
    for number in range(2 + FEW, 2 + MANY):
        add(number)
    assert len(_asked(client, address)) == len(few) <= 12


@pytest.mark.django_db
def test_the_board_asks_as_many_queries_for_many_cases_as_for_few(client: Client, clock: datetime) -> None:
    client.force_login(people.make_user("reader", Role.LEADER))
    add_batch(1)
    batch = DecisionBatch.objects.get()
    address = reverse("applications:board", args=(batch.pk,))

    def with_cases(first: int, last: int) -> int:
        cases = [decision_rows.add_case(number) for number in range(first, last)]
        entry = {"score": 8000, "rank": 1, "spread": 0, "asked": 1, "amount": 1, "verdict": "eligible", "moves": []}
        batch.ranking += [{"application": str(case.pk), "number": case.number, **entry} for case in cases]
        batch.save()
        return len(_asked(client, address))

    with_cases(1, 2)
    few = with_cases(2, 2 + FEW)
    assert with_cases(2 + FEW, 2 + MANY) == few


@pytest.fixture
def batch(reference_data: None, clock: datetime, now: datetime) -> DecisionBatch:
    """A list of two cases."""
    desk.approver_of("kw")
    selecting.give_line(4 * selecting.GRANT, at=now)
    founder = people.make_user("founder", Role.ENTREPRENEUR)
    window = selecting.closed_round([20, 28], founder=founder, at=now)
    return draw_batch(window, by=selecting.officer(), at=now)


@pytest.fixture
def officer(client: Client, batch: DecisionBatch) -> User:
    """Signed in."""
    user = selecting.officer()
    client.force_login(user)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [{}, {"cut": "x"}, {"cut": "-1", "reserves": "0"}, {"cut": "9" * 30, "reserves": "1"}]
)
def test_a_line_that_is_no_number_is_told_on_the_board(
    typed: dict[str, str], client: Client, officer: User, batch: DecisionBatch
) -> None:
    answer = client.post(reverse("applications:board_line", args=(batch.pk,)), typed)
    assert answer.status_code == 422
    assert 'id="refused"' in answer.content.decode()
    batch.refresh_from_db()
    assert batch.cut_line == 2


@pytest.mark.django_db
def test_an_old_page_does_not_freeze_what_somebody_changed(client: Client, officer: User, batch: DecisionBatch) -> None:
    answer = client.post(reverse("applications:board_freeze", args=(batch.pk,)), {"revision": "99"})
    assert answer.status_code == 409
    batch.refresh_from_db()
    assert batch.state == DecisionBatch.State.DRAFT


@pytest.mark.django_db
def test_buttons_pressed_twice_do_it_once(client: Client, officer: User, batch: DecisionBatch) -> None:
    address = reverse("applications:board_freeze", args=(batch.pk,))
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 422


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
def test_a_sealed_round_hides_its_cases_until_it_has_closed(now: datetime) -> None:
    founder = people.make_user("founder", Role.ENTREPRENEUR)
    selecting.begin_round(now, is_sealed=True)
    case = selecting.hand_in(1, founder=founder, at=now)
    clerk, on = desk.clerk_of("kw"), now.date()
    assert not desk_applications_visible_to(clerk, on).filter(pk=case.pk).exists()
    assert desk_applications_visible_to(clerk, on + timedelta(days=11)).filter(pk=case.pk).exists()
