"""What stands before every page: addresses and names that nothing of ours can have."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/m/%00/", "/verify/%00/", "/staff/units/%00/", "/account/sessions/%00/end/"])
def test_an_address_with_a_nul_is_no_page_on_either_database(path: str, client: Client) -> None:
    for ask in (client.get, client.post):
        answer = ask(path)
        assert answer.status_code == 404
        assert 'class="problem-steps"' in answer.content.decode()


def test_a_nul_in_what_was_typed_is_passed_over(client: Client) -> None:
    assert client.get("/verify/?code=%00").status_code == 404
    assert client.get("/search/?q=a&in=%00").status_code == 200


@pytest.mark.parametrize(("path", "field"), [("/sign-in/", "username"), ("/demo/switch/", "username")])
def test_a_nul_in_a_name_is_nobodys(path: str, field: str, client: Client, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert client.post(path, {field: "lead\x00er", "password": "x"}).status_code in {404, 422}
