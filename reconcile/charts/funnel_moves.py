"""Where leads stand in the funnel that was tracked, and where once the findings are put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reconcile.charts.form import TOTAL, laid_out, safe

if TYPE_CHECKING:
    import plotly.graph_objects as go

Record = Mapping[str, Any]

_NO_LEAD = "no lead"
_LONGEST = 16
_PAD, _TOP, _BOTTOM, _EDGE = 24, 32, 16, 0.001
_FLOW = {"same": "rgba(116,134,160,0.35)", "up": "rgba(43,154,140,0.6)"}
_FLOW |= {"down": "rgba(217,119,46,0.6)"}


def tracked_and_reconciled(matrix: Iterable[Record], names: Sequence[str]) -> go.Figure:
    """Draw the last step of each lead as tracked, at the left, and as reconciled, at the right.

    Leads that come farther are drawn in one colour, such as have to go back in another, all others
    in grey; each flow names its number when pointed at.

    Args:
        matrix: `tracked`, `reconciled` (steps reached, 0 for no lead) and `leads`.
        names: The names of the funnel's steps, the lead first.
    """
    import plotly.graph_objects as go

    flows = _flows(matrix)
    left = sorted({row["tracked"] for row in flows}, reverse=True)
    right = sorted({row["reconciled"] for row in flows}, reverse=True)
    places = {("tracked", level): n for n, level in enumerate(left)}
    places |= {("reconciled", level): n for n, level in enumerate(right, len(left))}
    most = max(len(left), len(right))
    middles = {
        side: _middles(flows, side, levels, most)
        for side, levels in (("tracked", left), ("reconciled", right))
    }
    figure = go.Figure(
        go.Sankey(
            arrangement="fixed",
            node={
                "label": _labels(flows, left, right, [_short(name) for name in names]),
                "customdata": _labels(flows, left, right, names),
                "color": TOTAL,
                "x": [_EDGE] * len(left) + [1 - _EDGE] * len(right),
                "y": [*middles["tracked"], *middles["reconciled"]],
                "pad": _PAD,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{customdata}<extra></extra>",
            },
            link={
                "source": [places["tracked", row["tracked"]] for row in flows],
                "target": [places["reconciled", row["reconciled"]] for row in flows],
                "value": [row["leads"] for row in flows],
                "color": [_FLOW[_way(row)] for row in flows],
                "customdata": [safe(_flow_text(row, names)) for row in flows],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
            textfont={"size": 13, "shadow": "none"},
        )
    )
    for x, text, anchor in ((0, "as tracked", "left"), (1, "as reconciled", "right")):
        place = {"x": x, "y": 1.0, "xanchor": anchor, "yanchor": "bottom"}
        figure.add_annotation(text=text, showarrow=False, xref="paper", yref="paper", **place)
    laid_out(figure, height=_inner(most) + _TOP + _BOTTOM)
    return figure.update_layout(margin={"t": _TOP, "b": _BOTTOM, "r": 8})


def tracked_and_reconciled_text(matrix: Iterable[Record], names: Sequence[str]) -> str:
    """Say in words what `tracked_and_reconciled` draws."""
    flows = _flows(matrix)
    if not flows:
        return "Tracked and reconciled: no lead is meant."
    moved = [row for row in flows if _way(row) != "same"]
    same = sum(row["leads"] for row in flows) - sum(row["leads"] for row in moved)
    told = "; ".join(_flow_text(row, names) for row in moved) or "none"
    return f"Tracked and reconciled: {same:,} leads stand where they were tracked. Moved: {told}."


def _flows(matrix: Iterable[Record]) -> list[Record]:
    """Return the flows that hold anybody, the deepest first."""
    flows = [row for row in matrix if row["leads"]]
    return sorted(flows, key=lambda row: (-row["tracked"], -row["reconciled"]))


def _way(row: Record) -> str:
    if row["tracked"] == row["reconciled"]:
        return "same"
    return "up" if row["reconciled"] > row["tracked"] else "down"


def _short(name: str) -> str:
    """Cut a long name: on a narrow screen the labels of the two sides would run into each other."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _level(level: int, names: Sequence[str]) -> str:
    return names[level - 1] if level else _NO_LEAD


def _labels(
    flows: Sequence[Record], left: Sequence[int], right: Sequence[int], names: Sequence[str]
) -> list[str]:
    """Return the name and size of each node, those of the left side first."""
    sides = (("tracked", left), ("reconciled", right))
    return [
        safe(f"{_level(level, names)} · {_size(flows, side, level):,}")
        for side, levels in sides
        for level in levels
    ]


def _size(flows: Sequence[Record], side: str, level: int) -> int:
    return sum(row["leads"] for row in flows if row[side] == level)


def _middles(flows: Sequence[Record], side: str, levels: Sequence[int], most: int) -> list[float]:
    """Return where the nodes of a side stand, the deepest step on top, as parts of the height."""
    whole = sum(row["leads"] for row in flows)
    gap = _PAD / _inner(most)
    high = 1 - gap * (most - 1)
    middles, top = [], 0.0
    for level in levels:
        part = high * _size(flows, side, level) / whole
        middles.append(top + part / 2)
        top += part + gap
    # An exact 0 or 1 would count as not given.
    return [min(max(middle, _EDGE), 1 - _EDGE) for middle in middles]


def _inner(most: int) -> int:
    """Return the height of the chart's inside, in pixels."""
    return 60 + 52 * most


def _flow_text(row: Record, names: Sequence[str]) -> str:
    tracked, reconciled = (_level(row[side], names) for side in ("tracked", "reconciled"))
    if tracked == reconciled:
        return f"{row['leads']:,} at {tracked}"
    return f"{row['leads']:,} from {tracked} to {reconciled}"
