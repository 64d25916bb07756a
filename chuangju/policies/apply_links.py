"""去申请 - where and when a policy is applied for, and how it fares; the package that takes applications says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from chuangju.kernel.registry import Registry
from chuangju.rules.policy import Policy
from chuangju.units.access import Visitor, has_role

_LINKS: Registry[str, Callable[[Policy], str]] = Registry("policies.apply_link")
_NOTES: Registry[str, Callable[[date], Mapping[str, str]]] = Registry("policies.apply_notes")


@dataclass(frozen=True)
class PolicyReport:
    """A page about how a policy fares, for the officers who read the policy's text; `address(policy)` is a path."""

    key: str
    label: str | Promise
    address: Callable[[Policy], str]
    roles: frozenset[str]


_REPORTS: Registry[str, PolicyReport] = Registry("policies.reports")


def register_policy_report(
    key: str, label: str | Promise, address: Callable[[Policy], str], *, roles: Iterable[str]
) -> None:
    """Offer a page about a policy beside its text, to those who hold one of the roles."""
    _REPORTS.register(key, PolicyReport(key, label, address, frozenset(roles)))


def policy_reports(policy: Policy, user: Visitor, *, on: date) -> list[tuple[str | Promise, str]]:
    """The pages about a policy that somebody may open: label and path."""
    return [(one.label, one.address(policy)) for one in _REPORTS.values() if has_role(user, *one.roles, on=on)]


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
