"""检索 - indicators are found by their names and definitions; they stand in code, so they are a short list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.indicators.metrics import metrics_visible_to
from chuangju.kernel.search import ListedItem, SearchList
from chuangju.units.access import is_staff_member


def _metrics(user: Any) -> Iterator[ListedItem]:
    """The pages of indicators are the staff side's."""
    on = timezone.localdate()
    for metric in metrics_visible_to(user, on=on) if is_staff_member(user, on) else ():
        address = reverse("indicators:indicator_detail", args=(metric.key,))
        yield ListedItem(str(metric.label), address, str(metric.definition))


LIST = SearchList("indicators.metric", _("指标"), _metrics)
