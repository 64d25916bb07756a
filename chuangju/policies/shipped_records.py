"""随附目录的政策档案 - each policy file that the product brings along has its record from the first start.

Of a file only its head is read here: what it is called, who answers for it, from which document, from when to when.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from chuangju.kernel.audit import record_event, snapshot
from chuangju.policies.models import Confidence, PolicyRecord
from chuangju.units.models import Unit
from chuangju.units.names import name_directory

FOLDER = Path(__file__).parent / "catalogue"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class PolicyHead:
    """What the head of a policy file says."""

    policy_id: str
    version: str
    title: str
    title_en: str
    unit: str
    level: str
    rows: tuple[int, ...]
    source: dict[str, Any]
    effective_from: date | None
    effective_to: date | None


def catalogue_stamp(folder: Path = FOLDER) -> str:
    """Changes whenever a policy file comes or changes; costs no reading."""
    listed = sorted(f"{path.name}:{path.stat().st_size}" for path in folder.glob("*@*.yaml"))
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()[:16]


@cache
def shipped_heads(folder: Path = FOLDER) -> tuple[PolicyHead, ...]:
    """The heads of all files, by id and beginning; a file that cannot be read is the catalogue's own matter."""
    heads = []
    for path in sorted(folder.glob("*@*.yaml")):
        try:
            heads.append(_head(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)))  # noqa: S506 - a safe loader
        except (yaml.YAMLError, KeyError, TypeError, ValueError):
            continue
    return tuple(sorted(heads, key=lambda head: (head.policy_id, head.effective_from or date.min)))


def _head(data: dict[str, Any]) -> PolicyHead:
    first, last = _span(str(data.get("effective", "")))
    title, row = data["title"], data.get("row", [])
    return PolicyHead(
        policy_id=data["id"],
        version=str(data.get("version") or (first.isoformat() if first else "")),
        title=title["zh"],
        title_en=title.get("en", ""),
        unit=str(data.get("unit", "")),
        level=str(data.get("level", PolicyRecord.Level.DISTRICT)),
        rows=tuple(row) if isinstance(row, list) else (row,),
        source=data.get("source") or {},
        effective_from=first,
        effective_to=last,
    )


def _span(written: str) -> tuple[date | None, date | None]:
    first, _dots, last = (part.strip() for part in written.partition(".."))
    return (date.fromisoformat(first) if first else None), (date.fromisoformat(last) if last else None)


@transaction.atomic
def enter_shipped_records(at: datetime, *, heads: Iterable[PolicyHead] | None = None) -> None:
    """Open the records of policy files that have none; what is there stays as its keepers left it."""
    directory = name_directory(at.date())
    by_code = {unit.code: unit for unit in directory.units.values()}
    known = {(record.policy_id, record.version): record for record in PolicyRecord.objects.all()}
    families: dict[str, list[PolicyRecord]] = defaultdict(list)
    for head in shipped_heads() if heads is None else heads:
        record = known.get((head.policy_id, head.version))
        if record is None:
            found = by_code.get(head.unit) or directory.find(head.unit)
            record = _record(head, found if isinstance(found, Unit) else None, at)
            record.save()
            record_event("policies.record_opened", record, by=None, at=at, after=snapshot(record))
        families[head.policy_id].append(record)
    for family in families.values():
        _supersede_older(family, at)


def _record(head: PolicyHead, unit: Unit | None, at: datetime) -> PolicyRecord:
    source = head.source
    confidence = source.get("confidence", "")
    note = (source.get("note") or {}) if isinstance(source.get("note"), dict) else {}
    return PolicyRecord(
        policy_id=head.policy_id,
        version=head.version[:20],
        title=head.title[:200],
        title_en=head.title_en[:200],
        unit=unit,
        unit_printed=head.unit[:100],
        level=head.level if head.level in PolicyRecord.Level.values else PolicyRecord.Level.DISTRICT,
        rows=list(head.rows),
        is_shipped=True,
        state=PolicyRecord.State.ISSUED,
        stage=PolicyRecord.Stage.VALIDITY if head.effective_to else PolicyRecord.Stage.ISSUE,
        effective_from=head.effective_from,
        valid_until=head.effective_to,
        issuer=str(source.get("issuer", ""))[:120],
        document=str(source.get("document", ""))[:200],
        document_number=str(source.get("number", ""))[:80],
        url=str(source.get("url", ""))[:500],
        confidence=confidence if confidence in Confidence.values else Confidence.UNVERIFIED,
        source_note=str(note.get("zh", ""))[:300],
        added_at=at,
    )


def _supersede_older(family: list[PolicyRecord], at: datetime) -> None:
    """Of the versions of one policy only the last stands as issued; the earlier ones hold by their dates."""
    in_order = sorted(family, key=lambda record: (record.effective_from or date.min, record.pk))
    for record in in_order[:-1]:
        if record.state == PolicyRecord.State.ISSUED and record.is_shipped:
            before = snapshot(record)
            record.state = PolicyRecord.State.SUPERSEDED
            record.save()
            record_event("policies.record_superseded", record, by=None, at=at, before=before, after=snapshot(record))
