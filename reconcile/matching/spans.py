"""Coverage as a table that a question can join: merged stretches of time for every name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from reconcile.matching.parameters import Cover

Span = tuple[int | None, datetime, datetime]


def spans(covers: Iterable[Cover], words: dict[str, int]) -> Iterator[Span]:
    """Yield (word number, start, end) of each name's merged covers; number None is an unknown name.

    A cover that names nobody covers all names, and alone covers an unknown one. The spans of one
    name neither touch nor overlap, so a moment or a stretch lies in at most one of them.
    """
    by_name: dict[str | None, list[Cover]] = {}
    for cover in covers:
        by_name.setdefault(cover.name, []).append(cover)
    for_all = by_name.pop(None, [])
    for start, end in _merged(for_all):
        yield None, start, end
    everyone = list(_merged(for_all))
    for name, number in words.items():
        own = by_name.get(name)
        stretches = everyone if own is None else _merged(for_all + own)
        for start, end in stretches:
            yield number, start, end


def _merged(covers: Iterable[Cover]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the union of the covers as disjoint stretches; neighbours that touch become one."""
    open_start: datetime | None = None
    open_end: datetime | None = None
    for cover in sorted(covers, key=lambda cover: (cover.start, cover.end)):
        if open_start is None or open_end is None:
            open_start, open_end = cover.start, cover.end
        elif cover.start <= open_end:
            open_end = max(open_end, cover.end)
        else:
            yield open_start, open_end
            open_start, open_end = cover.start, cover.end
    if open_start is not None and open_end is not None:
        yield open_start, open_end
