"""Plans: what is fired, what is held back and why, and what an approval binds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from decimal import Decimal

import pytest

from firing_world import FAST, RULES, approved, need, needs, once
from reconcile.engine import question
from reconcile.errors import FiringError, NotAllowed, NotFound
from reconcile.firing import (
    Blocked,
    Mode,
    PostbackState,
    approve,
    drafting,
    fire,
    load_plan,
    make_plan,
    open_ledger,
)
from reconcile.firing.drafts import new_draft
from reconcile.firing.plan import canonical_id, unedited
from reconcile.firing.settings import Endpoint, FiringSettings
from reconcile.sandbox import running_sandbox
from reconcile.terms import Known

HOST = "http://127.0.0.1:8900"


@pytest.fixture
def ledger(home):
    """Return the sandbox's ledger of an empty home."""
    ledger = open_ledger(home)
    yield ledger
    ledger.close()


def reasons(plan):
    """Return the reasons of a plan's blocked rows, in order."""
    return [row.reason for row in plan.blocked]


def test_a_plan_holds_exact_bytes_sums_and_its_phrase(ledger):
    """Two currencies are not added up; the mode follows what is known of Multi-Trigger."""
    plan = make_plan(
        ledger,
        [need(), once(transaction_id="t2", revenue=Decimal("15010.5"), currency="EUR")],
        host=f"{HOST}/",
    )
    assert (plan.host, plan.rows, plan.approved_at) == (HOST, 2, None)
    assert plan.sums == {"USD": Decimal("40"), "EUR": Decimal("15010.5")}
    assert plan.phrase == "FIRE 2 EVENTS EUR 15,010.50 + $40.00"
    assert [row.mode for row in plan.postbacks] == [Mode.DEDUPE, Mode.ONCE]
    assert {row.state for row in plan.postbacks} == {PostbackState.PLANNED}
    assert b'"transaction_id":"t1"' in plan.postbacks[0].body
    again = load_plan(ledger, plan.id)
    assert (again, again.postbacks) == (plan, plan.postbacks)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"blocked": Blocked.PROPOSAL}, Blocked.PROPOSAL),
        ({"blocked": Blocked.STATUS, "revenue": Decimal("NaN")}, Blocked.STATUS),
        ({"event_id": None}, Blocked.NO_EVENT),
        ({"campaign_id": None}, Blocked.NO_CAMPAIGN),
        ({"transaction_id": " \u200b"}, Blocked.UNKNOWN_LEAD),
        ({"occurred_at": None}, Blocked.NO_TIME),
        ({"revenue": None}, Blocked.NO_REVENUE),
        ({"revenue": Decimal("1.00001")}, Blocked.NOT_EXACT),
        ({"revenue": Decimal("1e20")}, Blocked.NOT_EXACT),
        ({"revenue": Decimal("-1")}, Blocked.NEGATIVE),
        ({"pid": None}, Blocked.PID_UNKNOWN),
    ],
)
def test_a_row_that_may_not_be_fired_is_kept_with_its_reason(ledger, changes, reason):
    """Nothing is dropped silently, and a plan of nothing cannot be approved."""
    plan = make_plan(ledger, [need(**changes)], host=HOST)
    assert (plan.rows, reasons(plan)) == (0, [reason])
    with pytest.raises(FiringError, match="nothing to fire"):
        approve(ledger, plan.id, plan.phrase)


def test_a_plan_keeps_what_it_was_told(ledger):
    """The lead's raw spelling, the zone that was set, why it was made, why a row was blocked."""
    held = need(blocked=Blocked.IGNORED, blocked_detail="Ignored by ann", transaction_id="t9")
    wanted = [need(transaction_id="AB-12", clid="k1"), held]
    settings = FiringSettings(zone="PST")
    plan = make_plan(ledger, wanted, host=HOST, settings=settings, note="weekly exports")
    (one,) = plan.postbacks
    assert (one.transaction_id, one.path) == ("AB-12", "/api/event/c1")
    assert one.body == (
        b'{"amount":40.00,"clid":"k1","conversion_date":"2026-11-02 20:05:06",'
        b'"conversion_timezone":"PST","event_id":"sale","pid":"s77","transaction_id":"AB-12"}'
    )
    assert (plan.note, plan.blocked[0].detail) == ("weekly exports", "Ignored by ann")
    detail = json.loads(ledger.query("audit_list")[-1]["detail"])
    assert detail == {
        "plan": plan.id,
        "host": HOST,
        "rows": 1,
        "hash": plan.hash,
        "note": "weekly exports",
    }


def test_an_amount_of_nought_is_one_and_is_named(ledger):
    """Nothing to pay is said to whoever approves; an unknown amount has no sum."""
    free = need(event_id="callback", revenue=None, is_conversion=Known.NO)
    nought = need(revenue=Decimal(0), currency="CAD")
    plan = make_plan(ledger, [free, nought], host=HOST)
    assert plan.sums == {"CAD": Decimal(0)}
    assert plan.phrase == "FIRE 2 EVENTS CAD 0.00"


def test_an_event_that_is_no_conversion_needs_no_revenue(ledger):
    """Its body carries no amount, not an amount of 0."""
    free = need(event_id="callback", revenue=None, is_conversion=Known.NO)
    plan = make_plan(ledger, [free], host=HOST)
    assert plan.rows == 1
    assert b"amount" not in plan.postbacks[0].body


def test_a_second_plan_cannot_hold_what_a_first_one_holds(ledger):
    """Neither planned nor approved, in another spelling of the id, nor twice in one plan."""
    lead = "AB-12"
    first = make_plan(ledger, [need(transaction_id=lead), need(transaction_id=lead)], host=HOST)
    again = make_plan(ledger, [need(transaction_id=" ab-12", revenue=Decimal(1))], host=HOST)
    both = [need(transaction_id=lead), need(transaction_id=lead, event_id="x")]
    other = make_plan(ledger, both, host=HOST)
    assert (first.rows, reasons(first)) == (1, [Blocked.TWICE])
    assert (again.rows, reasons(again)) == (0, [Blocked.SENT_BEFORE])
    assert again.blocked[0].detail == (
        f"Plan {first.id} has it: planned. Approve the plan or cancel it. "
        f"To cancel it: reconcile cancel {first.id} --host {HOST}"
    )
    assert (other.rows, reasons(other)) == (1, [Blocked.SENT_BEFORE])
    assert other.postbacks[0].event_id == "x"


def test_a_cancelled_plan_frees_its_rows_and_cannot_be_approved(ledger):
    """Cancelling is for what was not sent; a new plan is a new decision."""
    plan = make_plan(ledger, needs(3), host=HOST)
    assert ledger.cancel(plan.id) == 3
    assert make_plan(ledger, needs(3), host=HOST).rows == 3
    with pytest.raises(FiringError, match="approved or cancelled before"):
        approve(ledger, plan.id, plan.phrase)


def test_the_ledger_itself_refuses_a_double(ledger):
    """Should two planners ever look at the same moment, the unique index decides."""
    make_plan(ledger, [need()], host=HOST)
    copied = ("path", "body", "mode", "campaign_id", "event_id", "transaction_id")
    copied += ("transaction_key", "repeat_key", "pid", "buyer", "revenue_e4", "currency")
    copied += ("occurred_at", "finding_ref", "claim_file", "claim_line", "run", "seen_before")
    row = ledger.query("intent_list", plan=1)[0]
    same = tuple(row[name] for name in copied)
    with new_draft(ledger, HOST, None) as draft:
        assert draft.add([(draft.plan, HOST, ledger.now(), *same)]) == 0
    columns = "plan, host, changed_at, state, tries, " + ", ".join(copied)
    values = (1, HOST, "", "planned", 0, *same)
    with closing(sqlite3.connect(ledger.path)) as door, pytest.raises(sqlite3.IntegrityError):
        door.execute(f"insert into intent ({columns}) values ({','.join('?' * 23)})", values)
    assert len(ledger.query("intent_list", plan=1)) == 1


def test_doubles_are_told_from_what_other_plans_hold_wherever_they_stand(ledger, monkeypatch):
    """In one chunk of a plan, in two, or in another plan: the first keeps the place."""
    monkeypatch.setattr(drafting, "_CHUNK", 3)
    first = make_plan(ledger, [need(transaction_id="b")], host=HOST)
    leads = ["a", "b", "a", "c", "a", "b", "c", "d", "d", "d"]
    wanted = [need(finding_ref=f"f{n}", transaction_id=lead) for n, lead in enumerate(leads)]
    wanted[8] = need(finding_ref="f8", pid=None)
    plan = make_plan(ledger, wanted, host=HOST)
    assert [one.finding_ref for one in plan.postbacks] == ["f0", "f3", "f7"]
    held = {row.finding_ref: row.reason for row in plan.blocked}
    assert list(held) == ["f1", "f2", "f4", "f5", "f6", "f8", "f9"]
    assert {ref for ref, reason in held.items() if reason == Blocked.SENT_BEFORE} == {"f1", "f5"}
    assert {ref for ref, reason in held.items() if reason == Blocked.PID_UNKNOWN} == {"f8"}
    assert [held[ref] for ref in ("f2", "f4", "f6", "f9")] == [Blocked.TWICE] * 4
    assert plan.blocked[0].detail.startswith(f"Plan {first.id} has it: planned. ")


def test_a_long_plan_is_read_in_parts_and_summed_by_the_ledger(ledger):
    """Parts follow one another without a gap; the sums are those of all rows."""
    make_plan(ledger, [need(transaction_id="x", buyer="other")], host=HOST)
    good = [need(transaction_id=f"t{n}", buyer="acme") for n in range(6)]
    good.append(need(transaction_id="t6", campaign_id="c0", pid="s1"))
    bad = [need(transaction_id="", finding_ref=f"b{n}") for n in range(3)]
    bad += [need(transaction_id=f"p{n}", pid=None) for n in range(4)]
    undated = FiringSettings(endpoint={"c1": Endpoint.TRIGGER})
    plan = make_plan(ledger, [*good, *bad], host=HOST, settings=undated)
    pages = [plan.page(skip, 3) for skip in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert tuple(one for page in pages for one in page) == plan.postbacks
    assert plan.blocked_page(2, 2) == plan.blocked[2:4]
    assert plan.blocked_reasons() == {Blocked.PID_UNKNOWN: 4, Blocked.UNKNOWN_LEAD: 3}
    assert (plan.rows, plan.blocked_rows, plan.undated()) == (7, 7, 6)
    assert plan.expected() == (
        ("campaign", "c0", "USD", 1, Decimal(40)),
        ("campaign", "c1", "USD", 6, Decimal(240)),
        ("buyer", "(none)", "USD", 1, Decimal(40)),
        ("buyer", "acme", "USD", 6, Decimal(240)),
        ("source", "s1", "USD", 1, Decimal(40)),
        ("source", "s77", "USD", 6, Decimal(240)),
    )


def test_a_repeating_event_is_told_apart_by_its_claim(ledger):
    """Two claims of a repeating event are two postbacks; without their names they are one."""
    repeats = {"event_id": "callback", "allows_repeat": Known.YES}
    named = [need(**repeats, claim_key=key) for key in ("a", "b", "a")]
    assert make_plan(ledger, named, host=HOST).rows == 2
    bare = [need(**repeats, transaction_id="t2") for _ in range(2)]
    assert make_plan(ledger, bare, host=HOST).rows == 1


@pytest.mark.parametrize("make", [need, once])
def test_claims_of_an_event_that_is_not_known_to_repeat_are_one_postback(ledger, make):
    """However many claims there are: a second one would be stored again, or refused."""
    claims = [make(claim_key=key) for key in ("a", "b")]
    plan = make_plan(ledger, claims, host=HOST)
    assert (plan.rows, reasons(plan)) == (1, [Blocked.TWICE])
    again = make_plan(ledger, [make(claim_key="c")], host=HOST)
    assert (again.rows, reasons(again)) == (0, [Blocked.SENT_BEFORE])


def test_a_repeat_that_an_earlier_release_named_is_not_fired_again(ledger):
    """It named it by hashes of its row; a later claim of the same event is another one."""
    repeats = {"event_id": "callback", "allows_repeat": Known.YES}
    old = need(**repeats, claim_key="4611.77.1")
    assert make_plan(ledger, [old], host=HOST).rows == 1
    later = datetime(2026, 11, 20, 8)
    same, other = (
        need(**repeats, claim_key="17#1"),
        need(**repeats, claim_key="18#1", occurred_at=later),
    )
    plan = make_plan(ledger, [same, other], host=HOST)
    assert (plan.rows, reasons(plan)) == (1, [Blocked.SENT_BEFORE])


def test_only_the_exact_phrase_approves(ledger):
    """An approval needs the phrase of this very plan, once."""
    plan = make_plan(ledger, needs(2), host=HOST)
    for typed in ("", "FIRE", "FIRE 2 EVENTS $80", "fire 2 events $80.00", "FIRE 3 EVENTS $80.00"):
        with pytest.raises(FiringError, match=r"type: FIRE 2 EVENTS \$80\.00"):
            approve(ledger, plan.id, typed)
    done = approve(ledger, plan.id, " FIRE 2 EVENTS $80.00 ", user="ann")
    assert done.approved_by == "ann"
    assert {row.state for row in done.postbacks} == {PostbackState.APPROVED}
    with pytest.raises(FiringError, match="approved or cancelled before"):
        approve(ledger, plan.id, plan.phrase)


EDITS = [
    *(f"update intent set {name} = 'x'" for name in ("host", "path", "campaign_id", "event_id")),
    *(f"update intent set {name} = 'x'" for name in ("transaction_id", "transaction_key", "run")),
    *(f"update intent set {name} = 'x'" for name in ("repeat_key", "pid", "buyer", "currency")),
    *(f"update intent set {name} = 'x'" for name in ("occurred_at", "finding_ref", "claim_file")),
    *(f"update intent set {name} = 7" for name in ("id", "plan", "claim_line", "seen_before")),
    "update intent set revenue_e4 = 1",
    "update intent set body = x'00'",
    "update intent set mode = 'once'",
    *(f"update plan set {name} = 'x'" for name in ("hash", "host", "sums", "phrase", "made_at")),
    *(f"update plan set {name} = 'x'" for name in ("made_by", "note", "approved_by")),
    "update plan set rows = 1",
    "update plan set approved_hash = null",
    "update attempt set state = 'confirmed'",
    "update blocked_row set reason = 'x'",
    "update audit set user = 'x'",
    *(f"delete from {name}" for name in ("intent", "plan", "attempt", "blocked_row", "audit")),
]


def test_nothing_of_a_plan_can_be_edited_or_deleted(ledger):
    """Triggers of the ledger forbid it to whoever opens the file, column by column."""
    with running_sandbox(rules=RULES) as url:
        wanted = [*needs(2), need(transaction_id="x", pid=None)]
        fire(ledger, approved(ledger, wanted, url), pace=FAST)
    with closing(sqlite3.connect(ledger.path)) as door:
        for change in EDITS:
            with pytest.raises(sqlite3.IntegrityError, match=r"cannot be|forgets nothing"):
                door.execute(change)
    assert ledger.audit_break() is None


def test_what_was_edited_in_spite_of_that_is_found(ledger):
    """A body by the hash of its plan, an entry of the audit by its link."""
    plan = make_plan(ledger, needs(2), host=HOST)
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as door:
        door.execute("drop trigger intent_fixed")
        door.execute("update intent set body = cast(replace(body, '40.00', '90.00') as blob)")
        with pytest.raises(FiringError, match="it was edited"):
            approve(ledger, plan.id, plan.phrase)
        door.execute("update intent set body = cast(replace(body, '90.00', '40.00') as blob)")
        door.execute("update intent set host = 'http://127.0.0.1:1' where id = 1")
        with pytest.raises(FiringError, match="it was edited"):
            approve(ledger, plan.id, plan.phrase)
        door.execute(f"update intent set host = '{HOST}', revenue_e4 = 1")
        for typed in (plan.phrase, "FIRE 2 EVENTS $0.0002"):
            with pytest.raises(FiringError, match="it was edited"):
                approve(ledger, plan.id, typed)
        door.execute("update intent set revenue_e4 = 400000")
        approve(ledger, plan.id, plan.phrase)
        assert ledger.audit_break() is None
        door.execute("drop trigger audit_fixed")
        door.execute("update audit set user = 'somebody' where id = 2")
    assert ledger.audit_break() == 2


def test_only_the_sandbox_and_its_own_ledger_go_together(home, ledger):
    """A real host is refused, and the ledger of real postbacks refuses the sandbox."""
    with pytest.raises(NotAllowed, match="not a target"):
        make_plan(ledger, [need()], host="https://api.pingtree.com")
    live = open_ledger(home, sandbox=False)
    with pytest.raises(NotAllowed, match="ledger of real postbacks"):
        make_plan(live, [need()], host=HOST)
    live.close()
    assert ledger.query("plan_list") == []


def test_a_plan_that_is_not_there_names_those_that_are(ledger):
    """The cure is in the message."""
    with pytest.raises(NotFound, match=r"no plan 7; there are: none\..*reconcile plan.*--host"):
        load_plan(ledger, 7)
    make_plan(ledger, [need()], host=HOST)
    with pytest.raises(NotFound, match="there are: 1"):
        unedited(ledger, 7)


def test_switches_take_only_what_they_mean(ledger):
    """A STOP file counts as the switch; a rate of 0 would wait for ever."""
    ledger.switch("rate", "2.5")
    ledger.stop_file.touch()
    assert ledger.switches() == {"rate": "2.5", "stop": "on"}
    for name, value in (("stop", "yes"), ("rate", "0.0"), ("rate", "fast"), ("speed", "1")):
        with pytest.raises(FiringError, match="no switch"):
            ledger.switch(name, value)


def test_the_canonical_id_is_the_one_of_matching():
    """White space and invisible characters out; case goes only from hexadecimal ids."""
    assert canonical_id(" AB-cd\u200b 12\n") == "ab-cd12"
    assert canonical_id("Lead-1") == "Lead-1"
    assert canonical_id("\ufeff") == ""


@pytest.mark.parametrize(
    "name",
    [
        "take_retry",
        "take_approved",
        "any_approved",
        "next_due",
        "past",
        "sending_left",
        "host_wait",
    ],
)
def test_no_question_of_the_sending_loop_reads_the_whole_ledger(ledger, name):
    """Each goes through an index, or firing would slow down with the square of the rows."""
    params = {"plan": 1, "mode": "once", "at": 0.0, "intent": 1, "host": "h", "count": 1}
    params |= {"run": 1, "now": ""}
    lines = question(f"firing/{name}").splitlines()
    statement = "explain query plan " + "\n".join(one for one in lines if not one.startswith("--"))
    door = sqlite3.connect(ledger.path)
    steps = [row[3] for row in door.execute(statement, params)]
    door.close()
    assert [step for step in steps if "SCAN" in step and "INDEX" not in step] == []
