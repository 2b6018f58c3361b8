"""A postback without a date is stored as of when it was sent, and counts at its claim's time."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta

import pytest

from firing_world import need, truth
from reconcile import Kind, RunParameters, import_file, open_store, plan, run
from reconcile.correcting import Manner, approve, fire, verify
from reconcile.engine import Engine
from reconcile.firing import PostbackState, make_plan, open_ledger
from reconcile.firing.settings import Endpoint, FiringSettings
from reconcile.ledgers import own_undated
from reconcile.matching.dating import OwnEvent, take_own_times
from reconcile.running import run_again
from reconcile.sandbox import Rules, Sandbox, running_sandbox

FILES = {
    Kind.LEAD: """\
transaction_id,campaign_id,pid,buyer,created_at
L1,c1,g1,acme,2024-10-01T00:00:00Z
L2,c1,g1,acme,2024-10-01T00:00:00Z
""",
    Kind.EVENT: """\
transaction_id,campaign_id,pid,buyer,event_id,conversion_date,revenue,currency
X1,c1,g1,acme,sale,2024-11-01T01:00:00Z,10.00,USD
X2,c1,g1,acme,sale,2024-11-29T00:00:00Z,10.00,USD
""",
    Kind.CLAIM: """\
transaction_id,campaign_id,buyer,event_id,occurred_at,revenue,currency,status
L1,c1,acme,sale,2024-11-05T00:00:00Z,40.00,USD,approved
L2,c1,acme,sale,2024-11-06T00:00:00Z,41.00,USD,approved
""",
}
NOVEMBER = RunParameters(date(2024, 11, 1), date(2024, 12, 1), "UTC")


def classes(found):
    """Return how many claims of a run are in each class."""
    return found.summary["rows"]["claim"]["in_scope"]


@pytest.mark.parametrize(("changed", "found"), [("", {"matched": 2}), ("\n", {"missing_event": 2})])
def test_the_month_that_lacked_an_event_closes_when_its_postback_is_proven(
    home, tmp_path, changed, found
):
    """However late it was sent: the export of that time is read, and the run can be repeated.

    What was sent to the sandbox counts so with the sandbox's own export alone: of another one, the
    events are those of a real platform, which stand when they stand.
    """
    (home / "firing.toml").write_text('[endpoint]\nc1 = "trigger"\n')
    sandbox = Sandbox(Rules(currencies={"c1": "USD"}), home=home)
    with open_store(home) as store:
        for kind, text in FILES.items():
            path = tmp_path / f"{kind}.csv"
            path.write_text(text)
            import_file(store, path, kind=kind, zone="UTC")
        before = run(store, NOVEMBER)
        assert classes(before) == {"missing_event": 2}
        with running_sandbox(sandbox) as url:
            made = plan(store, before.id, host=url)
            approve(store, made.id, made.phrase, host=url)
            fire(store, made.id, host=url, limit=2, manner=Manner(rate=1000))
            assert all(one["happened_at"] > "2025" for one in truth(url)["events"])
            text = sandbox.export() + changed
        path = tmp_path / "export.csv"
        path.write_text(text)
        import_file(store, path, kind=Kind.EVENT)
        assert verify(store) == {PostbackState.VERIFIED: 2}
        after = run(store, NOVEMBER)
        assert classes(after) == found
        assert run_again(store, after.id).reproduced


AT = datetime.fromisoformat("2024-12-20 10:00:00")
CLAIMED = datetime.fromisoformat("2024-11-05 00:00:00")
HOUR = timedelta(hours=1)
EVENT_COLUMNS = {
    "file_no": "integer",
    "line_no": "integer",
    "transaction_id": "varchar",
    "event_id": "varchar",
    "campaign_id": "varchar",
    "revenue_e4": "bigint",
    "occurred_at": "timestamp",
}
KEYED = """
create or replace table event as
select *, key_hi(norm_key(transaction_id)) as key_hi, key_lo(norm_key(transaction_id)) as key_lo
from exported
"""


def dated(events, own):
    """Return the time of each event, once our own postbacks have those of their claims."""
    engine = Engine()
    try:
        rows = [(1, line, *event) for line, event in enumerate(events)]
        engine.upload("exported", EVENT_COLUMNS, rows)
        engine._con.execute(KEYED)
        take_own_times(engine, own)
        found = engine._con.execute("select occurred_at from event order by line_no").fetchall()
        return [at for (at,) in found]
    finally:
        engine.close()


def test_only_the_event_that_was_ours_is_moved():
    """Of its lead, event, campaign and amount, within a day of the sending, and the nearest."""
    near, far = AT + timedelta(seconds=2), AT - timedelta(hours=23)
    events = [
        ("L1", "sale", "c1", 400_000, far),
        ("L1", "sale", None, 400_000, near),
        ("L1", "sale", "c2", 400_000, AT),
        ("L1", "callback", "c1", 400_000, AT),
        ("L1", "sale", "c1", 410_000, AT),
        ("L2", "sale", "c1", 400_000, AT),
        ("L1", "sale", "c1", 400_000, None),
    ]
    own = [OwnEvent("c1", "sale", "L1", 400_000, AT, AT, CLAIMED)]
    assert dated(events, own) == [far, CLAIMED, AT, AT, AT, AT, None]
    assert dated(events, []) == [event[-1] for event in events]
    late = AT + timedelta(hours=24, seconds=1)
    assert dated([("L1", "sale", "c1", 400_000, late)], own) == [late]


def test_two_postbacks_of_a_repeating_event_take_an_event_each():
    """Each its nearest; a third event of the lead stays where it is."""
    later = CLAIMED + timedelta(days=1)
    own = [
        OwnEvent("c1", "sale", "L1", 0, AT, AT, CLAIMED),
        OwnEvent("c1", "sale", "L1", 0, AT + HOUR, AT + HOUR, later),
    ]
    times = [AT, AT + timedelta(hours=1), AT + timedelta(hours=3)]
    events = [("L1", "sale", "c1", None, at) for at in times]
    assert dated(events, own) == [CLAIMED, later, times[2]]


def test_an_event_between_two_attempts_may_be_of_either():
    """None of them got an answer: it was stored by the one or by the other, or late."""
    week = AT + timedelta(days=7)
    own = [OwnEvent("c1", "sale", "L1", 400_000, AT, week, CLAIMED)]
    for at in (AT, AT + timedelta(days=3), week, week + 23 * HOUR):
        assert dated([("L1", "sale", "c1", 400_000, at)], own) == [CLAIMED]
    for at in (AT - 25 * HOUR, week + 25 * HOUR):
        assert dated([("L1", "sale", "c1", 400_000, at)], own) == [at]


REASONS = {
    # what each attempt, a day apart, was answered: which of them may have stored it
    ("no_answer", "dup-after-unknown"): (0, 0),
    ("not_sent", "no_answer", "locked", "dup-after-unknown"): (1, 1),
    ("no_answer", "unavailable", "dup-after-unknown"): (0, 1),
    ("no_answer", "server_error", "accepted"): (2, 2),
    ("not_sent", "forbidden"): (1, 1),
    ("duplicate",): None,
}


@pytest.mark.parametrize(("reasons", "stored"), REASONS.items())
def test_it_was_stored_by_an_attempt_that_may_have_stored_it(home, reasons, stored):
    """Not by the last one, if that was told that the event is there already."""
    ledger = open_ledger(home, sandbox=False, allowed=["platform.test"])
    undated = FiringSettings(endpoint={"c1": Endpoint.TRIGGER})
    make_plan(ledger, [need()], host="https://platform.test", settings=undated)
    days = [str(AT + timedelta(days=n)) for n in range(len(reasons))]
    with sqlite3.connect(ledger.path) as door:
        door.execute("insert into run (plan, process, started_at) values (1, 1, '')")
        for at, reason in zip(days, reasons, strict=True):
            door.execute(
                "insert into attempt (intent, run, taken_at, answered_at, reason)"
                " values (1, 1, ?, ?, ?)",
                [at, at, reason],
            )
        door.execute("update intent set state = 'verified', sent_at = ?", [days[-1]])
    door.close()
    ledger.close()
    with open_store(home) as store:
        found = own_undated(store, AT - timedelta(days=99), AT + timedelta(days=99))
        none = own_undated(store, AT + timedelta(days=4), AT + timedelta(days=5))
    times = [(row["sent_at"], row["sent_until"]) for row in found]
    assert times == ([] if stored is None else [(days[stored[0]], days[stored[1]])])
    assert none == []
