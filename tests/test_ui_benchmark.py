"""The benchmark of the dashboard: its page says what was measured, and nothing else."""

from __future__ import annotations

import re

import pytest

from benchmarks.figures import load
from benchmarks.ui import page
from benchmarks.ui.actions import ACTIONS
from benchmarks.ui.browser import Took
from benchmarks.ui_bench import RESULTS, figures


def one(ms, **more):
    """Return the figures of one action."""
    usual = {"server_ms": 40, "received": 21_000, "worst_ms": 900, "times": 20, "load": 1.5}
    return {"ms": ms, "rows": 5_000_000, **usual, **more}


def test_the_page_of_the_dashboard_is_made_of_the_kept_figures():
    """`python -m benchmarks.ui_bench page` would change nothing."""
    assert page.PAGE.read_text("utf-8") == page.text_of(load(RESULTS))


def test_what_was_never_measured_in_a_browser_is_said_to_be_absent():
    text = page.text_of({})
    assert text.count("It is not measured.") == 2
    assert "reached" not in re.sub(r"<!--.*?-->", "", text).replace("0 of 0 actions", "")


@pytest.mark.parametrize(
    ("name", "ms", "said"),
    [
        ("Findings: next page", 500, "reached"),
        ("Findings: next page", 501, "NOT REACHED"),
        ("Summary: first page", 1_000, "reached"),
        ("Summary: first page", 1_001, "NOT REACHED"),
    ],
)
def test_a_goal_is_reached_up_to_its_bound_and_no_further(name, ms, said):
    line = next(x for x in page.text_of({"actions": {name: one(ms)}}).splitlines() if name in x)
    assert line.endswith(f"| {said} |")


def test_an_action_is_told_by_its_median_and_its_worst():
    took = [Took(ms, 10, 1_000) for ms in (100, 900, 300)]
    told = figures(took)
    assert (told["ms"], told["worst_ms"], told["times"]) == (300, 900, 3)


def test_every_screen_is_measured_and_no_action_twice():
    screens = {action.screen for action in ACTIONS}
    assert screens == {
        *("Summary", "Import", "Findings", "Re-fire", "Funnels", "Activity", "Settings")
    }
    names = [(action.screen, action.name) for action in ACTIONS]
    assert len(names) == len(set(names))
