"""`python -m benchmarks`: the one-shot comparison against merely reading its files.

Each measurement is a process of its own, the two taking turns, because machines are noisy; what
counts is the ratio of the best times. The sample is made once and kept in the folder given.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from reconcile import sample

HERE = Path(__file__).resolve().parent
SCAN = "select count(columns(*)) from read_csv($path)"


def main() -> None:
    """Measure, print and keep the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--folder", type=Path, default=HERE / "data")
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--only", choices=("scan",))
    given = asked.parse_args()
    folder = given.folder / str(given.rows)
    if given.only == "scan":
        scan(folder)
        return
    if not (folder / "labels.csv").is_file():
        sample(folder, rows=given.rows)
    jobs = {"scan": _scan_command(given), "compare": _compare_command(folder)}
    figures = {name: _Figures() for name in jobs}
    for _ in range(given.times):
        for name, command in jobs.items():
            figures[name].add(command)
    report = {name: taken.best() for name, taken in figures.items()}
    ratio = report["compare"]["seconds"] / report["scan"]["seconds"]
    print(json.dumps({"rows": given.rows, **report, "ratio": round(ratio, 1)}, indent=2))


def scan(folder: Path) -> None:
    """Read every cell of the sample's files as DuckDB reads them by itself, and count the rows."""
    for path in _inputs(folder):
        duckdb.connect().execute(SCAN, {"path": str(path)}).fetchall()


class _Figures:
    """Wall and CPU seconds and peak memory of a command, over several runs."""

    def __init__(self) -> None:
        self._taken: list[dict[str, float]] = []

    def add(self, command: list[str]) -> None:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self._taken.append({"seconds": time.perf_counter() - began, "cpu": cpu})

    def best(self) -> dict[str, float]:
        return {
            name: round(min(taken[name] for taken in self._taken), 2) for name in ("seconds", "cpu")
        }


def _inputs(folder: Path) -> list[Path]:
    return [folder / "leads.csv", folder / "events.csv", *sorted(folder.glob("claims_*.csv"))]


def _scan_command(given: argparse.Namespace) -> list[str]:
    own = [sys.executable, "-m", "benchmarks", "--only", "scan"]
    return [*own, "--rows", str(given.rows), "--folder", str(given.folder)]


def _compare_command(folder: Path) -> list[str]:
    command = [sys.executable, "-m", "reconcile", "compare", "--out", str(folder / "out")]
    command += ["--params", str(folder / "params.toml"), "--settings", str(folder / "settings.csv")]
    command += ["--leads", str(folder / "leads.csv"), "--events", str(folder / "events.csv")]
    for path in sorted(folder.glob("claims_*.csv")):
        command += ["--claims", str(path)]
    return command


if __name__ == "__main__":
    main()
