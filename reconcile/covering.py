"""How far the inputs of a run reach: the last word of each source, and what none covers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any

from reconcile.asked import Asked, asked_of
from reconcile.engine import Engine
from reconcile.filtering import Record
from reconcile.matching.parameters import Cover
from reconcile.showing import moment
from reconcile.terms import Kind, RowClass
from reconcile.warehouse import Batch, Store
from reconcile.zones import midnight_utc, zone_of

DAY = timedelta(days=1)
"""A file that states no period covers from its first to its last row: less than this at either end,
or between two files, is an hour without sales rather than one without a file."""

_SPEAK = {
    Kind.LEAD: "lead exports",
    Kind.EVENT: "event exports",
    Kind.CLAIM: "buyer reports",
}
_UNCOVERED = (RowClass.UNCOVERED_EVENT, RowClass.UNCOVERED_CLAIM)

_HELD_BY = "no report of their buyer covers"
_CURE = (
    "A report that speaks of more than from its first to its last row can say so: reconcile remap "
    "BATCH --answer period.from={start} --answer period.to={end}"
)
_INSTANT = timedelta(microseconds=1)

Span = tuple[datetime, datetime]


def sources(store: Store, run_id: str) -> list[Record]:
    """Return the watermark of each source that a run read, one row per kind, sender and name.

    The name is the campaign of leads and events, the buyer of claims. `first_at` and `last_at` are
    those of the rows that count, `exported_at` is None where nobody said when the newest of their
    files was made, `imported_at` is when it was imported; times are naive UTC.

    Raises:
        NotFound: There is no such run.
        WarehouseError: The file of a batch is missing.
    """
    batches = asked_of(store, store.run(run_id)).batches
    engine = Engine()
    try:
        store.attach(engine, batches)
        columns = {"file_no": "integer", "sender": "varchar"}
        columns |= dict.fromkeys(("exported_at", "imported_at"), "timestamp")
        made = [(n, b.sender, b.exported_at, b.imported_at) for n, b in enumerate(batches, 1)]
        engine.upload("batch_made", columns, made)
        return engine.records("covering/source")
    finally:
        engine.close()


def not_covered(store: Store, run_id: str) -> list[str]:
    """Say in sentences what of its period a run's inputs do not cover; empty is good news.

    Raises:
        NotFound: There is no such run.
    """
    record = store.run(run_id)
    ask = asked_of(store, record)
    summary = json.loads(record.summary_json)
    gaps, unheld = list(_gaps(store, ask)), list(_unheld(summary))
    doubted = [text for text in (*gaps, *unheld) if _SPEAK[Kind.CLAIM] in text or _HELD_BY in text]
    return [
        *_not_over(ask, record.created_at),
        *gaps,
        *_cut_off(ask),
        *unheld,
        *([_cure(ask)] if doubted and ask.parameters.claim_cover is None else []),
    ]


def _cure(ask: Asked) -> str:
    return _CURE.format(start=ask.parameters.date_from, end=ask.parameters.date_to)


def _not_over(ask: Asked, made_at: datetime) -> Iterator[str]:
    zone = ask.parameters.zone
    end = ask.parameters.period[1]
    if made_at < end:
        yield (
            f"The period is not over: it ends on {moment(end, zone)}, and the run was made on "
            f"{moment(made_at, zone)} ({zone})."
        )


def _gaps(store: Store, ask: Asked) -> Iterator[str]:
    """Name the stretches of the period without a file, source by source."""
    asked_kinds = {
        Kind.LEAD: ask.parameters.lead_cover,
        Kind.EVENT: ask.parameters.event_cover,
        Kind.CLAIM: ask.parameters.claim_cover,
    }
    for kind, stated in asked_kinds.items():
        if kind is Kind.CLAIM and ask.leads_are_claims:
            continue
        own = [batch for batch in ask.batches if batch.kind is kind and _is_asked(batch, ask)]
        if stated is not None:
            found = _stated_spans(stated)
        elif own:
            found = _batch_spans(store, own, ask)
        elif kind is Kind.LEAD:
            continue  # a run needs none: it then says of each row that its lead is unverified
        else:
            yield f"No {_SPEAK[kind]} are loaded that reach into the period."
            continue
        for source, spans in sorted(found.items()):
            least = timedelta(0) if stated is not None else DAY
            yield from _source_gaps(ask, f"{_SPEAK[kind]}{source}", spans, least)


def _is_asked(batch: Batch, ask: Asked) -> bool:
    """Whether a report may speak of the buyers that the run is for."""
    wanted = ask.parameters.buyers
    if batch.kind is not Kind.CLAIM or wanted is None or not batch.buyers:
        return True
    known = ask.parameters.alias.get("buyer", {})
    return not {known.get(name, name) for name in batch.buyers}.isdisjoint(wanted)


def _stated_spans(covers: Iterable[Cover]) -> dict[str, list[Span]]:
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for cover in covers:
        found[f" of {cover.name}" if cover.name else ""].append((cover.start, cover.end))
    return found


def _batch_spans(store: Store, batches: Sequence[Batch], ask: Asked) -> dict[str, list[Span]]:
    """Return what batches cover, claims by their buyer, leads and events by their sender.

    A report that states no period, and is the only one of its sender in a month, is that month's:
    of a small buyer neither its first nor its last row says how far it speaks.
    """
    known = ask.parameters.alias.get("buyer", {})
    wanted = ask.parameters.buyers
    found: defaultdict[str, list[Span]] = defaultdict(list)
    alone = _Months(batches, ask.parameters.zone)
    for batch in batches:
        for cover in store.coverage(batch):
            name = batch.sender
            span = (cover.from_utc, cover.to_utc)
            if batch.kind is Kind.CLAIM and cover.name is not None:
                name = known.get(cover.name, cover.name)
                if wanted is not None and name not in wanted:
                    continue
            if batch.kind is Kind.CLAIM and batch.period_from is None:
                span = alone.widened(batch, span)
            found[f" of {name}" if name else ""].append(span)
    return found


class _Months:
    """The months of which a sender has one report: one file, or versions of it that overlap."""

    def __init__(self, batches: Iterable[Batch], zone: str) -> None:
        self._zone = zone_of(zone)
        self._spans: defaultdict[str | None, list[Span]] = defaultdict(list)
        for batch in batches:
            start, end = batch.period_from or batch.first_at, batch.period_to or batch.last_at
            if start is not None and end is not None:
                self._spans[batch.sender].append((start, end))

    def widened(self, batch: Batch, span: Span) -> Span:
        """Return a span with the rest of its first and last month, up to when its file was made."""
        start, end = span
        first, last = self._month(start), self._month(end - _INSTANT)
        if self._is_alone(batch, span, first):
            start = first[0]
        if self._is_alone(batch, span, last):
            end = max(end, min(last[1], batch.made_at))
        return start, end

    def _is_alone(self, batch: Batch, span: Span, month: Span) -> bool:
        beside = (other for other in self._spans[batch.sender] if _overlap(other, month))
        return all(_overlap(other, span) for other in beside)

    def _month(self, utc: datetime) -> Span:
        first = utc.replace(tzinfo=UTC).astimezone(self._zone).date().replace(day=1)
        after = (first + timedelta(days=31)).replace(day=1)
        return midnight_utc(first, self._zone), midnight_utc(after, self._zone)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _source_gaps(ask: Asked, source: str, spans: list[Span], least: timedelta) -> Iterator[str]:
    zone = ask.parameters.zone
    period = ask.parameters.period
    gaps = [gap for gap in _open(period, spans) if gap[1] - gap[0] > least]
    if gaps == [period]:
        yield f"The {source} hold nothing of the period."
        return
    for start, end in gaps:
        yield (
            f"The {source} hold nothing from {moment(start, zone)} to {moment(end, zone)} "
            f"({_length(end - start)})."
        )


def _open(period: Span, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the stretches of a period that no span covers."""
    at, end = period
    for start, stop in sorted(spans):
        if start >= end:
            break
        if start > at:
            yield at, start
        at = max(at, stop)
    if at < end:
        yield at, end


def _length(stretch: timedelta) -> str:
    days = stretch / DAY
    if days < 2:
        return f"{stretch / timedelta(hours=1):.0f} hours"
    return f"{days:.0f} days"


def _cut_off(ask: Asked) -> Iterator[str]:
    for batch in ask.batches:
        if batch.cut_off and not batch.confirmed:
            yield (
                f"{PurePath(batch.file).name} was probably cut off and covers nothing until "
                f"somebody confirms that it is whole: reconcile confirm {batch.id}"
            )


def _unheld(summary: dict[str, Any]) -> Iterator[str]:
    """Count the rows that the run itself found without a file of the other side."""
    rows: defaultdict[str, int] = defaultdict(int)
    for entry in summary["classes"]:
        rows[entry["class"]] += entry["rows"]
    lacks = {
        RowClass.UNCOVERED_EVENT: f"events lie where {_HELD_BY} their time",
        RowClass.UNCOVERED_CLAIM: "claims lie where no event export covers their campaign and time",
    }
    for row_class in _UNCOVERED:
        if rows[row_class]:
            yield (
                f"{rows[row_class]:,} {lacks[row_class]}; they stand as findings of their own "
                f"({row_class.label})."
            )
