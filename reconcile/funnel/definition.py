"""What a funnel is: its steps, and every choice that its counts depend on.

Step 1 is always the lead itself and is not listed. The choices and their defaults are those that
docs/funnels.md explains by tested cases.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from reconcile.errors import BadFunnel, UnknownZone
from reconcile.terms import EventSetting
from reconcile.zones import zone_of

DAY_S = 86_400
DEFAULT_WINDOW_S = 30 * DAY_S
MOST_STEPS = 30
LEAD = "Lead"
"""Name of step 1."""

_NAME = re.compile(r"[^\W_][\w .+&()-]{0,79}\Z")
COLUMN = "column:"


class Order(StrEnum):
    """How the events of a lead must follow each other."""

    ORDERED = "ordered"
    """Each step at or after the one before; other events may lie in between."""
    STRICT = "strict"
    """Each step is the very next row of the lead; a repetition of the step before is no other."""
    UNORDERED = "unordered"
    """Steps in any order, all at or after the lead."""


class Clock(StrEnum):
    """Which time of an event counts."""

    CONVERSION = "conversion"
    """When it happened (`conversion_date`), as the event's row has it."""
    RECEIVED = "received"
    """When the platform took it in: a column of the event export that nobody mapped."""


class Money(StrEnum):
    """Which rows of one step and lead bring revenue."""

    SETTING = "setting"
    """All rows of events whose setting allows duplicates (Multi-Trigger), else the first row."""
    FIRST = "first"
    ALL = "all"


class Exclusion(StrEnum):
    """What an exclusion does to a lead."""

    STOP = "stop"
    """The chain ends there; the steps before it stay."""
    REMOVE = "remove"
    """A lead that had not come to the end counts in no step."""


class NoLead(StrEnum):
    """What becomes of events whose id has no lead row."""

    APART = "apart"
    """They are counted apart, in no step."""
    IMPUTE = "impute"
    """Their first event stands for the lead."""


UNITS = ("transaction_id", "transaction_id+buyer", "external_clickid", "clid")
"""What makes rows one lead; besides, `column:NAME` for one nobody mapped, as a hashed email."""


@dataclass(frozen=True)
class FunnelStep:
    """One step after the lead: it is reached by a row of any of its events.

    `within_s` is how many seconds after the needed step before it may come at the latest (in
    unordered mode after the lead), inclusive. A step with `repeat` 3 stands for three steps that
    take a row each. An `optional` step is measured and holds nothing up. An `exclusion` is no step:
    a row of its events at or after the lead ends the chain.
    """

    name: str
    events: tuple[str, ...]
    optional: bool = False
    exclusion: bool = False
    within_s: int | None = None
    repeat: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if not self.name.strip():
            raise BadFunnel("A step has no name. Give it one, such as Sale.")
        if not self.events or not all(event.strip() for event in self.events):
            raise BadFunnel(f"Step {self.name!r} names no event. List the ids of its events.")
        if len(set(self.events)) < len(self.events):
            raise BadFunnel(f"Step {self.name!r} names an event twice. Keep one of the two.")
        if self.within_s is not None and self.within_s < 0:
            raise BadFunnel(f"Step {self.name!r}: its window must not be negative.")
        if self.repeat < 1:
            raise BadFunnel(f"Step {self.name!r}: repeat must be 1 or more, not {self.repeat}.")
        if self.exclusion and (self.optional or self.within_s is not None or self.repeat > 1):
            raise BadFunnel(
                f"Step {self.name!r} is an exclusion, which is no step: it takes no optional, "
                "within or repeat. Take them out."
            )


@dataclass(frozen=True)
class FunnelDefinition:
    """A funnel. No campaigns are all campaigns; no window is none.

    `window_s` counts from the lead, inclusive. `received` is the column that the clock `received`
    reads. With `later_only` a step must come after the one before, not at the same time. Events up
    to `skew_s` seconds before their lead count as at its time. With `first_entry_only` a lead that
    was sent again counts from its first row, else from that which comes farthest. `zone` is that of
    the days of cohorts, `currency` that of rows that name none.
    """

    name: str
    steps: tuple[FunnelStep, ...]
    campaigns: tuple[str, ...] = ()
    order: Order = Order.ORDERED
    window_s: int | None = None
    clock: Clock = Clock.CONVERSION
    received: str = "received_at"
    first_entry_only: bool = False
    later_only: bool = False
    skew_s: int = 0
    unit: str = "transaction_id"
    money: Money = Money.SETTING
    exclusion: Exclusion = Exclusion.STOP
    no_lead: NoLead = NoLead.APART
    zone: str = "UTC"
    currency: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if not _NAME.match(self.name):
            raise BadFunnel(
                f"A funnel cannot be called {self.name!r}: a name begins with a letter or digit, "
                "has at most 80 characters, and of signs only . + & ( ) - and blanks."
            )
        _check_steps(self.steps)
        if self.window_s is not None and self.window_s < 0:
            raise BadFunnel(f"Funnel {self.name!r}: its window must not be negative.")
        if self.skew_s < 0:
            raise BadFunnel(f"Funnel {self.name!r}: skew must not be negative.")
        if self.skew_s and (self.order is Order.STRICT or self.later_only):
            raise BadFunnel(
                f"Funnel {self.name!r}: skew lets events count as at the time of their lead, which "
                "strict order and later_only do not. Take one of the two out."
            )
        if self.unit not in UNITS and not self.unit.removeprefix(COLUMN).strip():
            raise BadFunnel(f"Funnel {self.name!r}: unit {self.unit!r} names no column.")
        if self.unit not in UNITS and not self.unit.startswith(COLUMN):
            raise BadFunnel(
                f"Funnel {self.name!r}: no unit is called {self.unit!r}. There are: "
                f"{', '.join(UNITS)}, and {COLUMN}NAME for a column that nobody mapped."
            )
        try:
            zone_of(self.zone)
        except UnknownZone as error:
            raise BadFunnel(f"Funnel {self.name!r}: {error}") from error

    @property
    def counted(self) -> tuple[FunnelStep, ...]:
        """Return the steps from 2 on, one for each row that is needed; exclusions are none."""
        return tuple(
            replace(step, repeat=1, name=step.name if turn == 1 else f"{step.name} ({turn})")
            for step in self.steps
            if not step.exclusion
            for turn in range(1, step.repeat + 1)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all steps, the lead first."""
        return (LEAD, *(step.name for step in self.counted))

    @property
    def excluding(self) -> tuple[str, ...]:
        """Return the events that end a chain."""
        return tuple(event for step in self.steps if step.exclusion for event in step.events)


def default_funnel(settings: Iterable[EventSetting], campaign: str) -> FunnelDefinition:
    """Return the funnel that the event settings of a campaign speak of, in a window of 30 days.

    Its steps are the events that have a position, in that order; events that share one are one
    step, reached by any of them.

    Raises:
        BadFunnel: No event of the campaign has a position.
    """
    settings = list(settings)
    placed: defaultdict[int, list[EventSetting]] = defaultdict(list)
    for setting in settings:
        if setting.campaign_id == campaign and setting.position is not None:
            placed[setting.position].append(setting)
    if not placed:
        there = sorted({s.campaign_id for s in settings if s.position is not None})
        known = (
            f"Campaigns that have some: {', '.join(there[:10])}." if there else "No campaign has."
        )
        raise BadFunnel(
            f"No event of campaign {campaign!r} has a position in the event settings, so that its "
            f"steps are unknown. {known} Load some with `reconcile settings`, or write a file."
        )
    steps: list[FunnelStep] = []
    for position in sorted(placed):
        found = sorted(placed[position], key=lambda setting: setting.event_id)
        name = " / ".join(setting.name or setting.event_id for setting in found)
        taken = any(step.name == name for step in steps)
        events = tuple(setting.event_id for setting in found)
        steps.append(FunnelStep(f"{name} ({', '.join(events)})" if taken else name, events))
    name = (
        campaign if _NAME.match(campaign) else f"campaign {re.sub(r'[^0-9A-Za-z]+', '-', campaign)}"
    )
    return FunnelDefinition(name, tuple(steps), campaigns=(campaign,), window_s=DEFAULT_WINDOW_S)


def _check_steps(steps: Sequence[FunnelStep]) -> None:
    counted = [step for step in steps if not step.exclusion]
    if all(step.optional for step in counted):
        raise BadFunnel("A funnel needs at least one step after the lead that is not optional.")
    if sum(step.repeat for step in counted) >= MOST_STEPS:
        raise BadFunnel(f"A funnel has at most {MOST_STEPS} steps, the lead and repeats included.")
    names = [LEAD, *(step.name for step in steps)]
    names += [f"{step.name} ({turn})" for step in counted for turn in range(2, step.repeat + 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadFunnel(f"Two steps are called {twice[0]!r}. Give each a name of its own.")
    for one, other in combinations(steps, 2):
        shared = set(one.events) & set(other.events)
        if not shared:
            continue
        where = f"Steps {one.name!r} and {other.name!r} share the event {min(shared)!r}"
        if one.exclusion or other.exclusion:
            raise BadFunnel(f"{where}, and one of them is an exclusion. Take it out of one.")
        if one.optional or other.optional:
            raise BadFunnel(
                f"{where}, and one of them is optional: a row could be of either. "
                "Take it out of one."
            )
        if set(one.events) != set(other.events):
            raise BadFunnel(
                f"{where} but not all their events: a row could be of either. Let them name the "
                "same events, or none in common."
            )
