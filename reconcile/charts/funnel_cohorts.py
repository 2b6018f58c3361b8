"""A funnel over time: rates by cohort, and how each cohort grew with its age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from reconcile.charts.form import GRID, SERIES, TOP, band, laid_out, length, safe, share
from reconcile.charts.funnel import sliced
from reconcile.errors import BadParameters
from reconcile.showing import day

if TYPE_CHECKING:
    import plotly.graph_objects as go

Record = Mapping[str, Any]

TOO_FEW = 30
"""Leads below which a cohort's rate is left blank: it would be noise."""

_COHORTS = ("day", "week", "month")
_LONGEST = 24
_ZONE = "rgba(116,134,160,0.14)"


def cohort_lines(rows: Iterable[Record], by: Sequence[str], step: int) -> go.Figure:
    """Draw the share of leads that reached a step, by cohort; up to four slices side by side.

    The zone of cohorts younger than the window is shaded. There the line goes on, dashed, at what
    each cohort is estimated to reach, in a band of its bounds; dots show what it has by now.

    Args:
        rows: What `rates` of a funnel returns, asked for by day, week or month.
        by: The breakdown that it was asked for, one of these among it.
        step: Number of the step.

    Raises:
        BadParameters: It was asked for by no cohort, or there are too many slices.
    """
    import plotly.graph_objects as go

    cohort, lines = _cohort_rows(rows, by, step)
    figure = go.Figure()
    for number, (name, line) in enumerate(lines.items()):
        figure.add_traces(_line(safe(name), line, cohort, number))
    young = sorted(row[cohort] for line in lines.values() for row in line if row["young"])
    last = max((row[cohort] for line in lines.values() for row in line), default=None)
    if young and last:
        figure.add_vrect(x0=day(young[0]), x1=day(last), fillcolor=_ZONE, line_width=0)
        figure.add_annotation(
            x=day(young[0]),
            y=1,
            yref="paper",
            xanchor="right",
            yanchor="top",
            text="younger than the window →",
            showarrow=False,
        )
    figure.update_xaxes(type="date", tickformat="%d %b", showgrid=False)
    title = {"text": f"% reaching {safe(_name(lines))}", "font": {"size": 13}}
    figure.update_yaxes(title=title, gridcolor=GRID, range=[0, _top(lines)], zeroline=False)
    laid_out(figure, height=320, right=16)
    return figure.update_layout(showlegend=True, margin={"t": 40}, legend=TOP)


def cohort_lines_text(rows: Iterable[Record], by: Sequence[str], step: int) -> str:
    """Say in words what `cohort_lines` draws.

    Raises:
        BadParameters: As `cohort_lines`.
    """
    cohort, lines = _cohort_rows(rows, by, step)
    if not lines:
        return f"By {cohort}: no lead is meant."
    return " ".join(_line_text(name, line, cohort) for name, line in lines.items())


def cohort_ages(rows: Iterable[Record]) -> go.Figure:
    """Draw how the rate of each cohort grew with its age, as a table of colours.

    Cells of fewer than 30 leads, and ages that not all leads of a cohort have reached, are blank.

    Args:
        rows: What `cohort_ages` of a funnel returns.
    """
    import plotly.graph_objects as go

    cohorts, ages, cells = _grid(rows)
    shown = [[cells.get((cohort, age)) for age in ages] for cohort in cohorts]
    percents = [[None if one is None else 100 * one for one in line] for line in shown]
    figure = go.Figure(
        go.Heatmap(
            z=percents,
            x=[length(age) for age in ages],
            y=[day(cohort) for cohort in cohorts],
            text=[["" if one is None else share(one, unit="") for one in line] for line in shown],
            texttemplate="%{text}",
            textfont={"color": _INK},
            hovertemplate="%{y}, by %{x}: %{text} %<extra></extra>",
            hoverongaps=False,
            colorscale=_SCALE,
            zmin=0,
            xgap=1,
            ygap=1,
            colorbar={
                "title": {"text": "% of leads", "side": "right", "font": {"size": 13}},
                "thickness": 12,
            },
        )
    )
    figure.update_xaxes(type="category", title=_AGE_TITLE, showgrid=False)
    figure.update_yaxes(
        type="category", autorange="reversed", showgrid=False, automargin=True, ticksuffix=" "
    )
    return laid_out(figure, height=110 + 22 * max(len(cohorts), 4))


def cohort_ages_text(rows: Iterable[Record]) -> str:
    """Say in words what `cohort_ages` draws."""
    cohorts, ages, cells = _grid(rows)
    told = []
    for age in ages:
        rates = [cells[cohort, age] for cohort in cohorts if (cohort, age) in cells]
        if rates:
            told.append(
                f"by {length(age)} {share(min(rates))} to {share(max(rates))} "
                f"({len(rates)} cohorts)"
            )
    if not told:
        return "Growth by age: no cohort has 30 leads of any age."
    return f"Growth by age, lowest to highest cohort: {'; '.join(told)}."


_AGE_TITLE = {"text": "Age by which the leads had converted", "font": {"size": 13}}
# Figures in one dark ink are read on all of it, whatever the ground around.
_SCALE = ((0.0, "#e6f4f2"), (1.0, "#57b4a7"))
_INK = "#0f1f1d"


def _cohort_rows(
    rows: Iterable[Record], by: Sequence[str], step: int
) -> tuple[str, dict[str, list[Record]]]:
    """Return the kind of cohort, and the rows of one step by slice, in the order of time."""
    cohort = next((name for name in by if name in _COHORTS), None)
    if cohort is None:
        raise BadParameters("Lines by cohort need a breakdown by day, week or month.")
    others = [name for name in by if name != cohort]
    mine = [row for row in rows if row["step"] == step and not row["is_other"]]
    lines = sliced(mine, others)
    return cohort, {name: sorted(line, key=lambda row: row[cohort]) for name, line in lines.items()}


def _line(name: str, line: Sequence[Record], cohort: str, number: int) -> list[go.Scatter]:
    """Return what is final, what is estimated with its band, and what is there by now."""
    import plotly.graph_objects as go

    colour = SERIES[number]
    days = [day(row[cohort]) for row in line]
    mature = [None if row["young"] else _percent(row, "of_leads") for row in line]
    first = next((n for n, row in enumerate(line) if row["young"]), len(line))
    # The dashed line begins where the solid one ends.
    estimated = [
        _percent(row, "developed") if n >= first - 1 else None for n, row in enumerate(line)
    ]
    low, high = ([_percent(row, f"developed_{end}") for row in line] for end in ("low", "high"))
    now = [_percent(row, "of_leads") if row["young"] else None for row in line]
    texts = [[safe(_cohort_text(row, cohort))] for row in line]
    common = {
        "x": days,
        "customdata": texts,
        "legendgroup": name,
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "line": {"color": colour, "width": 2},
    }
    is_first = number == 0  # what dashes and dots mean is told once
    traces = [
        go.Scatter(y=mature, name=name or "final", mode="lines", **common),
        go.Scatter(
            y=estimated,
            name="estimated",
            showlegend=is_first,
            mode="lines",
            **(common | {"line": {"color": colour, "width": 2, "dash": "dash"}}),
        ),
        go.Scatter(
            y=now,
            name="by now",
            showlegend=is_first,
            mode="markers",
            marker={"color": colour, "size": 5, "symbol": "circle-open"},
            **common,
        ),
    ]
    return band(days, low, high, colour) + traces


def _percent(row: Record, name: str) -> float | None:
    value = row[name] if row["leads"] >= TOO_FEW else None
    return None if value is None else 100 * float(value)


_WHY_NOT = {
    "too_young": "too young for an estimate",
    "unsteady": "without an estimate, as young leads convert at another pace than older ones",
    "unknown": "without an estimate, as too little is known",
}


def _cohort_text(row: Record, cohort: str) -> str:
    text = f"{day(row[cohort])}: {row['reached']:,} of {row['leads']:,} ({share(row['of_leads'])})"
    if not row["young"]:
        return text
    if row["developed"] is None:
        return f"{text} by now, {_WHY_NOT.get(row['ripeness'], _WHY_NOT['unknown'])}"
    span = f"{share(row['developed_low'])} to {share(row['developed_high'])}"
    return f"{text} by now, estimated to reach {share(row['developed'])} ({span})"


def _line_text(name: str, line: Sequence[Record], cohort: str) -> str:
    head = f"{line[0]['name']} by {cohort}{f' of {name}' if name else ''}: "
    shown = [row for row in line if row["leads"] >= TOO_FEW]
    old, young = [[row for row in shown if bool(row["young"]) == is_young] for is_young in (0, 1)]
    told = []
    if old:
        rates = [row["of_leads"] for row in old]
        told.append(
            f"{len(old)} final cohorts from {day(old[0][cohort])} to {day(old[-1][cohort])}, "
            f"{share(min(rates))} to {share(max(rates))} of leads"
        )
    if young:
        told.append(
            f"{len(young)} younger than the window, the last of them "
            f"{_cohort_text(young[-1], cohort)}"
        )
    if len(shown) < len(line):
        told.append(f"{len(line) - len(shown)} of fewer than {TOO_FEW} leads left blank")
    return f"{head}{'; '.join(told)}."


def _name(lines: Mapping[str, Sequence[Record]]) -> str:
    name = next((str(line[0]["name"]) for line in lines.values()), "the step")
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _top(lines: Mapping[str, Sequence[Record]]) -> float:
    """Return the axis' end: above all lines; a wide band may go beyond."""
    rows = [row for line in lines.values() for row in line]
    values = [_percent(row, name) or 0.0 for row in rows for name in ("of_leads", "developed")]
    return 1.25 * max(values, default=0.0) or 1.0


def _grid(
    rows: Iterable[Record],
) -> tuple[list[date], list[int], dict[tuple[date, int], float]]:
    """Return cohorts, ages, and the rate of each cell that is not blank."""
    rows = list(rows)
    cells = {
        (row["cohort"], row["age_s"]): row["converted"] / row["leads"]
        for row in rows
        if row["converted"] is not None and row["leads"] >= TOO_FEW
    }
    return sorted({row["cohort"] for row in rows}), sorted({row["age_s"] for row in rows}), cells
