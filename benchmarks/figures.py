"""The file of figures: what was measured at which size, on which machine, by which versions."""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.environments import PINS
from benchmarks.measuring import Taken

Results = dict[str, Any]
OURS = ("duckdb", "pyarrow")


def load(path: Path) -> Results:
    """Return the kept figures, or none."""
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {"sizes": {}}


def save(path: Path, results: Results) -> None:
    """Keep the figures, sizes and names in order, so that two versions can be compared."""
    text = json.dumps(results, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def figures(taken: list[Taken]) -> dict[str, Any]:
    """Return the best and the median of several measurements of one job."""
    names = taken[0].keys()
    return {
        "times": len(taken),
        "best": {name: round(min(one[name] for one in taken), 3) for name in names},
        "median": {name: round(median(one[name] for one in taken), 3) for name in names},
    }


def machine() -> dict[str, Any]:
    """Return what the figures depend on, without a name or a path."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cores": cores, "memory_gb": round(memory / 1e9, 1), "system": sys.platform}


def versions() -> dict[str, str]:
    """Return the versions of what does the work, ours and the other tools'."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    found |= {name: version(name) for name in OURS}
    for environment, pins in PINS.items():
        lines = [line for line in pins.read_text("utf-8").splitlines() if "==" in line]
        for name, _, number in (line.partition("==") for line in lines):
            if name in ("pandas", "polars", "datacompy"):
                found[f"{name} ({environment})"] = number
    return found
