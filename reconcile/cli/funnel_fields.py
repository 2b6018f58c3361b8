"""What the commands on funnels print: the columns of each answer, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from reconcile.cli.judging import CURVE_FIELDS, GROWTH_FIELDS, RATE_FIELDS
from reconcile.cli.printing import Fields, Record


class Question(StrEnum):
    """What can be shown of a funnel."""

    COUNTS = "counts"
    RATES = "rates"
    TIMES = "times"
    HISTOGRAM = "histogram"
    CURVE = "curve"
    GROWTH = "growth"
    MONEY = "money"
    CASH = "cash"
    MATRIX = "matrix"
    ACCOUNT = "account"
    DEFINITION = "definition"


FUNNEL_FIELDS: Fields = dict.fromkeys(("name", "campaigns", "order", "window", "steps"), str)
_STEP: Fields = {"step": int, "name": str}
ANSWER_FIELDS: dict[Question, Fields] = {
    Question.COUNTS: {
        **_STEP,
        "optional": str,
        **dict.fromkeys(("leads", "before", "reached"), int),
        **dict.fromkeys(("of_leads", "of_before"), Decimal),
        "young": int,
    },
    Question.RATES: RATE_FIELDS,
    Question.CURVE: CURVE_FIELDS,
    Question.GROWTH: GROWTH_FIELDS,
    Question.TIMES: {
        **_STEP,
        **dict.fromkeys(("reached", "median_s", "p90_s", "in_1h", "in_1d", "in_7d"), int),
    },
    Question.HISTOGRAM: dict.fromkeys(("low_s", "high_s", "leads"), int),
    Question.MONEY: {
        **_STEP,
        "currency": str,
        **dict.fromkeys(("leads", "reached", "valid"), int),
        **dict.fromkeys(("revenue", "cost", "ad_spend", "profit", "epl", "rpl", "cpl"), Decimal),
        **dict.fromkeys(("cost_per_reached", "roas", "margin"), Decimal),
    },
    Question.CASH: {
        "day": date,
        **_STEP,
        "reached": int,
        "currency": str,
        "revenue": Decimal,
    },
    Question.MATRIX: dict.fromkeys(("tracked", "reconciled", "leads"), int),
    Question.ACCOUNT: {"what": str, "rows": int},
}
DROP_OFF_FIELDS: Fields = {
    **dict.fromkeys(("transaction_id", "campaign_id", "pid", "buyer"), str),
    **dict.fromkeys(("entered_at", "reached_at"), datetime),
    **dict.fromkeys(("age_s", "waiting_s"), int),
    "is_young": str,
    **dict.fromkeys(("revenue", "cost", "ad_spend"), Decimal),
    "currency": str,
    "last_event": str,
    "last_event_at": datetime,
}
MOVED_FIELDS: Fields = {
    **dict.fromkeys(("ref", "transaction_id", "event_id"), str),
    "occurred_at": datetime,
    "revenue": Decimal,
    **dict.fromkeys(("currency", "campaign_id", "pid", "buyer"), str),
    **dict.fromkeys(("tracked", "reconciled"), int),
}


def for_programs(row: Record, fields: Fields) -> Record:
    """Return the columns of a row with shares of six decimals, and yes or no for marks."""
    return {name: _plain(row[name]) for name in fields}


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return round(Decimal(value), 6) if isinstance(value, float) else value


def for_people(row: Record, by: Sequence[str]) -> Record:
    """Return a row as a person reads it: shares as percentages, and words for what is blank."""
    said = dict(row)
    for name in ("of_leads", "of_before"):
        if said.get(name) is not None and "low" not in said:
            said[name] = f"{said[name]:.1%}"
    for name in by:
        if said[name] is None:
            said[name] = "(all others)" if said.get("is_other") else "(none)"
    if "optional" in said:
        said["optional"] = "optional" if said["optional"] else ""
    return said
