"""Whatever others may call says in one sentence what it is, and in its signature what it takes and gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture import house

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
# Django's own hooks: their names already say what they are.
_KNOWN_HOOKS = {"Meta", "clean", "ready", "handle", "add_arguments", "save"}


def find_undocumented(tree: ast.Module) -> Iterator[str]:
    """The module, and every public class or function, that has no docstring."""
    if not ast.get_docstring(tree) and tree.body:
        yield "the module itself"
    yield from _undocumented(tree, "")


def _undocumented(node: ast.AST, prefix: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _Definition):
            continue
        is_public = not child.name.startswith("_") and child.name not in _KNOWN_HOOKS
        if is_public and not ast.get_docstring(child) and not _is_overload(child):
            yield f"{prefix}{child.name}"
        if isinstance(child, ast.ClassDef) and child.name != "Meta" and not child.name.startswith("_"):
            yield from _undocumented(child, f"{prefix}{child.name}.")


def _is_overload(node: _Definition) -> bool:
    return any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)


def find_unannotated(tree: ast.AST) -> Iterator[str]:
    """Every function that leaves out the type of an argument or of its answer."""
    for name, function in house.functions_of(tree):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        arguments += [extra for extra in (function.args.vararg, function.args.kwarg) if extra]
        missing = [a.arg for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
        if function.returns is None:
            missing.append("the answer")
        if missing:
            yield f"{name}: {', '.join(missing)}"


def test_every_public_module_class_and_function_says_what_it_is() -> None:
    faults = [
        f"{house.label_of(path)}: {name}"
        for path in house.python_files("chuangju", "config", "script")
        for name in find_undocumented(house.tree_of(path))
    ]
    assert faults == []


def test_every_function_is_annotated() -> None:
    faults = [
        f"{house.label_of(path)}: {name}"
        for path in house.python_files("chuangju", "config", "script", "tests", "bench")
        for name in find_unannotated(house.tree_of(path))
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('"""A module."""\ndef f() -> None: ...', ["f"]),
        ('"""A module."""\nclass A:\n    """A."""\n    def b(self) -> None: ...', ["A.b"]),
        ("x = 1", ["the module itself"]),
        ('"""A module."""\ndef _private() -> None: ...', []),
    ],
)
def test_a_missing_docstring_is_found(code: str, expected: list[str]) -> None:
    assert list(find_undocumented(ast.parse(code))) == expected


def test_a_missing_annotation_is_found() -> None:
    code = "def f(a, *, b: int): ...\nclass C:\n    def g(self, *rest: int, **more) -> None: ..."
    assert list(find_unannotated(ast.parse(code))) == ["f: a, the answer", "C.g: more"]


def find_blanket_suppressions(source: str) -> Iterator[int]:
    """Lines that silence a checker without naming the rule, or the linter without a reason (once a file for each rule)."""
    lines, explained = source.splitlines(), set[str]()
    for number, line in enumerate(lines, 1):
        lint, typing = line.partition("# no" + "qa"), line.partition("# type: ig" + "nore")
        if typing[1] and not typing[2].startswith("["):
            yield number
        if not lint[1]:
            continue
        rules = set(re.findall(r"\b[A-Z]+\d+\b", lint[2].split(" - ")[0])) if lint[2].startswith(": ") else set()
        is_above = number > 1 and lines[number - 2].lstrip().startswith("#")
        if rules and (" - " in lint[2] or "# " in lint[2] or is_above):
            explained |= rules
        if not rules or not rules <= explained:
            yield number


def test_every_suppression_names_its_rule_and_its_reason() -> None:
    faults = [
        f"{house.label_of(path)}:{number}"
        for path in house.python_files("chuangju", "config", "script", "tests", "bench")
        for number in find_blanket_suppressions(house.source_of(path))
    ]
    assert faults == []


def test_a_blanket_suppression_is_found() -> None:
    mark = "# no" + "qa"
    assert list(find_blanket_suppressions(f"x = 1  {mark}")) == [1]
    assert list(find_blanket_suppressions(f"x = 1  {mark}: S105")) == [1]
    assert list(find_blanket_suppressions(f"x = 1  {mark}: S105 - not a secret: the name of a field")) == []
