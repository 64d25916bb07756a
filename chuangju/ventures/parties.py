"""主体 - how a party is entered, corrected and found again; numbers are unique, names are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.encryption import keyed_hashes
from chuangju.kernel.locks import take_locks
from chuangju.kernel.mobiles import MobileRefused, normal_mobile
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.kernel.search import index_records
from chuangju.units.models import Unit
from chuangju.ventures.access import can_keep_parties, can_keep_party
from chuangju.ventures.codes import CodeRefused, even_out, kind_of_code, likely_id_kind, normal_credit_code
from chuangju.ventures.codes import normal_id_number as checked_id_number
from chuangju.ventures.models import FormerName, Party

# Two people who enter one number at the same moment wait for each other here.
PARTIES_LOCK = "ventures.parties"
ID_PURPOSE = "ventures.id_number"
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 300


class PartyRefused(Refused):
    """The party cannot be entered or corrected like this; `fields` says beside which fields the sentences belong."""

    def __init__(self, sentence: Any, *, by_field: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.by_field = dict(by_field or {})


@dataclass(frozen=True)
class PartyFacts:
    """What is said of a party in a form, a row of a file or a claim; empty text for what is unknown."""

    kind: str
    name: str
    credit_code: str = ""
    id_kind: str = ""
    id_number: str = ""
    mobile: str = ""
    town: Unit | None = None
    registered_on: date | None = None
    status: str = Party.Status.ACTIVE
    address: str = ""

    @property
    def is_person(self) -> bool:
        """Whether this is one human being."""
        return self.kind == Party.Kind.PERSON


@dataclass
class CheckedFacts:
    """The facts as they are kept, and what is wrong with them by field; nothing is kept while anything is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def check_facts(facts: PartyFacts, *, on: date) -> CheckedFacts:
    """Even out and check what was said, field by field; asks no database."""
    checked = CheckedFacts({each.name: getattr(facts, each.name) for each in fields(PartyFacts)})
    values, faults = checked.values, checked.faults
    values["name"] = " ".join(facts.name.replace("\x00", "").split())
    values["address"] = " ".join(facts.address.replace("\x00", "").split())
    if not values["name"]:
        faults["name"] = str(_("请填写名称"))
    elif len(values["name"]) > _LONGEST_NAME:
        faults["name"] = str(_("名称不超过 200 个字"))
    if len(values["address"]) > _LONGEST_ADDRESS:
        faults["address"] = str(_("地址不超过 300 个字"))
    if facts.registered_on is not None and facts.registered_on > on:
        faults["registered_on"] = str(_("日期不能晚于今天"))
    if facts.kind not in Party.Kind.values:
        faults["kind"] = str(_("请填写主体类型"))
    if facts.status not in Party.Status.values:
        faults["status"] = str(_("登记状态应为存续、注销、吊销或迁出"))
    _check_numbers(facts, checked)
    return checked


def _check_numbers(facts: PartyFacts, checked: CheckedFacts) -> None:
    values, faults = checked.values, checked.faults
    values["credit_code"] = None
    if facts.credit_code.strip():
        if facts.kind in Party.WITHOUT_CODE:
            faults["credit_code"] = str(_("个人和团队没有统一社会信用代码"))
        else:
            _keep(checked, "credit_code", lambda: normal_credit_code(facts.credit_code))
            _check_kind_of_code(facts.kind, checked)
    elif facts.kind in Party.VENTURES:
        faults["credit_code"] = str(_("请填写统一社会信用代码"))
    if facts.id_number.strip() and not facts.is_person:
        faults["id_number"] = str(_("证件号码只登记个人的；法定代表人请另登记为个人并建立关系"))
    elif facts.id_number.strip():
        values["id_kind"] = facts.id_kind or likely_id_kind(facts.id_number)
        _keep(checked, "id_number", lambda: checked_id_number(facts.id_number, values["id_kind"]))
    else:
        values["id_kind"] = values["id_number"] = ""
    if facts.mobile.strip():
        _keep(checked, "mobile", lambda: normal_mobile(facts.mobile))
    else:
        values["mobile"] = ""


def _keep(checked: CheckedFacts, name: str, even: Any) -> None:
    try:
        checked.values[name] = even()
    except (CodeRefused, MobileRefused) as refused:
        checked.faults[name] = refused.sentence


def _check_kind_of_code(kind: str, checked: CheckedFacts) -> None:
    """A code that is given to one kind of body alone belongs to no other kind; schools and agencies may be firms too."""
    told = kind_of_code(checked.values["credit_code"] or "")
    if told and kind in Party.VENTURES and kind != told:
        label = Party.Kind(told).label
        checked.faults["kind"] = str(_("按信用代码，主体类型应为%(kind)s")) % {"kind": label}


def find_by_code(code: str) -> Party | None:
    """The party of a credit code, however it was written; None for nobody's."""
    return Party.objects.filter(credit_code=even_out(code)).first() if code.strip() else None


def parties_with_id_number(number: str) -> QuerySet[Party]:
    """The party of an ID number, found by its keyed hash."""
    return Party.objects.filter(id_number_hash__in=keyed_hashes(even_out(number), purpose=ID_PURPOSE))


def find_party(text: str, among: QuerySet[Party]) -> Party | None:
    """The one party that is meant: by credit code, ID number or whole name; None where there is none or more than one."""
    number = even_out(text)
    found = among.filter(credit_code=number) | among.filter(pk__in=parties_with_id_number(number).values("pk"))
    parties = list(found[:2]) or list(among.filter(name=text.strip(), merged_into__isnull=True)[:2])
    return parties[0] if len(parties) == 1 else None


@transaction.atomic
def add_party(
    facts: PartyFacts,
    *,
    source: str = Party.Source.REGISTER,
    account: User | None = None,
    is_checked: bool = True,
    is_demo: bool = False,
    by: User | None,
    at: datetime,
) -> Party:
    """Enter a party; raises PartyRefused with a sentence for each field, and for numbers that are another's."""
    party = enter_party(facts, source=source, account=account, is_checked=is_checked, is_demo=is_demo, by=by, at=at)
    record_event("ventures.party_added", party, by=by, at=at, after=snapshot(party))
    return party


def enter_party(
    facts: PartyFacts,
    *,
    source: str,
    account: User | None = None,
    is_checked: bool,
    is_demo: bool,
    by: User | None,
    at: datetime,
) -> Party:
    """The same without its audit event, for a change that has events of lower packages to record first."""
    on = timezone.localdate(at)
    if source == Party.Source.REGISTER and not (by is not None and can_keep_parties(by, on)):
        raise PartyRefused(_("您没有登记主体的权限"))
    take_locks(PARTIES_LOCK)
    values = _sound_values(facts, on=on)
    party = Party(
        **values,
        source=source,
        account=account,
        is_checked=is_checked,
        is_demo=is_demo,
        created_by=by,
        created_at=at,
    )
    if source == Party.Source.REGISTER and not can_keep_party(by, party, on):
        raise PartyRefused(_("请选择本街镇"), by_field={"town": str(_("只能登记本街镇的主体"))})
    party.save(force_insert=True)
    return party


@transaction.atomic
def change_party(party: Party, facts: PartyFacts, *, revision: int, by: User, at: datetime) -> None:
    """Correct a party; a name that changes stays as a former one. Raises PartyRefused, and StaleForm for an old form."""
    on = timezone.localdate(at)
    take_locks(PARTIES_LOCK)
    fresh = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    if not can_keep_party(by, fresh, on):
        raise PartyRefused(_("您没有更正该主体的权限"))
    if fresh.revision != revision:
        raise StaleForm(_("该主体刚被他人更正，请刷新后再改"))
    values = _sound_values(facts, on=on, own=fresh)
    write_changes(fresh, values, by=by, at=at)
    if not can_keep_party(by, fresh, on):
        raise PartyRefused(_("请选择本街镇"), by_field={"town": str(_("只能登记本街镇的主体"))})
    party.refresh_from_db()


def write_changes(party: Party, values: Mapping[str, Any], *, by: User | None, at: datetime) -> list[str]:
    """Write checked values to a locked party, keep its former name and record the event; the fields that changed."""
    changed = [name for name, value in values.items() if getattr(party, name) != value]
    if not changed:
        return []
    before = snapshot(party)
    if "name" in changed:
        keep_former_name(party, party.name, until=timezone.localdate(at))
        party.former_names.filter(name=values["name"]).delete()
    for name in changed:
        setattr(party, name, values[name])
    party.revision += 1
    party.save()
    record_event("ventures.party_changed", party, by=by, at=at, before=before, after=snapshot(party))
    if "name" in changed:
        # Its cases are found by the new name at once.
        index_records(Party.objects.filter(pk=party.pk))
    return changed


def keep_former_name(party: Party, name: str, *, until: date | None) -> None:
    """Remember what a party was called; it is found by that name at once."""
    FormerName.objects.get_or_create(party=party, name=name, defaults={"until": until})
    index_records(Party.objects.filter(pk=party.pk))


def _sound_values(facts: PartyFacts, *, on: date, own: Party | None = None) -> dict[str, Any]:
    """The checked values, with no number of anybody else; raises PartyRefused."""
    checked = check_facts(facts, on=on)
    faults = checked.faults
    code, number = checked.values["credit_code"], checked.values["id_number"]
    others = Party.objects.exclude(pk=own.pk) if own else Party.objects.all()
    if "credit_code" not in faults and code and others.filter(credit_code=code).exists():
        faults["credit_code"] = str(_("该统一社会信用代码已登记"))
    if "id_number" not in faults and number and (others & parties_with_id_number(number)).exists():
        faults["id_number"] = str(_("该证件号码已登记"))
    if own is not None and own.account_id and not facts.is_person:
        faults["kind"] = str(_("有本人账号的主体只能是个人"))
    if faults:
        raise PartyRefused(next(iter(faults.values())), by_field=faults)
    return checked.values
