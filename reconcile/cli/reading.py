"""Commands that show what a stored run says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from reconcile.cli.options import Form, Home, Out, RunId, newest_run, store_at
from reconcile.cli.printing import Fields, Format, complain, is_screen, money, print_rows, say
from reconcile.headlines import why_stale
from reconcile.reading import FindingFilter, bridge, explain, finding_totals, findings
from reconcile.terms import RowClass
from reconcile.warehouse import Store

FINDING_COLUMNS = (
    *("at_stake", "currency", "class", "reason", "transaction_id", "event_id", "buyer", "day"),
    *("flags", "ref"),
)
FINDING_FIELDS: Fields = {
    **dict.fromkeys(("ref", "class", "reason", "flags", "side", "transaction_id"), str),
    **dict.fromkeys(("event_id", "buyer", "campaign_id"), str),
    "day": date,
    "currency": str,
    **dict.fromkeys(("at_stake", "bridge", "revenue"), Decimal),
    "status": str,
    "rule": str,
    "occurred_at": datetime,
    "file": str,
    "line": int,
    "partner_file": str,
    "partner_line": int,
    "rival_file": str,
    "rival_line": int,
    "batch": str,
    "partner_batch": str,
}
BRIDGE_FIELDS: Fields = {
    **dict.fromkeys(("currency", "buyer", "campaign_id"), str),
    "day": date,
    "bucket": str,
    "amount": Decimal,
}

ON_SCREEN = 50
"""Findings that fill a screen; programs and files get all."""

ALL = 2**62


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("findings")(list_findings)
    app.command("bridge")(show_bridge)
    app.command("explain")(explain_row)


def list_findings(
    *,
    run: RunId = None,
    row_class: Annotated[
        str | None, typer.Option("--class", help=f"One of: {', '.join(RowClass)}.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason, such as amount.")] = None,
    flag: Annotated[str | None, typer.Option(help="Only rows with this flag.")] = None,
    buyer: Annotated[str | None, typer.Option(help="Only this buyer.")] = None,
    campaign: Annotated[str | None, typer.Option(help="Only this campaign.")] = None,
    currency: Annotated[str | None, typer.Option(help="Only this currency.")] = None,
    day: Annotated[
        str | None, typer.Option(help="Only this local day, such as 2026-11-03.")
    ] = None,
    search: Annotated[str | None, typer.Option(help="Part of a transaction id.")] = None,
    all_classes: Annotated[
        bool, typer.Option("--all", help="Also rows that ask nothing of anybody.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=ALL, help="At most so many; 50 on a screen, else all."),
    ] = None,
    offset: Annotated[int, typer.Option(min=0, max=ALL, help="Skip so many first.")] = 0,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List the findings of a run, the largest amount at stake first.

    Examples:
        reconcile findings --class missing_event --buyer acme

        reconcile findings --format csv --out findings.csv
    """
    only = FindingFilter(
        row_class=row_class,
        reason=reason,
        flag=flag,
        buyer=buyer,
        campaign=campaign,
        currency=currency,
        day=None if day is None else _day(day),
        search=search,
        all_classes=all_classes,
    )
    on_screen = form is Format.TABLE and out is None and is_screen()
    most = limit or (ON_SCREEN if on_screen else ALL)
    with store_at(home) as store:
        run_id = chosen_run(store, run)
        rows = findings(store, run_id, only=only, limit=most, offset=offset)
        count = sum(total["findings"] for total in finding_totals(store, run_id, only=only))
    print_rows(rows, FINDING_COLUMNS, form=form, fields=FINDING_FIELDS, to=out)
    if on_screen and count > len(rows):
        say(f"{len(rows):,} of {count:,}; --limit and --offset show others.")


def chosen_run(store: Store, run: str | None) -> str:
    """Return the run to be read; one that is stale is told beside what it says."""
    run_id = newest_run(store, run)
    stale = why_stale(store, run_id)
    if stale is not None:
        complain(stale)
    return run_id


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2026-11-03.") from error


def show_bridge(
    *,
    run: RunId = None,
    by: Annotated[
        str, typer.Option(help="Split by these, commas between: currency,buyer,campaign,day.")
    ] = "currency",
    buyer: Annotated[str | None, typer.Option(help="Only this buyer.")] = None,
    campaign: Annotated[str | None, typer.Option(help="Only this campaign.")] = None,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """Show how the events' revenue becomes the claims', bucket by bucket.

    Example: reconcile bridge --by currency,buyer
    """
    split = [name.strip() for name in by.split(",") if name.strip()]
    with store_at(home) as store:
        rows = bridge(store, chosen_run(store, run), by=split, buyer=buyer, campaign=campaign)
    shown = ["campaign_id" if name == "campaign" else name for name in split]
    print_rows(rows, (*shown, "bucket", "amount"), form=form, fields=BRIDGE_FIELDS, to=out)


def explain_row(
    row: Annotated[str, typer.Argument(help="A finding's ref, or file:line.")],
    run: RunId = None,
    form: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
    home: Home = None,
) -> None:
    """Say why a row has its class: the sentence, both rows, file and line.

    Example: reconcile explain acme_nov.csv:212
    """
    if form not in (Format.TABLE, Format.JSON):
        raise typer.BadParameter(f"an explanation is no {form}; write --format table or json.")
    with store_at(home) as store:
        told = explain(store, chosen_run(store, run), row)
    if form is Format.JSON:
        print_rows([_as_record(told.__dict__)], (), form=form)
        return
    say(told.text)
    say(
        f"Class {told.row['class']}"
        + (f" ({told.row['reason']})" if told.row["reason"] else "")
        + (f", flags {told.row['flags']}" if told.row["flags"] else "")
        + (f", rule {told.row['rule']}" if told.row["rule"] else "")
    )
    say(f"Next step: {told.next_step}")
    for title, source in (("Row", told.source), ("Partner", told.partner_source)):
        if source is not None:
            say(f"\n{title}")
            _print_source(source)
    if told.candidates:
        say("\nCandidates")
        print_rows(told.candidates, tuple(told.candidates[0]))


def _print_source(source: dict[str, Any]) -> None:
    hidden = ("key_hi", "key_lo", "row_hi", "row_lo", "occ", "revenue_e4")
    for name, value in source.items():
        if value is None or name in hidden:
            continue
        text = money(value) if isinstance(value, Decimal) else value
        unit = " UTC" if isinstance(value, datetime) else ""
        say(f"  {name:<18} {text}{unit}")


def _as_record(value: dict[str, Any]) -> dict[str, Any]:
    return {name: _nested(item) for name, item in value.items()}


def _nested(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _nested(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_nested(item) for item in value]
    return value if isinstance(value, int | bool) or value is None else str(value)
