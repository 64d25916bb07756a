"""去申请 - where and when a policy is applied for; the package that takes applications says so, this one only shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from chuangju.kernel.registry import Registry
from chuangju.rules.policy import Policy

_LINKS: Registry[str, Callable[[Policy], str]] = Registry("policies.apply_link")
_NOTES: Registry[str, Callable[[date], Mapping[str, str]]] = Registry("policies.apply_notes")


def register_apply_link(address: Callable[[Policy], str]) -> None:
    """Say where a policy is applied for: `address(policy)` is a path, empty where nobody applies for it."""
    _LINKS.register("apply", address)


def register_apply_notes(notes: Callable[[date], Mapping[str, str]]) -> None:
    """Say when policies can be applied for: `notes(on)` is one sentence by policy, for all that have something to say."""
    _NOTES.register("apply", notes)


def apply_address(policy: Policy) -> str:
    """The path at which a policy is applied for; empty where it cannot be."""
    address = _LINKS.find("apply")
    return address(policy) if address is not None else ""


def apply_notes(on: date) -> Mapping[str, str]:
    """What is said about when policies can be applied for, by policy; asked once a page."""
    notes = _NOTES.find("apply")
    return notes(on) if notes is not None else {}
