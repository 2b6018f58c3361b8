"""What a stored run is asked: findings by filter and form, the bridge, why a row has its class."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from cli_help import Ran, assert_refused, call, run_month
from reconcile.warehouse.store import HOME_VARIABLE


@pytest.fixture(scope="module")
def month_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Import the small month and reconcile it once; the tests of this file only look."""
    folder = tmp_path_factory.mktemp("month")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(folder / "home"))
        yield run_month(folder)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ((), ["t2", "t3", "t4"]),
        (("--class", "missing_event"), ["t3"]),
        (("--reason", "amount"), ["t4"]),
        (("--buyer", "acme"), ["t2", "t3"]),
        (("--campaign", "c2"), []),
        (("--currency", "USD", "--day", "2026-11-20"), ["t4"]),
        (("--search", "T3"), ["t3"]),
        (("--search", "%"), []),
        (("--limit", "1"), ["t2"]),
        (("--limit", "5", "--offset", "2"), ["t4"]),
        (("--flag", "other_buyer"), []),
    ],
)
def test_findings_can_be_filtered(month_run, options, ids):
    """The largest amount at stake first; a pair is one finding."""
    found = call("findings", "--format", "json", *options)
    assert found.err == ""
    assert [row["transaction_id"] for row in found.rows] == ids


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--class", "nope"), ("'nope'", "missing_event")),
        (("--flag", "nope"), ("'nope'", "lead_unverified")),
        (("--day", "3.11."), ("3.11.", "2026-11-03")),
        (("--limit", "0"), ("--limit",)),
        (("--limit", "9" * 30), ("--limit",)),
        (("--offset", "-1"), ("--offset",)),
        (("--run", "nope"), ("'nope'",)),
        (("--format", "xml"), ("xml", "json")),
        (("--format", "parquet"), ("--out",)),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(month_run, options, words):
    """Instead of an empty list."""
    assert_refused(call("findings", *options), *words)


def test_findings_have_the_same_columns_in_every_form_rows_or_not(month_run, tmp_path):
    """A program may rely on them: names, order and, in Parquet, types."""
    some = call("findings", "--format", "csv").out.splitlines()
    none = call("findings", "--format", "csv", "--class", "clawback").out.splitlines()
    assert none == some[:1]
    assert list(call("findings", "--format", "json").rows[0]) == some[0].split(",")
    schemas = []
    for name, row_class in (("some", "missing_event"), ("none", "clawback")):
        path = tmp_path / f"{name}.parquet"
        assert (
            call("findings", "--format", "parquet", "--class", row_class, "--out", path).out == ""
        )
        schemas.append(pq.read_schema(path))
    assert schemas[0] == schemas[1]
    assert schemas[0].names == some[0].split(",")
    assert str(schemas[0].field("at_stake").type) == "decimal128(38, 4)"
    (row,) = pq.read_table(tmp_path / "some.parquet").to_pylist()
    assert (row["bridge"], row["line"]) == (Decimal("25.0000"), 3)


def test_batches_and_runs_are_written_for_programs_too(month_run, tmp_path):
    """As CSV, JSON or Parquet."""
    for command, count in (("batches", 3), ("runs", 1)):
        path = tmp_path / f"{command}.parquet"
        assert call(command, "--format", "parquet", "--out", path).code == 0
        rows = pq.read_table(path).to_pylist()
        assert len(rows) == count == len(call(command, "--format", "json").rows)
        (header, *lines) = csv.reader(io.StringIO(call(command, "--format", "csv").out))
        assert (header, len(lines)) == (list(rows[0]), count)


def test_a_list_is_written_whole_or_not_at_all(month_run, tmp_path):
    """A file that cannot be written is told, and nothing is left beside it."""
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "folder", tmp_path / "none" / "x.csv"):
        assert_refused(call("findings", "--format", "csv", "--out", place), str(place), "written")
    assert not list(tmp_path.rglob("*writing*"))


def test_the_bridge_is_split_by_what_is_asked(month_run):
    """Of four dimensions, in their order; anything else is refused."""
    rows = call("bridge", "--by", "buyer", "--format", "json").rows
    assert [
        (row["buyer"], row["bucket"], row["amount"]) for row in rows if row["buyer"] == "bolt"
    ] == [
        ("bolt", "events", "10.0000"),
        ("bolt", "revenue_mismatch:amount", "2.5000"),
        ("bolt", "claims", "12.5000"),
    ]
    assert_refused(call("bridge", "--by", "week"), "week", "currency, buyer, campaign, day")
    assert "80" not in call("bridge", "--buyer", "bolt").out


@pytest.mark.parametrize("command", ["findings", "bridge", "corrections"])
def test_a_buyer_that_the_run_does_not_know_is_refused(month_run, command):
    """An empty table would read as all clear; a known buyer with nothing to list is fine."""
    assert_refused(call(command, "--buyer", "nosuch"), "'nosuch'", "acme, bolt")
    assert_refused(call(command, "--buyer", "net"), "'net'", "acme, bolt")
    assert call(command, "--buyer", "bolt", "--campaign", "c2").code == 0


def test_explain_says_why_by_ref_or_by_file_and_line(month_run, tmp_path):
    """The sentence, the class, the next step and the row as it was imported."""
    (found,) = call("findings", "--class", "missing_event", "--format", "json").rows
    by_ref = call("explain", found["ref"])
    assert by_ref.out == call("explain", "claims.csv:3").out
    for text in ("Claimed 25.00 USD on 5 Nov 2026", "missing_event", "Re-fire", "2026-11-05 10:00"):
        assert text in by_ref.out
    (told,) = call("explain", found["ref"], "--format", "json").rows
    assert (told["row"]["class"], told["partner"]) == ("missing_event", None)


@pytest.mark.parametrize("side", ["events", "claims"])
def test_explain_says_why_a_row_is_matched(month_run, side):
    """A run keeps no row of it, and still says what it is, with its partner."""
    (told,) = call("explain", f"{side}.csv:2", "--format", "json").rows
    assert told["row"]["class"] == "matched"
    assert told["row"]["transaction_id"] == "t1"
    assert told["partner"]["class"] == "matched"
    assert told["partner"]["side"] + "s" != side
    assert "t1" in call("explain", f"{side}.csv:2").out


@pytest.mark.parametrize(
    "ref", ["claims.csv", "claims.csv:0", "claims.csv:²", "x:1", "claim::3", ":3"]
)
def test_explain_refuses_what_is_no_row_of_the_run(month_run, ref):
    """It says how a row is named, or that it is none that the run keeps."""
    assert_refused(call("explain", ref), ref, "findings")


def test_explain_has_two_forms(month_run):
    """A row is no table of a file."""
    assert_refused(call("explain", "claims.csv:3", "--format", "csv"), "csv", "json")
