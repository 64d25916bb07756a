"""去申请 - where a policy is applied for; the package that takes applications says so, this one only links there."""

from __future__ import annotations

from collections.abc import Callable

from chuangju.kernel.registry import Registry
from chuangju.rules.policy import Policy

_LINKS: Registry[str, Callable[[Policy], str]] = Registry("policies.apply_link")


def register_apply_link(address: Callable[[Policy], str]) -> None:
    """Say where a policy is applied for: `address(policy)` is a path, empty where nobody applies for it."""
    _LINKS.register("apply", address)


def apply_address(policy: Policy) -> str:
    """The path at which a policy is applied for; empty where it cannot be."""
    address = _LINKS.find("apply")
    return address(policy) if address is not None else ""
