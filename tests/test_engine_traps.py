"""What DuckDB does by itself that would be wrong here, and that ours does not do it.

Each trap is told twice: as bare DuckDB has it, so that a test goes red once DuckDB has mended it
and the guard may go; and as it is behind the guard, so that a test goes red if that is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from importing_help import read
from reconcile.engine import Engine

HEAD = "transaction_id,occurred_at,revenue\n"
CASTS = {
    "integer": [1, None, 3],
    "decimal(18, 4)": [Decimal(1), None, Decimal(3)],
    "timestamp": [None] * 3,
    "date": [None] * 3,
}

pytestmark = pytest.mark.usefixtures("all_cores")


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    engine.execute("importing/macros")
    yield engine
    engine.close()


@pytest.fixture
def bare() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return DuckDB as it comes."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    yield con
    con.close()


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Return a file with a cell that is no number."""
    path = tmp_path / "a.csv"
    path.write_text("number\n1\nx\n3\n")
    return str(path)


def value(con: duckdb.DuckDBPyConnection, expression: str) -> Any:
    """Return the value of an expression."""
    ((found,),) = con.execute(f"select {expression}").fetchall()
    return found


def cast_over_csv(con: duckdb.DuckDBPyConnection, path: str, kind: str) -> list[Any]:
    """Return the cells of a CSV file, cast in the query that reads it."""
    read_it = "read_csv(?, columns = {'number': 'varchar'}, header = true)"
    asked = f"select try_cast(number as {kind}) from {read_it}"
    return [cell for (cell,) in con.execute(asked, [path]).fetchall()]


@pytest.mark.parametrize("kind", CASTS)
def test_bare_duckdb_throws_where_a_cast_over_a_csv_should_give_null(bare, path, kind):
    """The cast is pushed into the reader (duckdb #23818), where it is no longer a try_cast."""
    with pytest.raises(duckdb.ConversionException, match="CSV Error on Line"):
        cast_over_csv(bare, path, kind)


@pytest.mark.parametrize("kind", CASTS)
def test_a_cast_over_a_csv_gives_null(engine, path, kind):
    """Also in a cursor, which has the settings of its engine."""
    for one in (engine, engine.cursor()):
        assert cast_over_csv(one._con, path, kind) == CASTS[kind]


def test_joins_keep_the_sides_that_were_written(engine):
    """The swap of sides met an internal error; a question writes its small side second."""
    for one in (engine, engine.cursor()):
        disabled = value(one._con, "current_setting('disabled_optimizers')")
        assert {"type_pushdown", "build_side_probe_side"} <= set(disabled.split(","))


ODD = 2**53 + 1
"""The first whole number that a DOUBLE does not know."""


def test_bare_duckdb_writes_a_sum_of_integers_as_a_double(bare, tmp_path):
    """A sum of BIGINT is a HUGEINT, which Parquet does not have: the last digits go."""
    out = str(tmp_path / "sum.parquet")
    bare.sql(f"select sum(x) as total from (values ({ODD}::bigint), (0)) as t (x)").write_parquet(
        out
    )
    ((total, kind),) = bare.sql(
        f"select total, typeof(total) from read_parquet('{out}')"
    ).fetchall()
    assert kind == "DOUBLE"
    assert total != ODD


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("exact_sum(e4)", Decimal(3 * ODD)),
        ("money_of(exact_sum(e4))", Decimal(3 * ODD).scaleb(-4)),
        ("sum(money)", Decimal("29629629629633.9995")),
    ],
)
def test_money_stays_exact_through_parquet(engine, tmp_path, expression, expected):
    """Sums of ten-thousandths and of amounts, to the last digit."""
    rows = [(ODD, Decimal("9876543209877.9998"))] * 2 + [(ODD, Decimal("9876543209877.9999"))]
    engine.upload("amount", {"e4": "bigint", "money": "decimal(18, 4)"}, rows)
    engine._con.execute(f"create table total as select {expression} as total from amount")
    engine.write_parquet(tmp_path / "total.parquet", "total")
    engine.view_parquet("kept", [str(tmp_path / "total.parquet")])
    ((total, kind),) = engine._con.table("kept").project("total, typeof(total)").fetchall()
    assert total == expected
    assert kind.startswith("DECIMAL")


def test_hundreds_of_questions_of_many_threads_are_answered_right(engine):
    """Threads that shared one connection got another's answer, without an error."""
    rows = [(n, n % 7, n * 3) for n in range(20_000)]
    engine.upload("number", {"n": "bigint", "rest": "bigint", "triple": "bigint"}, rows)
    expected = {rest: sum(3 * n for n in range(20_000) if n % 7 == rest) for rest in range(7)}

    def ask(number: int) -> bool:
        rest = number % 7
        cursor = engine.cursor()
        asked = cursor._con.execute("select sum(triple) from number where rest = ?", [rest])
        right: bool = asked.fetchall() == [(expected[rest],)]
        cursor.close()
        return right

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(600)))
    assert answers.count(False) == 0


def test_a_closed_cursor_leaves_its_engine_open(engine):
    """Each call closes its own; the data stays."""
    engine.upload("number", {"n": "bigint"}, [(1,)])
    cursor = engine.cursor()
    cursor.close()
    assert engine._con.table("number").fetchall() == [(1,)]


def test_bare_duckdb_rounds_reads_exponents_and_ancient_years(bare):
    """A cast is no check: each of these gives a value that nobody wrote."""
    assert value(bare, "try_cast('1234.567' as decimal(18, 2))") == Decimal("1234.57")
    assert value(bare, "try_cast('1e3' as decimal(18, 4))") == Decimal(1000)
    assert value(bare, "try_cast('0.00009' as decimal(18, 4))") == Decimal("0.0001")
    assert value(bare, "try_strptime('03/04/24', '%d/%m/%Y')") == datetime(24, 4, 3)
    forms = "['%m/%d/%Y', '%d/%m/%Y']"
    assert value(bare, f"try_strptime('05/06/2025', {forms})") == datetime(2025, 5, 6)
    assert value(bare, f"try_strptime('25/06/2025', {forms})") == datetime(2025, 6, 25)


def test_bare_duckdb_drops_the_offset_of_a_time(bare, tmp_path):
    """As a TIMESTAMP, cast or read from a CSV, without a word."""
    local = datetime(2026, 11, 1, 7, 43)
    assert value(bare, "try_cast('2026-11-01T07:43:00-07:00' as timestamp)") == local
    path = tmp_path / "a.csv"
    path.write_text("at\n2026-11-01T07:43:00-07:00\n")
    assert bare.read_csv(str(path), dtype={"at": "TIMESTAMP"}).fetchall() == [(local,)]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1234.567", "1234.567"),
        ("1234.5678", "1234.5678"),
        ("1234.56789", None),
        ("0.00009", None),
        ("1e3", None),
        ("1E3", None),
        ("1.5e-2", None),
        ("inf", None),
        ("0x10", None),
    ],
)
def test_an_amount_is_what_is_written_or_rejected(tmp_path, cell, amount):
    """Never rounded, never an exponent."""
    got = read(tmp_path, f"{HEAD}t1,2025-10-01T00:00:00Z,{cell}\nt2,2025-10-01T00:00:00Z,1.50\n")
    expected = [] if amount is None else [Decimal(amount)]
    assert got.column("revenue") == [*expected, Decimal("1.5")]
    assert [reject[:3] for reject in got.rejects] == ([(2, "revenue", cell)] if not amount else [])


@pytest.mark.parametrize("cell", ["03/04/24", "25/04/2025", "2025-04-03", "4/3/0024"])
def test_a_time_of_another_form_than_its_column_is_rejected(tmp_path, cell):
    """One form for the column: a value never chooses its own, and no year is 24."""
    text = f"{HEAD}t1,03/04/2025,1.5\nt2,{cell},1.5\n"
    got = read(tmp_path, text, mapping='date_format = "%m/%d/%Y"', zone="UTC")
    assert got.column("occurred_at") == [datetime(2025, 3, 4)]
    assert [reject[:3] for reject in got.rejects] == [(3, "occurred_at", cell)]


def test_the_offset_of_a_time_is_obeyed(tmp_path):
    """Beside times in UTC, and half an hour off."""
    cells = ["2026-11-01T07:43:00-07:00", "2026-11-01T14:43:00Z", "2026-11-01T20:13:00+05:30"]
    got = read(tmp_path, HEAD + "".join(f"t{n},{cell},1\n" for n, cell in enumerate(cells)))
    assert set(got.column("occurred_at")) == {datetime(2026, 11, 1, 14, 43)}


def test_nothing_but_built_in_extensions_is_used(engine):
    """Every other one is a download, which fails offline."""
    listed = (
        "duckdb_extensions() where loaded and install_mode is distinct from 'STATICALLY_LINKED'"
    )
    assert engine._con.execute(f"select extension_name from {listed}").fetchall() == []


def test_a_guarded_file_of_many_rows_is_in_the_order_that_was_asked_for(engine, tmp_path):
    """A list of beginnings, tested by `in`, became a join whose threads handed rows over as each
    was ready: the file of a month was out of order, and another one each time.
    """
    count = 400_000
    engine.upload("source_file", {"file_no": "bigint", "file": "varchar"}, [(1, "f.csv")])
    engine._con.execute(
        f"create table rejected_row as select 1 as file_no, range as line_no, 'x' as column_name,"
        f" 'v' || range as value, 'r' as reason from range({count}) order by hash(range)"
    )
    engine.write_csv(tmp_path / "out.csv", "matching/rejected_out", guard=True)
    with (tmp_path / "out.csv").open(encoding="utf-8") as lines:
        assert [int(line.split(",")[1]) for line in lines if line[0] == "f" and line[1] == "."] == [
            *range(count)
        ]
