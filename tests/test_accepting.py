"""Proposed pairs from the command line: shown, blocked in a plan, accepted, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaded_once import loaded_once
from tests.cli_help import PERIOD, assert_refused, call, write

EVENTS = """\
event_id,transaction_id,campaign_id,pid,buyer,occurred_at,revenue,currency
sale,t1,c1,g1,acme,2026-11-03T10:00:00Z,40.00,USD
sale,null,c1,g1,acme,2026-11-04T10:00:00Z,25.00,USD
"""
CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t1,sale,c1,acme,2026-11-03T10:00:00Z,40.00,USD,approved
t2,sale,c1,acme,2026-11-04T12:00:00Z,25.00,USD,approved
"""
LEADS = """\
transaction_id,campaign_id,pid,buyer,created_at,status
t1,c1,g1,acme,2026-10-01T09:00:00Z,sold
t2,c1,g1,acme,2026-11-04T09:00:00Z,sold
"""
PARAMS = """\
[[event_cover]]
from = 2026-10-01
to = 2027-01-01
[[claim_cover]]
from = 2026-10-01
to = 2027-01-01
"""
RUN = ("run", *PERIOD, "--params")
ACCEPT = ("decide", "claims.csv:3", "--as", "accept", "--with", "events.csv:3")


@loaded_once
def load(folder: Path) -> None:
    """Reconcile a claim of a known lead beside an event that has lost its id."""
    for kind, text in (("lead", LEADS), ("event", EVENTS), ("claim", CLAIMS)):
        path = write(folder, f"{kind}s.csv", text)
        assert call("import", path, "--kind", kind, "--zone", "UTC").code == 0
    assert call(*RUN, write(folder, "run.toml", PARAMS)).code == 1


@pytest.fixture
def month(home, tmp_path):
    """Load and reconcile the month; return a rerun."""
    load(tmp_path)
    return lambda: call(*RUN, tmp_path / "run.toml")


def classes() -> dict[str, str]:
    rows = call("findings", "--all", "--format", "json").rows
    return {row["ref"].rpartition(":")[2] + row["side"]: row["class"] for row in rows}


def blocked(plan: str) -> bool:
    return "0 postbacks; 1 blocked" in plan and any(why in plan for why in _EVENT_IS_THERE)


_EVENT_IS_THERE = ("may be its own", "accepted an event as its own")


def test_a_proposal_is_listed_and_told_with_its_evidence(month):
    """Both rows keep the class of left-over rows."""
    [row] = call("proposals", "--format", "json").rows
    assert (row["seconds_apart"], row["claim_rivals"], row["event_rivals"]) == (7200, 0, 0)
    assert (row["claim_transaction_id"], row["event_transaction_id"]) == ("t2", "null")
    told = call("explain", "claims.csv:3").out
    assert "Proposed as its partner" in told
    assert row["event"] in told
    assert row["claim"] in call("explain", "events.csv:3").out
    assert classes() == {"3claim": "missing_event", "3event": "unidentified"}


def test_an_accepted_pair_lasts_until_it_is_taken_back(month):
    """Through re-runs, whole ones too, and the run before says that it is stale."""
    done = call(*ACCEPT)
    assert (done.code, done.err) == (0, "")
    assert "The next `reconcile run` makes the pair." in done.out
    assert "1 pair(s) were accepted since" in call("findings").err
    month()
    assert classes() == {"3claim": "matched", "3event": "matched"} or classes() == {
        "3claim": "matched"
    }
    told = call("explain", "claims.csv:3").out
    assert "rule proposal" in told
    assert "a person accepted the pair, decision 1" in told
    month()
    assert classes()["3claim"] == "matched"
    call("decide", "--undo", "1")
    assert "taken back since" in call("findings").err
    month()
    assert classes() == {"3claim": "missing_event", "3event": "unidentified"}


def test_an_acceptance_survives_a_larger_report_and_not_another_amount(month, tmp_path):
    """The claim is found again by what it says, in whatever file; other facts are another claim."""
    call(*ACCEPT)
    more = CLAIMS + "t9,sale,c1,acme,2026-11-05T12:00:00Z,7.00,USD,approved\n"
    path = write(tmp_path, "claims_2.csv", more)
    assert call("import", path, "--kind", "claim", "--zone", "UTC").code == 0
    month()
    rows = call("findings", "--all", "--format", "json").rows
    assert [row["rule"] for row in rows if row["transaction_id"] == "t2"] == ["proposal"]
    dearer = write(tmp_path, "claims_3.csv", more.replace("25.00", "26.00"))
    assert call("import", dearer, "--kind", "claim", "--zone", "UTC").code == 0
    month()
    rows = call("findings", "--all", "--format", "json").rows
    assert [row["class"] for row in rows if row["transaction_id"] == "t2"] == ["missing_event"]


def test_nothing_is_planned_for_a_claim_whose_event_may_be_there(month):
    """Until it is accepted as the pair, or accepted that its event is missing all the same."""
    assert blocked(call("plan").out)
    call(*ACCEPT)
    assert blocked(call("plan").out)  # the run is still that from before
    call("decide", "--undo", "1")
    call("decide", "claims.csv:3", "--as", "accept")
    planned = call("plan").out
    assert "1 postback" in planned
    assert "may be its own" not in planned


def test_what_is_accepted_since_holds_a_plan_back(month):
    """Approved or not: the event is there, so nothing may go out."""
    call("decide", "claims.csv:3", "--as", "accept")
    number = call("plan").out.split()[1]
    call("decide", "--undo", "1")
    call(*ACCEPT)
    refused = call("fire", number)
    assert refused.code == 2
    assert "whose event may be there under another id" in refused.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("claims.csv:3", "--as", "accept", "--with", "events.csv:2"), "names|no row"),
        (("claims.csv:3", "--as", "reject", "--with", "events.csv:3"), "takes no partner"),
        (("claims.csv:3", "--as", "accept", "--with", "claims.csv:3"), "same side"),
        (
            ("--filter", "state=open", "--as", "accept", "--with", "events.csv:3", "--yes"),
            "for one finding",
        ),
    ],
)
def test_only_what_is_offered_can_be_accepted(month, arguments, why):
    """And nothing is decided then."""
    refused = call("decide", *arguments)
    assert refused.code == 2
    assert any(part in refused.err for part in why.split("|"))
    assert call("history", "--format", "json").rows == []


def test_a_row_is_accepted_once(month):
    call(*ACCEPT)
    assert_refused(call(*ACCEPT), "accepted as a partner already, by decision 1")


def again(folder, kind: str, text: str, name: str) -> None:
    """Import one more file."""
    path = write(folder, name, text)
    sender = ("--sender", "acme") if kind == "claim" else ()
    assert call("import", path, "--kind", kind, "--zone", "UTC", *sender).code == 0


def stales() -> list[tuple[str, str]]:
    rows = call("findings", "--stale", "--format", "json").rows
    return [(row["transaction_id"], row["stale"]) for row in rows]


LOST = "sale,null,c1,g1,acme,2026-11-04T10:00:00Z,25.00,USD\n"


@pytest.mark.parametrize(
    ("on", "later"),
    [
        (("claims.csv:3", "events.csv:3"), LOST.replace("25.00", "25.50")),
        (("events.csv:3", "claims.csv:3"), ""),
    ],
)
def test_an_accepted_event_that_moved_is_not_fired_as_missing(month, tmp_path, on, later):
    """Nor one that was withdrawn, whichever row was decided on; to fire it is decided anew."""
    call("decide", on[0], "--as", "accept", "--with", on[1])
    month()
    assert stales() == []
    batches = call("batches", "--format", "json").rows
    [export] = [row["id"] for row in batches if row["kind"] == "event"]
    assert call("undo", export).code == 0
    again(tmp_path, "event", EVENTS.replace(LOST, later), "events_2.csv")
    month()
    assert classes()["3claim"] == "missing_event"
    held = call("plan").out
    assert "0 postbacks; 1 blocked" in held
    assert "decision 1" in held.lower()
    assert ("t2", "partner") in stales() or on[0] == "events.csv:3"
    call("decide", "claims.csv:3", "--as", "accept")
    assert "1 postback" in call("plan").out
    assert ("t2", "partner") not in stales()


def test_an_acceptance_is_not_stale_before_a_run_was_asked_to_make_its_pair(month):
    call(*ACCEPT)
    assert stales() == []


def test_one_of_two_equal_claims_that_was_accepted_says_nothing_of_the_other(month, tmp_path):
    """The acceptance is spent on its pair; the claim left over is open, not accepted."""
    call(*ACCEPT)
    again(tmp_path, "claim", CLAIMS + CLAIMS.splitlines()[-1] + "\n", "claims_2.csv")
    month()
    rows = call("findings", "--all", "--format", "json").rows
    told = sorted((row["class"], row["state"]) for row in rows if row["transaction_id"] == "t2")
    assert told[0][0] in {"duplicate_claim", "missing_event"}
    assert {state for _, state in told} <= {"open", None}


AMBIGUOUS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t-5,sale,c1,acme,2026-11-23T10:00:00Z,10.00,USD,approved
t_5,sale,c1,acme,2026-11-13T11:00:00Z,20.00,USD,approved
"""


def test_an_accepted_candidate_leaves_an_open_wrong_amount(month, tmp_path):
    """The acceptance was of the pair: what is wrong with the pair is another finding."""
    lead = "\nt5,c1,g1,acme,2026-10-01T09:00:00Z,sold\n"
    again(tmp_path, "lead", LEADS.splitlines()[0] + lead, "leads_2.csv")
    more = "\nsale,t5,c1,g1,acme,2026-11-03T10:00:00Z,43.00,USD\n"
    again(tmp_path, "event", EVENTS.splitlines()[0] + more, "events_2.csv")
    again(tmp_path, "claim", AMBIGUOUS, "claims_2.csv")
    month()
    assert call("decide", "claims_2.csv:3", "--as", "accept", "--with", "events_2.csv:2").code == 0
    month()
    [row] = call("findings", "--class", "revenue_mismatch", "--format", "json").rows
    assert (row["state"], row["stale"], row["at_stake"]) == ("open", None, "23.0000")
    assert stales() == []
    assert "1 the buyer pays less, and nobody has accepted that" in call("corrections").out


BACK = "t3,sale,c1,acme,2026-11-04T12:00:00Z,25.00,USD,approved\n"


def anew(folder, month, *, events: str, claims: str) -> str:
    """Accept the pair, then take all files out and import these; return what the run says."""
    call(*ACCEPT)
    for row in call("batches", "--format", "json").rows:
        assert call("undo", row["id"]).code == 0
    again(folder, "event", events, "events_2.csv")
    again(folder, "lead", LEADS + "t3,c1,g1,acme,2026-11-04T09:00:00Z,sold\n", "leads_2.csv")
    again(folder, "claim", claims, "claims_2.csv")
    return month().out


def test_an_accepted_claim_that_comes_back_under_another_id_is_not_fired(month, tmp_path):
    """Its event is there, changed; a person says whether it is the same claim."""
    moved = EVENTS.replace(
        "null,c1,g1,acme,2026-11-04T10:00:00Z,25.00", "null,c1,g1,acme,2026-11-04T10:00:00Z,25.50"
    )
    told = anew(tmp_path, month, events=moved, claims=CLAIMS.replace("t2", "t3"))
    assert "Accepted pairs that the run does not have: 1." in told
    [row] = call("proposals", "--unmade", "--format", "json").rows
    assert (row["decision"], row["claim_now"]) == (1, "gone")
    assert "0 postbacks; 1 blocked" in call("plan").out
    told = call("explain", row["may_be"]).out
    assert "An accepted pair of yours may be this one: decision 1" in told
    assert "a claim of the same time, amount," in told
    call("decide", row["may_be"], "--as", "accept")
    assert "1 postback" in call("plan").out


def test_an_accepted_claim_that_has_its_own_event_by_now_holds_no_other_back(month, tmp_path):
    mended = EVENTS.replace("null", "t2")
    anew(tmp_path, month, events=mended, claims=CLAIMS + BACK)
    assert "1 postback" in call("plan").out
    assert call("proposals", "--unmade", "--format", "json").rows == []


def test_the_leads_that_a_damaged_id_fits_are_named_and_are_rivals(month, tmp_path):
    """Two leads round to it: its event may be that of either, whichever one is there."""
    leads = "123456789012345678,c1,g1,acme,2026-11-10T09:00:00Z,sold\n"
    leads += "123457111111111111,c1,g1,acme,2026-11-10T09:00:00Z,sold\n"
    again(tmp_path, "lead", f"{LEADS.splitlines()[0]}\n{leads}", "leads_2.csv")
    event = "sale,123456789012345678,c1,g1,acme,2026-11-11T10:00:00Z,31.00,USD\n"
    again(tmp_path, "event", f"{EVENTS.splitlines()[0]}\n{event}", "events_2.csv")
    write(tmp_path, "claims.toml", 'sender = "acme"\nzone = "UTC"\ndamaged_ids = "keep"\n')
    claim = "1.23457E+17,sale,c1,acme,2026-11-11T12:00:00Z,31.00,USD,approved\n"
    claims = write(tmp_path, "claims_2.csv", f"{CLAIMS.splitlines()[0]}\n{claim}")
    known = ("--kind", "claim", "--mapping", tmp_path / "claims.toml")
    assert call("import", claims, *known).code == 0
    month()
    told = call("explain", "claims_2.csv:2").out
    both = "123456789012345678, 123457111111111111"
    assert f"its id identifies no lead; 2 leads fit this damaged id: {both}." in told
    rows = call("proposals", "--format", "json").rows
    assert [row["claim_rivals"] for row in rows if row["claim_line"] == 2] == [1]
