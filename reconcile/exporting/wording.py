"""A run in words for a buyer: "we" are the platform's, "you" are the buyer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reconcile.showing import money
from reconcile.terms import FindingState, RowClass, Side

Record = Mapping[str, Any]

MEANING = {
    RowClass.MATCHED: "You and we have it, with the same amount. Only those with another day, "
    "campaign or spelling are listed; all others are in the totals alone.",
    RowClass.MATCHED_WITHIN_TOLERANCE: "You and we have it, and the amounts differ by no more than "
    "the tolerance.",
    RowClass.TIMING: "One of us has it in this period, the other in a neighbouring one.",
    RowClass.NOT_DUE_YET: "Your word on it is pending, or it is so recent that it may still come.",
    RowClass.NOT_BILLABLE: "You deny it or have it pending, and we did not record it either.",
    RowClass.STATUS_CONFLICT: "We recorded it, and your report denies it.",
    RowClass.REVENUE_MISMATCH: "You and we have it, with amounts or currencies that differ, or one "
    "of us without an amount.",
    RowClass.MISSING_EVENT: "Your report has it, and we did not record it.",
    RowClass.UNCLAIMED_EVENT: "We recorded it, and your report does not name it.",
    RowClass.DUPLICATE_EVENT: "We recorded the same event more than once.",
    RowClass.DUPLICATE_CLAIM: "Your report names the same conversion more than once.",
    RowClass.ORPHAN_EVENT: "We recorded it for a lead that we do not have.",
    RowClass.UNKNOWN_LEAD: "Your report names a lead that we do not have.",
    RowClass.UNKNOWN_EVENT: "Your report names no event, or one that its campaign does not have.",
    RowClass.UNIDENTIFIED: "The row carries no id that names a lead.",
    RowClass.AMBIGUOUS: "More than one row of the other side fits equally well; none was chosen.",
    RowClass.CLAWBACK: "A negative amount that belongs to no row of the other side.",
    RowClass.UNCOVERED_CLAIM: "Our export of events does not cover its campaign and time.",
    RowClass.UNCOVERED_EVENT: "No report of yours that we have covers its time.",
}
"""What each class means to a buyer."""

_ASKED = {
    RowClass.STATUS_CONFLICT: "Please say why it is denied, or accept it.",
    RowClass.REVENUE_MISMATCH: "Please confirm your amount, or correct it.",
    RowClass.UNCLAIMED_EVENT: "Please accept it, or say why it is not payable.",
    RowClass.DUPLICATE_CLAIM: "Please say which of them counts.",
    RowClass.UNKNOWN_LEAD: "Please say where the lead came from.",
    RowClass.UNIDENTIFIED: "Please name the lead.",
    RowClass.CLAWBACK: "Please say what it is for.",
}
_ASKED_OF_CLAIMS = (RowClass.UNIDENTIFIED, RowClass.CLAWBACK)

_RULES = {
    "unknown_buyer": "one of us names no buyer",
    "loose_id": "ids spelled differently",
    "damaged_id": "the id was damaged by a spreadsheet",
    "external_id": "joined by another id",
    "proposal": "joined by hand",
}
"""How a pair was joined, if not by its id; a proposal only where a person accepted it."""
_REMARKS = {
    "unpriced": "no amount",
    "undated": "no time",
    "repeated": "paired more than once",
    "day_shift": "on two days",
    "id_spelling": "ids spelled differently",
}
"""Flags a buyer may know of; what other flags say is none of theirs."""

_SETTLED = {
    "accepted": "we accept what your report says, so nothing is asked",
    "ours": "your report pays no less than we recorded, so nothing is asked",
    "credited": "you credited all of it, so nothing is asked",
}
"""Why a row is not asked about, where its buyer may know."""

_WHY = {
    RowClass.MATCHED: "the amounts agree",
    RowClass.MATCHED_WITHIN_TOLERANCE: "the amounts differ by no more than the tolerance",
    RowClass.UNCLAIMED_EVENT: "your report does not name it",
    RowClass.MISSING_EVENT: "we did not record it",
    RowClass.DUPLICATE_EVENT: "we recorded the same event {rival} already",
    RowClass.DUPLICATE_CLAIM: "your report names the same conversion {rival} already",
    RowClass.ORPHAN_EVENT: "we do not have the lead",
    RowClass.UNKNOWN_LEAD: "we do not have the lead",
    RowClass.UNIDENTIFIED: "its id names no lead",
    RowClass.AMBIGUOUS: "more than one row of the other side fits",
    RowClass.CLAWBACK: "a negative amount that belongs to nothing else",
    RowClass.UNCOVERED_CLAIM: "our export of events does not cover its campaign and time",
    RowClass.UNCOVERED_EVENT: "no report of yours that we have covers its time",
    RowClass.TIMING: "its counterpart lies outside the period",
    RowClass.NOT_DUE_YET: "your report may still name it",
}


def question_of(row_class: str, side: str | None = None) -> str | None:
    """Return what a buyer is asked about a row of a class and side, None if nothing."""
    known = RowClass(row_class)
    if known in _ASKED_OF_CLAIMS and side == Side.EVENT:
        return None
    return _ASKED.get(known)


def why(row: Record, rival: str | None) -> str:
    """Say why a row has its class, from its own values only.

    Args:
        row: A row of `exporting/pack_line`.
        rival: Where the row stands that it is a duplicate of, if it is one.
    """
    said = [_because(row, rival), *_remarks(row["flags"], row["rule"]), *_settled(row)]
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _remarks(flags: str | None, rule: str | None) -> list[str]:
    said = [_REMARKS[flag] for flag in (flags or "").split(";") if flag in _REMARKS]
    said += [_RULES[rule]] if rule in _RULES else []
    return list(dict.fromkeys(said))


def _settled(row: Record) -> list[str]:
    """Say what of a row is settled; what somebody decided against is told to nobody."""
    if row["state"] in (FindingState.REJECTED, FindingState.IGNORED):
        return []
    if row["settled"] is not None:
        return [_SETTLED[row["settled"]]]
    if not row["credited"]:
        return []
    more = [
        f"you credited {money(Decimal(one['e4']).scaleb(-4))} {one['currency']}, too"
        for one in row["more_credits"]
    ]
    return ["you credited a part of it, so the rest is asked", *more]


def _because(row: Record, rival: str | None) -> str:
    row_class, reason = RowClass(row["class"]), row["reason"]
    if row_class is RowClass.UNKNOWN_EVENT:
        return "it names no event" if reason == "none" else "its campaign has no such event"
    if row_class is RowClass.REVENUE_MISMATCH:
        return _differs(row)
    if row_class in (RowClass.STATUS_CONFLICT, RowClass.NOT_BILLABLE):
        word = _status(row["your_status"], reason)
        return word if row_class is RowClass.STATUS_CONFLICT else f"{word}, and we have no event"
    if row_class is RowClass.NOT_DUE_YET and reason == "pending":
        return "your word is pending"
    return _WHY[row_class].format(rival=f"in {rival}" if rival else "").replace("  ", " ")


def _status(status: str | None, reason: str) -> str:
    if status is None or status.strip().casefold() == reason:
        return f"your status is {status or reason}"
    return f"your status {status} means {reason}"


def _differs(row: Record) -> str:
    if row["reason"] == "currency":
        return "the currencies differ"
    if row["reason"] == "unpriced":
        return "one of us has no amount"
    difference: Decimal = row["difference"]
    return f"yours is {money(abs(difference))} {'less' if difference < 0 else 'more'} than ours"
