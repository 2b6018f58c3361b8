"""The laws of matching hold for the SQL on worlds that hypothesis draws and shrinks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reconcile.terms import RowClass
from tests.matching_worlds import QuickEngine, difference_of, reconcile_by_sql
from tests.reference import Verdicts, World, bucket, fingerprint
from tests.test_reference_laws import as_claims, in_two, same
from tests.worlds import renumbered, shuffled, worlds

LAW = settings(
    max_examples=25,
    derandomize=True,  # the same worlds on every machine
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

Line = tuple[Any, ...]


@cache
def engine() -> QuickEngine:
    return QuickEngine()


def judge(world: World) -> Verdicts:
    return reconcile_by_sql(engine(), world)[0]


@LAW
@given(worlds())
def test_ranges_of_the_key_change_no_verdict(world: World):
    """Memory decides into how many parts the work is cut, and nothing else may depend on it."""
    whole, tally = reconcile_by_sql(engine(), world)
    cut, same_tally = reconcile_by_sql(engine(), world, ranges=5)
    assert (cut, same_tally) == (whole, tally)


@LAW
@given(worlds())
def test_every_row_is_in_one_class_or_left_out_for_one_reason(world: World):
    """And a row is used at most once: partners name each other."""
    found, tally = reconcile_by_sql(engine(), world)
    places = [(v.side, v.file, v.line) for v in found.rows]
    assert len(places) == len(set(places))
    rows = Counter(side for side, *_ in places) + Counter(left.side for left in found.left_out)
    assert rows == Counter(tally.rows_read)
    assert rows["event"] == len(world.events)
    assert rows["claim"] == len(world.claims) or not world.has_claim_files
    partners = {(v.side, v.file, v.line): v.partner for v in found.rows if v.partner}
    theirs = Counter((side, partner) for (side, *_), partner in partners.items())
    assert set(theirs.values()) <= {1}
    for (side, *place), partner in partners.items():
        other = ("claim" if side == "event" else "event", *partner)
        assert partners.get(other, tuple(place)) == tuple(place)


def rolled_up(lines: dict[Line, Decimal], kept: tuple[int, ...]) -> dict[Line, Decimal]:
    """Return events + buckets - claims for each group of the kept dimensions."""
    total: defaultdict[Line, Decimal] = defaultdict(Decimal)
    for line, money in lines.items():
        total[tuple(line[n] for n in kept)] += -money if line[4] == "claims" else money
    return total


@LAW
@given(worlds())
def test_events_and_buckets_make_claims_in_every_roll_up(world: World):
    """Over currency, buyer, campaign and day, and every choice of them; shifts only move."""
    found = judge(world)
    for kept in (c for n in range(5) for c in combinations(range(4), n)):
        assert not any(rolled_up(found.bridge, kept).values()), kept
    for name, dimension in (("campaign_shift", 2), ("day_shift", 3)):
        moved = {line: money for line, money in found.bridge.items() if line[4] == name}
        rest = tuple(n for n in range(4) if n != dimension)
        assert not any(rolled_up(moved, rest).values()), name


@LAW
@given(worlds())
def test_the_bridge_is_made_of_the_rows(world: World):
    """Each bucket is the sum of its rows' parts, each side the sum of its rows' money."""
    found = judge(world)
    money = {("event", *e_place(e)): e.revenue for e in world.events}
    expected: defaultdict[Line, Decimal] = defaultdict(Decimal)
    for v in found.rows:
        expected[(*v.group, bucket(v))] += v.bridge
        if v.side == "event":
            expected[(*v.group, "events")] += money["event", v.file, v.line] or Decimal(0)
    found_lines = {
        line: amount
        for line, amount in found.bridge.items()
        if line[4] not in ("claims", "campaign_shift", "day_shift")
    }
    assert found_lines == {line: amount for line, amount in expected.items() if amount}


def e_place(row: Any) -> tuple[str, int]:
    return row.file, row.line


def split(world: World) -> World:
    """Return the same rows with each file cut in two, the files in the opposite order."""
    files = tuple(
        part for f in reversed(world.files) for part in (replace(f, name=f"later_{f.name}"), f)
    )

    def cut(rows: tuple[Any, ...]) -> Iterator[Any]:
        for number, row in enumerate(rows):
            yield replace(row, file=f"later_{row.file}") if number % 2 else row

    parts = {kind: tuple(cut(getattr(world, kind))) for kind in ("leads", "events", "claims")}
    return renumbered(replace(world, files=files, **parts))


@LAW
@given(worlds(), st.integers(0, 2**16))
def test_order_and_files_change_no_verdict(world: World, seed: int):
    """Rows shuffled and thrown into other files; files cut in two and read in another order."""
    found = judge(world)
    for other in (shuffled(world, seed), split(world)):
        again = judge(other)
        assert fingerprint(world, found) == fingerprint(other, again)
        assert difference_of(world, replace(found, rows=()), replace(again, rows=())) is None


@LAW
@given(worlds())
def test_october_and_november_together_are_october_to_november(world: World):
    """A pair across the cut is `timing` in the halves and keeps its class as the reason."""
    assume((world.params.date_to - world.params.date_from).days > 1)
    whole, *halves = (judge(part) for part in in_two(world))
    verdicts = {(v.side, v.file, v.line): v for v in whole.rows}
    parts = [v for half in halves for v in half.rows]
    assert len(parts) == len(verdicts)
    assert all(same(verdicts[v.side, v.file, v.line], v) for v in parts)
    for side in ("events", "claims"):
        total: Counter[Line] = Counter()
        for half in halves:
            total.update({line: money for line, money in half.bridge.items() if line[4] == side})
        sums = {line: money for line, money in total.items() if money}
        assert sums == {line: money for line, money in whole.bridge.items() if line[4] == side}


@LAW
@given(worlds())
def test_an_approved_report_against_itself_has_no_finding(world: World):
    """Whatever the settings, tolerances and ids are."""
    found, tally = reconcile_by_sql(engine(), as_claims(world))
    assert tally.findings == 0
    assert {v.row_class for v in found.rows} <= {RowClass.MATCHED, RowClass.TIMING}
    assert {v.reason for v in found.rows} <= {None, RowClass.MATCHED}
