"""All that was ever done here, in one list: imports, runs, decisions, plans and firings.

Nothing is kept for it: the catalog and the ledgers know when each of these was made and by whom.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from reconcile.decisions import decision_list
from reconcile.errors import BadParameters
from reconcile.ledgers import ledgers_of
from reconcile.showing import action_label, money
from reconcile.state import Row
from reconcile.terms import Meaningful
from reconcile.warehouse import Store


class Deed(Meaningful):
    """What somebody did; its meaning is how a list names it."""

    IMPORT = "import", "Import"
    REMAP = "remap", "Read again"
    UNDO = "undo", "Undo"
    RUN = "run", "Run"
    DECISION = "decision", "Decision"
    PACK = "pack", "Dispute pack"
    PLAN = "plan", "Plan"
    APPROVAL = "approval", "Approval"
    FIRING = "firing", "Firing"
    ALIAS = "alias", "Alias"
    SETTING = "setting", "Event setting"


@dataclass(frozen=True)
class Entry:
    """One deed; the time is naive UTC."""

    at: datetime
    deed: Deed
    who: str
    """Blank where nobody is on record."""
    what: str
    """In words."""
    ref: str
    """The batch, run, decision, pack or plan it is about; a plan with its target, `3@HOST`."""


@dataclass(frozen=True)
class Activity:
    """A page of deeds, the newest first, and how many there are in all."""

    entries: list[Entry]
    total: int


def activity(
    store: Store, *, deeds: Collection[str] | None = None, limit: int = 100, offset: int = 0
) -> Activity:
    """List what was done, the newest first.

    Args:
        store: The warehouse; its ledgers are read as well.
        deeds: Only these, words of `Deed`; None for all.
        limit: So many at most.
        offset: Skip so many first.

    Raises:
        BadParameters: There is no such deed.
    """
    for word in deeds or ():
        if word not in set(Deed):
            raise BadParameters(f"No deed is called {word!r}. There are: {', '.join(Deed)}.")
    asked = {
        "deeds": None if not deeds else json.dumps([str(word) for word in deeds]),
        "most": offset + limit,
    }
    found = [(_of_catalog(row), row) for row in store.catalog.query("warehouse/activity", **asked)]
    total = found[0][1]["total"] if found else 0
    with ledgers_of(store) as ledgers:
        for ledger in ledgers:
            rows = ledger.query("activity", **asked)
            found += [(_of_ledger(row), row) for row in rows]
            total += rows[0]["total"] if rows else 0
    entries = sorted((entry for entry, _ in found), key=lambda entry: entry.at, reverse=True)
    return Activity(entries[offset : offset + limit], total)


def run_of_decision(store: Store, number: int) -> str | None:
    """Return the run whose findings a decision was on, if it is still on record."""
    runs = {run.id for run in store.runs()}
    return next(
        (one["run"] for one in decision_list(store.catalog, number) if one["run"] in runs), None
    )


def _of_catalog(row: Row) -> Entry:
    return Entry(
        _time(row["at"]),
        Deed(row["deed"]),
        row["who"] or "",
        _WORDS[row["deed"]](row),
        row["ref"],
    )


def _of_ledger(row: Row) -> Entry:
    host = row["host"]
    what = f"plan {row['plan']}: {row['count']:,} postbacks to {host}"
    if row["deed"] == Deed.FIRING:
        what += f", ended: {row['more']}" if row["more"] else ", still going or killed"
    else:
        what += _sums(json.loads(row["more"]))
    return Entry(
        _time(row["at"]), Deed(row["deed"]), row["who"] or "", what, f"{row['plan']}@{host}"
    )


def _sums(sums: dict[str, str]) -> str:
    told = " + ".join(f"{money(Decimal(amount))} {name}" for name, amount in sums.items())
    return f", {told}" if told else ""


def _file(row: Row) -> str:
    return f"{PurePath(row['name']).name}: {row['count']:,} {row['more']} rows"


def _decision(row: Row) -> str:
    why = f": {row['more']}" if row["more"] else ""
    return f"{action_label(row['name'])}, {row['count']:,} findings{why}"


def _alias(row: Row) -> str:
    if row["more"] is None:
        return f"{row['ref']} {row['name']!r} stands for itself again"
    if row["more"] == row["name"]:
        return f"{row['ref']} {row['name']!r} is a name of its own"
    return f"{row['ref']} {row['name']!r} stands for {row['more']!r}"


def _setting(row: Row) -> str:
    one = f"event {row['name']!r} of campaign {row['ref']!r}"
    more = "" if row["count"] == 1 else f" and {row['count'] - 1:,} more"
    return f"{one}{more}{', taken away' if row['more'] else ''}"


_WORDS: dict[str, Any] = {
    Deed.IMPORT: _file,
    Deed.REMAP: _file,
    Deed.UNDO: _file,
    Deed.RUN: lambda row: f"{row['name']} to {_last(row['more'])}: {row['count']:,} findings",
    Deed.DECISION: _decision,
    Deed.PACK: lambda row: f"for {row['name']}, of run {row['more']}",
    Deed.ALIAS: _alias,
    Deed.SETTING: _setting,
}


def _last(end: str) -> str:
    """Return the last day of a period that ends before a day."""
    return str(date.fromisoformat(end) - timedelta(days=1))


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
