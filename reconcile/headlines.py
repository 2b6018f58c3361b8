"""What a stored run says in one line per currency, and which stored runs still stand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from reconcile.asked import accepted_now
from reconcile.filtering import HeldRun
from reconcile.reading import finding_totals
from reconcile.terms import Kind, RowClass
from reconcile.warehouse import RunRecord, Store

_HUNDREDTH = Decimal("0.01")
_AGREED = (RowClass.MATCHED, RowClass.MATCHED_WITHIN_TOLERANCE)


@dataclass(frozen=True)
class Headline:
    """The figures of one currency; shares are percentages with two places.

    `gap` is `claims - events` and `gap_percent` its share of the events, None where there are
    none. `match_percent` is the share of rows whose two sides agree among those that agree or are
    findings: rows that wait, lie in another period or count nothing on either side say nothing.
    A pair in two currencies has money `at_stake` in both; it is one of the `findings` in that of
    its claim, and in the other one of those that are counted `elsewhere`.
    """

    currency: str | None
    events: Decimal
    claims: Decimal
    gap_percent: Decimal | None
    match_percent: Decimal | None
    findings: int
    at_stake: Decimal
    elsewhere: int = 0

    @property
    def gap(self) -> Decimal:
        """Return by how much the claims exceed the events."""
        return self.claims - self.events

    @property
    def all_findings(self) -> int:
        """Return how many findings have money in this currency, wherever they are counted."""
        return self.findings + self.elsewhere


@dataclass(frozen=True)
class KnownRun:
    """A stored run; `current` says that all the batches it read are still visible."""

    record: RunRecord
    current: bool


def headlines(store: Store, run_id: str, *, held: HeldRun | None = None) -> list[Headline]:
    """Return the figures of a run, the currency with the largest sums first.

    A run that is `held` is not read for it.

    Raises:
        NotFound: There is no such run.
    """
    summary: dict[str, Any] = json.loads(store.run(run_id).summary_json)
    totals = {row["currency"]: row for row in summary["totals"]}
    agreed, asked = _rows(summary["classes"])
    found: defaultdict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for total in finding_totals(store, run_id) if held is None else held.totals():
        found[total["currency"]].append(total)
    lines = [
        _headline(
            currency, totals.get(currency), found[currency], agreed[currency], asked[currency]
        )
        for currency in {*totals, *found, *asked}
    ]
    return sorted(lines, key=lambda line: (-max(line.events, line.claims), line.currency or ""))


def known_runs(store: Store) -> list[KnownRun]:
    """Return the stored runs, newest first, and whether each still stands on visible batches."""
    visible = {batch.id for batch in store.batches()}
    return [KnownRun(record, visible.issuperset(record.batch_ids)) for record in store.runs()]


def why_stale(store: Store, run_id: str) -> str | None:
    """Say in a sentence why a run no longer stands, None if all batches it read still count.

    Raises:
        NotFound: There is no such run.
    """
    record = store.run(run_id)
    visible = {batch.id: batch for batch in store.batches()}
    gone = [store.batch(name) for name in record.batch_ids if name not in visible]
    if not gone:
        return _why_undecided(store, record)
    first = gone[0]
    later = [batch.id for batch in visible.values() if batch.replaces == first.id]
    what = f"was read in another way since, as batch {later[0]}" if later else "was undone since"
    more = f", and {len(gone) - 1} more no longer count" if len(gone) > 1 else ""
    return (
        f"Run {run_id} is stale: batch {first.id} ({first.file}) {what}{more}. "
        "`reconcile run` makes a new one."
    )


def _why_undecided(store: Store, record: RunRecord) -> str | None:
    """Say that pairs were accepted, or taken back, since a run was made."""
    kept = json.loads(record.params_json)
    claims = Kind.LEAD if kept["leads_are_claims"] else Kind.CLAIM
    before = {row["decision"] for row in kept.get("accepted", ())}
    now = {row["decision"] for row in accepted_now(store, claims)}
    if before == now:
        return None
    told = [f"{len(now - before)} pair(s) were accepted"] if now - before else []
    told += [f"{len(before - now)} accepted pair(s) were taken back"] if before - now else []
    return f"Run {record.id} is stale: {' and '.join(told)} since. `reconcile run` makes a new one."


def _rows(classes: list[dict[str, Any]]) -> tuple[dict[str | None, int], dict[str | None, int]]:
    """Count, per currency, the rows that agree, and those that agree or are findings."""
    agreed: defaultdict[str | None, int] = defaultdict(int)
    asked: defaultdict[str | None, int] = defaultdict(int)
    for entry in classes:
        row_class = RowClass(entry["class"])
        if row_class in _AGREED:
            agreed[entry["currency"]] += entry["rows"]
        if row_class in _AGREED or row_class.is_finding:
            asked[entry["currency"]] += entry["rows"]
    return agreed, asked


def _headline(
    currency: str | None,
    total: dict[str, Any] | None,
    found: list[dict[str, Any]],
    agreed: int,
    asked: int,
) -> Headline:
    events, claims = (Decimal(total[name] if total else 0) for name in ("events", "claims"))
    return Headline(
        currency=currency,
        events=events,
        claims=claims,
        gap_percent=_share(claims - events, events),
        match_percent=_share(Decimal(agreed), Decimal(asked)),
        findings=sum(row["findings"] for row in found),
        at_stake=sum((row["at_stake"] or Decimal(0) for row in found), Decimal(0)),
        elsewhere=sum(row["elsewhere"] for row in found),
    )


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    if not whole:
        return None
    return (100 * part / whole).quantize(_HUNDREDTH, rounding=ROUND_HALF_EVEN)
