"""What a sample is made of: cases, rows that belong together, and what each of them is.

A label is written down beside the row it is for, from the wording of matching.md; nothing here
asks the matcher. The rows of one case carry ids of their own, so that cases cannot meet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

MINUTE, HOUR, DAY = 60, 3_600, 86_400

# Seconds after the case's own time, drawn between the two.
SOON = (5, 600)
LATER = (2 * HOUR, 9 * HOUR)
NEXT_DAY = (25 * HOUR + MINUTE, 47 * HOUR)  # another local day, also when a day has 25 hours
TWENTY_DAYS = (20 * DAY, 20 * DAY + HOUR)
BEFORE = (-20 * DAY, -MINUTE)

# When a case happens, UTC, both ends included. The local period is 1 November 07:00Z (daylight
# time) to 1 December 08:00Z (standard time); the watermark is 30 November 20:00Z, grace 3 days.
SPANS = {
    "period": ("2026-11-01 07:00:00", "2026-12-01 07:00:00"),
    "settled": ("2026-11-01 07:00:00", "2026-11-27 07:00:00"),  # left over, but not for grace
    "grace": ("2026-11-27 20:00:01", "2026-12-01 07:59:59"),
    "grace_edge": ("2026-11-27 20:00:00", "2026-11-27 20:00:00"),
    "with_room": ("2026-11-02 08:00:00", "2026-11-26 08:00:00"),  # a day or two either way
    "october": ("2026-10-03 07:00:00", "2026-10-30 07:00:00"),
    "december": ("2026-12-03 08:00:00", "2026-12-30 08:00:00"),
    "mid_october": ("2026-10-15 07:00:00", "2026-10-25 07:00:00"),
    "last_of_october": ("2026-10-31 07:00:00", "2026-11-01 06:59:59"),
    "last_of_november": ("2026-11-30 08:00:00", "2026-12-01 07:59:59"),
    "september": ("2026-09-03 07:00:00", "2026-09-20 07:00:00"),
    "covered_half": ("2026-11-01 07:00:00", "2026-11-15 07:00:00"),
    "uncovered_half": ("2026-11-17 08:00:00", "2026-11-26 08:00:00"),
    "leads_begin_too_late": ("2026-11-02 08:00:00", "2026-11-18 08:00:00"),
    "leads_begin_in_time": ("2026-11-21 08:00:00", "2026-11-27 08:00:00"),
    "clock_change": ("2026-11-01 08:00:00", "2026-11-01 10:30:00"),
    "evening_after_it": ("2026-11-02 07:05:00", "2026-11-02 07:45:00"),
}

PAID = "approved|paid|Sold|PAID"
DENIED = {
    "rejected": "rejected|Bad Lead",
    "returned": "returned|Refunded",
    "duplicate": "duplicate|dupe",
    "test": "test|Test Lead",
}
PENDING = "pending|In Review"
MAYBE_PAID = "|" + PAID  # some reports leave the status blank


@dataclass(frozen=True)
class Row:
    """One row of a case, and its label.

    `own`, `blank` and `other` say which value stands in a column: the case's, none, or another of
    its kind. `status` lists the words it may have, split by `|`. `flags` are split by blanks;
    `day_shift` is not among them, it follows from the times. Rows of one `pair` are partners;
    0 is left over. `add` is in cents, `after` in seconds after the case's time.
    """

    side: str
    row_class: str = ""
    reason: str = ""
    flags: str = ""
    left_out: str = ""
    pair: int = 0
    after: tuple[int, int] = (0, 0)
    dated: bool = True
    id_form: str = "plain"
    campaign: str = "own"
    buyer: str = "own"
    event: str = "own"
    priced: bool = True
    sign: int = 1
    add: int = 0
    currency: str = "own"
    status: str = ""


@dataclass(frozen=True)
class Case:
    """Rows that belong together, how often they occur, and what is drawn for them.

    `weight` counts cases in 20,000 sales; with `bulk`, shares of what the other cases leave. A
    case of a `crowd` occurs once more often than the placeholder limit, whatever its weight.
    """

    name: str
    weight: int
    rows: tuple[Row, ...]
    span: str = "settled"
    campaign: str = "main"
    buyer: str = "main"
    event: str = "once"
    amount: str = "any"
    source: str = "main"
    bulk: bool = False
    crowd: bool = False


event = partial(Row, "event")
claim = partial(Row, "claim", after=SOON, status=PAID)
lead = partial(Row, "lead", after=BEFORE, status="sold")
LEAD = lead()


def pair(
    one: Row, two: Row, row_class: str = "matched", reason: str = "", *, number: int = 1
) -> tuple[Row, Row]:
    """Return the event and the claim as partners of one class; flags are each row's own."""
    return (
        replace(one, row_class=row_class, reason=reason, pair=number),
        replace(two, row_class=row_class, reason=reason, pair=number),
    )


def flagged(flags: str, *rows: Row) -> tuple[Row, ...]:
    """Return the rows with these flags instead of their own."""
    return tuple(replace(row, flags=flags) for row in rows)
