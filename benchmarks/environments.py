"""Environments of the other tools: made once, and anew when their pins change."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.places import ENVIRONMENTS, HERE

OURS, NEWEST, DATACOMPY = "ours", "newest", "datacompy"
PINS = {
    NEWEST: HERE / "requirements-newest.txt",
    DATACOMPY: HERE / "requirements-datacompy.txt",
}
"""datacompy needs older releases of pandas and polars, so that the newest have their own."""


def python_of(name: str, pinned: Path | None = None) -> str:
    """Return the interpreter of an environment, making that if it is not there as pinned."""
    if name == OURS:
        return sys.executable
    pinned = pinned or PINS[name]
    folder, pins = ENVIRONMENTS / name, pinned.read_text("utf-8")
    made_of, python = folder / "made-of.txt", folder / "bin" / "python"
    if not made_of.is_file() or made_of.read_text("utf-8") != pins:
        _make(folder, python, pinned)
        made_of.write_text(pins, encoding="utf-8")
    return str(python)


def _make(folder: Path, python: Path, pins: Path) -> None:
    print(f"making {folder.relative_to(HERE)} (about a minute, only when its pins changed)")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "-r", str(pins)]
    done = subprocess.run(install, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stderr}{pins.name} could not be installed.")
