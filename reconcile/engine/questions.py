"""Where the text of the SQL questions comes from: one file each, under `reconcile/sql`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby

_EACH, _LAST = "-- each step", "-- last step"
_NUMBER = re.compile(r"(?<=[a-z_])([12])(?![0-9a-z_])|(?<=\[)2(?=\])")


@cache
def question(name: str) -> str:
    """Return the text of one question, `room/name`, or `room/name#steps` for one that grows.

    The steps of a funnel are columns, so that the text of its questions depends on their number.
    The file holds the question of two steps. Lines that end with `-- each step` stand there once
    for each step from the second on: neighbouring ones together, a name that ends with 2 being
    that of the step, with 1 of the one before. In lines that end with `-- last step` such names
    are of the last two steps. Nothing else of a text ever depends on anything.
    """
    name, _, steps = name.partition("#")
    text = (files("reconcile") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return "\n".join(_grown(text, int(steps))) if steps else text


def _grown(text: str, steps: int) -> Iterator[str]:
    for mark, lines in groupby(text.splitlines(), key=_mark):
        block = [line.removesuffix(mark).rstrip() for line in lines]
        numbers = range(2, steps + 1) if mark == _EACH else [steps] if mark == _LAST else [2]
        for number in numbers:
            yield from (_of_step(line, number) for line in block)


def _mark(line: str) -> str:
    return next((mark for mark in (_EACH, _LAST) if line.endswith(mark)), "")


def _of_step(line: str, number: int) -> str:
    """Return a line of the second step as that of another one."""
    return _NUMBER.sub(lambda found: str(number - 1 if found[0] == "1" else number), line)
