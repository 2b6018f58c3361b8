"""Where typed rows go: a table of the engine, or Parquet files that a caller owns."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from reconcile.engine import Engine, Steps
from reconcile.warehouse.records import glob_free

STAGED = "staged_row"

Params = dict[str, object]
Row = tuple[Any, ...]


class Sink(Protocol):
    """Takes the rows of one file, part by part."""

    parts: list[Path]
    writes_files: bool

    def write(self, engine: Engine, asked: Steps, params: Params) -> int:
        """Take the rows of an answer; return their number. If it fails, nothing was taken."""

    def take_back(self) -> None:
        """Give up what the last `write` took."""

    def missing(self, engine: Engine, first: int, end: int) -> list[Row]:
        """Return the line numbers from `first` to before `end` that the last `write` took not."""

    def show(self, engine: Engine) -> None:
        """Make all rows readable as `staged_row`."""

    def publish(self, engine: Engine, into: str) -> None:
        """Append them to the engine's table of their kind, if that is where they go."""


class TableSink:
    """Rows stay in the engine."""

    writes_files = False

    def __init__(self) -> None:
        self.parts: list[Path] = []

    def write(self, engine: Engine, asked: Steps, params: Params) -> int:
        """Take the rows of an answer; return their number."""
        return engine.keep(STAGED, asked, **params)

    def take_back(self) -> None:
        """Do nothing: the engine undoes it."""

    def missing(self, engine: Engine, first: int, end: int) -> list[Row]:
        """Return the line numbers from `first` to before `end` that are not there."""
        return engine.query("importing/missing_row", first=first, end=end)

    def show(self, engine: Engine) -> None:
        """Do nothing: the rows are there."""

    def publish(self, engine: Engine, into: str) -> None:
        """Append the rows to the engine's table of their kind."""
        engine.pour(STAGED, into)


class PartSink:
    """Rows are written to `rows-0000.parquet`, `rows-0001.parquet`, .. of a folder."""

    writes_files = True

    def __init__(self, folder: Path, *, to_keep: bool) -> None:
        """Write to `folder`; what is not kept, in the cheapest form."""
        self.parts: list[Path] = []
        self._folder = folder
        self._to_keep = to_keep

    def write(self, engine: Engine, asked: Steps, params: Params) -> int:
        """Take the rows of an answer; return their number."""
        path = self._folder / f"rows-{len(self.parts):04}.parquet"
        try:
            rows = engine.write_part(path, asked, to_keep=self._to_keep, **params)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self.parts.append(path)
        return rows

    def take_back(self) -> None:
        """Give up what the last `write` took."""
        self.parts.pop().unlink()

    def missing(self, engine: Engine, first: int, end: int) -> list[Row]:
        """Return the line numbers from `first` to before `end` that are not in the last part."""
        path = glob_free(self.parts[-1])
        return engine.query("importing/missing_line", path=path, first=first, end=end)

    def show(self, engine: Engine) -> None:
        """Make all rows readable as `staged_row`."""
        engine.view_parquet(STAGED, [glob_free(path) for path in self.parts])

    def publish(self, engine: Engine, into: str) -> None:
        """Do nothing: the files are the caller's."""
