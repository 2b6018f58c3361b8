"""What all charts share: colours, layout, and texts that stay texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from reconcile.showing import visible

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Told apart by people who see no red or green, on white and on dark ground.
MORE, LESS, TOTAL = "#2b9a8c", "#d9772e", "#7486a0"
SERIES = (MORE, LESS, "#6a7fd6", "#b3568f")
"""Colours of series side by side; a chart of more is not read."""

_FAINT = 0.18

GRID = "rgba(116,134,160,0.3)"
"""Lines behind a chart, to be seen on white and on dark ground."""

TOP = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}
"""Where a legend stands: above the chart, at its left."""


def safe(text: object) -> str:
    """Keep a text from being read as the markup that plotly knows, and nothing of it unseen."""
    return visible(str(text)).replace("&", "&amp;").replace("<", "&lt;")


def laid_out(figure: go.Figure, *, height: int, right: int = 8) -> go.Figure:
    """Give a chart the margins and sizes that all have."""
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": right, "t": 8, "b": 40},
        showlegend=False,
        bargap=0.35,
        dragmode=False,
        font={"size": 13},
        hoverlabel={"namelength": 0},
    )


def inked(figure: go.Figure, colour: str) -> go.Figure:
    """Give all text of a chart one colour, where the ground it stands on is known."""
    axis = {"tickfont": {"color": colour, "size": 13}, "title": {"font": {"color": colour}}}
    figure.update_layout(font={"color": colour}, legend={"font": {"color": colour}})
    figure.update_xaxes(axis).update_yaxes(axis)
    figure.update_annotations(font={"color": colour})
    for kind in ("bar", "sankey", "waterfall"):
        figure.update_traces(textfont={"color": colour, "size": 13}, selector={"type": kind})
    bar = {"tickfont": {"color": colour}, "title": {"font": {"color": colour}}}
    return figure.update_traces(colorbar=bar, selector={"type": "heatmap"})


def share(value: float | None, *, unit: str = " %") -> str:
    """Write a share as a percentage, a small one with more places; one that is none is a dash."""
    if value is None:
        return "-"
    return f"{value * 100:.{1 if value >= 0.01 or not value else 2}f}{unit}"


def length(seconds: int) -> str:
    """Write a length of time in its largest unit."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds} s"


def band(
    x: Sequence[Any], low: Sequence[float | None], high: Sequence[float | None], colour: str
) -> list[go.Scatter]:
    """Return an area between two lines, one for each stretch without a gap."""
    import plotly.graph_objects as go

    known = [n for n, (a, b) in enumerate(zip(low, high, strict=True)) if a != b and a is not None]
    breaks = [0, *(n + 1 for n, (a, b) in enumerate(pairwise(known)) if b > a + 1), len(known)]
    stretches = [known[a:b] for a, b in pairwise(breaks) if b > a]
    return [
        go.Scatter(
            x=[x[n] for n in [*stretch, *reversed(stretch)]],
            y=[high[n] for n in stretch] + [low[n] for n in reversed(stretch)],
            fill="toself",
            fillcolor=colour,
            opacity=_FAINT,
            mode="lines",
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
        )
        for stretch in stretches
    ]
