"""`docs/dashboard-performance.md`, made of the kept figures: no number of it is typed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.figures import Results, load
from benchmarks.places import HERE, ROOT
from benchmarks.ui.actions import ACTIONS

PAGE = ROOT / "docs" / "dashboard-performance.md"
UNMEASURED = "not measured"
FIRST_PAGE = "Summary: first page"
ORDER = (FIRST_PAGE, *(f"{action.screen}: {action.name}" for action in ACTIONS))
START, FIRST, ACTION = 10_000, 1_000, 500
"""Goals in milliseconds: a cold start, the first page of a warm server, an action."""


def write(results: Path, page: Path = PAGE) -> None:
    """Write the page anew."""
    page.write_text(text_of(load(results)), encoding="utf-8", newline="\n")


def text_of(results: Results) -> str:
    """Return the page that the figures make."""
    known: dict[str, Any] = results.get("actions", {})
    actions = {name: known[name] for name in ORDER if name in known}
    sizes = sorted({one["rows"] for one in actions.values()})
    return (
        (HERE / "ui" / "page.md")
        .read_text("utf-8")
        .format(
            **results.get("machine", {"cores": "?", "memory_gb": "?", "system": "?"}),
            versions=", ".join(f"{k} {v}" for k, v in results.get("versions", {}).items()),
            size=" and ".join(f"{rows:,}" for rows in sizes) or f"{UNMEASURED}:",
            starts=_table(results.get("start", {}), lambda _: START),
            missing=_missing(actions),
            actions=_table(actions, lambda name: FIRST if name == FIRST_PAGE else ACTION),
            reached=_reached(actions),
            load=_load(actions),
        )
    )


def _table(figures: dict[str, Any], goal: Any) -> str:
    lines = [
        "| what | times | median | worst | CPU of the server | over the websocket | goal | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, one in figures.items():
        bound = goal(name)
        reached = "reached" if one["ms"] <= bound else "NOT REACHED"
        worked = f"{_time(one['server_ms'])}" if one["server_ms"] else ""
        sent = f"{one['received'] / 1000:,.0f} KB" if one["received"] else ""
        took = (str(one["times"]), _time(one["ms"]), _time(one["worst_ms"]), worked, sent)
        lines.append(f"| {' | '.join((name, *took, f'≤ {_time(bound)}', reached))} |")
    return "\n".join(lines) + "\n" if figures else f"It is {UNMEASURED}.\n"


def _time(ms: float) -> str:
    return f"{ms / 1000:.2f} s"


def _reached(actions: dict[str, Any]) -> str:
    every = [one for name, one in actions.items() if name != FIRST_PAGE]
    good = sum(one["ms"] <= ACTION for one in every)
    return f"{good} of {len(every)} actions take at most half a second"


def _missing(actions: dict[str, Any]) -> str:
    """Return which actions have no figure: silence would read as if there were none."""
    absent = [name for name in ORDER if name not in actions]
    listed = "; ".join(absent)
    return f"Not measured so far: {listed}.\n" if actions and absent else ""


def _load(actions: dict[str, Any]) -> str:
    loads = [one["load"] for one in actions.values()]
    return f"{min(loads)} to {max(loads)}" if loads else UNMEASURED
