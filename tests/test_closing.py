"""One call closes a month: inbox in, report and tables out, compared with what was before."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from reconcile.cli.reading import BRIDGE_FIELDS, FINDING_FIELDS
from reconcile.closing.monthly import BRIDGE_COLUMNS, FINDING_COLUMNS
from reconcile.closing.writing import put_in_place
from reconcile.state import new_lock
from tests.cli_help import CLAIMS, EVENTS, LEADS, Ran, assert_refused, call, write

WRITTEN = ["bridge.csv", "findings.csv", "manifest.json", "report.html"]
WRITTEN += ["since.csv", "sources.csv", "summary.json"]
NOVEMBER = ("--period", "2026-11", "--zone", "UTC")
HEADER, *ROWS = CLAIMS.splitlines(keepends=True)


def close(folder: Path, *arguments: object, period: tuple[str, ...] = NOVEMBER) -> Ran:
    """Close a period from the folder's inbox into its `out`."""
    return call("close", "--inbox", folder / "in", "--out", folder / "out", *period, *arguments)


def put(folder: Path, name: str, text: str | bytes) -> Path:
    """Put a file into the inbox."""
    path = folder / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return write(path.parent, path.name, text)


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a table that a close has written."""
    with (folder / "out" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def closed_once(tmp_path_factory):
    """Return a folder whose inbox was closed once; for copying only."""
    folder = tmp_path_factory.mktemp("closed")
    put(folder, "events/events.csv", EVENTS)
    put(folder, "claims/net/claims.csv", CLAIMS)
    put(folder, "Leads/leads.csv", LEADS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_HOME", str(folder / "home"))
        ran = close(folder)
    assert ran.code == 1, ran
    (folder / "told").write_text(ran.out)
    return folder


@pytest.fixture
def month(closed_once, tmp_path, home):
    """Return a folder of this test's own, with its home, inbox and first close."""
    shutil.copytree(closed_once, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_one_call_closes_a_month(month):
    """What is not covered comes first; all files are there, whole, and say what the run says."""
    told = (month / "told").read_text()
    assert told.startswith("This run does not cover its whole period:\n")
    for text in ("Inbox: 3 files, 3 imported.", "How far each source reaches", "3 findings"):
        assert text in told
    assert sorted(path.name for path in (month / "out").iterdir()) == WRITTEN
    manifest = json.loads((month / "out/manifest.json").read_text())
    for name, said in manifest["files"].items():
        content = (month / "out" / name).read_bytes()
        assert said == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert [*manifest["files"], "manifest.json"] == sorted([*WRITTEN], key="manifest.json".__eq__)
    assert {row["class"] for row in rows_of(month, "findings.csv")} == {
        *("missing_event", "unclaimed_event", "revenue_mismatch"),
    }
    sums = {row["bucket"]: Decimal(0) for row in rows_of(month, "bridge.csv")}
    for row in rows_of(month, "bridge.csv"):
        sums[row["bucket"]] += Decimal(row["amount"])
    assert sum(sums.values()) == 2 * sums["claims"] != 0
    summary = json.loads((month / "out/summary.json").read_text())
    assert summary["findings"] == 3
    assert summary["not_covered"]
    assert "does not cover" in (month / "out/report.html").read_text()


def test_a_second_call_does_nothing_again(month):
    """No batch, no run, and the same bytes; only the manifest says when."""
    before = {path.name: path.read_bytes() for path in (month / "out").iterdir()}
    runs, batches = (call(name, "--format", "json").rows for name in ("runs", "batches"))
    ran = close(month)
    assert ran.code == 1
    assert "Inbox: 3 files, 3 loaded already." in ran.out
    after = {path.name: path.read_bytes() for path in (month / "out").iterdir()}
    assert [name for name in after if after[name] != before.get(name)] in ([], ["manifest.json"])
    assert call("runs", "--format", "json").rows == runs
    assert call("batches", "--format", "json").rows == batches


def test_sources_say_how_far_they_reach(month):
    """Kind, buyer or campaign, last row, and when the file was made or imported."""
    rows = {(row["kind"], row["name"]): row for row in rows_of(month, "sources.csv")}
    assert rows["claim", "bolt"]["last_at"] == "2026-11-20 10:00:00"
    assert rows["event", "c1"]["rows"] == "3"
    assert rows["lead", "c1"]["exported_at"] == ""
    assert rows["lead", "c1"]["imported_at"] > "2026"


def test_a_file_that_asks_stays_and_is_told_with_its_answer(month):
    """The others are imported; answered once, its template reads the next one from any folder."""
    asks = HEADER + "t2,sale,c1,acme,2026-11-04 10:00:00,40.00,USD,approved\n"
    path = put(month, "claims/net/late.csv", asks.replace("currency", "coin"))
    put(month, "claims/net/fine.csv", HEADER + ROWS[0].replace("t1", "t9"))
    ran = close(month)
    assert ran.code == 4
    assert "1 asks" in ran.out
    assert "claims/net/fine.csv: imported as batch" in ran.out
    assert "--answer zone=" in ran.err
    assert f"reconcile import {path} --kind claim --sender net --answer KEY=VALUE" in ran.err
    assert "late.csv of the inbox is in no figure" in (month / "out/report.html").read_text()
    assert path.is_file()
    answers = ("--answer", "zone=UTC", "--answer", "columns.currency=coin")
    answered = call("import", path, "--kind", "claim", "--sender", "net", *answers)
    assert answered.code == 0, answered
    put(month, "next.csv", asks.replace("currency", "coin").replace("t2", "t8"))
    ran = close(month)
    assert ran.code == 1, ran
    assert "next.csv: imported as batch" in ran.out


def test_a_file_of_an_unknown_kind_asks_what_it_is(month):
    """Nothing is guessed from its name; a folder that is no kind is told, too."""
    put(month, "claims_december.csv", CLAIMS.replace("t1", "t7"))
    put(month, "old/claims.csv", CLAIMS)
    ran = close(month)
    assert ran.code == 2
    assert "what is one row of it?" in ran.err
    assert "Move it into the folder leads, events or claims" in ran.err
    assert "old: is a folder, and was not looked into" in ran.err


def test_a_refused_file_leaves_nothing_and_stops_no_other(month):
    """Exit code 2 is worse than a question; the rest is imported, run and written."""
    put(month, "claims/net/a.csv", "%PDF-1.7\n")
    put(month, "claims/net/c.csv", HEADER + ROWS[0].replace("40.00", "forty"))
    put(month, "claims/net/b.csv", HEADER + ROWS[0].replace("t1", "t2").replace("01T00", "04T10"))
    ran = close(month)
    assert ran.code == 2
    assert "PDF" in ran.err
    assert "claims/net/b.csv: imported as batch" in ran.out
    assert len(rows_of(month, "findings.csv")) == 2  # t2 is claimed now
    left = json.loads((month / "out/summary.json").read_text())["not_imported"]
    assert [(one["file"], one["because"]) for one in left] == [
        ("claims/net/a.csv", "refused"),
        ("claims/net/c.csv", "refused"),
    ]
    assert "no row of it could be read: reconcile rejected" in ran.err


def test_a_batch_that_was_undone_is_not_imported_again(month):
    """Its file still lies in the inbox: that is told, and nothing is done."""
    batch = next(b for b in call("batches", "--format", "json").rows if b["kind"] == "claim")
    assert call("undo", batch["id"]).code == 0
    ran = close(month, "--against-leads")
    assert "1 undone before" in ran.out
    assert f"undone (batch {batch['id']})" in ran.err
    assert len(call("batches", "--format", "json").rows) == 2


def test_what_became_of_findings_since_the_last_run_is_told_with_sums(month):
    """A corrected report closes one, moves one and brings one; an ignored one is decided."""
    assert call("decide", "claims.csv:4", "--as", "ignore", "--reason", "small").code == 0
    later = CLAIMS.replace("25.00", "26.00")
    later += "t2,sale,c1,acme,2026-11-04T10:00:00Z,40.00,USD,approved\n"
    later += "t5,sale,c1,acme,2026-11-19T10:00:00Z,7.00,USD,approved\n"
    put(month, "claims/net/later.csv", later)
    ran = close(month)
    assert ran.code == 1, ran
    found = [line.split() for line in ran.out.split("Since the last run")[1].splitlines()[2:6]]
    assert found == [
        ["new", "USD", "1", "0.00", "7.00"],
        ["still", "open", "USD", "1", "25.00", "26.00"],
        ["decided", "USD", "1", "2.50", "2.50"],
        ["closed", "since", "USD", "1", "40.00", "0.00"],
    ]
    since = [(row["since"], row["transaction_id"]) for row in rows_of(month, "since.csv")]
    assert sorted(since) == [("closed", "t2"), ("new", "t5")]
    assert "Since the last run of this period" in (month / "out/report.html").read_text()


def test_the_close_before_is_looked_at_again(month):
    """A report that comes a month late closes findings of the month before."""
    late = HEADER + "t2,sale,c1,acme,2026-11-04T10:00:00Z,40.00,USD,approved\n"
    put(month, "claims/net/late.csv", late)
    december = ("--period", "2026-12", "--zone", "UTC")
    assert_refused(close(month, period=december), "holds the close of 2026-11-01 to 2026-12-01")
    ran = call(
        *("close", "--inbox", month / "in", *december),
        *("--out", f"{month}/closes/{{period}}"),
    )
    assert ran.code == 0, ran
    found = ran.out.split("Of the close of 2026-11-01 to 2026-12-01")[1].splitlines()[2:4]
    assert [line.split() for line in found] == [
        ["still", "open", "USD", "2", "27.50", "27.50"],
        ["closed", "since", "USD", "1", "40.00", "0.00"],
    ]
    assert (month / "closes/2026-12/report.html").is_file()
    newest = call("runs", "--format", "json").rows[0]
    assert newest["date_from"] == "2026-12-01"


def test_two_at_a_time_are_kept_out(month):
    """The second says so at once and does nothing."""
    lock = new_lock(month / "home/close.lock")
    with lock:
        assert_refused(close(month), "another process closes", code=3)


def test_what_cannot_be_meant_is_refused_before_anything_is_done(month):
    """Folders and periods; nothing is imported."""
    put(month, "claims/net/new.csv", CLAIMS.replace("t1", "t6"))
    many = ("--from", "2026-11-01", "--to", "2026-12-01")
    assert_refused(close(month, *many), "not both")
    assert_refused(close(month, period=()), "missing")
    assert_refused(close(month, period=("--period", "soon", "--zone", "UTC")), "Write last-month")
    assert_refused(close(month, period=("--period", "2026-11")), "zone missing")
    inside = ("close", "--inbox", month / "in", *NOVEMBER, "--out", month / "in" / "out")
    assert_refused(call(*inside), "lies in the inbox")
    nowhere = ("close", "--inbox", month / "nowhere", *NOVEMBER, "--out", month / "out")
    assert_refused(call(*nowhere), "no such folder")
    assert len(call("batches", "--format", "json").rows) == 3


def test_an_unknown_status_stops_the_run_and_keeps_what_was_imported(month):
    """Exit code 4 with the cure; the files of the last close are as they were."""
    before = (month / "out/summary.json").read_bytes()
    put(
        month, "claims/net/odd.csv", HEADER + ROWS[0].replace("t1", "t6").replace("approved", "odd")
    )
    ran = close(month)
    assert ran.code == 4
    assert "claims/net/odd.csv: imported as batch" in ran.out
    assert '"odd" = "?"' in ran.err
    assert (month / "out/summary.json").read_bytes() == before
    assert close(month, "--status", "odd=rejected").code == 1


def test_hostile_names_and_cells_stay_text(month):
    """A formula is guarded in the tables, markup is escaped on the page, a name is no option."""
    evil = "=cmd|x,sale,c1,<b>evil,2026-11-06T10:00:00Z,9.00,USD,approved\n"
    put(month, "claims/net/--yes <i>.csv", HEADER + evil)
    put(month, "claims/net/$(touch x).csv", "%PDF\n")
    ran = close(month)
    assert ran.code == 2
    ids = {row["transaction_id"] for row in rows_of(month, "findings.csv")}
    assert "'=cmd|x" in ids
    html = (month / "out/report.html").read_text()
    assert "<b>evil" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;evil" in html


def test_nothing_half_is_put_in_place(month):
    """What fails while it is written leaves the files of before, and no folder aside."""
    before = {path.name: path.read_bytes() for path in (month / "out").iterdir()}

    def fail() -> None:
        with put_in_place(month / "out") as aside:
            (aside / "report.html").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert {path.name: path.read_bytes() for path in (month / "out").iterdir()} == before


def test_the_tables_have_the_columns_of_the_command_line():
    """What `findings` and `bridge` export, a close writes under the same names."""
    assert set(FINDING_COLUMNS) <= set(FINDING_FIELDS)
    assert tuple(BRIDGE_FIELDS) == BRIDGE_COLUMNS
