"""The goals, and whether the kept figures reach them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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


def _times(rows: int, one: str, other: str) -> Callable[[Results], Value]:
    """Return the ratio of one figure to another."""
    return lambda results: ratio(figure(results, rows, one), figure(results, rows, other))


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


def goals(usual: int = 5 * M) -> list[Goal]:
    """Return all goals; most are for 5M a side, and may be looked at for another size."""
    return [
        *_speed(usual),
        *_memories(usual),
        *_limited(),
        *_imports(usual),
        *_readings(),
        *_increments(usual),
    ]


def _speed(rows: int) -> list[Goal]:
    text = "text-key aggregation"
    merges = [
        _faster("a pandas merge that only classes", "pandas", size, (3, 5))
        for size in sorted({M, rows})
    ]
    return [
        _less("`compare` against the scan of the same files", rows, ("compare", "scan"), (6, 4)),
        _less(f"the hot query against the {text}", rows, ("hot_query", "hot_text"), (1.2, 0.8)),
        _less("the same with the facts it reads", rows, ("hot_scope", "hot_text"), (1.2, 0.8)),
        _less(f"`run` against the {text} of its batches", rows, ("run", "text_stored"), (2, 1)),
        *merges,
        _faster("datacompy on pandas", "datacompy_pandas", rows, (4, 8)),
        _faster("datacompy on polars", "datacompy_polars", rows, (1, 2)),
        Goal("cost of a row in `run`, 10M against 1M", _growth, 1.2),
    ]


def _memories(rows: int) -> list[Goal]:
    return [
        Goal(f"peak memory of `{name}`, {_size(rows)}", _memory(rows, name), 1500, unit=" MB")
        for name in ("compare", "run")
    ]


def _limited(rows: int = 10 * M) -> list[Goal]:
    found = []
    for name in ("compare", "run"):
        own, title = f"{name}_limited", f"`{name}` under 512MB"
        found += [
            Goal(f"{title}: peak memory, {_size(rows)}", _memory(rows, own), 700, unit=" MB"),
            _less(f"{title}: time against no limit", rows, (own, name), (1.6, None)),
            _alike(f"{title}: same result, byte for byte", rows, own, name),
        ]
    return found


def _imports(rows: int) -> list[Goal]:
    return [
        _less(
            f"import of {kind}s against a typed copy to Parquet",
            rows,
            (f"import_{kind}", f"copy_{kind}"),
            (1.7, 1.3),
        )
        for kind in ("lead", "event", "claim")
    ]


def _readings() -> list[Goal]:
    """Return the goals of reading alone, in CPU seconds whatever the others are held against."""
    found = []
    for kind in ("lead", "event", "claim"):
        for way, title, must in (("typed", "typed", 2), ("checked", "typed, stored, checked", 4)):
            value = partial(_cpu_times, M, f"{way}_{kind}", f"load_{kind}")
            found.append(Goal(f"plain {kind}s {title}: CPU of DuckDB's own load, 1M", value, must))
    return found


def _cpu_times(rows: int, one: str, other: str, results: Results) -> Value:
    return ratio(figure(results, rows, one, "cpu"), figure(results, rows, other, "cpu"))


def _increments(rows: int) -> list[Goal]:
    title = "`run` after 1 % new rows"
    return [
        _less(f"{title} against the whole", rows, ("increment", "run"), (0.25, 0.1)),
        _alike(f"{title}: same result as the whole", rows, "increment", "run"),
    ]


def _less(
    title: str, rows: int, names: tuple[str, str], bounds: tuple[float, float | None]
) -> Goal:
    return Goal(f"{title}, {_size(rows)}", _times(rows, *names), *bounds)


def _faster(title: str, name: str, rows: int, bounds: tuple[float, float]) -> Goal:
    value = _times(rows, name, "compare")
    return Goal(f"`compare` faster than {title}, {_size(rows)}", value, *bounds, at_least=True)


def _alike(title: str, rows: int, one: str, other: str) -> Goal:
    return Goal(f"{title}, {_size(rows)}", _same(rows, one, other), 1, at_least=True, unit="")


def _size(rows: int) -> str:
    return f"{rows / M:g}M"


def table(results: Results, usual: int = 5 * M) -> list[tuple[str, str, str, str, str]]:
    """Return each goal with its bounds, its value and whether it is reached."""
    return [
        (goal.title, *goal.bounds(), goal.shown(goal.value(results)), goal.reached(results))
        for goal in goals(usual)
    ]


def show(path: Path, by: str = "wall", usual: int = 5 * M) -> None:
    """Print the goals, by wall or CPU seconds, for the size that most of them are for."""
    print(f"\n{'goal':62} {'must':>10} {'aim':>8} {'is':>10}")
    for title, must, aim, value, reached in table({**load(path), "by": by}, usual):
        print(f"{title.replace('`', ''):62} {must:>10} {aim:>8} {value:>10}  {reached}")
