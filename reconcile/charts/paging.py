"""A chart as a page of its own, to be kept, sent and opened without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from reconcile.charts.form import inked
from reconcile.pages import page

if TYPE_CHECKING:
    import plotly.graph_objects as go

_INK, _CLEAR = "#1b2430", "rgba(0,0,0,0)"


def chart_page(figure: go.Figure, text: str, *, title: str) -> str:
    """Return a chart as one HTML page that needs no other file; the text that says it is below."""
    import plotly.io

    figure = inked(figure, _INK).update_layout(plot_bgcolor=_CLEAR, paper_bgcolor=_CLEAR)
    drawn = plotly.io.to_html(
        figure,
        include_plotlyjs=True,
        full_html=False,
        default_height=f"{figure.layout.height}px",
        config={"displayModeBar": False, "responsive": True},
    )
    # Plotly writes `<` in its data as an escape, so that no text of a file can end the script.
    return page("chart.html", title=title, text=text, drawn=Markup(drawn))  # noqa: S704
