"""匹配结果的读取 - the decisions of a run as rows for lists, read page by page from its file; no row of it is in the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangju.policies.match_runs import decisions_path, run_folder
from chuangju.policies.models import MatchRun

if TYPE_CHECKING:
    import polars as pl

ENTERPRISES = "enterprises.parquet"
GROUP_COLUMNS = {"town": "town", "industry": "industry_section", "size": "size_class"}


@dataclass(frozen=True)
class DecisionRow:
    """One enterprise of a run: with a policy its verdict and amount, else how many it qualifies for and for how much."""

    id: str
    name: str
    town: str
    industry: str
    size: str
    verdict: str = ""
    amount: int | None = None
    eligible: int = 0
    near: int = 0
    sample: int = 0


@dataclass(frozen=True)
class DecisionRows:
    """A selection of the enterprises of a run, in one order; asks the file only for the page that is shown."""

    decisions: Path
    enterprises: Path
    # A policy's id; empty for all of them together.
    policy: str = ""
    ids: tuple[tuple[str, bool], ...] = ()
    verdict: str = ""
    bit: int | None = None
    groups: tuple[tuple[str, str], ...] = ()
    text: str = ""

    def narrowed(self, **changes: Any) -> DecisionRows:
        """The same with a further condition."""
        return replace(self, **changes)

    def in_group(self, kind: str, code: str) -> DecisionRows:
        """Only those of a town, an industry or a size (`-`: not told)."""
        return replace(self, groups=(*self.groups, (kind, code)))

    def _lazy(self) -> pl.LazyFrame:
        import polars as pl  # noqa: PLC0415 - weighs 60 MB on a process that never reads decisions

        decisions = pl.scan_parquet(self.decisions, glob=False)
        who = pl.scan_parquet(self.enterprises, glob=False)
        decided = decisions.select(self._columns())
        lazy = pl.concat([who, decided], how="horizontal")
        if self.verdict:
            lazy = lazy.filter(pl.col("verdict") == self.verdict)
        if self.bit is not None:
            lazy = lazy.filter(pl.col("failed") == (1 << self.bit))
        for kind, code in self.groups:
            column = pl.col(GROUP_COLUMNS[kind])
            lazy = lazy.filter(column.is_null() if code == "-" else column == code)
        if self.text:
            word = self.text.upper()
            holds = pl.col("name").str.contains(self.text, literal=True) | (pl.col("id") == word)
            lazy = lazy.filter(holds)
        return lazy

    def _columns(self) -> list[pl.Expr]:
        import polars as pl  # noqa: PLC0415 - as above

        if self.policy:
            return [
                pl.col(f"{self.policy}.verdict").cast(pl.String).alias("verdict"),
                pl.col(f"{self.policy}.amount").alias("amount"),
                pl.col(f"{self.policy}.failed").cast(pl.Int64).alias("failed"),
            ]
        zero = pl.lit(0, dtype=pl.Int64)
        yes = [(pl.col(f"{one}.verdict") == "eligible") for one, _is_sample in self.ids]
        money = [(pl.col(f"{one}.amount").fill_null(0), is_sample) for one, is_sample in self.ids]
        return [
            sum((one.cast(pl.Int64) for one in yes), zero).alias("eligible"),
            sum(((pl.col(f"{one}.verdict") == "near_miss").cast(pl.Int64) for one, _s in self.ids), zero).alias("near"),
            sum((one for one, is_sample in money if not is_sample), zero).alias("amount"),
            sum((one for one, is_sample in money if is_sample), zero).alias("sample"),
        ]

    def __len__(self) -> int:
        import polars as pl  # noqa: PLC0415 - as above

        return int(self._lazy().select(pl.len()).collect().item())

    def count(self) -> int:
        """How many; what a paginator asks for."""
        return len(self)

    def __getitem__(self, wanted: slice) -> list[DecisionRow]:
        start, stop = wanted.start or 0, wanted.stop
        frame = self._ordered().slice(start, None if stop is None else max(0, stop - start)).collect()
        return [_row(one) for one in frame.iter_rows(named=True)]

    def __iter__(self) -> Iterator[DecisionRow]:
        for one in self._ordered().collect().iter_rows(named=True):
            yield _row(one)

    def _ordered(self) -> pl.LazyFrame:
        first = ["amount"] if self.policy else ["eligible", "amount"]
        descending = [*(True for _one in first), False]
        return self._lazy().sort([*first, "id"], descending=descending, nulls_last=True)


def _row(found: dict[str, Any]) -> DecisionRow:
    return DecisionRow(
        id=found["id"],
        name=found["name"] or found["id"],
        town=found["town"] or "",
        industry=found["industry_section"] or "",
        size=found["size_class"] or "",
        verdict=found.get("verdict") or "",
        amount=found["amount"],
        eligible=found.get("eligible") or 0,
        near=found.get("near") or 0,
        sample=found.get("sample") or 0,
    )


def decision_rows(run: MatchRun, policy: str = "") -> DecisionRows:
    """The enterprises of a finished run; raises MatchRefused where its file is gone."""
    policies = run.counted["policies"]
    ids = tuple(
        (one, entry["confidence"] == "sample")
        for one, entry in policies.items()
        if entry["amount_unit"] in {"money", ""}
    )
    return DecisionRows(decisions_path(run), run_folder(run) / ENTERPRISES, policy, ids)
