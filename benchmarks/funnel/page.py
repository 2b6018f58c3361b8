"""`docs/funnels-performance.md`, made of the kept figures: no number of it is typed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.figures import Results, load
from benchmarks.funnel.sample import HERE
from benchmarks.goals import TIMES
from benchmarks.page import rows_of
from benchmarks.places import ROOT

RESULTS = HERE / "results.json"
PAGE = ROOT / "docs" / "funnels-performance.md"
USUAL = 10_000_000
BUILD_GOAL, QUESTION_GOAL = 2.5, 0.15
ASKED = {"times": 4, "money": 3, "cash": 5, "rates_by_week": 13}
"""How many questions make up an answer, where it is not one: the goal is of each.

Lengths of four steps; counts, money of leads, money of steps; the days of five steps; counts, and
of each of four steps its curve, its pace, its slices.
"""
JOINED = "drop_off"
"""It joins the events that are stored, which a fact table has no goal for."""

BUILDS = {
    "clickhouse_files": "ClickHouse: one `windowFunnel` by id over the stored files",
    "clickhouse_files_fast": "ClickHouse: the same, told that no column has nulls",
    "build": "**`open_funnel`**: the fact table of the stored files, with money and attributes",
    "clickhouse_memory": "ClickHouse: one `windowFunnel` over numbered rows in memory",
    "chains": "**of `open_funnel`**: the fact table of numbered rows in memory, the same",
    "bare": "**the same** of rows without money and leads without attributes: times alone",
    "polars_build": "polars: times of all steps of numbered rows in memory",
    "pandas_build": "pandas: times of all steps of numbered rows in memory",
}
QUESTIONS = {
    "counts": "counts",
    "counts_7d": "counts, in another window",
    "by_day": "counts by day",
    "by_pid": "counts by `pid`",
    "by_two": "counts by two attributes",
    "only_pid": "counts of one `pid`",
    "histogram": "histogram of the time to one step",
    "drop_off_count": "number of leads lost at a step",
    "curve": "curve of the time to one step",
    "account": "where all rows went",
    "times": "median and ninetieth percentile of all steps",
    "money": "money of all steps",
    "cash": "steps and money by the day of the event",
    "drop_off": "a page of 50 lost leads, with their last event",
    "growth": "growth of every day with its age, to one step",
    "compare": "comparison of each slice with all others",
    "rates_by_week": "rates by week with estimates of all steps",
    "polars_counts": "polars: counts, from its own table of times",
    "pandas_counts": "pandas: counts, from its own table of times",
}


def write(results: Path, page: Path) -> None:
    """Write the page anew."""
    page.write_text(text_of(load(results)), encoding="utf-8", newline="\n")


def text_of(results: Results, events: int = USUAL) -> str:
    """Return the page that the figures make."""
    size = results["sizes"].get(str(events), {})
    template = (HERE / "page.md").read_text("utf-8")
    listed = (f"{name} {number}" for name, number in results.get("versions", {}).items())
    return template.format(
        **results.get("machine", dict.fromkeys(("cores", "memory_gb", "system"), "unknown")),
        versions=", ".join(listed),
        day=size.get("series", "no day so far")[:10],
        leads=f"{size['reached'][0]:,}" if "reached" in size else "an unknown number of",
        goals=_goals(size),
        builds=_table(size, BUILDS, ("clickhouse_files_fast", "clickhouse_memory")),
        questions=_table(size, QUESTIONS, ("clickhouse_files_fast", "clickhouse_memory")),
    )


def ratio(size: dict[str, Any], one: str, other: str) -> float | None:
    """Return how many times the CPU seconds of the one are those of the other."""
    if one not in size or other not in size:
        return None
    return float(size[one]["best"]["cpu"] / size[other]["best"]["cpu"])


def _goals(size: dict[str, Any]) -> str:
    rows: list[Iterable[str]] = []
    goals = [
        ("fact table of the stored files", "build", "clickhouse_files", BUILD_GOAL),
        ("the same, nulls ruled out for ClickHouse", "build", "clickhouse_files_fast", BUILD_GOAL),
        ("fact table of numbered rows in memory", "chains", "clickhouse_memory", BUILD_GOAL),
        ("the same, times alone", "bare", "clickhouse_memory", BUILD_GOAL),
    ]
    others = ("polars_counts", "pandas_counts", JOINED)
    own = [name for name in QUESTIONS if name not in others]
    goals += [
        (_with_number(name), name, "clickhouse_files_fast", QUESTION_GOAL * ASKED.get(name, 1))
        for name in own
    ]
    for title, one, other, most in goals:
        value = ratio(size, one, other)
        verdict = "not measured" if value is None else "reached" if value <= most else "NOT REACHED"
        rows.append(
            (title, f"≤ {most:g}{TIMES}", "" if value is None else f"{value:.2f}{TIMES}", verdict)
        )
    return rows_of(("one `windowFunnel` is 1", "goal", "is", ""), rows)


def _with_number(name: str) -> str:
    number = ASKED.get(name)
    return f"{QUESTIONS[name]}: {number} questions" if number else QUESTIONS[name]


def _table(size: dict[str, Any], titles: dict[str, str], to: tuple[str, ...]) -> str:
    heads = {"clickhouse_files_fast": "of the files", "clickhouse_memory": "in memory"}
    rows = []
    for name, title in titles.items():
        if name not in size:
            rows.append([title, "not measured", "", *("" for _ in to)])
            continue
        best = size[name]["best"]
        times = [ratio(size, name, other) for other in to]
        told = [f"{value:.2f}{TIMES}" for value in times if value is not None]
        rows.append([title, f"{best['cpu']:.2f} s", f"{best['wall']:.2f} s", *told])
    return rows_of(("", "CPU", "wall", *(f"`windowFunnel` {heads[one]} is 1" for one in to)), rows)
