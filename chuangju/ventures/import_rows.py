"""行 - one row of a register: what its cells say, whose row it is, and what is wrong with it, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.kernel.encryption import keyed_hashes
from chuangju.units.models import Unit
from chuangju.units.names import NameDirectory
from chuangju.ventures.codes import CodeRefused, even_out, kind_of_code, likely_id_kind, normal_credit_code
from chuangju.ventures.codes import normal_id_number as checked_id_number
from chuangju.ventures.models import Party
from chuangju.ventures.parties import ID_PURPOSE, PartyFacts, check_facts
from chuangju.ventures.row_words import day_of, word_of

# The facts of a party that a row may hold; former names are kept beside it.
FACT_FIELDS = (
    "kind",
    "name",
    "credit_code",
    "id_kind",
    "id_number",
    "mobile",
    "town",
    "registered_on",
    "status",
    "address",
)
_LONGEST_NAME = 200


@dataclass
class PartyRow:
    """A row on its way: its number in the file, what it gives, the party it is about, what it changes, what is wrong."""

    number: int
    given: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    party: Party | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    # The party that a new row makes: one object for all rows that refer to it, not stored yet.
    made: Party | None = None

    @property
    def outcome(self) -> str:
        """new, changed, unchanged or faulty."""
        if self.faults:
            return "faulty"
        if self.party is None:
            return "new"
        return "changed" if self.changed else "unchanged"

    @property
    def name(self) -> str:
        """What the party is called."""
        return str(self.values.get("name") or self.given.get("name") or (self.party.name if self.party else ""))


def read_cells(number: int, cells: Mapping[str, str], directory: NameDirectory) -> PartyRow:
    """What the cells of a row say; words nobody knows and days that are none become faults of their cell."""
    row = PartyRow(number)
    for key, text in cells.items():
        reader = _READERS.get(key)
        if reader is None:
            row.given[key] = " ".join(text.split())
            continue
        try:
            row.given[key] = reader(text, directory)
        except ValueError as fault:
            row.faults[key] = str(fault)
    if "credit_code" in row.given:
        _even_number(row, "credit_code", normal_credit_code)
    if "id_number" in row.given:
        id_kind = row.given.get("id_kind") or likely_id_kind(row.given["id_number"])
        _even_number(row, "id_number", lambda text: checked_id_number(text, id_kind))
        row.given["id_kind"] = id_kind
    elif "id_kind" in row.given:
        del row.given["id_kind"]
    return row


def complete_row(row: PartyRow, *, on: date) -> None:
    """Lay the row over what is known of its party and check the whole; an empty cell leaves what is known.

    Whatever is wrong is said at once: what the cells could not be read as, and what does not fit together.
    """
    if "kind" in row.faults:
        return
    known = row.party
    base = {name: getattr(known, name) for name in FACT_FIELDS} if known else {}
    base["credit_code"] = base.get("credit_code") or ""
    said = base | {name: value for name, value in row.given.items() if name in FACT_FIELDS}
    if not said.get("kind"):
        said["kind"] = kind_of_code(said["credit_code"]) or (Party.Kind.PERSON if said.get("id_number") else "")
    if not said.get("kind"):
        row.faults.setdefault("kind", _("请填写主体类型"))
        return
    checked = check_facts(PartyFacts(**{"name": "", **said}), on=on)
    row.values, row.faults = checked.values, checked.faults | row.faults
    former = row.given.get("former_name", "")
    if len(former) > _LONGEST_NAME:
        row.faults["former_name"] = _("名称不超过 200 个字")
    if not row.faults and known is not None:
        row.changed = [name for name, value in row.values.items() if getattr(known, name) != value]


def identity_of(row: PartyRow) -> str:
    """What tells the row's party from all others in the file: its code, its ID number, else its name."""
    code, number = row.given.get("credit_code"), row.given.get("id_number")
    if code:
        return f"code:{code}"
    return f"id:{number}" if number else f"name:{row.given.get('name', '')}"


def hashes_of(row: PartyRow) -> list[str]:
    """The hashes by which the row's ID number may be kept."""
    number = row.given.get("id_number")
    return keyed_hashes(even_out(number), purpose=ID_PURPOSE) if number else []


def _even_number(row: PartyRow, key: str, even: Callable[[str], str]) -> None:
    try:
        row.given[key] = even(row.given[key])
    except CodeRefused as refused:
        row.faults[key] = refused.sentence


def _read_kind(text: str, _directory: NameDirectory) -> str:
    return _known("kind", text, _("认不出的主体类型；可填：%(words)s") % {"words": _words_of(Party.Kind)})


def _read_id_kind(text: str, _directory: NameDirectory) -> str:
    return _known("id_kind", text, _("认不出的证件类型；可填：%(words)s") % {"words": _words_of(Party.IdKind)})


def _read_status(text: str, _directory: NameDirectory) -> str:
    return _known("status", text, _("认不出的登记状态；可填：%(words)s") % {"words": _words_of(Party.Status)})


def _known(table: str, text: str, sentence: str) -> str:
    found = word_of(table, text)
    if not found:
        raise ValueError(sentence)
    return found


def _words_of(choices: Any) -> str:
    return _("、").join(str(label) for label in choices.labels)


def _read_day(text: str, _directory: NameDirectory) -> date:
    found = day_of(text)
    if found is None:
        raise ValueError(_("日期不存在或写法不对，应如 2026-03-01"))
    return found


def _read_town(text: str, directory: NameDirectory) -> Unit:
    found = directory.find(text)
    if not isinstance(found, Unit) or found.kind not in Unit.PLACES:
        raise ValueError(_("没有登记过这个街镇，请用街镇全称"))
    return found


_READERS: Mapping[str, Callable[[str, NameDirectory], Any]] = {
    "kind": _read_kind,
    "id_kind": _read_id_kind,
    "status": _read_status,
    "registered_on": _read_day,
    "town": _read_town,
}


def new_party(row: PartyRow) -> Party:
    """The party that a new row makes, the same one each time."""
    if row.made is None:
        row.made = Party(**row.values)
    return row.made
