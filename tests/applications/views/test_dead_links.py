"""What a list or a decision offers to a reader opens for that reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.units.models import Role
from tests import people
from tests.applications import decision_rows as rows

LISTS: dict[str, Callable[[int], object]] = {
    "decision_list": rows.add_decision,
    "instalment_list": rows.add_instalment,
    "obligation_list": rows.add_obligation,
    "standing_list": rows.add_standing,
    "objection_list": rows.add_objection,
}
LINK = re.compile(r'href="(/(?:cases|decisions|standings|objections|notices)/[^"?#]*)"')


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.LEADER, Role.FINANCE, Role.CLERK, Role.APPROVER])
@pytest.mark.parametrize("name", LISTS)
def test_every_link_of_a_list_opens(name: str, role: Role, client: Client, clock: datetime) -> None:
    client.force_login(people.make_user("reader", role))
    for number in range(1, 4):
        LISTS[name](number)
    page = client.get(reverse(f"applications:{name}")).content.decode()
    for address in sorted(set(LINK.findall(page))):
        opened = client.get(address)
        assert opened.status_code == 200, address
        if name == "decision_list" and address.startswith("/decisions/"):
            for further in sorted(set(LINK.findall(opened.content.decode()))):
                assert client.get(further).status_code == 200, f"{address} offers {further}"
