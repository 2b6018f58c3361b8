"""The command that says what the newest version of a buyer's reports changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from reconcile.changes import (
    FindingChanges,
    ReportChanges,
    finding_changes,
    report_changes,
    runs_around,
)
from reconcile.cli.options import Form, Home, MemoryLimit, Out, moment, store_at
from reconcile.cli.printing import (
    Fields,
    Format,
    Record,
    complain,
    is_screen,
    print_rows,
    progress_bar,
    say,
    shown_of,
)
from reconcile.cli.workbooks import write_workbook
from reconcile.errors import BadParameters
from reconcile.matching.parameters import RunParameters, parameters_of
from reconcile.periods import period_of
from reconcile.running import run
from reconcile.showing import SINCE
from reconcile.warehouse import RunRecord, Store
from reconcile.zones import midnight_utc, zone_of

CHANGE_FIELDS: Fields = {
    "change": str,
    "currency": str,
    "effect": Decimal,
    **dict.fromkeys(("transaction_id", "event_id", "campaign_id"), str),
    "occurred_at": datetime,
    **dict.fromkeys(("revenue_before", "revenue_now"), Decimal),
    **dict.fromkeys(("currency_before", "currency_now", "status_before", "status_now"), str),
    "reason": str,
    "file_before": str,
    "line_before": int,
    "file_now": str,
    "line_now": int,
}
TOTAL_FIELDS: Fields = {
    "currency": str,
    **dict.fromkeys(("before", "added", "removed", "repriced", "status", "after"), Decimal),
    "rows_before": int,
    **dict.fromkeys(("added_rows", "removed_rows", "repriced_rows", "status_rows"), int),
    **dict.fromkeys(("other_rows", "came_rows", "went_rows", "rows_after"), int),
}
FINDING_CHANGE_FIELDS: Fields = {
    **dict.fromkeys(("since", "state", "class", "reason", "buyer", "campaign_id"), str),
    **dict.fromkeys(("transaction_id", "event_id"), str),
    "day": date,
    "currency": str,
    **dict.fromkeys(("at_stake_before", "at_stake"), Decimal),
    "other_currency": str,
    **dict.fromkeys(("other_at_stake_before", "other_at_stake"), Decimal),
    "file": str,
    "line": int,
    "ref": str,
}
_SHOWN = (
    *("change", "effect", "currency", "transaction_id", "event_id", "revenue_before"),
    *("revenue_now", "status_before", "status_now", "file_now", "line_now"),
)
_FINDINGS_SHOWN = (
    *("since", "at_stake", "at_stake_before", "currency", "class", "reason", "transaction_id"),
    *("event_id", "day"),
)
_IN_TWO = {"currency": ("other_at_stake", "other_at_stake_before", "other_currency")}
_SUMS = ("before", "added", "removed", "repriced", "status", "after")
_SIGNS = {"added": "+", "removed": "-", "repriced": "+", "status": "+"}
ON_SCREEN = 50


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("changes")(changes)


def changes(
    *,
    buyer: Annotated[str, typer.Argument(help="The buyer, by its known name.")],
    since: Annotated[
        str | None,
        typer.Option(
            help="Compare with the state after this batch, or on this day or time; by default with "
            "that without the newest report."
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            help="Only claims of this time: last-month, this-month, 2026-11, or "
            "2026-11-01..2026-11-15."
        ),
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="Zone of the days; else that of the newest run.")
    ] = None,
    reconcile: Annotated[
        bool,
        typer.Option(
            "--reconcile",
            help="Make the runs that are missing: without the new reports, and with them.",
        ),
    ] = False,
    xlsx: Annotated[
        Path | None, typer.Option(help="Write sums, changes and findings to this workbook.")
    ] = None,
    memory_limit: MemoryLimit = None,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List what the newest version of a buyer's reports added, removed, repriced or re-stated.

    Examples:
        reconcile changes acme

        reconcile changes acme --since 20261103-094500123-a1b2c3 --format csv --out changes.csv
    """
    with store_at(home) as store:
        view = _view(store, period, zone)
        found = report_changes(
            store,
            buyer,
            since=_since(since, view.zone),
            period=view.period,
            rules=view.rules,
        )
        before, after = _runs(store, found, view, reconcile=reconcile, memory_limit=memory_limit)
        findings = (
            finding_changes(store, before.id, after.id, buyer=found.buyer)
            if before is not None and after is not None
            else None
        )
    if xlsx is not None:
        write_workbook(xlsx, _sheets(found, findings))
    if form is not Format.TABLE or out is not None:
        print_rows(found.rows, _columns(found.rows), form=form, fields=CHANGE_FIELDS, to=out)
        return
    _tell(found)
    _tell_findings(found, findings, has_run=after is not None)


@dataclass(frozen=True)
class _View:
    """By which period and rules the claims are looked at, and whose days they are."""

    zone: str | None
    days: tuple[date, date] | None
    rules: RunParameters | None

    @property
    def period(self) -> tuple[datetime, datetime] | None:
        if self.days is None or self.zone is None:
            return None
        first, end = (midnight_utc(day, zone_of(self.zone)) for day in self.days)
        return first, end

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what the runs must have been asked."""
        if self.days is None:
            return {}
        first, end = self.days
        return {"date_from": str(first), "date_to": str(end), "zone": self.zone}


def _view(store: Store, period: str | None, zone: str | None) -> _View:
    newest = next(iter(store.runs()), None)
    rules = None
    if newest is not None:
        rules = parameters_of(json.loads(newest.params_json)["parameters"])
        zone = zone or rules.zone
    if period is None:
        return _View(zone, None, rules)
    if zone is None:
        raise BadParameters("--period needs --zone: there is no run yet whose days they could be.")
    return _View(zone, period_of(period, zone), rules)


def _since(text: str | None, zone: str | None) -> str | datetime | None:
    """Return a batch, or a time: a mere day begins in the zone of the runs."""
    if text is None or text[:8].isdecimal():
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return moment("--since", text)
    return midnight_utc(day, zone_of(zone) if zone else UTC)


def _runs(
    store: Store,
    found: ReportChanges,
    view: _View,
    *,
    reconcile: bool,
    memory_limit: str | None,
) -> tuple[RunRecord | None, RunRecord | None]:
    ids = [batch.id for batch in found.new]
    before, after = runs_around(store, ids, parameters=view.wanted)
    if not reconcile or (before is not None and after is not None):
        return before, after
    if view.rules is None:
        raise BadParameters(
            "--reconcile repeats the newest run without the new reports and with them, and there "
            "is no run yet. Make one first: reconcile run --from ... --to ... --zone ..."
        )
    asked = view.rules
    if view.days is not None:
        asked = replace(asked, date_from=view.days[0], date_to=view.days[1], zone=str(view.zone))
    with progress_bar() as progress:
        for without in (frozenset(ids), frozenset[str]()):
            run(store, asked, without=without, memory_limit=memory_limit, progress=progress)
    return runs_around(store, ids, parameters=view.wanted)


def _tell(found: ReportChanges) -> None:
    newest, *others = reversed(found.new)
    more = f" and {len(others)} more" if others else ""
    last = found.before[-1]
    say(
        f"{found.buyer}: what {newest.file}{more} changed (batch {newest.id}); the version before "
        f"ends with {last.file} (batch {last.id})."
    )
    for total in found.totals:
        say(f"\nSums, {total['currency'] or 'no currency'}")
        lines = [_sum_line(total, name) for name in _SUMS]
        print_rows(lines, ("", "claims", "amount"))
        for way, where in (("came", "from"), ("went", "to")):
            if total[f"{way}_rows"]:
                say(f"Of the repriced, {total[f'{way}_rows']:,} {way} {where} another currency.")
    if not found.rows:
        say("\nNothing changed: every claim says what it said.")
        return
    others_n = sum(total["other_rows"] for total in found.totals)
    if others_n:
        say(f"\n{others_n:,} claims changed in what moves no sum, such as the reason given.")
    say()
    shown = found.rows[:ON_SCREEN] if is_screen() else found.rows
    print_rows(shown, _columns(shown))
    if len(shown) < len(found.rows):
        say(f"{len(shown):,} of {len(found.rows):,}; --format csv gives all.")


def _columns(rows: Sequence[Record]) -> tuple[str, ...]:
    """Return the columns of a table: both currencies only where some claim came in another."""
    if not any(row["change"] == "repriced" and _is_other(row) for row in rows):
        return _SHOWN
    place = _SHOWN.index("status_before")
    return (*_SHOWN[:place], "currency_before", "currency_now", *_SHOWN[place:])


def _is_other(row: Record) -> bool:
    return bool(row["currency_before"] != row["currency_now"])


def _sum_line(total: Record, name: str) -> Record:
    ends = {"before": "rows_before", "after": "rows_after"}
    label = f"{_SIGNS[name]} {name}" if name in _SIGNS else name
    return {
        "": label.replace("status", "status changed"),
        "claims": total[ends.get(name, f"{name}_rows")],
        "amount": total[name],
    }


def _tell_findings(found: ReportChanges, findings: FindingChanges | None, *, has_run: bool) -> None:
    if findings is None:
        what = "before the new reports, of the same period and parameters" if has_run else "on them"
        complain(
            f"\nWhich findings came or went cannot be said: there is no run {what}. Make what is "
            f"missing: reconcile changes {found.buyer} --reconcile"
        )
        return
    say(f"\nFindings of {found.buyer}, run {findings.now} against run {findings.before}")
    print_since(findings.totals)
    shown = findings.rows[:ON_SCREEN] if is_screen() else findings.rows
    if shown:
        say()
        print_rows(shown, shown_of(shown, _FINDINGS_SHOWN, _IN_TWO))


def print_since(totals: Sequence[Record]) -> None:
    """Print what became of findings between two runs."""
    lines = [{**row, "since": SINCE[row["since"]]} for row in totals]
    elsewhere = ("elsewhere",) if any(row["elsewhere"] for row in totals) else ()
    counted = ("findings", *elsewhere)
    print_rows(lines, ("since", "currency", *counted, "at_stake_before", "at_stake"))


def _sheets(
    found: ReportChanges, findings: FindingChanges | None
) -> dict[str, tuple[Fields, Sequence[Record]]]:
    sheets: dict[str, tuple[Fields, Sequence[Record]]] = {
        "Sums": (TOTAL_FIELDS, found.totals),
        "Changes": (CHANGE_FIELDS, found.rows),
    }
    if findings is not None:
        sheets["Findings"] = (FINDING_CHANGE_FIELDS, findings.rows)
    return sheets
