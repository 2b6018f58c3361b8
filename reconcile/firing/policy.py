"""What to send and what an answer means: pure functions without clock, network or database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache

# A text as json.dumps writes it, without its detours: half of the time of a body went there.
from json.encoder import encode_basestring_ascii as _json
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from reconcile.errors import NotAllowed
from reconcile.firing.states import Mode, PostbackState, Reason, Trouble
from reconcile.zones import PINGTREE_OFFSETS

TRIES = 5
LOCK_WAITS = 5
LONGEST_PAUSE = 15 * 60
TRIGGER_PATH = "/api/event/trigger"
"""The endpoint that names the campaign in the body, and stores an event as of now."""
AMOUNT_NAMES = ("amount", "revenue")
"""What the documentation calls the amount at the endpoint of all campaigns: its page has both."""

_LOOPBACK = ("127.0.0.1", "localhost")
_E4 = Decimal(10_000)
_OFFSETS = {code: timedelta(hours=hours) for code, hours in PINGTREE_OFFSETS.items()}
_CONFIRMED, _UNKNOWN = PostbackState.CONFIRMED, PostbackState.UNKNOWN
_REJECTED, _RETRYABLE = PostbackState.REJECTED, PostbackState.RETRYABLE

# The exact texts are not documented: a text that fits no line here, or two of different
# reasons, is unclassified, never a success. Read: status, reason, pattern in any case.
MESSAGES: tuple[tuple[int, Reason, re.Pattern[str]], ...] = tuple(
    (status, reason, re.compile(words, re.IGNORECASE))
    for status, reason, words in (
        (400, Reason.DUPLICATE, r"duplicate|already (been )?(fired|triggered|recorded|exists)"),
        (400, Reason.REFUSED, r"\b(missing|invalid|required)\b"),
        (400, Reason.REFUSED, r"\bnot (configured|set ?up|found|in the campaign)"),
        (403, Reason.LOCKED, r"in progress|concurrent|being processed|\block(ed)?\b"),
        (403, Reason.INACTIVE, r"\binactive\b|not active|\b(disabled|paused)\b"),
    )
)
_BAD_WORDS = re.compile(r"error|fail|invalid|missing|denied|reject|duplicate", re.IGNORECASE)


class Wait(StrEnum):
    """What has to pass before a retryable postback may be sent again."""

    NONE = "none"
    BACKOFF = "backoff"
    LOCK = "lock"
    HOST = "host"


_DENIAL_WAITS = {
    Reason.TOO_MANY: Wait.HOST,
    Reason.LOCKED: Wait.LOCK,
    Reason.FORBIDDEN: Wait.LOCK,
}


class Verdict(NamedTuple):
    """What an answer makes of a postback: its state, why, and what to wait for."""

    state: PostbackState
    reason: Reason
    wait: Wait = Wait.NONE


class Body(NamedTuple):
    """The fields a postback may carry; no other lead field, and never a cost."""

    event_id: str
    transaction_id: str
    occurred_at: datetime
    amount: Decimal | None
    pid: str | None = None
    clid: str | None = None


def body_bytes(body: Body, *, zone: str = "EST", amount_name: str = "amount") -> bytes:
    """Return the exact JSON of a postback to `/api/event/{campaign-id}` or `/global/{org-id}`.

    The names are in their order. The amount is a JSON number with the decimal's own digits; no
    float touches it. The date is always sent with a zone code, because the zone assumed without one
    is not documented. `amount_name` is one of `AMOUNT_NAMES`.
    """
    amount = "" if body.amount is None else f'"{amount_name}":{amount_text(body.amount)},'
    first, later = (amount, "") if amount_name == "amount" else ("", amount)
    clid = "" if body.clid is None else f'"clid":{_json(body.clid)},'
    date = f'"conversion_date":"{zone_text(body.occurred_at, zone)}",'
    same = _same_text(zone, body.event_id, body.pid)
    lead = f'"transaction_id":{_json(body.transaction_id)}'
    return f"{{{first}{clid}{date}{same}{later}{lead}}}".encode()


def trigger_bytes(body: Body, campaign_id: str) -> bytes:
    """Return the exact JSON of a postback to `/api/event/trigger`, which takes no date."""
    same = _same_text(None, body.event_id, body.pid)
    amount = "" if body.amount is None else f'"revenue":{amount_text(body.amount)},'
    lead = f'"transaction_id":{_json(body.transaction_id)}'
    return f'{{"cid":{_json(campaign_id)},{same}{amount}{lead}}}'.encode()


@lru_cache(maxsize=4096)
def _same_text(zone: str | None, event_id: str, pid: str | None) -> str:
    """Return the fields in the middle of a body, which many have in common."""
    code = "" if zone is None else f'"conversion_timezone":{_json(zone)},'
    source = "" if pid is None else f'"pid":{_json(pid)},'
    return f'{code}"event_id":{_json(event_id)},{source}'


def zone_text(at: datetime, code: str) -> str:
    """Return a naive UTC time as `YYYY-MM-DD HH:MM:SS` of a Pingtree zone code.

    Read back with the code's fixed offset it is the same second; there is no code for UTC.
    """
    return (at + _OFFSETS[code]).isoformat(" ", "seconds")


@lru_cache(maxsize=16384)
def amount_text(amount: Decimal) -> str:
    """Return an amount as the text of a JSON number, two to four decimals, exactly."""
    e4 = ten_thousandths(amount)
    whole, part = divmod(abs(e4), 10_000)
    decimals = f"{part:04d}"
    decimals = decimals[:2] + decimals[2:].rstrip("0")
    return f"{'-' if e4 < 0 else ''}{whole}.{decimals}"


@lru_cache(maxsize=16384)
def ten_thousandths(amount: Decimal) -> int:
    """Return an amount as a whole number of ten-thousandths.

    Raises:
        ValueError: The amount has more than four decimals or is no finite number.
    """
    e4 = int(amount * _E4) if amount.is_finite() else 0
    if not amount.is_finite() or Decimal(e4).scaleb(-4) != amount:
        raise ValueError(f"{amount} is not a whole number of ten-thousandths")
    return e4


def event_path(campaign_id: str, *, org_id: str | None = None) -> str:
    """Return the path of the endpoint of one campaign, or of all of an organisation."""
    if org_id is not None:
        return f"/api/event/global/{quote(org_id, safe='')}"
    return f"/api/event/{quote(campaign_id, safe='')}"


def checked_host(host: str, allowed: Collection[str] = ()) -> str:
    """Return a target as it is compared and stored: `http://127.0.0.1:8900`, `https://host`.

    One spelling, or a second plan could fire the same postback under the other name: `localhost`
    is `127.0.0.1`, and the port of https is left out.

    Args:
        host: The address, without a path.
        allowed: Hosts beside this machine, as `api.pingtree.com` or `host:port`; https only.

    Raises:
        NotAllowed: It is any other target.
    """
    try:
        parts = urlsplit(host)
        name, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        parts, name, port = urlsplit(""), "", None
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if plain and name in _LOOPBACK and port is not None and parts.scheme in ("http", "https"):
        return f"{parts.scheme}://{_LOOPBACK[0]}:{port}"
    place = name if port in (None, 443) else f"{name}:{port}"
    if plain and name and parts.scheme == "https" and place in {one.lower() for one in allowed}:
        return f"https://{place}"
    raise NotAllowed(
        f"{host!r} is not a target that may be fired at.\nThe sandbox is: start it and give its "
        "address, such as http://127.0.0.1:8900. Any other needs https, and its name in the list "
        "`allow` of firing.toml."
    )


def is_sandbox(host: str) -> bool:
    """Say whether a checked target is on this machine."""
    return urlsplit(host).hostname == _LOOPBACK[0]


def classify(
    status: int | None,
    body: bytes | None,
    error: Trouble | None,
    mode: Mode,
    had_unknown: bool,
) -> Verdict:
    """Say what one answer makes of a postback. What is not recognised is never a success.

    Args:
        status: HTTP status; None when none was read.
        body: The answer's bytes; None when they were too many to read.
        error: What kept a whole answer from coming back; it outranks `status`.
        mode: Whether identical bytes may be sent again.
        had_unknown: Whether an earlier attempt of this postback may have been stored.
    """
    if error is Trouble.NOT_SENT:
        return Verdict(_RETRYABLE, Reason.NOT_SENT, Wait.BACKOFF)
    if error is not None or status is None or status < 200:
        return _in_doubt(Reason.NO_ANSWER, mode)
    if status < 300:
        return _taken(status, body, mode)
    if status < 400:
        return _refused(Reason.REDIRECTED, had_unknown)
    if status < 500:
        return _denied(denial_reason(status, body), mode, had_unknown)
    unavailable = status == 503
    return _in_doubt(
        Reason.UNAVAILABLE if unavailable else Reason.SERVER_ERROR,
        mode,
        wait=Wait.HOST if unavailable else Wait.BACKOFF,
    )


def _taken(status: int, body: bytes | None, mode: Mode) -> Verdict:
    if status == 200 and _names_no_error(body):
        return Verdict(_CONFIRMED, Reason.ACCEPTED)
    return _in_doubt(Reason.UNRECOGNISED, mode)


def _denied(reason: Reason, mode: Mode, had_unknown: bool) -> Verdict:
    if reason is Reason.DUPLICATE:
        ours = had_unknown and mode is Mode.DEDUPE
        there = Verdict(PostbackState.ALREADY_THERE, reason)
        return Verdict(_CONFIRMED, Reason.DUP_AFTER_UNKNOWN) if ours else there
    # The lock may be our own earlier attempt still at work: `once` cannot send after that.
    own_lock = reason is Reason.LOCKED and had_unknown and mode is Mode.ONCE
    if own_lock or reason is Reason.UNCLASSIFIED:
        return Verdict(_UNKNOWN, reason)
    if reason in _DENIAL_WAITS:
        return Verdict(_RETRYABLE, reason, _DENIAL_WAITS[reason])
    return _refused(reason, had_unknown)


def _in_doubt(reason: Reason, mode: Mode, *, wait: Wait = Wait.BACKOFF) -> Verdict:
    if mode is Mode.DEDUPE:
        return Verdict(_RETRYABLE, reason, wait)
    return Verdict(_UNKNOWN, reason, Wait.HOST if wait is Wait.HOST else Wait.NONE)


def _refused(reason: Reason, had_unknown: bool) -> Verdict:
    # A refusal says nothing of an earlier attempt that may have been stored.
    return Verdict(_UNKNOWN if had_unknown else _REJECTED, reason)


def limited(verdict: Verdict, earlier: Sequence[Reason]) -> Verdict:
    """End a retryable verdict whose tries are used up; `earlier` are the attempts before it.

    Waiting for a lock and other tries are counted apart, and an end of our own process is no try of
    the platform's. A 403 in unknown words waits once.
    """
    if verdict.state is not _RETRYABLE:
        return verdict
    reasons = [*earlier, verdict.reason]
    locks = reasons.count(Reason.LOCKED)
    tries = len(reasons) - locks - reasons.count(Reason.INTERRUPTED)
    if reasons.count(Reason.FORBIDDEN) > 1:
        return Verdict(_UNKNOWN, Reason.FORBIDDEN)
    if locks <= LOCK_WAITS and tries < TRIES:
        return verdict
    doubt = any(reason.in_doubt for reason in reasons)
    return Verdict(_UNKNOWN if doubt else _REJECTED, verdict.reason)


def recovered(mode: Mode) -> Verdict:
    """Say what becomes of a postback whose process ended between sending and keeping."""
    return Verdict(_RETRYABLE if mode is Mode.DEDUPE else _UNKNOWN, Reason.INTERRUPTED)


def denial_reason(status: int, body: bytes | None) -> Reason:
    """Return what a 4xx means; the words of a 400 and a 403 must mean exactly one thing."""
    if status not in (400, 403):
        return Reason.TOO_MANY if status == 429 else Reason.OTHER_REFUSAL
    answer = _json_object(body) or {}
    text = _words(answer, "message", "type")
    found = {reason for code, reason, words in MESSAGES if code == status and words.search(text)}
    if status == 400 and (answer.get("missingFields") or answer.get("invalidFields")):
        found.add(Reason.REFUSED)
    if len(found) == 1:
        return found.pop()
    return Reason.UNCLASSIFIED if status == 400 else Reason.FORBIDDEN


# A platform answers nearly all postbacks in the same words; read once, they are known.
@lru_cache(maxsize=16)
def _names_no_error(body: bytes | None) -> bool:
    answer = _json_object(body)
    if answer is None:
        return False
    named = any(answer.get(name) for name in ("error", "errors", "missingFields", "invalidFields"))
    bad_status = re.search(r"false|\b[45]\d\d\b", _words(answer, "status"))
    return not (
        named or bad_status or _BAD_WORDS.search(_words(answer, "status", "type", "message"))
    )


def _words(answer: dict[str, object], *names: str) -> str:
    return " ".join(str(answer.get(name, "")) for name in names)


def _json_object(body: bytes | None) -> dict[str, object] | None:
    try:
        answer = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def retry_after(header: str | None, now: datetime) -> float:
    """Return the seconds a `Retry-After` asks for, 0 to 15 minutes; 1 when it says nothing.

    Args:
        header: Seconds or an HTTP date.
        now: The present time, with its zone.
    """
    if header is None:
        return 1.0
    if re.fullmatch(r"\s*\d{1,9}\s*", header):
        return float(min(int(header), LONGEST_PAUSE))
    try:
        asked = (parsedate_to_datetime(header) - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 1.0
    return min(max(asked, 0.0), LONGEST_PAUSE)


def plan_hash(host: str, rows: Iterable[tuple[str, str, bytes]]) -> str:
    """Return the SHA-256 a plan is approved by: over host and every (mode, path, body).

    Args:
        host: The target.
        rows: In their own order, so that the order of a plan does not matter.

    Raises:
        ValueError: They are not.
    """
    digest = hashlib.sha256(f"{host}\n".encode())
    before = ("", "", b"")
    for row in rows:
        if row < before:
            raise ValueError("the rows of a plan are hashed in their order")
        mode, path, body = before = row
        digest.update(b"%b %b %d\n%b\n" % (mode.encode(), path.encode(), len(body), body))
    return digest.hexdigest()


def phrase(count: int, sums: dict[str, Decimal]) -> str:
    """Return what a person types to approve: `FIRE 1,204 EVENTS $15,050.00`.

    Several currencies are joined by a plus sign, in the order of their codes; USD is the dollar
    sign, and an amount without a currency stands bare.
    """
    money = " + ".join(_money(sums[currency], currency) for currency in sorted(sums))
    return f"FIRE {count:,} EVENTS {money}".rstrip()


def _money(amount: Decimal, currency: str) -> str:
    whole, decimals = amount_text(amount).split(".")
    number = f"{int(whole):,}.{decimals}"
    return f"${number}" if currency == "USD" else f"{currency} {number}".lstrip()
