"""Which row is paired and which is the first: each criterion against all that follow."""

from __future__ import annotations

import pytest

from tests.matching_table import Table, sentences
from tests.reference_rows import claim, event

SETTINGS = ("c1 sale yes no", "c2 sale yes no", "c1 call yes yes")
MISMATCH = "revenue_mismatch:amount"
FIRST_CLAIM = ["duplicate_claim", "missing_event"]
FIRST_EVENT = ["duplicate_event", "unclaimed_event"]

RANK = Table(
    "rank",
    {
        "conversions before others": (
            [event("t1", "0"), event("t1", "40", "04"), claim("t1", "0")],
            ["-", f"{MISMATCH} [day_shift]", f"{MISMATCH} [day_shift]"],
        ),
        "claims that count before denied ones": (
            [event("t1"), claim("t1", status="test"), claim("t1", "40", "04")],
            [f"{MISMATCH} [day_shift]", "not_billable:test", f"{MISMATCH} [day_shift]"],
        ),
        "claims that count before pending ones": (
            [event("t1"), claim("t1", status="hold"), claim("t1", "40", "04")],
            [f"{MISMATCH} [day_shift]", "not_billable:pending", f"{MISMATCH} [day_shift]"],
        ),
        "equal currencies": (
            [
                event("t1", currency="USD"),
                claim("t1", currency="EUR"),
                claim("t1", "40", "04", currency="USD"),
            ],
            [f"{MISMATCH} [day_shift]", "duplicate_claim", f"{MISMATCH} [day_shift]"],
        ),
        "two unknown currencies are equal": (
            [event("t1"), claim("t1", currency="EUR"), claim("t1", "40", "04")],
            [f"{MISMATCH} [day_shift]", "duplicate_claim", f"{MISMATCH} [day_shift]"],
        ),
        "both priced": (
            [event("t1"), claim("t1", None), claim("t1", "40", "04")],
            [f"{MISMATCH} [day_shift]", "duplicate_claim [unpriced]", f"{MISMATCH} [day_shift]"],
        ),
        "both unpriced": (
            [event("t1", None, campaign="c1"), claim("t1"), claim("t1", None, "04")],
            ["matched [day_shift,unpriced]", "duplicate_claim", "matched [day_shift,unpriced]"],
        ),
        "the smaller difference of amounts": (
            [event("t1"), claim("t1", "12"), claim("t1", "11", "04")],
            [f"{MISMATCH} [day_shift]", "duplicate_claim", f"{MISMATCH} [day_shift]"],
        ),
        "the smaller difference of times": (
            [event("t1"), claim("t1", on="03 10:00"), claim("t1", on="03 13:00")],
            ["matched", "duplicate_claim", "matched"],
        ),
        "the event that is first by content": (
            [
                event("t1", on="03 13:00"),
                event("t1", on="03 13:00"),
                event("t1", on="03 11:00"),
                event("t1"),
                claim("t1"),
                claim("t1"),
            ],
            [*["duplicate_event"] * 2, *["matched [repeated]"] * 4],
        ),
        "the claim that is first by content": (
            [
                event("t1"),
                event("t1"),
                claim("t1", on="03 13:00"),
                claim("t1", on="03 13:00"),
                claim("t1", on="03 11:00"),
                claim("t1"),
            ],
            [*["matched [repeated]"] * 2, *["duplicate_claim"] * 2, *["matched [repeated]"] * 2],
        ),
        "of two known buyers for an unknown one the first by content": (
            [
                event("t1", buyer=None),
                claim("t1", buyer="beta", external="a"),
                claim("t1", buyer="acme", external="b"),
            ],
            ["matched", "missing_event [other_buyer]", "matched"],
        ),
    },
    SETTINGS,
)

CONTENT = Table(
    "content",
    {
        "claims by time": ([claim("t1", "10"), claim("t1", "11", "02")], FIRST_CLAIM),
        "claims by amount": ([claim(" t1", "11"), claim("t1", "10")], FIRST_CLAIM),
        "claims by id as written": (
            [claim("t1", status="Approved"), claim(" t1", status="Sale")],
            FIRST_CLAIM,
        ),
        "claims by status as written": (
            [
                claim("t1", status="Sale", currency="EUR"),
                claim("t1", status="Approved", currency="USD"),
            ],
            FIRST_CLAIM,
        ),
        "claims by currency": (
            [
                claim("t1", currency="USD", campaign="c1"),
                claim("t1", currency="EUR", campaign="c2"),
            ],
            FIRST_CLAIM,
        ),
        "claims by campaign": (
            [claim("t1", campaign="c2", external="a"), claim("t1", campaign="c1", external="b")],
            FIRST_CLAIM,
        ),
        "claims by external id": (
            [claim("t1", external="b"), claim("t1", external="a")],
            FIRST_CLAIM,
        ),
        "nothing comes first": ([claim("t1", external="a"), claim("t1")], FIRST_CLAIM),
        "events by time": ([event("t1", "10"), event("t1", "11", "02")], FIRST_EVENT),
        "events by amount": ([event(" t1", "11"), event("t1", "10")], FIRST_EVENT),
        "events by id as written": (
            [event("t1", currency="EUR"), event(" t1", currency="USD")],
            FIRST_EVENT,
        ),
        "events by currency": (
            [
                event("t1", currency="USD", campaign="c1"),
                event("t1", currency="EUR", campaign="c2"),
            ],
            FIRST_EVENT,
        ),
        "events by campaign": (
            [event("t1", campaign="c2", buyer=None), event("t1", campaign="c1")],
            FIRST_EVENT,
        ),
        "events by buyer": (
            [event("t1", external="a"), event("t1", external="b", buyer=None)],
            FIRST_EVENT,
        ),
        "events by external id": (
            [event("t1", external="b"), event("t1", external="a")],
            FIRST_EVENT,
        ),
    },
    SETTINGS,
)


@pytest.mark.parametrize(("table", "sentence"), sentences([RANK, CONTENT]))
def test_the_first_row_by_the_rules_goes_first(table: Table, sentence: str):
    """One word for each event and claim of the case; the worse row stands first in its file."""
    assert table.words(sentence) == table.cases[sentence][1]
