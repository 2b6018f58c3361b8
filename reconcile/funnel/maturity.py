"""What recent leads will come to: rates of cohorts that are younger than the window.

A lead that has not converted may still do so until its window ends. The time to convert is
estimated from all recent leads, each watched as long as it was there (Kaplan-Meier with
right-censoring); a young cohort's rate is then what it has by now, divided by the share of
conversions that have come by its age. What it has by now is the lower bound.

Two tables are asked, each with one row per lead. Both hold `key` (whose curve is meant, null for
none), `age_s` (the lead's age at the data's end) and `lag_s` (from the lead to the step; null where
it has not come by then). Curves are made of `funnel_pool`, recent leads whatever is looked at;
what is looked at is `funnel_lag`, which also holds `slice` and `slice_within`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from reconcile.engine import Engine
from reconcile.funnel.distributions import normal_quantile
from reconcile.funnel.slicing import Slice
from reconcile.funnel.statistics import CONFIDENCE, TOO_FEW

DAY_S = 86_400

RECENT_DAYS = 45
"""Days before the data's end whose leads the curves are made of."""

RIPE_DAYS = 15
"""Days of these, at least, whose leads are older than the window: else its end is not seen."""

OWN_CONVERSIONS = 200
"""Conversions from which a slice has a curve of its own; others take that of all leads."""

LEAST_SHARE = 0.05
"""Share of a cohort's conversions that must have come by now; below, no estimate is given."""

PACE_Z, PACE_EFFECT = 3.3, 0.1
"""Standard errors, and logarithm of the ratio, beyond both of which the pace has changed."""

_BINS = 1440
"""Ages are told apart to this part of the window: to the minute in a day."""


class Ripeness(StrEnum):
    """How much of what a cohort will come to is known."""

    MATURE = "mature"
    """All its leads are older than the window: its rate is final."""
    IMMATURE = "immature"
    """Its rate is a lower bound, and there is an estimate."""
    TOO_YOUNG = "too_young"
    """Its rate is a lower bound; less than 5 % of its conversions can have come by now."""
    UNSTEADY = "unsteady"
    """Its rate is a lower bound; young leads convert at another pace than older ones."""
    UNKNOWN = "unknown"
    """Its rate is a lower bound; too few leads have converted, or lived through a window."""


@dataclass(frozen=True)
class Standing:
    """How far some leads have come; standings add up.

    `ripe` is the sum over the leads of the share of conversions that has come by their age, none
    where no curve tells; `doubt` that of its standard deviations. `is_own`: the curve is that of
    these leads' own slice. `is_steady`: of the curve's leads, those younger than the window convert
    at the pace of older ones; if not, the curve says nothing of them.
    """

    leads: int
    converted: int
    young: int
    ripe: float | None
    doubt: float
    is_own: bool
    is_steady: bool = True

    def __add__(self, other: Standing) -> Standing:
        """Return the standing of both together."""
        ripe = None if self.ripe is None or other.ripe is None else self.ripe + other.ripe
        return Standing(
            self.leads + other.leads,
            self.converted + other.converted,
            self.young + other.young,
            ripe,
            self.doubt + other.doubt,
            self.is_own and other.is_own,
            self.is_steady and other.is_steady,
        )


@dataclass(frozen=True)
class Developed:
    """What some leads have come to, and what they will.

    `observed` is `converted` / `leads` as of now, a lower bound where `young` leads are younger
    than the window. `developed` is the estimate of where that rate ends, within `low` and `high`;
    all three are none where there is none, and equal `observed` where all leads are mature.
    `share` is the part of the conversions that has come by now. Rates are shares of `leads`.
    """

    leads: int
    converted: int
    young: int
    ripeness: Ripeness
    observed: float | None
    share: float | None
    developed: float | None
    low: float | None
    high: float | None
    is_own: bool


@dataclass(frozen=True)
class Point:
    """A point of a curve: who has converted by this age.

    `reached` of all leads, within `low` and `high`; `share` of those that will within the window.
    """

    age_s: int
    reached: float
    low: float
    high: float
    share: float


@dataclass(frozen=True)
class Curve:
    """Time to convert of a slice, or of all leads (`is_pooled`), up to the window's end."""

    key: str | None
    is_pooled: bool
    leads: int
    conversions: int
    points: tuple[Point, ...]


def recent_s(horizon_s: int) -> int:
    """Return how far back from the data's end the leads of the curves go, in seconds.

    45 days; 15 days more than the window where that is longer, as nobody's end is seen else.
    """
    return max(RECENT_DAYS * DAY_S, horizon_s + RIPE_DAYS * DAY_S)


@dataclass(frozen=True)
class Asked:
    """The questions that lead to `funnel_pool` or `funnel_lag`, where that is no table."""

    questions: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)


A_TABLE = Asked()


def make_curves(
    engine: Engine, horizon_s: int, pool: Asked = A_TABLE, *, pooled_least: int = TOO_FEW
) -> int:
    """Make `maturity_curve` of `funnel_pool`: the time to convert of all, and of each large key.

    The curve of all needs `pooled_least` conversions, one of a key 200; both need 30 leads that
    are older than the window of `horizon_s` seconds (inclusive). Returns its rows: 0 for no curve.
    """
    least = {"pooled_least": pooled_least, "own_least": OWN_CONVERSIONS, "old_least": TOO_FEW}
    asked = {**pool.questions, "maturity_told": "funnel/maturity_told"}
    asked |= {"found_curve": "funnel/maturity_curve"}
    return engine.table("maturity_curve", asked, **pool.values, **_grid(horizon_s), **least)


def make_pace(engine: Engine, horizon_s: int, pool: Asked = A_TABLE) -> None:
    """Make `maturity_pace` of `funnel_pool`: whether its young leads convert as its older ones."""
    asked = {**pool.questions, "found_pace": "funnel/maturity_pace"}
    most = {"z_most": PACE_Z, "effect_most": PACE_EFFECT}
    engine.table("maturity_pace", asked, **pool.values, **_grid(horizon_s), **most)


def standings(engine: Engine, horizon_s: int, lag: Asked = A_TABLE) -> dict[Slice, Standing]:
    """Return how far each slice of `funnel_lag` has come, by the curves and paces made before."""
    asked = {**lag.questions, "found_slice": "funnel/maturity_slice"}
    return {
        (row.pop("slice"), row.pop("slice_within")): Standing(**row)
        for row in engine.records(asked, **lag.values, **_grid(horizon_s))
    }


def develop(standing: Standing, *, confidence: float = CONFIDENCE) -> Developed:
    """Return what the leads of a standing will come to, within bounds at a confidence.

    Estimates of slices do not add up to that of the whole: each is made of its own curve.
    """
    leads, converted, young = standing.leads, standing.converted, standing.young
    share = None if standing.ripe is None or not leads else standing.ripe / leads
    observed = converted / leads if leads else None
    ripeness = _ripeness(young, share, is_steady=standing.is_steady)
    developed = low = high = None
    if ripeness == Ripeness.MATURE:
        developed = low = high = observed
    elif ripeness == Ripeness.IMMATURE and share is not None:
        developed = min(converted / share / leads, 1.0)
        z = normal_quantile(confidence)
        ends = bounds(converted, share, standing.doubt / leads, z)
        low, high = (min(end / leads, 1.0) for end in ends)
    return Developed(
        leads=leads,
        converted=converted,
        young=young,
        ripeness=ripeness,
        observed=observed,
        share=share,
        developed=developed,
        low=low,
        high=high,
        is_own=standing.is_own,
    )


def curves(engine: Engine, *, confidence: float = CONFIDENCE) -> list[Curve]:
    """Return the curves made before, that of all leads first, then the largest.

    Bounds are those of Kalbfleisch and Prentice (log-log), which stay between 0 and 1.
    """
    rows = engine.records("funnel/maturity_points")
    return [
        _curve(list(points), normal_quantile(confidence))
        for _, points in groupby(rows, key=lambda row: row["curve"])
    ]


def bounds(converted: int, share: float, deviation: float, z: float) -> tuple[float, float]:
    """Return how many leads may have converted in the end, where so many have by now.

    Of Y leads that will convert, each has by now with the chance `share`, itself known up to
    `deviation`: the bounds are the Y for which (converted - Y share)^2 is at most
    z^2 (Y share (1 - share) + Y^2 deviation^2). So Wilson (1927) turns a rate round, and Fieller
    (1954) a ratio; no conversion yet still gives an upper bound, and a known end gives none. The
    upper bound is infinite where `share` may be nothing.

    This is Greenwood's variance in closed form rather than a bootstrap: the same question has the
    same answer each time, for the cost of one pass instead of hundreds.
    """
    square = z * z
    linear = 2 * converted * share + square * share * (1 - share)
    curved = share * share - square * deviation * deviation
    root = math.sqrt(max(linear * linear - 4 * curved * converted * converted, 0.0))
    low = 2 * converted * converted / (linear + root) if converted else 0.0
    high = (linear + root) / (2 * curved) if curved > 0 else math.inf
    return max(low, float(converted)), high


def _grid(horizon_s: int) -> dict[str, int]:
    """Return how ages are told apart, up to the horizon."""
    bin_s = max(1, horizon_s // _BINS)
    return {"horizon_s": horizon_s, "bin_s": bin_s, "bins": horizon_s // bin_s}


def _ripeness(young: int, share: float | None, *, is_steady: bool) -> Ripeness:
    if not young:
        return Ripeness.MATURE
    if share is None:
        return Ripeness.UNKNOWN
    if share < LEAST_SHARE:
        return Ripeness.TOO_YOUNG
    return Ripeness.IMMATURE if is_steady else Ripeness.UNSTEADY


def _curve(rows: list[Mapping[str, Any]], z: float) -> Curve:
    first = rows[0]
    return Curve(
        key=first["key"],
        is_pooled=first["curve"] == 0,
        leads=first["leads"],
        conversions=first["conversions"],
        points=tuple(_points(rows, z)),
    )


def _points(rows: list[Mapping[str, Any]], z: float) -> Iterator[Point]:
    for row in rows:
        reached, survived = row["reached"], 1 - row["reached"]
        low = high = reached
        if 0 < reached < 1:
            # log(-log S) is near normal; its deviation is that of log S over |log S|.
            reach = math.exp(z * row["log_deviation"] / -math.log(survived))
            low, high = 1 - survived ** (1 / reach), 1 - survived**reach
        yield Point(row["age_s"], reached, low, high, row["share"])
