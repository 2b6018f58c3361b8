"""The plain reading of the matching rules does what the rules say: scope, groups and the bridge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.reference import NotReconciled, reconcile_world
from tests.reference_rows import (
    at,
    claim,
    classes,
    event,
    judge,
    lead,
    run,
    said,
    world,
)
from tests.reference_terms import canonical, loose


def reasons(*rows, settings=(), **params) -> list[str]:
    return [left.reason for left in run(*rows, settings=settings, **params).left_out]


def buckets(*rows, settings=(), **params) -> dict[tuple[str | None, date | None, str], str]:
    """Return the bridge by campaign, day and bucket, as text."""
    bridge = run(*rows, settings=settings, **params).bridge
    return {(line[2], line[3], line[4]): str(money) for line, money in bridge.items()}


def test_white_space_goes_and_case_folds_only_in_hexadecimal_ids():
    assert canonical(" AB\u00a012\u200b-Cd ") == "ab12-cd"
    assert canonical("Lead X7\t") == "LeadX7"
    assert canonical(" N/A ") is None
    assert canonical("00") == "00"


def test_a_loose_id_is_letters_and_digits_without_leading_zeros():
    assert loose("00-Le\u00e4d/7.0") == "le\u00e4d70"
    assert loose("00-0") is None


def test_an_id_on_too_many_rows_of_one_side_identifies_nothing_on_either():
    """Three events are too many for a limit of two; the lead's buyer stays."""
    rows = [event("t1", buyer=None)] * 3 + [claim("t1"), claim("t1", event="call")]
    found = judge(*rows, lead("t1", buyer="acme"), placeholder_limit=2)
    assert [said(row) for row in found] == ["unidentified"] * 4 + ["missing_event"]
    assert {row.group[1] for row in found} == {"acme"}
    assert "unidentified" not in classes(*rows, placeholder_limit=3)


def test_an_event_that_may_repeat_is_allowed_any_number_of_rows():
    rows = [event("t1", campaign="c1")] * 3
    found = classes(*rows, settings=["c1 sale yes yes"], placeholder_limit=2)
    assert found == ["unclaimed_event"] * 3


def test_rows_are_counted_before_filters_and_in_the_window_only():
    """The two events of beta count although the run is for acme; the one in July does not."""
    beta = [event("t1", buyer="beta")] * 2
    july = event("t2", occurred_at=at("03").replace(month=7))
    assert "unidentified" in classes(event("t1"), *beta, placeholder_limit=2, buyers=("acme",))
    assert classes(event("t2"), event("t2"), july, placeholder_limit=2)[0] == "unclaimed_event"


def test_a_setting_of_any_campaign_seen_lets_an_event_repeat():
    """No campaign known: any campaign does; another campaign known: not; unknown counts as no."""
    settings = ["c1 sale yes yes", "c2 sale yes unknown"]

    def second(campaign: str | None, other: str | None) -> str:
        rows = [event("t1", campaign=campaign), event("t1", on="04", campaign=other)]
        return classes(*rows, settings=settings)[1]

    assert second("c1", "c2") == "unclaimed_event"
    assert second(None, None) == "unclaimed_event"
    assert second("c2", None) == "duplicate_event"


def test_rows_of_the_margin_are_context_and_others_are_outside():
    """The margin is in whole local days."""
    rows = [event("t1", on="01 00:00"), claim("t2", on="05 23:59"), event("t3", on="06 00:00")]
    assert sorted(reasons(*rows, margin_days=1)) == ["context", "context", "outside_window"]


def test_days_are_local_and_follow_daylight_saving():
    """In Los Angeles 1 November 2026 begins at 07:00 UTC and ends 25 hours later."""
    rows = [event(f"t{n}", on=on) for n, on in enumerate(["01 06:59", "01 07:00", "02 07:59"])]
    found = run(
        *(*rows, event("t9", on="02 08:00")),
        zone="America/Los_Angeles",
        date_from=date(2026, 11, 1),
        date_to=date(2026, 11, 2),
        margin_days=0,
    )
    assert [row.group[3] for row in found.rows] == [date(2026, 11, 1)] * 2
    assert len(found.left_out) == 2


def test_facts_of_a_lead_count_only_where_its_rows_agree():
    leads = [lead("t1", buyer="acme", campaign="c1"), lead(" t1", campaign="c2"), lead("t1")]
    (found,) = judge(event("t1", buyer=None), *leads)
    assert found.group[1:3] == ("acme", None)


def test_a_claim_prefers_its_partners_campaign_to_its_leads():
    """And the event takes its partner's only when its lead has none."""
    leads = [lead("t1", campaign="c9")]
    found = judge(event("t1", campaign="c1"), claim("t1"), *leads)
    assert [row.group[2] for row in found] == ["c1", "c1"]
    found = judge(event("t1"), claim("t1", campaign="c1"), *leads)
    assert [row.group[2] for row in found] == ["c9", "c1"]
    found = judge(event("t1"), claim("t1", campaign="c1"))
    assert [row.group[2] for row in found] == ["c1", "c1"]


def test_the_event_of_a_claim_is_its_own_else_its_statuss_else_the_default():
    nameless = [claim("t1", event=None, status=" Sale"), claim("t1", event=None)]
    ours = [event("t1", event=name) for name in ("call", "signup", "sale")]
    words = (("sale", "signup"),)
    theirs = [claim("t1", event="call"), *nameless]
    found = judge(*ours, *theirs, status_event=words, default_event="sale")
    assert {said(row) for row in found} == {"matched"}
    assert [row.partner for row in found[:3]] == [("claims.csv", n) for n in (2, 3, 4)]


def test_a_campaign_filter_drops_other_claims_and_other_or_unknown_events():
    """A claim of unknown campaign stays; one takes its campaign from its key's events."""
    claims = [claim("t1"), claim("t2"), claim("t3")]
    found = run(event("t1", campaign="c2"), event("t2"), *claims, campaigns=("c1",))
    assert [(left.side, left.line) for left in found.left_out] == [
        *(("event", 2), ("event", 3), ("claim", 2)),
    ]
    assert {left.reason for left in found.left_out} == {"other_campaign"}


def test_a_buyer_filter_counts_unknown_events_only_if_paired():
    ours = [event("t1", buyer=None), event("t2", buyer=None), event("t3", buyer="beta")]
    theirs = [claim("t1"), claim("t2", buyer=None), claim("t3", buyer="beta")]
    found = run(*ours, *theirs, buyers=("acme",))
    assert [said(row) for row in found.rows] == ["matched", "matched"]
    assert found.left_out == (
        NotReconciled("event", "events.csv", 3, "buyer_unknown"),
        NotReconciled("event", "events.csv", 4, "other_buyer"),
        NotReconciled("claim", "claims.csv", 3, "buyer_unknown"),
        NotReconciled("claim", "claims.csv", 4, "other_buyer"),
    )


def test_without_a_setting_a_conversion_has_revenue():
    """Null and zero have none; a setting that says yes or no decides alone."""
    rows = [event("t1", None), event("t2", "0"), event("t3", "-1")]
    assert reasons(*rows) == ["not_conversion"] * 2
    rows = [event("t1", None, campaign="c1"), event("t2", campaign="c2")]
    settings = ["c1 sale yes no", "c2 sale no no"]
    assert reasons(*rows, settings=settings) == ["not_conversion"]
    assert [row.line for row in judge(*rows, settings=settings)] == [2]


def test_an_event_that_is_none_is_in_scope_once_a_claim_names_it():
    """Otherwise the claim would be called missing."""
    ours, theirs = judge(event("t1", "0"), claim("t1"))
    assert (said(ours), said(theirs)) == ("revenue_mismatch:amount", "revenue_mismatch:amount")
    assert (ours.flags, theirs.flags) == (("not_conversion",), ())


def test_only_conversions_make_a_duplicate():
    rows = [event("t1", "0", on="02"), event("t1")]
    assert classes(*rows) == ["unclaimed_event"]


def test_an_undated_row_takes_its_files_period():
    """Inside the run's it is in scope without a day; without a period it is left out."""
    rows = [event("t1", on=None), claim("t1")]
    ours, theirs = judge(*rows)
    assert (said(ours), ours.flags, ours.group[3]) == ("matched", ("day_shift", "undated"), None)
    silent = world(*rows)
    files = tuple(replace(f, period=None) for f in silent.files)
    found = reconcile_world(replace(silent, files=files))
    assert [left.reason for left in found.left_out] == ["no_time"]
    assert theirs.group[3] == date(2026, 11, 3)


def test_a_report_without_amounts_is_not_compared_by_amount():
    """The pair matches; the money the report does not name is still in the bridge."""
    priced = world(event("t1"), claim("t1", None))
    files = tuple(replace(f, has_amount=f.kind != "claim") for f in priced.files)
    found = reconcile_world(replace(priced, files=files))
    assert [said(row) for row in found.rows] == ["matched", "matched"]
    assert [row.bridge for row in found.rows] == [Decimal(0), Decimal(-10)]


def test_without_claim_files_sold_leads_are_the_claims():
    """Their event is the default one; a word the table maps to approved counts as sold."""
    leads = [lead("t1", "03", status="SOLD ", revenue=Decimal(10), buyer="acme")]
    leads += [lead("t2", "03", status="won", buyer="acme"), lead("t3", "03", status="lost")]
    both = world(event("t1"), *leads, default_event="sale", status=(("Won", "approved"),))
    files = tuple(f for f in both.files if f.kind != "claim")
    found = reconcile_world(replace(both, files=files)).rows
    assert [(row.file, said(row)) for row in found] == [
        ("events.csv", "matched"),
        ("leads.csv", "matched"),
        ("leads.csv", "missing_event"),
    ]


def test_the_bridge_moves_an_events_money_campaign_first_and_then_day():
    """The difference stands with the claim; each shift sums to nothing."""
    third, fourth = date(2026, 11, 3), date(2026, 11, 4)
    theirs = claim("t1", "12", "04", campaign="c2")
    assert buckets(event("t1", "10", campaign="c1"), theirs) == {
        ("c1", third, "events"): "10",
        ("c1", third, "campaign_shift"): "-10",
        ("c2", third, "campaign_shift"): "10",
        ("c2", third, "day_shift"): "-10",
        ("c2", fourth, "day_shift"): "10",
        ("c2", fourth, "revenue_mismatch:amount"): "2",
        ("c2", fourth, "claims"): "12",
    }


def test_each_class_and_reason_has_its_bucket_and_timing_one_for_all():
    """Denied and pending claims count nothing; zero lines are left out."""
    day = date(2026, 11, 3)
    denied = claim("t2", "5", status="test")
    assert buckets(event("t1"), claim("t1", status="hold"), denied) == {
        (None, day, "events"): "10",
        (None, day, "not_due_yet:pending"): "-10",
    }
    assert buckets(event("t1"), claim("t1", on="06", status="hold")) == {
        (None, day, "events"): "10",
        (None, day, "timing"): "-10",
    }


def test_the_claims_campaign_for_settings_is_its_keys_events():
    """Where they disagree it is the lead's."""
    settings = ["c1 call yes no"]
    key = [event("t1", "-1", campaign="c1"), claim("t1")]
    assert classes(*key, settings=settings)[1] == "unknown_event"
    other = event("t1", "-2", campaign="c2")
    assert classes(*key, other, settings=settings)[2] == "missing_event"
    assert classes(*key, other, lead("t1", campaign="c1"), settings=settings)[2] == "unknown_event"
