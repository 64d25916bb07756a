"""随附目录的政策档案 - each policy file that the product brings along has its record from the first start.

Of a file only its head is read here: what it is called, who answers for it, from which document, from when to when.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.policies.making import MakingRefused
from chuangju.policies.models import Confidence, PolicyRecord, PublishedPolicy
from chuangju.rules.policy import Policy
from chuangju.units.models import Unit
from chuangju.units.names import name_directory

FOLDER = Path(__file__).parent / "catalogue"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_TOLD_BY_FILE = (
    *("title_en", "rows", "effective_from", "valid_until"),
    *("issuer", "document", "document_number", "url", "source_note"),
)


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


def _head_of(policy: Policy) -> PolicyHead:
    """The same of a policy that has been read: whatever way its words and days are written."""
    source = policy.source
    return PolicyHead(
        policy_id=policy.id,
        version=policy.version,
        title=policy.title.zh,
        title_en=policy.title.en if policy.title.en != policy.title.zh else "",
        unit=policy.unit,
        level=policy.level,
        rows=policy.rows,
        source={
            "issuer": source.issuer,
            "document": source.document,
            "number": source.number,
            "url": source.url,
            "confidence": source.confidence,
            "note": {"zh": source.note.zh},
        },
        effective_from=policy.effective_from,
        effective_to=policy.effective_to,
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


@transaction.atomic
def enter_published_record(
    published: PublishedPolicy, *, policy: Policy | None = None, by: User, at: datetime
) -> PolicyRecord:
    """The record of a version published in the browser: the one it was made under, else a new one.

    Raises MakingRefused while the policy is still being made here: what is not issued is not published.
    """
    read = _head_of(policy) if policy is not None else _head(yaml.load(published.text, Loader=_LOADER))  # noqa: S506 - a safe loader
    head = replace(read, version=published.version)
    family = list(PolicyRecord.objects.select_for_update().filter(policy_id=head.policy_id).order_by("pk"))
    if any(record.state == PolicyRecord.State.MAKING for record in family):
        raise MakingRefused(_("这项政策的档案还在制定中，登记印发后才能发布政策文件"))
    same = [record for record in family if head.version == record.version or _is_same_issue(record, head)]
    if same:
        record = same[0]
        if not record.is_shipped:
            before = snapshot(record)
            _fill_blanks(record, _record(head, record.unit, at))
            record.version, record.is_shipped, record.revision = head.version, True, record.revision + 1
            record.save()
            record_event("policies.record_changed", record, by=by, at=at, before=before, after=snapshot(record))
            _supersede_older(family, at, by=by)
        return record
    directory = name_directory(at.date())
    found = next((unit for unit in directory.units.values() if unit.code == head.unit), directory.find(head.unit))
    record = _record(head, found if isinstance(found, Unit) else published.draft.unit, at)
    record.added_by = by
    record.save()
    record_event("policies.record_opened", record, by=by, at=at, after=snapshot(record))
    _supersede_older([*family, record], at, by=by)
    return record


def _fill_blanks(record: PolicyRecord, told: PolicyRecord) -> None:
    """What the file says and nobody has entered in the making; what was entered stays."""
    for name in _TOLD_BY_FILE:
        if getattr(record, name) in ("", None, []):
            setattr(record, name, getattr(told, name))


def _is_same_issue(record: PolicyRecord, head: PolicyHead) -> bool:
    """Whether a record made here was issued for the very day from which the file counts."""
    return not record.is_shipped and record.effective_from is not None and record.effective_from == head.effective_from


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


def _supersede_older(family: list[PolicyRecord], at: datetime, *, by: User | None = None) -> None:
    """Of the versions of one policy only the last stands as issued; the earlier ones hold by their dates, until it begins."""
    in_order = sorted(family, key=lambda record: (record.effective_from or date.min, record.pk))
    for record, following in pairwise(in_order):
        if record.state != PolicyRecord.State.ISSUED or not record.is_shipped:
            continue
        before = snapshot(record)
        record.state, starts = PolicyRecord.State.SUPERSEDED, following.effective_from
        begun = record.effective_from or date.min
        if starts is not None and starts > begun and (record.valid_until is None or record.valid_until >= starts):
            record.valid_until = starts - timedelta(days=1)
        record.save()
        record_event("policies.record_superseded", record, by=by, at=at, before=before, after=snapshot(record))
