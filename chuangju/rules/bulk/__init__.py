"""成批计算 - whole registers decided and simulated: the trees of a policy as columns (Polars) and as SQL (DuckDB, Spark)."""
