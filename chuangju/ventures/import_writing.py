"""写入名册 - what was previewed and confirmed becomes part of the register: all of it or nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.search import index_records
from chuangju.ventures.import_plans import ImportPlan, Tell, plan_import
from chuangju.ventures.import_relations import RelationRow
from chuangju.ventures.import_rows import PartyRow, new_party
from chuangju.ventures.imports import forget_content, rows_of
from chuangju.ventures.models import FormerName, Party, PartyImport, PartyRelation
from chuangju.ventures.parties import PARTIES_LOCK, keep_former_name, write_changes
from chuangju.ventures.relations import RELATIONS_LOCK

_BATCH = 500


class PreviewOutdated(StaleForm):
    """The register changed between preview and writing: nothing was written, somebody looks again."""


def write_import(upload: PartyImport, *, by: User | None, at: datetime, tell: Tell | None = None) -> ImportPlan:
    """Write a confirmed import; call it inside the transaction that makes it happen once. Raises PreviewOutdated.

    New parties are entered together, with one audit event for the file; each party that changes has an event of its own.
    """
    take_locks(PARTIES_LOCK, RELATIONS_LOCK)
    plan = plan_import(rows_of(upload), on=timezone.localdate(at), tell=tell)
    if plan.digest != upload.preview_digest:
        raise PreviewOutdated(_("预览之后名册有变化，没有写入任何内容；请按新的预览重新确认"))
    _enter_new(plan.parties, upload, by=by, at=at)
    _change_known(plan.parties, by=by, at=at)
    _write_relations(plan.relations, by=by, at=at)
    index_records(Party.objects.filter(came_with=upload))
    forget_content(upload, state=PartyImport.State.DONE, at=at)
    facts = {"state": PartyImport.State.DONE, "counts": plan.counts, "file_sha256": upload.file_sha256}
    record_event("ventures.import_written", upload, by=by, at=at, before={"state": upload.state}, after=facts)
    return plan


def _enter_new(rows: list[PartyRow], upload: PartyImport, *, by: User | None, at: datetime) -> None:
    made = []
    for row in rows:
        if row.outcome != "new":
            continue
        party = new_party(row)
        party.source, party.is_checked, party.came_with = Party.Source.IMPORT, True, upload
        party.created_by, party.created_at, party.is_demo = by, at, bool(by and by.is_demo)
        made.append(party)
    Party.objects.bulk_create(made, batch_size=_BATCH)
    former = [
        FormerName(party=new_party(row), name=row.given["former_name"])
        for row in rows
        if row.outcome == "new" and row.given.get("former_name")
    ]
    FormerName.objects.bulk_create(former, batch_size=_BATCH)


def _change_known(rows: list[PartyRow], *, by: User | None, at: datetime) -> None:
    changed = {row.party.pk: row for row in rows if row.party is not None and row.outcome == "changed"}
    keys = list(changed)
    for start in range(0, len(keys), _BATCH):
        locked = Party.objects.select_for_update(of=("self",)).filter(pk__in=keys[start : start + _BATCH])
        for party in locked.order_by("pk"):
            row = changed[party.pk]
            write_changes(party, {name: row.values[name] for name in row.changed}, by=by, at=at)
            if row.given.get("former_name"):
                keep_former_name(party, row.given["former_name"], until=None)


def _write_relations(rows: list[RelationRow], *, by: User | None, at: datetime) -> None:
    made = [_new_relation(row, by, at) for row in rows if row.outcome == "new"]
    PartyRelation.objects.bulk_create(made, batch_size=_BATCH)
    for row in rows:
        if row.outcome != "changed" or row.relation is None:
            continue
        before = snapshot(row.relation)
        for name in row.changed:
            setattr(row.relation, name, getattr(row, name))
        row.relation.save(update_fields=row.changed)
        record_event(
            "ventures.relation_changed",
            row.relation,
            by=by,
            at=at,
            before=before,
            after=snapshot(row.relation),
            about=row.to_party,
        )


def _new_relation(row: RelationRow, by: User | None, at: datetime) -> PartyRelation:
    fields: dict[str, Any] = {
        name: getattr(row, name) for name in ("kind", "from_party", "to_party", "starts_on", "ends_on", "share")
    }
    return PartyRelation(**fields, source=Party.Source.IMPORT, created_by=by, created_at=at)
