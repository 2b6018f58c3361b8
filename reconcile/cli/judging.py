"""How sure answers of a funnel are, as the command line shows them: rates, curves, charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from reconcile import charts
from reconcile.cli.printing import Fields, Record
from reconcile.errors import BadParameters
from reconcile.funnel.facts import COHORTS
from reconcile.funnel.judging import Funnel
from reconcile.funnel.view import FunnelView

_STEP: Fields = {"step": int, "name": str}
_SHARES = ("of_leads", "low", "high", "of_before", "before_low", "before_high")
_TO_COME = ("developed", "developed_low", "developed_high")

RATE_FIELDS: Fields = {
    **_STEP,
    **dict.fromkeys(("leads", "before", "reached"), int),
    **dict.fromkeys(_SHARES, Decimal),
    "young": int,
    "ripeness": str,
    **dict.fromkeys(("share", *_TO_COME), Decimal),
    "own_curve": str,
}
RATE_TOLD = ("step", "name", "reached", "of leads", "of before", "young", "ripeness", "will be")
"""Columns of rates that a person reads."""
CURVE_FIELDS: Fields = {
    "slice": str,
    "age_s": int,
    **dict.fromkeys(("reached", "low", "high", "share"), Decimal),
}
GROWTH_FIELDS: Fields = {"cohort": date, **dict.fromkeys(("age_s", "leads", "converted"), int)}


def rate_for_people(row: Record) -> Record:
    """Return a row of rates as a person reads it: percentages, each with its interval."""
    return row | {
        "of leads": _with_span(row, "of_leads", "low", "high"),
        "of before": _with_span(row, "of_before", "before_low", "before_high"),
        "ripeness": (row["ripeness"] or "").replace("_", " "),
        "will be": _with_span(row, *_TO_COME) if row["ripeness"] == "immature" else "",
    }


def curve_rows(opened: Funnel, step: int, view: FunnelView) -> list[Record]:
    """Return the points of the curves of a step, one row each; no slice is all leads."""
    return [
        {"slice": None if curve.is_pooled else curve.key or "(none)"}
        | {name: getattr(point, name) for name in ("age_s", "reached", "low", "high", "share")}
        for curve in opened.curves(step, view)
        for point in curve.points
    ]


def write_chart(path: Path, opened: Funnel, view: FunnelView, what: str, step: int) -> str:
    """Write the chart of a question as a page that opens without a network; return its text.

    Raises:
        BadParameters: The question has no chart.
    """
    by_cohort = bool(set(view.by) & set(COHORTS))
    names = opened.definition.names
    drawn: dict[str, Callable[[], tuple[object, str]]] = {
        "counts": lambda: _rates_drawn(opened, view, step if by_cohort else None),
        "rates": lambda: _rates_drawn(opened, view, step if by_cohort else None),
        "times": lambda: _times_drawn(opened, view, step),
        "histogram": lambda: _times_drawn(opened, view, step),
        "curve": lambda: _times_drawn(opened, view, step),
        "growth": lambda: _both(
            charts.cohort_ages, charts.cohort_ages_text, opened.growth(step, view)
        ),
        "matrix": lambda: _both(
            charts.tracked_and_reconciled,
            charts.tracked_and_reconciled_text,
            opened.matrix(view),
            names,
        ),
    }
    if what not in drawn:
        raise BadParameters(f"--chart: {what} has no chart; there is one of {', '.join(drawn)}.")
    figure, text = drawn[what]()
    title = f"Funnel {opened.definition.name}"
    path.write_text(charts.chart_page(figure, text, title=title), encoding="utf-8")
    return text


def _rates_drawn(opened: Funnel, view: FunnelView, step: int | None) -> tuple[object, str]:
    rows = opened.rates(view)
    if step is None:
        return _both(charts.funnel_bars, charts.funnel_bars_text, rows, view.by)
    return _both(charts.cohort_lines, charts.cohort_lines_text, rows, view.by, step)


def _times_drawn(opened: Funnel, view: FunnelView, step: int) -> tuple[object, str]:
    asked = opened.curves(step, view), opened.histogram(step, view)
    return _both(charts.time_to_convert, charts.time_to_convert_text, *asked)


def _both(
    draw: Callable[..., object], tell: Callable[..., str], *asked: object
) -> tuple[object, str]:
    """Return a chart, and the text that says the same."""
    return draw(*asked), tell(*asked)


def _with_span(row: Record, value: str, low: str, high: str) -> str:
    if row[value] is None:
        return ""
    if row[low] is None:
        return f"{row[value]:.1%}"
    return f"{row[value]:.1%} ({row[low]:.1%} to {row[high]:.1%})"
