"""Where the rows of a run come from: a Parquet file read in pieces, or a frame in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from chuangju.rules.bulk.decisions import CannotDecide
from chuangju.rules.bulk.shapes import Faults, Survey, clean, is_text, survey
from chuangju.rules.facts import Fact

# So many rows are decided at a time: enough to keep two cores busy, few enough for a small machine.
PIECE = 500_000
KEY = "id"


class Source:
    """A register, opened: how many rows it has, and which of the facts asked for."""

    def __init__(
        self,
        source: Path | str | pl.DataFrame,
        facts: Sequence[Fact],
        *,
        beside: Sequence[str] = (),
        narrow: bool = True,
    ) -> None:
        """Look at the register's columns, and for those wanted beside; raises CannotDecide for what is no register.

        SQL counts in the width of its columns, so that it may not have them `narrow`.
        """
        self.path = None if isinstance(source, pl.DataFrame) else Path(source)
        self._lazy = _opened(source)
        schema = self._lazy.collect_schema()
        if KEY not in schema:
            raise CannotDecide("企业名录没有 id 列。")
        if not (is_text(schema[KEY]) or schema[KEY].is_integer()):
            raise CannotDecide(f"企业名录的 id 列的类型是 {schema[KEY]}，不是文字。")
        self.survey: Survey = survey(schema, [fact for fact in facts if fact.key != KEY], narrow=narrow)
        self.faults = Faults()
        self.beside = tuple(name for name in beside if name in schema)
        asked = {fact.key for fact in self.survey.facts}
        more = [pl.col(name) for name in self.beside if name not in asked]
        self._wanted = [pl.col(KEY).cast(pl.String), *self.survey.keep, *more]
        self.rows = int(self._lazy.select(pl.len()).collect().item())

    @property
    def is_plain(self) -> bool:
        """Whether every column can be taken as it stands in the file; looks at all of its values."""
        for _ in self.pieces():
            if self.faults.counts:
                break
        is_plain = not self.faults.counts and all(one.meta.is_column() for one in self.survey.keep)
        self.faults.counts.clear()
        return is_plain and self._lazy.collect_schema()[KEY] == pl.String

    @property
    def warnings(self) -> list[str]:
        """What of the register was not taken as it stands."""
        return [*self.survey.warnings, *self.faults.sentences()]

    def pieces(self) -> Iterator[pl.DataFrame]:
        """The rows in their order, cleaned, so many at a time."""
        for begin in range(0, max(self.rows, 1), PIECE):
            part = self._lazy.slice(begin, PIECE) if self.rows > PIECE else self._lazy
            try:
                frame = part.select(self._wanted).collect()
            except (pl.exceptions.PolarsError, OSError) as problem:
                raise CannotDecide("企业名录不是完整的 Parquet 文件。") from problem
            yield clean(frame, self.survey.facts, self.faults)


def _opened(source: Path | str | pl.DataFrame) -> pl.LazyFrame:
    if isinstance(source, pl.DataFrame):
        return source.lazy()
    path = Path(source)
    if not path.is_file():
        raise CannotDecide(f"没有文件 {path.name}。")
    try:
        lazy = pl.scan_parquet(path, glob=False)
        lazy.collect_schema()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as problem:
        raise CannotDecide(f"{path.name} 不是完整的 Parquet 文件。") from problem
    return lazy
