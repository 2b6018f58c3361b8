"""Scope, leads, coverage and placeholders: each rule by a hit and a near miss."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.matching_table import Table, sentences
from tests.reference_rows import at, claim, event, lead

YEAR = (datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01"))
ALL = ((None, *YEAR),)
SETTINGS = ("c1 sale yes no", "c1 call yes yes", "c2 sale unknown unknown", "c3 sale no no")
MATCHED = ["matched", "matched"]
APART = ["unclaimed_event", "missing_event"]

LEADS = Table(
    "leads",
    {
        "a lead lends its buyer": (
            [event("t1", buyer=None), claim("t1", buyer="beta"), lead("t1", buyer="beta")],
            MATCHED,
        ),
        "an own buyer goes before the lead's": (
            [event("t1"), claim("t1", buyer="beta"), lead("t1", buyer="beta")],
            ["unclaimed_event [other_buyer]", "missing_event [other_buyer]"],
        ),
        "a lead lends a claim its buyer": (
            [event("t1", buyer="beta"), claim("t1", buyer=None), lead("t1", buyer="acme")],
            ["unclaimed_event [other_buyer]", "missing_event [other_buyer]"],
        ),
        "a lead lends an event its buyer": (
            [event("t1", buyer=None), claim("t1"), lead("t1", buyer="beta")],
            [
                "unclaimed_event [other_buyer]",
                "missing_event [other_buyer]",
            ],
        ),
        "leads that disagree lend none": (
            [
                event("t1", buyer=None),
                claim("t1", buyer="beta"),
                lead("t1", buyer="acme"),
                lead("t1", buyer="beta"),
            ],
            MATCHED,
        ),
        "a lead lends its campaign, whose settings count": (
            [
                event("t1"),
                claim("t2", event="quote"),
                lead("t1", campaign="c3"),
                lead("t2", campaign="c1"),
            ],
            ["-", "unknown_event"],
        ),
        "leads that disagree lend no campaign": (
            [event("t1"), claim("t2", event="quote")]
            + [lead(tx, campaign=c) for tx in ("t1", "t2") for c in ("c3", "c4")],
            APART,
        ),
        "a known lead": (
            [event("t1", campaign="c1"), claim("t2", campaign="c1"), lead("t1"), lead("t2")],
            APART,
        ),
        "an unknown lead": (
            [event("t1", campaign="c1"), claim("t2", campaign="c1")],
            ["orphan_event [no_lead]", "unknown_lead [no_lead]"],
        ),
        "an unknown lead of a campaign that no export covers": (
            [event("t1", campaign="c4"), claim("t2", campaign="c4")],
            ["unclaimed_event [lead_unverified]", "missing_event [lead_unverified]"],
        ),
        "an unknown lead of no known campaign": (
            [event("t1"), claim("t2")],
            ["unclaimed_event [lead_unverified]", "missing_event [lead_unverified]"],
        ),
        "one day after the cover's beginning": (
            [event("t1", on="02 12:00", campaign="c1"), claim("t2", on="02 12:00", campaign="c1")],
            ["orphan_event [no_lead]", "unknown_lead [no_lead]"],
        ),
        "a minute less": (
            [event("t1", on="02 11:59", campaign="c1"), claim("t2", on="02 11:59", campaign="c1")],
            ["unclaimed_event [lead_unverified]", "missing_event [lead_unverified]"],
        ),
        "at the cover's end": (
            [event("t1", on="04 12:00", campaign="c1"), claim("t2", on="04 12:00", campaign="c1")],
            ["unclaimed_event [lead_unverified]", "missing_event [lead_unverified]"],
        ),
        "an unknown lead whose event has no name": (
            [event("t1", event=None, campaign="c5"), claim("t1", event=None, campaign="c5")],
            ["orphan_event [no_lead]", "unknown_event:none [no_lead]"],
        ),
        "a lead flag needs an id": ([event("0"), claim("-")], ["unidentified"] * 2),
        "a placeholder's lead says nothing": (
            [event("test", buyer=None, campaign="c1"), lead("test", buyer="acme", campaign="c3")],
            ["unidentified"],
        ),
    },
    SETTINGS,
    {
        "lead_cover": (
            ("c1", at("01 12:00"), at("04 12:00")),
            ("c5", *YEAR),
        ),
        "lookback_days": 1,
    },
    silent=frozenset(),
)

OF_ACME = Table(
    "run of one buyer",
    {
        "another buyer's rows": ([event("t1", buyer="beta"), claim("t1", buyer="beta")], ["-"] * 2),
        "another buyer's event": (
            [event("t1", buyer="beta"), claim("t1")],
            ["-", "missing_event [other_buyer]"],
        ),
        "another buyer's claim": (
            [event("t1"), claim("t1", buyer="beta")],
            ["unclaimed_event [other_buyer]", "-"],
        ),
        "an event of no known buyer counts if paired": (
            [event("t1", buyer=None), event("t2", buyer=None), claim("t1")],
            ["matched", "-", "matched"],
        ),
        "a claim of no known buyer never does": (
            [event("t1"), claim("t1", buyer=None)],
            ["unclaimed_event", "-"],
        ),
        "a loose partner of another buyer": (
            [event("Lead-X"), claim("leadx"), claim("LEADX", buyer="beta")],
            ["matched [id_spelling]", "matched [id_spelling]", "-"],
        ),
        "within grace of acme's latest claim": (
            [event("t1", on="03 13:00"), claim("t2", on="04 23:00", buyer="beta")],
            ["not_due_yet:grace", "-"],
        ),
        "behind it": ([event("t1"), claim("t2", on="04 12:00")], APART),
    },
    SETTINGS,
    {"buyers": ("acme",), "grace_days": 1, "event_cover": ALL, "claim_cover": ALL},
)

OF_C1 = Table(
    "run of one campaign",
    {
        "its rows": ([event("t1", campaign="c1"), claim("t1", campaign="c1")], MATCHED),
        "another campaign's rows": (
            [event("t1", campaign="c2"), claim("t1", campaign="c2")],
            ["-"] * 2,
        ),
        "a claim is where its key's event is": (
            [event("t1", campaign="c2"), event("t2", campaign="c1"), claim("t1"), claim("t2")],
            ["-", "matched", "-", "matched"],
        ),
        "a claim of no known campaign stays": ([event("t1"), claim("t1")], ["-", "missing_event"]),
        "a claim's own campaign goes first": (
            [event("t1", campaign="c1"), claim("t1", campaign="c2")],
            ["unclaimed_event", "-"],
        ),
        "its key's events go before its lead": (
            [event("t1", campaign="c1"), claim("t1"), lead("t1", campaign="c2")],
            MATCHED,
        ),
        "its key's events disagree": (
            [event("t1", campaign="c1"), event("t1", campaign="c2"), claim("t1")],
            ["matched", "-", "matched"],
        ),
        "they disagree, and its lead says another": (
            [
                event("t1", campaign="c1"),
                event("t1", campaign="c2"),
                claim("t1"),
                lead("t1", campaign="c2"),
            ],
            ["unclaimed_event", "-", "-"],
        ),
        "its lead says so": (
            [claim("t1"), claim("t2"), lead("t1", campaign="c1"), lead("t2", campaign="c2")],
            ["missing_event", "-"],
        ),
        "a frequent id places nobody": (
            [*[event("t1", campaign="c2")] * 3, claim("t1"), lead("t1", campaign="c1")],
            ["-", "-", "-", "unidentified"],
        ),
    },
    SETTINGS,
    {"campaigns": ("c1",), "placeholder_limit": 2, "lead_cover": (), "event_cover": ALL},
)

FREQUENT = Table(
    "frequent ids",
    {
        "on too many events": ([*[event("t1")] * 3, claim("t1")], ["unidentified"] * 4),
        "on too many claims": ([event("t1"), *[claim("t1")] * 3], ["unidentified"] * 4),
        "on too many events of no known buyer": (
            [*[event("t1", buyer=None)] * 3, claim("t1")],
            ["unidentified"] * 4,
        ),
        "on just not too many": (
            [*[event("t1")] * 2, *[claim("t1")] * 2],
            ["matched [repeated]"] * 4,
        ),
        "of an event that may repeat": (
            [event("t1", event="call", campaign="c1")] * 3,
            ["unclaimed_event"] * 3,
        ),
        "of another event": (
            [*[event("t1")] * 3, claim("t1", event="quote")],
            [*["unidentified"] * 3, "missing_event"],
        ),
        "no loose event": (
            [*[event("Lead-X")] * 3, claim("leadx")],
            [*["unidentified"] * 3, "missing_event"],
        ),
        "no loose claim": (
            [event("leadx"), *[claim("Lead-X")] * 3],
            ["unclaimed_event", *["unidentified"] * 3],
        ),
        "nobody else's": (
            [*[event("t1")] * 3, event("t1", buyer="beta"), claim("t1", buyer="other")],
            ["unidentified"] * 5,
        ),
    },
    SETTINGS,
    {"placeholder_limit": 2, "event_cover": ALL, "claim_cover": ALL},
)

NO_ID_IS_GOOD = Table(
    "limit of none",
    {"a pair": ([event("t1"), claim("t1")], ["unidentified"] * 2)},
    params={"placeholder_limit": 0},
)

WORDS = Table(
    "words",
    {
        "a claim's own event goes first": (
            [event("t1", event="call"), claim("t1", event="call", status="Valid")],
            MATCHED,
        ),
        "then its status names it": (
            [event("t1"), claim("t1", event=None, status=" VALID ")],
            MATCHED,
        ),
        "then the default": ([event("t1", event="quote"), claim("t1", event=None)], MATCHED),
        "pending counts": ([event("t1"), claim("t1", status="hold")], MATCHED),
        "pending counts alone": ([claim("t1", status="hold")], ["missing_event"]),
        "a currency that a row does not name": (
            [event("t1", currency="USD"), claim("t1"), event("t2"), claim("t2", currency="USD")],
            ["matched"] * 4,
        ),
        "a word of this run": ([claim("t1", status="Zapped")], ["not_billable:returned"]),
    },
    SETTINGS,
    {
        "status": (("zapped", "returned"),),
        "status_event": (("Valid", "sale"),),
        "default_event": "quote",
        "pending_counts": True,
        "currency": "USD",
        "event_cover": ALL,
    },
)

COVERED = Table(
    "coverage",
    {
        "a claim at the cover's beginning": (
            [claim("t1", on="03 00:00", campaign="c1")],
            ["missing_event"],
        ),
        "before it": ([claim("t1", on="02 23:59", campaign="c1")], ["uncovered_claim"]),
        "at its end": ([claim("t1", on="04 00:00", campaign="c1")], ["uncovered_claim"]),
        "of another campaign": ([claim("t1", campaign="c2")], ["uncovered_claim"]),
        "of no known campaign": ([claim("t1")], ["uncovered_claim"]),
        "without a time": ([claim("t1", on=None, campaign="c1")], ["uncovered_claim [undated]"]),
        "an event at the cover's beginning": ([event("t1", on="03 00:00")], ["unclaimed_event"]),
        "an event before it": ([event("t1", on="02 23:59")], ["uncovered_event"]),
        "an event at its end": ([event("t1", on="04 00:00")], ["uncovered_event"]),
        "an event of another buyer": ([event("t1", buyer="beta")], ["uncovered_event"]),
        "an event of no known buyer": ([event("t1", buyer=None)], ["uncovered_event"]),
    },
    SETTINGS,
    {
        "event_cover": (("c1", at("03 00:00"), at("04 00:00")),),
        "claim_cover": (("acme", at("03 00:00"), at("04 00:00")),),
        "watermark": at("05 00:00"),
    },
)

GRACE = Table(
    "grace",
    {
        "exactly a day": ([event("t1", on="03 12:00")], ["unclaimed_event"]),
        "a minute less": ([event("t1", on="03 12:01")], ["not_due_yet:grace"]),
        "behind the watermark": ([event("t1", on="04 23:00")], ["not_due_yet:grace"]),
        "a duplicate does not wait": (
            [event("t1", on="04"), event("t1", on="04 13:00")],
            ["not_due_yet:grace", "duplicate_event"],
        ),
    },
    params={"watermark": at("04 12:00"), "grace_days": 1},
)

NOVEMBER_1 = Table(
    "the day the clock goes back",
    {
        "its first minute and the one before": (
            [event("t1", on="01 06:59"), event("t2", on="01 07:00")],
            ["-", "unclaimed_event"],
        ),
        "its last minute and the one behind": (
            [event("t1", on="02 07:59"), event("t2", on="02 08:00")],
            ["unclaimed_event", "-"],
        ),
        "a claim's first minute": (
            [claim("t1", on="01 06:59"), claim("t2", on="01 07:00")],
            ["-", "missing_event"],
        ),
        "a claim's last minute": (
            [claim("t1", on="02 07:59"), claim("t2", on="02 08:00")],
            ["missing_event", "-"],
        ),
    },
    params={
        "zone": "America/Los_Angeles",
        "date_from": date(2026, 11, 1),
        "date_to": date(2026, 11, 2),
        "margin_days": 0,
        "event_cover": ALL,
        "claim_cover": ALL,
    },
)

MARGIN = Table(
    "margin of a day",
    {
        "an event of the margin is a partner": (
            [event("t1", on="05 23:59"), claim("t1")],
            ["-", "timing:matched [day_shift]"],
        ),
        "one behind it is not": ([event("t1", on="06 00:00"), claim("t1")], ["-", "missing_event"]),
        "one before it is not": ([event("t1", on="30"), claim("t1")], ["-", "missing_event"]),
        "a claim of the margin is a partner": (
            [event("t1"), claim("t1", on="05 23:59")],
            ["timing:matched [day_shift]", "-"],
        ),
        "a claim behind it is not": (
            [event("t1"), claim("t1", on="06 00:00")],
            ["unclaimed_event", "-"],
        ),
        "both in the margin": ([event("t1", on="01"), claim("t1", on="01")], ["-", "-"]),
        "both in the margin, unlike": ([event("t1", on="01"), claim("t1", "9", "01")], ["-", "-"]),
        "alone in the margin": ([event("t1", on="01"), claim("t2", on="01")], ["-", "-"]),
    },
    params={"margin_days": 1, "event_cover": ALL, "claim_cover": ALL},
)

TABLES = [LEADS, OF_ACME, OF_C1, FREQUENT, NO_ID_IS_GOOD, WORDS, COVERED, GRACE]
TABLES += [NOVEMBER_1, MARGIN]


@pytest.mark.parametrize(("table", "sentence"), sentences(TABLES))
def test_rows_of_the_scope_end_in_the_class_that_the_rules_name(table: Table, sentence: str):
    """One word for each event and claim of the case."""
    assert table.words(sentence) == table.cases[sentence][1]
