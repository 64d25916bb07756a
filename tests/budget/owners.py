"""Whoever asked for payments, as tests play it: keeps what it was told and refuses what it is asked to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chuangju.budget.models import Payment
from chuangju.budget.payment_owners import PaymentOwner, payment_owners, register_payment_owner
from tests.budget.money import PREFIX


@dataclass
class Told:
    """What an owner was told, in order, and what it answers when asked."""

    events: list[tuple[str, str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    deciders: frozenset[int] = frozenset()

    def follow(self, what: str) -> object:
        """A callback that notes what happened to which payment."""
        return lambda payment, _by, _at: self.events.append((what, payment.number))


@contextmanager
def owned() -> Iterator[Told]:
    """Answer for the claims of the tests."""
    told = Told()
    owner = PaymentOwner(
        on_paid=told.follow("paid"),  # type: ignore[arg-type]
        on_failed=told.follow("failed"),  # type: ignore[arg-type]
        on_returned=told.follow("returned"),  # type: ignore[arg-type]
        on_recovered=told.follow("recovered"),  # type: ignore[arg-type]
        recheck=lambda payment, _on: told.refused.get(payment.number, ""),
        label=lambda payment: f"测试事项 {payment.claim_key[-4:]}",
        address=lambda _payment: "/staff/budget/",
        concerned=lambda _payment: told.deciders,
    )
    register_payment_owner(PREFIX, owner)
    try:
        yield told
    finally:
        payment_owners.remove(PREFIX)


def numbers_of(payments: list[Payment]) -> list[str]:
    """The numbers of payments, for comparing."""
    return [payment.number for payment in payments]
