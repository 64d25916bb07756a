"""script/spark: Spark in an environment of its own."""

from __future__ import annotations

from say import run_command, tell
from spark import provide_spark


def main() -> int:
    """Install it unless it stands."""
    provide_spark()
    tell("Spark 已就绪：script/chuangju match … --engine spark", "Spark is ready")
    return 0


if __name__ == "__main__":
    run_command(main)
