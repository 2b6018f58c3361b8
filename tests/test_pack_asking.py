"""What a pack asks about: nothing that is accepted or credited, and what is sent hides no word."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from cli_help import call
from packing_world import sheets_of
from reconcile import FindingFilter, decide, findings, open_store, undo_decision
from reconcile.amending import corrections
from reconcile.decisions import Credit
from reconcile.disputing import send_pack
from reconcile.errors import BadParameters
from reconcile.exporting.wording import MEANING, why
from reconcile.packing import WORKBOOK, folders_of, make_pack
from reconcile.terms import RowClass


@pytest.fixture
def store(disputed_month, home):
    """Return a store of this test's own."""
    shutil.copytree(disputed_month, home, dirs_exist_ok=True)
    with open_store(home) as opened:
        yield opened


def say(store, action, name, **said):
    """Record a step on one finding; return the decision's number."""
    only = FindingFilter(ids=(name,))
    return decide(store, store.runs()[0].id, action, only=only, **said).decision


def packed(store, folder: Path):
    """Make a pack; return it, and its lines by transaction id."""
    made = make_pack(store, store.runs()[0].id, "acme", folder)
    sheets = sheets_of(folder / WORKBOOK)
    return made, {row["Transaction id"]: row for rows in sheets.values() for row in rows}


def at_stake(made):
    """Return what is asked of the buyer, per class."""
    return {str(one.row_class): dict(one.at_stake) for one in made.facts.questions}


def state_of(store, name):
    """Return the state of a finding."""
    [row] = findings(store, store.runs()[0].id, only=FindingFilter(ids=(name,)))
    return row["state"]


@pytest.mark.parametrize("name", ["t2", "t3", "t4"])
def test_what_is_accepted_for_correction_is_not_asked_of_the_buyer(store, tmp_path, name):
    """The same money is asked for once: corrected in the house, or answered by the buyer."""
    before, rows = packed(store, tmp_path / "p")
    assert rows[name]["Asked"] == "yes"
    say(store, "accept", name)
    made, rows = packed(store, tmp_path / "q")
    listed = {row["transaction_id"] for row in corrections(store, made.facts.run).rows}
    assert name in listed
    assert rows[name]["Asked"] == "no"
    assert "we accept what your report says, so nothing is asked" in rows[name]["Why"]
    assert (made.asked, made.settled) == (before.asked - 1, 1)
    assert made.facts.difference == before.facts.difference


def test_an_accepted_claim_is_still_asked_where_nothing_is_corrected(store, tmp_path):
    """That an unclaimed event is right is what the buyer is to say, too."""
    say(store, "accept", "t1")
    assert packed(store, tmp_path / "p")[1]["t1"]["Asked"] == "yes"


def test_what_is_credited_in_full_is_not_asked_again(store, tmp_path):
    """And the pack says so, with the amount; no class is asked about for nothing."""
    say(store, "credit", "t1", credit=Credit())
    made, rows = packed(store, tmp_path / "p")
    row = rows["t1"]
    assert (row["Asked"], row["Credited"]) == ("no", 40)
    assert "you credited all of it, so nothing is asked" in row["Why"]
    assert "unclaimed_event" not in at_stake(made)
    assert made.settled == 1


def test_of_what_is_credited_in_part_the_rest_is_asked(store, tmp_path):
    """Row, summary and manifest agree; in two currencies the credit is taken off its own."""
    say(store, "credit", "t1", credit=Credit(Decimal("15.50")))
    say(store, "credit", "t3", credit=Credit(Decimal(4), "CAD"))
    made, rows = packed(store, tmp_path / "p")
    row = rows["t1"]
    assert (row["Asked"], row["Credited"], row["Our amount"]) == ("yes", 15.5, 40)
    assert "you credited a part of it, so the rest is asked" in row["Why"]
    asked = at_stake(made)
    assert asked["unclaimed_event"] == {"USD": Decimal("24.50")}
    assert asked["revenue_mismatch"] == {"USD": Decimal("12.75"), "CAD": Decimal(10)}
    assert "15.50 USD" in (tmp_path / "p" / "dispute_pack.html").read_text("utf-8")


def lines_of(folder: Path, name: str):
    """Return what both lines of a pair in two currencies say of what is asked and credited."""
    sheets = sheets_of(folder / WORKBOOK)
    rows = [row for rows in sheets.values() for row in rows if row["Transaction id"] == name]
    return [(row["Difference"], row["Asked"], row["Credited"]) for row in rows]


def test_a_pair_in_two_currencies_is_asked_until_both_are_credited(store, tmp_path):
    """Each credit stands on the line of its currency, and is taken off there alone."""
    say(store, "credit", "t3", credit=Credit(Decimal(10), "USD"))
    made, _ = packed(store, tmp_path / "p")
    assert lines_of(tmp_path / "p", "t3") == [(14, "yes", None), (-10, "yes", 10)]
    assert at_stake(made)["revenue_mismatch"] == {"USD": Decimal("2.75"), "CAD": Decimal(14)}
    say(store, "credit", "t3", credit=Credit(None, "CAD"))
    made, _ = packed(store, tmp_path / "q")
    assert lines_of(tmp_path / "q", "t3") == [(14, "no", 14), (-10, "no", 10)]
    assert at_stake(made)["revenue_mismatch"] == {"USD": Decimal("2.75")}
    assert made.settled == 1


def test_a_pack_that_is_sent_hides_no_later_word(store, tmp_path):
    """What was decided on since keeps its state, and is told by name."""
    say(store, "dispute", "t4")
    made, rows = packed(store, tmp_path / "p")
    say(store, "ignore", "t1", reason="small")
    say(store, "credit", "t2", credit=Credit())
    say(store, "note", "t3", note="looked at")
    sent = call("pack", "--sent", made.id)
    assert sent.code == 0, sent
    assert "2 findings of pack" in sent.out
    assert "Decided on since the pack was made, and left as they are: 2: " in sent.out
    for name, state in (("t1", "ignored"), ("t2", "credited")):
        assert f"{rows[name]['Reference']} ({state})" in " ".join(sent.out.split())
        assert state_of(store, name) == state
    assert (state_of(store, "t3"), state_of(store, "t4")) == ("sent", "sent")


def test_a_word_that_was_taken_back_or_said_again_counts_as_later(store, tmp_path):
    """Undone, or answered anew in the same state; a pack of nothing else records nothing."""
    number = say(store, "dispute", "t4")
    say(store, "answer", "t1", note="no")
    for name in ("t2", "t3"):
        say(store, "reject", name)
    made, _ = packed(store, tmp_path / "p")
    undo_decision(store, number)
    say(store, "answer", "t1", note="yes")
    with pytest.raises(BadParameters, match=r"All 2 findings of pack .* were decided on since"):
        send_pack(store, made.id)
    assert (state_of(store, "t1"), state_of(store, "t4")) == ("answered", "open")


def test_two_packs_of_the_same_findings_are_both_sent(store, tmp_path):
    """What was sent already is sent again, and nothing is hidden by it."""
    made = [packed(store, tmp_path / name)[0] for name in ("p", "q")]
    assert [send_pack(store, one.id).findings for one in made] == [4, 4]


def test_the_report_says_what_is_credited(store, tmp_path):
    """Per state and currency, beside what is at stake."""
    say(store, "credit", "t1", credit=Credit(Decimal("15.55")))
    ran = call("report", "--out", tmp_path / "r.html")
    assert ran.code == 0, ran
    html = (tmp_path / "r.html").read_text("utf-8")
    assert '40.00</td><td class="number">15.55</td>' in html


@pytest.mark.parametrize("row_class", [RowClass.MATCHED, RowClass.MATCHED_WITHIN_TOLERANCE])
def test_no_row_repeats_the_note_of_its_sheet(row_class):
    """It says in a few words what is so with this row, and names a person who joined it."""
    row = {"class": row_class, "reason": "amount", "flags": None, "rule": "proposal"}
    row |= {"your_status": None, "difference": Decimal(1), "state": "open"}
    row |= {"settled": None, "credited": None, "more_credits": None}
    text = why(row, None)
    assert MEANING[row_class].rstrip(".").casefold() not in text.casefold()
    assert text.endswith("; joined by hand.")


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "LPT9", "aux.x", "COM\u00b9"])
def test_no_folder_is_called_like_a_device_of_windows(name):
    """It could not be made there, or opened, with any ending."""
    made = folders_of(Path("out"), [name, f"{name}s"])
    assert made[name].name == f"buyer_{name}"


def test_an_amount_that_is_ours_to_correct_is_not_asked(store, tmp_path):
    """The buyer pays more than we recorded: it stands on the correction list, and only there."""
    run = store.runs()[0].id
    made = make_pack(store, run, "bolt", tmp_path / "p")
    [row] = [row for rows in sheets_of(tmp_path / "p" / WORKBOOK).values() for row in rows]
    assert (row["Asked"], made.asked, made.settled) == ("no", 0, 1)
    assert "your report pays no less than we recorded, so nothing is asked" in row["Why"]
    say(store, "dispute", "t6")
    assert make_pack(store, run, "bolt", tmp_path / "q").asked == 1


@pytest.mark.parametrize("said", [None, "accept", "reject"])
def test_no_finding_is_corrected_and_asked_about(store, tmp_path, said):
    """Each that either list could have is on one, unless somebody decided against it."""
    both = {"t2", "t3", "t4", "t6"}
    for name in both if said else ():
        say(store, said, name)
    run = store.runs()[0].id
    listed = {
        row["transaction_id"].lower().replace("-", "") for row in corrections(store, run).rows
    }
    asked = set()
    for buyer in ("acme", "bolt"):
        make_pack(store, run, buyer, tmp_path / buyer)
        lines = [row for rows in sheets_of(tmp_path / buyer / WORKBOOK).values() for row in rows]
        asked |= {row["Transaction id"] for row in lines if row.get("Asked") == "yes"}
    assert listed & asked == set()
    assert both & (listed | asked) == (set() if said == "reject" else both)
