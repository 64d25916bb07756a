"""锚: the heads of the audit chains, written down outside the database, so that a tail cut off is found.

One file a day in `DATA_DIR/anchors/<database>/`, one line for each export; lines are only ever added. The folder is
named after the database's address, so that a data folder used with two databases keeps their anchors apart.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from chuangju.kernel.models import AuditEvent, AuditStream


def anchor_folder() -> Path:
    """Where this database's anchors lie."""
    address = "|".join(str(connection.settings_dict.get(part, "")) for part in ("HOST", "PORT", "NAME"))
    mark = hashlib.sha256(address.encode()).hexdigest()[:12]
    return Path(settings.DATA_DIR) / "anchors" / f"{connection.vendor}-{mark}"


def export_anchor(on: date, folder: Path | None = None) -> Path:
    """Add the present heads to the day's anchor file, unless they stand there already; returns the file."""
    with transaction.atomic():
        heads = {s.name: [s.last_sequence, s.last_hash] for s in AuditStream.objects.order_by("name")}
    file = (folder or anchor_folder()) / f"{on.isoformat()}.jsonl"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(heads, sort_keys=True) + "\n"
    if file.exists() and file.read_text(encoding="utf-8").endswith(line):
        return file
    with file.open("a", encoding="utf-8") as out:
        out.write(line)
        out.flush()
        os.fsync(out.fileno())
    return file


def verify_anchors(folder: Path | None = None) -> Iterator[str]:
    """Compare every anchor with the chains as they stand; one sentence for each that the log no longer bears out."""
    for file in sorted((folder or anchor_folder()).glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                heads = {str(name): (int(number), str(mark)) for name, (number, mark) in json.loads(line).items()}
            except (ValueError, TypeError, AttributeError):
                yield _("锚文件 %(file)s 无法读取。") % {"file": file.name}
                continue
            yield from _compare(file.name, heads)


def _compare(file: str, heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    for stream, (number, mark) in heads.items():
        found = AuditEvent.objects.filter(stream_id=stream, sequence=number).values_list("hash", flat=True).first()
        if number and found != mark:
            yield _("审计链 %(stream)s 与锚文件 %(file)s 不符：第 %(number)s 号事件缺失或被改写。") % {
                "stream": stream,
                "file": file,
                "number": number,
            }
