"""检索 - panels and score sheets as staff find them; never what assessors gave, nor subjects of blind panels."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.search import SearchSource
from chuangju.scoring.access import READERS, panels_visible_to, sheets_visible_to
from chuangju.scoring.lists import PANEL_SOURCE
from chuangju.scoring.models import Panel, ScoreSheet
from chuangju.units.access import Visitor, has_role


def _panels(user: Visitor) -> QuerySet[Panel]:
    return panels_visible_to(user, timezone.localdate())


def _sheets(user: Visitor) -> QuerySet[ScoreSheet]:
    """Their pages are for whoever has to do with panels."""
    on = timezone.localdate()
    found = sheets_visible_to(user, on)
    return found if has_role(user, *READERS, on=on) else found.none()


SOURCES = (
    SearchSource(
        key=PANEL_SOURCE,
        label=_("评审"),
        model=Panel,
        visible_to=_panels,
        title=lambda panel: panel.title,
        address=lambda panel: reverse("scoring:panel_detail", args=(panel.pk,)),
        text=lambda panel: f"{panel.sheet.title} {panel.unit.name}",
        names=lambda panel: [panel.title],
        records=lambda: Panel.objects.select_related("sheet", "unit"),
    ),
    SearchSource(
        key="scoring.sheet",
        label=_("评分表"),
        model=ScoreSheet,
        visible_to=_sheets,
        title=lambda sheet: sheet.shown_title,
        address=lambda sheet: reverse("scoring:sheet_detail", args=(sheet.pk,)),
        text=lambda sheet: f"{sheet.summary} {' '.join(row['label'] for row in sheet.criteria)}",
        names=lambda sheet: [sheet.title],
    ),
)
