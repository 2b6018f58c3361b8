"""What the command line says unasked, where a person has most likely forgotten something."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cli_help import CLAIMS, EVENTS, PERIOD, assert_refused, call, load_month, write
from reconcile.matching.wording import sentence
from reconcile.terms import Side

BARE = "Lead No;Owed\nt1;40.00\nt3;25.00\n"
MAPPING = (
    'kind = "claim"\nsender = "acme"\nignore = ["Owed"]\n[columns]\ntransaction_id = "Lead No"\n'
)
ITEMS = """\
kind = "claim"
sender = "acme"
sum_by = "transaction_id"
zone = "UTC"
[columns]
transaction_id = "Lead No"
revenue = "Owed"
occurred_at = "Sold"
[constants]
buyer = "acme"
event_id = "sale"
"""


def imported(tmp_path, name, content, *options):
    """Import a report; return what was said."""
    path = write(tmp_path, name, content)
    ran = call("import", path, "--kind", "claim", *options)
    assert ran.code == 0, ran.err
    return ran.out


def test_a_report_read_without_its_amounts_is_told_at_import(tmp_path, home):
    """It loads, as such reports exist; but seldom on purpose."""
    mapping = write(tmp_path, "acme.toml", MAPPING)
    said = imported(tmp_path, "acme.csv", BARE, "--mapping", mapping)
    (batch,) = call("batches", "--format", "json").rows
    assert "No column was read as revenue, occurred_at, event_id, currency." in said
    assert f"reconcile remap {batch['id']} --answer columns.revenue=HEADER" in said


def test_a_whole_report_is_told_in_one_line(tmp_path, home):
    """What is in order needs no words."""
    assert len(imported(tmp_path, "all.csv", CLAIMS, "--sender", "all").splitlines()) == 1


def test_a_corrected_report_is_told_to_replace_what_it_corrects(tmp_path, home):
    """How many rows it says again, otherwise, and for the first time; other senders are apart."""
    imported(tmp_path, "first.csv", CLAIMS, "--sender", "all")
    more = "t5,sale,c1,acme,2026-11-05T10:00:00Z,25.00,USD,approved\n"
    corrected = CLAIMS.replace("25.00", "26.00") + more
    said = imported(tmp_path, "second.csv", corrected, "--sender", "all")
    assert "It overlaps" in said
    assert "first.csv: 2 rows were there already, 1 in another version" in said
    assert "1 are new" in said
    assert "rows of all its buyers; those of one, with sums: reconcile changes acme" in said
    other = imported(tmp_path, "third.csv", CLAIMS.replace("25.00", "27.00"), "--sender", "else")
    assert "overlaps" not in other


def test_a_report_of_which_nothing_is_known_is_told_how_to_replace_another(tmp_path, home):
    """It names other times, so that its rows are no versions of the old ones."""
    imported(tmp_path, "first.csv", CLAIMS, "--sender", "all")
    (first,) = call("batches", "--format", "json").rows
    later = CLAIMS.replace("T10:00:00Z", "T10:00:01Z").replace("T00:00:00Z", "T00:00:01Z")
    said = imported(tmp_path, "second.csv", later, "--sender", "all")
    assert "0 rows were there already, 0 in another version" in said
    assert f"take that out: reconcile undo {first['id']}" in said


def test_what_a_full_delivery_lacks_is_told_and_no_longer_counts(tmp_path, home):
    """The sender said that each file is whole for its period; undone, the older rows are back."""
    full = write(tmp_path, "full.toml", 'sender = "all"\ndelivery = "full"\n')
    imported(tmp_path, "first.csv", CLAIMS, "--mapping", full)
    call("import", write(tmp_path, "events.csv", EVENTS), "--kind", "event")
    fewer = "".join(line for line in CLAIMS.splitlines(keepends=True) if "t3" not in line)
    said = imported(tmp_path, "second.csv", fewer, "--mapping", full)
    assert "2 rows were there already, 0 in another version" in said
    assert "1 rows that it lacks are withdrawn" in said
    assert "Missing event" not in call("run", *PERIOD).out
    second = call("batches", "--format", "json").rows[-1]
    assert second["file"].endswith("second.csv")
    call("undo", second["id"])
    assert "Missing event" in call("run", *PERIOD).out


def test_rows_that_could_not_be_read_are_told_by_every_run(tmp_path, home):
    """A bridge closes without them, so it must say that they are not in it."""
    load_month(tmp_path)
    assert "could not be read" not in call("run", *PERIOD).out
    bad = "t9,sale,c1,acme,2026-11-09T10:00:00Z,forty,USD,approved\n"
    said = imported(tmp_path, "bad.csv", CLAIMS + bad, "--sender", "bad")
    assert "1 rows were rejected" in said
    batch = next(b for b in call("batches", "--format", "json").rows if b["rejected"])
    ran = call("run", *PERIOD)
    assert f"are in no figure above: reconcile rejected {batch['id']}" in ran.out
    assert_refused(
        call("explain", "bad.csv:5"),
        "bad.csv line 5 was rejected",
        "revenue 'forty', not an amount",
    )


def test_a_summed_row_is_found_by_any_of_its_lines(tmp_path, home):
    """A person has the second line of an order before them, and not the first."""
    call("import", write(tmp_path, "events.csv", EVENTS), "--kind", "event")
    mapping = write(tmp_path, "items.toml", ITEMS)
    lines = "Lead No,Owed,Sold\nt1,30.00,2026-11-01\nt1,15.00,2026-11-01\nt2,40.00,2026-11-04\n"
    assert "2 claim rows from 3 lines" in imported(
        tmp_path, "items.csv", lines, "--mapping", mapping
    )
    assert call("run", *PERIOD, "--currency", "USD").code == 1
    first, second = (call("explain", f"items.csv:{line}") for line in (2, 3))
    assert first.code == second.code == 0
    assert first.out == second.out
    assert "the claim is 5.00 more than the event" in first.out
    assert "occurred_at        2026-11-01 00:00:00 UTC" in first.out
    assert "revenue            45.00\n" in first.out
    assert "event and claim agree" in call("explain", "items.csv:4").out
    assert_refused(call("explain", "items.csv:9"), "has no row items.csv:9")


def test_a_run_of_nothing_says_what_to_check(tmp_path, home):
    """A buyer misspelled must not pass for a buyer without findings."""
    load_month(tmp_path)
    hint = "No row was reconciled."
    assert hint in call("run", *PERIOD, "--buyers", "acmee").out
    assert hint not in call("run", *PERIOD, "--buyers", "acme").out


def test_claims_that_name_no_event_or_currency_are_told_how_to(tmp_path, home):
    """Both are one line in a mapping, and without them nothing agrees."""
    call("import", write(tmp_path, "events.csv", EVENTS), "--kind", "event")
    lines = [line.split(",") for line in CLAIMS.splitlines()]
    bare = "\n".join(",".join([row[0], *row[2:6], row[7]]) for row in lines) + "\n"
    imported(tmp_path, "bare.csv", bare, "--sender", "all")
    said = call("run", *PERIOD).out
    assert "3 claims name no event" in said
    assert "--default-event" in said
    assert "Rows that name no currency have a bridge of their own." in said
    mended = call("run", *PERIOD, "--currency", "USD", "--default-event", "sale").out
    assert "name no" not in mended


@pytest.mark.parametrize(
    ("sold", "zone", "told"),
    [
        ("2026-11-01", "AKST", True),
        ("2026-11-01", "America/Los_Angeles", False),
        ("2026-11-01", "America/New_York", False),
        ("2026-11-01 10:00:00", "AKST", False),
    ],
)
def test_days_of_another_zone_than_the_run_are_told(tmp_path, home, sold, zone, told):
    """Midnight of one zone is the evening before in another: the first of a month is lost."""
    load_month(tmp_path)
    rows = f"Lead No,Owed,Sold\nt1,40.00,{sold}\n"
    mapping = ITEMS.replace("UTC", "America/Los_Angeles")
    mapped = write(tmp_path, "items.toml", mapping)
    imported(tmp_path, "days.csv", rows, "--mapping", mapped, "--sender", "other")
    said = call("run", "--from", "2026-11-01", "--to", "2026-12-01", "--zone", zone).out
    assert ("days.csv has days without a time, read in America/Los_Angeles" in said) is told


def test_a_plan_of_nothing_says_so(tmp_path, home):
    """An empty table alone could be a fault."""
    hint = "There is nothing to plan"
    load_month(tmp_path)
    call("run", *PERIOD)
    assert hint not in call("plan").out
    call("run", *PERIOD, "--buyers", "bolt")
    assert hint in call("plan").out


def test_stored_runs_are_listed_with_their_period(tmp_path, home):
    """October's run and November's differ in nothing else that a person knows."""
    load_month(tmp_path)
    call("run", *PERIOD)
    (row,) = call("runs", "--format", "json").rows
    assert (row["date_from"], row["date_to"], row["zone"]) == ("2026-11-01", "2026-12-01", "UTC")
    assert "2026-11-01  2026-12-01  UTC" in call("runs").out


@pytest.mark.parametrize(
    ("bridge", "said"),
    [
        ("-5.0000", "the claim is 5.00 less than the event"),
        ("10.0000", "the claim is 10.00 more than the event"),
        ("0.0050", "the claim is 0.005 more than the event"),
        ("-1250.1000", "the claim is 1,250.10 less than the event"),
    ],
)
def test_a_difference_is_told_in_words(bridge, said):
    """Not as +5.0000: an accountant asks who owes less."""
    pair = _pair("revenue_mismatch", "amount", Decimal(bridge))
    assert sentence(*pair).endswith(f"; {said}.")


def test_a_denial_names_the_word_of_the_report():
    """The word is what the buyer wrote, the meaning what the mapping made of it."""
    claim, event = _pair("status_conflict", "rejected", Decimal(-40))
    claim["status"] = "Bad Lead"
    for told in (sentence(claim, event), sentence({**event, "reason": "rejected"}, claim)):
        assert told.endswith("; the counterpart's status `Bad Lead` means rejected.")


def _pair(row_class, reason, bridge):
    shared = {"class": row_class, "reason": reason, "bridge": bridge, "day": None, "flags": None}
    shared |= {"revenue": Decimal("40.0000"), "currency": "USD", "line": 2, "status": None}
    claim = {**shared, "side": Side.CLAIM, "file": "claims.csv"}
    return claim, {**shared, "side": Side.EVENT, "file": "events.csv"}
