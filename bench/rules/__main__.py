"""The engine of rules measured against its peers, in one go: speed, processor time, memory, and whether results are equal.

Run as `python bench/rules` (1,000,000 enterprises), `python bench/rules growth` (10,000 to 10,000,000), and once
before as `python bench/rules install` for the peers' environment. Files go to var/bench.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.rules.ours import ON, policies  # noqa: E402 - the path above comes first
from chuangju.rules.bulk.run import match  # noqa: E402 - as above

HERE = Path(__file__).parent
FOLDER = ROOT / "var" / "bench"
PEERS = ROOT / ".venv-bench"
ROWS = 1_000_000
_FEW_ROWS, _SOME_ROWS = 20_000, 100_000
_SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
Found = dict[str, Any]


def install() -> None:
    """The peers' environment."""
    subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
    command = [PEERS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "-r", HERE / "requirements.in"], check=True)


def run_part(python: Path | str, *arguments: str | Path) -> list[Found]:
    """What a program tells, in a process of its own."""
    finished = subprocess.run([python, *arguments], check=True, capture_output=True, text=True, cwd=ROOT)
    return [json.loads(line) for line in finished.stdout.splitlines()]


def made(rows: int) -> Path:
    """A register of so many; made in a process of its own, whose memory would else count for those that follow."""
    register = FOLDER / f"register-{rows}.parquet"
    run_part(sys.executable, HERE / "ours.py", "make", register)
    return register


def show(found: Found, base: float, rows: int) -> None:
    """One line: seconds, processor, decisions a second, memory, and how many times as long as the first line."""
    count = found.get("rows", rows) * len(policies())
    speed = count / found["wall"] / 1e6
    share = (found["wall"] / count) / base
    print(
        f"{found['what']:<40}{found['wall']:8.3f} s{found['cpu']:8.3f} s cpu{speed:9.3f} M/s"
        f"{found['peak_mb']:7d} MB{share:9.2f}x"
    )


def compare(name: str, register: Path, file: Path, rows: int) -> None:
    """Where we know: the same people, the same amounts; where we do not: what the peer said all the same."""
    ours = match(pl.scan_parquet(register).head(rows).collect(), policies(), on=ON).frame
    theirs = pl.read_parquet(file)
    differing = unfounded = off = most = 0
    for policy in policies():
        verdict, amount = ours[f"{policy.id}.verdict"], ours[f"{policy.id}.amount"]
        if f"{policy.id}_amount" in theirs.columns:
            has, paid = theirs[policy.id], theirs[f"{policy.id}_amount"]
        else:
            paid = theirs[policy.id]
            has = (paid.fill_null(-1) >= 0).alias("has")
        known, eligible = verdict != "unknown", verdict == "eligible"
        unfounded += (~known).sum()
        differing += (known & (has != eligible)).sum()
        gap = (paid.cast(pl.Int64) - amount).filter(eligible & has).abs().drop_nulls()
        off += (gap > 0).sum()
        most = max(most, int(gap.max() or 0))  # type: ignore[call-overload]
    print(
        f"{name:<40}verdicts that differ where known: {differing}; amounts off: {off} (at most {most} fen); "
        f"answers where we say unknown: {unfounded}"
    )


def measure_all() -> None:
    """The table, in one run: ours, then each peer, then whether results are equal."""
    register = made(ROWS)
    names = ("plain", "plain_file", "near", "match", "file", "written", "answer", "sweep")
    ours = {name: run_part(sys.executable, HERE / "ours.py", name, register)[0] for name in names}
    base = ours["plain"]["wall"] / (ROWS * len(policies()))
    print(f"{ROWS:,} enterprises, {len(policies())} policies, 58 conditions, 26 columns; load {os.getloadavg()[0]:.1f}")
    for found in list(ours.values())[:6]:
        show(found, base, ROWS)
    peers: list[tuple[str, Path | str, list[str | Path], int]] = [
        ("plain Polars", sys.executable, [HERE / "plain_peers.py", "polars", register, str(ROWS)], ROWS),
        ("plain Python rows", sys.executable, [HERE / "plain_peers.py", "rows", register, str(_SOME_ROWS)], _SOME_ROWS),
        ("OpenFisca-Core", PEERS / "bin" / "python", [HERE / "peer_openfisca.py", register], ROWS),
        ("zen-engine", PEERS / "bin" / "python", [HERE / "peer_zen.py", register, str(_FEW_ROWS)], _FEW_ROWS),
    ]
    traced = None
    for name, python, arguments, _ in peers:
        for found in run_part(python, *arguments, FOLDER / f"{name}.parquet"):
            if "trace" in found["what"]:
                traced = found
            else:
                show(found, base, ROWS)
    plain = ours["plain"]["cpu"]
    print(f"\nnear misses beside the plain pass: {ours['near']['cpu'] / plain:.2f}x of its processor time")
    print(f"five verdicts, what fails, what is missing: {ours['match']['cpu'] / plain:.2f}x")
    print(
        f"one explained answer, 10 policies: {ours['answer']['wall'] * 1000:.3f} ms; zen-engine with its trace: {traced['wall'] * 1000 if traced else 0:.3f} ms"
    )
    print(f"sweep of 20 values over {ROWS:,}: {ours['sweep']['wall']:.3f} s\n")
    for name, _, _, rows in peers:
        compare(name, register, FOLDER / f"{name}.parquet", rows)


def measure_growth() -> None:
    """From ten thousand to ten million: seconds, memory, and the exponent by which they grow."""
    for part in ("plain_counted", "counted", "written"):
        points = []
        for rows in _SIZES:
            register = made(rows)
            found = run_part(sys.executable, HERE / "ours.py", part, register)[0]
            points.append((rows, found["cpu"]))
            print(
                f"{found['what']:<40}{rows:>12,}{found['wall']:9.3f} s{found['cpu']:9.3f} s cpu{found['peak_mb']:7d} MB",
                flush=True,
            )
        (small, early), (large, late) = points[-2], points[-1]
        print(f"{'':<40}exponent from {small:,} to {large:,}: {math.log(late / early) / math.log(large / small):.3f}\n")


def main() -> None:
    """What was asked for."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked == "install":
        install()
    elif asked == "growth":
        measure_growth()
    elif not asked:
        if not PEERS.exists():
            install()
        measure_all()
    else:
        print("python bench/rules [install|growth]", file=sys.stderr)
        raise SystemExit(2)


if __name__ == "__main__":
    main()
