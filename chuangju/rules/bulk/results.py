"""What a run over a register gives: decisions, what their bits mean, and the sum of it by policy."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from chuangju.rules.bulk.widths import WORKED, widened
from chuangju.rules.program import VERDICTS

DECISIONS, LEGEND = "decisions.parquet", "legend.json"
VERDICT = pl.Enum(VERDICTS)
Summary = dict[str, dict[str, int]]


@dataclass(slots=True)
class Decisions:
    """Every decision of a run: as a frame, or in the file `path` where they were written.

    `held` keeps amounts in 32 bits where they fit; `frame` has them in 64, so that anybody may add them up.
    """

    rows: int
    policies: tuple[str, ...]
    engine: str
    by_policy: Summary
    legend: Mapping[str, Any]
    seconds: float = 0.0
    peak_mb: int = 0
    warnings: list[str] = field(default_factory=list)
    path: Path | None = None
    held: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def frame(self) -> pl.DataFrame:
        """`id` and for each policy ID.verdict, ID.amount (fen), ID.failed and ID.missing (bits by `legend`)."""
        return pl.read_parquet(self.path) if self.path is not None else widened(self.held, self.policies)

    def as_json(self) -> dict[str, Any]:
        """As formats.md says."""
        count = self.rows * len(self.policies)
        return {
            "rows": self.rows,
            "policies": len(self.policies),
            "decisions": count,
            "seconds": round(self.seconds, 4),
            "decisions_per_second": round(count / self.seconds) if self.seconds else 0,
            "peak_mb": self.peak_mb,
            "engine": self.engine,
            "by_policy": self.by_policy,
        }


def empty_summary(policies: Sequence[str]) -> Summary:
    """Nobody yet."""
    return {name: dict.fromkeys((*VERDICTS, "amount"), 0) for name in policies}


def add_to_summary(summary: Summary, decided: pl.DataFrame) -> None:
    """Count the rows of a batch by policy and verdict, and add up what the eligible would get."""
    counts = decided.select(
        pl.struct(
            *((pl.col(f"{name}.verdict") == word).sum().alias(word) for word in VERDICTS),
            pl.col(f"{name}.amount").cast(WORKED).sum().alias("amount"),
        ).alias(name)
        for name in summary
    ).row(0, named=True)
    for name, found in counts.items():
        for key, number in found.items():
            summary[name][key] += number or 0


def write_legend(folder: Path, legend: Mapping[str, Any]) -> None:
    """What the bits mean, beside the decisions."""
    (folder / LEGEND).write_text(json.dumps(legend, ensure_ascii=False, indent=2) + "\n", "utf-8")


def peak_megabytes() -> int:
    """The most memory this process has had so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1_048_576 if sys.platform == "darwin" else 1_024)
