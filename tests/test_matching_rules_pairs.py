"""What a pair is: each class, reason and flag of pairs by a hit and a near miss."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.matching_table import Table, sentences
from tests.reference_rows import claim, event

SETTINGS = ("c1 sale yes no", "c1 call yes yes", "c2 sale unknown unknown", "c3 sale no no")
MATCHED = ["matched", "matched"]

PAIRS = Table(
    "pairs",
    {
        "a cent is within the tolerance": (
            [event("t1", "1"), claim("t1", "1.01")],
            ["matched_within_tolerance"] * 2,
        ),
        "two cents are not": (
            [event("t1"), claim("t1", "10.0101")],
            ["revenue_mismatch:amount"] * 2,
        ),
        "a thousandth is within the relative one": (
            [event("t1", "1000"), claim("t1", "999")],
            ["matched_within_tolerance"] * 2,
        ),
        "more than a thousandth of the event is not": (
            [event("t1", "999"), claim("t1", "1000")],
            ["revenue_mismatch:amount"] * 2,
        ),
        "denied": ([event("t1"), claim("t1", status="Fraud ")], ["status_conflict:rejected"] * 2),
        "returned": (
            [event("t1"), claim("t1", status="refunded")],
            ["status_conflict:returned"] * 2,
        ),
        "pending": ([event("t1"), claim("t1", status="hold")], ["not_due_yet:pending"] * 2),
        "approved": ([event("t1"), claim("t1", status="Paid")], MATCHED),
        "no status denies what is negative": (
            [event("t1", "-1"), claim("t1", "-1", status="rejected")],
            MATCHED,
        ),
        "no status delays what is negative": (
            [event("t1", "-1"), claim("t1", "-1", status="hold")],
            MATCHED,
        ),
        "two currencies": (
            [event("t1", currency="USD"), claim("t1", currency="EUR")],
            ["revenue_mismatch:currency"] * 2,
        ),
        "two currencies and no price": (
            [event("t1", None, currency="USD"), claim("t1", currency="EUR")],
            ["revenue_mismatch:currency [not_conversion,unpriced]", "revenue_mismatch:currency"],
        ),
        "one currency is unknown": (
            [event("t1", currency="USD"), claim("t1")],
            ["revenue_mismatch:currency"] * 2,
        ),
        "both are unknown": ([event("t1"), claim("t1", "10.01")], ["matched_within_tolerance"] * 2),
        "the claim is unpriced": (
            [event("t1"), claim("t1", None)],
            ["revenue_mismatch:unpriced", "revenue_mismatch:unpriced [unpriced]"],
        ),
        "the event is unpriced": (
            [event("t1", None), claim("t1")],
            ["revenue_mismatch:unpriced [not_conversion,unpriced]", "revenue_mismatch:unpriced"],
        ),
        "both are unpriced": (
            [event("t1", None, campaign="c1"), claim("t1", None)],
            ["matched [unpriced]"] * 2,
        ),
        "the event lies before the period": (
            [event("t1", on="01"), claim("t1")],
            ["-", "timing:matched [day_shift]"],
        ),
        "the claim lies behind the period": (
            [event("t1"), claim("t1", "11", on="05 00:00")],
            ["timing:revenue_mismatch [day_shift]", "-"],
        ),
        "the claim is the last of the period": (
            [event("t1", on="04"), claim("t1", on="04 23:59")],
            MATCHED,
        ),
        "over midnight": (
            [event("t1", on="03 23:59"), claim("t1", on="04 00:00")],
            ["matched [day_shift]"] * 2,
        ),
        "over midnight with another price": (
            [event("t1", on="03 23:59"), claim("t1", "12", on="04 00:00")],
            ["revenue_mismatch:amount [day_shift]"] * 2,
        ),
        "another spelling with another price": (
            [event("t1"), claim("t1 ", "12")],
            ["revenue_mismatch:amount [id_spelling]"] * 2,
        ),
        "an event without a time": (
            [event("t1", on=None), claim("t1")],
            ["matched [day_shift,undated]", "matched [day_shift]"],
        ),
        "a claim without a time": (
            [event("t1"), claim("t1", on=None)],
            ["matched [day_shift]", "matched [day_shift,undated]"],
        ),
        "neither has a time": (
            [event("t1", on=None), claim("t1", on=None)],
            ["matched [undated]"] * 2,
        ),
        "paired twice": (
            [event("t1"), event("t1", on="04"), claim("t1"), claim("t1", on="04")],
            ["matched [repeated]"] * 4,
        ),
        "paired twice by nobody we know": (
            [
                event("t1"),
                event("t1", on="04"),
                claim("t1", buyer=None),
                claim("t1", on="04", buyer=None),
            ],
            ["matched [repeated]"] * 4,
        ),
        "paired twice, once in the margin": (
            [event("t1"), event("t1", on="01"), claim("t1"), claim("t1", on="01")],
            ["matched [repeated]", "-", "matched [repeated]", "-"],
        ),
        "paired twice with two signs": (
            [event("t1"), event("t1", "-10"), claim("t1"), claim("t1", "-10")],
            ["matched"] * 4,
        ),
        "paired twice, thrice with two signs": (
            [
                event("t1"),
                event("t1"),
                event("t1", "-9"),
                claim("t1"),
                claim("t1"),
                claim("t1", "-9"),
            ],
            [*["matched [repeated]"] * 2, "matched", *["matched [repeated]"] * 2, "matched"],
        ),
        "paired twice by two buyers": (
            [event("t1"), event("t1", buyer="beta"), claim("t1"), claim("t1", buyer="beta")],
            ["matched"] * 4,
        ),
        "paired twice and may repeat": (
            [
                event("t1", event="call", campaign="c1"),
                event("t1", event="call"),
                claim("t1", event="call"),
                claim("t1", event="call"),
            ],
            ["matched"] * 4,
        ),
        "an event that is none and has no price beside them": (
            [event("t1"), event("t1", None), claim("t1")],
            ["matched", "-", "matched"],
        ),
        "a pending claim without a price beside them": (
            [event("t1"), claim("t1"), claim("t1", None, status="hold")],
            ["matched", "matched", "not_billable:pending [unpriced]"],
        ),
        "no conversion, but a claim names it": (
            [event("t1", campaign="c3"), claim("t1")],
            ["matched [not_conversion]", "matched"],
        ),
    },
    SETTINGS,
    {"tolerance": Decimal("0.01"), "tolerance_rel": Decimal("0.001")},
)


@pytest.mark.parametrize(("table", "sentence"), sentences([PAIRS]))
def test_pairs_end_in_the_class_that_the_rules_name(table: Table, sentence: str):
    """One word for each event and claim of the case."""
    assert table.words(sentence) == table.cases[sentence][1]
