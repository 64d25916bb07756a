"""单位名称 - how units that policy files name in Chinese are called in English, by any name they have borne."""

from __future__ import annotations

from chuangju.units.models import UnitName


def english_names() -> dict[str, str]:
    """Each name in the register with the English name of its unit; one query."""
    rows = UnitName.objects.exclude(unit__name_en="").order_by("pk").values_list("name", "unit__name_en")
    return dict(rows)
