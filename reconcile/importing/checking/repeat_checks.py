"""How often each id and each row of a file stands there, and how many ids are known elsewhere.

Keys are counted range by range, so that the memory needed does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconcile.engine import Engine
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.questions import Choice, Question
from reconcile.warehouse import glob_free

AT_ONCE = 4_000_000
"""Rows whose keys are counted at once; all of them different, these take some 200 MB."""

_BYTES = 128
"""A row may take so much of the memory limit, so that a low one makes smaller ranges."""

CROWDED = "crowded_key"

Facts = dict[str, Any]


def rows_at_once(engine: Engine) -> int:
    """Return how many rows an engine counts at once."""
    return min(AT_ONCE, engine.memory_limit // _BYTES)


def repeat_checks(engine: Engine, *, rows: int) -> Iterator[Check]:
    """Yield what rows that stand in a file more than once may mean."""
    facts = repeats(engine, rows=rows, at_once=rows_at_once(engine))
    if facts["identical"]:
        yield Check(
            "identical",
            Level.DOUBT,
            f"{facts['identical']:,} row(s) say the very same as a row above, such as line "
            f"{facts['identical_line']}. All of them count; equal rows are often legitimate.",
            expected="0",
            found=str(facts["identical"]),
        )
    if facts["itemised"]:
        yield Check(
            "lines_per_id",
            Level.DOUBT,
            f"{facts['itemised']:,} id(s) stand on several lines (up to {facts['most']}) with the "
            "same event and different values: line items of one sale, or several sales.",
            found=str(facts["itemised"]),
            offer=Question(
                "sum_by",
                "Are the lines of one id parts of one sale, to be added up?",
                (Choice("transaction_id", "one row per id, the amounts of its lines added"),),
            ),
        )


def repeats(engine: Engine, *, rows: int, at_once: int) -> Facts:
    """Return how often the rows of `checked_row`, and their ids, stand there.

    Args:
        engine: Where the rows are.
        rows: How many they are.
        at_once: Rows whose keys are counted at once, about; the answer does not hang on it.
    """
    try:
        crowded = _crowded(engine, ranges=ranges_of(rows, at_once), most=at_once)
        [(bare,)] = engine.query("importing/check_bare")
        if crowded == 0 and bare <= 1:
            return dict.fromkeys(("most", "repeated", "itemised", "identical"), 0)
        told = "may_repeat" if crowded is not None and crowded + bare <= at_once else None
        steps = {
            "row_that_may_repeat": f"importing/{told or 'any_may_repeat'}",
            "said": "importing/said_row",
        }
        if told:
            asked = {**steps, "told": "importing/check_repeated"}
            return engine.records(asked, ranges=1)[0]
        return _by_ranges(engine, steps, ranges_of(rows, at_once))
    finally:
        engine.drop(CROWDED)


def known_ids(engine: Engine, batches: Sequence[str], *, rows: int, at_once: int) -> Facts:
    """Return how many rows have an id, and how many of these `other_row` knows.

    Args:
        engine: Where `checked_row` and `other_row` are.
        batches: Those of `other_row` that are meant.
        rows: How many rows both have.
        at_once: As of `repeats`.
    """
    ranges = ranges_of(rows, at_once)
    parts = [
        engine.records("importing/check_known", batches=batches, ranges=ranges, range=number)[0]
        for number in range(ranges)
    ]
    return {name: sum(part[name] for part in parts) for name in parts[0]}


def ranges_of(rows: int, at_once: int) -> int:
    """Return into how many ranges the keys of so many rows are parted."""
    return max(1, -(-rows // at_once))


def _crowded(engine: Engine, *, ranges: int, most: int) -> int | None:
    """Keep the keys that stand on several lines; return these lines, None for more than `most`."""
    lines = 0
    for number in range(ranges):
        engine.keep(CROWDED, "importing/crowded_key", ranges=ranges, range=number)
        [(lines,)] = engine.query("importing/crowded_count")
        if lines > most:
            return None
    return lines


def _by_ranges(engine: Engine, steps: dict[str, str], ranges: int) -> Facts:
    """Write what the rows say to a file, once, and count it range by range."""
    engine.drop(CROWDED)
    with TemporaryDirectory(prefix="reconcile-") as folder:
        path = Path(folder) / "said.parquet"
        engine.write_part(path, steps, to_keep=False, ranges=ranges)
        asked = {"said": "importing/said_kept", "told": "importing/check_repeated"}
        parts = [
            engine.records(asked, path=glob_free(path), range=number)[0] for number in range(ranges)
        ]
    lines = [part["identical_line"] for part in parts if part["identical_line"] is not None]
    return {
        "most": max(part["most"] for part in parts),
        "identical_line": max(lines, default=None),
        **{
            name: sum(part[name] for part in parts)
            for name in ("repeated", "itemised", "identical")
        },
    }
