"""What `reconcile compare` promises to other programs: files, columns, counts, exit codes."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli_help import CLAIMS, EVENTS, LEADS, PERIOD, assert_refused, call, month, write

ROW_HEADER = (
    "side,file,line,transaction_id,event_id,class,reason,flags,rule,"
    "partner_file,partner_line,currency,bridge,evidence"
)


class Result:
    """What a comparison wrote."""

    def __init__(self, folder: Path, *options: object) -> None:
        self.folder = folder / "out"
        self.ran = call("compare", *options, *PERIOD, "--out", self.folder)

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def classes(self) -> list[tuple[str, str]]:
        return [(row["transaction_id"], row["class"]) for row in self.table("rows.csv")]

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))


def test_the_month_gives_its_rows_bridge_and_summary(tmp_path, home):
    """One row each of missing, unclaimed and wrongly priced; a null is an empty cell."""
    done = Result(tmp_path, *month(tmp_path))
    assert done.ran.code == 1
    text = (done.folder / "rows.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == ROW_HEADER
    events, claims = tmp_path / "events.csv", tmp_path / "claims.csv"
    assert text.splitlines()[1:] == [
        f"event,{events},3,t2,sale,unclaimed_event,,,,,,USD,-40.0000,",
        f"event,{events},4,t4,sale,revenue_mismatch,amount,,exact,{claims},4,USD,2.5000,",
        f"claim,{claims},3,t3,sale,missing_event,,,,,,USD,25.0000,",
        f"claim,{claims},4,t4,sale,revenue_mismatch,amount,,exact,{events},4,USD,2.5000,",
    ]
    assert sorted(path.name for path in done.folder.iterdir()) == [
        *("bridge.csv", "nearest.csv", "rejected.csv", "rows.csv", "summary.json")
    ]
    assert not home.exists() or not list(home.iterdir())


def test_matched_rows_are_written_on_request(tmp_path, home):
    """They carry rule and partner as the others do."""
    done = Result(tmp_path, *month(tmp_path), "--matched")
    assert done.classes().count(("t1", "matched")) == 2
    assert {row["rule"] for row in done.table("rows.csv") if row["class"] == "matched"} == {"exact"}


def test_the_bridge_closes_in_every_finest_group(tmp_path, home):
    """Buckets `events` and `claims` are totals; all others lead from the one to the other."""
    done = Result(tmp_path, *month(tmp_path))
    groups: defaultdict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    names = ("currency", "buyer", "campaign_id", "day")
    for row in done.table("bridge.csv"):
        assert tuple(row) == (*names, "bucket", "amount")
        sign = -1 if row["bucket"] == "claims" else 1
        groups[tuple(row[name] for name in names)] += sign * Decimal(row["amount"])
    assert set(groups.values()) == {Decimal(0)}
    assert ("USD", "bolt", "c1", "2026-11-20") in groups


def test_the_summary_counts_every_row_that_was_read(tmp_path, home):
    """In scope by class, or not reconciled by reason: together they are the rows of the files."""
    options = month(tmp_path)
    early = EVENTS + "sale,t7,c1,g1,acme,2025-01-01T00:00:00Z,1,USD\n"
    write(tmp_path, "events.csv", early + "sale,t8,c1,g1,acme,2026-10-20T00:00:00Z,1,USD\n")
    rows = Result(tmp_path, *options).summary["rows"]["event"]
    assert rows["read"] == 5
    assert rows["not_reconciled"] == {"context": 1, "outside_window": 1}
    assert rows["in_scope"] == {"matched": 1, "revenue_mismatch": 1, "unclaimed_event": 1}


def test_the_same_file_given_twice_counts_twice(tmp_path, home):
    """No hash and no overlap rule: what is given is compared."""
    done = Result(tmp_path, *month(tmp_path), "--events", tmp_path / "events.csv")
    assert done.summary["rows"]["event"]["read"] == 6
    assert done.summary["rows"]["event"]["in_scope"]["duplicate_event"] == 3


def test_several_files_of_a_kind_are_one_side(tmp_path, home):
    """Each row keeps its own file and line."""
    options = month(tmp_path)
    header, first, *rest = CLAIMS.splitlines(keepends=True)
    write(tmp_path, "claims.csv", header + first)
    more = write(tmp_path, "more.csv", header + "".join(rest))
    done = Result(tmp_path, *options, "--claims", more)
    assert [(r["file"], r["line"]) for r in done.table("rows.csv") if r["side"] == "claim"] == [
        (str(more), "2"),
        (str(more), "3"),
    ]


@pytest.mark.parametrize("kind", ["events", "claims", "leads"])
def test_a_header_alone_is_a_file_without_rows(tmp_path, home, kind):
    """With or without a line end."""
    options = month(tmp_path)
    path = tmp_path / f"{kind}.csv"
    path.write_text(path.read_text().splitlines()[0])
    done = Result(tmp_path, *options)
    assert done.ran.code == 1
    (entry,) = [e for e in done.summary["files"] if e["file"] == str(path)]
    assert (entry["rows"], entry["rejected"]) == (0, 0)


def test_two_headers_alone_are_reconciled_without_a_finding(tmp_path, home):
    """Exit code 0, and every file is written."""
    options = month(tmp_path)
    for name, text in (("events.csv", EVENTS), ("claims.csv", CLAIMS)):
        write(tmp_path, name, text.splitlines()[0] + "\n")
    done = Result(tmp_path, *options)
    assert done.ran.code == 0
    assert done.table("rows.csv") == done.table("bridge.csv") == []


def test_without_reports_the_sold_leads_are_the_claims(tmp_path, home):
    """Their event is the default one; unsold leads are counted apart."""
    month(tmp_path)
    write(tmp_path, "leads.csv", LEADS.replace("09:00:00Z,sold\nt4", "09:00:00Z,open\nt4"))
    pair = ("--events", tmp_path / "events.csv", "--leads", tmp_path / "leads.csv")
    done = Result(tmp_path, *pair, "--default-event", "sale")
    assert done.summary["rows"]["claim"]["read"] == 3
    assert done.summary["unsold_leads"] == {"open": 1}
    assert ("t3", "missing_event") not in done.classes()


def test_columns_other_than_id_event_and_time_may_be_absent(tmp_path, home):
    """What is not said is unknown: no buyer, no money, no status."""
    events = write(
        tmp_path, "e.csv", "transaction_id,event_id,occurred_at\nt1,sale,2026-11-03T10:00:00Z\n"
    )
    claims = write(
        tmp_path, "c.csv", "transaction_id,occurred_at\nt1,2026-11-03T10:00:00Z\nt2,2026-11-04\n"
    )
    done = Result(tmp_path, "--events", events, "--claims", claims, "--default-event", "sale")
    assert done.classes() == [("t2", "missing_event")]


def test_spellings_stand_as_they_were_written(tmp_path, home):
    """Blanks, case, quotes and line ends come out as they went in; formulas are guarded."""
    options = month(tmp_path)
    ids = ("  T-2 ", "=1+1", 'q"uote', "two\nlines", "ünïcode", "007")
    lines = [["transaction_id", "event_id", "occurred_at", "revenue", "currency"]]
    lines += [[text, "sale", "2026-11-04T10:00:00Z", "1.00", "USD"] for text in ids]
    with (tmp_path / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    done = Result(tmp_path, *options)
    written = [r["transaction_id"] for r in done.table("rows.csv") if r["side"] == "claim"]
    assert written == ["  T-2 ", "'=1+1", 'q"uote', "two\nlines", "ünïcode", "007"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text.replace("T", " ").replace("Z", ""),
        lambda text: text.replace("10:00:00Z", "02:00:00-08:00"),
        lambda text: text.replace("acme", '"acme"'),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "\n\n"),
    ],
    ids=["crlf", "cr", "bom", "commas", "zoneless", "offset", "quoted", "no_end", "blank_lines"],
)
def test_the_same_rows_in_another_dress_give_the_same_verdicts(tmp_path, home, change):
    """Line ends, marks, quotes and spare commas are no content."""
    options = month(tmp_path)
    write(tmp_path, "events.csv", change(EVENTS))
    done = Result(tmp_path, *options)
    assert [row for row in done.classes() if row[1] != "matched"] == [
        ("t2", "unclaimed_event"),
        ("t4", "revenue_mismatch"),
        ("t3", "missing_event"),
        ("t4", "revenue_mismatch"),
    ]
    assert done.summary["rows"]["event"]["read"] == 3


NAMES = ("mit Leer ü.csv", 'it\'s "q".csv', "[bold]x.csv", "a;b,c.csv", "*.csv", "日本")


def test_a_file_may_have_any_name(tmp_path, home):
    """It is a name, neither a pattern nor markup nor SQL."""
    options = month(tmp_path)
    row = "transaction_id,event_id,occurred_at\nx,sale,2026-11-03\n"
    odd = [write(tmp_path, name, row) for name in NAMES]
    done = Result(tmp_path, *options, *(text for path in odd for text in ("--claims", path)))
    lines = {row["file"]: row["line"] for row in done.table("rows.csv")}
    assert [lines[str(path)] for path in odd] == ["2"] * len(NAMES)


def test_a_row_that_cannot_be_read_is_told_with_its_line(tmp_path, home):
    """It is no finding, but it is said, and stands in rejected.csv."""
    options = month(tmp_path)
    write(tmp_path, "events.csv", EVENTS.replace("t2,c1,g1,acme,2026-11-04", "t2,c1,g1,acme,4.11."))
    done = Result(tmp_path, *options)
    (rejected,) = done.table("rejected.csv")
    assert (rejected["file"], rejected["line"]) == (str(tmp_path / "events.csv"), "3")
    assert "4.11." in rejected["value"]
    assert "1 rows could not be read" in done.ran.out


def test_within_tolerance_there_is_no_finding(tmp_path, home):
    """The tolerance is inclusive; exit code 0 says that nobody has to do anything."""
    options = month(tmp_path)
    header, first, *_ = EVENTS.splitlines(keepends=True)
    write(tmp_path, "events.csv", header + first)
    write(tmp_path, "claims.csv", "".join(CLAIMS.splitlines(True)[:2]).replace("40.00", "40.01"))
    assert Result(tmp_path, *options, "--tolerance", "0.01").ran.code == 0
    assert Result(tmp_path, *options, "--tolerance", "0.009").ran.code == 1


def test_events_within_the_days_of_grace_are_not_due_yet(tmp_path, home):
    """The buyer may still name it; then nothing is found."""
    options = month(tmp_path)
    write(tmp_path, "claims.csv", "".join(CLAIMS.splitlines(True)[:2]))
    write(tmp_path, "events.csv", "".join(EVENTS.splitlines(True)[:3]).replace("11-04", "11-29"))
    late = ("--watermark", "2026-12-01")
    assert Result(tmp_path, *options, *late, "--grace-days", "3").ran.code == 0
    assert Result(tmp_path, *options, *late, "--grace-days", "1").ran.code == 1


def test_nothing_to_compare_with_is_an_error(tmp_path, home):
    """Events alone say nothing."""
    month(tmp_path)
    done = Result(tmp_path, "--events", tmp_path / "events.csv")
    assert_refused(done.ran, "--claims", "--leads")
    assert not done.folder.exists()
