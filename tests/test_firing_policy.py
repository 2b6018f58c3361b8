"""What is sent and what an answer means: tables and properties of the pure functions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.errors import NotAllowed
from reconcile.firing.policy import (
    AMOUNT_NAMES,
    Body,
    Verdict,
    amount_text,
    body_bytes,
    checked_host,
    classify,
    event_path,
    is_sandbox,
    limited,
    phrase,
    plan_hash,
    recovered,
    retry_after,
    trigger_bytes,
    zone_text,
)
from reconcile.firing.states import Blocked, Mode, PostbackState, Reason, Trouble
from reconcile.sandbox import ZONES
from reconcile.zones import PINGTREE_OFFSETS

GOOD = b'{"status":"success","message":"Event fired"}'
S = PostbackState
# status, body, error; state and reason in `dedupe`, then in `once`
TABLE = [
    (200, GOOD, None, S.CONFIRMED, S.CONFIRMED, Reason.ACCEPTED),
    (200, b"<html>ok</html>", None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (200, b"[]", None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (200, b"", None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (200, None, None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (200, b'{"status":"error"}', None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (200, b'{"status":404}', None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (200, b'{"missingFields":["pid"]}', None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (202, GOOD, None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (204, b"", None, S.RETRYABLE, S.UNKNOWN, Reason.UNRECOGNISED),
    (307, b"", None, S.REJECTED, S.REJECTED, Reason.REDIRECTED),
    (400, b'{"message":"Duplicate event"}', None, S.ALREADY_THERE, S.ALREADY_THERE, "duplicate"),
    (400, b'{"message":"Missing event_id"}', None, S.REJECTED, S.REJECTED, Reason.REFUSED),
    (400, b'{"message":"?","invalidFields":["pid"]}', None, S.REJECTED, S.REJECTED, "refused"),
    (400, b'{"message":"Lead not found"}', None, S.REJECTED, S.REJECTED, Reason.REFUSED),
    (400, b'{"message":"Event not set up"}', None, S.REJECTED, S.REJECTED, Reason.REFUSED),
    (400, b'{"message":"Nope"}', None, S.UNKNOWN, S.UNKNOWN, Reason.UNCLASSIFIED),
    (400, b'{"message":"Invalid: duplicate"}', None, S.UNKNOWN, S.UNKNOWN, Reason.UNCLASSIFIED),
    (400, b"Duplicate event", None, S.UNKNOWN, S.UNKNOWN, Reason.UNCLASSIFIED),
    (403, b'{"message":"Request in progress"}', None, S.RETRYABLE, S.RETRYABLE, Reason.LOCKED),
    (403, b'{"message":"Source inactive"}', None, S.REJECTED, S.REJECTED, Reason.INACTIVE),
    (403, b'{"message":"Nope"}', None, S.RETRYABLE, S.RETRYABLE, Reason.FORBIDDEN),
    (404, b"", None, S.REJECTED, S.REJECTED, Reason.OTHER_REFUSAL),
    (422, GOOD, None, S.REJECTED, S.REJECTED, Reason.OTHER_REFUSAL),
    (429, b"", None, S.RETRYABLE, S.RETRYABLE, Reason.TOO_MANY),
    (500, b"", None, S.RETRYABLE, S.UNKNOWN, Reason.SERVER_ERROR),
    (502, b"", None, S.RETRYABLE, S.UNKNOWN, Reason.SERVER_ERROR),
    (503, b"", None, S.RETRYABLE, S.UNKNOWN, Reason.UNAVAILABLE),
    (101, b"", None, S.RETRYABLE, S.UNKNOWN, Reason.NO_ANSWER),
    (None, None, Trouble.NO_ANSWER, S.RETRYABLE, S.UNKNOWN, Reason.NO_ANSWER),
    (200, GOOD, Trouble.NO_ANSWER, S.RETRYABLE, S.UNKNOWN, Reason.NO_ANSWER),
    (None, None, Trouble.NOT_SENT, S.RETRYABLE, S.RETRYABLE, Reason.NOT_SENT),
]
MONEY = st.integers(-(10**18), 10**18).map(lambda e4: Decimal(e4).scaleb(-4))
# Naive UTC, as everywhere inside.
AT = datetime.fromisoformat("2026-11-03 04:05:06.000789")
TIMES = st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2090-01-01"))


@pytest.mark.parametrize(("status", "body", "error", "dedupe", "once", "reason"), TABLE)
def test_each_outcome_has_its_state(status, body, error, dedupe, once, reason):
    """The table of outcomes, for a first attempt, in both modes."""
    for mode, state in ((Mode.DEDUPE, dedupe), (Mode.ONCE, once)):
        verdict = classify(status, body, error, mode, had_unknown=False)
        assert (verdict.state, verdict.reason) == (state, reason)


@given(
    st.integers(100, 599),
    st.binary(max_size=40) | st.none(),
    st.sampled_from([None, *Trouble]),
    st.booleans(),
)
def test_once_is_sent_again_only_when_proven_not_processed(status, body, error, had_unknown):
    """In `once` mode nothing that may have been stored is ever to be sent again."""
    verdict = classify(status, body, error, Mode.ONCE, had_unknown)
    proven = error is Trouble.NOT_SENT or (error is None and status in (403, 429))
    assert verdict.state is not S.RETRYABLE or (proven and not verdict.reason.in_doubt)
    assert verdict.state is not S.CONFIRMED or (status == 200 and error is None)


def test_a_duplicate_after_our_own_unknown_attempt_is_ours():
    """Only where bytes may be sent again can the duplicate be our own first attempt."""
    body = b'{"message":"duplicate"}'
    ours = classify(400, body, None, Mode.DEDUPE, had_unknown=True)
    assert ours == (S.CONFIRMED, Reason.DUP_AFTER_UNKNOWN, "none")
    assert classify(400, body, None, Mode.ONCE, had_unknown=True).state is S.ALREADY_THERE


@pytest.mark.parametrize(("status", "body"), [(404, b""), (403, b'{"message":"inactive"}')])
def test_a_refusal_does_not_undo_an_unknown_attempt(status, body):
    """What may have been stored before stays unknown, whatever is refused after it."""
    assert classify(status, body, None, Mode.DEDUPE, had_unknown=True).state is S.UNKNOWN


def test_tries_end_as_unknown_if_any_was_in_doubt():
    """The fifth try is the last; locks are counted apart, and an unknown 403 waits once."""
    again = Verdict(S.RETRYABLE, Reason.NOT_SENT)
    lock = Verdict(S.RETRYABLE, Reason.LOCKED)
    forbidden = Verdict(S.RETRYABLE, Reason.FORBIDDEN)
    assert limited(again, [Reason.NOT_SENT] * 3).state is S.RETRYABLE
    assert limited(again, [Reason.NOT_SENT] * 4).state is S.REJECTED
    assert limited(again, [Reason.NO_ANSWER] + [Reason.NOT_SENT] * 3).state is S.UNKNOWN
    assert limited(again, [Reason.LOCKED] * 4).state is S.RETRYABLE
    assert limited(lock, [Reason.LOCKED] * 4).state is S.RETRYABLE
    assert limited(lock, [Reason.LOCKED] * 5).state is S.REJECTED
    assert limited(forbidden, []).state is S.RETRYABLE
    assert limited(forbidden, [Reason.FORBIDDEN]).state is S.UNKNOWN
    assert (
        limited(Verdict(S.CONFIRMED, Reason.ACCEPTED), [Reason.NO_ANSWER] * 9).state == "confirmed"
    )


def test_what_a_killed_process_left_is_sent_again_only_in_dedupe():
    """Its process died between sending and keeping the answer."""
    assert recovered(Mode.DEDUPE).state is S.RETRYABLE
    assert recovered(Mode.ONCE).state is S.UNKNOWN
    assert recovered(Mode.ONCE).reason.in_doubt


@given(MONEY)
def test_an_amount_is_sent_with_its_own_digits(amount):
    """No float touches it: the JSON number read back as a decimal is the same amount."""
    body = body_bytes(Body("sale", "t1", AT, amount))
    sent = json.loads(body, parse_float=Decimal, parse_int=Decimal)["amount"]
    assert sent == amount
    assert "e" not in amount_text(amount).lower()


def spelled(fields, name, amount):
    """Spell a body by the plain rules: names in their order, the amount with its own digits."""
    if amount is not None:
        fields = {**fields, name: "AMOUNT"}
    given = {name: value for name, value in fields.items() if value is not None}
    text = json.dumps(given, sort_keys=True, separators=(",", ":"))
    if amount is None:
        return text.encode()
    digits = f"{amount:.4f}"
    digits = digits[:-2] + digits[-2:].rstrip("0")
    return text.replace(f'"{name}":"AMOUNT"', f'"{name}":{digits}').encode()


TEXTS = st.text(min_size=1, max_size=8)


@given(TEXTS, TEXTS, st.none() | MONEY, st.none() | TEXTS, st.none() | TEXTS, st.data())
def test_every_body_is_spelled_by_the_plain_rules(event, lead, amount, pid, clid, data):
    """Byte for byte, whatever the texts, the zone, the endpoint and the name of the amount."""
    zone = data.draw(st.sampled_from(sorted(PINGTREE_OFFSETS)))
    name = data.draw(st.sampled_from(AMOUNT_NAMES))
    at = data.draw(TIMES)
    body = Body(event, lead, at, amount, pid, clid)
    same = {"event_id": event, "transaction_id": lead, "pid": pid}
    local = (at + timedelta(hours=ZONES[zone])).strftime("%Y-%m-%d %H:%M:%S")
    dated = {"conversion_date": local, "conversion_timezone": zone, "clid": clid}
    assert body_bytes(body, zone=zone, amount_name=name) == spelled(same | dated, name, amount)
    campaign = data.draw(TEXTS)
    assert trigger_bytes(body, campaign) == spelled(same | {"cid": campaign}, "revenue", amount)


@pytest.mark.parametrize("amount", ["0.00001", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_exact_is_refused(amount):
    """More than four decimals, or no number, is not money."""
    with pytest.raises(ValueError, match="ten-thousandths"):
        amount_text(Decimal(amount))


@given(TIMES, st.sampled_from(sorted(PINGTREE_OFFSETS)))
def test_a_date_parses_back_to_the_same_second(at, code):
    """Whatever the zone code: read with the platform's fixed offset it is the same instant."""
    local = datetime.fromisoformat(zone_text(at, code))
    assert local - timedelta(hours=ZONES[code]) == at.replace(microsecond=0)


def test_sender_and_sandbox_know_the_same_zone_codes():
    """Two tables, written apart, of the same documentation."""
    assert PINGTREE_OFFSETS == ZONES
    assert len(ZONES) == 8


def test_a_body_carries_no_other_field_of_the_lead():
    """Names are sorted, absent ones left out, text escaped; a cost is never sent."""
    full = Body("sale", 't"1é', AT, Decimal("40.0000"), "s77", "k1")
    assert body_bytes(full) == (
        b'{"amount":40.00,"clid":"k1","conversion_date":"2026-11-02 23:05:06",'
        b'"conversion_timezone":"EST","event_id":"sale","pid":"s77",'
        b'"transaction_id":"t\\"1\\u00e9"}'
    )
    assert set(json.loads(body_bytes(Body("sale", "t1", AT, None)))) == {
        "conversion_date", "conversion_timezone", "event_id", "transaction_id",
    }  # fmt: skip
    assert event_path("a/../b?c") == "/api/event/a%2F..%2Fb%3Fc"


@pytest.mark.parametrize(
    "host", ["http://127.0.0.1:8900/", "http://LOCALHOST:1", "http://127.0.0.1:80"]
)
def test_the_sandbox_on_this_machine_may_be_fired_at(host):
    """Loopback by either name is one target: two names would be two places for one postback."""
    port = host.rstrip("/").rpartition(":")[2]
    assert checked_host(host) == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    "host",
    [
        "https://api.pingtree.com",
        "http://api.pingtree.com:80",
        "http://127.0.0.1",
        "http://127.0.0.1.example.com:80",
        "http://127.0.0.1:80@example.com:80",
        "http://user@127.0.0.1:80",
        "http://127.0.0.1:80/path",
        "http://127.0.0.1:80?x=1",
        "http://127.0.0.1:port",
        "http://[::1",
        "http://0.0.0.0:80",
        "",
    ],
)
def test_any_other_host_is_refused(host):
    """A real host, a look-alike and a malformed address."""
    with pytest.raises(NotAllowed, match="not a target"):
        checked_host(host)


def test_a_listed_host_is_one_target_over_https_only():
    """In any spelling it is the same place; another port, name or scheme is another host."""
    allowed = ["api.pingtree.com", "Other.example:8443"]
    for host in ("https://API.pingtree.com/", "https://api.pingtree.com:443"):
        assert checked_host(host, allowed) == "https://api.pingtree.com"
    assert checked_host("https://other.example:8443", allowed) == "https://other.example:8443"
    for host in (
        "http://api.pingtree.com",
        "https://api.pingtree.com:8443",
        "https://other.example",
        "https://api.pingtree.com.evil.example",
        "https://evil.example/api.pingtree.com",
        "https://api.pingtree.com@evil.example",
        "https://u:p@api.pingtree.com",
        "https://api.pingtree.com#x",
    ):
        with pytest.raises(NotAllowed, match=r"firing\.toml"):
            checked_host(host, allowed)
    assert is_sandbox("http://127.0.0.1:1")
    assert not is_sandbox("https://127.0.0.1.example.com")


def test_the_phrase_names_count_and_sums():
    """Thousands are grouped; several currencies are joined; sub-cents are not hidden."""
    assert phrase(1204, {"USD": Decimal("15050.00")}) == "FIRE 1,204 EVENTS $15,050.00"
    assert phrase(2, {"USD": Decimal("1.5"), "EUR": Decimal("1000")}) == (
        "FIRE 2 EVENTS EUR 1,000.00 + $1.50"
    )
    assert phrase(1, {"": Decimal("0.0001")}) == "FIRE 1 EVENTS 0.0001"
    assert phrase(3, {}) == "FIRE 3 EVENTS"


def test_the_plan_hash_ignores_order_and_sees_everything_else():
    """Host, mode, path and every byte of a body are part of what is approved."""
    rows = [("dedupe", "/b", b"2"), ("once", "/a", b"1")]
    same = plan_hash("h", rows)
    with pytest.raises(ValueError, match="in their order"):
        plan_hash("h", reversed(rows))
    others = [
        plan_hash("g", rows),
        plan_hash("h", rows[:1]),
        plan_hash("h", [("dedupe", "/a", b"1"), rows[0]]),
        plan_hash("h", [rows[0], ("once", "/c", b"1")]),
        plan_hash("h", [rows[0], ("once", "/a", b"3")]),
    ]
    assert len({same, *others}) == 6


def test_retry_after_is_seconds_or_a_date_up_to_15_minutes():
    """Nonsense and silence mean one second; a date that has passed means none."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert retry_after("7", now) == 7
    assert retry_after("86400", now) == 900
    assert retry_after("Tue, 24 Nov 2026 12:00:30 GMT", now) == 30
    assert retry_after("Tue, 24 Nov 2026 11:00:00 GMT", now) == 0
    assert [retry_after(header, now) for header in (None, "soon", "-3")] == [1, 1, 1]


def test_every_word_is_explained():
    """States, reasons and blocks say what they mean; a state says what to do next."""
    assert all(state.label and state.meaning and state.next_step for state in PostbackState)
    assert all(word.meaning for group in (Reason, Blocked, Mode) for word in group)
