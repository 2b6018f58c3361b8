"""Random leads full of ties, repeats and gaps, as rows of the reference and as canonical tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from weakref import WeakKeyDictionary

import pytest

from reconcile.engine import Engine
from reconcile.funnel.asking import Funnel
from reconcile.funnel.definition import FunnelDefinition
from reconcile.funnel.facts import Around, build_facts
from reconcile.terms import EventSetting, Kind, Known
from reference_funnel import Row, at
from warehouse_data import halves, upload

LEAD = "the lead itself"
REPEATING = {"a", "c"}
SETTINGS = [EventSetting("k1", name, allows_duplicates=Known.YES) for name in REPEATING]
_last: WeakKeyDictionary[Engine, World] = WeakKeyDictionary()
END = 40
"""The data's end, in seconds after the start of time."""


@dataclass(frozen=True, eq=False)
class World:
    """Leads with their rows; a lead row is a row of the event `LEAD`."""

    rows: tuple[Row, ...]
    pids: dict[str, str | None]

    def entries(self, lead: str) -> list[int]:
        """Return the times of a lead's own rows."""
        return [row.at for row in self.rows if row.lead == lead and row.event == LEAD]


def random_world(random: Random, leads: int, *, span: int = 9) -> World:
    """Return leads with up to nine events each, most within a few seconds of each other."""
    rows = []
    pids = {}
    for number in range(leads):
        lead = f"lead-{number}"
        pids[lead] = random.choice(["p1", "p2", "p3", None])
        entries = random.choices([0, 1, 2, 3], [1, 8, 2, 1])[0]
        rows += [_row(random, lead, LEAD, span) for _ in range(entries)]
        for _ in range(random.randrange(10)):
            event = random.choices("abcdxoz", [5, 4, 3, 2, 2, 2, 1])[0]
            rows.append(_row(random, lead, event, span))
    random.shuffle(rows)
    return World(tuple(rows), pids)


def _row(random: Random, lead: str, event: str, span: int) -> Row:
    amount = random.choice([None, None, Decimal(1), Decimal("2.50"), Decimal(-3), Decimal(0)])
    currency = random.choice(["USD", "USD", "EUR"]) if amount is not None else "USD"
    return Row(lead, event, random.randrange(span), amount, currency)


@pytest.fixture(scope="module", name="engine")
def lent_engine() -> Iterator[Engine]:
    """Lend one engine to all tests: opening it takes longer than a question on so few rows."""
    opened = Engine()
    opened._con.execute("set threads = 1")
    yield opened
    opened.close()


@contextmanager
def funnel_of(definition: FunnelDefinition, world: World, engine: Engine) -> Iterator[Funnel]:
    """Lend the funnel of a world, whose rows are put into the engine unless they are there."""
    if _last.get(engine) is not world:
        put(engine, world)
        _last[engine] = world
    build_facts(engine, definition, Around(settings=SETTINGS))
    yield Funnel(engine, definition, at(END))


def put(engine: Engine, world: World) -> None:
    """Make the tables `lead` and `event` of a world."""
    upload(engine, Kind.LEAD, [_canonical(row, world) for row in world.rows if row.event == LEAD])
    upload(engine, Kind.EVENT, [_canonical(row, world) for row in world.rows if row.event != LEAD])


def _canonical(row: Row, world: World) -> dict[str, object]:
    key_hi, key_lo = halves(row.lead)
    return {
        "transaction_id": row.lead,
        "key_hi": key_hi,
        "key_lo": key_lo,
        "campaign_id": "k1",
        "pid": world.pids[row.lead],
        "occurred_at": at(row.at),
        "revenue": row.revenue,
        "cost": Decimal(1) if row.event == LEAD else None,
        "currency": row.currency,
        "event_id": row.event,
    }
