"""Versions of a report: what a newer one added, removed, repriced and re-stated, to the cent."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile import Kind, open_store
from reconcile.changes import report_changes
from reconcile.changes.claims import ALL, CAUSES, _totals
from reconcile.engine import Engine
from reconcile.periods import period_of
from tests import warehouse_data
from tests.cli_help import assert_refused, call, run_month, write

HEADER = "transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status\n"


def report(*rows: str) -> str:
    """Return a report of these rows, each `id amount status [currency [buyer]]`."""
    lines = []
    for row in rows:
        name, amount, status, *more = row.split()
        currency, buyer = (*more, *("USD", "acme")[len(more) :])
        amount = "" if amount == "-" else amount
        lines.append(f"{name},sale,c1,{buyer},2026-11-05T10:00:00Z,{amount},{currency},{status}\n")
    return HEADER + "".join(lines)


def load(name: str, text: str, *, exported: int | None = None, **staged: object) -> str:
    """Put a report of the sender net into the home, made at noon of a day of November."""
    claims = list(csv.DictReader(io.StringIO(text)))
    with open_store() as store:
        return warehouse_data.load(
            store,
            f"{name}.csv",
            [canonical(claim) for claim in claims],
            kind=Kind.CLAIM,
            sender="net",
            buyers=sorted({claim["buyer"] for claim in claims}),
            exported=exported,
            **staged,
        ).id


def canonical(claim: dict[str, str]) -> dict[str, object]:
    """Return a claim as importing would store it."""
    amount = Decimal(claim["revenue"]) if claim["revenue"] else None
    key_hi, key_lo = warehouse_data.halves(claim["transaction_id"])
    return claim | {
        "key_hi": key_hi,
        "key_lo": key_lo,
        "occurred_at": datetime.fromisoformat(claim["occurred_at"]).replace(tzinfo=None),
        "revenue": amount,
        "revenue_e4": None if amount is None else int(amount.scaleb(4)),
    }


def sums(*arguments: object) -> dict[str, str]:
    """Return the sums of the one currency that `changes` tells, by their name."""
    text = call("changes", "acme", *arguments).out
    assert text.count("\nSums, ") == 1, text
    block = text.split("\nSums, ")[1].split("\n\n")[0].splitlines()[2:]
    return {" ".join(line.split()[:-2]): " ".join(line.split()[-2:]) for line in block}


def rows(*arguments: object) -> list[tuple[str, str, str]]:
    """Return change, id and effect of what `changes` lists."""
    text = call("changes", "acme", "--format", "csv", *arguments).out
    return [
        (row["change"], row["transaction_id"], row["effect"])
        for row in csv.DictReader(io.StringIO(text))
    ]


def test_each_kind_of_change_is_told_with_its_sum(home):
    """Added, repriced, status changed; what says the same is not told, and the sums add up."""
    load("a", report("t1 10 approved", "t2 20 approved", "t3 30 approved", "t4 5 sold"))
    load("b", report("t1 10 approved", "t2 22.50 approved", "t3 30 returned", "t5 7 sold"))
    assert rows() == [
        ("status", "t3", "-30.0000"),
        ("added", "t5", "7.0000"),
        ("repriced", "t2", "2.5000"),
    ]
    assert sums() == {
        "before": "4 65.00",
        "+ added": "1 7.00",
        "- removed": "0 0.00",
        "+ repriced": "1 2.50",
        "+ status changed": "1 -30.00",
        "after": "5 44.50",
    }


def test_what_a_whole_delivery_lacks_is_removed(home):
    """Only there: a file that is a part withdraws nothing."""
    old = report("t1 10 approved", "t2 20 approved", "t3 30 approved")
    later = report("t1 10 approved").replace("10:00", "09:00") + "t3,sale,c1,acme,"
    later += "2026-11-05T11:00:00Z,30,USD,approved\n"
    load("a", old)
    load("b", later, delivery="full")
    assert ("removed", "t2", "-20.0000") in rows()
    assert sums()["after"] == "2 40.00"


def test_a_row_of_two_causes_is_split_exactly(home):
    """First the price as far as the old one counted, then what the new status makes of it."""
    load("a", report("t1 10 approved", "t2 8 rejected"))
    load("b", report("t1 12 rejected", "t2 9 approved"))
    told = sums()
    assert (told["before"], told["after"]) == ("2 10.00", "2 9.00")
    assert told["+ repriced"] == "1 2.00"  # of t2, which did not count, the price moved nothing
    assert told["+ status changed"] == "2 -3.00"
    assert rows() == [
        ("status", "t1", "-12.0000"),
        ("status", "t2", "9.0000"),
        ("repriced", "t1", "2.0000"),
    ]


def test_another_currency_leaves_one_sum_and_enters_the_other(home):
    """Each currency adds up by itself."""
    load("a", report("t1 10 approved", "t2 1 approved EUR"))
    load("b", report("t1 10 approved EUR", "t2 1 approved EUR"))
    with open_store() as store:
        totals = {row["currency"]: row for row in report_changes(store, "acme").totals}
    assert (totals["USD"]["before"], totals["USD"]["repriced"]) == (10, -10)
    assert (totals["EUR"]["repriced"], totals["EUR"]["after"]) == (10, 11)
    listed = csv.DictReader(io.StringIO(call("changes", "acme", "--format", "csv").out))
    assert [(row["change"], row["currency"], row["effect"]) for row in listed] == [
        ("repriced", "USD", "-10.0000"),
        ("repriced", "EUR", "10.0000"),
    ]
    text = call("changes", "acme").out
    assert "Of the repriced, 1 came from another currency." in text
    assert "Of the repriced, 1 went to another currency." in text
    assert "currency before  currency now" in text


def test_other_buyers_and_senders_are_no_part_of_it(home):
    """Of a report of several buyers only the rows of the one; others may have moved."""
    load("a", report("t1 10 approved", "t2 20 approved USD bolt"))
    load("b", report("t1 11 approved", "t2 99 approved USD bolt"))
    assert rows() == [("repriced", "t1", "1.0000")]
    assert sums()["after"] == "1 11.00"


def test_a_change_without_money_is_counted_and_moves_nothing(home):
    """A reason that was given since is told beside the sums."""
    text = report("t1 10 approved").replace("status\n", "status,reason\n")
    load("a", text.replace("approved\n", "approved,\n"))
    load("b", text.replace("approved\n", "approved,why\n"))
    assert rows() == [("other", "t1", "0.0000")]
    assert "1 claims changed in what moves no sum" in call("changes", "acme").out


def test_a_sender_that_was_told_later_changes_no_claim(home, tmp_path):
    """Whose file it is was inferred once and stated then; the claims say what they said."""
    path = write(tmp_path, "a.csv", report("t1 10 approved"))
    assert call("import", path, "--kind", "claim").code == 0
    path = write(tmp_path, "b.csv", report("t1 10 approved", "t2 1 approved"))
    assert call("import", path, "--kind", "claim", "--sender", "acme").code == 0
    assert rows() == [("added", "t2", "1.0000")]


def test_since_a_batch_or_a_day_is_a_longer_way(home):
    """Compared with an older state, all later versions count together."""
    first = load("a", report("t1 10 approved"), exported=6)
    load("b", report("t1 11 approved"), exported=7)
    load("c", report("t1 12 approved"), exported=8)
    assert rows() == [("repriced", "t1", "1.0000")]
    assert rows("--since", first) == [("repriced", "t1", "2.0000")]
    assert rows("--since", "2026-11-07") == [("repriced", "t1", "2.0000")]
    assert rows("--since", "2026-11-07T13:00Z") == [("repriced", "t1", "1.0000")]
    assert_refused(call("changes", "acme", "--since", "2026-12-01"), "Nothing of acme is newer")


def test_the_order_of_import_changes_nothing(home):
    """The newest version is that of the file made last."""
    load("b", report("t1 11 approved"), exported=7)
    load("a", report("t1 10 approved"), exported=6)
    assert rows() == [("repriced", "t1", "1.0000")]


def test_a_period_leaves_the_rest_out(home):
    """Its days are those of the zone that is named, or of the newest run."""
    load("a", report("t1 10 approved"))
    load("b", report("t1 11 approved", "t2 5 approved"))
    assert rows("--period", "2026-10", "--zone", "UTC") == []
    assert len(rows("--period", "2026-11-05..2026-11-05", "--zone", "UTC")) == 2
    assert_refused(call("changes", "acme", "--period", "2026-11"), "needs --zone")


def test_what_cannot_be_compared_is_refused_with_its_cure(home):
    """An unknown buyer, a first version, and a word that nobody has translated."""
    assert_refused(call("changes", "acme"), "no buyer report is loaded yet")
    load("a", report("t1 10 approved"))
    assert_refused(call("changes", "acmee"), "the reports name acme")
    assert_refused(call("changes", "acme"), "no earlier version", "a.csv")
    load("b", report("t1 10 odd"))
    assert_refused(call("changes", "acme"), "'odd': 1 row(s)", '"odd" = "?"', code=4)


def test_a_mere_sender_is_no_buyer(home):
    """Its reports may have moved, so that `Nothing changed` would be false; the rest is counted."""
    buyers = [f"b{n}" for n in range(7)]
    load("a", report(*(f"t{buyer} 10 approved USD {buyer}" for buyer in buyers)))
    load("b", report(*(f"t{buyer} 11 approved USD {buyer}" for buyer in buyers)))
    told = call("changes", "net")
    assert_refused(told, "'net' is a sender and no buyer", "its reports name b0, b1, b2, b3, b4")
    assert "b4 and 2 more" in told.err
    assert_refused(call("changes", "nobody"), "b4 and 2 more")


def test_a_sender_whose_claims_name_no_buyer_is_one(home):
    """Some of its rows may name another one."""
    old = report("t1 10 approved", "t2 5 approved").replace("t1,sale,c1,acme", "t1,sale,c1,")
    for name, text in (("a", old), ("b", old.replace(",10,", ",12,"))):
        claims = [
            canonical(claim) | {"buyer": claim["buyer"] or None}
            for claim in csv.DictReader(io.StringIO(text))
        ]
        with open_store() as store:
            warehouse_data.load(
                store, f"{name}.csv", claims, kind=Kind.CLAIM, sender="net", buyers=["acme"]
            )
    assert "t1" in call("changes", "net").out


def test_findings_that_came_and_went_are_told_once_both_runs_are_there(home, tmp_path):
    """Without them it says so and names the cure; the cure makes them."""
    run_month(tmp_path)
    text = (tmp_path / "claims.csv").read_text().replace("25.00", "26.00")
    added = text + "t2,sale,c1,acme,2026-11-04T10:00:00Z,40.00,USD,approved\n"
    path = write(tmp_path, "later.csv", added)
    assert call("import", path, "--kind", "claim", "--sender", "net").code == 0
    told = call("changes", "acme")
    assert told.code == 0
    assert "no run on them" in told.err
    assert "reconcile changes acme --reconcile" in told.err
    told = call("changes", "acme", "--reconcile")
    found = [line.split() for line in told.out.split("Findings of acme")[1].splitlines()[2:]]
    assert ["closed", "since", "USD", "1", "40.00", "0.00"] in found  # t2, which is claimed now
    assert ["still", "open", "USD", "1", "25.00", "26.00"] in found  # t3, missing all the time
    assert call("changes", "acme").out == told.out


def test_hostile_cells_stay_text_in_every_export(home, tmp_path):
    """A formula is a text in the workbook, and guarded in a CSV file."""
    evil = '"=HYPERLINK(""http://x"",""y"")"'
    load("a", report("t1 10 approved"))
    load("b", report("t1 10 approved", f"{evil} 3 approved"))
    book = tmp_path / "changes.xlsx"
    assert call("changes", "acme", "--xlsx", book).code == 0
    sheet = openpyxl.load_workbook(book)["Changes"]
    cells = {cell.column_letter: cell for cell in sheet[2]}
    assert cells["D"].value == '=HYPERLINK("http://x","y")'
    assert cells["D"].data_type == "s"
    assert (cells["C"].value, cells["C"].data_type) == (3, "n")
    text = call("changes", "acme", "--format", "csv").out
    assert "'=HYPERLINK" in text


def test_a_workbook_that_cannot_be_written_is_told(home, tmp_path):
    """What was there before is still there."""
    load("a", report("t1 10 approved"))
    load("b", report("t1 11 approved"))
    assert_refused(
        call("changes", "acme", "--xlsx", tmp_path / "no" / "x.xlsx"), "cannot be written"
    )


COLUMNS = {
    **dict.fromkeys(("batch", "file", "transaction_id", "event_id", "campaign_id"), "varchar"),
    **dict.fromkeys(("currency", "status", "reason"), "varchar"),
    **dict.fromkeys(("line", "revenue_e4", "id_hi", "id_lo", "content"), "bigint"),
    "occurred_at": "timestamp",
    "counts": "integer",
}
CLAIM = st.fixed_dictionaries(
    {
        "id_hi": st.integers(1, 3),
        "revenue_e4": st.sampled_from([None, 0, 1, 100_000, 100_001, -40_000]),
        "currency": st.sampled_from([None, "USD", "EUR"]),
        "status": st.sampled_from([None, "approved", "rejected"]),
        "reason": st.sampled_from([None, "why"]),
    }
)


@pytest.fixture(scope="module")
def engine():
    """Return one engine for all examples of a law."""
    made = Engine()
    yield made
    made.close()


def upload(engine, name, claims):
    """Make a state of the reports of these claims, in this order."""
    rows = []
    for line, claim in enumerate(claims, 2):
        amount = claim["revenue_e4"]
        counts = int((amount or 0) < 0 or claim["status"] != "rejected")
        row = dict.fromkeys(COLUMNS) | claim
        row |= {"batch": name, "file": f"{name}.csv", "line": line, "id_lo": 0, "counts": counts}
        row["content"] = hash(tuple(claim.values()))
        rows.append(tuple(row.values()))
    engine.upload(name, COLUMNS, rows)


@settings(max_examples=40, deadline=None)
@given(before=st.lists(CLAIM, max_size=6), now=st.lists(CLAIM, max_size=6))
def test_before_and_all_changes_are_after(engine, before, now):
    """The law: whatever two versions say, every claim and cent is accounted for per currency."""
    upload(engine, "claim_before", before)
    upload(engine, "claim_now", now)
    engine.table("change", "changes/change")
    engine.table("move", "changes/move")
    rows = engine.records("changes/change_out", limit=ALL)
    kinds = Counter(kind for kind, _, _ in {of_one_claim(row) for row in rows})
    same = len(before) - sum(n for kind, n in kinds.items() if kind != "added")
    assert len(now) == same + sum(n for kind, n in kinds.items() if kind != "removed")
    for total in _totals(engine):
        moved = total["added"] - total["removed"] + total["repriced"] + total["status"]
        assert total["before"] + moved == total["after"]
        come = total["added_rows"] + total["came_rows"]
        gone = total["removed_rows"] + total["went_rows"]
        assert total["rows_before"] + come - gone == total["rows_after"]
        for kind in (*CAUSES, "other"):
            listed = [
                row["effect"]
                for row in rows
                if (row["change"], row["currency"]) == (kind, total["currency"])
            ]
            assert total[f"{kind}_rows"] == len(listed)
            assert sum(listed) == total.get(kind, 0) * (-1 if kind == "removed" else 1)
        for name, claims in (("before", before), ("after", now)):
            assert total[name] == counted(claims, total["currency"])
    if before == now:
        assert rows == []


def of_one_claim(row):
    """Return what moves of the same claim share: whether it came, went or stayed, and its lines."""
    way = row["change"] if row["change"] in ("added", "removed") else "both"
    return way, row["line_before"], row["line_now"]


def counted(claims, currency):
    """Return what counts of claims in a currency, told without SQL."""
    return sum(
        Decimal(claim["revenue_e4"] or 0).scaleb(-4)
        for claim in claims
        if claim["currency"] == currency
        and ((claim["revenue_e4"] or 0) < 0 or claim["status"] != "rejected")
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("last-month", ("2026-10-01", "2026-11-01")),
        ("this-month", ("2026-11-01", "2026-12-01")),
        ("2026-02", ("2026-02-01", "2026-03-01")),
        ("2026-12", ("2026-12-01", "2027-01-01")),
        ("2026-11-01..2026-11-15", ("2026-11-01", "2026-11-16")),
    ],
)
def test_periods_are_days_of_the_zone(text, days):
    """At five in the morning of 1 December (UTC) it is still November in Los Angeles."""
    now = datetime(2026, 12, 1, 5, tzinfo=UTC).replace(tzinfo=None)
    first, end = period_of(text, "America/Los_Angeles", now=now)
    assert (str(first), str(end)) == days


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "november", "2026-11-05..2026-11-04"])
def test_a_period_that_cannot_be_meant_is_refused(home, text):
    """The text says how to write one."""
    load("a", report("t1 10 approved"))
    load("b", report("t1 11 approved"))
    assert_refused(call("changes", "acme", "--period", text, "--zone", "UTC"), "Write last-month")
