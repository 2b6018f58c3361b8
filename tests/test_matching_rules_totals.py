"""Groups, bridge, counts and what a row lost to, as the matching questions say them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from reconcile.errors import QuestionOpen
from reconcile.matching import steps
from tests.matching_worlds import QuickEngine, reconcile_by_sql
from tests.reference import Verdicts
from tests.reference_rows import claim, event, lead, world

SETTINGS = ("c1 sale yes no", "c1 call yes yes")
THIRD, FOURTH = date(2026, 11, 3), date(2026, 11, 4)
REPEATS = {"event": "call", "campaign": "c1"}


@pytest.fixture(scope="module")
def engine() -> Iterator[QuickEngine]:
    engine = QuickEngine()
    yield engine
    engine.close()


def judge(engine: QuickEngine, *rows: Any, **params: Any) -> Verdicts:
    return reconcile_by_sql(engine, world(*rows, settings=SETTINGS, **params))[0]


def groups(engine: QuickEngine, *rows: Any) -> list[tuple[str | None, str | None]]:
    """Return buyer and campaign of each row's group, events first."""
    return [row.group[1:3] for row in judge(engine, *rows).rows]


def lines(found: Verdicts) -> dict[tuple[str | None, date | None, str], Decimal]:
    """Return the bridge by campaign, day and bucket."""
    return {(line[2], line[3], line[4]): money for line, money in found.bridge.items()}


def test_a_row_takes_buyer_and_campaign_from_its_partner(engine):
    """The first known of its own, its lead's and its partner's; a claim asks its lead last."""
    here, there = event("t1", "9", campaign="c1"), claim("t1", buyer=None)
    assert groups(engine, here, there) == [("acme", "c1")] * 2
    here, there = event("t1", "9", buyer=None), claim("t1", campaign="c2")
    assert groups(engine, here, there) == [("acme", "c2")] * 2
    here, there = event("t1", "9", campaign="c1"), claim("t1")
    assert groups(engine, here, there, lead("t1", campaign="c3")) == [("acme", "c1")] * 2


def test_a_left_over_row_has_its_leads_buyer_and_campaign(engine):
    """Its own, where it has one."""
    rows = [kind(tx, buyer=None) for tx, kind in (("t1", event), ("t2", claim))]
    leads = [lead(tx, buyer="beta", campaign="c3") for tx in ("t1", "t2", "t3")]
    expected = [("beta", "c3"), ("beta", "c3"), ("acme", "c4")]
    assert groups(engine, *rows, claim("t3", campaign="c4"), *leads) == expected


def test_a_pair_keeps_the_rule_that_joined_it(engine):
    """Whether it was looked at or not."""
    rows = [event("t1"), event("t2", buyer=None), event("t3", "9"), event("t4", "9", buyer=None)]
    rows += [claim(f"t{n}") for n in range(1, 5)]
    rows += [event("Lead-X"), claim("leadx")]
    rules = [row.rule for row in judge(engine, *rows).rows if row.side == "event"]
    assert rules == ["exact", "unknown_buyer", "exact", "unknown_buyer", "loose_id"]


def test_without_a_buyer_report_the_sold_leads_are_the_claims(engine):
    """Other leads are none; their event is the default one."""
    rows = [event("t1"), lead("t1", "03", status="Sold ", revenue=Decimal(10), buyer="acme")]
    rows += [lead("t2", "03", status="lost"), lead("t3", "03", status="converted")]
    both = world(*rows, settings=SETTINGS, default_event="sale")
    leads = replace(both, files=tuple(f for f in both.files if f.kind != "claim"))
    found = reconcile_by_sql(engine, leads)[0].rows
    assert [(row.side, row.line, row.row_class) for row in found] == [
        ("event", 2, "matched"),
        ("claim", 2, "matched"),
        ("claim", 4, "missing_event"),
    ]


def test_a_placeholders_lead_lends_nothing(engine):
    """Leads of an id that identifies nothing are nobody's."""
    rows = [event("test", buyer=None), lead("test", buyer="beta", campaign="c3")]
    assert groups(engine, *rows) == [(None, None)]


def test_money_moves_to_the_claims_campaign_and_then_to_its_day(engine):
    """The difference stands with the claim; each shift sums to nothing."""
    rows = [event("t1", campaign="c1"), claim("t1", "12", "04", campaign="c2")]
    assert lines(judge(engine, *rows)) == {
        ("c1", THIRD, "events"): 10,
        ("c1", THIRD, "campaign_shift"): -10,
        ("c2", THIRD, "campaign_shift"): 10,
        ("c2", THIRD, "day_shift"): -10,
        ("c2", FOURTH, "day_shift"): 10,
        ("c2", FOURTH, "revenue_mismatch:amount"): 2,
        ("c2", FOURTH, "claims"): 12,
    }


def test_a_clean_pair_shifts_its_day_only(engine):
    """It never is looked at row by row."""
    assert lines(judge(engine, event("t1"), claim("t1", on="04"))) == {
        (None, THIRD, "events"): 10,
        (None, THIRD, "day_shift"): -10,
        (None, FOURTH, "day_shift"): 10,
        (None, FOURTH, "claims"): 10,
    }


def test_each_class_and_reason_has_its_bucket_and_timing_one(engine):
    """What is denied or pending counts nothing; unequal currencies stand each for itself."""
    rows = [event("t1"), claim("t1", status="hold"), event("t2"), claim("t2", "12", on="06")]
    rows += [claim("t3", status="test"), event("t4"), claim("t5", "-1"), claim("t6", "12", None)]
    found = lines(judge(engine, *rows))
    assert {bucket: str(money) for (_, day, bucket), money in found.items() if day == THIRD} == {
        "events": "30.0000",
        "not_due_yet:pending": "-10.0000",
        "timing": "-10.0000",
        "unclaimed_event": "-10.0000",
        "clawback": "-1.0000",
        "claims": "-1.0000",
    }
    assert found[None, None, "missing_event"] == found[None, None, "claims"] == 12
    two = judge(engine, event("t1", currency="USD"), claim("t1", currency="EUR", on="04"))
    assert {(*line[:1], *line[3:]): money for line, money in two.bridge.items()} == {
        ("USD", THIRD, "events"): 10,
        ("USD", THIRD, "revenue_mismatch:currency"): -10,
        ("EUR", FOURTH, "revenue_mismatch:currency"): 10,
        ("EUR", FOURTH, "claims"): 10,
    }


def test_a_finding_is_a_row_or_a_pair_of_a_class_that_asks_for_something(engine):
    """A pair is one; what matched, waits or counts nothing is none."""
    rows = [event("t1"), claim("t1", "12"), event("t2"), claim("t2"), claim("t3"), event("t4")]
    rows += [claim("t5", status="test"), event("t6"), claim("t6", status="hold")]
    rows += [event("t7", on="01"), claim("t7")]
    assert reconcile_by_sql(engine, world(*rows))[1].findings == 3


def test_rows_that_are_not_reconciled_are_counted_by_reason(engine):
    """The counts add up to the rows read."""
    rows = [event("t1", "0"), event("t2", on="01"), event("t3", buyer=None), claim("t2", on="01")]
    rows += [event("t4", occurred_at=datetime.fromisoformat("2025-01-01")), event("t5")]
    rows += [event("t6", buyer="beta"), claim("t7", buyer=None), event("t8", on="01")]
    tally = reconcile_by_sql(engine, world(*rows, buyers=("acme",)))[1]
    assert tally.left_out == {
        ("event", "not_conversion"): 1,
        ("event", "context"): 2,
        ("event", "buyer_unknown"): 1,
        ("event", "outside_window"): 1,
        ("event", "other_buyer"): 1,
        ("claim", "context"): 1,
        ("claim", "buyer_unknown"): 1,
    }
    assert tally.rows_read == {"event": 7, "claim": 2}


def lost_to(engine: QuickEngine, *rows: Any) -> dict[tuple[str, int], int]:
    """Return for each duplicate the line it lost to."""
    judge(engine, *rows)
    table = engine._con.table("row_in_scope").filter("rival_line is not null")
    return {(s, n): r for s, n, r in table.project("side, line, rival_line").fetchall()}


def test_a_duplicate_lost_to_the_paired_row_and_else_to_the_earliest(engine):
    """Even if the paired one comes later."""
    paired = event("t1", on="04"), claim("t1", on="04")
    assert lost_to(engine, event("t1", "9"), *paired) == {("event", 2): 3}
    assert lost_to(engine, claim("t1", "9"), *paired) == {("claim", 2): 3}
    three = [claim("t1", on=on) for on in ("04", "03", "02")]
    assert lost_to(engine, *three) == {("claim", 2): 4, ("claim", 3): 4}
    three = [event("t1", on=on) for on in ("04", "03", "02")]
    assert lost_to(engine, *three) == {("event", 2): 4, ("event", 3): 4}


def test_the_candidates_of_one_key_are_capped_by_content(engine, monkeypatch):
    """Of three equal keys only two rows a side are tried; the cap is counted when both meet it."""
    monkeypatch.setattr(steps, "CANDIDATE_CAP", 2)
    late = [event("t1", "40", "04", **REPEATS), claim("t1", "40", "04", **REPEATS)]
    early = [[kind("t1", "10", "03", **REPEATS)] * 2 for kind in (event, claim)]
    for buyer in ("acme", None):
        rows = [*early[0], late[0], claim("t1", "40", buyer=buyer, **REPEATS)]
        assert [row.line for row in judge(engine, *rows).rows if row.rule] == [2, 2]
        rows = [event("t1", "40", buyer=buyer, **REPEATS), *early[1], late[1]]
        assert [row.line for row in judge(engine, *rows).rows if row.rule] == [2, 2]
    tallies = [
        reconcile_by_sql(engine, world(*rows, settings=SETTINGS))[1].capped_keys
        for rows in ([*early[0], *late, *early[1]], [*early[0], *late], [*late, *early[1]])
    ]
    assert tallies == [1, 0, 0]


def test_a_status_that_no_table_knows_is_a_question(engine):
    """But only where a claim of the window carries it, and until it is answered."""
    with pytest.raises(QuestionOpen, match=r"'qq': 1 row\(s\), first in claims.csv line 2"):
        judge(engine, claim("t1", status=" Qq "))
    answered = judge(engine, claim("t1", status=" Qq "), status=(("qQ", "test"),))
    assert answered.rows[0].reason == "test"
    long_ago = datetime.fromisoformat("2025-01-01")
    assert judge(engine, claim("t1", status="Qq", occurred_at=long_ago)).rows == ()
