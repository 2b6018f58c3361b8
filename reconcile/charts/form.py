"""What all charts share: colours, layout, and texts that stay texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Told apart by people who see no red or green, on white and on dark ground.
MORE, LESS, TOTAL = "#2b9a8c", "#d9772e", "#7486a0"
SERIES = (MORE, LESS, "#6a7fd6", "#b3568f")
"""Colours of series side by side; a chart of more is not read."""


def safe(text: object) -> str:
    """Keep a text from being read as the markup that plotly knows."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;")


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
