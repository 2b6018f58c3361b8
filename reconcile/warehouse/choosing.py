"""Which rows of overlapping batches count: the newest version of each, decided when read.

Two rows are one event or claim if they name the same lead, event, time and sign of the amount; one
lead if they name the same id. Rows whose id names no lead are known by their whole content. Of
copies in several batches the newest batch's counts; a row that one file holds twice counts twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconcile.engine import Engine
from reconcile.terms import Kind
from reconcile.warehouse.records import FULL, ONE_MICROSECOND, Batch, coverage

_NO_TIME = datetime.min  # noqa: DTZ901 - times are naive UTC throughout
_END_OF_TIME = datetime.max  # noqa: DTZ901 - the same


@dataclass(frozen=True)
class Hidden:
    """What newer batches put out of sight, by the numbers of the batches concerned.

    Of a batch in `partly` the table `<kind>_hidden` has the lines; one in `wholly` is not read.
    """

    wholly: frozenset[int]
    partly: frozenset[int]


def overlap_parts(batches: Sequence[Batch]) -> dict[str, int]:
    """Return the group of each batch that overlaps another of its kind and sender.

    Versions of a row have one time, so only batches whose times meet can hold them. Batches that
    meet through a third are of one group. A batch that knows no time meets all; a sender of None
    is a sender.
    """
    by_sender: defaultdict[tuple[Kind, str | None], list[Batch]] = defaultdict(list)
    for batch in batches:
        by_sender[batch.kind, batch.sender].append(batch)
    groups = [group for own in by_sender.values() for group in _meeting(own) if len(group) > 1]
    return {batch.id: part for part, group in enumerate(groups, 1) for batch in group}


def hide(
    engine: Engine, kind: Kind, numbered: dict[int, Batch], *, list_all: bool = False
) -> Hidden:
    """Find the rows of a kind's overlapping batches, by number, that do not count.

    Reads the tables `batch_file` and `full_period` and `<kind>_overlapping_file`. With `list_all`
    also the lines of batches that are superseded as a whole are listed.
    """
    name = kind.value
    rows, shared, hidden = f"{name}_identity", f"{name}_shared", f"{name}_hidden"
    engine.view(rows, f"warehouse/{name}/identity")
    engine.table(shared, "warehouse/shared", rows=rows)
    counts: dict[int, int] = dict(engine.query("warehouse/hidden_pair_count", shared=shared))
    # A report that was sent again is superseded as a whole: its lines need no listing.
    wholly = {number for number, count in counts.items() if count == numbered[number].rows}
    wholly = set() if list_all else wholly
    asked: dict[str, object] = {"rows": rows, "shared": shared, "hidden": hidden}
    asked["whole"] = sorted(wholly)
    engine.upload(hidden, {"file_no": "integer", "line_no": "bigint"}, [])
    if counts.keys() - wholly:
        engine.append(hidden, "warehouse/hidden_pair", **asked)
    if engine.query("warehouse/crowd_count", shared=shared) != [(0,)]:
        _hide_crowd(engine, asked)
    if any(batch.delivery == FULL for batch in numbered.values()):
        engine.append(hidden, "warehouse/hidden_withdrawn", **asked)
    engine.drop(shared)
    engine.drop(rows)
    counts = dict(engine.query("warehouse/hidden_count", hidden=hidden))
    wholly |= {number for number, count in counts.items() if count == numbered[number].rows}
    return Hidden(frozenset(wholly), frozenset(counts.keys() - wholly))


def full_periods(
    batches: Sequence[Batch], parts: dict[str, int], newness: dict[str, int]
) -> dict[str, list[object]]:
    """Return the periods of whole deliveries that overlap others, as columns of `full_period`."""
    found = [
        (parts[batch.id], newness[batch.id], cover.from_utc, cover.to_utc)
        for batch in batches
        if batch.delivery == FULL and batch.id in parts
        for cover in coverage(batch)[:1]  # the same time for each campaign or buyer
    ]
    names = ("part", "newness", "from_utc", "to_utc")
    return {name: [row[place] for row in found] for place, name in enumerate(names)}


def _hide_crowd(engine: Engine, asked: dict[str, object]) -> None:
    """Hide what is held again of identities that have more than two rows."""
    crowd, identity = "hidden_crowd", "hidden_identity"
    engine.table(crowd, "warehouse/crowd", **asked)
    engine.table(identity, "warehouse/crowd_identity", crowd=crowd)
    for question in ("hidden_even", "hidden_uneven"):
        engine.append(str(asked["hidden"]), f"warehouse/{question}", crowd=crowd, identity=identity)
    engine.drop(crowd)
    engine.drop(identity)


def _meeting(batches: list[Batch]) -> list[list[Batch]]:
    """Return the batches grouped by whether their times meet, directly or through others."""
    groups: list[list[Batch]] = []
    reach = _NO_TIME
    spans = [(*_span(batch), batch) for batch in batches if batch.rows or batch.delivery == FULL]
    for start, end, batch in sorted(spans, key=lambda span: span[:2]):
        if groups and start < reach:
            groups[-1].append(batch)
        else:
            groups.append([batch])
        reach = max(reach, end)
    return groups


def _span(batch: Batch) -> tuple[datetime, datetime]:
    """Return the half-open time in which a batch's rows can lie, all time if that is unknown."""
    starts = [time for time in (batch.first_at, batch.period_from) if time]
    ends = [batch.last_at + ONE_MICROSECOND] if batch.last_at else []
    ends += [batch.period_to] if batch.period_to else []
    if not starts or not ends:
        return _NO_TIME, _END_OF_TIME
    return min(starts), max(ends)
