"""Charts are made of exact rows, always the same, and say in words what they draw."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reconcile import charts
from reconcile.errors import BadParameters


def rows(*amounts, currency="USD", day=None):
    """Return rows of a bridge."""
    return [
        {"currency": currency, "day": day, "bucket": bucket, "amount": Decimal(amount)}
        for bucket, amount in amounts
    ]


BRIDGE = rows(
    ("events", "63238.32"),
    ("missing_event", "1693.32"),
    ("status_conflict:rejected", "-447.10"),
    ("clawback", "0.00"),
    ("claims", "64484.54"),
)


def test_a_bridge_is_drawn_from_events_over_the_largest_step_to_claims():
    """Each bar carries its sign as text; a bucket that sums to nothing has none."""
    (trace,) = charts.waterfall(BRIDGE).to_dict()["data"]
    assert [bucket for (bucket,) in trace["customdata"]] == [
        "events",
        "missing_event",
        "status_conflict:rejected",
        "claims",
    ]
    assert trace["text"] == ["63,238.32", "+1,693.32", "-447.10", "64,484.54"]
    assert trace["measure"] == ["absolute", "relative", "relative", "total"]
    assert trace["y"][2] == "Denied by the buyer (rejected)"


def test_the_order_of_the_rows_changes_nothing_in_a_chart():
    assert charts.waterfall(BRIDGE[::-1]).to_dict() == charts.waterfall(BRIDGE).to_dict()


def test_an_axis_that_does_not_begin_at_nothing_says_so():
    """Small steps between large sums would be invisible on a whole axis."""
    cut = charts.waterfall(BRIDGE).layout.xaxis
    whole = charts.waterfall(rows(("events", "10"), ("missing_event", "9"), ("claims", "19")))
    assert cut.range[0] > 0
    assert "does not begin at 0" in cut.title.text
    assert whole.layout.xaxis.range[0] == 0
    assert whole.layout.xaxis.title.text == "USD"


def test_a_bridge_in_words_names_every_step_to_the_cent():
    assert charts.waterfall_text(BRIDGE) == (
        "Bridge in USD: our events 63,238.32; Missing event +1,693.32; "
        "Denied by the buyer (rejected) -447.10; buyers' claims 64,484.54."
    )


def test_a_chart_of_no_rows_and_of_claims_alone_is_still_drawn():
    """Nothing on one side is an amount like any other."""
    (nothing,) = charts.waterfall([]).data
    assert nothing.text == ("0.00", "0.00")
    alone = charts.waterfall(rows(("uncovered_claim", "5"), ("claims", "5")))
    assert alone.data[0].text == ("0.00", "+5.00", "5.00")
    assert charts.waterfall_text([]) == (
        "Bridge: our events 0.00; no difference; buyers' claims 0.00."
    )


def test_shown_amounts_never_pass_through_a_float():
    """A float holds about 16 digits; the text holds all."""
    exact = rows(("events", "12345678901234567.1234"), ("claims", "12345678901234567.1234"))
    assert charts.waterfall(exact).data[0].text[0] == "12,345,678,901,234,567.1234"


@pytest.mark.parametrize(
    "chart",
    [charts.waterfall, charts.waterfall_text, charts.gap_per_day, charts.gap_per_day_text],
)
def test_a_chart_of_two_currencies_is_refused(chart):
    """Dollars and pounds have no sum."""
    with pytest.raises(BadParameters, match="one currency, not GBP, USD"):
        chart(BRIDGE + rows(("events", "1"), currency="GBP"))


def test_a_hostile_currency_stays_text():
    """Plotly reads markup in titles; a file may hold any."""
    figure = charts.waterfall(rows(("events", "1"), ("claims", "1"), currency="<IMG SRC=X>&"))
    assert figure.layout.xaxis.title.text == "&lt;IMG SRC=X>&amp;"


DAYS = (
    rows(("events", "10"), ("claims", "8.50"), ("timing", "-1.50"), day=date(2026, 11, 2))
    + rows(("claims", "0.75"), day=date(2026, 11, 1))
    + rows(("events", "3"), day=None)
)


def test_the_gap_of_a_day_is_claims_less_events():
    (trace,) = charts.gap_per_day(DAYS).to_dict()["data"]
    assert trace["x"] == ["2026-11-01", "2026-11-02"]
    assert trace["customdata"] == [["+0.75"], ["-1.50"]]


def test_the_gap_in_words_names_what_has_no_day():
    assert charts.gap_per_day_text(DAYS) == (
        "Gap per day in USD, claims less events: -0.75 over 2 days, "
        "widest on 2026-11-02 with -1.50; -3.00 on no known day."
    )
    shift = rows(("day_shift", "-40"), day=date(2026, 11, 1))
    back = rows(("day_shift", "40"), day=date(2026, 11, 2))
    assert charts.gap_per_day_text([*DAYS, *shift, *back]).endswith(
        "on no known day. 40.00 only moved from one day to another and cancels out."
    )
    assert charts.gap_per_day_text([]) == "Gap per day: no day has money on either side."


def test_ink_colours_all_text_of_a_chart():
    figure = charts.inked(charts.waterfall(BRIDGE), "#123456")
    assert figure.layout.yaxis.tickfont.color == "#123456"
    assert figure.data[0].textfont.color == "#123456"
    assert charts.inked(charts.gap_per_day(DAYS), "#123456").layout.font.color == "#123456"
