"""Every list is shown by a test whose number of queries must not grow with the rows; and lists have a key of their own."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from tests.architecture import house


def find_listing_keys(tree: ast.AST) -> Iterator[str]:
    """The keys of the listings that a file describes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Listing":
            given = [keyword.value for keyword in node.keywords if keyword.arg == "key"] or node.args[:1]
            assert given, "a Listing without a key"
            if isinstance(given[0], ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in given[0].values)
            else:
                assert isinstance(given[0], ast.Constant), (
                    "the key of a Listing is written out, so that it can be found"
                )
                yield str(given[0].value)


def _listing_keys() -> list[str]:
    return [key for path in house.python_files("chuangju") for key in find_listing_keys(house.tree_of(path))]


def find_query_tests(source: str) -> Iterator[str]:
    """The text of each test, with what it is parametrized with, whose name says that it is about queries."""
    for _name, function in house.functions_of(ast.parse(source)):
        if function.name.startswith("test_") and "quer" in function.name:
            yield "\n".join(ast.unparse(part) for part in [*function.decorator_list, function])


def test_each_list_has_a_key_of_its_own() -> None:
    keys = Counter(_listing_keys())
    assert len(keys) > 4
    assert [key for key, count in keys.items() if count > 1] == []


def test_each_list_has_a_test_that_its_queries_do_not_grow() -> None:
    """Such a test says `queries` in its name and names the key of the list (in its code or in its parameters)."""
    tests = [text for path in house.python_files("tests") for text in find_query_tests(house.source_of(path))]
    assert [key for key in _listing_keys() if not any(f"'{key}'" in text for text in tests)] == []


def test_a_list_without_such_a_test_is_found() -> None:
    assert list(find_listing_keys(ast.parse('A = Listing(key="a", columns=[])\nB = Listing("b", [])'))) == ["a", "b"]
    assert list(find_query_tests("def test_the_page() -> None:\n    ask('a')")) == []
    assert len(list(find_query_tests("def test_constant_queries() -> None:\n    ask('a')"))) == 1
