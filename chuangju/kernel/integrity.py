"""校验: everything that can be recomputed is recomputed; each fault is one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chuangju.kernel.registry import Registry

checks: Registry[str, Callable[[], Iterator[str]]] = Registry("integrity_checks")


def register_check(name: str, find: Callable[[], Iterator[str]]) -> None:
    """Add a check to `chuangju verify`; it yields one translated sentence for each fault."""
    checks.register(name, find)


def find_faults() -> list[str]:
    """All faults of all checks, in the order of the checks' names."""
    return [fault for find in checks.values() for fault in find()]
