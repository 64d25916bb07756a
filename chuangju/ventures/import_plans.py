"""核对 - what a register would do to ours: each row new, changed, unchanged or faulty; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from chuangju.kernel.audit import digest, json_safe
from chuangju.kernel.encryption import keyed_hashes
from chuangju.units.names import name_directory
from chuangju.ventures.codes import even_out
from chuangju.ventures.import_relations import RelationRow, Spans, match_relation, read_relation
from chuangju.ventures.import_rows import PartyRow, complete_row, hashes_of, identity_of, new_party, read_cells
from chuangju.ventures.models import Party, PartyRelation
from chuangju.ventures.parties import ID_PURPOSE

OUTCOMES = ("new", "changed", "unchanged", "faulty")
# Databases take so many values in one question.
_CHUNK = 500
Tell = Callable[[int, int], None]
T = TypeVar("T")


@dataclass
class ImportPlan:
    """What a file would do, row by row."""

    parties: list[PartyRow] = field(default_factory=list)
    relations: list[RelationRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each sheet come to what."""
        sheets: tuple[tuple[str, Sequence[PartyRow | RelationRow]], ...] = (
            ("parties", self.parties),
            ("relations", self.relations),
        )
        return {
            name: {outcome: sum(1 for row in rows if row.outcome == outcome) for outcome in OUTCOMES}
            for name, rows in sheets
        }

    @property
    def digest(self) -> str:
        """The same for the same outcome: whoever confirms a preview confirms this and nothing else."""
        rows: list[PartyRow | RelationRow] = [*self.parties, *self.relations]
        said = [[row.number, row.outcome, row.changed] for row in rows]
        revisions = [[str(row.party.pk), row.party.revision] for row in self.parties if row.party is not None]
        return digest(json_safe([said, revisions]))


def plan_import(rows: Mapping[str, Any], *, on: date, tell: Tell | None = None) -> ImportPlan:
    """Compare what was read from a file (sheets.reader) with the register as it stands."""
    plan = ImportPlan()
    cells = (rows["parties"] or {}).get("rows", [])
    directory = name_directory(on)
    total = len(cells) * 2
    for done, (number, texts) in enumerate(cells, start=1):
        plan.parties.append(read_cells(number, texts, directory))
        if tell and done % _CHUNK == 0:
            tell(done, total)
    _match_parties(plan.parties)
    seen: dict[str, int] = {}
    for done, row in enumerate(plan.parties, start=1):
        complete_row(row, on=on)
        _refuse_repetition(row, seen)
        if tell and done % _CHUNK == 0:
            tell(len(cells) + done, total)
    _plan_relations(plan, (rows["relations"] or {}).get("rows", []), on=on)
    return plan


def _refuse_repetition(row: PartyRow, seen: dict[str, int]) -> None:
    """One party has one row; the first one counts."""
    identity = identity_of(row)
    if row.faults or not row.given:
        return
    if identity in seen:
        kind = identity.partition(":")[0]
        key = {"code": "credit_code", "id": "id_number"}.get(kind, "name")
        row.faults[key] = _("与第 %(row)s 行是同一主体，请只留一行") % {"row": seen[identity]}
    else:
        seen[identity] = row.number


def _match_parties(rows: list[PartyRow]) -> None:
    """Find the party of each row: by code, by ID number, and by name only where there is neither."""
    by_code = _parties_by_code([row.given["credit_code"] for row in rows if row.given.get("credit_code")])
    hashes = {
        row.number: hashes_of(row) for row in rows if row.given.get("id_number") and "id_number" not in row.faults
    }
    by_hash = _parties_by_hash([each for found in hashes.values() for each in found])
    by_name = _parties_by_name([row.given["name"] for row in rows if _is_named_only(row)])
    for row in rows:
        code_party = by_code.get(row.given.get("credit_code", ""))
        hash_party = next((by_hash[each] for each in hashes.get(row.number, ()) if each in by_hash), None)
        if code_party and hash_party and code_party.pk != hash_party.pk:
            row.faults["id_number"] = _("信用代码和证件号码分属两个已登记的主体")
        row.party = code_party or hash_party
        if row.party is None and _is_named_only(row):
            _match_by_name(row, by_name.get(row.given["name"], []))


def _is_named_only(row: PartyRow) -> bool:
    numbers = {"credit_code", "id_number"}
    return bool(row.given.get("name")) and not numbers & (set(row.given) | set(row.faults))


def _match_by_name(row: PartyRow, found: list[Party]) -> None:
    kind = row.given.get("kind")
    fitting = [party for party in found if not kind or party.kind == kind]
    if len(fitting) > 1:
        row.faults["name"] = _("有多个同名主体，请补充统一社会信用代码或证件号码")
    elif fitting:
        row.party = fitting[0]


def _parties_by_code(codes: Sequence[str]) -> dict[str, Party]:
    found: dict[str, Party] = {}
    for chunk in _chunks(codes):
        found |= {str(party.credit_code): party for party in _parties().filter(credit_code__in=chunk)}
    return found


def _parties_by_hash(hashes: Sequence[str]) -> dict[str, Party]:
    found: dict[str, Party] = {}
    for chunk in _chunks(hashes):
        found |= {str(party.id_number_hash): party for party in _parties().filter(id_number_hash__in=chunk)}
    return found


def _parties_by_name(names: Sequence[str]) -> dict[str, list[Party]]:
    found: dict[str, list[Party]] = {}
    for chunk in _chunks(names):
        for party in _parties().filter(name__in=chunk, merged_into__isnull=True).order_by("created_at", "pk"):
            found.setdefault(party.name, []).append(party)
    return found


def _parties() -> Any:
    return Party.objects.select_related("town")


def _plan_relations(plan: ImportPlan, cells: Sequence[tuple[int, Mapping[str, str]]], *, on: date) -> None:
    if not cells:
        return
    numbers = [even_out(texts.get(key, "")) for _number, texts in cells for key in ("from", "to")]
    parties = _parties_by_code(numbers)
    hashes = {number: keyed_hashes(number, purpose=ID_PURPOSE) for number in set(numbers) - set(parties) if number}
    by_hash = _parties_by_hash([each for found in hashes.values() for each in found])
    parties |= {number: by_hash[each] for number, found in hashes.items() for each in found if each in by_hash}
    parties |= {
        str(row.given[key]): new_party(row)
        for row in plan.parties
        for key in ("credit_code", "id_number")
        if row.outcome == "new" and row.given.get(key)
    }
    plan.relations = [read_relation(number, texts, parties, on=on) for number, texts in cells]
    ends = {party.pk for row in plan.relations for party in (row.from_party, row.to_party) if party is not None}
    spans = Spans(_relations_of(list(ends)))
    for row in plan.relations:
        match_relation(row, spans)


def _relations_of(ends: Sequence[Any]) -> Iterator[PartyRelation]:
    seen: set[int] = set()
    for chunk in _chunks(ends):
        for relation in PartyRelation.objects.filter(Q(from_party__in=chunk) | Q(to_party__in=chunk)).order_by("pk"):
            if relation.pk not in seen:
                seen.add(relation.pk)
                yield relation


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), _CHUNK):
        yield distinct[start : start + _CHUNK]
