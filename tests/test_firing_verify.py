"""Only an export proves what was recorded; it settles what the answers could not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from firing_world import FAST, RULES, approved, fired, need, once
from reconcile.engine import Engine
from reconcile.errors import FiringError
from reconcile.firing import (
    Coverage,
    PostbackState,
    approve,
    fire,
    make_plan,
    open_ledger,
    verify,
)
from reconcile.firing.settings import Endpoint, FiringSettings
from reconcile.sandbox import Fault, FaultKind, Sandbox, StoredEvent, running_sandbox
from reconcile.terms import Known

S = PostbackState
COLUMNS = {
    "transaction_id": "varchar",
    "event_id": "varchar",
    "campaign_id": "varchar",
    "revenue_e4": "bigint",
}
KEYED = """
create or replace table event as
select
    *,
    key_hi(norm_key(transaction_id)) as key_hi,
    key_lo(norm_key(transaction_id)) as key_lo
from exported
"""
LATER = Coverage(
    datetime.fromisoformat("2026-11-01"),
    datetime.fromisoformat("2026-12-01"),
    watermark=datetime.fromisoformat("2100-01-01"),
)


@pytest.fixture
def ledger(home):
    """Return the sandbox's ledger of an empty home."""
    ledger = open_ledger(home)
    yield ledger
    ledger.close()


@pytest.fixture(scope="module")
def engine():
    """Return an engine; each test loads the export it is about."""
    engine = Engine()
    yield engine
    engine.close()


def export(engine, *rows):
    """Load these (lead, event, dollars) as the event export."""
    engine.upload(
        "exported",
        COLUMNS,
        [
            (lead, event, "c1", None if usd is None else int(usd * 10_000))
            for lead, event, usd in rows
        ],
    )
    engine._con.execute(KEYED)


def sent(ledger, *wanted, faults=(), events=()):
    """Fire these needs at a sandbox with these faults; return its address."""
    with running_sandbox(Sandbox(RULES, faults=faults, events=events)) as url:
        fired(ledger, list(wanted), url)
    return url


def test_a_confirmed_postback_is_verified_or_missing(ledger, engine):
    """HTTP 200 is no proof: the one the export does not show raises the alarm."""
    url = sent(ledger, need(transaction_id="T-1"), need(transaction_id="t2"))
    # Another event of the lead is no proof of this one.
    export(engine, ("T-1", "sale", 40), ("t2", "callback", 40))
    assert verify(ledger, engine, [LATER], host=url) == {S.VERIFIED: 1, S.MISSING_IN_EXPORT: 1}
    assert verify(ledger, engine, [LATER], host=url) == {}
    export(engine, ("T-1", "sale", 40), ("t2", "sale", 40))
    assert verify(ledger, engine, [], host=url) == {S.VERIFIED: 1}


@pytest.mark.parametrize(("kind", "state"), [("drop_after", S.VERIFIED), ("drop_before", S.ABSENT)])
def test_an_unknown_postback_is_settled_by_the_export(ledger, engine, kind, state):
    """Stored and found, or not stored and absent: then it may be planned again."""
    url = sent(ledger, once(), faults=[Fault(FaultKind(kind))])
    assert ledger.counts(1) == {S.UNKNOWN: 1}
    assert make_plan(ledger, [once()], host=url).rows == 0
    export(engine, *([("t1", "lead", 40)] if state is S.VERIFIED else []))
    assert verify(ledger, engine, [LATER], host=url) == {state: 1}
    assert make_plan(ledger, [once()], host=url).rows == (state is S.ABSENT)


def test_an_export_that_does_not_cover_a_row_proves_no_absence(ledger, engine):
    """Too early, of another time or of another campaign; what it shows counts all the same."""
    drops = [Fault(FaultKind.DROP_BEFORE, transaction_id=lead) for lead in ("t1", "t2")]
    url = sent(ledger, once(), need(transaction_id="t2"), faults=drops)
    export(engine)
    soon = datetime.fromisoformat(ledger.query("intent_list", plan=1)[0]["sent_at"])
    covers = [
        replace(LATER, watermark=soon + timedelta(hours=24)),
        replace(LATER, to_at=datetime.fromisoformat("2026-11-03 04:05:05")),
        replace(LATER, from_at=datetime.fromisoformat("2026-11-03 04:05:07")),
        replace(LATER, campaigns=frozenset({"c2"})),
    ]
    assert verify(ledger, engine, covers, host=url) == {}
    exact = replace(LATER, watermark=soon + timedelta(hours=25), campaigns=frozenset({"c1"}))
    moved = verify(ledger, engine, [exact], host=url)
    assert moved[S.ABSENT] == 1


def test_another_amount_in_the_export_is_told(ledger, engine):
    """It was there before with another sum: only the platform can change that."""
    there = StoredEvent("sale", "t1", "c1", amount=Decimal("35"))
    # The exports showed it when it was planned: it is the very event that is compared.
    url = sent(ledger, need(seen_before=1), need(transaction_id="t2"), events=[there])
    assert ledger.counts(1) == {S.ALREADY_THERE: 1, S.CONFIRMED: 1}
    export(engine, ("t1", "sale", 35), ("t2", "sale", 40))
    assert verify(ledger, engine, [LATER], host=url) == {S.REVENUE_DIFFERS: 1, S.VERIFIED: 1}


@pytest.mark.parametrize(
    ("amounts", "states"),
    [
        ((40, 40), {S.VERIFIED: 2}),
        ((40, 35), {S.VERIFIED: 1, S.REVENUE_DIFFERS: 1}),
        ((35,), {S.REVENUE_DIFFERS: 1, S.MISSING_IN_EXPORT: 1}),
        ((40,), {S.VERIFIED: 1, S.MISSING_IN_EXPORT: 1}),
        ((), {S.MISSING_IN_EXPORT: 2}),
    ],
)
def test_one_exported_event_proves_one_postback(ledger, engine, amounts, states):
    """Two claims of an event that repeats: each needs an event of its own, with its amount."""
    repeats = {"event_id": "callback", "allows_repeat": Known.YES}
    url = sent(ledger, need(**repeats, claim_key="a"), need(**repeats, claim_key="b"))
    export(engine, *(("t1", "callback", usd) for usd in amounts))
    assert verify(ledger, engine, [LATER], host=url) == states


def test_events_that_were_there_before_prove_nothing(ledger, engine):
    """For an event that may repeat the counts are compared with those of planning time."""
    fault = Fault(FaultKind.DROP_BEFORE)
    url = sent(ledger, once(seen_before=1), faults=[fault])
    export(engine, ("t1", "lead", 40))
    assert verify(ledger, engine, [LATER], host=url) == {S.ABSENT: 1}
    again = sent_again(ledger, once(seen_before=1))
    export(engine, ("t1", "lead", 40), ("t1", "lead", 40))
    assert verify(ledger, engine, [LATER], host=again) == {S.VERIFIED: 1}


def sent_again(ledger, wanted):
    """Fire one need at a new sandbox; return its address."""
    with running_sandbox(rules=RULES) as url:
        fire(ledger, approved(ledger, [wanted], url), pace=FAST)
    return url


def test_an_event_without_an_amount_is_found_as_none_or_nought(ledger, engine):
    """An export may write 0 where no amount was sent."""
    free = {"event_id": "callback", "revenue": None, "is_conversion": Known.NO}
    url = sent(ledger, need(**free), need(**free, transaction_id="t2"))
    export(engine, ("t1", "callback", None), ("t2", "callback", 0))
    assert verify(ledger, engine, [LATER], host=url) == {S.VERIFIED: 2}


def test_what_was_never_sent_is_left_alone(ledger, engine):
    """A plan nobody fired, another host, and an empty ledger."""
    assert verify(ledger, engine, [LATER], host="http://127.0.0.1:1") == {}
    url = sent(ledger, need())
    make_plan(ledger, [need(transaction_id="t2")], host=url)
    export(engine)
    assert verify(ledger, engine, [LATER], host="http://127.0.0.1:1") == {}
    assert verify(ledger, engine, [LATER], host=url) == {S.MISSING_IN_EXPORT: 1}
    assert ledger.counts(2) == {S.PLANNED: 1}


def test_what_was_sent_without_a_date_is_looked_for_when_it_was_sent(ledger, engine):
    """An export of the claim's month shows nothing of it, and proves nothing."""
    settings = FiringSettings(endpoint={"c1": Endpoint.TRIGGER})
    with running_sandbox(Sandbox(RULES, faults=[Fault(FaultKind.DROP_BEFORE)])) as url:
        made = make_plan(ledger, [once()], host=url, settings=settings)
        approve(ledger, made.id, made.phrase)
        assert fire(ledger, made.id, pace=FAST).counts == {S.UNKNOWN: 1}
    export(engine)
    now = datetime.fromisoformat(ledger.query("intent_list", plan=1)[0]["sent_at"])
    happened = datetime.fromisoformat("2026-11-03 04:05:06")
    month = replace(LATER, from_at=happened, to_at=happened + timedelta(hours=1))
    assert verify(ledger, engine, [month], host=url) == {}
    # A slow answer: it may have been stored some seconds after that export's last row.
    short = replace(LATER, from_at=now - timedelta(hours=1), to_at=now + timedelta(seconds=30))
    assert verify(ledger, engine, [short], host=url) == {}
    day = replace(LATER, from_at=now - timedelta(hours=1), to_at=now + timedelta(hours=1))
    assert verify(ledger, engine, [day], host=url) == {S.ABSENT: 1}


def test_a_postback_that_moved_meanwhile_is_not_settled_by_what_was_read_before(ledger):
    """Another process was quicker: nothing of the group is settled, and the audit says nothing."""
    sent(ledger, need(), need(transaction_id="t2"))
    first, second = (row["id"] for row in ledger.query("intent_list", plan=1))
    links = ledger.audit_length()
    moves = [
        (first, S.CONFIRMED, S.VERIFIED, "export"),
        (second, S.UNKNOWN, S.ABSENT, "export"),
    ]
    with pytest.raises(FiringError, match="once more"):
        ledger.prove(moves)
    assert (ledger.counts(1), ledger.audit_length()) == ({S.CONFIRMED: 2}, links)
