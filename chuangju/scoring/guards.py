"""The guards of scoring: triggers that keep published sheets and everything of a frozen panel as they are.

The frozen results are append-only by the house's own guard; what is here allows rows to change until a state is reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chuangju.kernel.guards import Guard

FROZEN_RESULTS = Guard("scoring_frozenresult", unique=(("id",), ("panel_id",)))


@dataclass(frozen=True)
class StateGuard:
    """One table and the condition on the old row under which it is neither changed nor dropped."""

    table: str
    settled: str
    # What may still change although the row is settled.
    unless: str = ""


_OF_A_SETTLED_PANEL = (
    "EXISTS (SELECT 1 FROM scoring_panel p WHERE p.id = OLD.panel_id AND p.state IN ('frozen', 'closed'))"
)
STATE_GUARDS = (
    StateGuard("scoring_scoresheet", "OLD.is_published"),
    StateGuard("scoring_panelentry", _OF_A_SETTLED_PANEL),
    StateGuard("scoring_assessment", _OF_A_SETTLED_PANEL),
    StateGuard(
        "scoring_panel",
        "OLD.state IN ('frozen', 'closed')",
        unless=(
            "OLD.state = 'frozen' AND NEW.state = 'closed' AND OLD.sheet_id = NEW.sheet_id"
            " AND OLD.title = NEW.title AND OLD.frozen_at = NEW.frozen_at AND OLD.drop_from = NEW.drop_from"
            " AND OLD.drop_extremes = NEW.drop_extremes AND OLD.normalisation = NEW.normalisation"
        ),
    ),
)


def install_state_guards(connection: Any) -> None:
    """Make the triggers; harmless where they stand already."""
    remove_state_guards(connection)
    make = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for guard in STATE_GUARDS:
            for statement in make(guard):
                cursor.execute(statement)


def remove_state_guards(connection: Any) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        for guard in STATE_GUARDS:
            where = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
            for kind in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.table}_settled_{kind}{where}")
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {guard.table}_settled()")


def missing_state_guards(connection: Any) -> list[str]:
    """Names of triggers that should stand in the database and do not."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        standing = {name for (name,) in cursor.fetchall()}
    wanted = [f"{guard.table}_settled_{kind}" for guard in STATE_GUARDS for kind in ("update", "delete")]
    return [name for name in wanted if name not in standing]


def _sqlite(guard: StateGuard) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{guard.table} is settled'); END"
    update = f"{guard.settled} AND NOT ({guard.unless})" if guard.unless else guard.settled
    yield f"CREATE TRIGGER {guard.table}_settled_update BEFORE UPDATE ON {guard.table} WHEN {update} {refuse}"
    yield f"CREATE TRIGGER {guard.table}_settled_delete BEFORE DELETE ON {guard.table} WHEN {guard.settled} {refuse}"


def _postgresql(guard: StateGuard) -> Iterator[str]:
    unless = f"IF TG_OP = 'UPDATE' AND ({guard.unless}) THEN RETURN NEW; END IF; " if guard.unless else ""
    refuse = f"RAISE EXCEPTION '{guard.table} is settled' USING ERRCODE = 'integrity_constraint_violation';"
    yield (
        f"CREATE FUNCTION {guard.table}_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT ({guard.settled}) THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF; "
        f"{unless}{refuse} END $$"
    )
    for kind in ("update", "delete"):
        yield (
            f"CREATE TRIGGER {guard.table}_settled_{kind} BEFORE {kind.upper()} ON {guard.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {guard.table}_settled()"
        )
