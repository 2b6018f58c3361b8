"""How sure the answers of a funnel are: intervals, and what young leads will still bring."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from reconcile.errors import BadFunnel
from reconcile.funnel import asking, comparing, maturity
from reconcile.funnel.facts import COHORTS
from reconcile.funnel.maturity import Curve, Standing
from reconcile.funnel.slicing import OTHER, Record, Slice, key_of, shown_slices
from reconcile.funnel.statistics import CONFIDENCE, TOO_FEW, rate
from reconcile.funnel.view import AS_DEFINED, PLAIN, FunnelView

_HOUR, _DAY = 3_600, 86_400
GROWTH_AGES = (_HOUR, *(days * _DAY for days in (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90)))
"""Ages by which the growth of cohorts is shown, in seconds, as far as the window goes."""

_NOTHING = "nothing"
_BETWEEN = chr(31)


class Funnel(asking.Funnel):
    """A funnel whose fact table is built; every question is asked of that table.

    Beside what it counts it says how sure that is, and compares.
    """

    def rates(self, view: FunnelView = PLAIN, *, confidence: float = CONFIDENCE) -> list[Record]:
        """Return the counts with intervals of their rates, and what young leads will still bring.

        Without a window nobody is young, and `ripeness` and what follows it are none.
        """
        rows = self.counts(view)
        window = self._window_s(view)
        developed: dict[tuple[Slice, int], Standing] = {}
        # Who reaches a step late is in its slice late: what slices by an event come to is unknown.
        by_event = view.at_step is not None
        if window is not None and not by_event and any(row["young"] for row in rows):
            shown = set(shown_slices(rows, view))
            for number in range(2, len(self.definition.names) + 1):
                found = self._standings(number, view, window, shown)
                developed |= {(key, number): standing for key, standing in found.items()}
        return [self._judged(row, view, developed, confidence) for row in rows]

    def curves(
        self, step: int, view: FunnelView = PLAIN, *, confidence: float = CONFIDENCE
    ) -> list[Curve]:
        """Return how many leads have reached a step by which age, as far as each was seen.

        That of all recent leads first, then those of slices with 200 conversions or more; none
        where there are too few leads. The period of the view is left aside.

        Raises:
            BadFunnel: There is no such step, or no window, where a curve would end.
        """
        self._check(step, first=2)
        self._make_curves(step, view, self._needed_window(view))
        return [
            replace(one, key=_spoken(one.key))
            for one in maturity.curves(self._engine, confidence=confidence)
        ]

    def growth(self, step: int, view: FunnelView = PLAIN) -> list[Record]:
        """Count the leads of each cohort that had reached a step by several ages.

        The cohorts are those of the view's breakdown, else days.

        Raises:
            BadFunnel: There is no such step, or no window.
        """
        self._check(step, first=2)
        window = self._needed_window(view)
        cohort = next((name for name in view.by if name in COHORTS), COHORTS[0])
        view = replace(view, by=(cohort,))
        lag = self._lags("funnel_lag", step, view)
        ages = [age for age in GROWTH_AGES if age < window] + [window]
        asked = {**lag.questions, "growth": "funnel/maturity_growth"}
        rows = self._engine.records(asked, **lag.values, ages=ages, grain=math.gcd(*ages))
        return [
            {"cohort": key_of(row | {"slice_within": None}, view)[0]}
            | {name: row[name] for name in ("age_s", "leads", "converted")}
            for row in rows
        ]

    def spread(self, step: int, view: FunnelView = PLAIN) -> list[Record]:
        """Return what comparing the revenue of a step per lead needs, per slice and currency.

        `paying` leads that the step brought money, its `total`, and the sum of `squares` per lead.

        Raises:
            BadFunnel: There is no such step.
        """
        self._check(step, first=2)
        return self._asked("money_spread", step, view, step=step)

    def compare(
        self,
        this: FunnelView,
        other: FunnelView | None = None,
        *,
        confidence: float = CONFIDENCE,
    ) -> list[Record]:
        """Compare the rates of two views, or of each slice of one with its other leads.

        What goes in, comes out and is raised: `comparing.compare`.
        """
        return comparing.compare(self, this, other, confidence=confidence)

    def compare_money(
        self,
        this: FunnelView,
        other: FunnelView | None = None,
        *,
        confidence: float = CONFIDENCE,
    ) -> list[Record]:
        """Compare the revenue per lead of two views, or of each slice of one with its other leads.

        What goes in, comes out and is raised: `comparing.compare_money`.
        """
        return comparing.compare_money(self, this, other, confidence=confidence)

    # ------------------------------------------------------------------------------- private

    def _judged(
        self,
        row: Record,
        view: FunnelView,
        standings: dict[tuple[Slice, int], Standing],
        confidence: float,
    ) -> Record:
        """Return a row of counts with its intervals and its estimate."""
        key = OTHER if row["is_other"] else tuple(row[name] for name in view.by)
        said: Record = dict.fromkeys(_JUDGED)
        if row["step"] > 1:
            all_leads = rate(row["reached"], row["leads"], confidence=confidence)
            before = rate(row["reached"], row["before"], confidence=confidence)
            said |= {"low": all_leads.low, "high": all_leads.high}
            said |= {"before_low": before.low, "before_high": before.high}
            if self._window_s(view) is not None:
                # Where nobody is young no curve was asked for.
                final = Standing(row["leads"], row["reached"], 0, row["leads"], 0.0, is_own=False)
                if view.at_step is not None:
                    final = replace(final, young=row["young"], ripe=None)
                standing = standings.get((key, row["step"]), final)
                found = maturity.develop(standing, confidence=confidence)
                said |= {"ripeness": found.ripeness.value, "share": found.share}
                said |= {"developed": found.developed, "own_curve": found.is_own}
                said |= {"developed_low": found.low, "developed_high": found.high}
        return row | said

    def _standings(
        self, step: int, view: FunnelView, window: int, shown: Collection[Slice]
    ) -> dict[Slice, Standing]:
        """Return how far the leads of each slice that is shown have come; all others are one."""
        pool = self._make_curves(step, view, window)
        maturity.make_pace(self._engine, window, pool)
        found: dict[Slice, Standing] = {}
        lag = self._lags("funnel_lag", step, view)
        for parts, standing in maturity.standings(self._engine, window, lag).items():
            slice_texts = dict(zip(("slice", "slice_within"), parts, strict=True))
            key = key_of(slice_texts, view)
            key = key if key in shown else OTHER
            found[key] = found[key] + standing if key in found else standing
        return found

    def _make_curves(self, step: int, view: FunnelView, window: int) -> maturity.Asked:
        """Make the curves of all leads that the view's filters let pass, whenever they came.

        Where those are too few for a curve of their own, they take that of all leads. Returns what
        asks for the leads that the curves are made of.
        """
        pool = replace(view, date_from=None, date_to=None, only_mature=False)
        least = maturity.OWN_CONVERSIONS if view.only else TOO_FEW
        recent = maturity.recent_s(window)
        lags = self._lags("funnel_pool", step, pool, recent=recent)
        if maturity.make_curves(self._engine, window, lags, pooled_least=least) or not view.only:
            return lags
        everybody = self._lags("funnel_pool", step, replace(pool, only={}), recent=recent)
        maturity.make_curves(self._engine, window, everybody)
        return everybody

    def _lags(
        self, name: str, step: int, view: FunnelView, *, recent: int | None = None
    ) -> maturity.Asked:
        """Return what is asked for the ages of leads, and how long they took to reach a step."""
        others = [self._column(of) for of in view.by if of not in COHORTS]
        first, second = (*others, _NOTHING, _NOTHING)[:2]
        asked = self._questions(view) | {name: f"funnel/maturity_lag#{step}"}
        values = self._values(view) | {
            "key_first": first,
            "key_second": second,
            "recent": None if recent is None else timedelta(seconds=recent),
        }
        return maturity.Asked(asked, values)

    def _window_s(self, view: FunnelView) -> int | None:
        return self.definition.window_s if view.window_s == AS_DEFINED else view.window_s

    def _needed_window(self, view: FunnelView) -> int:
        window = self._window_s(view)
        if view.at_step is not None:
            raise BadFunnel(
                "Which event a lead has at a step is known only once it has it, so that there is "
                "no curve of such leads. Break down and filter by attributes of the lead."
            )
        if window is None:
            raise BadFunnel(
                "Without a window no lead is ever old enough to be done, so that there is no curve "
                "to its end. Name a window, such as 30d."
            )
        return window


_JUDGED = (
    *("low", "high", "before_low", "before_high", "ripeness", "share"),
    *("developed", "developed_low", "developed_high", "own_curve"),
)


def _spoken(key: str | None) -> str | None:
    """Return the key of a curve as people read it."""
    return None if key is None else " · ".join(part or "none" for part in key.split(_BETWEEN))
