"""Charts of a funnel draw nothing unknown as a fall, and say in words what they draw."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from reconcile import charts
from reconcile.errors import BadParameters
from reconcile.funnel.maturity import Curve, Point

NAMES = ("Lead", "Call", "Qualified", "Sold")
DAY = 86_400
HOSTILE = "<img src=x onerror=alert(1)>&"


def rates(counts, *, young=0, developed=None, optional=(), **by):
    """Return the rows of one slice as `rates` does; `developed` maps a step to its estimate."""
    rows, before = [], counts[0]
    for step, (name, reached) in enumerate(zip(NAMES, counts, strict=True), 1):
        estimate = (developed or {}).get(step, (None, None, None))
        rows.append(
            by
            | {"is_other": False, "step": step, "name": name, "optional": name in optional}
            | {"leads": counts[0], "before": before, "reached": reached, "young": young}
            | {"of_leads": reached / counts[0], "of_before": reached / before}
            | dict(zip(("developed", "developed_low", "developed_high"), estimate, strict=True))
        )
        before = before if name in optional else reached
    return rows


FINAL = rates([2000, 900, 1000, 100], optional=("Call",))
YOUNG = rates([2000, 1500, 1000, 100], young=800, developed={2: (0.8, 0.78, 0.82)})


def test_a_funnel_is_drawn_in_its_order_with_both_ratios_named():
    """Each label: leads, share of all leads, share of the needed step before."""
    there, coming = charts.funnel_bars(FINAL).data
    assert list(there.y) == ["Lead", "Call (optional)", "Qualified", "Sold"]
    assert list(there.x) == [100, 45, 50, 5]
    assert list(coming.text) == [
        "2,000",
        "900 · 45.0 % · 45.0 %",
        "1,000 · 50.0 % · 50.0 %",
        "100 · 5.0 % · 10.0 %",
    ]
    assert set(coming.x) == {0}
    assert "of the step before" in charts.funnel_bars(FINAL).layout.xaxis.title.text


def test_what_is_still_to_come_is_hatched_and_told():
    """An estimate stands hatched beyond the bar; a bound without one is hatched itself."""
    there, coming = charts.funnel_bars(YOUNG).data
    assert (coming.legendrank or 0) > (there.legendrank or 1000)  # behind all slices
    assert coming.x == pytest.approx((0, 5, 0, 0))
    assert list(coming.base) == list(there.x)
    assert coming.marker.pattern.shape == "/"
    assert list(there.marker.pattern.shape) == ["", "", "/", "/"]
    assert coming.text[1] == "≥ 1,500 · 75.0 % · 75.0 % → 80.0 % (78.0 to 82.0)"
    assert coming.text[3] == "≥ 100 · 5.0 % · 10.0 %"
    assert coming.showlegend


def test_a_funnel_in_words_says_what_its_bars_say():
    assert charts.funnel_bars_text(FINAL) == (
        "Funnel: Lead 2,000; Call (optional) 900 (45.0 % of leads, 45.0 % of the step before); "
        "Qualified 1,000 (50.0 % of leads, 50.0 % of the step before); "
        "Sold 100 (5.0 % of leads, 10.0 % of the step before)."
    )
    young = charts.funnel_bars_text(YOUNG)
    assert "at least 1,500" in young
    assert "estimated to reach 80.0 % of leads, 78.0 % to 82.0 %" in young
    assert young.endswith("800 of 2,000 leads are younger than the window and may still convert.")
    assert charts.funnel_bars_text([]) == "Funnel: no lead is meant."
    assert len(charts.funnel_bars([]).data) == 0


def test_slices_stand_side_by_side_up_to_four():
    """A fifth could not be told apart: the reader is asked to choose."""
    slices = [rates([100, 50, 20, 10], pid=name) for name in ("a", None, "c", "d", "e")]
    four = charts.funnel_bars([row for one in slices[:4] for row in one], ["pid"])
    assert [bar.name for bar in four.data[::2]] == ["a", "no source", "c", "d"]
    assert len({bar.marker.color for bar in four.data[::2]}) == 4
    with pytest.raises(BadParameters, match="4 slices, not 5"):
        charts.funnel_bars([row for one in slices for row in one], ["pid"])
    others = [row | {"is_other": True, "pid": None} for row in slices[0]]
    assert charts.funnel_bars(others, ["pid"]).data[0].name == "all others"
    assert charts.funnel_bars_text(others, ["pid"]).startswith("Funnel of all others: Lead 100;")


def test_a_share_of_nobody_is_a_dash():
    """0 % would be false."""
    rows = [row | {"of_before": None} if row["step"] == 4 else row for row in FINAL]
    assert charts.funnel_bars(rows).data[1].text[3] == "100 · 5.0 % · -"


def daily(pid=None, *, leads=100, days=6, young=3, last="too_young"):
    """Return the last step of daily cohorts: the last ones young, the very last not estimated."""
    rows = []
    for number in range(days):
        is_young = number >= days - young
        estimate = {4: (0.2, 0.15, 0.3)} if is_young and number < days - 1 else None
        sold = rates([leads, leads, leads, leads // 10], young=9 * is_young, developed=estimate)
        cohort = date(2026, 11, 1) + timedelta(number)
        ripeness = ("immature" if estimate else last) if is_young else "mature"
        rows.append(sold[3] | {"day": cohort, "pid": pid, "ripeness": ripeness})
    return rows


def line(figure, name):
    """Return the points of the first line of that name."""
    return next(trace for trace in figure.data if trace.name == name)


def test_young_cohorts_go_on_dashed_in_a_shaded_zone():
    """The line ends before the first young cohort; what is there by now is dots, not a fall."""
    figure = charts.cohort_lines(daily(), ["day"], 4)
    assert line(figure, "final").y == (10, 10, 10, None, None, None)
    assert line(figure, "estimated").y == (None, None, None, 20, 20, None)
    assert line(figure, "by now").y == (None, None, None, 10, 10, 10)
    (zone,) = figure.layout.shapes
    assert (zone.x0, zone.x1) == ("2026-11-04", "2026-11-06")
    band = figure.data[0]
    assert band.y == (30, 30, 15, 15)
    assert "younger than the window" in figure.layout.annotations[0].text


def test_old_cohorts_alone_have_no_zone():
    """Nor does a chart without any cohort."""
    assert charts.cohort_lines(daily(young=0), ["day"], 4).layout.shapes == ()
    assert charts.cohort_lines([], ["day"], 4).layout.shapes == ()
    assert charts.cohort_lines_text([], ["day"], 4) == "By day: no lead is meant."


def test_cohorts_of_few_leads_are_left_blank_and_counted():
    """29 leads are noise, 30 are a rate."""
    rows = daily(leads=29, days=1, young=0) + daily(leads=30, days=2, young=0)[1:]
    assert line(charts.cohort_lines(rows, ["day"], 4), "final").y == (None, 10)
    assert charts.cohort_lines_text(rows, ["day"], 4) == (
        "Sold by day: 1 final cohorts from 2026-11-02 to 2026-11-02, 10.0 % to 10.0 % of leads; "
        "1 of fewer than 30 leads left blank."
    )


def test_cohort_lines_in_words_tell_the_last_cohort_and_its_state():
    text = charts.cohort_lines_text(daily("google") + daily("bing"), ["pid", "day"], 4)
    assert text.startswith("Sold by day of google: 3 final cohorts from 2026-11-01 to 2026-11-03")
    assert "Sold by day of bing" in text
    assert "10 of 100 (10.0 %) by now, too young for an estimate" in text
    unsteady = charts.cohort_lines_text(daily(last="unsteady"), ["day"], 4)
    assert "by now, without an estimate, as young leads convert at another pace" in unsteady


def test_lines_by_cohort_need_a_cohort():
    for chart in (charts.cohort_lines, charts.cohort_lines_text):
        with pytest.raises(BadParameters, match="day, week or month"):
            chart(daily(), ["pid"], 4)


POINTS = (Point(60, 0.1, 0.08, 0.12, 0.5), Point(2 * DAY, 0.2, 0.17, 0.23, 1.0))
CURVES = [Curve(None, True, 900, 180, POINTS), Curve(HOSTILE, False, 500, 100, POINTS)]
BARS = [
    {"low_s": 0, "high_s": 60, "leads": 90},
    {"low_s": 60, "high_s": 300, "leads": 0},
    {"low_s": 300, "high_s": 2 * DAY, "leads": 1070},
]


def test_time_to_convert_is_a_curve_of_steps_over_bars():
    """A step holds until the next; each bar names its span and its leads."""
    figure = charts.time_to_convert(CURVES, BARS)
    pooled = line(figure, "all leads")
    assert pooled.line.shape == "hv"
    assert pooled.y == pytest.approx((0, 10, 20))
    assert pooled.x == pytest.approx((0, 60 / DAY, 2))
    bars = figure.data[-1]
    assert list(bars.x) == ["under 1 min", "1 to 5 min", "5 min to 2 d"]
    assert list(bars.text) == ["90", "0", "1,070"]
    band = figure.data[0]
    assert max(band.y) == pytest.approx(23)
    assert band.fill == "toself"


def test_time_to_convert_in_words_says_how_many_and_by_when():
    assert charts.time_to_convert_text(CURVES[:1], BARS) == (
        "Time to convert: Of all leads (900) 20.0 % convert within 2 d, half of these by 1 min. "
        "Of 1,160 leads that have, most (1,070) took 5 min to 2 d."
    )
    assert charts.time_to_convert_text([], []) == (
        "Time to convert: Too few leads for a curve. Nobody has converted."
    )
    assert len(charts.time_to_convert([], []).data) == 1


def grown(leads, converted, age=DAY, cohort=date(2026, 11, 1)):
    """Return one cell of growth by age."""
    return {"cohort": cohort, "age_s": age, "leads": leads, "converted": converted}


def test_growth_by_age_leaves_blank_what_is_few_or_not_reached():
    """29 leads, and an age that the youngest lead of the cohort does not have yet."""
    rows = [grown(30, 3), grown(30, 6, 2 * DAY), grown(29, 9, cohort=date(2026, 11, 2))]
    rows += [grown(40, 4, cohort=date(2026, 11, 3)), grown(40, None, 2 * DAY, date(2026, 11, 3))]
    (table,) = charts.cohort_ages(rows).data
    assert list(table.x) == ["1 d", "2 d"]
    assert [list(row) for row in table.text] == [["10.0", "20.0"], ["", ""], ["10.0", ""]]
    assert table.z[1][0] is None
    assert charts.cohort_ages_text(rows) == (
        "Growth by age, lowest to highest cohort: by 1 d 10.0 % to 10.0 % (2 cohorts); "
        "by 2 d 20.0 % to 20.0 % (1 cohorts)."
    )
    assert "no cohort has 30 leads" in charts.cohort_ages_text([])


MATRIX = [
    {"tracked": 4, "reconciled": 4, "leads": 50},
    {"tracked": 3, "reconciled": 4, "leads": 7},
    {"tracked": 4, "reconciled": 3, "leads": 2},
    {"tracked": 0, "reconciled": 1, "leads": 1},
    {"tracked": 2, "reconciled": 2, "leads": 0},
]


def test_moved_leads_flow_from_the_tracked_step_to_the_reconciled_one():
    """Nodes name their size; flows that move are coloured, one that holds nobody is left out."""
    (flow,) = charts.tracked_and_reconciled(MATRIX, NAMES).data
    assert list(flow.node.label) == [
        *("Sold · 52", "Qualified · 7", "no lead · 1"),
        *("Sold · 57", "Qualified · 2", "Lead · 1"),
    ]
    assert list(flow.link.value) == [50, 2, 7, 1]
    assert list(flow.link.source) == [0, 0, 1, 2]
    assert list(flow.link.target) == [3, 4, 3, 5]
    assert len(set(flow.link.color)) == 3
    assert all(0 < place < 1 for place in (*flow.node.x, *flow.node.y))


def test_moved_leads_in_words_name_from_where_to_where():
    assert charts.tracked_and_reconciled_text(MATRIX, NAMES) == (
        "Tracked and reconciled: 50 leads stand where they were tracked. Moved: "
        "2 from Sold to Qualified; 7 from Qualified to Sold; 1 from no lead to Lead."
    )
    assert charts.tracked_and_reconciled_text(MATRIX[:1], NAMES).endswith("Moved: none.")
    assert "no lead is meant" in charts.tracked_and_reconciled_text([], NAMES)
    assert charts.tracked_and_reconciled([], NAMES).data[0].node.label == ()


def test_a_long_name_is_cut_beside_its_node_and_whole_when_pointed_at():
    """On a narrow screen the labels of the two sides would run into each other."""
    long = "Application for an auto loan, signed"
    (flow,) = charts.tracked_and_reconciled(MATRIX, [long] * 4).data
    assert all(len(label.partition(" · ")[0]) <= 16 for label in flow.node.label)
    assert any(text.startswith(long) for text in flow.node.customdata)


def drawn_with(hostile):
    """Return every chart, made of rows that hold a hostile text wherever a file could put one."""
    rows = [row | {"name": hostile, "pid": hostile} for row in FINAL + YOUNG]
    cohorts = [row | {"name": hostile} for row in daily(hostile)]
    return {
        "bars": charts.funnel_bars(rows, ["pid"]),
        "lines": charts.cohort_lines(cohorts, ["pid", "day"], 4),
        "times": charts.time_to_convert(CURVES, BARS),
        "growth": charts.cohort_ages([grown(30, 3)]),
        "moves": charts.tracked_and_reconciled(MATRIX, [hostile] * 4),
    }


def test_hostile_texts_stay_texts():
    """Plotly reads markup in labels, legends, titles and hovers; a file may hold any."""
    drawn = drawn_with(HOSTILE)
    whole = {name: json.dumps(figure.to_dict(), default=list) for name, figure in drawn.items()}
    assert [name for name, text in whole.items() if "<img" in text] == []
    assert all("&lt;img" in whole[name] for name in ("bars", "lines", "times", "moves"))
    assert HOSTILE in charts.funnel_bars_text([row | {"name": HOSTILE} for row in FINAL])


@pytest.mark.parametrize("name", ["bars", "lines", "times", "growth", "moves"])
def test_ink_colours_what_is_read_on_any_ground(name):
    """All axes, notes, legends and labels; the figures in a table of colours keep their own."""
    figure = charts.inked(drawn_with("x")[name], "#123456")
    assert figure.layout.font.color == "#123456"
    assert {axis.tickfont.color for axis in (*figure.select_xaxes(), *figure.select_yaxes())} <= {
        "#123456"
    }
    assert {note.font.color for note in figure.layout.annotations} <= {"#123456"}
    for trace in figure.data:
        if trace.type in ("bar", "sankey"):
            assert trace.textfont.color == "#123456"
        if trace.type == "heatmap":
            assert trace.textfont.color != "#123456"
            assert trace.colorbar.tickfont.color == "#123456"


def test_a_chart_is_a_page_that_needs_no_network():
    """All of it is in the file, and no text of a file can become markup or end a script."""
    hostile = "</script><script>alert(1)</script>"
    rows = [row | {"name": hostile} for row in FINAL]
    text = charts.funnel_bars_text(rows)
    page = charts.chart_page(charts.funnel_bars(rows), text, title=hostile)
    assert "alert(1)</script>" not in page
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", page)
    assert "Funnel: &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; 2,000" in page
