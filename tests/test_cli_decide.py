"""`reconcile decide` and `reconcile history`, as an analyst types them."""

from __future__ import annotations

import io
import json

import pytest

from tests.cli_help import CLAIMS, PERIOD, Ran, assert_refused, call, run_month, write


@pytest.fixture
def month(home, tmp_path):
    """Reconcile the small month: t2 is unclaimed, t3 missing, t4 priced differently."""
    run_month(tmp_path)


def typed(monkeypatch, text: str) -> None:
    """Let a person type a line."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def states() -> dict[str, str]:
    """Return the state of each finding by its transaction id."""
    rows = call("findings", "--format", "json").rows
    return {row["transaction_id"]: row["state"] for row in rows}


def test_one_finding_is_decided_on_without_a_question(month):
    """The answer says how to take it back, and that works."""
    done = call("decide", "claims.csv:3", "--as", "ignore", "--reason", "test lead")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Decision 1: 1 finding ignored. To take it back: reconcile decide --undo 1\n"
    )
    assert states() == {"t2": "open", "t3": "ignored", "t4": "open"}
    undone = call("decide", "--undo", "1")
    assert "Decision 1 (ignore) is taken back on 1 finding;" in undone.out
    assert states()["t3"] == "open"


def test_many_are_counted_summed_and_confirmed_by_their_number(month, monkeypatch):
    """Who types the number has read it; another number decides nothing."""
    options = ("--filter", "buyer=acme", "--as", "dispute")
    typed(monkeypatch, "3\n")
    assert_count = call("decide", *options)
    assert assert_count.code == 2
    assert "'3' was typed and 2 findings are meant" in assert_count.err
    assert "2 findings, at stake 65.00 USD." in assert_count.out
    typed(monkeypatch, "2\n")
    assert "Decision 1: 2 findings disputed." in call("decide", *options).out
    assert states() == {"t2": "disputed", "t3": "disputed", "t4": "open"}


def test_nobody_has_to_be_asked(month):
    """--yes takes what there is, --count only so many, and a dry run decides nothing."""
    options = ("--filter", "state=open", "--as", "accept")
    tried = call("decide", *options, "--dry-run")
    assert tried.out.endswith("3 findings, at stake 67.50 USD.\nNothing was decided.\n")
    assert set(states().values()) == {"open"}
    assert_refused_count(call("decide", *options, "--count", "2"))
    assert "3 findings accepted" in call("decide", *options, "--count", "3").out
    assert (
        "3 findings open again"
        in call("decide", "--filter", "state=accepted", "--as", "reopen", "--yes").out
    )


def assert_refused_count(ran: Ran) -> None:
    """Say that a wrong count was refused."""
    assert ran.code == 2
    assert "2 findings were meant and 3 pass" in ran.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--as", "accept"), ("Say which findings", "--filter state=open")),
        (("t3",), ("--as accept, reject",)),
        (("t3", "--as", "ignore"), ("reason", "--reason TEXT")),
        (("t3", "--as", "assign"), ("--to TEXT",)),
        (("t9", "--as", "accept"), ("t9: no finding of run",)),
        (("t3", "t9", "--as", "accept"), ("t9: no finding of run",)),
        (("--filter", "buyer", "--as", "accept"), ("'buyer'", "name=value", "amount")),
        (("--filter", "colour=red", "--as", "accept"), ("'colour=red'", "class")),
        (("--filter", "class=nope", "--as", "accept"), ("'nope'", "missing_event")),
        (("--filter", "state=done", "--as", "accept"), ("'done'", "disputed")),
        (("--filter", "stale=maybe", "--as", "accept"), ("yes or no",)),
        (("--filter", "amount=x", "--as", "accept"), ("'x' is no amount", "10..50")),
        (("--filter", "amount=..", "--as", "accept"), ("is no amount",)),
        (("--filter", "amount=nan", "--as", "accept"), ("is no amount",)),
        (("--filter", "day=3.11.", "--as", "accept"), ("'3.11.' is no day", "2026-11-03")),
        (("--filter", "id=@nowhere.txt", "--as", "accept"), ("nowhere.txt", "cannot be read")),
        (("--filter", "id=,", "--as", "accept"), ("holds no id",)),
        (("--filter", "buyer=a", "--filter", "buyer=b", "--as", "accept"), ("twice",)),
        (("--undo", "1"), ("no decision 1",)),
        (("--undo", "1", "t3"), ("anew by itself",)),
    ],
)
def test_what_cannot_be_meant_is_refused(month, options, words):
    """The text says how to write it; nothing is decided."""
    assert_refused(call("decide", *options), *words)
    assert set(states().values()) == {"open"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ids.txt", "t3\n\n t4 \n"),
        ("ids.csv", "amount,transaction_id\n25,t3\n12.5,t4\n"),
        ("ids.csv", "\ufefffinding,transaction_id\n{t3},x\n{t4},x\n"),
    ],
)
def test_ids_come_from_a_list_of_the_buyer(month, tmp_path, name, text):
    """One a line, or a column of a CSV, our own export among them."""
    rows = call("findings", "--format", "json").rows
    names = {row["transaction_id"]: row["finding"] for row in rows}
    (tmp_path / name).write_text(text.format(**names), encoding="utf-8")
    done = call("decide", "--filter", f"id=@{tmp_path / name}", "--as", "accept", "--yes")
    assert done.code == 0, done.err
    assert states() == {"t2": "open", "t3": "accepted", "t4": "accepted"}


def test_ids_of_a_list_that_are_no_findings_are_told(month):
    """The others are decided on."""
    done = call("decide", "--filter", "id=t3,t1,t99", "--as", "accept", "--yes")
    assert done.err == "2 of 3 ids name no finding that passes: t1, t99\n"
    assert states() == {"t2": "open", "t3": "accepted", "t4": "open"}


def test_history_tells_all_decisions_or_those_of_one_finding(month):
    """By any name; what was taken back says so, and where it stands now is told last."""
    call("decide", "t3", "--as", "ignore", "--reason", "test lead")
    call("decide", "t3", "--as", "assign", "--to", "ann")
    call("decide", "--undo", "1")
    rows = call("history", "--format", "json").rows
    told = [(row["decision"], row["action"], row["findings"], row["undone_by"]) for row in rows]
    assert told == [(3, "undo", 1, None), (2, "assign", 1, None), (1, "ignore", 1, 3)]
    of_one = call("history", "claims.csv:3")
    assert "test lead" in of_one.out
    last = of_one.out.splitlines()[-1]
    assert "(missing_event) in run" in last
    assert ": open; decision 2 by" in last
    assert "assigned to: ann" in last
    [entry] = call("history", "--decision", "2", "--format", "json").rows
    assert (entry["transaction_id"], entry["revenue"]) == ("t3", "25.0000")
    assert entry["assignee"] == "ann"
    assert "Nothing was ever decided on t4." in call("history", "t4").out


def test_findings_and_their_exports_carry_the_state(month, tmp_path):
    """On the screen, in CSV and in JSON, and as a filter."""
    call("decide", "t3", "--as", "ignore", "--reason", "test lead", "--note", "see mail")
    table = call("findings", "--state", "ignored").out
    assert "ignored" in table
    assert "see mail" in table
    assert call("findings", "--state", "open", "--format", "json").rows[0]["state"] == "open"
    call("findings", "--format", "csv", "--out", tmp_path / "f.csv")
    head, *lines = (tmp_path / "f.csv").read_text().splitlines()
    assert {"finding", "state", "stale", "assignee", "decided_by"} <= set(head.split(","))
    assert sum(",ignored," in line for line in lines) == 1
    told = call("explain", "claims.csv:3").out
    assert "State: ignored; decision 1 by" in told
    assert "reason: test lead; note: see mail" in told
    [decided] = json.loads(call("explain", "claims.csv:3", "--format", "json").out)[0]["decided"]
    assert decided["state"] == "ignored"


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--amount", "25..40"), ["t2", "t3"]),
        (("--amount", "2.5"), ["t4"]),
        (("--day", "2026-11-05..2026-11-20"), ["t3", "t4"]),
        (("--day", "2026-11-05"), ["t3"]),
        (("--event", "sale", "--source", "g1"), ["t2", "t3"]),
        (("--source", "g9"), []),
        (("--id", "t4", "--id", "claims.csv:3"), ["t3", "t4"]),
        (("--not-stale", "--assignee", ""), ["t2", "t3", "t4"]),
        (("--stale",), []),
    ],
)
def test_findings_can_be_filtered_as_decisions_are(month, options, ids):
    """The same words, both ends of a range included; a source is that of the lead."""
    found = call("findings", "--format", "json", *options)
    assert found.err == ""
    assert [row["transaction_id"] for row in found.rows] == ids


def test_a_run_says_what_was_decided_before(month, tmp_path):
    """How much stands, what is stale, and what is no longer there."""
    call("decide", "--filter", "state=open", "--as", "accept", "--yes")
    corrected = CLAIMS.replace("25.00", "26.00").replace("12.50", "10.00")
    write(tmp_path, "corrected.csv", corrected)
    assert (
        call("import", tmp_path / "corrected.csv", "--kind", "claim", "--sender", "net").code == 0
    )
    told = call("run", *PERIOD).out.splitlines()
    assert told[-3:] == [
        "Decided on before: 2.",
        "Stale, for facts moved since: 1. `reconcile findings --stale`",
        "No longer there: 1 decided on. `reconcile findings --state closed`",
    ]
    assert [
        row["transaction_id"] for row in call("findings", "--stale", "--format", "json").rows
    ] == ["t3"]
