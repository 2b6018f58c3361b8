"""DuckDB in memory over Parquet batches: nothing locks, every process has its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from reconcile.engine import memory
from reconcile.engine.questions import question

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[Any, ...]

_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")
_PARAMETER = re.compile(r"\$([a-z_0-9]+)")

COUNTED_SHARE = 0.8

_Answer = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Arrangement:
    """How the columns of a text table are to be named; every value is a column of it.

    Headers and constants come from files, so they are kept as values and never become SQL text.
    """

    lines: str | int
    """Column of the line numbers, or the line before the first row of a table read in order."""
    texts: dict[str, str]
    constants: dict[str, str | None] = field(default_factory=dict)
    lists: dict[str, list[str | None]] = field(default_factory=dict)
    objects: dict[str, dict[str, str]] = field(default_factory=dict)
    """JSON objects: name of the new column, then key and column of each member."""
    no_lists: tuple[str, ...] = ()
    """Names of list columns that are NULL throughout."""


class Engine:
    """One in-memory DuckDB with the prelude loaded.

    Questions are named (`"matching/pair_class"`) and live in files; values, paths and header
    names reach them only as `$named` parameters. One `Engine` belongs to one thread: threads that
    share a DuckDB connection got silently wrong answers (use `cursor()` for another thread).
    """

    def __init__(self, *, memory_limit: str | None = None, temp_dir: Path | None = None) -> None:
        """Open an engine within a memory limit (see `memory_limit`), spilling to `temp_dir`.

        Raises:
            BadParameters: The limit is no size.
        """
        self.memory_limit = memory.memory_limit(memory_limit)
        self._con = duckdb.connect()
        self._con.execute("set timezone = 'UTC'")
        self._con.execute("set preserve_insertion_order = false")
        # In a notebook without ipywidgets there is no bar, and DuckDB refuses to be told so.
        if self._con.execute("select current_setting('enable_progress_bar')").fetchone() == (True,):
            self._con.execute("set enable_progress_bar = false")
        # Casts pushed into the CSV reader throw where try_cast should give NULL (duckdb #23818).
        # Joins of small tables whose sides it swapped met an internal error ("dict-surviving").
        self._con.execute("set disabled_optimizers = 'type_pushdown,build_side_probe_side'")
        # Beside what the engine counts, the process has its own: modules, buffers, threads.
        counted = f"{int(self.memory_limit * COUNTED_SHARE) >> 20}MiB"
        self._con.execute("set memory_limit = $value", {"value": counted})
        if temp_dir is not None:
            self._con.execute("set temp_directory = $value", {"value": str(temp_dir)})
        self._con.execute(question("prelude/duckdb"))

    def cursor(self) -> Engine:
        """Return an engine on the same data for use in another thread."""
        twin = object.__new__(Engine)
        twin._con = self._con.cursor()
        twin.memory_limit = self.memory_limit
        return twin

    def table(self, name: str, question_name: str, **params: object) -> None:
        """Answer a question into a table, replacing one of that name."""
        self._ask(f"create or replace table {_checked(name)} as\n", question_name, params)

    def view(self, name: str, question_name: str) -> None:
        """Make a question without parameters a view, replacing one of that name."""
        self._con.execute(f"create or replace view {_checked(name)} as\n{question(question_name)}")

    def append(self, name: str, question_name: str, **params: object) -> None:
        """Append a question's answer to a table, by column name."""
        self._ask(f"insert into {_checked(name)} by name\n", question_name, params)

    def query(self, question_name: str, **params: object) -> list[Row]:
        """Answer a question as exact rows: DECIMAL is `Decimal`, times are naive UTC."""
        return self._ask("", question_name, params).fetchall()

    def records(self, question_name: str, **params: object) -> list[dict[str, Any]]:
        """Answer a question as exact rows by column name."""
        answer = self._ask("", question_name, params)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def arrow(self, question_name: str, **params: object) -> pa.Table:
        """Answer a question as an Arrow table (money stays DECIMAL)."""
        return self._ask("", question_name, params).to_arrow_table()

    def frame(self, question_name: str, **params: object) -> pd.DataFrame:
        """Answer a question as a frame, for looking at: money in it is a float."""
        return self._ask("", question_name, params).df()

    def execute(self, question_name: str, **params: object) -> None:
        """Run a statement that answers nothing."""
        self._ask("", question_name, params)

    def upload(self, name: str, columns: dict[str, str], rows: Iterable[Row]) -> None:
        """Make a small table of Python rows; `columns` maps each name to its SQL type."""
        spec = ", ".join(f"{_checked(column)} {kind}" for column, kind in columns.items())
        self._con.execute(f"create or replace table {_checked(name)} ({spec})")
        data = list(zip(*rows, strict=True))
        if data:
            # As lists: registering an Arrow table imports pandas, a second on every start.
            lists = ", ".join(f"unnest(${column}::{kind}[])" for column, kind in columns.items())
            values = {column: list(cells) for column, cells in zip(columns, data, strict=True)}
            self._con.execute(f"insert into {name} select {lists}", values)

    def read_text(
        self, name: str, path: Path, *, columns: list[str], delimiter: str, skip: int
    ) -> bool:
        """Read a UTF-8 text file into a table of texts, rows in the order of the file.

        Nothing is sniffed, repaired or left out: a file with one line of another width is not
        read at all. An empty cell is NULL.

        Returns:
            Whether the file could be read so; otherwise there is no such table.
        """
        spec = {_checked(column): "VARCHAR" for column in columns}
        params = {"path": str(path), "spec": spec, "delimiter": delimiter, "skip": skip}
        with self._in_order():
            try:
                self.table(name, "importing/read_text", **params)
            except duckdb.InvalidInputException:
                return False
        return True

    def load_arrow(self, name: str, table: pa.Table) -> None:
        """Make a table of an Arrow table, replacing one of that name."""
        self.drop(name)
        self._con.from_arrow(table).create(_checked(name))

    def pour(self, name: str, into: str) -> None:
        """Append a table to another one by column name, making that if need be; drop the first."""
        if _checked(into) in self._tables() and self._con.table(into).limit(1).fetchall():
            self._con.execute(f"insert into {into} by name from {_checked(name)}")
            self.drop(name)
        else:
            self.drop(into)
            self._con.execute(f"alter table {_checked(name)} rename to {into}")

    def _tables(self) -> set[str]:
        return {row[0] for row in self._con.execute("show tables").fetchall()}

    def arrange(self, name: str, source: str, arrangement: Arrangement) -> None:
        """Make the view `name`: the texts of `source` under the names of an arrangement."""
        columns = [_lines(arrangement.lines)]
        for new, old in arrangement.texts.items():
            columns.append(duckdb.ColumnExpression(_checked(old)).alias(_checked(new)))
        for new, text in arrangement.constants.items():
            constant = duckdb.ConstantExpression(text).cast(duckdb.sqltypes.VARCHAR)
            columns.append(constant.alias(_checked(new)))
        for new, parts in arrangement.lists.items():
            columns.append(_call("list_value", map(_part, parts), new))
        for new in arrangement.no_lists:
            nothing = duckdb.ConstantExpression(None).cast(duckdb.list_type("VARCHAR"))
            columns.append(nothing.alias(_checked(new)))
        for new, members in arrangement.objects.items():
            columns.append(_call("json_object", _members(members), new))
        self.drop(name)
        self._con.table(_checked(source)).select(*columns).create_view(_checked(name))

    @contextmanager
    def _in_order(self) -> Iterator[None]:
        """Keep the order of rows meanwhile: line numbers are counted from it."""
        self._con.execute("set preserve_insertion_order = true")
        try:
            yield
        finally:
            self._con.execute("set preserve_insertion_order = false")

    def view_parquet(self, name: str, paths: list[str]) -> None:
        """Make `name` a table over Parquet files, columns united by name."""
        listed = self._con.read_parquet(paths, union_by_name=True)
        self.drop(name)
        listed.create_view(_checked(name))

    def write_parquet(self, path: Path, name: str) -> None:
        """Write a table to one Parquet file."""
        self._con.table(_checked(name)).write_parquet(str(path), compression="zstd")

    def write_csv(self, path: Path, question_name: str, **params: object) -> None:
        """Write a question's answer to a CSV file with a header; null is an empty cell."""
        text, used = question(question_name), self._used(question_name, params)
        self._con.sql(text, params=used or None).write_csv(str(path), header=True)

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

    def _ask(self, head: str, question_name: str, params: dict[str, object]) -> _Answer:
        used = self._used(question_name, params)
        text = head + question(question_name)
        return self._con.execute(text, used) if used else self._con.execute(text)

    def _used(self, question_name: str, params: dict[str, object]) -> dict[str, object]:
        """Return the parameters that the question names; DuckDB refuses others."""
        names = set(_PARAMETER.findall(question(question_name)))
        return {name: params[name] for name in names}


def _lines(lines: str | int) -> duckdb.Expression:
    """Return the line number: a column, or the row's place in its table and the lines above."""
    if isinstance(lines, str):
        return duckdb.ColumnExpression(_checked(lines)).alias("line_no")
    place = duckdb.ColumnExpression("rowid") + duckdb.ConstantExpression(lines + 1)
    return place.cast(duckdb.sqltypes.BIGINT).alias("line_no")


def _part(column: str | None) -> duckdb.Expression:
    if column is None:
        return duckdb.ConstantExpression(None).cast(duckdb.sqltypes.VARCHAR)
    return duckdb.ColumnExpression(_checked(column))


def _members(members: dict[str, str]) -> Iterator[duckdb.Expression]:
    for key, column in members.items():
        yield duckdb.ConstantExpression(key)
        yield duckdb.ColumnExpression(_checked(column))


def _call(function: str, arguments: Iterable[duckdb.Expression], name: str) -> duckdb.Expression:
    return duckdb.FunctionExpression(function, *arguments).alias(_checked(name))


def _checked(name: str) -> str:
    """Return `name` if it is a plain identifier; names never come from a file's content."""
    if not _NAME.match(name):
        raise ValueError(f"not a table or column name: {name!r}")
    return name
