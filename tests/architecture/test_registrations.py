"""The only way up is a registry: who hands what to a lower package is written down here and changes in plain sight."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chuangju.kernel.registry import all_registries
from tests.architecture import house

# Registry -> the keys under which packages have registered. A new registration is added here on purpose.
REGISTRATIONS: dict[str, list[str]] = {}


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


def test_packages_register_only_when_django_has_loaded_them_all() -> None:
    """Registering at import would make the answer depend on who was imported first."""
    strays = [
        f"{label}: {called}"
        for calls in _calls_by_package().values()
        for called, label, function in calls
        if not (label.endswith("/apps.py") and function.split(".")[-1].startswith(("ready", "_register")))
    ]
    assert strays == []


def test_every_registration_is_listed() -> None:
    made = {name: [str(key) for key in registry.keys()] for name, registry in all_registries().items()}
    assert made == REGISTRATIONS


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
