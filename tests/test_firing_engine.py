"""Firing at the sandbox: each postback is stored once, and what went wrong has its state."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from firing_world import FAST, RULES, approved, doubles, fired, need, needs, once, truth
from reconcile.errors import AlreadyFiring, FiringError, NotAllowed
from reconcile.firing import Mode, PostbackState, Reason, fire, load_plan, make_plan, open_ledger
from reconcile.firing.attempts import Outcome
from reconcile.firing.breakers import Breaker
from reconcile.firing.policy import Verdict, Wait
from reconcile.firing.queue import Queue
from reconcile.sandbox import Fault, FaultKind, Sandbox, StoredEvent, running_sandbox

S = PostbackState


@pytest.fixture
def ledger(home):
    """Return the sandbox's ledger of an empty home."""
    ledger = open_ledger(home)
    yield ledger
    assert ledger.audit_break() is None
    ledger.close()


def test_a_plan_is_fired_and_stored_once(ledger):
    """Both modes: read once, stored once, with the exact amount, lead and date."""
    wanted = [need(revenue=Decimal("12345678901234.1234")), once(transaction_id="t2")]
    with running_sandbox(rules=RULES) as url:
        receipt = fire(ledger, approved(ledger, wanted, url), pace=FAST)
        log = truth(url)
    assert (receipt.counts, receipt.ended_by) == ({S.CONFIRMED: 2}, "done")
    assert receipt.audit_head == ledger.audit_head()
    assert (log["read"], log["stored"]) == (2, 2)
    stored = {each["transaction_id"]: each for each in log["events"]}
    assert stored["t1"]["amount"] == "12345678901234.1234"
    assert stored["t1"]["happened_at"] == "2026-11-03T04:05:06"
    assert stored["t1"]["pid"] == "s77"


F = FaultKind
FAULTS = [
    # fault, times; state, read, stored in `dedupe`, then in `once`
    (Fault(F.DELAY, seconds=0.05), (S.CONFIRMED, 1, 1), (S.CONFIRMED, 1, 1)),
    (Fault(F.ANSWER_AFTER, status=500), (S.CONFIRMED, 2, 1), (S.UNKNOWN, 1, 1)),
    (Fault(F.ANSWER_AFTER, status=200, body="ok"), (S.CONFIRMED, 2, 1), (S.UNKNOWN, 1, 1)),
    (
        Fault(F.ANSWER_BEFORE, status=400, body='{"message":"?"}'),
        (S.UNKNOWN, 1, 0),
        (S.UNKNOWN, 1, 0),
    ),
    (Fault(F.ANSWER_BEFORE, 9, status=403, body="{}"), (S.UNKNOWN, 2, 0), (S.UNKNOWN, 2, 0)),
]


@pytest.mark.parametrize("make", [need, once])
@pytest.mark.parametrize(("fault", "dedupe", "in_once"), FAULTS, ids=lambda each: str(each)[:60])
def test_each_fault_ends_in_the_state_that_is_known(ledger, fault, dedupe, in_once, make):
    """A fault strikes the first requests; then all is well. Nothing is ever stored twice."""
    quick = {"headers": {"retry-after": "0", **fault.headers}}
    sandbox = Sandbox(RULES, faults=[replace(fault, **quick)])
    with running_sandbox(sandbox) as url:
        counts = fired(ledger, [make()], url)
        log = truth(url)
    state, read, stored = dedupe if make is need else in_once
    assert (counts, log["read"], log["stored"]) == ({state: 1}, read, stored)
    attempts = ledger.query("attempt_list", plan=1)
    assert len(attempts) == read
    assert all(each["answered_at"] is not None for each in attempts)
    assert all(len(each["answer"] or b"") <= 2048 for each in attempts)


@pytest.mark.parametrize("make", [need, once])
def test_an_event_that_is_there_already_is_not_stored_again(ledger, make):
    """Where it does not repeat the platform says so; a duplicate is no success of ours."""
    there = StoredEvent("sale", "t1", "c1", amount=Decimal("35"))
    with running_sandbox(Sandbox(RULES, events=[there])) as url:
        counts = fired(ledger, [make(event_id="sale")], url)
        assert truth(url)["stored"] == 0
    assert counts == {S.ALREADY_THERE: 1}


def test_an_inactive_source_holds_its_other_rows(ledger):
    """At most what was under way is sent; the rest is taken back, and may be planned again."""
    rules = replace(RULES, inactive_sources=frozenset({"s77"}))
    with running_sandbox(rules=rules) as url:
        counts = fired(ledger, [*needs(40), need(transaction_id="x", pid="s1")], url)
        log = truth(url)
        assert make_plan(ledger, needs(40), host=url).rows == 40
    assert counts[S.CONFIRMED] == 1
    assert counts[S.REJECTED] + counts[S.CANCELLED] == 40
    assert counts[S.REJECTED] == 1
    assert log["stored"] == 1


def test_a_server_that_is_down_stops_the_plan_and_firing_goes_on_later(ledger):
    """Refused connections are proven not sent: the plan stops, and is simply fired again."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    plan = approved(ledger, [once(transaction_id=f"t{n}", run_id="r1") for n in range(20)], url)
    receipt = fire(ledger, plan, pace=FAST)
    # A decision against one of them is still in time, whether it was tried or not.
    assert len(list(ledger.may_go_out(plan))) == 20
    assert (ledger.runs_of(plan), ledger.sent_again(plan)) == (["r1"], [])
    assert "without a final answer" in receipt.ended_by or "sent again" in receipt.ended_by
    assert set(receipt.counts) == {S.RETRYABLE, S.APPROVED}
    reasons = {row["reason"] for row in ledger.query("attempt_list", plan=plan)}
    assert reasons == {Reason.NOT_SENT}


def test_an_unapproved_or_edited_plan_is_never_sent(ledger):
    """Nothing reaches the platform, and the message says what to type."""
    with running_sandbox(rules=RULES) as url:
        plan = make_plan(ledger, needs(2), host=url)
        with pytest.raises(FiringError, match=r"approve it by typing: FIRE 2 EVENTS \$80\.00"):
            fire(ledger, plan.id)
        other = approved(ledger, needs(1, once), url)
        unlock(ledger, "update intent set body = x'7b7d'")
        with pytest.raises(FiringError, match="it was edited"):
            fire(ledger, other)
        assert truth(url)["read"] == 0


def test_a_plan_turned_to_a_real_host_is_refused(ledger):
    """Even where somebody edits the ledger, only the sandbox can be fired at."""
    plan = approved(ledger, needs(1), "http://127.0.0.1:8900")
    unlock(ledger, "update plan set host = 'https://api.pingtree.com'")
    with pytest.raises(NotAllowed, match="not a target"):
        fire(ledger, plan)


def unlock(ledger, change):
    """Edit the ledger behind its back, as only somebody with the file can."""
    door = sqlite3.connect(ledger.path)
    door.execute("drop trigger if exists intent_fixed")
    door.execute("drop trigger if exists plan_fixed")
    door.execute(change)
    door.commit()
    door.close()


def test_a_limit_ends_early_and_the_rest_goes_on_later(ledger):
    """Three first, to look at the answers; then all others, each once."""
    with running_sandbox(rules=RULES) as url:
        plan = approved(ledger, needs(10), url)
        first = fire(ledger, plan, pace=FAST, limit=3)
        assert (first.ended_by, truth(url)["stored"]) == ("limit", 3)
        assert first.counts == {S.CONFIRMED: 3, S.APPROVED: 7}
        assert fire(ledger, plan, pace=FAST).counts == {S.CONFIRMED: 10}
        assert (truth(url)["read"], doubles(truth(url))) == (10, [])


def test_a_stop_is_obeyed_before_the_next_postback(ledger):
    """By the switch or by the file; starting again goes on."""
    with running_sandbox(rules=RULES) as url:
        plan = approved(ledger, needs(5), url)
        ledger.stop_file.touch()
        assert fire(ledger, plan, pace=FAST).ended_by == "stopped"
        ledger.stop_file.unlink()
        ledger.switch("stop", "on")
        assert fire(ledger, plan, pace=FAST).ended_by == "stopped"
        assert truth(url)["read"] == 0
        ledger.switch("stop", "off")
        ledger.switch("rate", "900")
        assert fire(ledger, plan, pace=FAST).counts == {S.CONFIRMED: 5}


def test_a_second_firing_process_is_turned_away(ledger):
    """While one holds the ledger, another one ends with exit code 3 and sends nothing."""
    with running_sandbox(rules=RULES) as url:
        plan = approved(ledger, needs(1), url)
        with ledger.held(), pytest.raises(AlreadyFiring, match="another process") as caught:
            fire(ledger, plan)
        assert (caught.value.exit_code, truth(url)["read"]) == (3, 0)
        assert fire(ledger, plan, pace=FAST).counts == {S.CONFIRMED: 1}


def in_queue(ledger, plan, job):
    """Run a job that gets a queue of a new run of this plan."""

    async def work():
        queue = Queue(ledger, plan, ledger.begin_run(plan, process=1))
        try:
            return await job(queue)
        finally:
            queue.close()

    return asyncio.run(work())


def test_a_settled_row_is_never_settled_twice(ledger):
    """Should the lock ever be lost, compare-and-set stops the slower process, and only that."""
    plan = approved(ledger, needs(2), "http://127.0.0.1:8900")
    good = Outcome(Verdict(S.CONFIRMED, Reason.ACCEPTED))

    async def job(queue):
        first, second = await queue.take(Mode.DEDUPE, 9)
        assert await queue.take(Mode.DEDUPE, 9) == []
        await queue.settle(first, good)
        # In one commit: the one that is lost keeps nobody else from being settled.
        return await asyncio.gather(
            queue.settle(first, good), queue.settle(second, good), return_exceptions=True
        )

    lost, kept = in_queue(ledger, plan, job)
    assert "another process" in str(lost)
    assert kept is None
    assert ledger.counts(plan) == {S.CONFIRMED: 2}


@pytest.mark.parametrize("foreign", ["run", "attempt"])
def test_a_row_that_another_run_has_taken_since_is_not_settled(ledger, foreign):
    """It is `sending` again, but for another run and by another attempt."""
    plan = approved(ledger, needs(1), "http://127.0.0.1:8900")
    good = Outcome(Verdict(S.CONFIRMED, Reason.ACCEPTED))

    async def take(queue):
        return (await queue.take(Mode.DEDUPE, 1))[0]

    slow = in_queue(ledger, plan, take)

    async def job(queue):
        stale = replace(await take(queue), **{foreign: getattr(slow, foreign)})
        with pytest.raises(FiringError, match="another process"):
            await queue.settle(stale, good)

    in_queue(ledger, plan, job)
    assert ledger.counts(plan) == {S.SENDING: 1}


def test_settled_together_each_keeps_its_own_answer(ledger):
    """Of some length, of none, any bytes, at most 2 KiB: none takes a byte of its neighbour."""
    plan = approved(ledger, needs(4), "http://127.0.0.1:8900")
    answers = [b"\x00\xff" * 2000, None, b"", "já".encode()]

    async def job(queue):
        taken = await queue.take(Mode.DEDUPE, 4)
        outcomes = [Outcome(Verdict(S.CONFIRMED, Reason.ACCEPTED), answer=each) for each in answers]
        await asyncio.gather(*map(queue.settle, taken, outcomes))

    in_queue(ledger, plan, job)
    kept = [row["answer"] for row in ledger.query("attempt_list", plan=plan)]
    assert kept == [answers[0][:2048], *answers[1:]]


def test_what_was_taken_and_not_sent_is_as_it_was_before(ledger):
    """A stop between taking and sending: no try is counted, and nothing is in doubt."""
    plan = approved(ledger, needs(3), "http://127.0.0.1:8900")

    async def job(queue):
        taken = await queue.take(Mode.DEDUPE, 2)
        assert ledger.counts(plan) == {S.SENDING: 2, S.APPROVED: 1}
        await queue.give_back(taken)
        again = await queue.take(Mode.DEDUPE, 3)
        return [one.earlier for one in again]

    assert in_queue(ledger, plan, job) == [(), (), ()]
    assert {row["tries"] for row in ledger.query("intent_list", plan=plan)} == {1}
    assert len(ledger.query("attempt_list", plan=plan)) == 5


def test_a_cancelled_row_is_not_taken(ledger):
    """What a person took back while firing went on is not sent."""
    plan = approved(ledger, needs(2), "http://127.0.0.1:8900")

    async def job(queue):
        taken = await queue.take(Mode.DEDUPE, 1)
        assert ledger.cancel(plan) == 1
        assert await queue.take(Mode.DEDUPE, 1) == []
        await queue.give_back(taken)

    in_queue(ledger, plan, job)
    assert ledger.counts(plan) == {S.APPROVED: 1, S.CANCELLED: 1}


def test_firing_works_inside_a_running_loop(ledger):
    """A notebook has a loop of its own already."""
    with running_sandbox(rules=RULES) as url:
        plan = approved(ledger, needs(3), url)

        async def cell():
            return fire(ledger, plan, pace=FAST)

        assert asyncio.run(cell()).counts == {S.CONFIRMED: 3}


def test_a_fault_can_be_ordered_over_http(ledger):
    """What the demo uses: one lead's request fails, the others do not."""
    with running_sandbox(rules=RULES) as url:
        order = {"kind": "answer_before", "transaction_id": "t1", "status": 404}
        httpx.post(f"{url}/__fault", content=json.dumps(order))
        assert fired(ledger, needs(3), url) == {S.CONFIRMED: 2, S.REJECTED: 1}


def test_the_breaker_stops_when_too_much_stays_open():
    """Five in a row, a fifth of fifty, three strange answers, or too many to send again."""
    good, odd = Verdict(S.CONFIRMED, Reason.ACCEPTED), Verdict(S.UNKNOWN, Reason.UNCLASSIFIED)
    doubt = Verdict(S.UNKNOWN, Reason.NO_ANSWER)
    again = Verdict(S.RETRYABLE, Reason.NOT_SENT, Wait.BACKOFF)
    assert said(doubt, doubt, doubt, doubt, good, doubt) is None
    assert said(*[doubt] * 5) == "5 attempts in a row without a final answer"
    assert "fifth" in said(*[good, good, good, doubt] * 12, good, good)
    assert said(*[good, good, good, good, doubt] * 12) is None
    assert "not in the table" in said(odd, good, odd, good, odd)
    assert said(again, good, again, good, again, good) is None
    assert "sent again" in said(again, good, again, good, again, good, again)


def said(*verdicts):
    """Return the breaker's last word on these verdicts."""
    breaker = Breaker()
    return [breaker.feed(verdict) for verdict in verdicts][-1]


def test_rows_keep_what_became_of_them(ledger):
    """The screen reads states, reasons and tries from the plan."""
    sandbox = Sandbox(RULES, faults=[Fault(F.DROP_AFTER)])
    with running_sandbox(sandbox) as url:
        plan = approved(ledger, [need()], url)
        fire(ledger, plan, pace=FAST)
    row = load_plan(ledger, plan).postbacks[0]
    assert (row.state, row.reason, row.tries) == (S.CONFIRMED, Reason.DUP_AFTER_UNKNOWN, 2)
