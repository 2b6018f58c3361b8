"""The goals, and whether the kept figures reach them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Results, load

Value = float | bool | None

TIMES = " \N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Goal:
    """What is to be reached: `value` finds it in the figures, None if something was not measured.

    With `at_least` more is better, else less. `unit` follows the number.
    """

    title: str
    value: Callable[[Results], Value]
    must: float
    aim: float | None = None
    at_least: bool = False
    unit: str = TIMES

    def reached(self, results: Results) -> str:
        """Return `aim`, `must`, `not reached` or `not measured`."""
        value = self.value(results)
        if value is None:
            return "not measured"
        if self.aim is not None and self._good(value, self.aim):
            return "aim reached"
        return "reached" if self._good(value, self.must) else "NOT REACHED"

    def _good(self, value: float, bound: float) -> bool:
        return value >= bound if self.at_least else value <= bound

    def shown(self, value: Value) -> str:
        """Return a value as the page and the screen show it."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:,.0f}{self.unit}" if self.unit == " MB" else f"{value:.2f}{self.unit}"

    def bounds(self) -> tuple[str, str]:
        """Return must and aim as they are shown."""
        sign = "≥" if self.at_least else "≤"
        if self.unit == "":
            return "yes", ""
        must = f"{sign} {_number(self.must)}{self.unit}"
        return must, "" if self.aim is None else f"{_number(self.aim)}{self.unit}"


def _number(bound: float) -> str:
    return f"{bound:,g}"


def figure(results: Results, rows: int, name: str, what: str = "") -> float | None:
    """Return a best figure, or None if it was not measured; seconds are those asked for."""
    what = what or results.get("by", "wall")
    best = results["sizes"].get(str(rows), {}).get(name, {}).get("best", {})
    value = best.get(what)
    return None if value is None else float(value)


def ratio(one: float | None, other: float | None) -> float | None:
    """Return how many times the one is the other, None if either is unknown."""
    return one / other if one is not None and other else None


def _times(rows: int, one: str, *others: str) -> Callable[[Results], Value]:
    """Return the ratio of a figure to the least of others."""

    def value(results: Results) -> Value:
        known = [found for name in others if (found := figure(results, rows, name)) is not None]
        return ratio(figure(results, rows, one), min(known, default=None))

    return value


def _memory(rows: int, name: str) -> Callable[[Results], Value]:
    return lambda results: figure(results, rows, name, "memory")


def _growth(results: Results) -> Value:
    """Return how much dearer a row is at 10M than at 1M."""
    whole = ratio(figure(results, 10 * M, "run"), figure(results, M, "run"))
    return None if whole is None else whole / 10


def _same(rows: int, one: str, other: str) -> Callable[[Results], Value]:
    def value(results: Results) -> Value:
        size: dict[str, Any] = results["sizes"].get(str(rows), {})
        answers = [size.get(name, {}).get("answer") for name in (one, other)]
        return None if None in answers else answers[0] == answers[1]

    return value


M = 1_000_000

GOALS = [
    Goal(
        "`compare` against the scan of the same files, 5M", _times(5 * M, "compare", "scan"), 6, 4
    ),
    Goal(
        "the hot query against the text-key aggregation, 5M",
        _times(5 * M, "hot_query", "hot_text"),
        1.2,
        0.8,
    ),
    Goal(
        "the hot query and the facts it reads against the same, 5M",
        _times(5 * M, "hot_scope", "hot_text"),
        1.2,
        0.8,
    ),
    Goal(
        "`run` against the text-key aggregation of the same batches, 5M",
        _times(5 * M, "run", "text_stored"),
        2,
        1,
    ),
    *(
        Goal(
            f"`compare` faster than a pandas merge that only classes, {rows // M}M",
            _times(rows, "pandas", "compare"),
            3,
            5,
            at_least=True,
        )
        for rows in (M, 5 * M)
    ),
    Goal(
        "`compare` faster than datacompy on pandas, 5M",
        _times(5 * M, "datacompy_pandas", "compare"),
        4,
        8,
        at_least=True,
    ),
    Goal(
        "`compare` faster than datacompy on polars, 5M",
        _times(5 * M, "datacompy_polars", "compare"),
        1,
        2,
        at_least=True,
    ),
    *(
        Goal(f"peak memory of `{name}`, 5M", _memory(5 * M, name), 1500, unit=" MB")
        for name in ("compare", "run")
    ),
    *(
        goal
        for name in ("compare", "run")
        for goal in (
            Goal(
                f"peak memory of `{name}` under 512MB, 10M",
                _memory(10 * M, f"{name}_limited"),
                700,
                unit=" MB",
            ),
            Goal(
                f"time of `{name}` under 512MB against no limit, 10M",
                _times(10 * M, f"{name}_limited", name),
                1.6,
            ),
            Goal(
                f"`{name}` under 512MB: same result, byte for byte, 10M",
                _same(10 * M, f"{name}_limited", name),
                1,
                at_least=True,
                unit="",
            ),
        )
    ),
    *(
        Goal(
            f"import of {kind}s against a typed CSV to Parquet copy, 5M",
            _times(5 * M, f"import_{kind}", f"copy_{kind}"),
            1.7,
            1.3,
        )
        for kind in ("lead", "event", "claim")
    ),
    Goal(
        "`run` after 1 % new rows against the whole, 5M",
        _times(5 * M, "increment", "run"),
        0.25,
        0.1,
    ),
    Goal(
        "`run` after 1 % new rows: same result as the whole, 5M",
        _same(5 * M, "increment", "run"),
        1,
        at_least=True,
        unit="",
    ),
    Goal("cost of a row in `run`, 10M against 1M", _growth, 1.2),
]


def table(results: Results) -> list[tuple[str, str, str, str, str]]:
    """Return each goal with its bounds, its value and whether it is reached."""
    return [
        (goal.title, *goal.bounds(), goal.shown(goal.value(results)), goal.reached(results))
        for goal in GOALS
    ]


def show(path: Path, by: str = "wall") -> None:
    """Print the goals, by wall or CPU seconds."""
    print(f"\n{'goal':66} {'must':>10} {'aim':>8} {'is':>10}")
    for title, must, aim, value, reached in table({**load(path), "by": by}):
        print(f"{title.replace('`', ''):66} {must:>10} {aim:>8} {value:>10}  {reached}")
