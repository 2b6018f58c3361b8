"""The one sentence that says what a verdict rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from reconcile.terms import RowClass, Rule, Side

Record = dict[str, Any]

_LEADS_NAMED = 3

_JOINED = {
    Rule.LOOSE_ID: "the ids are the same but for case, marks and leading zeros: `{evidence}`",
    Rule.DAMAGED_ID: "`{evidence}` is an id that a spreadsheet damaged, and only one lead fits it",
    Rule.EXTERNAL_ID: "both name the external id `{evidence}`, and nobody else left over does",
    Rule.PROPOSAL: "a person accepted the pair, decision {evidence}",
}

_WHY = {
    RowClass.MISSING_EVENT: "no event `{event}` is left for this lead",
    RowClass.UNCLAIMED_EVENT: "no claim is left for this lead and event `{event}`",
    RowClass.DUPLICATE_CLAIM: "the same conversion stands in {rival} already",
    RowClass.DUPLICATE_EVENT: "the same event stands in {rival} already",
    RowClass.ORPHAN_EVENT: "the lead exports cover its time and do not have this lead",
    RowClass.UNKNOWN_LEAD: "the lead exports cover its time and do not have this lead",
    RowClass.UNIDENTIFIED: "its id identifies no lead",
    RowClass.AMBIGUOUS: "more than one partner fits",
    RowClass.CLAWBACK: "a negative amount without a partner",
    RowClass.UNCOVERED_CLAIM: "no event export covers its campaign and time",
    RowClass.UNCOVERED_EVENT: "no report of its buyer covers its time",
}


def sentence(
    row: Record, partner: Record | None = None, fitting: Sequence[str] | None = None
) -> str:
    """Say in one sentence what a row is, where it stands, and why it has its class.

    `row` and `partner` are records of a stored run; money and places are taken from them only.
    `fitting` are the known leads that the row's damaged id fits; None if it shows no damage.
    """
    parts = [f"{_what(row)} ({_place(row)})"]
    if partner is not None:
        parts.append(_pair(row, partner))
        if row.get("rule") in _JOINED:
            parts.append(_JOINED[Rule(row["rule"])].format(evidence=row.get("evidence")))
    else:
        parts.append(_alone(row))
    if fitting is not None:
        parts.append(_fits(fitting))
    return "; ".join(parts) + "."


def nearest_sentence(found: Sequence[Record], trouble: str | None = None) -> str:
    """Say in one sentence what comes nearest to a row without a partner.

    `found` are its candidates, the nearest first; `trouble` is why they cannot be known.
    """
    if trouble is not None:
        return f"What came nearest cannot be said: {trouble.rstrip('.')}."
    if not found:
        return (
            "Nothing comes near: no row of the other side names this lead, and no left-over row is "
            "near by its id, its external id or its amount; paired rows of other leads are not "
            "searched."
        )
    others = found[0]["found"] - 1
    more = f" {others} more {'comes' if others == 1 else 'come'} near." if others > 0 else ""
    return f"Nearest: {found[0]['text']}.{more}"


def misspelled_sentence(near: Record) -> str:
    """Say of a lead or a matched row that its id is one edit away."""
    known = "a known lead" if near["kind"] == "lead" else f"{near['kind']}, not left over"
    return f"{near['transaction_id']} ({known}, {_place(near)})"


def _what(row: Record) -> str:
    verb = "Claimed" if row["side"] == Side.CLAIM else "Recorded"
    return f"{verb} {_money(row)} on {_day(row['day'])}"


def _money(row: Record) -> str:
    amount: Decimal | None = row["revenue"]
    if amount is None:
        return "without an amount"
    return f"{_digits(amount)} {row['currency'] or ''}".strip()


def _digits(amount: Decimal) -> str:
    cents = amount.quantize(Decimal("0.01"))
    return f"{cents if cents == amount else amount.normalize():,f}"


def _day(day: date | None) -> str:
    return "an unknown day" if day is None else f"{day.day} {day:%b %Y}"


def _place(row: Record) -> str:
    return f"{row['file']} line {row['line']}"


def _pair(row: Record, partner: Record) -> str:
    with_partner = f"its {partner['side']} is {_money(partner)} on {_day(partner['day'])}"
    return f"{with_partner} ({_place(partner)}); {_pair_reason(row, partner)}"


def _pair_reason(row: Record, partner: Record) -> str:
    row_class, reason = row["class"], row["reason"]
    if row_class == RowClass.STATUS_CONFLICT:
        claim = row if row["side"] == Side.CLAIM else partner
        word = f" `{claim['status']}`" if claim.get("status") else ""
        return f"the counterpart's status{word} means {reason}"
    if row_class == RowClass.NOT_DUE_YET:
        return "the counterpart's word is still pending"
    if row_class == RowClass.REVENUE_MISMATCH:
        known = {"currency": "the currencies differ", "unpriced": "one side has no amount"}
        return known.get(str(reason)) or _difference(row["bridge"])
    if row_class == RowClass.TIMING:
        return "the partner lies outside the period"
    return RowClass(row_class).meaning.rstrip(".").lower()


def _difference(bridge: Decimal) -> str:
    """Say what a pair adds to the bridge: what of the claim counts, less the event."""
    return f"the claim is {_digits(abs(bridge))} {'less' if bridge < 0 else 'more'} than the event"


def _alone(row: Record) -> str:
    row_class, reason = RowClass(row["class"]), row["reason"]
    why = _WHY.get(row_class, row_class.meaning.rstrip(".").lower())
    if row_class is RowClass.UNKNOWN_EVENT:
        why = "it names no event" if reason == "none" else "its campaign does not have this event"
    if row_class is RowClass.NOT_BILLABLE:
        why = f"its status means {reason}, and there is no event either"
    rival = f"{row.get('rival_file')} line {row.get('rival_line')}"
    return why.format(event=row["event_id"], rival=rival) + _lead(row_class, row["flags"] or "")


def _fits(leads: Sequence[str]) -> str:
    """Say which known leads an id fits that a spreadsheet damaged."""
    if not leads:
        return "its id is one that a spreadsheet damaged, and no known lead fits it"
    verb = "lead fits" if len(leads) == 1 else "leads fit"
    more = f" and {len(leads) - _LEADS_NAMED:,} more" if len(leads) > _LEADS_NAMED else ""
    return f"{len(leads):,} {verb} this damaged id: {', '.join(leads[:_LEADS_NAMED])}{more}"


def _lead(row_class: RowClass, flags: str) -> str:
    """Say what is known of the lead where the flags tell: not of pairs, nor of no id at all."""
    if "no_lead" in flags or row_class in (RowClass.UNIDENTIFIED, RowClass.TIMING):
        return ""
    return "; its lead cannot be verified" if "lead_unverified" in flags else "; its lead is known"
