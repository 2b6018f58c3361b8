"""What is asked of a funnel: the window, the breakdown, the period, and which leads are meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reconcile.errors import BadFunnel
from reconcile.funnel.facts import ATTRIBUTES

MOST_SLICES = 50
AS_DEFINED = -1
AT_STEP = ("event_id", "campaign_id", "pid", "buyer")
"""What the row of a step may be asked for: `pid@3` is the source that the event of step 3 names."""


@dataclass(frozen=True)
class FunnelView:
    """How to look at a funnel.

    `window_s` replaces that of the definition: seconds from the lead, inclusive; None is none.
    `by` names up to two attributes (`ATTRIBUTES`) to break down by, of which `day`, `week` and
    `month` are cohorts; `pid@3` is the pid that the event of step 3 names (`AT_STEP`), none where a
    lead did not reach it, so that slices add up as well. Leads count by the local day of their
    entry, from `date_from` up to, without, `date_to`. `only` lets leads pass whose attribute is one
    of some values, None being no value. Of a breakdown the `most` slices with most leads are kept,
    all others are one. With `only_mature` leads younger than the window are left out.
    `tracked_only` leaves out the events that a run recovered.
    """

    window_s: int | None = AS_DEFINED
    by: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    only: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    most: int = MOST_SLICES
    only_mature: bool = False
    tracked_only: bool = False

    def __post_init__(self) -> None:
        """Refuse what no funnel can be asked."""
        named = (*self.by, *self.only)
        unknown = [name for name in named if name not in ATTRIBUTES and not _step_of(name)]
        if unknown:
            raise BadFunnel(
                f"No attribute of a lead is called {unknown[0]!r}. There are: "
                f"{', '.join(ATTRIBUTES)}; and of the event of a step, such as step 3: "
                f"{', '.join(f'{name}@3' for name in AT_STEP)}."
            )
        if len({_step_of(name) for name in named} - {None}) > 1:
            raise BadFunnel("Events are looked at one step at a time: name the same step twice.")
        if len(self.by) > 2 or len(set(self.by)) < len(self.by):
            raise BadFunnel("A funnel is broken down by one attribute, or by two different ones.")
        if self.window_s is not None and self.window_s < AS_DEFINED:
            raise BadFunnel("The window must not be negative.")
        if self.most < 1:
            raise BadFunnel("At least one slice of a breakdown must be shown.")

    @property
    def at_step(self) -> int | None:
        """Return the step whose events are looked at; None for none."""
        return next(filter(None, map(_step_of, (*self.by, *self.only))), None)


def _step_of(name: str) -> int | None:
    """Return the step of an attribute of its event; None of any other name."""
    attribute, _, step = name.partition("@")
    return int(step) if attribute in AT_STEP and step.isdecimal() and int(step) > 1 else None


PLAIN = FunnelView()
