"""Funnels in plain Python, lead by lead and row by row, written from the semantics alone.

Nothing here knows how the product does it: each entry is followed by itself, each window is tried
anew, and what a chain could be is found by trying, not by proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

from reconcile.funnel.definition import Exclusion, FunnelDefinition, FunnelStep, Money, Order

START = datetime(2026, 11, 1)


@dataclass(frozen=True)
class Row:
    """An event of a lead, `at` seconds after the start of time."""

    lead: str
    event: str
    at: int
    revenue: Decimal | None = None
    currency: str = ""

    @property
    def place(self) -> tuple[int, Decimal, tuple[int, ...], str]:
        """Where it stands among rows of its step: the larger amount first at one time."""
        amount = Decimal("-Infinity") if self.revenue is None else self.revenue
        return (self.at, -amount, tuple(-ord(letter) for letter in self.currency), self.event)


@dataclass(frozen=True)
class Chain:
    """What one entry of a lead comes to: the time and row of each step after the lead."""

    entered: int
    times: tuple[int | None, ...]
    rows: tuple[Row | None, ...]
    stopped: int | None

    def reached(self, place: int, window: int | None) -> bool:
        """Return whether a step is reached within a window; place 0 is step 2."""
        time = self.times[place]
        return time is not None and (window is None or time <= self.entered + window)

    def within(self, window: int | None) -> list[int | None]:
        """Return the times of the steps that are reached within a window."""
        return [t if self.reached(n, window) else None for n, t in enumerate(self.times)]


def best_chain(
    funnel: FunnelDefinition, entries: Sequence[int], rows: Sequence[Row], window: int | None
) -> tuple[Chain, int] | None:
    """Return the entry of a lead that counts, and its level; None if the lead counts nowhere."""
    return best_of(funnel, chains_of(funnel, entries, rows), window)


def chains_of(funnel: FunnelDefinition, entries: Sequence[int], rows: Sequence[Row]) -> list[Chain]:
    """Return what each entry of a lead comes to, in the order of their time."""
    kept = sorted(set(entries))[: 1 if funnel.first_entry_only else None]
    return [follow(funnel, entered, rows) for entered in kept]


def best_of(
    funnel: FunnelDefinition, chains: Iterable[Chain], window: int | None
) -> tuple[Chain, int] | None:
    """Return the chain that counts within a window, and its level; None if none does."""
    tried = []
    for chain in chains:
        level = level_of(funnel, chain, window)
        last = 1 + sum(not step.optional for step in funnel.counted)
        hit = chain.stopped is not None and (
            window is None or chain.stopped <= chain.entered + window
        )
        if not (funnel.exclusion is Exclusion.REMOVE and hit and level < last):
            tried.append((chain, level))
    return min(tried, key=lambda one: (-one[1], one[0].entered), default=None)


def level_of(funnel: FunnelDefinition, chain: Chain, window: int | None) -> int:
    """Return how many needed steps an entry reached, the lead being one."""
    needed = [n for n, step in enumerate(funnel.counted) if not step.optional]
    return 1 + sum(chain.reached(n, window) for n in needed)


def follow(funnel: FunnelDefinition, entered: int, rows: Sequence[Row]) -> Chain:
    """Follow one entry through the rows of its lead."""
    near = [row for row in rows if row.at >= entered - funnel.skew_s]
    stops = [max(row.at, entered) for row in near if row.event in funnel.excluding]
    stopped = min(stops, default=None)
    gap = 1 if funnel.later_only else 0
    used: list[Row] = []
    times: list[int | None] = []
    taken: list[Row | None] = []
    reached: int | None = entered
    for place, step in enumerate(funnel.counted):
        found = None
        if reached is not None:
            since = entered if funnel.order is Order.UNORDERED else reached
            if funnel.order is Order.STRICT and not step.optional:
                candidates = _next_row(funnel, place, entered, rows, used)
            else:
                candidates = [r for r in near if r.event in step.events and not _in(r, used)]
            fitting = [
                row
                for row in candidates
                if max(row.at, entered) - since >= gap
                and (step.within_s is None or max(row.at, entered) - since <= step.within_s)
                and (stopped is None or max(row.at, entered) <= stopped)
            ]
            found = min(fitting, key=lambda row: row.place, default=None)
        if found is None or reached is None:
            times.append(None)
            taken.append(None)
            reached = reached if step.optional else None
            continue
        time = max(found.at, entered, reached)
        times.append(time)
        taken.append(found)
        used += [found] if not step.optional else []
        reached = reached if step.optional else time
    return Chain(entered, tuple(times), tuple(taken), stopped)


def _in(row: Row, used: Iterable[Row]) -> bool:
    return any(row is other for other in used)


def _next_row(
    funnel: FunnelDefinition, place: int, entered: int, rows: Sequence[Row], used: list[Row]
) -> list[Row]:
    """Return the very next row if it is of the step: strict order."""
    step, before = funnel.counted[place], _needed_before(funnel, place)
    listed = _in_line(funnel, entered, rows)
    start = next(n for n, one in enumerate(listed) if one == entered)
    if used:
        start = next(n for n, one in enumerate(listed) if one is used[-1])
    for one in listed[start + 1 :]:
        if isinstance(one, int):  # the lead was sent again, which is no event
            continue
        if any(one.event in other.events for other in funnel.counted if other.optional):
            continue
        same = set(before.events) == set(step.events) if before else False
        if before is not None and one.event in before.events and not same:
            continue
        return [one] if one.event in step.events else []
    return []


def _needed_before(funnel: FunnelDefinition, place: int) -> FunnelStep | None:
    before = [step for step in funnel.counted[:place] if not step.optional]
    return before[-1] if before else None


def _in_line(funnel: FunnelDefinition, entered: int, rows: Sequence[Row]) -> list[int | Row]:
    """Return entries and rows of a lead in their order; `entries` stand as plain numbers."""

    def rank(row: Row) -> int:
        for number, step in enumerate(funnel.counted, 2):
            if row.event in step.events:
                return number
        return 98 if row.event in funnel.excluding else 99

    entries = sorted(row.at for row in rows if row.event == "the lead itself")
    own = [entry for entry in entries if entry != entered] + [entered]
    placed: list[tuple[tuple[int, int, object], int | Row]] = [
        ((entry, 1, (0, Decimal(0), (), "")), entry) for entry in own
    ]
    placed += [
        ((row.at, rank(row), row.place), row) for row in rows if row.event != "the lead itself"
    ]
    return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


def further_rows(
    funnel: FunnelDefinition, chain: Chain, rows: Sequence[Row], repeating: set[str]
) -> list[tuple[int, int, Row]]:
    """Return step number, time and row of what brings money beside the rows of the steps."""
    found = []
    for events in {frozenset(step.events) for step in funnel.counted}:
        places = [n for n, s in enumerate(funnel.counted) if frozenset(s.events) == events]
        done = [n for n in places if chain.rows[n] is not None]
        if not done:
            continue
        last = done[-1]
        after = chain.rows[last].place  # type: ignore[union-attr]
        ordered = sorted((r for r in rows if r.event in events), key=lambda row: row.place)
        passed = next(n for n, row in enumerate(ordered) if row is chain.rows[last])
        for row in ordered[passed + 1 :]:
            assert row.place >= after
            time = max(row.at, chain.entered, chain.times[last] or 0)
            again = funnel.money is Money.ALL or (
                funnel.money is Money.SETTING and row.event in repeating
            )
            in_time = chain.stopped is None or max(row.at, chain.entered) <= chain.stopped
            if again and in_time and row.revenue is not None:
                found.append((last + 2, time, row))
    return found


def exhaustive_level(steps: int, entered: int, rows: Sequence[Row], window: int) -> int:
    """Return the level of the plain ordered funnel a, b, c ... by trying every choice of rows."""
    names = "abcdefgh"[: steps - 1]
    inside = [row for row in rows if entered <= row.at <= entered + window]
    for level in range(steps, 1, -1):
        wanted = names[: level - 1]
        for chosen in combinations(range(len(inside)), level - 1):
            picked = sorted((inside[n] for n in chosen), key=lambda row: row.event)
            if [row.event for row in picked] == list(wanted) and all(
                one.at <= other.at for one, other in pairwise(picked)
            ):
                return level
    return 1


def at(seconds: int) -> datetime:
    """Return a time of the world as the product has it."""
    return START + timedelta(seconds=seconds)


def by_lead(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows by their lead."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.lead].append(row)
    return dict(found)
