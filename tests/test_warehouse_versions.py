"""Of versions of a row the newest counts: the rule in plain Python, and the store against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile.engine import Engine
from reconcile.terms import Kind
from reconcile.warehouse import Store, attaching, open_store
from tests.warehouse_data import day, halves, load

Place = tuple[str, int]

LAW = settings(
    max_examples=25,
    derandomize=True,  # the same files on every machine
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Line:
    """A row of a file, as far as the rule reads it; `lead` may be a word that names none."""

    lead: str | None
    event: str | None
    at: int | None
    amount: int | None
    status: str = "ok"

    @property
    def names_a_lead(self) -> bool:
        return self.lead is not None and self.lead.lower() not in ("test", "n/a")

    @property
    def content(self) -> tuple[bool, int, str]:
        return (self.amount is None, self.amount or 0, self.status)

    def identity(self, kind: Kind) -> tuple[object, ...]:
        """Return what makes two rows versions of one."""
        if not self.names_a_lead:
            return (self,)
        if kind is Kind.LEAD:
            return (self.lead,)
        return (self.lead, self.event, self.at, (self.amount or 0) < 0)

    def stored(self, *, old: bool) -> dict[str, Any]:
        """Return it as a row of the canonical table.

        Format 1 names every row by its content, and gives ids that name no lead a key, too.
        """
        key_hi, key_lo = halves(self.lead) if self.lead else (None, None)
        if self.lead == "test":
            key_hi, key_lo = placeholder_key() if old else (None, None)
        row_hi, row_lo = halves(repr(self)) if old or not self.names_a_lead else (None, None)
        return {
            "transaction_id": self.lead,
            "key_hi": key_hi,
            "key_lo": key_lo,
            "row_hi": row_hi,
            "row_lo": row_lo,
            "event_id": self.event,
            "occurred_at": None if self.at is None else day(self.at),
            "revenue": None if self.amount is None else Decimal(self.amount),
            "revenue_e4": None if self.amount is None else self.amount * 10_000,
            "status": self.status,
        }


@dataclass(frozen=True)
class File:
    """A delivery: its lines, the day it was made, and whether it is whole for its period."""

    name: str
    lines: tuple[Line, ...]
    made: int
    full: bool = False
    period: tuple[int, int] | None = None
    old: bool = False

    @property
    def days(self) -> tuple[int, int] | None:
        """Return its first day and its last."""
        known = [line.at for line in self.lines if line.at is not None]
        return self.period or ((min(known), max(known)) if known else None)

    def covers(self, line: Line, of: File) -> bool:
        """Say whether a line of an older file lies in the period of this whole delivery."""
        if not self.full or self.days is None:
            return False
        first, last = self.days
        if line.at is not None:
            return first <= line.at <= last
        return of.period is not None and first <= of.period[0] and of.period[1] <= last


@cache
def engine() -> Engine:
    return Engine()


@cache
def placeholder_key() -> tuple[int, int]:
    """Return the key of the word `test`, as an import would store it."""
    [(hi, lo)] = engine()._con.execute("select key_hi('test'), key_lo('test')").fetchall()
    return hi, lo


def groups(files: Iterable[File]) -> list[list[File]]:
    """Return the files grouped by whether their days meet, directly or through others."""
    found: list[list[File]] = []
    for file in files:
        meeting = [group for group in found if any(meets(file, other) for other in group)]
        found = [group for group in found if group not in meeting]
        found.append([file, *(other for group in meeting for other in group)])
    return found


def meets(a: File, b: File) -> bool:
    if a.days is None or b.days is None:
        return True
    return a.days[0] <= b.days[1] and b.days[0] <= a.days[1]


def visible(files: Iterable[File], kind: Kind) -> set[Place]:
    """Return the file and line of each row that counts: the rule itself."""
    shown: set[Place] = set()
    for group in groups(files):
        newest_first = sorted(group, key=lambda file: (file.made, file.name), reverse=True)
        for place, file in enumerate(newest_first):
            shown |= shown_of(file, newest_first[:place], kind)
    return shown


def shown_of(file: File, newer: list[File], kind: Kind) -> set[Place]:
    """Return the lines of a file that no newer one supersedes or withdraws."""
    held = [Counter(line.identity(kind) for line in other.lines) for other in newer]
    copies = [Counter(line for line in other.lines) for other in newer]
    by_identity = defaultdict(list)
    number: Counter[Line] = Counter()
    for place, line in enumerate(file.lines, 2):
        number[line] += 1
        is_known = any(number[line] <= copy[line] for copy in copies)
        by_identity[line.identity(kind)].append((not is_known, line.content, place, line))
    shown = set()
    for identity, lines in by_identity.items():
        most = max((other[identity] for other in held), default=0)
        if most and kind is Kind.LEAD and lines[0][3].names_a_lead:
            continue
        for _, _, place, line in sorted(lines)[most:]:
            if not any(other.covers(line, file) for other in newer):
                shown.add((file.name, place))
    return shown


# ------------------------------------------------------------------------------- the store


@dataclass
class Shelf:
    """A store that files are put into and taken out of."""

    store: Store
    kind: Kind
    batches: dict[str, str] = field(default_factory=dict)

    def put(self, file: File) -> None:
        period = file.period and {
            "period_from": day(file.period[0]),
            "period_to": day(file.period[1]) + timedelta(seconds=1),
        }
        batch = load(
            self.store,
            file.name,
            [line.stored(old=file.old) for line in file.lines],
            kind=self.kind,
            sender="acme",
            exported=file.made,
            delivery="full" if file.full else "part",
            **(period or {}),
        )
        self.batches[file.name] = batch.id

    def take(self, name: str) -> None:
        self.store.undo(self.batches[name])

    def shown(self) -> set[Place]:
        self.store.attach(engine(), self.store.batches())
        asked = f"select file, line_no from {self.kind} join source_file using (file_no)"
        rows = engine()._con.execute(asked).fetchall()
        assert len(rows) == len(set(rows))
        return set(rows)


LINES = st.builds(
    Line,
    lead=st.sampled_from(["a", "a", "a", "b", "test", None]),
    event=st.sampled_from(["sale", "sale", "call"]),
    at=st.sampled_from([1, 1, 2, None]),
    amount=st.sampled_from([5, 5, 7, -5, None]),
    status=st.sampled_from(["ok", "ok", "bad"]),
)


@st.composite
def deliveries(draw: st.DrawFn) -> list[File]:
    """Draw files that share many rows: each takes lines of one list, some changed, some anew."""
    pool = draw(st.lists(LINES, min_size=1, max_size=6))
    files = []
    for number in range(draw(st.integers(1, 4))):
        taken = draw(st.lists(st.sampled_from(pool) | LINES, max_size=7))
        period = draw(st.sampled_from([None, None, (1, 2), (1, 3)]))
        inside = [
            line
            for line in taken
            if period is None or line.at is None or period[0] <= line.at <= period[1]
        ]
        whole = draw(st.integers(0, 3)) == 0
        old = draw(st.booleans())
        made = draw(st.integers(1, 3))
        files.append(File(f"f{number}", tuple(inside), made, whole, period, old))
    return files


SALE = Line("a", "sale", 1, 5)
CASES = {
    "another amount": ([SALE], [replace(SALE, amount=6)], [("new", 2)]),
    "another status": ([SALE], [replace(SALE, status="bad")], [("new", 2)]),
    "no amount any more": ([SALE], [replace(SALE, amount=None)], [("new", 2)]),
    "taken back": ([SALE], [replace(SALE, amount=-5)], [("new", 2), ("old", 2)]),
    "another event": ([SALE], [replace(SALE, event="call")], [("new", 2), ("old", 2)]),
    "twice, now once": ([SALE, SALE], [SALE], [("new", 2), ("old", 3)]),
    "once, now twice": ([SALE], [SALE, SALE], [("new", 2), ("new", 3)]),
    "of three the two that are there again are hidden": (
        [SALE, SALE, replace(SALE, amount=7)],
        [SALE, replace(SALE, amount=7)],
        [("new", 2), ("new", 3), ("old", 3)],
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.CLAIM])
def test_versions_one_by_one(home, case, kind):
    """The rule in Python says of each case what a person would, and the store says so, too."""
    old, new, shown = CASES[case]
    files = [File("new", tuple(new), 2), File("old", tuple(old), 1)]
    assert sorted(visible(files, kind)) == shown
    with open_store() as store:
        shelf = Shelf(store, kind)
        for file in files:
            shelf.put(file)
        assert sorted(shelf.shown()) == shown
        found = store.versions(store.batch(shelf.batches["new"]))
        assert found.known + found.changed + found.new == len(new)


@contextmanager
def taken_for_many(rows: int | None) -> Iterator[None]:
    """Take any batch of fewer rows for one of many small ones, none if `rows` is None."""
    before = attaching.MANY_BATCHES, attaching.SMALL_BATCH
    if rows is not None:
        attaching.MANY_BATCHES, attaching.SMALL_BATCH = 1, rows
    try:
        yield
    finally:
        attaching.MANY_BATCHES, attaching.SMALL_BATCH = before


@LAW
@given(
    deliveries(),
    st.sampled_from(Kind),
    st.sampled_from([None, 1, 4, 99]),
    st.randoms(use_true_random=False),
)
def test_what_counts_is_what_the_rule_says(home, files, kind, small, random):
    """Imported in any order, some undone, some of those imported again; read one way or another."""
    with open_store() as store, taken_for_many(small):
        for batch in store.batches():
            store.undo(batch.id)  # those of the example before
        shelf = Shelf(store, kind)
        # Of files made on one day the one imported later is newer: names say the order.
        order = random.sample(files, len(files))
        there = [replace(file, name=f"{place}{file.name}") for place, file in enumerate(order)]
        for file in there:
            shelf.put(file)
        assert shelf.shown() == visible(there, kind)
        undone = random.sample(there, random.randint(0, len(there)))
        for file in undone:
            shelf.take(file.name)
        left = [file for file in there if file not in undone]
        assert shelf.shown() == visible(left, kind)
        for file in undone:
            shelf.put(file)
        # What comes again is newer than all that was made on its day.
        numbers = {f"{place:02}": file for place, file in enumerate(left + undone)}
        again = [replace(file, name=name) for name, file in numbers.items()]
        expected = {(numbers[name].name, line) for name, line in visible(again, kind)}
        assert shelf.shown() == expected
