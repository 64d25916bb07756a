"""No two spans of one relation share a day: held by the database itself, whatever writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from chuangju.ventures.models import PartyRelation

_SAME = """
o.from_party_id = NEW.from_party_id AND o.to_party_id = NEW.to_party_id AND o.kind = NEW.kind
AND (o.starts_on IS NULL OR NEW.ends_on IS NULL OR o.starts_on <= NEW.ends_on)
AND (o.ends_on IS NULL OR NEW.starts_on IS NULL OR o.ends_on >= NEW.starts_on)
"""
_STATEMENTS = {
    "sqlite": (
        """
CREATE TRIGGER ventures_relation_overlap_insert BEFORE INSERT ON ventures_partyrelation
WHEN EXISTS (SELECT 1 FROM ventures_partyrelation o WHERE {same})
BEGIN SELECT RAISE(ABORT, 'two spans of one relation overlap'); END
""",
        """
CREATE TRIGGER ventures_relation_overlap_update BEFORE UPDATE ON ventures_partyrelation
WHEN EXISTS (SELECT 1 FROM ventures_partyrelation o WHERE o.id <> NEW.id AND {same})
BEGIN SELECT RAISE(ABORT, 'two spans of one relation overlap'); END
""",
    ),
    "postgresql": (
        """
CREATE FUNCTION ventures_relation_overlap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF EXISTS (SELECT 1 FROM ventures_partyrelation o WHERE o.id IS DISTINCT FROM NEW.id AND {same}) THEN
RAISE EXCEPTION 'two spans of one relation overlap' USING ERRCODE = 'exclusion_violation';
END IF; RETURN NEW; END $$
""",
        """
CREATE TRIGGER ventures_relation_overlap BEFORE INSERT OR UPDATE ON ventures_partyrelation
FOR EACH ROW EXECUTE FUNCTION ventures_relation_overlap()
""",
    ),
}
_DROP = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS ventures_relation_overlap_insert",
        "DROP TRIGGER IF EXISTS ventures_relation_overlap_update",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS ventures_relation_overlap ON ventures_partyrelation",
        "DROP FUNCTION IF EXISTS ventures_relation_overlap()",
    ),
}


def install_overlap_guard(connection: Any) -> None:
    """Make the triggers; harmless where they stand already."""
    remove_overlap_guard(connection)
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor]:
            cursor.execute(statement.replace("{same}", _SAME))


def remove_overlap_guard(connection: Any) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        for statement in _DROP[connection.vendor]:
            cursor.execute(statement)


def find_relation_faults() -> Iterator[str]:
    """One sentence for each span that shares a day with another one of the same relation."""
    rows = PartyRelation.objects.order_by("from_party", "to_party", "kind", F("starts_on").asc(nulls_first=True), "pk")
    last: PartyRelation | None = None
    for row in rows.iterator(2000):
        if last is not None and _key(last) == _key(row) and _touches(last, row):
            yield _("主体关系 %(first)s 与 %(second)s 的期间重叠。") % {"first": last.pk, "second": row.pk}
        last = row


def _key(row: PartyRelation) -> tuple[object, ...]:
    return row.from_party_id, row.to_party_id, row.kind


def _touches(earlier: PartyRelation, later: PartyRelation) -> bool:
    return earlier.ends_on is None or later.starts_on is None or later.starts_on <= earlier.ends_on
