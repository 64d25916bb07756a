"""Nothing grows past what one can read in one go: 300 lines a file, 50 lines a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import house

FILE_LINES = 300
FUNCTION_LINES = 50
_EVERYWHERE = ("chuangju", "config", "script", "tests", "bench")


def find_long_functions(tree: ast.AST) -> Iterator[str]:
    """The functions that are too long, decorators apart."""
    for name, function in house.functions_of(tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > FUNCTION_LINES:
            yield f"{name} has {lines} lines"


def test_no_python_file_is_longer_than_300_lines() -> None:
    files = house.python_files(*_EVERYWHERE)
    assert len(files) > 50
    long = {house.label_of(path): len(house.source_of(path).splitlines()) for path in files}
    assert {name: lines for name, lines in long.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    faults = [
        f"{house.label_of(path)}: {fault}"
        for path in house.python_files(*_EVERYWHERE)
        for fault in find_long_functions(house.tree_of(path))
    ]
    assert faults == []


def test_no_template_or_script_or_stylesheet_is_longer_than_300_lines() -> None:
    files = house.template_files() + [
        path
        for folder in ("chuangju", "script")
        for path in (house.ROOT / folder).rglob("*")
        if _is_written_by_hand(path)
    ]
    assert files
    long = {house.label_of(path): len(house.source_of(path).splitlines()) for path in files}
    assert {name: lines for name, lines in long.items() if lines > FILE_LINES} == {}


def _is_written_by_hand(path: Path) -> bool:
    is_shell = path.parent.name == "script" and path.suffix == ""
    return path.is_file() and (path.suffix in {".css", ".js", ".sh"} or is_shell)


def test_a_method_of_51_lines_is_found_and_one_of_50_is_not() -> None:
    body = "\n".join("        pass" for _ in range(FUNCTION_LINES - 1))
    fits = f"class A:\n    def f(self):\n{body}\n"
    assert list(find_long_functions(ast.parse(fits))) == []
    assert list(find_long_functions(ast.parse(fits + "        pass\n"))) == ["A.f has 51 lines"]
