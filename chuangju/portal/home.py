"""首页 - what a stranger meets first: the programme in force and what it has achieved, read and never written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from chuangju.indicators.metrics import MetricScope, Reading, metrics_visible_to, readings_of
from chuangju.kernel.models import User
from chuangju.programme.models import Category, TableVersion
from chuangju.units.access import assignments_of
from chuangju.units.models import RoleAssignment

# So many figures stand on the first page, the first in their order; all of them are one link away.
FIGURES = 4


@dataclass(frozen=True)
class ShownCategory:
    """A category of the table in force: its names and how many rows stand under it."""

    position: int
    name: str
    name_en: str
    row_count: int


@dataclass(frozen=True)
class PublicHome:
    """What the public home tells; without a table in force there are no categories and no figures."""

    version: TableVersion | None
    categories: list[ShownCategory]
    readings: list[Reading]
    row_count: int = 0


def public_home(*, on: date) -> PublicHome:
    """The table in force and the public figures as of a day."""
    version = TableVersion.objects.filter(state=TableVersion.State.CURRENT).first()
    if version is None:
        return PublicHome(version=None, categories=[], readings=[])
    counted = Category.objects.filter(version=version).annotate(row_count=Count("rows")).order_by("position")
    categories = [
        ShownCategory(category.position, category.name, category.name_en, category.row_count) for category in counted
    ]
    scope = MetricScope(on=on)
    readings = readings_of(metrics_visible_to(None, on=on)[:FIGURES], scope)
    shown = [reading for reading in readings if reading.value is not None]
    return PublicHome(version, categories, shown, version.rows.count())


def roles_shown(user: User, *, on: date) -> list[RoleAssignment]:
    """The roles that somebody holds today, for the greeting."""
    return sorted(assignments_of(user, on), key=lambda held: (held.starts_on, held.pk))
