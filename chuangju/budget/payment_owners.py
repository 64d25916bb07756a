"""款项归属 - what the package that asked for a payment says about it: whether it may still go, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chuangju.budget.models import Payment
from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry

Follow = Callable[[Payment, User | None, datetime], None]


def _says_nothing(_payment: Payment) -> str:
    return ""


def _nobody(_payment: Payment) -> frozenset[int]:
    return frozenset()


def _nothing(_payment: Payment, _by: User | None, _at: datetime) -> None:
    """Nothing follows."""


@dataclass(frozen=True)
class PayeeAccount:
    """Where the money of a claim is to go, in the payee's own words."""

    name: str
    number: str
    bank: str


def _as_it_stands(_payment: Payment) -> PayeeAccount | None:
    return None


@dataclass(frozen=True)
class PaymentOwner:
    """Of one kind of claim: what follows an answer (inside the transaction), and what the pages show.

    `recheck(payment, on)` is a sentence if the payment must not go out (a living condition no longer holds), else "".
    `address(payment)` is where staff read the claim; `concerned(payment)` are the keys of the people who decided on it
    and therefore may not approve its batch.
    """

    on_paid: Follow
    on_failed: Follow
    on_returned: Follow
    on_recovered: Follow
    recheck: Callable[[Payment, date], str]
    label: Callable[[Payment], str]
    address: Callable[[Payment], str]
    concerned: Callable[[Payment], frozenset[int]] = _nobody
    # Why money that comes back is not registered with the payment itself: it is asked for elsewhere.
    asked_back: Callable[[Payment], str] = _says_nothing
    # Finance, or the owner itself, said that it is never paid.
    on_stopped: Follow = _nothing
    # The payee corrected the account of a payment that came back: it goes out again.
    on_mended: Follow = _nothing
    # What the owner locks before money is locked, where a payee corrects an account: all that follows it.
    hold: Callable[[Payment], object] = _as_it_stands
    # The account that the payee gave last for this claim; None where the owner keeps none. What has not gone out follows it.
    account: Callable[[Payment], PayeeAccount | None] = _as_it_stands


payment_owners: Registry[str, PaymentOwner] = Registry("budget.payment_owners")


def register_payment_owner(prefix: str, owner: PaymentOwner) -> None:
    """Answer for the claims whose key begins with this, such as "applications.instalment"."""
    payment_owners.register(prefix, owner)


def owner_of(payment: Payment) -> PaymentOwner | None:
    """Whose claim a payment is; None where nobody registered."""
    return payment_owners.find(payment.claim_key.partition(":")[0])


def recheck_sentence(payment: Payment, *, on: date) -> str:
    """Why a payment must not go out on this day; empty where it may."""
    owner = owner_of(payment)
    return owner.recheck(payment, on) if owner else ""


def asked_back_sentence(payment: Payment) -> str:
    """Why money that comes back is registered elsewhere; empty where it is registered with the payment."""
    owner = owner_of(payment)
    return owner.asked_back(payment) if owner else ""


def account_differs(payment: Payment) -> bool:
    """Whether the payee has given another account since the payment was asked for."""
    said = account_said(payment)
    return said is not None and said != PayeeAccount(payment.account_name, payment.account_number, payment.bank)


def account_said(payment: Payment) -> PayeeAccount | None:
    """The account that the payee gave last; None where nobody says."""
    owner = owner_of(payment)
    return owner.account(payment) if owner else None


def people_concerned(payment: Payment) -> frozenset[int]:
    """Who asked for a payment or decided on its claim: none of them approves it."""
    owner = owner_of(payment)
    decided = owner.concerned(payment) if owner else frozenset[int]()
    return decided | (frozenset({payment.requested_by_id}) if payment.requested_by_id else frozenset())
