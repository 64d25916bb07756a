"""基础数据: what every installation holds from its first start (units, code lists), loaded when new or changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chuangju.kernel.installation import this_installation
from chuangju.kernel.registry import Registry


@dataclass(frozen=True)
class ReferenceData:
    """One package's reference data; `version` tells when it has to be loaded again."""

    name: str
    load: Callable[[datetime], None]
    order: int
    version: str


reference_sets: Registry[str, ReferenceData] = Registry("reference_data")


def register_reference_data(name: str, load: Callable[[datetime], None], order: int, *, version: str = "1") -> None:
    """Add reference data; `load(at)` may run again on a filled database, so it adds and mends, never doubles."""
    reference_sets.register(name, ReferenceData(name, load, order, version))


def load_reference_data(*, at: datetime) -> list[str]:
    """Load what is new or has a new version, in order, and say which."""
    loaded = this_installation().loaded
    fresh = [
        data
        for data in sorted(reference_sets.values(), key=lambda data: (data.order, data.name))
        if loaded.get(f"reference:{data.name}") != data.version
    ]
    for data in fresh:
        _load_one(data, at)
    return [data.name for data in fresh]


@transaction.atomic
def _load_one(data: ReferenceData, at: datetime) -> None:
    data.load(at)
    installation = this_installation()
    installation.loaded[f"reference:{data.name}"] = data.version
    installation.save(update_fields=["loaded"])
