"""What comes after a plan was made is asked for at its approval and start, and while it fires."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from datetime import date, timedelta

import pytest

from firing_world import truth
from reconcile import Kind, RunParameters, import_file, open_store, plan, run
from reconcile.correcting import Manner, approve, fire, read_plan
from reconcile.errors import FiringError
from reconcile.firing import PostbackState, open_ledger
from reconcile.needing import Choice
from reconcile.outdated import Watch
from reconcile.sandbox import Rules, Sandbox, running_sandbox
from reconcile.terms import EventSetting, Known
from reconcile.warehouse.records import now_utc

S = PostbackState
REAL = "https://platform.test"
MANY = 40
EVENT = "transaction_id,campaign_id,pid,buyer,event_id,conversion_date,revenue,currency\n"
TEXTS = {
    Kind.LEAD: "transaction_id,campaign_id,pid,buyer,created_at\n"
    + "".join(f"L{n},c1,g1,acme,2026-10-01T00:00:00Z\n" for n in range(MANY)),
    Kind.EVENT: EVENT
    + "X1,c1,g1,acme,sale,2026-11-01T01:00:00Z,10.00,USD\n"
    + "X2,c1,g1,acme,sale,2026-11-29T00:00:00Z,10.00,USD\n",
    Kind.CLAIM: "transaction_id,campaign_id,buyer,event_id,occurred_at,revenue,currency,status\n"
    + "".join(f"L{n},c1,acme,sale,2026-11-05T00:00:00Z,40.00,USD,approved\n" for n in range(MANY)),
}
NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")


def load(store, folder, kind, text, *, exported_at=None):
    """Import a text as a file."""
    path = folder / f"{len(store.batches(with_undone=True))}.csv"
    path.write_text(text)
    import_file(store, path, kind=kind, zone="UTC", exported_at=exported_at)


@pytest.fixture
def store(home, tmp_path):
    """Return a store with a month that lacks forty events; its event export is 30 hours old."""
    with open_store(home) as store:
        for kind, text in TEXTS.items():
            old = now_utc() - timedelta(hours=30) if kind is Kind.EVENT else None
            load(store, tmp_path, kind, text, exported_at=old)
        yield store


def test_an_export_that_grew_old_since_is_asked_for_again(store, home, tmp_path):
    """At the approval and at each start; a reason given with the plan holds for both."""

    def say(hours):
        text = f'host = "{REAL}"\nallow = ["platform.test"]\nexport_hours = {hours}\n'
        (home / "firing.toml").write_text(text)

    say(48)
    run_id = run(store, NOVEMBER).id
    made = plan(store, run_id)
    assert made.rows == MANY
    say(24)
    needed = rf"of the last 24 hours, and the newest is of .*cancel {made.id} --host {REAL}"
    with pytest.raises(FiringError, match=needed):
        approve(store, made.id, made.phrase)
    say(48)
    approve(store, made.id, made.phrase)
    say(24)
    with pytest.raises(FiringError, match=needed):
        fire(store, made.id)
    with closing(open_ledger(home, sandbox=False, allowed=["platform.test"])) as ledger:
        assert ledger.counts(made.id) == {S.APPROVED: MANY}
        ledger.cancel(made.id)
    said = plan(store, run_id, choice=Choice(old_export="weekly"))
    approve(store, said.id, said.phrase)
    assert read_plan(store, said.id).note == "weekly"
    # A newer one that does not show them is all that was asked for.
    with closing(open_ledger(home, sandbox=False, allowed=["platform.test"])) as ledger:
        ledger.cancel(said.id)
    fresh = TEXTS[Kind.EVENT].replace("X2", "X3")
    load(store, tmp_path, Kind.EVENT, fresh, exported_at=now_utc())
    last = plan(store, run_id)
    assert approve(store, last.id, last.phrase).approved_at is not None


@pytest.mark.parametrize("repeats", [Known.NO, Known.UNKNOWN])
def test_what_becomes_stored_while_a_plan_is_fired_is_not_sent(store, home, tmp_path, repeats):
    """An export is imported meanwhile that shows the last lead: firing ends before that one."""
    sale = EventSetting("c1", "sale", is_conversion=Known.YES, allows_duplicates=repeats)
    store.replace_settings([sale])
    sandbox = Sandbox(Rules(settings=(sale,)))
    with running_sandbox(sandbox) as url:
        made = plan(store, run(store, NOVEMBER).id, host=url)
        approve(store, made.id, made.phrase, host=url)
        last = made.postbacks[-1].transaction_id
        text = TEXTS[Kind.EVENT] + f"{last},c1,g1,acme,sale,2026-11-05T00:00:00Z,40.00,USD\n"
        with fired_aside(store, made, url) as failed:
            sandbox.wait_read(3)
            with held(home):
                load(store, tmp_path, Kind.EVENT, text)
        (error,) = failed
        log = truth(url)
    assert f"the first of {last}: sent, it might be stored twice" in str(error)
    assert "nothing more goes out" in str(error)
    assert f"reconcile cancel {made.id} --host {url}" in str(error)
    assert last not in {one["transaction_id"] for one in log["events"]}
    with closing(open_ledger(home)) as ledger:
        assert set(ledger.counts(made.id)) == {S.CONFIRMED, S.APPROVED}
        assert ledger.counts(made.id)[S.CONFIRMED] == log["read"]
        assert [row["deed"] for row in ledger.query("activity", deeds=None, most=1)] == ["firing"]
        assert ledger.query("activity", deeds=None, most=1)[0]["more"] == "outdated"
        assert ledger.audit_break() is None


@contextmanager
def fired_aside(store, made, url):
    """Fire slowly from another thread meanwhile; yield what it raised, once it has ended."""
    found = []

    def work():
        with open_store(store.home) as own:
            try:
                fire(own, made.id, host=url, limit=10**6, manner=Manner(rate=5))
            except FiringError as error:
                found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    yield found
    thread.join()


@contextmanager
def held(home):
    """Let firing wait meanwhile, however slow the machine is, and be quick afterwards."""
    with closing(open_ledger(home)) as ledger:
        ledger.switch("pause", "on")
        yield
        ledger.switch("rate", "1000")
        ledger.switch("pause", "off")


def test_what_speaks_against_nothing_lets_firing_go_on(store, home, tmp_path):
    """It is looked at, while nothing is taken, and all of the plan goes out."""
    sandbox = Sandbox(Rules())
    with running_sandbox(sandbox) as url:
        made = plan(store, run(store, NOVEMBER).id, host=url)
        approve(store, made.id, made.phrase, host=url)
        with fired_aside(store, made, url) as failed:
            sandbox.wait_read(3)
            with held(home):
                load(store, tmp_path, Kind.EVENT, TEXTS[Kind.EVENT].replace("X1", "X9"))
        assert failed == []
        assert truth(url)["stored"] == MANY


def test_only_what_may_speak_against_a_plan_is_news(store, home, tmp_path):
    """Each commit is noticed for a number; a lead export, say, is passed over."""
    with closing(open_ledger(home)) as ledger, open_store(home) as other:
        watch = Watch(store, ledger, 1)
        assert not watch.has_come()
        load(other, tmp_path, Kind.LEAD, TEXTS[Kind.LEAD].replace("L0", "M0"))
        assert not watch.has_come()
        load(other, tmp_path, Kind.EVENT, TEXTS[Kind.EVENT].replace("X1", "X8"))
        assert watch.has_come()
        assert not watch.has_come()
        other.undo(other.batches(Kind.EVENT)[-1].id)
        assert watch.has_come()
        other.replace_settings([EventSetting("c1", "sale", allows_duplicates=Known.YES)])
        assert watch.has_come()
