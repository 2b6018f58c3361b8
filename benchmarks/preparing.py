"""What is made once per size, before anything is measured: the sample, the warehouse, the truth."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.places import ROOT, Sample, surroundings

RECONCILE = [sys.executable, "-m", "reconcile"]
JOB = [sys.executable, "-m", "benchmarks", "job"]
UNCHANGING = (".parquet",)
"""Files of a warehouse that may be shared by its copies."""


def make_sample(sample: Sample) -> None:
    """Make the files of a size unless they are there."""
    if (sample.folder / "labels.csv").is_file():
        return
    print(f"making a sample of {sample.rows:,} sales")
    quietly([*RECONCILE, "sample", "--rows", str(sample.rows), "--to", str(sample.folder)])


def make_store(sample: Sample) -> None:
    """Make the warehouse of a size unless it is there.

    All rows but the last hundredth are imported, each buyer's report as its sender's, and a run is
    made; then the last hundredth is imported, as a day's files would be.
    """
    if sample.store.is_dir():
        return
    print(f"importing {sample.rows:,} sales")
    aside = sample.folder / "store-in-the-making"
    shutil.rmtree(aside, ignore_errors=True)
    parts = sample.folder / "parts"
    quietly([*JOB, "split", str(sample.folder)])
    home = ["--home", str(aside)]
    quietly([*RECONCILE, "settings", str(sample.settings), *home])
    quietly([*RECONCILE, "import", str(sample.leads), "--kind", "lead", *home])
    for part in ("first", "last"):
        for command in _imports(parts / part):
            quietly([*command, *home])
        if part == "first":
            quietly([*RECONCILE, "run", "--params", str(sample.params), *home], fine=(0, 1))
    shutil.rmtree(parts)
    aside.rename(sample.store)
    quietly([*JOB, "list_store", str(sample.folder)])


def _imports(folder: Path) -> list[list[str]]:
    events = [*RECONCILE, "import", str(folder / "events.csv"), "--kind", "event"]
    claims = [
        [*RECONCILE, "import", str(path), "--kind", "claim", "--sender", path.stem]
        for path in sorted(folder.glob("claims_*.csv"))
    ]
    return [events, *claims]


def make_truth(sample: Sample) -> None:
    """Count the sample by plain Python unless that was done."""
    if not (sample.folder / "truth.json").is_file():
        print(f"counting {sample.rows:,} sales by plain Python")
        quietly([*JOB, "truth", str(sample.folder)])


def empty_scratch(sample: Sample) -> None:
    """Make the folder of what a measurement writes, without what the one before wrote."""
    shutil.rmtree(sample.scratch, ignore_errors=True)
    sample.scratch.mkdir(parents=True)


def copy_store(sample: Sample) -> None:
    """Give a measurement a warehouse of its own; Parquet files are shared, they never change."""
    empty_scratch(sample)
    shutil.copytree(sample.store, sample.scratch / "home", copy_function=_link_or_copy)


def _link_or_copy(one: str, other: str) -> str:
    if one.endswith(UNCHANGING):
        os.link(one, other)
        return other
    return str(shutil.copy2(one, other))


def quietly(command: list[str], *, fine: tuple[int, ...] = (0,)) -> None:
    """Run a command whose output is shown only if it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings(), check=False, capture_output=True, text=True
    )
    if done.returncode not in fine:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
