"""A dispute pack: its figures are the run's, and it holds nothing that its buyer may not have."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import shutil
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from cli_help import assert_refused, call
from packing_world import (
    COST,
    EVENTS,
    FORMULA,
    LINK,
    MARKUP,
    SCRIPT,
    SENDER,
    SOURCE,
    SPEND,
    SUB,
    found_in,
    sheets_of,
    sums_of,
    texts_of,
)
from reconcile import FindingFilter, Store, bridge, decide, findings, history, open_store
from reconcile.errors import BadParameters, NotFound
from reconcile.exporting.columns import PACK
from reconcile.exporting.lines import Named, labels_of
from reconcile.exporting.wording import MEANING, question_of
from reconcile.exporting.workbook import is_exact
from reconcile.filtering import buyers_of
from reconcile.guarding import STARTS
from reconcile.packing import WORKBOOK, folders_of, make_pack
from reconcile.showing import class_label
from reconcile.terms import RowClass


@pytest.fixture
def store(hostile_month, home):
    """Return a store with the hostile month, of this test's own."""
    shutil.copytree(hostile_month, home, dirs_exist_ok=True)
    with open_store(home) as opened:
        yield opened


def newest(store: Store) -> str:
    """Return the id of the newest run."""
    return store.runs()[0].id


def bridge_of(store: Store, buyer: str) -> dict[tuple[str, str], Decimal]:
    """Return the buyer's bridge by class and currency."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in bridge(store, newest(store), buyer=buyer):
        name = row["bucket"].partition(":")[0]
        label = name if name in ("events", "claims") else class_label(name)
        sums[label, row["currency"]] += row["amount"]
    return dict(sums)


def summary_of(path: Path) -> dict[str, dict[str, Decimal]]:
    """Return the lines of the bridge on the summary: label to currency to amount."""
    sheet = openpyxl.load_workbook(path)["Summary"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(n for n, row in enumerate(lines) if str(row[0]).startswith("Bridge from"))
    codes = lines[start + 1][2:]
    found = {}
    for row in lines[start + 2 :]:
        found[row[0]] = {
            code: Decimal(str(value).split(" ")[0].replace(",", ""))
            for code, value in zip(codes, row[2:], strict=True)
            if code not in (None, "What it means", "Where") and value is not None
        }
        if row[0] == "Your claims":
            return found
    raise AssertionError("the bridge has no end")


def check_figures(store: Store, buyer: str, path: Path) -> None:
    """Say that a workbook's sums are those of the buyer's bridge, class by class."""
    expected = bridge_of(store, buyer)
    totals = {key: amount for key, amount in expected.items() if key[0] not in ("events", "claims")}
    found = {key: amount for key, amount in sums_of(path).items() if amount}
    assert found == {key: amount for key, amount in totals.items() if amount}
    said = summary_of(path)
    for label, name in (("Our events", "events"), ("Your claims", "claims")):
        for code, amount in said[label].items():
            assert amount == expected.get((name, code), Decimal(0))
    assert len(said) >= len({row["bucket"] for row in bridge(store, newest(store), buyer=buyer)})


@pytest.mark.parametrize("buyer", ["acme", "delta_direct"])
def test_the_totals_of_a_pack_are_those_of_the_bridge(loaded_sample, tmp_path, buyer):
    """To the cent, for every class and currency; no source and no other buyer in any byte."""
    with open_store(loaded_sample) as store:
        made = make_pack(store, newest(store), buyer, tmp_path / buyer)
        check_figures(store, buyer, made.folder / WORKBOOK)
        others = set(buyers_of(store, newest(store))) - {buyer}
    with (Path("data/sample") / "leads.csv").open(encoding="utf-8") as stream:
        leads = list(csv.DictReader(stream))
    secrets = {row["pid"] for row in leads} | {row["utm_source"] for row in leads} - {""}
    assert len(others) > 3
    assert found_in(made.folder, secrets | others | {"utm_", "sub1", str(loaded_sample)}) == set()


def test_a_pack_of_hostile_rows_adds_up(store, tmp_path):
    """Also with amounts of more digits than a spreadsheet can reckon with."""
    made = make_pack(store, newest(store), "acme", tmp_path / "p")
    check_figures(store, "acme", made.folder / WORKBOOK)
    total = {
        row["currency"]: row for row in json_of(made.folder)["bridge"] if row["bucket"] == "events"
    }
    assert Decimal(total["USD"]["amount"]) == sum(
        Decimal(amount) for _, buyer, _, amount in EVENTS if buyer == "acme"
    )


def json_of(folder: Path) -> dict:
    """Return the manifest of a pack."""
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_nothing_leaves_that_is_none_of_the_buyers(store, tmp_path):
    """No source, sub id, cost, spend, sender, other buyer, folder, user, or name of a file."""
    only = FindingFilter(buyer="acme")
    decide(store, newest(store), "note", only=only, note="our floor is ten", user="anna")
    made = make_pack(store, newest(store), "acme", tmp_path / "p", user="berta")
    hidden = [SOURCE, SUB, COST, SPEND, SENDER, "bolt", "55.56", "66.66", "our floor", "anna"]
    hidden += ["berta", "other_buyer", "other buyer", str(tmp_path), str(store.home), "acme_and"]
    assert found_in(made.folder, hidden) == set()
    flags = [row["flags"] for row in findings(store, newest(store), only=only)]
    assert any("other_buyer" in (text or "") for text in flags), "the world has no such flag"
    assert found_in(made.folder, ["acme late.csv line 2", "reports 1 line", "events 1 line"])


def test_notes_leave_only_if_that_was_asked(store, tmp_path):
    """With them the pack has them, and no other word of the decision."""
    only = FindingFilter(row_class="unclaimed_event", buyer="acme")
    decide(
        store, newest(store), "dispute", only=only, note="see our mail", reason="inner", user="an"
    )
    made = make_pack(store, newest(store), "acme", tmp_path / "p", with_notes=True)
    assert found_in(made.folder, ["see our mail"])
    assert not found_in(made.folder, ["inner"])


def test_text_of_files_stays_text(store, tmp_path):
    """No formula, link or markup in the workbook; the page escapes; ids are what they were."""
    made = make_pack(store, newest(store), "acme", tmp_path / "p")
    for name, text in texts_of(made.folder):
        if name.endswith(".xml"):
            assert "<f>" not in text
            assert "hyperlink" not in text
            assert "<r><t>" not in text
        if name.endswith(".html"):
            assert SCRIPT not in text
            assert "<script" not in text
            assert f'href="{LINK}' not in text
    ids = [row["Transaction id"] for row in sheets_of(made.folder / WORKBOOK)["Unclaimed event"]]
    assert {text.rstrip() for text in ids} == {FORMULA, MARKUP, SCRIPT, LINK}
    [row] = sheets_of(made.folder / WORKBOOK)["Revenue differs"][:1]
    assert {type(row["Our amount"]), type(row["Transaction id"])} <= {int, float, str}
    [late] = [
        r for r in sheets_of(made.folder / WORKBOOK)["Revenue differs"] if r["Our amount"] == 60
    ]
    assert late["Transaction id"] == "0077"
    assert late["Our time"] == datetime(2026, 11, 30, 23, 30)


def test_a_workbook_is_set_up_for_reading_and_printing(store, tmp_path):
    """Headers stay in sight and on every page, columns filter, pages are as wide as the paper."""
    made = make_pack(store, newest(store), "acme", tmp_path / "p")
    book = openpyxl.load_workbook(made.folder / WORKBOOK)
    assert book.sheetnames[0] == "Summary"
    sheet = book["Unclaimed event"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Reference")
    assert sheet.freeze_panes == f"A{top + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{top}:")
    assert sheet.print_title_rows == f"${top}:${top}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert not (book.properties.creator or "").strip()
    assert not (book.properties.lastModifiedBy or "").strip()


def test_a_class_of_many_rows_becomes_a_file_of_its_own(store, tmp_path):
    """The summary says where; sums and ids are the same, and no cell can become a formula."""
    made = make_pack(store, newest(store), "acme", tmp_path / "p", sheet_rows=2)
    path = made.folder / "rows_unclaimed_event.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert len(rows) == 4
    assert (
        sum(Decimal(row["difference"]) for row in rows)
        == bridge_of(store, "acme")["Unclaimed event", "USD"]
    )
    assert {row["transaction_id"] for row in rows} == {"'=1+1", MARKUP, SCRIPT, LINK}
    assert not [c for row in rows for c in row.values() if c[:1] in STARTS - {"-"}]
    book = openpyxl.load_workbook(made.folder / WORKBOOK)
    assert "Unclaimed event" not in book.sheetnames
    assert "Revenue differs" in book.sheetnames
    told = [cell.value for row in book["Summary"].iter_rows() for cell in row if cell.value]
    assert "rows_unclaimed_event.csv" in told
    assert [t for t in told if "4 rows are in rows_unclaimed_event.csv" in str(t)]
    assert "rows_unclaimed_event.csv" in (made.folder / "dispute_pack.html").read_text("utf-8")
    assert {one["file"] for one in json_of(made.folder)["outputs"]} >= {path.name}


def test_hashed_ids_match_on_both_sides_and_tell_nothing_else(store, tmp_path):
    """Who has the salt makes the same hash; no id, and nothing made of one, is in the pack."""
    salt = tmp_path / "salt.txt"
    made = make_pack(store, newest(store), "acme", tmp_path / "p", salt=salt)
    key = bytes.fromhex(salt.read_text().strip())
    rows = sheets_of(made.folder / WORKBOOK)["Unclaimed event"]
    expected = {
        hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
        for text in (FORMULA, MARKUP, SCRIPT, LINK)
    }
    assert {row["Transaction id"] for row in rows} == expected
    names = [row["finding"] for row in findings(store, newest(store)) if row["buyer"] == "acme"]
    assert found_in(made.folder, [FORMULA, "example.com", "0077<", *names, key.hex()]) == set()
    again = make_pack(store, newest(store), "acme", tmp_path / "q", salt=salt)
    assert {
        row["Transaction id"] for row in sheets_of(again.folder / WORKBOOK)["Unclaimed event"]
    } == expected


def test_what_was_decided_against_is_not_asked_and_still_adds_up(store, tmp_path):
    """Its row stays in the totals, and no word says why nothing is asked."""
    before = make_pack(store, newest(store), "acme", tmp_path / "p")
    only = FindingFilter(ids=(FORMULA,))
    decide(store, newest(store), "ignore", only=only, reason="too small")
    made = make_pack(store, newest(store), "acme", tmp_path / "q")
    check_figures(store, "acme", made.folder / WORKBOOK)
    assert (made.asked, made.decided_against) == (before.asked - 1, 1)
    rows = sheets_of(made.folder / WORKBOOK)["Unclaimed event"]
    assert {row["Transaction id"]: row["Asked"] for row in rows}[FORMULA] == "no"
    assert not found_in(made.folder, ["too small"])


def test_a_pack_that_was_sent_is_recorded_on_each_of_its_findings(store, tmp_path):
    """Once; taken back like any decision; answered by the name that the pack gives a finding."""
    salt = tmp_path / "salt.txt"
    made = make_pack(store, newest(store), "acme", tmp_path / "p", salt=salt)
    sent = call("pack", "--sent", made.id)
    assert f"{made.asked} findings of pack {made.id} sent" in sent.out
    rows = findings(store, newest(store), only=FindingFilter(state="sent"))
    assert len(rows) == made.asked
    assert {row["buyer"] for row in rows} == {"acme"}
    assert_refused(call("pack", "--sent", made.id), "recorded as sent before, by decision 1")
    [row] = [
        line
        for line in sheets_of(made.folder / WORKBOOK)["Unclaimed event"]
        if line["Our amount"] == 25
    ]
    assert call("answer", row["Reference"], "--credit", "10", "--note", "Jo").code == 0
    [answered] = findings(store, newest(store), only=FindingFilter(state="credited"))
    assert (answered["transaction_id"], answered["credited"]) == (FORMULA, Decimal(10))
    assert [one["action"] for one in history(store)] == ["credit", "send"]
    assert_refused(call("pack", "--sent", "nothing"), "No pack 'nothing'")


def test_a_pack_names_its_findings_as_a_decision_will(store, tmp_path):
    """Also two that only their amounts tell apart: sent, each keeps the name the buyer has."""
    made = make_pack(store, newest(store), "acme", tmp_path / "p")
    told = sheets_of(made.folder / WORKBOOK)["Unidentified"]
    assert call("pack", "--sent", made.id).code == 0
    only = FindingFilter(row_class="unidentified", buyer="acme")
    kept = findings(store, newest(store), only=only)
    assert {row["Your amount"]: row["Reference"] for row in told} == {
        row["revenue"]: row["finding"] for row in kept
    }
    assert len({row["finding"] for row in kept}) == 2
    assert {row["state"] for row in kept} == {"sent"}


def test_what_cannot_be_packed_is_refused_and_leaves_nothing(store, tmp_path):
    """An unknown buyer is told its likes; a folder that holds something is left alone."""
    run = newest(store)
    with pytest.raises(NotFound, match="It has those of acme"):
        make_pack(store, run, "acmee", tmp_path / "p")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(BadParameters, match="holds something already"):
        make_pack(store, run, "acme", tmp_path / "full")
    with pytest.raises(BadParameters, match="cannot be written to"):
        make_pack(store, run, "acme", tmp_path / "full" / "x" / "p")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["full"]
    with pytest.raises(BadParameters, match="between 1 and 1,000,000 rows"):
        make_pack(store, run, "acme", tmp_path / "p", sheet_rows=2_000_000)
    salted = ("--all-buyers", "--out", tmp_path / "p", "--salt", tmp_path / "s")
    assert_refused(call("pack", *salted), "shared with one buyer alone")
    assert_refused(call("pack", "acme"), "takes a buyer and a folder")
    assert_refused(call("pack", "acme", "--all-buyers", "--out", tmp_path / "p"), "Name one buyer")


def test_each_buyer_gets_a_folder(store, tmp_path):
    """One command for all; the list of packs has their seals."""
    ran = call("pack", "--all-buyers", "--out", tmp_path / "packs")
    assert ran.code == 0, ran
    assert sorted(path.name for path in (tmp_path / "packs").iterdir()) == ["acme", "bolt"]
    seals = {row["buyer"]: row["seal"] for row in call("pack", "--format", "json").rows}
    for buyer, seal in seals.items():
        text = (tmp_path / "packs" / buyer / "manifest.json").read_bytes()
        assert hashlib.sha256(text).hexdigest() == seal
    assert json_of(tmp_path / "packs" / "bolt")["previous"] == seals["acme"]
    assert found_in(tmp_path / "packs" / "bolt", ["acme", "28.00"]) == set()


def test_names_of_folders_never_leave_their_place():
    """Whatever a buyer is called."""
    names = folders_of(Path("out"), ["../../x", "a/b", "A?B", "a:b", "", "..", "été"])
    assert [path.parent for path in names.values()] == [Path("out")] * 7
    assert len({path.name.casefold() for path in names.values()}) == 7
    assert not [path for path in names.values() if path.name in ("", ".", "..")]


def test_only_the_buyers_own_names_of_files_are_told():
    """And only where they name no one else; folders never, and the same name is numbered."""
    files = [
        Named("b1", "event", "in/acme_events.csv", ()),
        Named("b2", "claim", "in/acme.csv", ("acme",)),
        Named("b3", "claim", "C:\\new\\acme.csv", ("acme",)),
        Named("b4", "claim", "acme_BOLT.csv", ("acme",)),
        Named("b5", "claim", "acme_all.csv", ("acme", "bolt")),
        Named("b6", "claim", "acme.s77.csv", ("acme",)),
        Named("b7", "lead", "leads.csv", ()),
    ]
    labels = labels_of(files, "acme", ["bolt", "s77", "c"])
    assert list(labels.values()) == [
        *("events 1", "acme.csv", "acme.csv (2)", "reports 1", "reports 2", "reports 3", "leads 1")
    ]


def test_every_class_has_words_for_a_buyer():
    """And the columns that may leave are these, and no other."""
    assert set(MEANING) == set(RowClass)
    assert question_of(RowClass.MISSING_EVENT, "claim") is None
    assert question_of(RowClass.CLAWBACK, "event") is None
    names = {column.name for column in PACK}
    assert not names & {"pid", "source", "sub1", "cost", "margin", "ad_spend", "buyer", "state"}


@pytest.mark.parametrize(
    ("amount", "exact"),
    [("0.0000", True), ("12345678901.2345", True), ("1234567890123.4567", False), ("-1E+3", True)],
)
def test_an_amount_is_a_number_only_where_a_spreadsheet_holds_it(amount, exact):
    """It reckons with fifteen digits."""
    assert is_exact(Decimal(amount)) is exact


@pytest.mark.parametrize(
    "statement",
    [
        "update pack set seal = 'x'",
        "delete from pack",
        "update pack_finding set ref = 'x'",
        "delete from pack_finding",
    ],
)
def test_what_was_given_away_can_neither_be_edited_nor_removed(store, tmp_path, statement):
    """Whatever program tries."""
    make_pack(store, newest(store), "acme", tmp_path / "p")
    with pytest.raises(Exception, match=r"cannot be edited|never forgotten"):
        store.catalog._connection().execute(statement)
