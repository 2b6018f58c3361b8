"""Exact values as text for people: money, rows of a table, two rows side by side."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from reconcile.terms import RowClass, Side
from reconcile.zones import zone_of

if TYPE_CHECKING:
    from reconcile.reading import Explanation
    from reconcile.warehouse import Batch

Record = Mapping[str, Any]
Texts = dict[str, str]

_CENT = Decimal("0.01")
_ADDRESS = re.compile(r"(:|www)(//|\.)", re.IGNORECASE)
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")

SINCE = {
    "new": "new",
    "still": "still open",
    "decided": "decided",
    "closed": "closed since",
}
"""What became of a finding between two runs, as people say it."""

_COMPARED = {
    "transaction_id": "Transaction id",
    "event_id": "Event",
    "campaign_id": "Campaign",
    "buyer": "Buyer",
    "occurred_at": "Time (UTC)",
    "revenue": "Revenue",
    "currency": "Currency",
    "status": "Status",
    "reason": "Reason given",
    "pid": "Source",
    "clid": "Click id",
    "external_clickid": "External click id",
    "extra": "Other columns",
}
_MUST_AGREE = ("transaction_id", "event_id", "campaign_id", "buyer", "revenue", "currency")


def names_there(wanted: str, known: Collection[str], *, most: int = 5) -> str:
    """List the known names that come near to a wanted one, else the first, and count the others."""
    there = sorted(known)
    told = get_close_matches(wanted, there, n=3, cutoff=0.5) or there[:most]
    more = len(there) - len(told)
    return ", ".join(told) + (f" and {more:,} more" if more else "")


def money(amount: Decimal | None, *, sign: bool = False) -> str:
    """Write an amount with thousands apart and two places, or all it has where it has more.

    An unknown amount is an empty text; with `sign` a gain carries its plus.
    """
    if amount is None:
        return ""
    places = amount.quantize(_CENT) if amount == amount.quantize(_CENT) else amount.normalize()
    return f"{places:+,f}" if sign and places else f"{places:,f}"


def percent(share: Decimal | None, *, sign: bool = False) -> str:
    """Write a percentage; one that cannot be said is a dash."""
    if share is None:
        return "-"
    return f"{share:+,f} %" if sign and share else f"{share:,f} %"


def plain(text: object) -> str:
    """Return a text that a place which reads Markdown shows as it is, on one line."""
    # Of an address Markdown makes a link whatever is escaped in it: an invisible joiner parts it.
    parted = _ADDRESS.sub("\\1\u2060\\2", " ".join(visible(str(text)).split()))
    return _MARKUP.sub(r"\\\1", parted)


def visible(text: str) -> str:
    """Return a text of which nothing is unseen: what turns or hides text is named instead.

    >>> visible("A\u202e1\u00a0b")
    'A[U+202E]1[U+00A0]b'

    Line breaks stay; bytes of a file's name that are no text are named as well.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one == "\n" else f"[U+{ord(one):04X}]" for one in text
    )


def whole_text(text: str) -> str:
    """Return a text that can be shown and sent: names of files may have bytes that are no text."""
    return text.encode("utf-8", "replace").decode()


def class_label(row_class: str, reason: str | None = None) -> str:
    """Name a class as people do, its reason behind it."""
    label = RowClass(row_class).label
    return f"{label} ({reason.replace('_', ' ')})" if reason else label


def bucket_label(bucket: str) -> str:
    """Name a bucket of the bridge: a class, a class and its reason, or a shift between groups."""
    row_class, _, reason = bucket.partition(":")
    if row_class in set(RowClass):
        return class_label(row_class, reason or None)
    return row_class.replace("_", " ").capitalize()


def state_label(state: str) -> str:
    """Name the state of a finding as people do."""
    return state.capitalize()


def action_label(action: str) -> str:
    """Name what is decided as people do."""
    return action.capitalize()


def day(value: date | None) -> str:
    """Write a day as ISO does, which sorts; an unknown one is empty."""
    return "" if value is None else f"{value:%Y-%m-%d}"


def time(value: datetime | None) -> str:
    """Write a time to the second; an unknown one is empty."""
    return "" if value is None else f"{value:%Y-%m-%d %H:%M:%S}"


def moment(utc: datetime | None, zone: str) -> str:
    """Write a naive UTC time as date and time of a zone, to the minute; an unknown one is empty.

    Raises:
        UnknownZone: There is no such zone.
    """
    if utc is None:
        return ""
    return f"{utc.replace(tzinfo=UTC).astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


def place(file: str | None, line: int | None) -> str:
    """Say where a row stands, by the file's own name."""
    return "" if file is None else f"{PurePath(file).name} line {line}"


def finding_texts(rows: Iterable[Record]) -> list[Texts]:
    """Return findings as rows of a table, all of them text.

    What a pair in two currencies has at stake in the other one has a column where there is such.
    """
    listed = list(rows)
    in_two = any(row["other_at_stake"] is not None for row in listed)
    return [
        {
            "Class": class_label(row["class"], row["reason"]),
            "State": state_label(row["state"] or "") + (" (stale)" if row["stale"] else ""),
            "At stake": money(row["at_stake"]),
            "Currency": row["currency"] or "",
            **({"And at stake": _other_stake(row)} if in_two else {}),
            "Buyer": row["buyer"] or "",
            "Event": row["event_id"] or "",
            "Day": day(row["day"]),
            "Transaction id": row["transaction_id"] or "",
            "Revenue": money(row["revenue"]),
            "Status": row["status"] or "",
            "Where": place(row["file"], row["line"]),
            "Partner or rival": place(row["partner_file"], row["partner_line"])
            or place(row["rival_file"], row["rival_line"]),
            "Flags": (row["flags"] or "").replace(";", ", ").replace("_", " "),
        }
        for row in listed
    ]


def stake_in(row: Record, currency: str | None) -> Decimal | None:
    """Return what a finding has at stake in one of its currencies."""
    in_two = row["other_at_stake"] is not None and row["currency"] != currency
    is_other = in_two and row["other_currency"] == currency
    amount: Decimal | None = row["other_at_stake" if is_other else "at_stake"]
    return amount


def _other_stake(row: Record) -> str:
    code = row["other_currency"] or "in no currency"
    return "" if row["other_at_stake"] is None else f"{money(row['other_at_stake'])} {code}"


def source_texts(batches: Iterable[Batch], used: Sequence[str] = ()) -> list[Texts]:
    """Return batches as rows of a table; `used` names those that a run read."""
    return [
        {
            "Kind": f"{batch.kind}s",
            "File": PurePath(batch.file).name,
            "Sender": batch.sender or "",
            "Rows": f"{batch.rows:,}",
            "Rejected": f"{batch.rejected:,}",
            "From (UTC)": time(batch.period_from or batch.first_at),
            "Up to (UTC)": time(batch.period_to or batch.last_at),
            "Imported (UTC)": time(batch.imported_at),
            "In this run": "yes" if batch.id in used else "no",
        }
        for batch in batches
    ]


def row_count_texts(rows: Record) -> list[Texts]:
    """Return the rows a run read as a table whose counts add up, from its summary's `rows`."""
    reasons = {reason for side in Side for reason in rows[side]["not_reconciled"]}
    return [_row_counts(side, rows[side], sorted(reasons)) for side in Side]


def side_by_side(explanation: Explanation) -> list[Texts]:
    """Return the event and the claim of a finding as they were imported, field by field.

    `Differs` marks what should agree and does not; with one side only it stays empty.
    """
    own_is_event = explanation.row["side"] == Side.EVENT
    own, other = explanation.source, explanation.partner_source
    event, claim = (own, other) if own_is_event else (other, own)
    lines = [
        {
            "Field": label,
            "Event": _cell(event, name),
            "Claim": _cell(claim, name),
            "Differs": "differs" if _differs(event, claim, name) else "",
        }
        for name, label in _COMPARED.items()
    ]
    where = {"Event": _where(event), "Claim": _where(claim), "Differs": ""}
    return [{"Field": "File and line", **where}] + [
        line for line in lines if line["Event"] or line["Claim"]
    ]


def candidate_texts(candidates: Iterable[Record]) -> list[Texts]:
    """Return the candidates of an ambiguous row as rows of a table."""
    return [
        {
            "Transaction id": row["transaction_id"] or "",
            "Time (UTC)": time(row["occurred_at"]),
            "Revenue": money(row["revenue"]),
            "Currency": row["currency"] or "",
        }
        for row in candidates
    ]


def nearest_texts(nearest: Iterable[Record]) -> list[Texts]:
    """Return what comes nearest to a left-over row as rows of a table, the nearest first."""
    return [
        {
            "What differs": row["text"],
            "Points": str(row["points"]),
            "Transaction id": row["near_transaction_id"] or "",
            "Revenue": money(row["near_revenue"]),
            "Currency": row["near_currency"] or "",
            "Time (UTC)": time(row["near_occurred_at"]),
            "Where": place(row["near_file"], row["near_line"]),
        }
        for row in nearest
    ]


def proposal_texts(proposals: Iterable[Record]) -> list[Texts]:
    """Return the pairs that a row may be accepted as as rows of a table."""
    return [
        {
            "Claim": place(row["claim_file"], row["claim_line"]),
            "Claim's id": row["claim_transaction_id"] or "",
            "Event": place(row["event_file"], row["event_line"]),
            "Event's id": row["event_transaction_id"] or "",
            "Revenue": money(row["revenue"]),
            "Currency": row["currency"] or "",
            "Seconds apart": f"{row['seconds_apart']:,}",
            "Other events that fit": f"{row['claim_rivals']:,}",
            "Other claims that fit": f"{row['event_rivals']:,}",
        }
        for row in proposals
    ]


def decision_texts(entries: Iterable[Record]) -> list[Texts]:
    """Return what was decided on findings as rows of a table."""
    return [
        {
            "When (UTC)": time(row["decided_at"]),
            "Who": row["decided_by"],
            "What": action_label(row["action"]),
            "Reason": row["reason"] or "",
            "Note": row["note"] or "",
            "Taken back": "" if row["undone_by"] is None else f"by decision {row['undone_by']}",
            "Decision": str(row["decision"]),
        }
        for row in entries
    ]


def postback_texts(postbacks: Iterable[Any]) -> list[Texts]:
    """Return postbacks of a plan as rows of a table."""
    return [
        {
            "Transaction id": one.transaction_id,
            "Campaign": one.campaign_id,
            "Event": one.event_id,
            "Source": one.pid or "",
            "Buyer": one.buyer or "",
            "Revenue": money(one.revenue),
            "Currency": one.currency or "",
            "State": one.state.label,
            "Reason": one.reason or "",
            "Tries": str(one.tries),
        }
        for one in postbacks
    ]


def blocked_texts(blocked: Iterable[Any]) -> list[Texts]:
    """Return what a plan does not fire as rows of a table, each with its reason."""
    return [
        {
            "Transaction id": one.transaction_id or "",
            "Why not": one.detail or one.reason.meaning,
            "Reason": str(one.reason).replace("_", " "),
            "Where": place(one.claim_file, one.claim_line),
        }
        for one in blocked
    ]


def total_texts(totals: Iterable[Record]) -> list[Texts]:
    """Return the totals of what is to be decided on as rows of a table.

    A pair in two currencies is counted once, in that of its claim; `Counted elsewhere` are those
    that have money in a currency beside it.
    """
    return [
        {
            "Class": class_label(row["class"]),
            "Currency": row["currency"] or "",
            "State now": state_label(row["state"]),
            "Findings": f"{row['findings']:,}",
            "Counted elsewhere": f"{row['elsewhere']:,}" if row["elsewhere"] else "",
            "At stake": money(row["at_stake"]),
        }
        for row in totals
    ]


def _row_counts(side: Side, rows: Record, reasons: list[str]) -> Texts:
    left = {
        f"Not: {reason.replace('_', ' ')}": f"{rows['not_reconciled'].get(reason, 0):,}"
        for reason in reasons
    }
    in_scope = f"{sum(rows['in_scope'].values()):,}"
    return {"Side": f"{side}s", "Rows read": f"{rows['read']:,}", "Reconciled": in_scope} | left


def _where(row: Record | None) -> str:
    if row is None:
        return "none"
    if row["source_lines"]:
        return f"{PurePath(row['file']).name} lines {row['source_lines']}"
    return place(row["file"], row["line_no"])


def _cell(row: Record | None, name: str) -> str:
    value = None if row is None else row.get(name)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return money(value)
    return time(value) if isinstance(value, datetime) else str(value)


def _differs(event: Record | None, claim: Record | None, name: str) -> bool:
    if event is None or claim is None or name not in _MUST_AGREE:
        return False
    ours, theirs = event.get(name), claim.get(name)
    return ours is not None and theirs is not None and ours != theirs
