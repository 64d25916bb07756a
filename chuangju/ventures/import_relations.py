"""名册中的关系 - the second sheet: who is what to whom, by their codes or ID numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.ventures.codes import even_out
from chuangju.ventures.models import Party, PartyRelation
from chuangju.ventures.relations import relation_fault
from chuangju.ventures.row_words import day_of, share_of, word_of


@dataclass
class RelationRow:
    """A row of the second sheet: its number, what it says, the relation it is about, and what is wrong with it."""

    number: int
    kind: str = ""
    from_party: Party | None = None
    to_party: Party | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    share: int | None = None
    relation: PartyRelation | None = None
    changed: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """new, changed, unchanged or faulty."""
        if self.faults:
            return "faulty"
        if self.relation is None:
            return "new"
        return "changed" if self.changed else "unchanged"

    @property
    def name(self) -> str:
        """Both ends in words."""
        return f"{self.from_party or ''} - {self.to_party or ''}"

    @property
    def key(self) -> tuple[object, ...]:
        """The two and the kind of relation."""
        return (
            self.from_party.pk if self.from_party else None,
            self.to_party.pk if self.to_party else None,
            self.kind,
        )


class Spans:
    """The relations there are, and those that rows above have added: what a further row may not run into."""

    def __init__(self, relations: Iterable[PartyRelation]) -> None:
        self._by_key: dict[tuple[object, ...], list[PartyRelation]] = {}
        self._by_end: dict[tuple[object, str], list[PartyRelation]] = {}
        for relation in relations:
            self.add(relation)

    def add(self, relation: PartyRelation) -> None:
        """Take a relation in."""
        key = (relation.from_party_id, relation.to_party_id, relation.kind)
        self._by_key.setdefault(key, []).append(relation)
        self._by_end.setdefault((relation.to_party_id, relation.kind), []).append(relation)

    def same(self, row: RelationRow) -> PartyRelation | None:
        """The relation a row is about: of the same two, of the same kind and from the same day."""
        return next((each for each in self._by_key.get(row.key, ()) if each.starts_on == row.starts_on), None)

    def fault_of(self, row: RelationRow, own: PartyRelation | None) -> str:
        """What keeps the row's span out; empty where it may stand."""
        if any(each is not own and _meet(each, row) for each in self._by_key.get(row.key, ())):
            return _("同一关系在这段时间内已经登记")
        if row.to_party is None:
            return ""
        others = [
            each for each in self._by_end.get((row.to_party.pk, row.kind), ()) if each is not own and _meet(each, row)
        ]
        if row.kind == PartyRelation.Kind.LEGAL_REPRESENTATIVE and others:
            return _("该主体在这段时间内已有法定代表人，请先登记其截止日期")
        if row.share is not None and sum(each.share or 0 for each in others) + row.share > WHOLE:
            return _("各股东持股比例合计超过 100%")
        return ""


WHOLE = 10_000


def read_relation(number: int, cells: Mapping[str, str], parties: Mapping[str, Party], *, on: date) -> RelationRow:
    """What a row says; `parties` are found by code or ID number."""
    row = RelationRow(number)
    row.kind = word_of("relation", cells.get("kind", ""))
    if not row.kind:
        labels = _("、").join(str(label) for label in PartyRelation.Kind.labels)
        row.faults["kind"] = _("认不出的关系；可填：%(words)s") % {"words": labels}
    row.from_party = _party(row, "from", cells, parties)
    row.to_party = _party(row, "to", cells, parties)
    row.starts_on = _day(row, "starts_on", cells)
    row.ends_on = _day(row, "ends_on", cells)
    if cells.get("share"):
        row.share = share_of(cells["share"])
        if row.share is None:
            row.faults["share"] = _("持股比例应如 30%")
    if not row.faults and row.from_party is not None and row.to_party is not None:
        fault = relation_fault(
            row.from_party,
            row.to_party,
            kind=row.kind,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            share=row.share,
            on=on,
        )
        if fault:
            row.faults["kind"] = fault
    return row


def match_relation(row: RelationRow, spans: Spans) -> None:
    """Find the relation a row is about, or make sure that a new one may stand; what it adds is taken into the spans."""
    if row.faults:
        return
    row.relation = spans.same(row)
    fault = spans.fault_of(row, row.relation)
    if fault:
        row.faults["starts_on"] = fault
        return
    if row.relation is None:
        spans.add(_new_relation(row))
        return
    given: dict[str, Any] = {"ends_on": row.ends_on, "share": row.share}
    row.changed = [name for name, value in given.items() if value is not None and getattr(row.relation, name) != value]


def _new_relation(row: RelationRow) -> PartyRelation:
    return PartyRelation(
        from_party=row.from_party,
        to_party=row.to_party,
        kind=row.kind,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        share=row.share,
    )


def _party(row: RelationRow, key: str, cells: Mapping[str, str], parties: Mapping[str, Party]) -> Party | None:
    text = even_out(cells.get(key, ""))
    if not text:
        row.faults[key] = _("请填写统一社会信用代码或证件号码")
        return None
    found = parties.get(text)
    if found is None:
        row.faults[key] = _("名册和本文件中都没有这个号码，或该行有误")
    return found


def _day(row: RelationRow, key: str, cells: Mapping[str, str]) -> date | None:
    if not cells.get(key):
        return None
    found = day_of(cells[key])
    if found is None:
        row.faults[key] = _("日期不存在或写法不对，应如 2026-03-01")
    return found


def _meet(relation: PartyRelation, row: RelationRow) -> bool:
    """Whether the two spans share a day; an open side reaches for ever."""
    begins = relation.starts_on is None or row.ends_on is None or relation.starts_on <= row.ends_on
    ends = relation.ends_on is None or row.starts_on is None or relation.ends_on >= row.starts_on
    return begins and ends
