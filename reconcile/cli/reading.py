"""Commands that show what a stored run says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from reconcile.cli.options import Home, RunId, newest_run, store_at
from reconcile.cli.printing import Format, print_rows, say
from reconcile.reading import FindingFilter, bridge, explain, findings
from reconcile.terms import RowClass

Form = Annotated[Format, typer.Option("--format", help="How to write the rows.")]
Out = Annotated[Path | None, typer.Option(help="File to write to instead of printing.")]

FINDING_COLUMNS = (
    *("at_stake", "currency", "class", "reason", "transaction_id", "event_id", "buyer", "day"),
    *("flags", "ref"),
)


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
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="Skip so many first.")] = 0,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List the findings of a run, the largest amount at stake first.

    Examples:
        reconcile findings --class missing_event --buyer acme

        reconcile findings --format csv --limit 100000 --out findings.csv
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
    with store_at(home) as store:
        rows = findings(store, newest_run(store, run), only=only, limit=limit, offset=offset)
    print_rows(rows, FINDING_COLUMNS, form=form, to=out)


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
        rows = bridge(store, newest_run(store, run), by=split, buyer=buyer, campaign=campaign)
    shown = ["campaign_id" if name == "campaign" else name for name in split]
    print_rows(rows, (*shown, "bucket", "amount"), form=form, to=out)


def explain_row(
    row: Annotated[str, typer.Argument(help="A finding's ref, or file:line.")],
    run: RunId = None,
    form: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
    home: Home = None,
) -> None:
    """Say why a row has its class: the sentence, both rows, file and line.

    Example: reconcile explain acme_nov.csv:212
    """
    with store_at(home) as store:
        told = explain(store, newest_run(store, run), row)
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
    hidden = ("key_hi", "key_lo", "row_hi", "row_lo", "occ", "revenue_e4", "norm_id")
    for name, value in source.items():
        if value is not None and name not in hidden:
            say(f"  {name:<18} {value}")


def _as_record(value: dict[str, Any]) -> dict[str, Any]:
    return {name: _nested(item) for name, item in value.items()}


def _nested(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _nested(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_nested(item) for item in value]
    return value if isinstance(value, int | bool) or value is None else str(value)
