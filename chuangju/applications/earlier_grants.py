"""已享扶持 - what was granted is written to the party's own facts at once, so that other policies and offices know of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop

from chuangju.applications.models import Decision
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.ventures.facts import known_facts, record_fact
from chuangju.ventures.models import Party
from chuangju.ventures.registers import dictionary

SOURCE = gettext_noop("本系统决定")


def grants_key(party: Party) -> str:
    """Under which key grants of such a party stand."""
    return "founder_grants" if party.is_person else "grants"


def add_grant(decision: Decision, *, on: date, by: User | None, at: datetime) -> None:
    """Write down that a party has this grant; the same decision is written once."""
    if decision.amount:
        _rewrite(decision, amount=decision.amount, on=on, by=by, at=at)


def change_grant(decision: Decision, *, amount: int, on: date, by: User | None, at: datetime) -> None:
    """What is left of a grant after money came back or a part was not paid; nothing left: the grant is taken out."""
    _rewrite(decision, amount=amount, on=on, by=by, at=at)


def _rewrite(decision: Decision, *, amount: int, on: date, by: User | None, at: datetime) -> None:
    application = decision.application
    party = application.payee or application.subject
    # What an entry that was merged into another one gets is known of the entry that stays.
    party = party.merged_into or party
    take_locks(f"applications.grants:{party.pk}")
    key, policy = grants_key(party), application.policy_id
    if key not in dictionary().facts:
        return
    day = decision.effective_on or on
    rows = [row for row in _rows(party, key, on) if (row.get("policy"), _day(row.get("paid_on"))) != (policy, day)]
    if amount:
        version = current_catalogue().version(policy, application.policy_version)
        level = version.level if version is not None else "district"
        rows.append({"policy": policy, "level": level, "paid_on": day, "amount": amount})
    with in_kept_language():
        record_fact(
            party, key, _as_json(rows), source=f"{SOURCE} {application.number}", is_certified=True,
            valid_from=on, by=by, at=at,
        )  # fmt: skip


def _rows(party: Party, key: str, on: date) -> list[dict[str, Any]]:
    known = known_facts(party, on=on).get(key)
    value = known.value if known is not None else None
    return [dict(row) for row in value if isinstance(row, dict)] if isinstance(value, list | tuple) else []


def _day(value: object) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value if isinstance(value, date) else None


def _as_json(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in rows
    ]
