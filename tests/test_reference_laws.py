"""The laws of matching hold for the plain reading on random worlds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from reconcile.terms import Flag, LeftOut, RowClass, Rule
from tests.reference import (
    ClaimRow,
    Verdict,
    Verdicts,
    World,
    fingerprint,
    reconcile_world,
)
from tests.reference_terms import canonical
from tests.world_files import write_files
from tests.worlds import random_world, renumbered, shrink, shuffled, utc_midnight, worlds

SEEDS = range(300)


def places(verdicts: Verdicts) -> list[tuple[str, str, int]]:
    classed = [(row.side, row.file, row.line) for row in verdicts.rows]
    return classed + [(row.side, row.file, row.line) for row in verdicts.left_out]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_every_row_is_in_one_class_or_left_out_with_a_reason(world: World):
    """And the bridge closes: reconcile_world itself refuses a residual."""
    claims = len(world.claims) if world.has_claim_files else None
    found = places(reconcile_world(world))
    assert len(found) == len(set(found))
    assert Counter(side for side, *_ in found)["event"] == len(world.events)
    assert claims is None or len(found) == len(world.events) + claims


def test_partners_name_each_other_and_no_row_twice():
    for seed in SEEDS:
        rows = reconcile_world(random_world(seed)).rows
        partners = {(row.side, row.file, row.line): row.partner for row in rows}
        paired = [(side, place) for (side, *_), place in partners.items() if place]
        assert len(paired) == len(set(paired))


def test_order_and_files_change_no_verdict():
    for seed in SEEDS:
        world = random_world(seed)
        other = shuffled(world, seed)
        found, again = reconcile_world(world), reconcile_world(other)
        assert fingerprint(world, found) == fingerprint(other, again), seed
        assert found.bridge == again.bridge, seed


def test_every_word_is_one_of_the_products():
    """And 300 worlds are enough to meet them all."""
    classes: set[str] = set()
    flags: set[str] = set()
    rules: set[str] = set()
    reasons: set[str] = set()
    for seed in SEEDS:
        found = reconcile_world(random_world(seed))
        classes |= {row.row_class for row in found.rows}
        flags |= {flag for row in found.rows for flag in row.flags}
        rules |= {row.rule for row in found.rows if row.rule}
        reasons |= {row.reason for row in found.left_out}
    assert classes == {str(c) for c in RowClass}
    assert flags == {str(f) for f in Flag}
    assert rules == {str(r) for r in Rule}
    assert reasons == {str(r) for r in LeftOut} - {"no_time"}


def plain(world: World) -> World:
    """Return the world without filters and small limits, so that every row is looked at."""
    params = replace(world.params, buyers=None, campaigns=None, placeholder_limit=100)
    return replace(world, params=replace(params, margin_days=200))


def as_claims(world: World) -> World:
    """Return the world in which an approved report says just what the events say."""
    shared = (
        *("transaction_id", "event_id", "occurred_at", "revenue"),
        *("buyer", "campaign_id", "currency", "external_clickid"),
    )
    events = tuple(e for e in world.events if canonical(e.transaction_id) and e.event_id)
    claims = tuple(
        ClaimRow(
            file="report.csv",
            line=0,
            status="approved",
            **{name: getattr(e, name) for name in shared},
        )
        for e in events
    )
    file = replace(world.files[0], name="report.csv", kind="claim", has_amount=True)
    files = (*(f for f in world.files if f.kind != "claim"), file)
    return renumbered(replace(plain(world), files=files, events=events, claims=claims))


def test_an_approved_report_against_itself_has_no_finding():
    for seed in SEEDS:
        found = reconcile_world(as_claims(random_world(seed))).rows
        assert {row.row_class for row in found} <= {"matched", "timing"}, seed
        assert {row.reason for row in found} <= {None, "matched"}, seed


def in_two(world: World) -> tuple[World, World, World]:
    """Return the whole period and its two halves; undated rows belong to the first half."""
    whole = plain(world)
    params = whole.params
    cut = params.date_from + timedelta(days=max(1, (params.date_to - params.date_from).days // 2))
    first = replace(params, date_to=cut)
    spans = tuple(utc_midnight(day, params.zone) for day in (params.date_from, cut))
    files = tuple(replace(f, period=(spans[0], spans[1])) for f in whole.files)
    mark = params.watermark or utc_midnight(params.date_to, params.zone)

    def over(period: Any) -> World:
        return replace(whole, files=files, params=replace(period, watermark=mark))

    return over(params), over(first), over(replace(params, date_from=cut))


def same(whole: Verdict, half: Verdict) -> bool:
    """A pair across the cut is `timing` in the halves and has its class in the whole."""
    if half.row_class == "timing" and whole.row_class != "timing":
        alike = replace(half, row_class=whole.row_class, reason=whole.reason, bridge=whole.bridge)
        return alike == whole and half.reason == whole.row_class
    return half == whole


def test_october_and_november_together_are_october_to_november():
    for seed in SEEDS:
        whole, *halves = (reconcile_world(part) for part in in_two(random_world(seed)))
        verdicts = {(v.side, v.file, v.line): v for v in whole.rows}
        parts = [v for half in halves for v in half.rows]
        assert len(parts) == len(verdicts), seed
        assert all(same(verdicts[v.side, v.file, v.line], v) for v in parts), seed


@pytest.mark.parametrize("bucket", ["events", "claims"])
def test_the_two_sides_of_the_halves_add_up_to_the_whole(bucket: str):
    for seed in SEEDS:
        whole, *halves = (reconcile_world(part).bridge for part in in_two(random_world(seed)))
        total: Counter[Any] = Counter()
        for half in halves:
            total.update({line: money for line, money in half.items() if line[4] == bucket})
        sums = {line: money for line, money in total.items() if money}
        assert sums == {line: money for line, money in whole.items() if line[4] == bucket}, seed


def test_a_world_of_a_seed_is_always_the_same_and_has_no_blank_line(tmp_path):
    """What is written holds every row on the line the world says."""
    for seed in range(50):
        world = random_world(seed)
        assert world == random_world(seed)
        write_files(world, tmp_path)
        rows: list[Any] = [*world.events, *world.claims]
        for row in rows:
            lines = (tmp_path / row.file).read_text(encoding="utf-8").splitlines()
            assert (row.transaction_id or "") in lines[row.line - 1]
            assert lines[row.line - 1].replace(",", "").strip()


def test_shrinking_keeps_the_fault_and_little_else():
    def ambiguous(world: World) -> bool:
        return any(row.row_class == "ambiguous" for row in reconcile_world(world).rows)

    def by_loose_ids(world: World) -> World:
        """Of other ids, a smaller world may be ambiguous no more before it is again."""
        rows = {
            name: tuple(replace(row, external_clickid=None) for row in getattr(world, name))
            for name in ("events", "claims")
        }
        return replace(world, **rows)

    found = next(w for w in map(by_loose_ids, map(random_world, SEEDS)) if ambiguous(w))
    small = shrink(found, ambiguous)
    assert ambiguous(small)
    assert len(small.events) + len(small.claims) == 3
