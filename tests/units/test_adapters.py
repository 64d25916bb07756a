"""Whose address counts: the browser's as our own proxies saw it, never as the browser says."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from chuangju.kernel.models import User
from chuangju.units.adapters import address_of
from tests.units.test_sign_ins import send


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "", "10.0.0.9"),
        (0, "1.2.3.4", "10.0.0.9"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "forged, 1.2.3.4", "1.2.3.4"),
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.9"),
        (1, "nonsense", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(
    proxies: int, header: str, address: str, rf: RequestFactory, settings: Settings
) -> None:
    settings.PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=header)
    assert address_of(request) == address


def test_nobody_escapes_the_lock_out_by_naming_another_address(
    leader: User, client: Client, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    for number in range(5):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.9.9.{number}"
        send(client, "leader", "wrong")
    assert send(client, "leader").status_code == 429  # type: ignore[attr-defined]
