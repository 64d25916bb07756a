"""基础数据: what every installation holds from its first start (units, code lists), loaded when new or changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chuangju.kernel.installation import load_once
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
    in_order = sorted(reference_sets.values(), key=lambda data: (data.order, data.name))
    return [
        data.name
        for data in in_order
        if load_once(f"reference:{data.name}", partial(data.load, at), version=data.version)
    ]
