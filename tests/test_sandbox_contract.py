"""The sandbox answers as Pingtree's documentation says; asked by a bare client over a socket."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from firing_world import RULES, truth
from reconcile.errors import FiringError
from reconcile.sandbox import (
    Fault,
    FaultKind,
    Rules,
    Sandbox,
    StoredEvent,
    exports_of,
    running_sandbox,
)
from reconcile.terms import EventSetting, Known

LEADS = {"t1": "c1", "t2": "c1", "t3": "c2"}
SETTINGS = (*RULES.settings, EventSetting("c2", "sale", allows_duplicates=Known.NO))
WORLD = Rules(settings=SETTINGS, leads=LEADS, inactive_sources=frozenset({"gone"}), org_id="org1")
SALE = {"event_id": "sale", "transaction_id": "t1"}

# One for all, because each new one reads the certificates of the machine; no line is kept open.
HTTP = httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
LINES = ("dro", "hal", "res", "sil", "dri", "gar")
CASES = [
    # endpoint, body, status, what the answer must say
    ("c1", SALE, 200, "fired"),
    ("c1", {**SALE, "amount": 12.5, "pid": "s1", "clid": "x", "sub1": "a"}, 200, "Conversion"),
    ("c1", {**SALE, "conversion_date": "2026-11-03", "conversion_timezone": "PST"}, 200, "fired"),
    ("c1", {**SALE, "conversion_date": "3 Nov"}, 400, "conversion_date"),
    ("c1", {**SALE, "conversion_timezone": "UTC", "conversion_date": "2026-11-03"}, 400, "zone"),
    ("c1", {"event_id": "sale"}, 400, "transaction_id"),
    ("c1", {"transaction_id": "t1", "event_id": ""}, 400, "event_id"),
    ("c1", {**SALE, "transaction_id": 17}, 400, "transaction_id"),
    ("c1", {**SALE, "amount": "12.5"}, 400, "amount"),
    ("c1", {**SALE, "event_id": "signup"}, 400, "not configured"),
    ("c1", {**SALE, "pid": "gone"}, 403, "inactive"),
    ("c9", SALE, 400, "cid"),
    ("c1", [SALE], 400, "JSON"),
    ("trigger", {**SALE, "cid": "c1", "revenue": 40}, 200, "fired"),
    ("trigger", {**SALE, "cid": "c1"}, 400, "revenue"),
    ("trigger", {**SALE, "revenue": 40}, 400, "cid"),
    ("trigger", {**SALE, "cid": "c1", "event_id": "callback"}, 200, "fired"),
    ("trigger", {**SALE, "cid": "c9", "revenue": 40}, 400, "cid"),
    ("global/org1", {**SALE, "transaction_id": "t3"}, 200, "fired"),
    ("global/org1", {**SALE, "transaction_id": "t4"}, 400, "not found"),
    ("global/org2", SALE, 400, "org"),
    ("global/org1", {**SALE, "cost": 3, "cost_operation": "substract"}, 200, "fired"),
    ("c1", {**SALE, "cost": 3, "cost_operation": "subtract"}, 400, "cost_operation"),
    ("c1", {**SALE, "cost": "3"}, 400, "cost"),
    ("c1", {**SALE, "adSpend": [], "min_price": 1}, 400, "adSpend"),
    ("c1", {**SALE, "tcpa_consent": 2}, 400, "tcpa_consent"),
    ("c1", {**SALE, "tcpa_consent": 1, "tcpa_consent_date": "2026-11-03"}, 200, "fired"),
    ("c1", {**SALE, "tcpa_consent_date": "3 Nov"}, 400, "tcpa_consent_date"),
    ("c1", {**SALE, "sub5": 5}, 400, "sub5"),
    ("c1", {**SALE, "transaction_id": "t4"}, 200, "fired"),
    ("trigger", {**SALE, "cid": "c1", "revenue": 40, "cost": 3}, 200, "fired"),
    ("a/b/c", SALE, 404, "endpoint"),
]


@pytest.fixture(scope="module")
def post():
    """Return a function that posts to a sandbox that knows nothing of the posts before."""
    sandbox = Sandbox(WORLD)
    with httpx.Client(trust_env=False) as client, running_sandbox(sandbox) as url:

        def call(endpoint, body):
            sandbox.__init__(WORLD)
            return client.post(f"{url}/api/event/{endpoint}", json=body)

        yield call


@pytest.mark.parametrize(("endpoint", "body", "status", "says"), CASES)
def test_each_documented_answer_is_given(post, endpoint, body, status, says):
    """Each line of the documentation's tables, and what is refused and why."""
    answer = post(endpoint, body)
    assert answer.status_code == status
    assert says in answer.text
    assert set(answer.json()) == {"status", "type", "message", "missingFields", "invalidFields"}


def test_the_campaign_of_a_global_event_comes_from_the_lead():
    """Pingtree resolves the campaign from the lead; a source left out is organic."""
    with running_sandbox(rules=WORLD) as url:
        HTTP.post(f"{url}/api/event/global/org1", json={**SALE, "transaction_id": "t3"})
        stored = truth(url)["events"]
    assert [(each["cid"], each["pid"]) for each in stored] == [("c2", "organic")]


def test_a_duplicate_is_refused_only_where_multi_trigger_is_off():
    """`sale` may not repeat, `callback` may, and `lead` shows its doubles."""
    with running_sandbox(rules=WORLD) as url:
        answers = [
            HTTP.post(f"{url}/api/event/c1", json={**SALE, "event_id": event})
            for event in ("sale", "sale", "callback", "callback", "lead", "lead")
        ]
        log = truth(url)
    assert [each.status_code for each in answers] == [200, 400, 200, 200, 200, 200]
    assert "Duplicate" in answers[1].json()["message"]
    assert (log["read"], log["stored"]) == (6, 5)


def test_a_second_request_for_the_same_lead_and_event_is_locked_out():
    """While the first is at work, and until its window has passed, the answer is 403."""
    slow = Sandbox(WORLD, faults=[Fault(FaultKind.DELAY, seconds=0.4)])
    with running_sandbox(slow) as url:
        answers = []
        first = threading.Thread(
            target=lambda: answers.append(HTTP.post(f"{url}/api/event/c1", json=SALE))
        )
        first.start()
        slow.wait_read(1)
        second = HTTP.post(f"{url}/api/event/c1", json=SALE)
        first.join()
    assert (second.status_code, answers[0].status_code) == (403, 200)
    assert "in progress" in second.json()["message"]


def test_the_lock_outlasts_the_request_that_took_it():
    """A retry inside the window gets 403 again, although the event is stored."""
    with running_sandbox(rules=Rules(settings=SETTINGS, lock_seconds=60)) as url:
        codes = [HTTP.post(f"{url}/api/event/c1", json=SALE).status_code for _ in range(3)]
    assert codes == [200, 403, 403]


def test_amounts_stay_exact_and_dates_become_utc():
    """The amount keeps its digits; a date of a fixed zone knows no daylight saving."""
    body = (
        b'{"event_id":"sale","transaction_id":"t1","amount":12345678901234.1234,'
        b'"conversion_date":"2026-07-01 20:00:00","conversion_timezone":"PST","first_name":"Ann"}'
    )
    with running_sandbox(rules=WORLD) as url:
        HTTP.post(f"{url}/api/event/c1", content=body)
        log = truth(url)
    assert log["events"][0]["amount"] == "12345678901234.1234"
    assert log["events"][0]["happened_at"] == "2026-07-02T04:00:00"
    assert log["requests"][0]["others"] == ["first_name"]
    assert "Ann" not in str(log)


def test_what_has_no_date_is_dated_when_it_is_read():
    """The endpoint of landing pages ignores one, the other two fall back to the present."""
    dated = {**SALE, "conversion_date": "2020-01-02", "cid": "c1", "revenue": 1}
    begun = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with running_sandbox(rules=WORLD) as url:
        HTTP.post(f"{url}/api/event/trigger", json=dated)
        HTTP.post(f"{url}/api/event/c1", json={**SALE, "transaction_id": "t2"})
        times = [datetime.fromisoformat(one["happened_at"]) for one in truth(url)["events"]]
    ended = datetime.now(UTC).replace(tzinfo=None)
    assert len(times) == 2
    assert all(begun <= at <= ended for at in times)


def test_the_journal_survives_a_restart(home):
    """What was stored is still there, and still a duplicate; half a line is forgotten."""
    with running_sandbox(rules=WORLD, home=home) as url:
        HTTP.post(f"{url}/api/event/c1", json=SALE)
        before = truth(url)
    with (home / "sandbox" / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"stored": {"event_id": "sa')
    with running_sandbox(rules=WORLD, home=home) as url:
        assert truth(url) == before
        assert HTTP.post(f"{url}/api/event/c1", json=SALE).status_code == 400
    with running_sandbox(rules=WORLD, home=home) as url:
        assert truth(url)["read"] == 2


def test_costs_of_a_lead_are_added_substracted_and_overridden(home):
    """In the platform's own spelling, exactly, and still so after a restart."""
    steps = [("add", "2.5"), (None, "1"), ("substract", "0.1"), ("override", "7"), ("add", "0.01")]
    with running_sandbox(rules=WORLD, home=home) as url:
        found = []
        for n, (operation, cost) in enumerate(steps):
            named = "" if operation is None else f',"cost_operation":"{operation}"'
            body = (
                f'{{"event_id":"callback","transaction_id":"t1","sub1":"{n}","cost":{cost}{named}}}'
            )
            assert HTTP.post(f"{url}/api/event/c1", content=body).status_code == 200
            found.append(truth(url)["costs"]["c1 t1"])
    assert found == ["2.5", "3.5", "3.4", "7", "7.01"]
    with running_sandbox(rules=WORLD, home=home) as url:
        assert truth(url)["costs"] == {"c1 t1": "7.01"}


def test_what_the_documentation_leaves_open_is_a_setting():
    """The name of the global amount, whether it is needed, and whether a lead must be known."""
    strict = replace(WORLD, lead_required=True, amount_required=True, amount_name="revenue")
    with running_sandbox(rules=strict) as url:
        bodies = {
            "c1": [{**SALE, "transaction_id": "t4", "amount": 1}, SALE, {**SALE, "amount": 1}],
            "global/org1": [{**SALE, "transaction_id": "t3", "revenue": 2}],
        }
        codes = [
            HTTP.post(f"{url}/api/event/{endpoint}", json=body).status_code
            for endpoint, some in bodies.items()
            for body in some
        ]
        assert [each["amount"] for each in truth(url)["events"]] == ["1", "2"]
    assert codes == [400, 400, 200, 200]


def test_a_journal_has_one_sandbox_at_a_time(home):
    """A second one would not know what the first stores: it is refused, with the cure."""
    with (
        running_sandbox(rules=WORLD, home=home),
        pytest.raises(FiringError, match="Stop it first"),
    ):
        Sandbox(WORLD, home=home)
    Sandbox(WORLD, home=home).close()


def test_what_was_stored_can_be_exported_after_the_end(home):
    """And is known as the sandbox's own, without a line being written any more."""
    with running_sandbox(sandbox := Sandbox(home=home, events=[StoredEvent("sale", "t1", "c1")])):
        pass
    text = sandbox.export()
    assert "sale,t1,c1" in text
    assert hashlib.sha256(text.encode()).hexdigest() in exports_of(home)
    sandbox.close()


def test_the_export_has_the_columns_and_the_zone_of_the_platform():
    """Stored events, those from before included, with times in the campaign's zone."""
    old = StoredEvent("sale", "t9", "c1", "s1")
    sandbox = Sandbox(WORLD, events=[old])
    with running_sandbox(sandbox) as url:
        dated = {**SALE, "amount": 1.5, "pid": "s2", "conversion_date": "2026-11-03 01:00:00"}
        HTTP.post(f"{url}/api/event/c1", json={**dated, "conversion_timezone": "PST"})
        lines = HTTP.get(f"{url}/__export.csv").text.splitlines()
    assert lines == [
        "event_id,transaction_id,cid,pid,amount,conversion_date,conversion_timezone",
        "sale,t9,c1,s1,,2025-12-31 19:00:00,EST",
        "sale,t1,c1,s2,1.5,2026-11-03 04:00:00,EST",
    ]
    assert sandbox.export().splitlines() == lines


@pytest.mark.parametrize(
    ("kind", "stored", "status"),
    [
        (FaultKind.ANSWER_BEFORE, 0, 503),
        (FaultKind.ANSWER_AFTER, 1, 503),
        *((kind, int(kind.endswith("after")), None) for kind in FaultKind if kind[:3] in LINES),
    ],
)
def test_faults_strike_before_or_after_storing(kind, stored, status):
    """Each fault strikes once, at the moment it says; the next request is answered well."""
    sandbox = Sandbox(WORLD, faults=[Fault(kind, status=503, seconds=0.5)])
    with running_sandbox(sandbox) as url:
        try:
            answer = HTTP.post(f"{url}/api/event/c1", json=SALE, timeout=0.2).status_code
        except httpx.TransportError:
            answer = None
        assert (answer, truth(url)["stored"]) == (status, stored)
        again = HTTP.post(f"{url}/api/event/c1", json=SALE).status_code
    assert again == (400 if stored else 200)


def test_the_shape_of_a_bad_line_is_what_it_says():
    """Nothing at all, a reset, half an answer, bytes that are no HTTP, a huge head or body."""
    order = [
        (Fault(FaultKind.DROP_BEFORE), httpx.RemoteProtocolError, "without sending a response"),
        (Fault(FaultKind.RESET_BEFORE), httpx.ReadError, "reset"),
        (Fault(FaultKind.HALF_BEFORE), httpx.RemoteProtocolError, "complete message"),
        (Fault(FaultKind.GARBLE_BEFORE), httpx.RemoteProtocolError, "illegal"),
        (
            Fault(FaultKind.ANSWER_BEFORE, headers={"x": "y" * 400_000}),
            httpx.RemoteProtocolError,
            "too long",
        ),
    ]
    with running_sandbox(Sandbox(WORLD, faults=[fault for fault, _, _ in order])) as url:
        for _, kind, says in order:
            with pytest.raises(kind, match=says):
                HTTP.post(f"{url}/api/event/c1", json=SALE)
        huge = {"kind": "answer_after", "status": 200, "size": 5_000_000}
        assert HTTP.post(f"{url}/__fault", json=huge).json() == {"faults": len(order) + 1}
        assert len(HTTP.post(f"{url}/api/event/c1", json=SALE).content) == 5_000_000


@pytest.mark.parametrize("amount", ["1e999999999", "1e-999999999", "NaN", "Infinity", "-1e18"])
def test_a_number_that_no_money_is_is_refused(amount):
    """Written out it would be a gigabyte; the sandbox goes on."""
    body = f'{{"event_id":"sale","transaction_id":"t1","amount":{amount}}}'
    with running_sandbox(rules=WORLD) as url:
        refused = HTTP.post(f"{url}/api/event/c1", content=body)
        assert (refused.status_code, refused.json()["invalidFields"]) == (400, ["amount"])
        assert HTTP.post(f"{url}/api/event/c1", json=SALE).status_code == 200


@pytest.mark.parametrize("order", [b"{", b"[]", b'{"kind":"fire"}', b'{"kind":"delay","x":1}'])
def test_an_order_that_is_no_fault_is_refused(order):
    """The answer says what is wrong; nothing is broken by it."""
    with running_sandbox(rules=WORLD) as url:
        assert HTTP.post(f"{url}/__fault", content=order).status_code == 400
        assert HTTP.post(f"{url}/api/event/c1", json=SALE).status_code == 200
