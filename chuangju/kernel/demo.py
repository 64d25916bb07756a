"""演示数据: each package registers how to fill an empty database with a small, believable set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chuangju.kernel.installation import load_once, mark_demo
from chuangju.kernel.registry import Registry
from chuangju.kernel.search_deferral import indexing_at_the_end


@dataclass(frozen=True)
class DemoSet:
    """One package's demo data; lower orders are loaded first."""

    name: str
    load: Callable[[datetime], None]
    order: int


demo_sets: Registry[str, DemoSet] = Registry("demo_sets")


def register_demo(name: str, load: Callable[[datetime], None], *, order: int) -> None:
    """Add a demo set; `load(at)` runs once per database, after the sets of lower order."""
    demo_sets.register(name, DemoSet(name, load, order))


def load_demo(*, at: datetime) -> list[str]:
    """Load what is not loaded yet and say which; raises DemoRefused on a database in real use."""
    mark_demo(at=at)
    in_order = sorted(demo_sets.values(), key=lambda demo: (demo.order, demo.name))
    return [demo.name for demo in in_order if load_once(f"demo:{demo.name}", partial(_load, demo, at))]


def _load(demo: DemoSet, at: datetime) -> None:
    with indexing_at_the_end():
        demo.load(at)
