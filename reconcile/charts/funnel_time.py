"""Time to convert: how many have by which age, and how long it took them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reconcile.charts.form import GRID, SERIES, TOP, TOTAL, band, laid_out, length, safe, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from reconcile.funnel.maturity import Curve

Record = Mapping[str, Any]

_DAY_S = 86_400
_MOST = 1 + len(SERIES)
_UNITS = (("days", _DAY_S), ("hours", 3_600), ("minutes", 60))


def time_to_convert(curves: Sequence[Curve], bars: Sequence[Record]) -> go.Figure:
    """Draw how many of all leads have converted by which age, and below it how long it took them.

    Args:
        curves: What `curves` of a funnel returns; that of all and four more are drawn.
        bars: what its `histogram` returns.
    """
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=2, cols=1, vertical_spacing=0.2, row_heights=[0.6, 0.4])
    longest = max((one.points[-1].age_s for one in curves), default=_DAY_S)
    unit, size = next(
        (unit, size) for unit, size in _UNITS if longest >= 2 * size or size == _UNITS[-1][1]
    )
    for number, one in enumerate(curves[:_MOST]):
        for trace in _curve_lines(one, size, number):
            figure.add_trace(trace, row=1, col=1)
    figure.add_trace(_bars(bars), row=2, col=1)
    figure.update_xaxes(title={"text": f"Age in {unit}", "font": {"size": 13}}, row=1, col=1)
    figure.update_yaxes(
        title={"text": "% of leads", "font": {"size": 13}}, rangemode="tozero", row=1, col=1
    )
    top = 1.25 * max((bar["leads"] for bar in bars), default=0) or 1
    title = {"text": "Leads", "font": {"size": 13}}
    figure.update_yaxes(title=title, range=[0, top], nticks=4, tickformat=",", row=2, col=1)
    figure.update_xaxes(type="category", showgrid=False, automargin=True, row=2, col=1)
    figure.update_xaxes(zeroline=False, gridcolor=GRID)
    figure.update_yaxes(zeroline=False, gridcolor=GRID)
    laid_out(figure, height=470, right=16)
    figure.update_layout(bargap=0.1)
    if len(curves) > 1:
        figure.update_layout(showlegend=True, margin={"t": 40}, legend=TOP)
    return figure


def time_to_convert_text(curves: Sequence[Curve], bars: Sequence[Record]) -> str:
    """Say in words what `time_to_convert` draws."""
    told = [_curve_text(one) for one in curves[:_MOST]] or ["Too few leads for a curve."]
    leads = sum(bar["leads"] for bar in bars)
    if not leads:
        return f"Time to convert: {' '.join(told)} Nobody has converted."
    most = max(bars, key=lambda bar: bar["leads"])
    return (
        f"Time to convert: {' '.join(told)} Of {leads:,} leads that have, most "
        f"({most['leads']:,}) took {_span(most)}."
    )


def _curve_lines(one: Curve, size: int, number: int) -> list[go.Scatter]:
    """Return a curve as steps, and the band of its bounds as steps too."""
    import plotly.graph_objects as go

    # The curve of all stands in grey before those of slices.
    colour = (TOTAL, *SERIES)[number]
    ages = [0.0, *(point.age_s / size for point in one.points)]
    reached, low, high = (
        [0.0, *(100 * getattr(point, name) for point in one.points)]
        for name in ("reached", "low", "high")
    )
    # A step holds until the next one, so that the band has two corners for each.
    corners = [age for age in ages for _ in range(2)][1:]
    upper, lower = ([value for value in side for _ in range(2)][:-1] for side in (high, low))
    name = safe("all leads" if one.is_pooled else one.key or "none")
    texts = [
        [f"{name}: {value:.1f} % by {length(round(age * size))}"]
        for age, value in zip(ages, reached, strict=True)
    ]
    line = go.Scatter(
        x=ages,
        y=reached,
        name=name,
        mode="lines",
        line={"color": colour, "width": 2, "shape": "hv"},
        customdata=texts,
        hovertemplate="%{customdata[0]}<extra></extra>",
    )
    return [*band(corners, lower, upper, colour), line]


def _bars(bars: Sequence[Record]) -> go.Bar:
    import plotly.graph_objects as go

    return go.Bar(
        x=[_span(bar) for bar in bars],
        y=[bar["leads"] for bar in bars],
        text=[f"{bar['leads']:,}" for bar in bars],
        textposition="outside",
        cliponaxis=False,
        constraintext="none",
        customdata=[[bar["low_s"], bar["high_s"]] for bar in bars],
        hovertemplate="%{x}: %{text} leads<extra></extra>",
        marker={"color": TOTAL},
        showlegend=False,
    )


def _span(bar: Record) -> str:
    low, high = length(bar["low_s"]), length(bar["high_s"])
    if not bar["low_s"]:
        return f"under {high}"
    # One unit is enough where both have the same.
    return f"{low.split()[0] if low.split()[1] == high.split()[1] else low} to {high}"


def _curve_text(one: Curve) -> str:
    end = one.points[-1]
    half = next((point for point in one.points if point.share >= 0.5), end)
    name = "all leads" if one.is_pooled else one.key or "none"
    return (
        f"Of {name} ({one.leads:,}) {share(end.reached)} convert within {length(end.age_s)}, "
        f"half of these by {length(half.age_s)}."
    )
