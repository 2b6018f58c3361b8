"""Short hands for the tests of the reference: rows of a period of three days in November 2026."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.reference import (
    ClaimRow,
    EventRow,
    LeadRow,
    Params,
    Setting,
    SourceFile,
    Verdict,
    Verdicts,
    World,
    reconcile_world,
)
from tests.worlds import renumbered

PERIOD = (date(2026, 11, 2), date(2026, 11, 5))
NAMES = {"event": "events.csv", "claim": "claims.csv", "lead": "leads.csv"}


def at(text: str) -> datetime:
    """Read "03 14:30" as that day of November 2026, UTC; without an hour it is noon."""
    day, _, hour = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{hour or '12:00'}")


def _common(tx: str | None, amount: str | None, on: str | None, more: dict[str, Any]) -> Any:
    renamed = {"campaign": "campaign_id", "event": "event_id", "external": "external_clickid"}
    values = {renamed.get(name, name): value for name, value in more.items()}
    money = None if amount is None else Decimal(amount)
    return {
        "line": 0,
        "transaction_id": tx,
        "revenue": money,
        "occurred_at": None if on is None else at(on),
    } | values


def event(
    tx: str | None, amount: str | None = "10", on: str | None = "03", **more: Any
) -> EventRow:
    """Make an event `sale` of buyer acme."""
    base = {"file": NAMES["event"], "event_id": "sale", "buyer": "acme"}
    return EventRow(**(base | _common(tx, amount, on, more)))


def claim(
    tx: str | None, amount: str | None = "10", on: str | None = "03", **more: Any
) -> ClaimRow:
    """Make a claim on an event `sale` by buyer acme."""
    base = {"file": NAMES["claim"], "event_id": "sale", "buyer": "acme"}
    return ClaimRow(**(base | _common(tx, amount, on, more)))


def lead(tx: str | None, on: str | None = "01", **more: Any) -> LeadRow:
    """Make a lead without facts."""
    return LeadRow(**({"file": NAMES["lead"]} | _common(tx, None, on, more)))


def setting(text: str) -> Setting:
    """Read "c1 sale yes no": campaign, event, is it a conversion, may it repeat."""
    return Setting(*text.split())


def world(*rows: Any, settings: Sequence[str] = (), **params: Any) -> World:
    """Make a world of rows of any kind; a claim file is there even when it is empty."""
    files = {row.file for row in rows} | set(NAMES.values())
    return renumbered(
        World(
            params=replace(Params(*PERIOD), **params),
            files=tuple(SourceFile(f, _kind(f)) for f in sorted(files)),
            leads=tuple(row for row in rows if isinstance(row, LeadRow)),
            events=tuple(row for row in rows if isinstance(row, EventRow)),
            claims=tuple(row for row in rows if isinstance(row, ClaimRow)),
            settings=tuple(setting(text) for text in settings),
        )
    )


def _kind(name: str) -> Any:
    return next(kind for kind in NAMES if name.startswith(kind))


def judge(*rows: Any, settings: Sequence[str] = (), **params: Any) -> list[Verdict]:
    """Return the verdicts of rows in scope: events first, then claims, each in the order given."""
    return list(run(*rows, settings=settings, **params).rows)


def run(*rows: Any, settings: Sequence[str] = (), **params: Any) -> Verdicts:
    return reconcile_world(world(*rows, settings=settings, **params))


def classes(*rows: Any, settings: Sequence[str] = (), **params: Any) -> list[str]:
    """Return the words `class` or `class:reason` of rows in scope, events before claims."""
    return [said(v) for v in judge(*rows, settings=settings, **params)]


def said(verdict: Verdict) -> str:
    return verdict.row_class + (f":{verdict.reason}" if verdict.reason else "")
