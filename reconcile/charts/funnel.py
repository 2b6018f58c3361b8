"""A funnel as bars, one per step and slice: what is there, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reconcile.charts.form import GRID, SERIES, TOP, laid_out, safe, share
from reconcile.errors import BadParameters
from reconcile.terms import attribute_label

if TYPE_CHECKING:
    import plotly.graph_objects as go

Record = Mapping[str, Any]
Slice = tuple[Any, ...]

MOST_SERIES = len(SERIES)
_LABELS = "% of leads (labels: leads · % of leads · % of the step before)"
_TO_COME = "still to come (estimated)"
_HATCH = "/"
# Room for labels to the right of a bar of 100 %, in the units of the axis.
_ROOM = 75


def funnel_bars(rows: Iterable[Record], by: Sequence[str] = ()) -> go.Figure:
    """Draw a funnel, or up to four slices of it side by side.

    A hatched end is what the leads younger than the window are estimated to add; a bar that is
    hatched as a whole is a lower bound without an estimate.

    Args:
        rows: What `rates` of a funnel returns.
        by: The breakdown that it was asked for.

    Raises:
        BadParameters: There are more slices than can be told apart.
    """
    import plotly.graph_objects as go

    slices = sliced(rows, by)
    figure = go.Figure()
    for number, (name, steps) in enumerate(slices.items()):
        for trace in _bars(name, steps, number):
            figure.add_trace(trace)
    most = max((len(steps) for steps in slices.values()), default=1)
    figure.update_xaxes(
        range=[0, 100 + _ROOM],
        tickvals=[0, 25, 50, 75, 100],
        title={"text": _LABELS, "font": {"size": 13}},
        gridcolor=GRID,
        zeroline=False,
    )
    figure.update_yaxes(
        autorange="reversed", automargin=True, ticksuffix=" ", showgrid=False, tickfont={"size": 13}
    )
    laid_out(figure, height=110 + most * (22 + 22 * max(len(slices), 1)))
    figure.update_layout(barmode="group", bargap=0.3, bargroupgap=0.08)
    if len(slices) > 1 or any(_to_come(step) for steps in slices.values() for step in steps):
        figure.update_layout(showlegend=True, margin={"t": 40}, legend=TOP)
    return figure


def funnel_bars_text(rows: Iterable[Record], by: Sequence[str] = ()) -> str:
    """Say in words what `funnel_bars` draws.

    Raises:
        BadParameters: As `funnel_bars`.
    """
    slices = sliced(rows, by)
    if not slices:
        return "Funnel: no lead is meant."
    return " ".join(
        f"{f'Funnel of {name}' if by else 'Funnel'}: {'; '.join(map(_step_text, steps))}."
        f"{_young_text(steps)}"
        for name, steps in slices.items()
    )


def sliced(rows: Iterable[Record], by: Sequence[str]) -> dict[str, list[Record]]:
    """Return the rows of each slice by its name.

    Raises:
        BadParameters: There are more slices than can be told apart.
    """
    slices: dict[str, list[Record]] = {}
    for row in rows:
        slices.setdefault(slice_name(row, by), []).append(row)
    if len(slices) > MOST_SERIES:
        raise BadParameters(
            f"A chart shows {MOST_SERIES} slices, not {len(slices)}: choose the ones to compare."
        )
    return slices


def slice_name(row: Record, by: Sequence[str]) -> str:
    """Name the slice of a row as people do."""
    if row.get("is_other"):
        return "all others"
    return " · ".join(
        f"no {attribute_label(name).lower()}" if row[name] is None else f"{row[name]}"
        for name in by
    )


def _bars(name: str, steps: Sequence[Record], number: int) -> list[go.Bar]:
    """Return what is there, and beyond it what is still to come, which carries the labels."""
    import plotly.graph_objects as go

    colour = SERIES[number]
    common = {
        "orientation": "h",
        "y": [safe(_step_name(step)) for step in steps],
        "offsetgroup": f"{number}",
        "customdata": [[step["step"], safe(_step_text(step))] for step in steps],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }
    there = [100 * (step["of_leads"] or 0) for step in steps]
    only_bounds = [_HATCH if _is_bound(step) else "" for step in steps]
    coming = [100 * _to_come(step) for step in steps]
    hatch = {"shape": _HATCH, "fillmode": "overlay", "size": 6, "solidity": 0.4}
    hatch |= {"fgcolor": colour, "fgopacity": 1}
    return [
        go.Bar(
            x=there,
            name=safe(name) or "come by now",
            marker={"color": colour, "pattern": {"shape": only_bounds, "fgcolor": "#ffffff"}},
            **common,
        ),
        go.Bar(
            x=coming,
            base=there,
            name=_TO_COME,
            showlegend=any(coming) and number == 0,
            legendrank=2000,  # behind all slices, whose rank is 1000
            marker={
                "color": "rgba(0,0,0,0)",
                "pattern": hatch,
                "line": {"color": colour, "width": [1.0 if one else 0.0 for one in coming]},
            },
            text=[_label(step) for step in steps],
            textposition="outside",
            textfont={"size": 13},
            cliponaxis=False,
            constraintext="none",
            **common,
        ),
    ]


def _step_name(step: Record) -> str:
    return f"{step['name']} (optional)" if step["optional"] else str(step["name"])


def _label(step: Record) -> str:
    """Return the label of a bar; what may still grow says so, and where to."""
    least = "≥ " if _is_open(step) else ""
    if step["step"] == 1:
        return f"{step['reached']:,}"
    parts = (f"{step['reached']:,}", share(step["of_leads"]), share(step["of_before"]))
    label = least + " · ".join(parts)
    if _to_come(step):
        span = (
            f"{share(step['developed_low'], unit='')} to {share(step['developed_high'], unit='')}"
        )
        label += f" → {share(step['developed'])} ({span})"
    return label


def _step_text(step: Record) -> str:
    name = _step_name(step)
    if step["step"] == 1:
        return f"{name} {step['reached']:,}"
    least = "at least " if _is_open(step) else ""
    text = (
        f"{name} {least}{step['reached']:,} ({share(step['of_leads'])} of leads, "
        f"{share(step['of_before'])} of the step before"
    )
    if _to_come(step):
        span = f"{share(step['developed_low'])} to {share(step['developed_high'])}"
        text += f"; estimated to reach {share(step['developed'])} of leads, {span}"
    return f"{text})"


def _young_text(steps: Sequence[Record]) -> str:
    young, leads = steps[0]["young"], steps[0]["leads"]
    if not young:
        return ""
    return f" {young:,} of {leads:,} leads are younger than the window and may still convert."


def _is_open(step: Record) -> bool:
    return bool(step["step"] > 1 and step["young"])


def _is_bound(step: Record) -> bool:
    """Tell whether a step may still grow, and nothing says how far."""
    return _is_open(step) and step["developed"] is None


def _to_come(step: Record) -> float:
    if not _is_open(step) or step["developed"] is None:
        return 0.0
    return max(float(step["developed"]) - float(step["of_leads"] or 0), 0.0)
