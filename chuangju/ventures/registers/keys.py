"""Keys of enterprises as they are kept: the same number written in two ways is one."""

from __future__ import annotations

import polars as pl


def even_out_keys(keys: pl.Series) -> pl.Series:
    """Keys without blanks and differences of width; credit codes in capitals."""
    if keys.dtype != pl.String:
        return keys
    plain = keys.str.normalize("NFKC").str.replace_all(r"\s+", "").alias("key")
    is_code = pl.col("key").str.contains(r"^[0-9A-Za-z]{18}$")
    return plain.to_frame().select(pl.when(is_code).then(pl.col("key").str.to_uppercase()).otherwise("key")).to_series()
