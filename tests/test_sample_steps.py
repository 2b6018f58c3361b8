"""The steps beside the sample: they fill its funnels, and no verdict depends on them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from reconcile import (
    bridge,
    findings,
    known_funnels,
    known_runs,
    load_sample,
    open_funnel,
    open_store,
    remove_sample,
    save_funnel,
)
from reconcile.demo import SAMPLE
from tools.sample_steps import write

ALL = ("currency", "buyer", "campaign", "day")


def facts_of(store):
    """Return the bridge and the findings of the newest run, without what names a batch."""
    run_id = known_runs(store)[0].record.id
    kept = ("class", "reason", "flags", "side", "at_stake", "line", "transaction_id")
    rows = [
        (Path(row["file"]).name, *(str(row[name]) for name in kept))
        for row in findings(store, run_id)
    ]
    return bridge(store, run_id, by=ALL), sorted(rows)


def test_the_committed_steps_are_what_the_tool_makes(tmp_path):
    write(SAMPLE, tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (SAMPLE / "steps").iterdir()}


def test_no_verdict_and_no_amount_depends_on_a_step(loaded_sample, tmp_path):
    bare = tmp_path / "sample"
    shutil.copytree(SAMPLE, bare, ignore=shutil.ignore_patterns("steps"))
    with open_store(tmp_path / "home") as store:
        load_sample(store, bare)
        without = facts_of(store)
        assert known_funnels(store) == []
    with open_store(loaded_sample) as store:
        assert facts_of(store) == without


def test_each_funnel_of_the_sample_narrows_and_missing_events_widen_it(sample_home):
    with open_store(sample_home) as store:
        run_id = known_runs(store)[0].record.id
        for definition in known_funnels(store):
            with open_funnel(store, definition, run_id=run_id) as funnel:
                reached = [step["reached"] for step in funnel.counts()]
                assert reached == sorted(reached, reverse=True)
                assert reached[0] > 1_000
                assert 200 < reached[-1] < reached[0] / 3
                assert sum(row["leads"] for row in funnel.matrix()) == reached[0]
                assert len(funnel.moved()) >= 3


def test_the_funnels_go_with_the_sample_unless_somebody_changed_them(sample_home):
    with open_store(sample_home) as store:
        mine, theirs = known_funnels(store)
        save_funnel(store, replace(mine, window_s=7 * 86_400))
        load_sample(store)
        assert known_funnels(store)[0].window_s == 7 * 86_400
        remove_sample(store)
        assert [funnel.name for funnel in known_funnels(store)] == [mine.name] != [theirs.name]
