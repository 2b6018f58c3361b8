"""What is planned a second time, or beside what is stored: from the warehouse to the wire."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal

import pytest

from firing_world import truth
from reconcile import FindingFilter, Kind, RunParameters, import_file, open_store, plan, run
from reconcile.correcting import Manner, approve, fire, read_plan, verify
from reconcile.errors import FiringError
from reconcile.firing import Blocked, Mode, PostbackState, open_ledger
from reconcile.importing import load_settings
from reconcile.needing import Choice
from reconcile.rehearsing import sandbox_export
from reconcile.sandbox import Rules, Sandbox, StoredEvent, running_sandbox
from reconcile.terms import EventSetting, Known

S = PostbackState
HOST = "http://127.0.0.1:8901"
MANY = 400
LEAD = "transaction_id,campaign_id,pid,buyer,created_at\n"
EVENT = "transaction_id,campaign_id,pid,buyer,event_id,conversion_date,revenue,currency\n"
CLAIM = "transaction_id,campaign_id,buyer,event_id,occurred_at,revenue,currency,status\n"
NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")
# Campaign c1 lacks 400 events; in c2 one is stored with less than claimed, in c3 one with more.
LEADS = [f"L{n},c1,g1,acme,2026-10-01T00:00:00Z" for n in range(MANY)] + [
    "M2,c2,g1,bolt,2026-10-01T00:00:00Z",
    "M3,c3,g1,bolt,2026-10-01T00:00:00Z",
]
EVENTS = [
    "X1,c1,g1,acme,sale,2026-11-01T01:00:00Z,10.00,USD",
    "X2,c1,g1,acme,sale,2026-11-29T00:00:00Z,10.00,USD",
    "M2,c2,g1,bolt,sale,2026-11-05T00:00:00Z,30.00,USD",
    "M3,c3,g1,bolt,sale,2026-11-05T00:00:00Z,50.00,USD",
]
ACME = [f"L{n},c1,acme,sale,2026-11-05T00:00:00Z,40.00,USD,approved" for n in range(MANY)]
BOLT = [
    "M2,c2,bolt,sale,2026-11-05T00:00:00Z,40.00,USD,approved",
    "M3,c3,bolt,sale,2026-11-05T00:00:00Z,40.00,USD,approved",
]


def load(store, folder, kind, header, lines):
    """Import lines as a file."""
    path = folder / f"{len(store.batches(with_undone=True))}.csv"
    path.write_text(header + "\n".join(lines) + "\n")
    import_file(store, path, kind=kind, zone="UTC")


def set_repeats(store, folder, said):
    """Say of `sale` whether it repeats, in all three campaigns."""
    path = folder / "settings.csv"
    lines = [f"c{n},sale,{said}\n" for n in (1, 2, 3)]
    path.write_text("campaign_id,event_id,allows_duplicates\n" + "".join(lines))
    store.replace_settings(load_settings(path))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Return a home with the month above reconciled once, and the run's id."""
    path, files = tmp_path_factory.mktemp("again"), tmp_path_factory.mktemp("files")
    with open_store(path) as store:
        load(store, files, Kind.LEAD, LEAD, LEADS)
        load(store, files, Kind.EVENT, EVENT, EVENTS)
        load(store, files, Kind.CLAIM, CLAIM, ACME)
        load(store, files, Kind.CLAIM, CLAIM, BOLT)
        return path, run(store, NOVEMBER).id


@pytest.fixture
def month(loaded, home):
    """Return a store of this test's own that holds the month, and the run's id."""
    path, run_id = loaded
    shutil.copytree(path, home, dirs_exist_ok=True)
    with open_store(home) as store:
        yield store, run_id


def fired(store, made, host):
    """Fire all of a plan, approved if it is not yet."""
    if read_plan(store, made.id, host=host).approved_at is None:
        approve(store, made.id, made.phrase, host=host)
    return fire(store, made.id, host=host, limit=10**6, manner=Manner(rate=10_000)).counts


def test_what_was_fired_is_never_planned_again(month, tmp_path):
    """Fire 400, plan the same filter again: no row, and 400 times the same reason."""
    store, run_id = month
    set_repeats(store, tmp_path, "no")
    acme = Choice(only=FindingFilter(buyer="acme"))
    with running_sandbox(rules=Rules()) as url:
        first = plan(store, run_id, host=url, choice=acme)
        assert first.rows == MANY
        # Whether a second sending does harm is asked again when it is sent.
        set_repeats(store, tmp_path, "unknown")
        with pytest.raises(FiringError, match="settings do not say so any more"):
            fired(store, first, url)
        set_repeats(store, tmp_path, "no")
        approve(store, first.id, first.phrase, host=url)
        set_repeats(store, tmp_path, "yes")
        with pytest.raises(FiringError, match="settings do not say so any more"):
            fire(store, first.id, host=url)
        set_repeats(store, tmp_path, "no")
        assert fired(store, first, url) == {S.CONFIRMED: MANY}
        again = plan(store, run_id, host=url, choice=acme)
        assert truth(url)["stored"] == MANY
    assert again.rows == 0
    assert [row.reason for row in again.blocked] == [Blocked.SENT_BEFORE] * MANY
    assert {row.detail for row in again.blocked} == {
        f"Plan {first.id} has it: confirmed. Import the next event export to prove it."
    }


@pytest.mark.parametrize("said", ["yes", "no", "unknown"])
def test_a_difference_is_topped_up_only_where_the_event_is_known_to_repeat(month, tmp_path, said):
    """Ten dollars are missing of M2; everywhere else the API cannot change what is stored."""
    store, run_id = month
    set_repeats(store, tmp_path, said)
    bolt = FindingFilter(buyer="bolt")
    assert plan(store, run_id, host=HOST, choice=Choice(only=bolt)).rows == 0
    made = plan(store, run_id, host=HOST, choice=Choice(only=bolt, top_up=True))
    if said == "yes":
        (one,) = made.postbacks
        assert (one.transaction_id, one.revenue, one.mode) == ("M2", Decimal(10), Mode.ONCE)
        assert b'"amount":10.00,' in one.body
        assert made.blocked == ()
    else:
        assert made.rows == 0
        assert [(row.transaction_id, row.reason) for row in made.blocked] == [
            ("M2", Blocked.STORED_AMOUNT)
        ]


def test_17_in_once_a_plan_leaves_out_what_is_there_with_other_revenue(month, tmp_path):
    """Nobody knows whether the platform would refuse it: it might be stored a second time."""
    store, run_id = month
    load(store, tmp_path, Kind.EVENT, EVENT, ["L7,c1,g1,acme,sale,2026-11-05T00:00:00Z,35.00,USD"])
    made = plan(store, run_id, host=HOST, choice=Choice(only=FindingFilter(buyer="acme")))
    assert {one.mode for one in made.postbacks} == {Mode.ONCE}
    assert "L7" not in {one.transaction_id for one in made.postbacks}
    assert [(row.transaction_id, row.reason) for row in made.blocked] == [
        ("L7", Blocked.ALREADY_STORED)
    ]
    assert made.rows == MANY - 1


def test_17_in_dedupe_an_import_tells_that_the_revenue_differs(month, tmp_path):
    """The platform refuses the second; its export shows with which revenue the first is there."""
    store, run_id = month
    set_repeats(store, tmp_path, "no")
    sale = EventSetting("c1", "sale", is_conversion=Known.YES, allows_duplicates=Known.NO)
    there = StoredEvent("sale", "L7", "c1", "g1", Decimal(35))
    sandbox = Sandbox(Rules(settings=(sale,)), events=[there])
    only = Choice(only=FindingFilter(ids=("L7",)))
    with running_sandbox(sandbox) as url:
        made = plan(store, run_id, host=url, choice=only)
        assert fired(store, made, url) == {S.ALREADY_THERE: 1}
        log = truth(url)
    assert (log["read"], log["stored"]) == (1, 0)
    path = tmp_path / "export.csv"
    path.write_text(sandbox.export())
    import_file(store, path, kind=Kind.EVENT)
    assert verify(store) == {S.REVENUE_DIFFERS: 1}


REAL = "https://platform.test"


def test_the_export_of_a_rehearsal_says_nothing_of_a_real_platform(month, tmp_path, home):
    """Imported to see the loop close, it proves no real postback and makes no export new."""
    store, run_id = month
    (home / "firing.toml").write_text('allow = ["platform.test"]\n')
    only, sandbox = FindingFilter(ids=("L1", "L2")), Sandbox(Rules(), home=home)
    with running_sandbox(sandbox) as url:
        rehearsed = plan(store, run_id, host=url, choice=Choice(only=only))
        assert fired(store, rehearsed, url) == {S.CONFIRMED: 2}
    path = tmp_path / "export.csv"
    path.write_text(sandbox_export(store))
    assert sandbox_export(store) == path.read_text()
    import_file(store, path, kind=Kind.EVENT, exported_at=datetime.fromisoformat("2099-01-01"))
    made = plan(store, run_id, host=REAL, choice=Choice(only=only))
    assert [row.reason for row in made.blocked] == [Blocked.OLD_EXPORT] * 2
    made = plan(store, run_id, host=REAL, choice=Choice(only=only, old_export="weekly"))
    assert made.rows == 2
    with closing(open_ledger(home, sandbox=False, allowed=["platform.test"])) as live:
        with sqlite3.connect(live.path) as door:
            door.execute("update intent set state = 'confirmed', sent_at = changed_at")
        door.close()
        # The sandbox's own ledger is settled by it, and no other.
        assert verify(store) == {S.VERIFIED: 2}
        assert live.counts(made.id) == {S.CONFIRMED: 2}
