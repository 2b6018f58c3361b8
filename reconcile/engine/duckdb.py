"""DuckDB in memory over Parquet batches: nothing locks, every process has its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from reconcile.engine.questions import question

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Row = tuple[Any, ...]

_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


class Engine:
    """One in-memory DuckDB with the prelude loaded.

    Questions are named (`"matching/pair_class"`) and live in files; values, paths and header
    names reach them only as `$named` parameters. One `Engine` belongs to one thread: threads that
    share a DuckDB connection got silently wrong answers (use `cursor()` for another thread).
    """

    def __init__(
        self, *, memory_limit: str | None = None, temp_dir: Path | None = None
    ) -> None:
        """Open an engine; `memory_limit` such as `"512MB"`, spilling to `temp_dir`."""
        self._con = duckdb.connect()
        self._con.execute("set timezone = 'UTC'")
        self._con.execute("set preserve_insertion_order = false")
        # Casts pushed into the CSV reader throw where try_cast should give NULL (duckdb #23818).
        self._con.execute("set disabled_optimizers = 'type_pushdown'")
        if memory_limit is not None:
            self._con.execute("set memory_limit = $value", {"value": memory_limit})
        if temp_dir is not None:
            self._con.execute("set temp_directory = $value", {"value": str(temp_dir)})
        self._con.execute(question("prelude/duckdb"))

    def cursor(self) -> Engine:
        """Return an engine on the same data for use in another thread."""
        twin = object.__new__(Engine)
        twin._con = self._con.cursor()
        return twin

    def table(self, name: str, question_name: str, **params: object) -> None:
        """Answer a question into a table, replacing one of that name."""
        self._run(f"create or replace table {_checked(name)} as\n{question(question_name)}", params)

    def append(self, name: str, question_name: str, **params: object) -> None:
        """Append a question's answer to a table, by column name."""
        self._run(f"insert into {_checked(name)} by name\n{question(question_name)}", params)

    def query(self, question_name: str, **params: object) -> list[Row]:
        """Answer a question as exact rows: DECIMAL is `Decimal`, times are naive UTC."""
        return self._run(question(question_name), params).fetchall()

    def records(self, question_name: str, **params: object) -> list[dict[str, Any]]:
        """Answer a question as exact rows by column name."""
        answer = self._run(question(question_name), params)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def arrow(self, question_name: str, **params: object) -> pa.Table:
        """Answer a question as an Arrow table (money stays DECIMAL)."""
        return self._run(question(question_name), params).to_arrow_table()

    def frame(self, question_name: str, **params: object) -> pd.DataFrame:
        """Answer a question as a frame, for looking at: money in it is a float."""
        return self._run(question(question_name), params).df()

    def execute(self, question_name: str, **params: object) -> None:
        """Run a statement that answers nothing."""
        self._run(question(question_name), params)

    def upload(self, name: str, columns: dict[str, str], rows: Iterable[Row]) -> None:
        """Make a small table of Python rows; `columns` maps each name to its SQL type."""
        spec = ", ".join(f"{_checked(column)} {kind}" for column, kind in columns.items())
        self._con.execute(f"create or replace table {_checked(name)} ({spec})")
        data = list(rows)
        if data:
            marks = ", ".join("?" for _ in columns)
            self._con.executemany(f"insert into {name} values ({marks})", data)

    def view_parquet(self, name: str, paths: list[str]) -> None:
        """Make `name` a table over Parquet files, columns united by name."""
        listed = self._con.read_parquet(paths, union_by_name=True)  # type: ignore[arg-type]
        self.drop(name)
        listed.create_view(_checked(name))

    def write_parquet(self, path: Path, name: str) -> None:
        """Write a table to one Parquet file."""
        self._con.table(_checked(name)).write_parquet(str(path), compression="zstd")

    def columns(self, name: str) -> list[str]:
        """Return the column names of a table or view."""
        return list(self._con.table(_checked(name)).columns)

    def drop(self, name: str) -> None:
        """Drop a table or view if it exists."""
        for kind in ("view", "table"):
            try:
                self._con.execute(f"drop {kind} if exists {_checked(name)}")
            except duckdb.CatalogException:
                continue

    def close(self) -> None:
        """Close the engine and free its memory."""
        self._con.close()

    def _run(self, text: str, params: dict[str, object]) -> duckdb.DuckDBPyConnection:
        return self._con.execute(text, params) if params else self._con.execute(text)


def _checked(name: str) -> str:
    """Return `name` if it is a plain identifier; names never come from a file's content."""
    if not _NAME.match(name):
        raise ValueError(f"not a table or column name: {name!r}")
    return name
