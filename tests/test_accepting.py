"""Proposed pairs from the command line: shown, blocked in a plan, accepted, taken back."""

from __future__ import annotations

import pytest

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


@pytest.fixture
def month(home, tmp_path):
    """Reconcile a claim of a known lead beside an event that has lost its id; return a rerun."""
    for kind, text in (("lead", LEADS), ("event", EVENTS), ("claim", CLAIMS)):
        path = write(tmp_path, f"{kind}s.csv", text)
        assert call("import", path, "--kind", kind, "--zone", "UTC").code == 0
    params = write(tmp_path, "run.toml", PARAMS)

    def rerun():
        return call(*RUN, params)

    rerun()
    return rerun


def classes() -> dict[str, str]:
    rows = call("findings", "--all", "--format", "json").rows
    return {row["ref"].rpartition(":")[2] + row["side"]: row["class"] for row in rows}


def blocked(plan: str) -> bool:
    return "0 postbacks; 1 blocked" in plan and "may be its own" in plan


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
