"""The bridge as bars from the events down to the claims, and its gap per day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reconcile.charts.form import LESS, MORE, TOTAL, laid_out, safe
from reconcile.errors import BadParameters
from reconcile.showing import bucket_label, day, money

if TYPE_CHECKING:
    import plotly.graph_objects as go

Record = Mapping[str, Any]

_ENDS = ("events", "claims")
_ROW_PIXELS = 27


@dataclass(frozen=True)
class _Step:
    """One bar: its bucket, its money, and where the money stood before it."""

    bucket: str
    label: str
    amount: Decimal
    before: Decimal

    @property
    def text(self) -> str:
        return money(self.amount, sign=self.bucket not in _ENDS)


def waterfall(rows: Iterable[Record]) -> go.Figure:
    """Draw a bridge of one currency, from the events down to the claims, the largest step first.

    Args:
        rows: `bucket`, `amount` and `currency` of `reconcile.bridge`. Each bar carries its
            bucket as custom data.

    Raises:
        BadParameters: The rows are of several currencies, which have no sum.
    """
    import plotly.graph_objects as go

    rows = list(rows)
    steps = _steps(rows)
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[safe(step.label) for step in steps],
            x=[float(step.amount) for step in steps],
            measure=[_MEASURES.get(step.bucket, "relative") for step in steps],
            text=[step.text for step in steps],
            textposition="outside",
            textfont={"size": 13},
            cliponaxis=False,
            constraintext="none",
            customdata=[[step.bucket] for step in steps],
            hovertemplate="%{y}: %{text}<extra></extra>",
            increasing={"marker": {"color": MORE}},
            decreasing={"marker": {"color": LESS}},
            totals={"marker": {"color": TOTAL}},
            connector={"line": {"color": TOTAL, "width": 1, "dash": "dot"}},
        )
    )
    low, high = _span(steps)
    figure.update_xaxes(
        range=[low, high], title=_axis_title(_currency(rows), low), tickformat=",", nticks=6
    )
    figure.update_yaxes(
        autorange="reversed", automargin=True, ticksuffix=" ", showgrid=False, tickfont={"size": 13}
    )
    # Amounts stand outside their bars, on a narrow screen beyond the axis.
    return laid_out(figure, height=90 + _ROW_PIXELS * max(len(steps), 4), right=64)


def waterfall_text(rows: Iterable[Record]) -> str:
    """Say in words what `waterfall` draws.

    Raises:
        BadParameters: As `waterfall`.
    """
    rows = list(rows)
    steps = _steps(rows)
    between = [f"{step.label} {step.text}" for step in steps if step.bucket not in _ENDS]
    ends = {step.bucket: step for step in steps if step.bucket in _ENDS}
    unit = _currency(rows)
    return (
        f"Bridge{f' in {unit}' if unit else ''}: our events {ends['events'].text}; "
        f"{'; '.join(between) or 'no difference'}; buyers' claims {ends['claims'].text}."
    )


def gap_per_day(rows: Iterable[Record]) -> go.Figure:
    """Draw by how much the claims exceed the events on each day.

    Args:
        rows: A bridge split by currency and day. Rows of an unknown day have no place on the axis
            and are left out; `gap_per_day_text` names their sum.

    Raises:
        BadParameters: The rows are of several currencies, which have no sum.
    """
    import plotly.graph_objects as go

    rows = list(rows)
    gaps = {key: gap for key, gap in _gaps(rows).items() if key is not None}
    figure = go.Figure(
        go.Bar(
            x=[day(key) for key in gaps],
            y=[float(gap) for gap in gaps.values()],
            customdata=[[money(gap, sign=True)] for gap in gaps.values()],
            hovertemplate="%{x|%a %d %b %Y}: %{customdata[0]}<extra></extra>",
            marker={"color": [MORE if gap > 0 else LESS for gap in gaps.values()]},
        )
    )
    figure.update_xaxes(type="date", tickformat="%d %b", showgrid=False)
    figure.update_yaxes(
        tickformat=",", zeroline=True, zerolinecolor=TOTAL, title=safe(_currency(rows) or "")
    )
    return laid_out(figure, height=250)


def gap_per_day_text(rows: Iterable[Record]) -> str:
    """Say in words what `gap_per_day` draws.

    Raises:
        BadParameters: As `gap_per_day`.
    """
    rows = list(rows)
    gaps, unit = _gaps(rows), _currency(rows)
    undated = gaps.pop(None, Decimal(0))
    if not gaps:
        return "Gap per day: no day has money on either side."
    widest = max(gaps, key=lambda key: abs(gaps[key]))
    shifts = [row["amount"] for row in rows if row["bucket"] == "day_shift"]
    moved = sum((amount for amount in shifts if amount > 0), Decimal(0))
    return (
        f"Gap per day{f' in {unit}' if unit else ''}, claims less events: "
        f"{money(sum(gaps.values(), Decimal(0)), sign=True)} over {len(gaps)} days, "
        f"widest on {day(widest)} with {money(gaps[widest], sign=True)}"
        + (f"; {money(undated, sign=True)} on no known day." if undated else ".")
        + (f" {money(moved)} only moved from one day to another and cancels out." if moved else "")
    )


_MEASURES = {"events": "absolute", "claims": "total"}


def _steps(rows: list[Record]) -> list[_Step]:
    """Return the bars from events to claims; a total that is nothing still has its bar."""
    _currency(rows)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["bucket"]] += row["amount"]
    between = sorted(
        (bucket for bucket, amount in sums.items() if bucket not in _ENDS and amount),
        key=lambda bucket: (-abs(sums[bucket]), bucket),
    )
    steps = [_Step("events", "Our events", sums["events"], Decimal(0))]
    stand = sums["events"]
    for bucket in between:
        steps.append(_Step(bucket, bucket_label(bucket), sums[bucket], stand))
        stand += sums[bucket]
    return [*steps, _Step("claims", "Buyers' claims", sums["claims"], Decimal(0))]


def _span(steps: list[_Step]) -> tuple[float, float]:
    """Return the axis: from nothing, or from near the lowest step where the steps are small."""
    stands = [step.before + step.amount for step in steps]
    low, high = min(stands), max(stands)
    room = (high - low) * Decimal("0.3") or abs(high) * Decimal("0.1") or Decimal(1)
    if high - low > low / 2 or high == low:
        low = min(low, Decimal(0))
    return float(low - room if low else low), float(high + room)


def _axis_title(currency: str | None, low: float) -> str:
    unit = safe(currency or "")
    return f"{unit} (the axis does not begin at 0)".strip() if low > 0 else unit


def _gaps(rows: list[Record]) -> dict[date | None, Decimal]:
    """Return claims less events by day, in the order of the days, an unknown day last."""
    _currency(rows)
    gaps: defaultdict[date | None, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["bucket"] in _ENDS:
            gaps[row["day"]] += row["amount"] if row["bucket"] == "claims" else -row["amount"]
    return dict(sorted(gaps.items(), key=lambda item: (item[0] is None, item[0] or date.min)))


def _currency(rows: Iterable[Record]) -> str | None:
    found = {row["currency"] for row in rows}
    if len(found) > 1:
        names = ", ".join(sorted(str(name) for name in found))
        raise BadParameters(f"A chart shows one currency, not {names}: choose one.")
    return next(iter(found), None)
