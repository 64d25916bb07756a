"""What `chuangju verify` asks of the audit log: chains unbroken, triggers in place, anchors borne out."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from chuangju.kernel.anchors import verify_anchors
from chuangju.kernel.audit import verify_chain
from chuangju.kernel.guards import missing_guards
from chuangju.kernel.models import AuditEvent, AuditStream


def find_chain_faults() -> Iterator[str]:
    """Every chain recomputed, and no event outside a chain."""
    streams = AuditStream.objects.order_by("name")
    for stream in streams:
        yield from verify_chain(stream)
    stray = AuditEvent.objects.exclude(stream__in=streams).order_by().values_list("stream_id", flat=True).distinct()
    for name in sorted(stray):
        yield _("审计链 %(stream)s 的链首记录缺失。") % {"stream": name}


def find_guard_faults() -> Iterator[str]:
    """A trigger that is gone means that rows could have been edited."""
    for name in missing_guards():
        yield _("数据库缺少防篡改触发器 %(name)s。") % {"name": name}


def find_anchor_faults() -> Iterator[str]:
    """The anchors outside the database against the chains inside."""
    yield from verify_anchors()
