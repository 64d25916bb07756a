"""Run by the Python of Spark's own environment: statements over one Parquet file; nothing of ours is imported here.

The task is one line on standard input, which stays open: when it closes, whoever asked is gone, and Spark ends with it.
What was used is written beside what was found.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

_SETTINGS = {
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.shuffle.partitions": "2",
    "spark.log.level": "ERROR",
    # Steps stay steps: put into one another they would grow beyond what can be compiled.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    "spark.sql.codegen.wholeStage": "false",
    # Making ready takes longer than the rows: a compiler that thinks less halves the work.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss8m",
}


def main() -> None:
    """Read the task, and write what each statement finds as Parquet."""
    task = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    session = _session(task["scratch"])
    java = session.sparkContext._gateway.proc.pid  # noqa: SLF001 - nothing else names it
    try:
        session.read.parquet(task["register"]).createOrReplaceTempView("register")
        for place, statement in enumerate(task["statements"]):
            session.sql(statement).write.mode("overwrite").parquet(f"{task['found']}/{place}")
        used = _peak_kilobytes(java) + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        Path(task["used"]).write_text(json.dumps({"kilobytes": used}), "utf-8")
    finally:
        session.stop()


def _end_with_who_asked() -> None:
    """Java stands in the same group of processes."""
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


def _session(scratch: str) -> Any:
    builder = import_module("pyspark.sql").SparkSession.builder.appName("chuangju")
    more = {"spark.local.dir": scratch, "spark.sql.warehouse.dir": f"{scratch}/warehouse"}
    for name, value in (_SETTINGS | more).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _peak_kilobytes(process: int) -> int:
    """The most memory that a process has had so far, as far as the system tells."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
