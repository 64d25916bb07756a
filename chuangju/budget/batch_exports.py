"""明细导出 - who took the full account numbers of a batch out of the house, and when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chuangju.budget.batch_files import detail_rows, items_of
from chuangju.budget.models import PaymentBatch
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User


@transaction.atomic
def export_detail(batch: PaymentBatch, *, by: User, at: datetime) -> list[list[object]]:
    """The rows of 拨付明细表 with full account numbers; that they were taken is in the log, they themselves are not."""
    items = items_of(batch)
    record_event("budget.batch_exported", batch, by=by, at=at, after={"count": len(items)})
    return detail_rows(items)
