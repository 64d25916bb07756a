"""沿革 - audit events as a reader understands them: field names and values in words instead of columns and keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BigIntegerField, Field, ForeignKey, Model
from django.utils.translation import gettext as _

from chuangju.kernel.audit import action_label
from chuangju.kernel.models import AuditEvent
from chuangju.kernel.money import format_yuan
from chuangju.ui.dates import iso_date, iso_moment
from chuangju.ui.event_words import say_value, word_of

# So many first values are shown at once, more of them only when asked for.
SHORT = 2
# Columns that keep hundredths of a percent. Whole fen stand in columns of big integers, and nothing else does.
_BASIS_POINTS = frozenset({"rate", "share"})
_Names = dict[tuple[type[Model], str], str]


@dataclass(frozen=True)
class Change:
    """One field of one event: its name, and what it held before and after, in words; empty where it held nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryLine:
    """One event as shown."""

    event: AuditEvent
    label: str
    changes: list[Change] = field(default_factory=list)

    @property
    def is_folded(self) -> bool:
        """Whether the event says what a record began with: much to read that nobody looks for first."""
        return len(self.changes) > SHORT and not any(change.old for change in self.changes)


def _model_of(event: AuditEvent) -> type[Model] | None:
    try:
        return apps.get_model(event.object_type)
    except (LookupError, ValueError):
        return None


def _field_of(model: type[Model] | None, name: str) -> Field[Any, Any] | None:
    """The model's field; None for a field that is gone or never was one."""
    if model is None:
        return None
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _named_records(events: list[AuditEvent]) -> dict[tuple[type[Model], str], str]:
    """What the records behind foreign keys are called: one query for each kind of record."""
    wanted: dict[type[Model], set[str]] = defaultdict(set)
    for event in events:
        for name, values in event.changes.items():
            column = _field_of(_model_of(event), name)
            if isinstance(column, ForeignKey):
                wanted[column.related_model].update(str(each) for each in values if each is not None)
    return {
        (model, str(record.pk)): str(record)
        for model, keys in wanted.items()
        for record in model._default_manager.filter(pk__in=keys)  # noqa: SLF001 - documented as well
    }


def _moment_or_day(value: str) -> str:
    """A day or moment as the log holds it, written as tables write it; any other text unchanged."""
    try:
        return iso_date(date.fromisoformat(value)) if len(value) == len("2026-01-01") else iso_moment(_moment(value))
    except ValueError:
        return value


def _moment(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found


def _in_words(value: object, column: Field[Any, Any] | None, names: _Names) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(column, ForeignKey):
        return names.get((column.related_model, str(value)), str(value))
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, list):
        return _("、").join(str(each) for each in value)
    return _moment_or_day(value) if isinstance(value, str) else str(value)


def _said(
    value: object, column: Field[Any, Any] | None, names: _Names, owner: tuple[str, type[Model] | None], name: str
) -> str:
    """A value in words; where the value is itself the name of a column, what that column is called."""
    label, model = owner
    spoken = _field_of(model, value) if name == "field" and isinstance(value, str) else None
    if spoken is not None:
        return str(spoken.verbose_name)
    if isinstance(value, int) and not isinstance(value, bool) and column is not None:
        if type(column) is BigIntegerField:
            return format_yuan(value)
        if column.name in _BASIS_POINTS:
            return f"{Decimal(value) / 100:f}%"
    return say_value(label, name, value) or _in_words(value, column, names)


def _label_of(column: Field[Any, Any] | None, name: str) -> str:
    """What a column is called; what is not a column, by the word for its key or by the Chinese word it is logged under."""
    if column is None:
        return str(word_of(name) or _(name))
    if isinstance(column, ForeignKey) and _is_nameless(column):
        return str(column.related_model._meta.verbose_name)
    # Figures are shown in yuan and percent, whatever unit the column keeps.
    return str(column.verbose_name).removesuffix(_("（分）")).removesuffix(_("（基点）"))


def _is_readable(column: Field[Any, Any] | None) -> bool:
    """Technical columns (keys, generated values, counters without a name in words) tell a reader nothing."""
    if column is None:
        return True
    if column.primary_key or column.name.startswith("_") or column.related_model is ContentType:
        return False
    return isinstance(column, ForeignKey) or not _is_nameless(column)


def _is_nameless(column: Field[Any, Any]) -> bool:
    return str(column.verbose_name) == column.name.replace("_", " ")


def lines_of(events: Iterable[AuditEvent]) -> list[HistoryLine]:
    """The events with their changes in words; a constant number of queries for any number of events."""
    listed = list(events)
    names = _named_records(listed)
    lines = []
    for event in listed:
        model = _model_of(event)
        changes = []
        for name, (old, new) in event.changes.items():
            column = _field_of(model, name)
            if _is_readable(column):
                owner = (event.object_type, model)
                said = (_said(value, column, names, owner, name) for value in (old, new))
                changes.append(Change(_label_of(column, name), *said))
        lines.append(HistoryLine(event, action_label(event.action), changes))
    return lines
