"""Tables of texts: text files where they lie, and the names their columns get."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import duckdb

_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


@dataclass(frozen=True)
class TextFile:
    """A UTF-8 text file, one record on each line; an empty cell is NULL.

    Nothing is sniffed, repaired or left out: lines of another width, and odd quotes, make its
    reading fail. Trap: blank lines are skipped, so the caller counts the records.
    """

    path: Path
    columns: Sequence[str]
    delimiter: str
    skip: int = 0
    """Lines at its top that are not read."""
    before: int = 0
    """Line number of the line above the first one that is read."""


@dataclass(frozen=True)
class Arrangement:
    """How the columns of a text table are to be named; every value is a column of it.

    Headers and constants come from files, so they are kept as values and never become SQL text.
    """

    texts: dict[str, str]
    constants: dict[str, str | None] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    objects: dict[str, dict[str, str]] = field(default_factory=dict)
    """JSON objects: name of the new column, then key and column of each member."""
    no_lists: tuple[str, ...] = ()
    """Names of list columns that are NULL throughout."""


def arranged(
    con: duckdb.DuckDBPyConnection, sources: Sequence[str | TextFile], arrangement: Arrangement
) -> duckdb.DuckDBPyRelation:
    """Return the texts of some files, or of tables with a `line_no`, under the names given."""
    columns = list(_columns(arrangement))
    parts = [_numbered(con, source).select("line_no", *columns) for source in sources]
    return reduce(lambda above, below: above.union(below), parts)


def _numbered(con: duckdb.DuckDBPyConnection, source: str | TextFile) -> duckdb.DuckDBPyRelation:
    """Return the texts with their line numbers; a file is read by one thread, in its order."""
    if isinstance(source, str):
        return con.table(checked(source))
    lines = con.read_csv(
        str(source.path),
        auto_detect=False,
        all_varchar=True,
        header=False,
        compression="none",
        hive_partitioning=False,
        strict_mode=True,
        columns={checked(column): "VARCHAR" for column in source.columns},
        sep=source.delimiter,
        quotechar='"',
        escapechar='"',
        skiprows=source.skip,
    )
    place = duckdb.SQLExpression("row_number() over ()") + duckdb.ConstantExpression(source.before)
    return lines.select(
        place.cast(duckdb.sqltypes.BIGINT).alias("line_no"), duckdb.StarExpression()
    )


def _columns(arrangement: Arrangement) -> Iterator[duckdb.Expression]:
    for new, old in arrangement.texts.items():
        yield duckdb.ColumnExpression(checked(old)).alias(checked(new))
    for new, text in arrangement.constants.items():
        constant = duckdb.ConstantExpression(text).cast(duckdb.sqltypes.VARCHAR)
        yield constant.alias(checked(new))
    for new, parts in arrangement.lists.items():
        cells = (duckdb.ColumnExpression(checked(part)) for part in parts)
        yield _call("list_value", cells, new)
    for new in arrangement.no_lists:
        nothing = duckdb.ConstantExpression(None).cast(duckdb.list_type("VARCHAR"))
        yield nothing.alias(checked(new))
    for new, members in arrangement.objects.items():
        yield _call("json_object", _members(members), new)


def _members(members: dict[str, str]) -> Iterator[duckdb.Expression]:
    for key, column in members.items():
        yield duckdb.ConstantExpression(key)
        yield duckdb.ColumnExpression(checked(column))


def _call(function: str, arguments: Iterable[duckdb.Expression], name: str) -> duckdb.Expression:
    return duckdb.FunctionExpression(function, *arguments).alias(checked(name))


def checked(name: str) -> str:
    """Return `name` if it is a plain identifier; names never come from a file's content."""
    if not _NAME.match(name):
        raise ValueError(f"not a table or column name: {name!r}")
    return name
