"""演示推送 - a benefit offered at once to the winners of a contest, each offer at another stage: waiting, taken, shown, paid, declined."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from chuangju.applications.demo_cases import make_demo_party, pay_demo
from chuangju.applications.demo_driving import Drive, demo_cast
from chuangju.applications.lapses import lapse_cases
from chuangju.applications.models import Application, ApplicationRole, Decision
from chuangju.applications.offer_runs import offer_to_all
from chuangju.applications.offers import accept_offer, decline_offer, plan_offers
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.rules.showing import show_value
from chuangju.units.models import Unit

DATA = Path(__file__).parent / "data" / "demo_offers.toml"


@transaction.atomic
def load_demo_offers(at: datetime) -> None:
    """The run of the file, each firm as far as it says; nothing where the demo's people are not there."""
    data, cast = tomllib.loads(DATA.read_text(encoding="utf-8")), demo_cast()
    begun = at - timedelta(days=data["ago"])
    policy = current_catalogue().version_for(data["policy"], timezone.localdate(begun))
    if policy is None or not {"founder", "finance", data["officer"]} <= set(cast.people):
        return
    example = next(one for one in policy.examples if one.verdict == "eligible")
    facts = {key: show_value(value) for key, value in example.given.items()}
    towns = {unit.code: unit for unit in Unit.objects.filter(kind__in=Unit.PLACES)}
    rows, told = [], {}
    for firm in data["firm"]:
        party = make_demo_party(firm, towns[firm["town"]], None, at=begun)
        told[party.pk] = firm
        rows.append((str(party.credit_code), party.name, {} if firm["until"] == "left_out" else facts))
    run = offer_to_all(
        policy, plan_offers(policy, rows), said=data["source"], by=cast.people[data["officer"]], at=begun
    )
    for offer in run.offers.select_related("subject").order_by("started_at", "pk"):
        way = _WAYS.get(told[offer.subject_id]["until"])
        if way is not None:
            way(_followed(offer, begun, cast, cast.applicant(told[offer.subject_id])))
    lapse_cases(on=timezone.localdate(at), at=at)


def _followed(offer: Application, at: datetime, cast: Any, applicant: User) -> Drive:
    """A founder of the demo acts for the firm, so that a sign-in shows what it sees."""
    ApplicationRole.objects.create(
        application=offer,
        kind=ApplicationRole.Kind.AGENT,
        user=applicant,
        consent=ApplicationRole.Consent.GIVEN,
        asked_at=at,
        answered_at=at,
    )
    drive = Drive(offer, cast, at, applicant=applicant)
    drive.pass_days(2)
    return drive


def _heard(drive: Drive) -> None:
    """Nothing more: it waits for its answer."""


def _accept(drive: Drive) -> None:
    account = {"name": drive.fresh().subject.name, "number": "6200000000002001", "bank": "演示银行闵行支行"}
    accept_offer(drive.fresh(), account, by=drive.applicant, at=drive.at)


def _decline(drive: Drive) -> None:
    decline_offer(drive.fresh(), reason="已另有安排", by=drive.applicant, at=drive.at)


def _notice(drive: Drive) -> None:
    _accept(drive)
    drive.review()
    drive.propose(Decision.Outcome.GRANTED)
    drive.approve()


def _publish(drive: Drive) -> None:
    _notice(drive)
    drive.end_notice()


def _pay(drive: Drive) -> None:
    _publish(drive)
    payments = drive.request()
    if payments:
        drive.pass_days(3)
        pay_demo(payments, drive, "paid")
        drive.pass_days(1)
        drive.close()


_WAYS: dict[str, Callable[[Drive], None]] = {
    "waiting": _heard,
    "declined": _decline,
    "accepted": _accept,
    "notice": _notice,
    "published": _publish,
    "paid": _pay,
}
