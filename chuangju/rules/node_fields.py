"""In which fields of a type of node other nodes stand, looked up once: trees are walked often."""

from __future__ import annotations

import dataclasses
from typing import Any

# What no node stands in, as fields are annotated; every other field is looked into.
_PLAIN = frozenset(
    {"Kind", "Value", "Fact", "str", "bool", "int", "int | None", "Comparison", "Rounding", "AggregateOp"}
    | {"tuple[Value, ...]", "tuple[str, ...]"}
)
_FOUND: dict[type[Any], tuple[str, ...]] = {}


def parts_of(kind: type[Any]) -> tuple[str, ...]:
    """The names of the fields of a type of node in which nodes can stand, in the order of the text."""
    found = _FOUND.get(kind)
    if found is None:
        found = tuple(field.name for field in dataclasses.fields(kind) if field.type not in _PLAIN)
        _FOUND[kind] = found
    return found
