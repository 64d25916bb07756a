"""The floors: imports, foreign keys and addresses point down, and nothing goes round in a circle."""

from __future__ import annotations

import ast
import configparser
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey

from tests.architecture import house


def _layers() -> list[frozenset[str]]:
    """The floors that .importlinter holds, from the ground up."""
    settings = configparser.ConfigParser()
    settings.read(house.ROOT / ".importlinter", encoding="utf-8")
    lines = settings["importlinter:contract:floors"]["layers"].split("\n")
    return [frozenset(re.split(r"\s*\|\s*", line.strip())) for line in reversed(lines) if line.strip()]


def test_the_import_linter_finds_every_floor_kept() -> None:
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=house.ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_linter_the_checks_and_the_architecture_page_name_the_same_floors() -> None:
    assert _layers() == list(house.FLOORS)
    page = house.source_of(house.ROOT / "ARCHITECTURE.md")
    drawing = re.search(r"```floors\n(.*?)```", page, re.DOTALL)
    assert drawing is not None, "ARCHITECTURE.md has lost its drawing of the floors (a ```floors block)"
    drawn = [frozenset(re.findall(r"[a-z]+", line.split("  ")[0])) for line in drawing[1].splitlines() if line.strip()]
    assert [floor for floor in reversed(drawn) if floor != {"config"}] == list(house.FLOORS)


def test_every_package_stands_on_a_floor() -> None:
    assert house.existing_packages() == set(house.FLOOR_OF)


def find_upward_imports_inside(graph: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Imports inside one package that go from a lower kind of file to a higher one."""
    for module, targets in sorted(graph.items()):
        own = house.rank_of(module) if module.startswith("chuangju.") else None
        for target in sorted(targets):
            if own is None or target.split(".")[:2] != module.split(".")[:2]:
                continue
            theirs = house.rank_of(target)
            if theirs is not None and theirs > own:
                yield f"{module} ({house.RANK_NAMES[own]}) imports {target} ({house.RANK_NAMES[theirs]})"


def test_files_inside_a_package_import_only_downwards() -> None:
    graph = house.import_graph()
    assert list(find_upward_imports_inside(graph)) == []
    assert [module for module in house.PLACES_OF_THEIR_OWN if module not in graph] == []


def test_a_rule_that_imports_its_view_is_found() -> None:
    graph = {"chuangju.desk.enquiries": frozenset({"chuangju.desk.views"}), "chuangju.desk.views": frozenset[str]()}
    assert len(list(find_upward_imports_inside(graph))) == 1


def find_cycle(graph: Mapping[str, frozenset[str]]) -> list[str]:
    """One circle of modules, if there is any."""
    try:
        graphlib.TopologicalSorter({module: set(targets) for module, targets in graph.items()}).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert find_cycle(house.import_graph()) == []


def test_a_circle_of_three_modules_is_found() -> None:
    graph = {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"})}
    assert set(find_cycle(graph)) == {"a", "b", "c"}


def test_a_package_file_says_only_what_the_package_is() -> None:
    """What a package offers is imported from the file that is named after it; `models` folders and the front doors of the
    pure parts (which need no Django) gather names.
    """
    faults = []
    for path in house.python_files("chuangju"):
        is_gathering = path.parent.name == "models" or not {"table", "catalogue", "registers"}.isdisjoint(path.parts)
        if path.name == "__init__.py" and not is_gathering and len(house.tree_of(path).body) > 1:
            faults.append(house.label_of(path))
    assert faults == []


def test_foreign_keys_point_to_the_same_or_a_lower_floor() -> None:
    faults, seen = [], 0
    for model in apps.get_models(include_auto_created=True):
        own = model._meta.app_label
        for field in model._meta.get_fields(include_hidden=True):
            target = getattr(field, "remote_field", None) and field.related_model
            if own not in house.FLOOR_OF or not target or isinstance(target, str) or not field.concrete:
                continue
            other = target._meta.app_label
            seen += other in house.FLOOR_OF
            if other in house.FLOOR_OF and not house.may_use(own, other):
                faults.append(f"{model.__name__}.{field.name} points up to {target.__name__}")
    assert seen > 10
    assert faults == []


def test_generic_foreign_keys_stand_only_in_kernel_and_indicators() -> None:
    holders = {
        model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    }
    assert holders <= {"kernel", "indicators"}
    assert "kernel" in holders, "the attachment of kernel has one: the check has gone blind"


_ADDRESS_CALLS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}


def find_addresses(tree: ast.AST) -> Iterator[str]:
    """The `package:name` addresses that Python code resolves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            text = str(first.value) if isinstance(first, ast.Constant) else ""
            if called in _ADDRESS_CALLS and ":" in text:
                yield text


def test_addresses_in_python_lead_to_the_same_or_a_lower_floor() -> None:
    faults, seen = [], 0
    for path in house.python_files("chuangju"):
        for address in find_addresses(house.tree_of(path)):
            seen += 1
            if not house.may_use(house.package_of(path), address.split(":")[0]):
                faults.append(f"{house.label_of(path)}: {address}")
    assert seen > 5
    assert faults == []
