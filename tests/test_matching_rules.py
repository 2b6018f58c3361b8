"""Each rule of the matching questions by a hit and a near miss, in the rules' own words."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.matching_table import Table, sentences
from tests.reference_rows import claim, event, lead

YEAR = (datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01"))
ALL = ((None, *YEAR),)
SETTINGS = ("c1 sale yes no", "c1 call yes yes", "c2 sale unknown unknown", "c3 sale no no")

MATCHED = ["matched", "matched"]
APART = ["unclaimed_event", "missing_event"]

PAIRING = Table(
    "pairing",
    {
        "the same buyer, id and event": ([event("t1"), claim("t1")], MATCHED),
        "another event": ([event("t1"), claim("t1", event="call")], APART),
        "another buyer": (
            [event("t1"), claim("t1", buyer="beta")],
            ["unclaimed_event [other_buyer]", "missing_event [other_buyer]"],
        ),
        "another sign": (
            [event("t1"), claim("t1", "-10")],
            ["unclaimed_event", "clawback"],
        ),
        "zero is not negative": (
            [event("t1", "10"), claim("t1", "0")],
            ["revenue_mismatch:amount"] * 2,
        ),
        "an event of no known buyer": ([event("t1", buyer=None), claim("t1")], MATCHED),
        "a claim of no known buyer": ([event("t1"), claim("t1", buyer=None)], MATCHED),
        "no known buyer, but another event": (
            [event("t1", buyer=None), claim("t1", event="call")],
            APART,
        ),
        "no known buyer, but another sign": (
            [event("t1", buyer=None), claim("t1", "-10")],
            ["unclaimed_event", "clawback"],
        ),
        "the known buyer's event goes first": (
            [event("t1", "40", buyer=None), event("t1", "10"), claim("t1", "40")],
            ["duplicate_event", "revenue_mismatch:amount", "revenue_mismatch:amount"],
        ),
        "the known buyer's claim goes first": (
            [event("t1", "40"), claim("t1", "40", buyer=None), claim("t1", "10")],
            ["revenue_mismatch:amount", "missing_event", "revenue_mismatch:amount"],
        ),
        "each event has its best claim": (
            [event("t1", "10"), event("t1", "40"), claim("t1", "40"), claim("t1", "11")],
            [
                "revenue_mismatch:amount [repeated]",
                "matched [repeated]",
                "matched [repeated]",
                "revenue_mismatch:amount [repeated]",
            ],
        ),
        "three rows of one price a side": (
            [*[event("t1", event="call", campaign="c1")] * 3, *[claim("t1", event="call")] * 3],
            ["matched"] * 6,
        ),
        "a spelling with blanks": (
            [event("t1"), claim(" t1 ")],
            ["matched [id_spelling]"] * 2,
        ),
        "case in hexadecimal ids": (
            [event("ab-1"), claim("AB-1")],
            ["matched [id_spelling]"] * 2,
        ),
        "case in other ids is only loose": (
            [event("Lead-X"), claim("leadx")],
            ["matched [id_spelling]"] * 2,
        ),
        "loose, but another event": ([event("Lead-X"), claim("leadx", event="call")], APART),
        "loose, but another sign": (
            [event("Lead-X"), claim("leadx", "-10")],
            ["unclaimed_event", "clawback"],
        ),
        "loose, but another buyer": ([event("Lead-X"), claim("leadx", buyer="beta")], APART),
        "loose, and no known buyer": (
            [event("Lead-X"), claim("leadx", buyer=None)],
            ["matched [id_spelling]"] * 2,
        ),
        "loose, but two known leads": (
            [event("Lead-X"), claim("leadx"), lead("Lead-X"), lead("leadx")],
            APART,
        ),
        "loose, and one known lead": (
            [event("Lead-X"), claim("leadx"), lead("Lead-X")],
            ["matched [id_spelling]"] * 2,
        ),
        "one id, one known lead, but not joined by the exact rules": (
            [event("Lead-X", "0"), claim("leadx")],
            ["-", "missing_event"],
        ),
        "two loose claims": (
            [event("Lead-X"), claim("leadx"), claim("LEADX")],
            ["ambiguous"] * 3,
        ),
        "two loose events": (
            [event("leadx"), event("LEADX"), claim("Lead-X")],
            ["ambiguous"] * 3,
        ),
        "a paired claim is no loose candidate": (
            [event("leadx"), event("Lead-X"), claim("leadx")],
            ["matched", "unclaimed_event", "matched"],
        ),
        "a paired event is no loose candidate": (
            [event("leadx"), claim("leadx"), claim("Lead-X")],
            ["matched", "matched", "missing_event"],
        ),
    },
    SETTINGS,
)

LEFT = Table(
    "left over",
    {
        "an event alone": ([event("t1")], ["unclaimed_event"]),
        "a claim alone": ([claim("t1")], ["missing_event"]),
        "no id": ([event(None), claim(" ")], ["unidentified"] * 2),
        "a placeholder": ([event("TEST"), claim("0")], ["unidentified"] * 2),
        "a placeholder on both sides": ([event("null"), claim("null")], ["unidentified"] * 2),
        "nameless without an id": (
            [event("-", event=None), claim("-", event=None)],
            ["unidentified"] * 2,
        ),
        "nameless with an id": (
            [event("t1", event=None), claim("t1", event=None)],
            ["unclaimed_event", "unknown_event:none"],
        ),
        "negative": ([event("t1", "-1"), claim("t2", "-1")], ["clawback"] * 2),
        "zero is no clawback": (
            [event("t1", "0", campaign="c1"), claim("t2", "0")],
            APART,
        ),
        "denied": ([claim("t1", status="test")], ["not_billable:test"]),
        "denied and negative": ([claim("t1", "-1", status="test")], ["clawback"]),
        "pending": ([claim("t1", status="hold")], ["not_billable:pending"]),
        "a second claim": ([claim("t1"), claim("t1")], ["missing_event", "duplicate_claim"]),
        "a claim beside a paired one": (
            [event("t1", on="04"), claim("t1", on="04"), claim("t1", "11", on="02")],
            ["matched", "matched", "duplicate_claim"],
        ),
        "a claim beside a denied one": (
            [claim("t1", status="test", on="02"), claim("t1")],
            ["not_billable:test", "missing_event"],
        ),
        "a claim beside a denied one that is paired": (
            [event("t1"), claim("t1", status="test"), claim("t1", event="call", on="04")],
            ["status_conflict:test", "status_conflict:test", "missing_event"],
        ),
        "a claim of another buyer": (
            [claim("t1"), claim("t1", buyer="beta", on="04")],
            ["missing_event [other_buyer]"] * 2,
        ),
        "a claim of another event": (
            [claim("t1"), claim("t1", event="quote", on="04")],
            ["missing_event"] * 2,
        ),
        "a negative one first": (
            [claim("t1", "-1", on="02"), claim("t1")],
            ["clawback", "missing_event"],
        ),
        "two nameless claims": (
            [claim("t1", event=None), claim("t1", event=None)],
            ["unknown_event:none"] * 2,
        ),
        "two claims of an event that may repeat": (
            [claim("t1", event="call", campaign="c1")] * 2,
            ["missing_event"] * 2,
        ),
        "two claims of an event that may repeat somewhere": (
            [claim("t1", event="call")] * 2,
            ["missing_event"] * 2,
        ),
        "two claims of an event that may repeat elsewhere": (
            [claim("t1", event="call", campaign="c4")] * 2,
            ["missing_event", "duplicate_claim"],
        ),
        "two claims where nobody knows whether they may repeat": (
            [claim("t1", campaign="c2")] * 2,
            ["missing_event", "duplicate_claim"],
        ),
        "an event its campaign does not have": (
            [event("t1", event="quote", campaign="c1"), claim("t2", event="quote", campaign="c1")],
            ["unclaimed_event [unknown_event]", "unknown_event"],
        ),
        "an event of a campaign without settings": (
            [event("t1", event="quote", campaign="c4"), claim("t2", event="quote", campaign="c4")],
            APART,
        ),
        "a second event": (
            [event("t1"), event("t1", on="04")],
            ["unclaimed_event", "duplicate_event"],
        ),
        "an event beside a paired one": (
            [event("t1", "11", on="02"), event("t1", on="04"), claim("t1", on="04")],
            ["duplicate_event", "matched", "matched"],
        ),
        "a second event of another name": (
            [event("t1"), event("t1", event="quote", on="04")],
            ["unclaimed_event"] * 2,
        ),
        "a second event of another buyer": (
            [event("t1"), event("t1", buyer="beta", on="04")],
            ["unclaimed_event [other_buyer]"] * 2,
        ),
        "a second event of no known buyer": (
            [event("t1"), event("t1", buyer=None, on="04")],
            ["unclaimed_event", "duplicate_event"],
        ),
        "a negative event first": (
            [event("t1", "-1", on="02"), event("t1")],
            ["clawback", "unclaimed_event"],
        ),
        "an event that is no conversion first": (
            [event("t1", campaign="c3", on="02"), event("t1")],
            ["-", "unclaimed_event"],
        ),
        "two events that may repeat": (
            [event("t1", event="call", campaign="c1")] * 2,
            ["unclaimed_event"] * 2,
        ),
        "an event in the margin first": (
            [event("t1", on="01"), event("t1"), claim("t2", on="01"), claim("t2")],
            ["-", "duplicate_event", "-", "duplicate_claim"],
        ),
        "an event outside the window first": (
            [event("t1", occurred_at=YEAR[0]), event("t1")],
            ["-", "unclaimed_event"],
        ),
        "unpriced": (
            [event("t1", None, campaign="c1"), claim("t2", None)],
            ["unclaimed_event [unpriced]", "missing_event [unpriced]"],
        ),
        "undated": (
            [event("t1", on=None), claim("t2", on=None)],
            ["unclaimed_event [undated]", "missing_event [undated]"],
        ),
        "unpriced without a setting, so no conversion": ([event("t1", None)], ["-"]),
        "without revenue, so no conversion": ([event("t1", "0", campaign="c2")], ["-"]),
        "priced, and its setting leaves it open": (
            [event("t1", campaign="c2")],
            ["unclaimed_event"],
        ),
        "priced, but no conversion by its setting": ([event("t1", campaign="c3")], ["-"]),
    },
    SETTINGS,
    {"event_cover": ALL, "claim_cover": ALL},
)


@pytest.mark.parametrize(("table", "sentence"), sentences([PAIRING, LEFT]))
def test_rows_end_in_the_class_that_the_rules_name(table: Table, sentence: str):
    """One word for each event and claim of the case."""
    assert table.words(sentence) == table.cases[sentence][1]
