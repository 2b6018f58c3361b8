"""The store by hand: import, batches, undo, run and the same run again."""

from __future__ import annotations

import pytest

from cli_help import EVENTS, PERIOD, assert_refused, call, load_month, run_id, run_month, write


@pytest.fixture
def month_run(tmp_path, home):
    """Import the small month and reconcile it; return the call of `run`."""
    return run_month(tmp_path)


def test_an_empty_warehouse_is_an_error_and_no_clean_result(home):
    """Else a wrong folder would look like a month without findings."""
    assert_refused(call("run", *PERIOD), "Nothing is loaded", "reconcile import")
    assert_refused(call("findings"), "no run yet", "reconcile run")
    assert call("runs", "--format", "json").rows == []


def test_the_same_file_twice_changes_nothing(tmp_path, home):
    """Whatever it is called; the message says how to read it anew."""
    path = write(tmp_path, "events.csv", EVENTS)
    assert call("import", path, "--kind", "event").code == 0
    before = call("batches", "--format", "json").rows
    again = call("import", write(tmp_path, "copy.csv", EVENTS), "--kind", "event")
    assert again.code == 0
    assert f"loaded already, as batch {before[0]['id']}" in again.out
    assert f"reconcile remap {before[0]['id']}" in again.out
    assert call("batches", "--format", "json").rows == before


def test_an_undone_batch_no_longer_counts_and_may_be_imported_again(tmp_path, home):
    """It stays in the list of all batches."""
    path = write(tmp_path, "events.csv", EVENTS)
    call("import", path, "--kind", "event")
    (batch,) = call("batches", "--format", "json").rows
    assert call("undo", batch["id"]).code == 0
    assert call("batches", "--format", "json").rows == []
    assert call("batches", "--all", "--format", "json").rows[0]["state"] == "undone"
    assert "loaded already" not in call("import", path, "--kind", "event").out
    mistyped = f"{batch['id'][:-2]}zz"
    assert_refused(call("undo", mistyped), mistyped, batch["id"])


def test_a_header_alone_is_a_batch_of_no_rows(tmp_path, home):
    """It is the answer that nothing happened."""
    path = write(tmp_path, "events.csv", EVENTS.splitlines()[0])
    assert call("import", path, "--kind", "event").code == 0
    assert [row["rows"] for row in call("batches", "--format", "json").rows] == [0]


def test_a_run_is_repeated_exactly_though_its_batches_are_undone(month_run):
    """And what is loaded since does not enter."""
    for batch in call("batches", "--format", "json").rows:
        call("undo", batch["id"])
    again = call("run", "--again", run_id(month_run))
    assert again.code == 1
    assert "with the very same result" in again.out
    assert again.out.partition("\nRun ")[0] == month_run.out.partition("\nRun ")[0]
    assert len(call("runs", "--format", "json").rows) == 1


def test_a_repeated_run_takes_no_parameters_of_its_own(month_run):
    """They would be ignored in silence."""
    asked = ("run", "--again", run_id(month_run))
    assert_refused(call(*asked, "--tolerance", "5"), "--again", "own parameters")
    assert_refused(call(*asked, "--against-leads"), "--again", "own parameters")
    assert_refused(call("run", "--again", "nope"), "'nope'", run_id(month_run))


def test_a_run_without_findings_ends_in_zero(tmp_path, home):
    """Within a tolerance and without the surplus rows there is nothing to do."""
    load_month(tmp_path)
    assert call("run", *PERIOD, "--buyers", "bolt", "--tolerance", "2.50").code == 0
    assert call("run", *PERIOD, "--buyers", "bolt", "--tolerance", "2.49").code == 1


def test_a_run_asks_what_a_status_means_and_stores_nothing(tmp_path, home):
    """Exit code 4, with the word, its place and the lines to write."""
    load_month(tmp_path)
    claims = (tmp_path / "claims.csv").read_text().replace("approved", 'so "good"')
    more = write(tmp_path, "more.csv", claims.replace("t1", "t11").replace('"', "'"))
    call("import", more, "--kind", "claim", "--sender", "net")
    ran = call("run", *PERIOD)
    assert_refused(ran, f"first in {more} line 2", "\"so 'good'\" = ", code=4)
    assert call("runs", "--format", "json").rows == []
    assert not [path for path in (home / "runs").iterdir() if path.name != ".incoming"]
    assert call("run", *PERIOD, "--status", "so 'good'=approved").code == 1


def test_a_home_that_cannot_be_one_is_told(tmp_path, home):
    """A file, or a folder with a broken catalog."""
    assert_refused(call("batches", "--home", write(tmp_path, "file", "x")), str(tmp_path / "file"))
    write(home, "catalog.sqlite", b"no database" * 100)
    assert_refused(call("batches"), "catalog.sqlite", "not a database")
