"""How long tables take to read: the district's own, and made ones of 2,000 rows, each through the whole command.

Run as `python bench/table.py`.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.synthetic_table import write_table  # noqa: E402 - the path above comes first

ROWS = 2_000
RUNS = 3


def time_command(file: Path) -> float:
    """Seconds of `chuangju table FILE --json`, the best of some runs."""
    command = [sys.executable, "-m", "config.cli", "table", str(file), "--json"]
    best = float("inf")
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - begun)
    return best


def report(what: str, seconds: float, goal: float | None = None) -> None:
    """One line of the report."""
    print(f"{what:<40}{seconds:7.2f} s" + (f"   goal {goal:g} s" if goal else ""))


def main() -> None:
    """Print one line for each file."""
    report("table minhang.txt, 22 rows", time_command(ROOT / "chuangju" / "programme" / "data" / "minhang.txt"), 2)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".docx", ".xlsx"):
            begun = time.perf_counter()
            file = write_table(Path(folder) / f"table{suffix}", ROWS)
            report(f"write {suffix}, {ROWS} rows", time.perf_counter() - begun)
            report(f"table {suffix}, {ROWS} rows, {file.stat().st_size // 1024} KB", time_command(file), 5)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{'most memory of one process':<40}{megabytes:7d} MB")


if __name__ == "__main__":
    main()
