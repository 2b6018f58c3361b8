"""Fallback identities: for each rule a hit, a near miss and an ambiguous case, by both readings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from reconcile.matching.proposing import find_proposals
from tests.matching_worlds import QuickEngine, reconcile_by_sql, run_parameters
from tests.reference import Verdict, World, reconcile_world
from tests.reference_rows import claim, event, lead, said, world
from tests.worlds import accepted_of

LONG, OTHER = "123456789012345678", "123458999999999999"
SHORT, CUT = "1.23457E+17", "123456789012345000"
ALONE = ["unclaimed_event", "missing_event"]
NAMELESS = ["unclaimed_event", "unidentified"]
TWO = ["ambiguous", "ambiguous", "ambiguous"]
DAMAGED, EXTERNAL = ["matched by damaged_id"] * 2, ["matched by external_id"] * 2


@cache
def engine() -> QuickEngine:
    return QuickEngine()


def word(verdict: Verdict) -> str:
    return said(verdict) + (f" by {verdict.rule}" if verdict.rule else "")


def words(one: World) -> list[str]:
    """Return what rows in scope became, events before claims; both readings must agree."""
    found = [word(verdict) for verdict in reconcile_by_sql(engine(), one)[0].rows]
    assert found == [word(verdict) for verdict in reconcile_world(one).rows]
    return found


CASES: dict[str, tuple[list[Any], list[str]]] = {
    "a number in its short form, of the only lead that rounds to it": (
        [lead(LONG), lead(OTHER), event(LONG), claim(SHORT)],
        DAMAGED,
    ),
    "with a decimal comma": ([lead(LONG), event(LONG), claim("1,23457E+17")], DAMAGED),
    "of which few digits are left": ([lead(LONG), event(LONG), claim("1.2E+17")], DAMAGED),
    "rounded up into one digit more": (
        [lead("999999999999999999"), event("999999999999999999"), claim("1.00E+18")],
        DAMAGED,
    ),
    "rounded half up": (
        [lead("125000000000"), event("125000000000"), claim("1.3E+11")],
        DAMAGED,
    ),
    "below the half": (
        [lead("124999999999"), event("124999999999"), claim("1.3E+11")],
        NAMELESS,
    ),
    "a number of another length": ([lead(LONG), event(LONG), claim("1.23457E+16")], NAMELESS),
    "in more digits than a spreadsheet has": (
        [lead(LONG), event(LONG), claim("1.234567890123457E+17")],
        NAMELESS,
    ),
    "two leads round to it": (
        [lead(LONG), lead("123456711111111111"), event(LONG), claim(SHORT)],
        NAMELESS,
    ),
    "no lead is known": ([event(LONG), claim(SHORT)], NAMELESS),
    "two short forms are no equal ids": ([event(SHORT), claim(SHORT)], ["unidentified"] * 2),
    "an id of digits around an E was a number to the spreadsheet": (
        [lead("3E10"), event("3E10"), claim("3.00E+10")],
        DAMAGED,
    ),
    "digits behind the fifteenth cut off": ([lead(LONG), event(LONG), claim(CUT)], DAMAGED),
    "digits behind the fifteenth rounded": (
        [lead(LONG), event(LONG), claim("123456789012346000")],
        DAMAGED,
    ),
    "a fifteenth digit that is neither": (
        [lead(LONG), event(LONG), claim("123456789012344000")],
        ALONE,
    ),
    "leading zeros lost with them": (
        [lead(f"00{LONG}"), event(f"00{LONG}"), claim(CUT)],
        DAMAGED,
    ),
    "zeros that a lead has": (
        [lead(CUT), lead(LONG), event(LONG), claim(CUT)],
        ALONE,
    ),
    "a day and the name of a month": ([lead("DEC1"), event("DEC1"), claim("1-Dec")], DAMAGED),
    "the name of a month and a year": (
        [lead("MARCH2005"), event("MARCH2005"), claim("Mar-05")],
        DAMAGED,
    ),
    "a month by its number": ([lead("12-1"), event("12-1"), claim("1-Dec")], DAMAGED),
    "a month behind the day": ([lead("1/12"), event("1/12"), claim("01-Dec")], DAMAGED),
    "a month that is none": ([lead("13-31"), event("13-31"), claim("31-Jan")], ALONE),
    "two ids that a spreadsheet shows alike": (
        [lead("DEC1"), lead("12-1"), event("DEC1"), claim("1-Dec")],
        ALONE,
    ),
    "the event's id is damaged": (
        [lead(LONG), event(SHORT), claim(LONG)],
        DAMAGED,
    ),
    "both are, in two ways": ([lead(LONG), event(SHORT), claim(CUT)], DAMAGED),
    "two damaged claims of one lead": (
        [lead(LONG), event(LONG), claim(SHORT), claim(CUT)],
        TWO,
    ),
    "a damaged claim of two events": (
        [lead(LONG), event(LONG), event(LONG, "11"), claim(SHORT)],
        TWO,
    ),
    "damaged, of another event": (
        [lead(LONG), event(LONG, event="call"), claim(SHORT)],
        NAMELESS,
    ),
    "damaged, of the other sign": (
        [lead(LONG), event(LONG, "-10"), claim(SHORT)],
        ["clawback", "unidentified"],
    ),
    "damaged, of another buyer": (
        [lead(LONG), event(LONG), claim(SHORT, buyer="beta")],
        NAMELESS,
    ),
    "damaged, of an unknown buyer": (
        [lead(LONG), event(LONG), claim(SHORT, buyer=None)],
        DAMAGED,
    ),
    "damaged, of an event that is no conversion": (
        [lead(LONG), event(LONG, "0"), claim(SHORT)],
        ["unidentified"],
    ),
    "an exact claim goes before a damaged one": (
        [lead(LONG), event(LONG), claim(LONG), claim(SHORT)],
        ["matched by exact", "matched by exact", "unidentified"],
    ),
    "an external id that the event carries": (
        [event("t1", external="x"), claim(None, external="x")],
        EXTERNAL,
    ),
    "as the claim's click id": ([event("t1", external="x"), claim("t2", clid="x")], EXTERNAL),
    "as the event's click id": ([event("t1", clid="x"), claim("t2", external="x")], EXTERNAL),
    "an external id that its lead carries": (
        [lead("t1", external="x"), event("t1"), claim("t2", external="x")],
        EXTERNAL,
    ),
    "as the lead's click id": (
        [lead("t1", clid="x"), event("t1"), claim("t2", external="x")],
        EXTERNAL,
    ),
    "an external id of two leads": (
        [lead("t1", clid="x"), lead("t3", clid="x"), event("t1"), claim("t2", external="x")],
        ALONE,
    ),
    "another external id": (
        [event("t1", external="x"), claim(None, external="y")],
        NAMELESS,
    ),
    "in another case": ([event("t1", external="x"), claim(None, external="X")], NAMELESS),
    "a placeholder": ([event("t1", external="na"), claim(None, external="na")], NAMELESS),
    "an external id of two events": (
        [event("t1", external="x"), event("t3", external="x"), claim(None, external="x")],
        TWO,
    ),
    "an external id of two claims": (
        [event("t1", external="x"), claim(None, external="x"), claim("t2", clid="x")],
        TWO,
    ),
    "external, of another event": (
        [event("t1", external="x", event="call"), claim(None, external="x")],
        NAMELESS,
    ),
    "external, of the other sign": (
        [event("t1", "-10", external="x"), claim(None, external="x")],
        ["clawback", "unidentified"],
    ),
    "external, of another buyer": (
        [event("t1", external="x"), claim(None, external="x", buyer="beta")],
        NAMELESS,
    ),
    "external, of an unknown buyer": (
        [event("t1", external="x", buyer=None), claim(None, external="x")],
        EXTERNAL,
    ),
    "external, of two known leads": (
        [lead("t1"), lead("t2"), event("t1", external="x"), claim("t2", external="x")],
        ALONE,
    ),
    "external, of one known lead": (
        [lead("t1"), event("t1", external="x"), claim("t2", external="x")],
        EXTERNAL,
    ),
    "a damaged id goes before an external one": (
        [lead(LONG), event(LONG), event("t1", external="x"), claim(SHORT, external="x")],
        ["matched by damaged_id", "unclaimed_event", "matched by damaged_id"],
    ),
    "what is ambiguous by its loose id waits for a person": (
        [event("T-1", external="x"), claim("t1", external="x"), claim("t.1")],
        TWO,
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_fallback_joins_what_only_fits_each_other(sentence: str):
    """By both readings of the rules; no lead export covers the rows."""
    rows, expected = CASES[sentence]
    assert words(world(*rows)) == expected


def test_an_external_id_on_too_many_rows_is_a_placeholder():
    """As an id of the platform is; on either side."""
    for rows in (
        [event("t1", external="x"), *(claim(None, str(n), external="x") for n in (1, 2, 3))],
        [*(event(f"t{n}", external="x") for n in (1, 2, 3)), claim(None, external="x")],
    ):
        assert "ambiguous" in words(world(*rows, placeholder_limit=3))
        assert "ambiguous" not in words(world(*rows, placeholder_limit=2))


def test_a_frequent_id_names_no_lead():
    """Its rows are joined by another id, and are then not one conversion paired many times."""
    rows = [event(f"t{n}", external=f"x{n}") for n in (1, 2)]
    rows += [claim("same", external=f"x{n}") for n in (1, 2)]
    one = world(lead("same"), lead("t1"), lead("t2"), *rows, placeholder_limit=1)
    assert words(one) == ["matched by external_id"] * 4
    found = reconcile_by_sql(engine(), one)[0].rows
    assert {flag for verdict in found for flag in verdict.flags} == {"id_spelling"}
    usable = replace(one, params=replace(one.params, placeholder_limit=100))
    assert "matched by external_id" not in words(usable)


# -- what a person has accepted
EVENT = event(None, "10", "03 10:00", campaign="c1")
CLAIM = claim("t1", "10", "03 12:00", campaign="c1")
ACCEPTED = accepted_of(1, EVENT, CLAIM)


def accepted(*rows: Any, by: tuple[Any, ...] = (ACCEPTED,)) -> list[str]:
    return words(replace(world(*rows), accepted=by))


def test_an_accepted_pair_is_made():
    assert accepted(EVENT, CLAIM) == ["matched by proposal"] * 2
    assert accepted(EVENT, CLAIM, by=()) == ["unidentified", "missing_event"]


@pytest.mark.parametrize(
    "moved",
    [
        {"revenue": CLAIM.revenue + 1},
        {"occurred_at": datetime(2026, 11, 4)},
        {"transaction_id": "t2"},
        {"event_id": "call"},
    ],
)
@pytest.mark.parametrize("side", ["claim", "event"])
def test_an_acceptance_does_not_outlive_its_facts(side: str, moved: dict[str, Any]):
    """A row that says something else now is not the one that was accepted."""
    rows = {"event": EVENT, "claim": CLAIM}
    rows[side] = replace(rows[side], **moved)
    assert not any(" by proposal" in said for said in accepted(*rows.values()))


def test_an_accepted_pair_of_two_buyers_is_not_made():
    """Who the buyer is may be known later; the money of a pair belongs to one of them."""
    assert accepted(EVENT, replace(CLAIM, buyer="beta")) == ["unidentified", "missing_event"]
    assert accepted(EVENT, replace(CLAIM, buyer=None)) == ["matched by proposal"] * 2


def test_an_acceptance_goes_behind_exact_rules_and_before_the_others():
    """The id of a row says more than a person knew; a loose id says less."""
    exact = claim("t1", "11", campaign="c1")
    assert accepted(event("t1", campaign="c1"), EVENT, CLAIM, exact)[:2] == [
        "matched by exact",
        "unidentified",
    ]
    assert accepted(event("T-1", campaign="c1"), EVENT, CLAIM) == [
        "unclaimed_event",
        "matched by proposal",
        "matched by proposal",
    ]


def test_of_equal_rows_each_needs_its_own_acceptance():
    rows = [EVENT, EVENT, CLAIM, CLAIM]
    assert accepted(*rows).count("matched by proposal") == 2
    twice = (ACCEPTED, replace(ACCEPTED, place=2))
    assert accepted(*rows, by=twice).count("matched by proposal") == 4


# -- what is proposed
def proposed(*rows: Any, **params: Any) -> list[tuple[int, int, int, int]]:
    """Return line of the claim, line of the event, and rivals of either, of each proposal."""
    one = world(*rows, **params)
    reconcile_by_sql(engine(), one)
    find_proposals(engine(), run_parameters(one))
    found = engine()._con.sql(
        "select claim_line, event_line, claim_rivals, event_rivals from run_proposal order by all"
    )
    return found.fetchall()


KNOWN = lead("t1", campaign="c1")


def test_rows_that_agree_but_for_their_ids_are_proposed():
    """A claim of a known lead, and an event whose id is lost, an hour apart."""
    assert proposed(KNOWN, EVENT, CLAIM) == [(2, 2, 0, 0)]


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("amount", {"revenue": CLAIM.revenue + 1}),
        ("campaign", {"campaign_id": "c2"}),
        ("unknown campaign", {"campaign_id": None, "transaction_id": "null"}),
        ("currency", {"currency": "EUR"}),
        ("buyer", {"buyer": "beta"}),
        ("event", {"event_id": "call"}),
        ("time", {"occurred_at": datetime(2026, 11, 4, 10, 0, 1)}),
        ("status", {"status": "rejected"}),
    ],
)
def test_rows_that_differ_otherwise_are_not(name: str, changed: dict[str, Any]):
    """Neither alone, nor beside a claim that agrees."""
    assert proposed(KNOWN, EVENT, replace(CLAIM, **changed)) == []
    beside = replace(CLAIM, **{"transaction_id": "t9", **changed})
    assert proposed(KNOWN, EVENT, CLAIM, beside) == [(2, 2, 0, 0)]


def test_a_day_apart_is_near_and_nothing_is_no_amount():
    assert proposed(KNOWN, EVENT, replace(CLAIM, occurred_at=datetime(2026, 11, 4, 10))) != []
    free = [replace(row, revenue=row.revenue * 0) for row in (EVENT, CLAIM)]
    assert proposed(KNOWN, *free, settings=["c1 sale yes no"]) == []


def test_two_ids_that_may_both_be_right_are_not_proposed():
    """Two known leads, or leads that no export could prove, are two conversions."""
    other = replace(EVENT, transaction_id="t2")
    assert proposed(KNOWN, lead("t2", campaign="c1"), other, CLAIM) == []
    assert proposed(other, CLAIM) == []
    assert proposed(KNOWN, lead("t2", campaign="c1"), EVENT, other, CLAIM) == [(2, 2, 0, 0)]
    covered = (None, datetime(2026, 9, 1), datetime(2026, 12, 1))
    assert proposed(KNOWN, other, CLAIM, lead_cover=(covered,)) == [(2, 2, 0, 0)]


def test_rivals_are_counted_on_both_sides():
    """Two claims, one event: each proposal has a rival claim; the other way round as well."""
    again = replace(CLAIM, occurred_at=datetime(2026, 11, 3, 14), transaction_id="t3")
    leads = (KNOWN, lead("t3", campaign="c1"))
    assert proposed(*leads, EVENT, CLAIM, again) == [(2, 2, 0, 1), (3, 2, 0, 1)]
    later = replace(EVENT, occurred_at=datetime(2026, 11, 3, 14))
    assert proposed(*leads, EVENT, later, CLAIM) == [(2, 2, 1, 0), (2, 3, 1, 0)]


def test_what_is_not_near_is_no_rival():
    """Thirty hours before the claim, or behind it."""
    hours = [replace(EVENT, occurred_at=CLAIM.occurred_at + timedelta(hours=n)) for n in (-30, 30)]
    assert proposed(KNOWN, EVENT, *hours, CLAIM) == [(2, 2, 0, 0)]


def test_duplicates_and_ambiguous_rows_are_not_proposed():
    """What has a reason of its own, or candidates of its own, waits for nothing else."""
    twice = [CLAIM, replace(CLAIM, occurred_at=datetime(2026, 11, 3, 13))]
    assert proposed(KNOWN, EVENT, *twice) == [(2, 2, 0, 0)]


def test_the_nearest_five_are_proposed_whoever_else_is_there():
    """Of 40 events on both sides of a claim, at five a time, with all rivals counted.

    Those at one time go by their place in the file, also where they lie before the claim.
    """
    hours = [datetime(2026, 11, 3, hour) for hour in (7, 8, 9, 11, 12, 13, 14, 15)]
    events = [replace(EVENT, occurred_at=at) for at in hours for _ in range(5)]
    found = proposed(KNOWN, *events, replace(CLAIM, occurred_at=datetime(2026, 11, 3, 9, 30)))
    assert found == [(2, line, 39, 0) for line in range(12, 17)]


def test_a_claim_of_no_buyer_fits_the_events_of_all_and_others_those_of_none_too():
    """Each pair is there once, whatever list it is in."""
    nobody, beta = replace(EVENT, buyer=None), replace(EVENT, buyer="beta")
    assert proposed(EVENT, nobody, beta, replace(CLAIM, buyer=None, transaction_id="null")) == [
        (2, 2, 2, 0),
        (2, 3, 2, 0),
        (2, 4, 2, 0),
    ]
    assert proposed(KNOWN, EVENT, nobody, beta, CLAIM) == [(2, 2, 1, 0), (2, 3, 1, 0)]


def test_a_flat_price_of_thousands_is_proposed_as_any_other():
    """Each of 2,100 claims, a minute apart, finds its event; no number of rows is too many."""
    columns = dict.fromkeys(
        ("side", "batch", "file", "event_id", "campaign_id", "class"), "varchar"
    )
    columns |= dict.fromkeys(("currency", "buyer", "flags", "rule"), "varchar")
    columns |= {"line": "bigint", "revenue": "decimal(38, 4)", "occurred_at": "timestamp"}
    same = {"event_id": "sale", "campaign_id": "c1", "revenue": "25.00", "class": "unidentified"}
    start = datetime(2026, 11, 3)
    rows = [
        {**same, "side": side, "line": n, "occurred_at": start + timedelta(minutes=n)}
        for side in ("event", "claim")
        for n in range(2100)
    ]
    engine().upload("row_in_scope", columns, [tuple(map(row.get, columns)) for row in rows])
    find_proposals(engine(), run_parameters(world(KNOWN)))
    found = engine()._con.sql(
        "select count(*), sum(case when apart = 0 and nth = 1 then 1 else 0 end),"
        " min(claim_rivals), max(event_rivals) from run_proposal"
    )
    assert found.fetchall() == [(5 * 2100, 2100, 1440, 2099)]


@pytest.mark.parametrize(
    ("ours", "theirs", "flags"), [(None, None, ()), ("t1", "t2", ("id_spelling",))]
)
def test_two_absent_ids_are_not_spelled_differently(ours, theirs, flags):
    """A pair by the external id may have no id on either side."""
    one = world(event(ours, external="x"), claim(theirs, external="x"))
    assert [v.flags for v in reconcile_by_sql(engine(), one)[0].rows] == [flags] * 2
    assert [v.flags for v in reconcile_world(one).rows] == [flags] * 2
