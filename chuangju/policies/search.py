"""检索 - what of policies can be found on the staff side: their records and the clauses of packages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.search import SearchSource
from chuangju.policies.access import clauses_visible_to, is_reader, records_visible_to
from chuangju.policies.models import PackageClause, PolicyRecord


def _records(user: Any) -> QuerySet[PolicyRecord]:
    return records_visible_to(user, on=timezone.localdate())


def _clauses(user: Any) -> QuerySet[PackageClause]:
    on = timezone.localdate()
    found = clauses_visible_to(user, on=on)
    return found if is_reader(user, on=on) else found.none()


SOURCES = (
    SearchSource(
        key="policies.record",
        label=_("政策档案"),
        model=PolicyRecord,
        visible_to=_records,
        title=lambda record: record.shown_title,
        address=lambda record: reverse("policies:making", args=(record.pk,)),
        text=lambda record: f"{record.document_number} {record.document} {record.title_en}".strip(),
        names=lambda record: (record.title,),
    ),
    SearchSource(
        key="policies.clause",
        label=_("政策条款"),
        model=PackageClause,
        visible_to=_clauses,
        title=str,
        address=lambda clause: reverse("policies:clause", args=(clause.pk,)),
        text=lambda clause: f"{clause.package.title} {clause.text[:400]}",
        names=lambda clause: (clause.heading,),
        records=lambda: PackageClause.objects.select_related("package"),
    ),
)
