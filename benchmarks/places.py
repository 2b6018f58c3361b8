"""Where the benchmark keeps its sample, its environments and its figures.

Nothing heavy is imported here or by what measures: a process begins with the memory of the one that
started it, and the peak that the system reports for it would never be below that.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DATA = HERE / "data"
ENVIRONMENTS = HERE / ".venv"
RESULTS = HERE / "results.json"
PAGE = ROOT / "docs" / "performance.md"


def surroundings() -> dict[str, str]:
    """Return the environment variables of whatever is run here.

    Python keeps its compiled modules, as it does for everybody who installed it: where that is
    switched off, a start takes a second longer, and only ours, as pip compiles what it installs.
    Narrow help cuts names of options short.
    """
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "COLUMNS": "200"}


@dataclass(frozen=True)
class Sample:
    """The files of one size: `folder` is named by the number of sales."""

    folder: Path

    @property
    def rows(self) -> int:
        """Return the number of sales, about that of rows a side."""
        return int(self.folder.name)

    @property
    def leads(self) -> Path:
        """Return the lead export."""
        return self.folder / "leads.csv"

    @property
    def events(self) -> Path:
        """Return the event export."""
        return self.folder / "events.csv"

    @property
    def claims(self) -> list[Path]:
        """Return the reports, one per buyer."""
        return sorted(self.folder.glob("claims_*.csv"))

    @property
    def inputs(self) -> list[Path]:
        """Return every file that a comparison reads in full."""
        return [self.leads, self.events, *self.claims]

    @property
    def settings(self) -> Path:
        """Return the event settings."""
        return self.folder / "settings.csv"

    @property
    def params(self) -> Path:
        """Return the parameters of the run."""
        return self.folder / "params.toml"

    @property
    def store(self) -> Path:
        """Return the warehouse: all rows, the last day's imported after a first run."""
        return self.folder / "store"

    @property
    def scratch(self) -> Path:
        """Return the folder of what one measurement writes."""
        return self.folder / "scratch"
