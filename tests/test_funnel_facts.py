"""The fact table and its questions say of every lead what following its rows one by one says."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from funnel_worlds import (
    END,
    LEAD,
    REPEATING,
    World,
    funnel_of,
    lent_engine,
    random_world,
)
from reconcile.funnel.definition import (
    Exclusion,
    FunnelDefinition,
    FunnelStep,
    Money,
    Order,
)
from reconcile.funnel.view import FunnelView
from reference_funnel import (
    START,
    Row,
    best_chain,
    best_of,
    by_lead,
    chains_of,
    exhaustive_level,
    further_rows,
    level_of,
)

__all__ = ["lent_engine"]  # a fixture

SEEDS = int(os.environ.get("FUNNEL_SEEDS", "1"))
"""More of them for a longer test: FUNNEL_SEEDS=50."""
LEADS = int(os.environ.get("FUNNEL_LEADS", "250"))
WORLDS = [random_world(Random(f"world {seed}"), LEADS) for seed in range(SEEDS)]
WINDOWS = (5, None, 0, 2)

A, B, C = FunnelStep("A", ("a",)), FunnelStep("B", ("b",)), FunnelStep("C", ("c",))
X = FunnelStep("X", ("x",), exclusion=True)
O = FunnelStep("O", ("o",), optional=True)  # noqa: E741 - named as its event is
PLAIN = FunnelDefinition("plain", (A, B, C))

SHAPES = {
    "plain": PLAIN,
    "first entry": replace(PLAIN, first_entry_only=True),
    "later only": replace(PLAIN, later_only=True),
    "skew": replace(PLAIN, skew_s=2),
    "optional": replace(PLAIN, steps=(A, O, B, C)),
    "optional last": replace(PLAIN, steps=(A, B, O)),
    "two events": replace(PLAIN, steps=(FunnelStep("A or D", ("a", "d")), B, C)),
    "exclusion": replace(PLAIN, steps=(A, B, C, X)),
    "removing": replace(PLAIN, steps=(A, X, B, O), exclusion=Exclusion.REMOVE),
    "step windows": replace(
        PLAIN, steps=(replace(A, within_s=3), replace(B, within_s=1), replace(C, within_s=2))
    ),
    "repeats": replace(PLAIN, steps=(replace(A, repeat=2), B)),
    "there and back": replace(PLAIN, steps=(A, B, replace(A, name="A again"))),
    "everything": replace(
        PLAIN,
        steps=(A, O, replace(B, within_s=4), X, replace(A, name="A again")),
        exclusion=Exclusion.REMOVE,
        skew_s=1,
    ),
}
# What the orders do differently; with more seeds every shape is tried in every order.
SHORT = ("plain", "optional", "exclusion", "repeats", "there and back", "step windows")
FUNNELS = [
    replace(shape, order=order, name=f"{order} {name}")
    for name, shape in SHAPES.items()
    for order in Order
    if not (order is Order.STRICT and shape.skew_s)
    if order is Order.ORDERED or name in SHORT or SEEDS > 1
]
CASES = [pytest.param(funnel, id=funnel.name) for funnel in FUNNELS]
ASKED = [
    *(f for f in FUNNELS if f.name in ("ordered plain", "ordered removing", "ordered repeats")),
    *(f for f in FUNNELS if f.name in ("strict optional", "unordered there and back")),
]


@cache
def chains(funnel: FunnelDefinition, world: World):
    """Return each lead's entries, followed by the reference; no window plays a part yet."""
    rows = by_lead(world.rows)
    return {lead: chains_of(funnel, world.entries(lead), rows[lead]) for lead in rows}


def expected(funnel: FunnelDefinition, world: World, window: int | None):
    """Return each lead's chain that counts and its level, by the reference."""
    found = {lead: best_of(funnel, of, window) for lead, of in chains(funnel, world).items()}
    return {lead: best for lead, best in found.items() if best is not None}


@pytest.mark.parametrize("funnel", CASES)
def test_every_mode_chains_as_the_reference_does(funnel, engine):
    """Which entry counts, how far it comes and when: lead by lead, at several windows."""
    for world in WORLDS:
        with funnel_of(funnel, world, engine) as asked:
            for window in WINDOWS:
                found = expected(funnel, world, window)
                told = chosen(asked, FunnelView(window))
                assert told == {
                    lead: (
                        chain.entered,
                        level,
                        [
                            t if chain.reached(n, window) else None
                            for n, t in enumerate(chain.times)
                        ],
                    )
                    for lead, (chain, level) in found.items()
                }


@pytest.mark.parametrize("later_only", [False, True])
def test_a_step_window_ends_with_its_last_microsecond(engine, later_only):
    """Where a step must come later, its window does not."""
    funnel = replace(PLAIN, steps=(replace(A, within_s=3),), later_only=later_only)
    world = World(
        tuple(
            Row(lead, event, at)
            for lead, end in (("within", 3), ("beyond", 3.000001))
            for event, at in ((LEAD, 0), ("a", end))
        ),
        dict.fromkeys(("within", "beyond")),
    )
    with funnel_of(funnel, world, engine) as asked:
        levels = {lead: level for lead, (_, level, _) in chosen(asked, FunnelView(None)).items()}
    assert levels == {"within": 2, "beyond": 1}


def chosen(asked, view):
    """Return of each lead that counts its entry, level and times, as the product has them."""
    rows = asked._engine.records(asked._questions(view), **asked._values(view))
    steps = range(2, len(asked.definition.names) + 1)
    last = None if view.window_s is None else timedelta(seconds=view.window_s)
    return {
        row["transaction_id"]: (
            seconds(row["entered"]),
            row["level"],
            [
                seconds(row[f"t{step}"])
                if row[f"t{step}"] and (last is None or row[f"t{step}"] <= row["entered"] + last)
                else None
                for step in steps
            ],
        )
        for row in rows
    }


def seconds(time):
    """Return a time as the world has it."""
    return int((time - START).total_seconds())


@pytest.mark.parametrize("funnel", ASKED, ids=lambda funnel: funnel.name)
def test_every_question_answers_as_the_reference_does(funnel, engine):
    """Counts, slices, drop-off lists, times and money of random leads."""
    for world in WORLDS:
        with funnel_of(funnel, world, engine) as asked:
            compare(asked, funnel, world, 3)
            if funnel.name == "ordered plain":
                compare(asked, funnel, world, None)


def compare(asked, funnel, world, window):
    """Hold every question against the reference."""
    found = expected(funnel, world, window)
    view = FunnelView(window_s=window)
    counts = asked.counts(view)
    size = len(funnel.names)
    best = [chain for chain, _ in found.values()]
    reached = [len(best)]
    reached += [sum(one.reached(place, window) for one in best) for place in range(size - 1)]
    assert [row["reached"] for row in counts] == reached
    young = sum(window is not None and c.entered + window > END for c, _ in found.values())
    assert {row["young"] for row in counts} == {young}

    split = asked.counts(replace(view, by=("pid",)))
    for step in range(1, size + 1):
        assert sum(row["reached"] for row in split if row["step"] == step) == reached[step - 1]
    firsts = Counter(world.pids[lead] for lead in found)
    assert {row["pid"]: row["leads"] for row in split if row["step"] == 1} == firsts

    for step in range(1, size + 1):
        drop_off_is_the_difference(asked, counts, found, (funnel, view, step))
    times_are_those_of_the_chains(asked, found, (funnel, view))
    money_is_that_of_the_rows(asked, found, world, (funnel, view))


@pytest.mark.parametrize("shape", ["two events", "exclusion", "there and back", "everything"])
def test_slices_by_the_event_of_a_step_are_those_of_the_chains(shape, engine):
    """Which of its events took a lead to a step: as the reference has it, and none are lost."""
    funnel = SHAPES[shape]
    funnel = replace(funnel, steps=(FunnelStep("A", ("a", "d")), *funnel.steps[1:2]))
    with funnel_of(funnel, WORLDS[0], engine) as asked:
        for window in (3, None):
            found = expected(funnel, WORLDS[0], window)
            told = asked.counts(FunnelView(window, by=("event_id@2",)))
            events = Counter(
                chain.rows[0].event if chain.reached(0, window) else None
                for chain, _ in found.values()
            )
            assert {row["event_id@2"]: row["leads"] for row in told if row["step"] == 1} == events


def drop_off_is_the_difference(asked, counts, found, what):
    """As long as the counts differ, and of exactly these leads."""
    funnel, view, step = what
    optional = [False, *(one.optional for one in funnel.counted)]
    following = [n for n in range(step, len(optional)) if not optional[n]]
    if optional[step - 1]:
        length = counts[step - 1]["before"] - counts[step - 1]["reached"]
    elif following:
        length = counts[step - 1]["reached"] - counts[following[0]]["reached"]
    else:
        return
    listed = asked.drop_off(step, view)
    assert len(listed) == length == asked.drop_off_count(step, view)
    level = step - sum(optional[:step])
    if not optional[step - 1]:
        stuck = {lead for lead, (_, one) in found.items() if one == level}
        assert {row["transaction_id"] for row in listed} == stuck


def times_are_those_of_the_chains(asked, found, what):
    """Median and ninetieth percentile of the seconds from the lead to the step."""
    funnel, view = what
    told = {
        row["step"]: (row["reached"], row["median_s"], row["p90_s"]) for row in asked.times(view)
    }
    for place in range(len(funnel.counted)):
        taken = sorted(
            chain.times[place] - chain.entered
            for chain, _ in found.values()
            if chain.reached(place, view.window_s)
        )
        if taken:
            half, most = taken[(len(taken) - 1) // 2], taken[-(-len(taken) * 9 // 10) - 1]
            assert told[place + 2] == (len(taken), half, most)
            if place == 0:
                bars = asked.histogram(2, view, bars=(0, 1, 2, 4))
                assert sum(bar["leads"] for bar in bars) == len(taken)
        else:
            assert place + 2 not in told


def money_is_that_of_the_rows(asked, found, world, what):
    """The sums of each step and currency are those of the rows that count."""
    funnel, view = what
    rows = by_lead(world.rows)
    sums: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for lead, (chain, _) in found.items():
        for place, row in enumerate(chain.rows):
            if row is not None and row.revenue is not None and chain.reached(place, view.window_s):
                sums[place + 2, row.currency] += row.revenue
        for step, time, row in further_rows(funnel, chain, rows[lead], REPEATING):
            if view.window_s is None or time <= chain.entered + view.window_s:
                sums[step, row.currency] += row.revenue
    told = {
        (row["step"], row["currency"]): row["revenue"]
        for row in asked.money(view)
        if row["step"] > 1
    }
    assert {key: amount for key, amount in told.items() if amount} == {
        key: amount for key, amount in sums.items() if amount
    }


@pytest.mark.parametrize(
    ("shape", "money"),
    [("plain", Money.ALL), ("repeats", Money.ALL), ("skew", Money.FIRST), ("exclusion", Money.ALL)],
)
def test_every_rule_of_money_sums_as_the_reference_does(money, shape, engine):
    """First rows only, all rows, or as Multi-Trigger says; repeated steps share their rows."""
    funnel = replace(SHAPES[shape], steps=(*SHAPES[shape].steps[:2], C), money=money)
    with funnel_of(funnel, WORLDS[0], engine) as asked:
        for window in (None, 3):
            found = expected(funnel, WORLDS[0], window)
            money_is_that_of_the_rows(asked, found, WORLDS[0], (funnel, FunnelView(window)))


def test_the_earliest_chain_is_as_good_as_any():
    """The reference itself: trying every choice of rows finds no longer chain in a window."""
    world = random_world(Random("exhaustive"), 200, span=7)
    for lead, rows in by_lead(world.rows).items():
        events = [row for row in rows if row.event != LEAD]
        for entry in world.entries(lead):
            for window in (0, 2, 4, 7):
                found = best_chain(PLAIN, [entry], rows, window)
                assert level_of(PLAIN, found[0], window) == exhaustive_level(
                    4, entry, events, window
                )
