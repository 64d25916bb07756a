"""Run by the Python of Spark's own environment: one statement over one Parquet file; nothing of ours is imported here."""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main() -> None:
    """Read the task from standard input, and write what the statement finds as Parquet."""
    SparkSession = import_module("pyspark.sql").SparkSession  # noqa: N806 - a class; only in its own environment is it there

    task = json.load(sys.stdin)
    settings = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": task["scratch"],
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.warehouse.dir": f"{task['scratch']}/warehouse",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
        "spark.sql.shuffle.partitions": "2",
        "spark.log.level": "ERROR",
        # Steps stay steps: put into one another they would grow beyond what can be compiled.
        "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
        "spark.sql.codegen.wholeStage": "false",
    }
    builder = SparkSession.builder.appName("chuangju")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        session.read.parquet(task["register"]).createOrReplaceTempView("register")
        session.sql(task["statement"]).write.mode("overwrite").parquet(task["found"])
    finally:
        session.stop()


if __name__ == "__main__":
    main()
