"""演示主体 - parties of every kind with their relations, and a founder who acts for one firm and waits for another."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from stdnum.cn import ric, uscc

from chuangju.kernel.models import User
from chuangju.programme.demo_pictures import demo_picture
from chuangju.units.models import Unit
from chuangju.ventures.claims import ClaimFacts, confirm_claim, make_claim
from chuangju.ventures.mergers import merge_party
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PartyFacts, add_party, keep_former_name
from chuangju.ventures.relations import add_relation

DATA = Path(__file__).parent / "data" / "demo_parties.toml"
# 310199 was never assigned to any district.
_NOWHERE = "310199"
_PREFIXES = {
    Party.Kind.FIRM: "91",
    Party.Kind.INDIVIDUAL_BUSINESS: "92",
    Party.Kind.COOPERATIVE: "93",
    Party.Kind.SOCIAL_ORGANISATION: "52",
    Party.Kind.SCHOOL: "12",
    Party.Kind.ASSOCIATION: "51",
    Party.Kind.PROVIDER: "91",
}


@transaction.atomic
def load_demo(at: datetime) -> None:
    """Enter the parties and relations of the file, and the demo founder's claims."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    towns = list(Unit.objects.towns().order_by("position", "code"))
    accounts = {user.username: user for user in User.objects.filter(is_demo=True)}
    begun = at - timedelta(days=30)
    parties = {entry["key"]: _enter(entry, towns, accounts, begun) for entry in data["party"]}
    for entry in data["relation"]:
        add_relation(
            parties[entry["from"]],
            parties[entry["to"]],
            kind=entry["kind"],
            starts_on=entry.get("starts"),
            ends_on=entry.get("ends"),
            share=entry.get("share"),
            source=Party.Source.DEMO,
            by=None,
            at=begun,
        )
    if {"founder", "clerk"} <= set(accounts):
        _claim(parties, accounts, at)


def _enter(entry: dict[str, Any], towns: list[Unit], accounts: dict[str, User], at: datetime) -> Party:
    facts = PartyFacts(
        kind=entry["kind"],
        name=entry["name"],
        credit_code=_credit_code(entry),
        id_number=entry.get("passport", "") or _id_number(entry),
        mobile=entry.get("mobile", ""),
        town=towns[entry["town"] % len(towns)] if towns else None,
        registered_on=entry.get("registered"),
        status=entry.get("status", Party.Status.ACTIVE),
        address=entry.get("address", ""),
    )
    account = accounts.get(entry.get("account", ""))
    party = add_party(facts, source=Party.Source.DEMO, account=account, is_demo=True, by=None, at=at)
    if "former" in entry:
        keep_former_name(party, entry["former"], until=None)
    return party


def _credit_code(entry: dict[str, Any]) -> str:
    if entry["kind"] not in _PREFIXES or "number" not in entry:
        return ""
    body = f"{_PREFIXES[entry['kind']]}{_NOWHERE}{entry['number']:09d}"
    return body + str(uscc.calc_check_digit(body))


def _id_number(entry: dict[str, Any]) -> str:
    if entry["kind"] != Party.Kind.PERSON or "number" not in entry:
        return ""
    body = f"{entry.get('region', _NOWHERE)}19{90 + entry['number']}0101{entry['number']:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def _claim(parties: dict[str, Party], accounts: dict[str, User], at: datetime) -> None:
    """One claim of the founder confirmed, one waiting with its paper; the other entry of the first firm merged."""
    founder, clerk = accounts["founder"], accounts["clerk"]
    first, second = parties["chenyu"], parties["hanze"]
    own = ClaimFacts(
        str(first.credit_code), first.name, Claim.Capacity.LEGAL_REPRESENTATIVE, Claim.Way.COUNTER, town=first.town
    )
    claim = make_claim(own, by=founder, at=at - timedelta(days=20))
    confirm_claim(claim, by=clerk, at=at - timedelta(days=19))
    begins = (at - timedelta(days=3)).date()
    agent = ClaimFacts(
        str(second.credit_code),
        second.name,
        Claim.Capacity.AGENT,
        Claim.Way.DOCUMENT,
        town=second.town,
        starts_on=begins,
        ends_on=begins + timedelta(days=180),
    )
    paper = SimpleUploadedFile("授权委托书（演示）.jpg", demo_picture(7), content_type="image/jpeg")
    make_claim(agent, files=[paper], by=founder, at=at - timedelta(days=2))
    merge_party(parties["chenyu-twice"], into=first, reason="同一企业换照后重复登记（演示）", by=clerk, at=at)
