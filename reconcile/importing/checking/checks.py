"""What a person should look at before a file counts.

Its rows are held against what the file says of itself, and against what is loaded already.
Nothing here changes or refuses a row. Each check is one question to the engine for the whole file;
those that cost more are asked only where a cheaper one has found something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.engine import Engine
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.checking.clock_checks import clock_checks
from reconcile.importing.checking.repeat_checks import known_ids, repeat_checks, rows_at_once
from reconcile.importing.checking.salt_checks import salt_checks
from reconcile.importing.checking.section_checks import section_checks
from reconcile.importing.checking.stated_checks import part_checks, period_of_titles, stated_checks
from reconcile.importing.checking.status_checks import status_checks
from reconcile.importing.checking.total_checks import Rejected, total_checks
from reconcile.importing.checking.value_checks import value_checks
from reconcile.importing.records import StagedFile
from reconcile.terms import Kind
from reconcile.warehouse import Batch, coverage, glob_free

GRACE = timedelta(days=1)
"""A time so far ahead of the clock can still be one of another zone."""

LOW = Decimal("0.5")
"""A smaller share of known leads speaks for a wrong column or a wrong file."""

ROWS = "checked_row"

Facts = Mapping[str, Any]


def check_file(
    engine: Engine,
    staged: StagedFile,
    others: Sequence[Batch] = (),
    *,
    now: datetime | None = None,
    path: Path | None = None,
) -> tuple[Check, ...]:
    """Check the staged rows of a file.

    Args:
        engine: Where they are, unless they lie in the file's parts.
        staged: What is known of the file.
        others: The visible batches of the warehouse, of all kinds.
        now: The time (naive UTC) after which a row lies in the future; None for the clock.
        path: The file, to be read again where its total does not fit; None if it is gone.

    Returns:
        What was found, doubts first.
    """
    if staged.parts:
        engine.view_parquet(ROWS, [glob_free(path) for path in staged.parts])
    else:
        engine.view(ROWS, "importing/check_own", kind=staged.kind.value, file_no=staged.file_no)
    try:
        checks = [*_own(engine, staged, now=now or _now(), path=path)]
        checks += [*status_checks(engine, staged), *repeat_checks(engine, rows=staged.rows)]
        checks += [*salt_checks(staged, others), *_beside(engine, staged, others)]
    finally:
        engine.drop(ROWS)
    return _doubts_first(checks)


def check_compared(engine: Engine, staged: StagedFile, *, path: Path) -> tuple[Check, ...]:
    """Check the staged rows of a file that is only compared, by themselves; otherwise as above."""
    paths = [glob_free(part) for part in staged.parts]
    # The parts of such a file lack the columns that are NULL throughout.
    engine.view("own_row", "importing/check_own", kind=staged.kind.value, file_no=staged.file_no)
    if paths:
        engine.view(ROWS, "importing/gathered", small="own_row", paths=paths)
    else:
        engine.view(ROWS, "importing/check_own", kind=staged.kind.value, file_no=staged.file_no)
    try:
        return _doubts_first(_own(engine, staged, now=_now(), path=path))
    finally:
        engine.drop(ROWS)
        engine.drop("own_row")


def _doubts_first(checks: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(sorted(checks, key=lambda check: list(Level)[::-1].index(check.level)))


def _own(
    engine: Engine, staged: StagedFile, *, now: datetime, path: Path | None
) -> Iterator[Check]:
    """Hold the rows against what the file says of itself, and against what is likely."""
    named = period_of_titles(staged) or (staged.period_from, staged.period_to)
    asked = {"until": now + GRACE, "period_from": named[0], "period_to": named[1]}
    [facts] = engine.records("importing/check_rows", **asked)
    ids = engine.records("importing/check_ids")
    yield from total_checks(facts, staged, Rejected(engine, staged, path))
    yield from section_checks(engine, staged, labels=sum(row["labels"] for row in ids))
    yield from stated_checks(staged)
    yield from part_checks(engine, staged)
    yield from clock_checks(engine, staged, path)
    yield from _times(facts, staged, named)
    yield from _amounts(facts, staged)
    yield from value_checks(engine, staged, ids, negative=facts["negative"])


def _times(
    facts: Facts, staged: StagedFile, named: tuple[datetime | None, datetime | None]
) -> Iterator[Check]:
    if facts["in_future"]:
        yield Check(
            "future",
            Level.DOUBT,
            f"{facts['in_future']:,} row(s) lie in the future, the first on line "
            f"{facts['future_line']}: the order of day and month or the zone may be wrong.",
            expected="0",
            found=str(facts["in_future"]),
        )
    if facts["outside"]:
        span = f"{named[0]:%Y-%m-%d %H:%M} to {named[1]:%Y-%m-%d %H:%M} UTC"
        yield Check(
            "period",
            Level.DOUBT,
            f"{facts['outside']:,} row(s) lie outside the stated period ({span}), the first on "
            f"line {facts['outside_line']}.",
            expected="0",
            found=str(facts["outside"]),
        )
    elif named[0] is not None:
        yield Check("period", Level.FINE, "All rows lie inside the stated period.")
    if facts["undated"] and staged.period_from is None:
        yield Check(
            "undated",
            Level.NOTE,
            f"{facts['undated']:,} row(s) have no time, so no run reads them.",
        )


def _amounts(facts: Facts, staged: StagedFile) -> Iterator[Check]:
    if facts["negative"]:
        yield Check(
            "signs",
            Level.NOTE,
            f"{facts['negative']:,} row(s) are negative, together "
            f"{_money(facts['negative_revenue'])}: returns or chargebacks.",
            found=str(facts["negative"]),
        )
    unpriced = facts["row_count"] - facts["priced"]
    if staged.has_amount and unpriced:
        yield Check(
            "unpriced", Level.NOTE, f"{unpriced:,} row(s) name no amount; unknown is not 0."
        )


def _beside(engine: Engine, staged: StagedFile, others: Sequence[Batch]) -> Iterator[Check]:
    """Compare with what is loaded: claims with events, events with leads."""
    other = {Kind.CLAIM: Kind.EVENT, Kind.EVENT: Kind.LEAD}.get(staged.kind)
    span = _span(staged)
    if other is None or span is None:
        return
    own = [b for b in others if b.kind is other and b.rows and b.is_readable]
    if not own:
        yield Check(
            "coverage", Level.NOTE, f"No {other}s are loaded yet, so nothing can be matched."
        )
        return
    yield _covered(own, span, other)
    yield from _started(engine, others, staged)
    engine.view_parquet("other_row", [glob_free(path) for b in own for path in b.row_files])
    ids = [batch.id for batch in own]
    rows = staged.rows + sum(batch.rows for batch in own)
    facts = known_ids(engine, ids, rows=rows, at_once=rows_at_once(engine))
    engine.drop("other_row")
    if facts["with_id"]:
        share = Decimal(facts["known"]) / facts["with_id"]
        yield Check(
            "match_rate",
            Level.DOUBT if share < LOW else Level.FINE,
            f"{facts['known']:,} of {facts['with_id']:,} rows with an id ({share:.0%}) name a lead "
            f"that the loaded {other}s know.",
            found=f"{share:.4f}",
        )


def _span(staged: StagedFile) -> tuple[datetime, datetime] | None:
    """Return the time that a file speaks of, half open."""
    first, last = staged.period_from or staged.first_at, staged.period_to or staged.last_at
    return None if first is None or last is None else (first, last)


def _covered(own: Sequence[Batch], span: tuple[datetime, datetime], other: Kind) -> Check:
    """Say for which part of the file's time the other side is not loaded."""
    reach, end = span
    gaps = []
    for first, last in sorted((c.from_utc, c.to_utc) for b in own for c in coverage(b)):
        if first > reach and reach < end:
            gaps.append((reach, min(first, end)))
        reach = max(reach, last)
    if reach < end:
        gaps.append((reach, end))
    gaps = [(first, last) for first, last in gaps if last - first > GRACE]
    if not gaps:
        return Check("coverage", Level.FINE, f"The loaded {other}s cover the time of the file.")
    told = ", ".join(f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" for first, last in gaps[:3])
    return Check(
        "coverage",
        Level.NOTE,
        f"No {other}s are loaded for {told} (UTC): what the file says of that time stays open.",
        found=told,
    )


def _started(engine: Engine, others: Sequence[Batch], staged: StagedFile) -> Iterator[Check]:
    """Look for rows that lie before the first lead that is known of their campaign."""
    starts: dict[str, datetime] = {}
    for batch in others:
        if batch.kind is Kind.LEAD and batch.first_at is not None:
            for name in batch.campaigns:
                starts[name] = min(starts.get(name, batch.first_at), batch.first_at)
    late = {name: start for name, start in starts.items() if name in staged.campaigns}
    if staged.first_at is None or not late or staged.first_at >= max(late.values()):
        return
    asked = {"campaigns": list(late), "starts": list(late.values())}
    for row in engine.records("importing/check_started", **asked):
        yield Check(
            "before_campaign",
            Level.DOUBT,
            f"{row['row_count']:,} row(s) of campaign {row['campaign_id']} lie before its first "
            f"known lead ({row['first_lead']:%Y-%m-%d %H:%M} UTC), the first on line "
            f"{row['line_no']}.",
            expected=f"{row['first_lead']:%Y-%m-%d %H:%M}",
            found=f"{row['first_at']:%Y-%m-%d %H:%M}",
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _money(amount: Decimal) -> str:
    return f"{amount.normalize():,f}"
