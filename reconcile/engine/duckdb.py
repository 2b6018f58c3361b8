"""DuckDB in memory over Parquet batches: nothing locks, every process has its own."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import duckdb

from reconcile.engine import memory
from reconcile.engine.questions import question
from reconcile.engine.texts import Arrangement, TextFile, arranged, checked
from reconcile.errors import BadParameters
from reconcile.guarding import APOSTROPHE, STARTS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

THREADS_VARIABLE = "RECONCILE_THREADS"
"""How many threads an engine works with; one for each core if it is not set."""

Row = tuple[Any, ...]

_PARAMETER = re.compile(r"\$([a-z_0-9]+)")

Steps = Mapping[str, str]
"""Questions by the names under which those after them read them; the last one is answered."""

COUNTED_SHARE = 0.65
"""Share of a memory limit that the engine counts itself; the rest is the process's own."""

_NOT_USED = "set disabled_optimizers = 'type_pushdown,build_side_probe_side{}'"

_DICTIONARY = 4096
"""Different values of a column up to which a Parquet file lists them apart."""

_STREAMED = 10_000
"""Rows that are taken from an answer at a time."""

_Answer = duckdb.DuckDBPyConnection


class UnevenText(Exception):
    """A text file has a line that is no record of its width, or an odd quote."""


class Engine:
    """One in-memory DuckDB with the prelude loaded.

    Questions are named (`"matching/pair_class"`) and live in files; values, paths and header
    names reach them only as `$named` parameters. One `Engine` belongs to one thread: threads that
    share a DuckDB connection got silently wrong answers (use `cursor()` for another thread).
    """

    def __init__(self, *, memory_limit: str | None = None, temp_dir: Path | None = None) -> None:
        """Open an engine within a memory limit (see `memory_limit`), spilling to `temp_dir`.

        Without one it spills to a folder of the system's own, which is there only while needed.

        Raises:
            BadParameters: The limit is no size, or RECONCILE_THREADS no number of threads.
        """
        self.memory_limit = memory.memory_limit(memory_limit)
        self._con = duckdb.connect(config=_stated_threads())
        self._done: set[str] = set()
        self.temp_dir = temp_dir
        self._con.execute("set timezone = 'UTC'")
        self._con.execute("set preserve_insertion_order = false")
        # In a notebook without ipywidgets there is no bar, and DuckDB refuses to be told so.
        if self._con.execute("select current_setting('enable_progress_bar')").fetchone() == (True,):
            self._con.execute("set enable_progress_bar = false")
        # Casts pushed into the CSV reader throw where try_cast should give NULL (duckdb #23818).
        # Joins of small tables whose sides it swapped met an internal error ("dict-surviving").
        self._con.execute(_NOT_USED.format(""))
        counted = f"{int(self.memory_limit * COUNTED_SHARE) >> 20}MiB"
        self._con.execute("set memory_limit = $value", {"value": counted})
        spill = temp_dir or Path(tempfile.gettempdir()) / f"reconcile-spill-{token_hex(8)}"
        self._con.execute("set temp_directory = $value", {"value": str(spill)})
        self._con.execute(question("prelude/duckdb"))

    @property
    def threads(self) -> int:
        """Return how many threads it works with."""
        [(threads,)] = self._con.execute("select current_setting('threads')").fetchall()
        return int(threads)

    def cursor(self) -> Engine:
        """Return an engine on the same data for use in another thread."""
        twin = object.__new__(Engine)
        twin._con = self._con.cursor()
        twin.memory_limit = self.memory_limit
        twin._done = self._done
        twin.temp_dir = self.temp_dir
        return twin

    def table(self, name: str, question_name: str | Steps, **params: object) -> int:
        """Answer a question into a table, replacing one of that name; return its rows."""
        head = f"create or replace table {checked(name)} as\n"
        return _count(self._ask(head, question_name, params))

    def view(self, name: str, question_name: str, **params: object) -> None:
        """Make a question a view, replacing one of that name; parameters become constants in it."""
        text = question(question_name)
        used = _used(text, params)
        if used:
            self._con.sql(text, params=used).create_view(checked(name))
        else:
            self._con.execute(f"create or replace view {checked(name)} as\n{text}")

    def append(self, name: str, question_name: str | Steps, **params: object) -> int:
        """Append a question's answer to a table, by column name; return how many rows it has."""
        head = f"insert into {checked(name)} by name\n"
        return _count(self._ask(head, question_name, params))

    def keep(self, name: str, question_name: str | Steps, **params: object) -> int:
        """Append a question's answer to a table, made if need be; return how many rows it has."""
        make = self.append if self._has(name) else self.table
        return make(name, question_name, **params)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo what is done meanwhile to tables and views if it does not end well."""
        self._con.begin()
        try:
            yield
        except BaseException:
            self._con.rollback()
            raise
        self._con.commit()

    def query(self, question_name: str | Steps, **params: object) -> list[Row]:
        """Answer a question as exact rows: DECIMAL is `Decimal`, times are naive UTC."""
        return self._ask("", question_name, params).fetchall()

    def records(self, question_name: str | Steps, **params: object) -> list[dict[str, Any]]:
        """Answer a question as exact rows by column name."""
        answer = self._ask("", question_name, params)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def stream(self, question_name: str, **params: object) -> Iterator[dict[str, Any]]:
        """Answer a question as exact rows one after the other, for answers of any length.

        Nothing else may be asked of this engine meanwhile.
        """
        answer = self._ask("", question_name, params)
        names = [column[0] for column in answer.description or ()]
        while rows := answer.fetchmany(_STREAMED):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def frame(self, question_name: str, **params: object) -> pd.DataFrame:
        """Answer a question as a frame, for looking at: money in it is a float."""
        return self._ask("", question_name, params).df()

    def once(self, question_name: str) -> None:
        """Run a statement that answers nothing, unless this engine has run it before."""
        if question_name not in self._done:
            self.execute(question_name)
            self._done.add(question_name)

    def execute(self, question_name: str, **params: object) -> None:
        """Run a statement that answers nothing."""
        self._ask("", question_name, params)

    def upload(self, name: str, columns: dict[str, str], rows: Iterable[Row]) -> None:
        """Make a small table of Python rows; `columns` maps each name to its SQL type."""
        spec = ", ".join(f"{checked(column)} {kind}" for column, kind in columns.items())
        self._con.execute(f"create or replace table {checked(name)} ({spec})")
        data = list(zip(*rows, strict=True))
        if data:
            # As lists: registering an Arrow table imports pandas, a second on every start.
            lists = ", ".join(f"unnest(${column}::{kind}[])" for column, kind in columns.items())
            values = {column: list(cells) for column, cells in zip(columns, data, strict=True)}
            self._con.execute(f"insert into {name} select {lists}", values)

    def load_arrow(self, name: str, table: pa.Table) -> None:
        """Make a table of an Arrow table, replacing one of that name."""
        self._con.execute(f"drop table if exists {checked(name)}")
        self._con.from_arrow(table).create(checked(name))

    def pour(self, name: str, into: str) -> None:
        """Append a table to another one by column name, making that if need be; drop the first."""
        if self._has(into) and self._con.table(into).limit(1).fetchall():
            self._con.execute(f"insert into {into} by name from {checked(name)}")
            self.drop(name)
        else:
            self.drop(into)
            self._con.execute(f"alter table {checked(name)} rename to {into}")

    def rename(self, name: str, to: str) -> None:
        """Give a table or view another name, replacing what has it."""
        self.drop(to)
        kind = "view" if self._is_view(name) else "table"
        self._con.execute(f"alter {kind} {checked(name)} rename to {checked(to)}")

    def _is_view(self, name: str) -> bool:
        views = "select 1 from duckdb_views() where view_name = $name"
        return bool(self._con.execute(views, {"name": str(name)}).fetchall())

    def _has(self, name: str) -> bool:
        """Return whether there is such a table or view; to list them all takes 20 times as long."""
        try:
            self._con.table(checked(name))
        except duckdb.CatalogException:
            return False
        return True

    def arrange(
        self, name: str, sources: Sequence[str | TextFile], arrangement: Arrangement
    ) -> None:
        """Make the view `name`: the texts of files or tables under the names of an arrangement."""
        arranged(self._con, sources, arrangement).create_view(checked(name))

    @contextmanager
    def reading_text(self) -> Iterator[None]:
        """Read text files meanwhile: each cell is typed but once, and a strange text is told.

        Filters are not pushed down: below the expressions that they read, these would be computed
        once for the filter and once more for the row. Lists of words do not become joins, which
        every row would pay for where only few are asked.

        Raises:
            UnevenText: A text file is not what `TextFile` says.
        """
        self._con.execute(_NOT_USED.format(",filter_pushdown,in_clause"))
        try:
            yield
        except duckdb.InvalidInputException as error:
            raise UnevenText(str(error)) from error
        finally:
            self._con.execute(_NOT_USED.format(""))

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """Keep the order of rows meanwhile, for a question that reads the first ones."""
        self._con.execute("set preserve_insertion_order = true")
        try:
            yield
        finally:
            self._con.execute("set preserve_insertion_order = false")

    def view_parquet(self, name: str, paths: list[str]) -> None:
        """Make `name` a table over Parquet files, columns united by name."""
        listed = self._con.read_parquet(paths, union_by_name=True)
        self.drop(name)
        listed.create_view(checked(name))

    def write_part(self, path: Path, asked: Steps, *, to_keep: bool, **params: object) -> int:
        """Write an answer to one Parquet file, rows in any order; return their number.

        What is not kept is written in the cheapest form. No long dictionary is tried: of ids and
        times it would be built first and thrown away then, a fifth of the cost of writing.
        """
        form = "compression zstd, compression_level 1" if to_keep else "compression uncompressed"
        tail = f"\n) to $part_path (format parquet, {form}, dictionary_size_limit {_DICTIONARY})"
        return _count(self._ask("copy (\n", asked, params | {"part_path": str(path)}, tail))

    def write_parquet(self, path: Path, name: str) -> None:
        """Write a table to one Parquet file."""
        self._con.table(checked(name)).write_parquet(str(path), compression="zstd")

    def write_csv(
        self, path: Path, question_name: str, *, guard: bool = False, **params: object
    ) -> None:
        """Write a question's answer to a CSV file with a header; null is an empty cell.

        With `guard` no text of it can become a formula in a spreadsheet (`guarding`).
        """
        text = question(question_name)
        used = _used(text, params)
        answer = self._con.sql(text, params=used or None)
        if not guard:
            answer.write_csv(str(path), header=True)
            return
        cells = _guarded(answer.columns, map(str, answer.types))
        with self.in_order():  # the question's order is no longer the last thing that is done
            answer.project(cells).write_csv(str(path), header=True)

    def columns(self, name: str) -> list[str]:
        """Return the column names of a table or view."""
        return list(self._con.table(checked(name)).columns)

    def drop(self, name: str) -> None:
        """Drop a table or view if it exists."""
        for kind in ("view", "table"):
            try:
                self._con.execute(f"drop {kind} if exists {checked(name)}")
            except duckdb.CatalogException:
                continue

    def close(self) -> None:
        """Close the engine and free its memory."""
        self._con.close()

    def _ask(
        self, head: str, asked: str | Steps, params: dict[str, object], tail: str = ""
    ) -> _Answer:
        text = head + _text(asked) + tail
        used = _used(text, params)
        try:
            return self._con.execute(text, used) if used else self._con.execute(text)
        except duckdb.OutOfMemoryException as error:
            raise memory.too_little(self.memory_limit, str(error)) from error


def _stated_threads() -> dict[str, str | bool | int | float | list[str]]:
    """Return the setting of RECONCILE_THREADS, none if it is not set."""
    text = os.environ.get(THREADS_VARIABLE, "")
    if not text:
        return {}
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise BadParameters(
            f'{THREADS_VARIABLE} "{text}": is no number of threads. Write it like 4.'
        )
    return {"threads": int(text)}


def _text(asked: str | Steps) -> str:
    """Return the text of a question, and above it those of the questions that it reads."""
    if isinstance(asked, str):
        return question(asked)
    steps = (
        f"{checked(name)} as not materialized (\n{question(q)}\n)" for name, q in asked.items()
    )
    return f"with {', '.join(steps)}\nfrom {list(asked)[-1]}"


def _used(text: str, params: dict[str, object]) -> dict[str, object]:
    """Return the parameters that a text names; DuckDB refuses others."""
    return {name: params[name] for name in set(_PARAMETER.findall(text))}


def _guarded(columns: Iterable[str], types: Iterable[str]) -> str:
    """Return the columns of an answer, each text as `guarding.guarded` makes it.

    Trap: `in` with so many values becomes a join, which loses the order of the rows.
    """
    starts = " || ".join(f"chr({ord(one)})" for one in sorted(STARTS))
    listed = []
    for name, of in zip(columns, types, strict=True):
        column = f'"{checked(name)}"'
        begins = f"{column} <> '' and contains({starts}, left({column}, 1))"
        guarded = f"case when {begins} then '{APOSTROPHE * 2}' || {column}"
        listed.append(f"{guarded} else {column} end as {column}" if of == "VARCHAR" else column)
    return ", ".join(listed)


def _count(answer: _Answer) -> int:
    """Return how many rows a statement says that it has written."""
    [(rows,)] = answer.fetchall()
    return int(rows)
