"""Registries take each key once and can be listed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chuangju.kernel import attachments, audit, demo, guards, integrity, reference_data, registry
from chuangju.kernel.registry import AlreadyRegistered, NotRegistered, Registry, all_registries


@pytest.fixture
def letters() -> Iterator[Registry[str, int]]:
    yield Registry("letters of the test")
    del registry._every["letters of the test"]


def test_entries_come_back_sorted_by_key_whatever_the_order_of_registration(letters: Registry[str, int]) -> None:
    letters.register("b", 2)
    letters.register("a", 1)
    assert letters.items() == [("a", 1), ("b", 2)]
    assert letters.keys() == ["a", "b"]
    assert letters.values() == [1, 2]
    assert "a" in letters
    assert len(letters) == 2
    assert repr(letters) == "<Registry letters of the test: 2>"


def test_a_second_registration_of_a_key_is_refused_and_names_registry_and_key(letters: Registry[str, int]) -> None:
    letters.register("a", 1)
    with pytest.raises(AlreadyRegistered, match=r"'a' is already registered in 'letters of the test': 1"):
        letters.register("a", 2)
    assert letters.get("a") == 1


def test_a_missing_key_says_what_there_is(letters: Registry[str, int]) -> None:
    with pytest.raises(NotRegistered, match="registered: nothing"):
        letters.get("z")
    letters.register("a", 1)
    with pytest.raises(NotRegistered, match="'z' is not registered in 'letters of the test'; registered: a"):
        letters.get("z")
    assert letters.find("z") is None


def test_an_entry_can_be_taken_back(letters: Registry[str, int]) -> None:
    letters.register("a", 1)
    letters.remove("a")
    assert "a" not in letters


def test_every_registry_of_the_process_is_listed_once(letters: Registry[str, int]) -> None:
    assert all_registries()["letters of the test"] is letters
    assert list(all_registries()) == sorted(all_registries())
    with pytest.raises(AlreadyRegistered, match="letters of the test"):
        Registry("letters of the test")


def test_the_kernel_offers_its_registries_to_the_packages_above() -> None:
    offered = (
        attachments.owners,
        audit.action_labels,
        audit.role_resolvers,
        demo.demo_sets,
        guards.append_only_tables,
        integrity.checks,
        reference_data.reference_sets,
    )
    assert all(all_registries()[each.name] is each for each in offered)
