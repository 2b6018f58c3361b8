"""The plain reading of the matching rules does what the rules say: pairs, classes and flags."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.reference import UnknownStatusError
from tests.reference_rows import at, claim, classes, event, judge, lead, run, said

YEAR = (datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01"))
ALL = ((None, *YEAR),)


# ----------------------------------------------------------------------------------- pairing
def test_equal_rows_match():
    """One event, one claim, the same money: both rows get the class, the rule and each other."""
    ours, theirs = judge(event("t1"), claim("t1"))
    assert (said(ours), said(theirs)) == ("matched", "matched")
    assert (ours.rule, ours.partner) == ("exact", ("claims.csv", 2))
    assert theirs.group == (None, "acme", None, date(2026, 11, 3))


def test_an_unknown_buyer_equals_none_so_the_exact_pair_comes_first():
    """The claim of acme takes acme's event although the nameless one has its very price."""
    rows = judge(event("t1", "40", buyer=None), event("t1", "10"), claim("t1", "40"))
    assert [row.rule for row in rows] == [None, "exact", "exact"]


def test_an_unknown_buyer_on_either_side_joins_by_the_second_rule():
    rows = judge(event("t1", buyer=None), claim("t1"), event("t2"), claim("t2", buyer=None))
    assert [row.rule for row in rows] == ["unknown_buyer"] * 4
    assert {row.group[1] for row in rows} == {"acme"}


def test_two_known_buyers_never_join():
    """Other buyers' rows are left over on both sides, and each says so."""
    rows = judge(event("t1"), claim("t1", buyer="beta"), lead("t1"), lead("t2", "04"))
    assert [said(row) for row in rows] == ["unclaimed_event", "missing_event"]
    assert [row.flags for row in rows] == [("other_buyer",), ("other_buyer",)]


def test_other_events_never_join():
    assert classes(event("t1"), claim("t1", event="call")) == ["unclaimed_event", "missing_event"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (claim("t1", "40", "04"), claim("t1", status="rejected")),
        (claim("t1", "40", "04", currency="USD"), claim("t1", currency="EUR")),
        (claim("t1", "11", "04"), claim("t1", None)),
        (claim("t1", "11", "04"), claim("t1", "12")),
        (claim("t1", "11", "03 13:00"), claim("t1", "11", "03 14:00")),
        (claim("t1", external="a"), claim("t1", external="b")),
        (claim("t1"), claim("t1", external="a")),
    ],
    ids=["counting", "currency", "priced", "amount", "time", "content", "null first"],
)
def test_each_criterion_beats_all_that_follow(better, worse):
    """Of two claims for one event the better one is paired, whichever stands first in the file."""
    ours = event("t1", currency="USD" if better.currency else None)
    assert judge(ours, better, worse)[0].partner == ("claims.csv", 2)
    assert judge(ours, worse, better)[0].partner == ("claims.csv", 3)


def test_conversions_pair_before_events_that_are_none():
    """An event without revenue and setting is no conversion: it waits although it is nearer."""
    ours = judge(event("t1", "0"), event("t1", "40", "04"), claim("t1", "0"))
    assert [row.line for row in ours if row.side == "event"] == [3]


def test_negative_amounts_join_only_negative_ones():
    rows = classes(event("t1"), claim("t1", "-10"), event("t2", "-10"), claim("t2", "-10"))
    assert rows == ["unclaimed_event", "matched", "clawback", "matched"]


def test_a_loose_id_joins_what_is_single_on_both_sides():
    """Case, dashes and leading zeros do not count; the pair says that the spellings differ."""
    rows = judge(event("Lead-X7"), claim("00leadx7"))
    assert [row.rule for row in rows] == ["loose_id", "loose_id"]
    assert rows[0].flags == ("id_spelling",)


def test_several_loose_candidates_are_ambiguous_on_both_sides():
    rows = judge(event("Lead-X7"), claim("leadx7"), claim("LEADX7"))
    assert [said(row) for row in rows] == ["ambiguous"] * 3
    assert rows[0].candidates == (("claims.csv", 2), ("claims.csv", 3))
    assert rows[1].candidates == (("events.csv", 2),)


def test_two_known_leads_are_never_joined_loosely():
    """One of them may be known: then nothing speaks against the other's being a misspelling."""
    both = (event("Lead-X7"), claim("leadx7"), lead("Lead-X7"))
    assert classes(*both) == ["matched", "matched"]
    assert "matched" not in classes(*both, lead("leadx7"))


def test_an_event_that_is_no_conversion_joins_no_fallback():
    assert classes(event("Lead-X7", "0"), claim("leadx7")) == ["missing_event"]


def test_a_paired_row_is_no_candidate_any_more():
    rows = judge(event("leadx7"), claim("leadx7"), claim("Lead-X7"))
    assert [said(row) for row in rows] == ["matched", "matched", "missing_event"]


# ----------------------------------------------------------------------------------- pairs
def test_tolerance_is_inclusive_and_the_larger_counts():
    pairs = [event("t1"), claim("t1", "10.01"), event("t2"), claim("t2", "10.02")]
    absolute = classes(*pairs, tolerance=Decimal("0.01"))
    relative = classes(*pairs, tolerance=Decimal("0.01"), tolerance_rel=Decimal("0.002"))
    assert absolute[:2] == ["matched_within_tolerance", "revenue_mismatch:amount"]
    assert relative[:2] == ["matched_within_tolerance"] * 2


def test_a_denied_claim_is_a_status_conflict_before_all_else():
    """The word is the mapped one; the bridge takes the whole event away."""
    ours, theirs = judge(event("t1", currency="USD"), claim("t1", "9", status=" Declined "))
    assert said(ours) == said(theirs) == "status_conflict:rejected"
    assert (ours.bridge, theirs.bridge) == (Decimal(-10), Decimal(0))


@pytest.mark.parametrize("status", ["rejected", "pending"])
def test_no_status_denies_or_delays_a_negative_amount(status):
    rows = classes(event("t1", "-10"), claim("t1", "-10", status=status))
    assert rows == ["matched", "matched"]
    assert classes(claim("t1", "-10", status=status)) == ["clawback"]


def test_pending_waits_unless_it_counts():
    pair = (event("t1"), claim("t1", status="hold"))
    assert classes(*pair) == ["not_due_yet:pending"] * 2
    assert classes(*pair, pending_counts=True) == ["matched"] * 2


def test_unequal_currencies_stand_each_for_itself():
    """Ten dollars are taken away and ten euros added; an unknown currency is another one."""
    ours, theirs = judge(event("t1", currency="USD"), claim("t1", currency="eur"))
    assert said(ours) == "revenue_mismatch:currency"
    assert (ours.currency, ours.bridge) == ("USD", Decimal(-10))
    assert (theirs.currency, theirs.bridge) == ("EUR", Decimal(10))
    assert classes(event("t1", currency="USD"), claim("t1"))[0] == "revenue_mismatch:currency"
    assert classes(event("t1", currency="USD"), claim("t1"), currency="usd")[0] == "matched"


def test_one_unknown_amount_is_a_mismatch_and_two_are_a_match():
    settings = ["c1 sale yes no"]
    one = judge(event("t1"), claim("t1", None))
    two = judge(event("t1", None, campaign="c1"), claim("t1", None), settings=settings)
    assert [said(row) for row in one] == ["revenue_mismatch:unpriced"] * 2
    assert [row.flags for row in one] == [(), ("unpriced",)]
    assert [said(row) for row in two] == ["matched"] * 2


def test_a_partner_outside_the_period_makes_timing():
    """The row keeps its own money; the reason is the class the pair would have had."""
    rows = judge(event("t1", on="01"), claim("t1", "11"), event("t2"), claim("t2", "9", on="06"))
    assert [said(row) for row in rows] == ["timing:revenue_mismatch"] * 2
    assert [(row.side, row.bridge) for row in rows] == [
        ("event", Decimal(-10)),
        ("claim", Decimal(11)),
    ]


# ----------------------------------------------------------------------------------- left over
def test_rows_without_a_usable_id_are_unidentified():
    ids = [None, " ", "0", "NULL", "n/a", "-", "\u00a0test"]
    rows = [row for tx in ids for row in (event(tx), claim(tx))]
    assert classes(*rows) == ["unidentified"] * 14


def test_a_denied_or_pending_claim_without_event_is_not_billable():
    """But where pending counts it is a missing event."""
    rows = (claim("t1", status="fraud"), claim("t2", status="open"))
    assert classes(*rows) == ["not_billable:rejected", "not_billable:pending"]
    assert classes(*rows, pending_counts=True) == ["not_billable:rejected", "missing_event"]


def test_a_second_claim_is_a_duplicate_of_a_paired_or_an_earlier_one():
    """Equal rows count too: k equal rows are one and k - 1 duplicates."""
    assert classes(event("t1"), claim("t1"), claim("t1"))[1:] == ["matched", "duplicate_claim"]
    assert sorted(classes(*[claim("t1")] * 3)) == ["duplicate_claim"] * 2 + ["missing_event"]
    assert classes(claim("t1", on="04"), claim("t1")) == ["duplicate_claim", "missing_event"]


@pytest.mark.parametrize(
    "other",
    [
        claim("t1", on="02", status="rejected"),
        claim("t1", on="02", status="pending"),
        claim("t1", on="02", buyer="beta"),
        claim("t1", on="02", buyer=None),
        claim("t1", "-5", on="02"),
        claim("t1", on="02", event="call"),
    ],
    ids=["denied", "pending", "buyer", "no buyer", "sign", "event"],
)
def test_an_earlier_claim_of_another_kind_makes_no_duplicate(other):
    assert classes(claim("t1"), other)[0] == "missing_event"


def test_two_unknown_buyers_of_claims_are_the_same():
    rows = classes(claim("t1", buyer=None), claim("t1", on="04", buyer=None))
    assert rows == ["missing_event", "duplicate_claim"]


def test_a_second_event_is_a_duplicate_even_of_an_unknown_buyer():
    assert classes(event("t1"), event("t1", on="04", buyer=None))[1] == "duplicate_event"
    assert classes(event("t1"), event("t1", on="04", buyer="beta"))[1] == "unclaimed_event"


def test_context_makes_duplicates_too():
    """The pair of October stays together, so November's claim is the second one."""
    assert classes(event("t1", on="01"), claim("t1", on="01"), claim("t1")) == ["duplicate_claim"]


def test_events_that_may_repeat_are_no_duplicates():
    settings = ["c1 sale yes yes"]
    rows = [event("t1", campaign="c1"), event("t1", "20", campaign="c1"), claim("t1")]
    assert classes(*rows, settings=settings) == ["matched", "unclaimed_event", "matched"]


def test_an_event_nobody_knows_is_unknown():
    """A claim that names no event joins no rule; one its campaign has not is left over."""
    settings = ["c1 sale yes no"]
    rows = [event("t1"), claim("t1", event=None), claim("t2", event="calls", campaign="c1")]
    expected = ["unclaimed_event", "unknown_event:none", "unknown_event"]
    assert classes(*rows, settings=settings) == expected
    assert classes(claim("t2", event="calls", campaign="c2"), settings=settings) == [
        "missing_event"
    ]


def test_a_lead_is_missed_only_where_lead_exports_cover_the_look_back():
    """One day before to the row itself; the last lead row is included."""
    leads = [lead("x", "02 12:00"), lead("y", "03 12:00")]
    rows = judge(event("t1"), claim("t2"), *leads, lookback_days=1)
    assert [said(row) for row in rows] == ["orphan_event", "unknown_lead"]
    assert {row.flags for row in rows} == {("no_lead",)}
    rows = judge(event("t1"), claim("t2"), *leads, lookback_days=2)
    assert [said(row) for row in rows] == ["unclaimed_event", "missing_event"]
    assert {row.flags for row in rows} == {("lead_unverified",)}


def test_a_claim_no_event_export_covers_is_uncovered():
    """A claim of unknown campaign needs an export of all campaigns."""
    cover = (("c1", *YEAR),)
    rows = [claim("t1", campaign="c1"), claim("t2", campaign="c2"), claim("t3")]
    found = classes(*rows, event_cover=cover)
    assert found == ["missing_event", "uncovered_claim", "uncovered_claim"]
    assert classes(*rows, event_cover=ALL) == ["missing_event"] * 3


def test_an_event_no_report_of_its_buyer_covers_is_uncovered():
    cover = (("acme", at("03 00:00"), at("04 00:00")),)
    rows = [event("t1"), event("t2", on="04"), event("t3", buyer="beta")]
    found = classes(*rows, claim_cover=cover, watermark=at("05 00:00"))
    assert found == ["unclaimed_event", "uncovered_event", "uncovered_event"]


def test_grace_counts_hours_back_from_the_watermark_later_rows_included():
    """Exactly 24 hours is no longer within grace."""
    rows = [event("t1", on="03 12:00"), event("t2", on="03 12:01"), event("t3", on="04 23:00")]
    found = classes(*rows, watermark=at("04 12:00"), grace_days=1)
    assert found == ["unclaimed_event", "not_due_yet:grace", "not_due_yet:grace"]


def test_the_watermark_is_the_latest_claim_of_the_runs_buyers():
    """Else the end of the period; a claim of another buyer does not move it."""
    rows = [event("t1", on="02"), claim("t2", on="03 13:00"), claim("t3", on="04", buyer="beta")]
    assert classes(*rows, grace_days=2)[0] == "unclaimed_event"
    assert classes(*rows, grace_days=2, buyers=("acme",))[0] == "not_due_yet:grace"
    assert classes(rows[0], grace_days=2) == ["unclaimed_event"]


# ----------------------------------------------------------------------------------- flags
def test_more_than_one_pair_of_an_event_that_does_not_repeat_is_flagged():
    """Pairs outside the period count; an event that may repeat is not flagged."""
    rows = [event("t1"), claim("t1"), event("t1", on="01"), claim("t1", on="01")]
    assert {row.flags for row in judge(*rows)} == {("repeated",)}
    assert {row.flags for row in judge(*rows, settings=["c1 sale yes yes"])} == {()}


def test_a_pair_says_that_days_or_spellings_differ():
    rows = judge(event("ab-12", on="03 23:59"), claim("AB-12 ", on="04 00:00"))
    assert [row.flags for row in rows] == [("day_shift", "id_spelling")] * 2


def test_an_event_its_campaign_does_not_have_is_flagged_when_left_over():
    settings = ["c1 call yes no"]
    alone = judge(event("t1", campaign="c1"), settings=settings)
    paired = judge(event("t1", campaign="c1"), claim("t1"), settings=settings)
    assert [row.flags for row in alone] == [("lead_unverified", "unknown_event")]
    assert [row.flags for row in paired] == [(), ()]


def test_a_status_in_no_table_is_a_question():
    with pytest.raises(UnknownStatusError, match="line 2: status 'Qq'"):
        run(claim("t1", status="Qq "))
    assert classes(claim("t1", status="Qq"), status=(("qq", "test"),)) == ["not_billable:test"]
