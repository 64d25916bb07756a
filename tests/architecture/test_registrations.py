"""The only way up is a registry: who hands what to a lower package is written down here and changes in plain sight."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.urls import get_resolver

from chuangju.kernel.registry import all_registries
from tests.architecture import house

# Registry -> the keys under which packages have registered.
REGISTRATIONS: dict[str, str] = tomllib.loads((Path(__file__).parent / "registrations.toml").read_text("utf-8"))


def find_registrations(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each call of a `register_…` function with the name of the function it stands in ('' at module level)."""
    inside: dict[int, str] = {}
    for name, function in house.functions_of(tree):
        for node in ast.walk(function):
            inside[id(node)] = name
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called.startswith("register_"):
                yield called, inside.get(id(node), "")


def _calls_by_package() -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path in house.python_files("chuangju"):
        for called, function in find_registrations(house.tree_of(path)):
            found.setdefault(house.package_of(path), []).append((called, house.label_of(path), function))
    return found


def _is_asked_for(label: str, function: str) -> bool:
    """Whether a registration stands where Django asks for it: in apps.py, or in a file of registrations that it calls."""
    name = function.rsplit(".", maxsplit=1)[-1]
    if label.endswith("/apps.py"):
        return name.startswith(("ready", "_register"))
    return label.endswith("_registrations.py") and name.startswith(("register_", "_register"))


def test_packages_register_only_when_django_has_loaded_them_all() -> None:
    """Registering at import would make the answer depend on who was imported first."""
    strays = [
        f"{label}: {called}"
        for calls in _calls_by_package().values()
        for called, label, function in calls
        if not _is_asked_for(label, function)
    ]
    assert strays == []


def test_every_registration_is_listed() -> None:
    assert get_resolver().url_patterns  # loads every module that a page needs, and with it every registry
    made = {name: [str(key) for key, _value in registry.items()] for name, registry in all_registries().items()}
    assert made == {name: keys.split() for name, keys in REGISTRATIONS.items()}


def find_recorded_actions(tree: ast.Module) -> Iterator[str]:
    """The action codes that code writes into the audit log."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called == "record_event" and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_recorded_action_has_a_name_to_read_and_every_named_action_is_recorded() -> None:
    files = house.python_files("chuangju")
    recorded = {action for path in files for action in find_recorded_actions(house.tree_of(path))}
    named = set(REGISTRATIONS["audit_actions"].split())
    assert len(recorded) > 15
    assert recorded - named == set()
    written = "\n".join(house.source_of(path) for path in files)
    # Named once in the registration; recorded by its whole code, or by its last part where a package adds its own name.
    uses = {action: written.count(f'"{action}"') + written.count(f'"{action.split(".")[1]}"') for action in named}
    assert sorted(action for action, count in uses.items() if count < 2) == []


def test_a_registration_at_import_is_found() -> None:
    assert list(find_registrations(ast.parse("register_menu(x)"))) == [("register_menu", "")]
    inside = "class C:\n    def ready(self):\n        register_menu(x)"
    assert list(find_registrations(ast.parse(inside))) == [("register_menu", "C.ready")]


def test_no_package_listens_to_signals() -> None:
    """A signal is an import upwards in disguise: nobody reading the sender sees what it sets off."""
    faults = [
        house.label_of(path)
        for path in house.python_files("chuangju")
        for node in ast.walk(house.tree_of(path))
        for name in house.imported_names(node)
        if name.startswith(("django.dispatch", "django.db.models.signals"))
    ]
    assert faults == []
