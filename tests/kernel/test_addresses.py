"""Addresses worked out once are the ones that Django gives each time."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse, set_script_prefix

from chuangju.kernel.addresses import address_of, row_address


def test_an_address_is_what_the_routes_say() -> None:
    key = uuid4()
    assert address_of("applications:workbench") == reverse("applications:workbench")
    assert address_of("applications:workbench_tab", "pay") == reverse("applications:workbench_tab", args=("pay",))
    assert row_address("applications:case", key) == reverse("applications:case", args=(key,))


def test_a_prefix_before_all_addresses_is_kept_apart() -> None:
    plain = address_of("applications:workbench")
    set_script_prefix("/below/")
    try:
        assert address_of("applications:workbench") == f"/below{plain}"
        assert row_address("applications:case", uuid4()).startswith("/below/")
    finally:
        set_script_prefix("/")
    assert address_of("applications:workbench") == plain
