"""Commands that show what a stored run says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from reconcile.accepting import Held, held_claims
from reconcile.cli.filters import amounts, days, named_ids
from reconcile.cli.options import Form, Home, Out, RunId, newest_run, store_at
from reconcile.cli.printing import (
    Fields,
    Format,
    Record,
    complain,
    is_screen,
    money,
    print_rows,
    say,
    shown_of,
)
from reconcile.filtering import LARGEST, ORDERS, FindingFilter
from reconcile.headlines import why_stale
from reconcile.reading import Explanation, bridge, explain, finding_totals, findings
from reconcile.saved import saved_view
from reconcile.terms import FindingState, RowClass
from reconcile.unmatched import must_wait
from reconcile.warehouse import Store

FINDING_COLUMNS = (
    *("at_stake", "currency", "class", "reason", "transaction_id", "event_id", "buyer", "day"),
    *("state", "flags", "ref"),
)
FINDING_FIELDS: Fields = {
    **dict.fromkeys(("ref", "class", "reason", "flags", "side", "transaction_id"), str),
    **dict.fromkeys(("event_id", "buyer", "campaign_id"), str),
    "day": date,
    "currency": str,
    **dict.fromkeys(("at_stake", "other_at_stake"), Decimal),
    "other_currency": str,
    **dict.fromkeys(("bridge", "revenue"), Decimal),
    "status": str,
    "rule": str,
    "evidence": str,
    "occurred_at": datetime,
    "file": str,
    "line": int,
    "partner_file": str,
    "partner_line": int,
    "rival_file": str,
    "rival_line": int,
    "batch": str,
    "partner_batch": str,
    **dict.fromkeys(("finding", "state", "stale"), str),
    "credited": Decimal,
    "credited_in": str,
    "other_credited": Decimal,
    "other_credited_in": str,
    **dict.fromkeys(("assignee", "note"), str),
    "decision": int,
    "decided_by": str,
    "decided_at": datetime,
    **dict.fromkeys(("decided_reason", "postback", "nearest", "nearest_ref"), str),
}
_SAID = {
    "currency": ("other_at_stake", "other_currency"),
    "state": (
        *("stale", "credited", "credited_in", "other_credited", "other_credited_in"),
        *("assignee", "note", "postback"),
    ),
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
    currency: Annotated[str | None, typer.Option(help="Only with money in this currency.")] = None,
    event: Annotated[str | None, typer.Option(help="Only this event.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Only ids of which some row names this source (pid).")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(help="Only this local day, or days, such as 2026-11-03..2026-11-09."),
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option(
            help="Only such amounts at stake: 10..50, 10.., ..50 or 40; of a pair in two "
            "currencies the greater one."
        ),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            help=f"Only in this state: {', '.join(FindingState)}; closed also lists what no "
            "longer stands."
        ),
    ] = None,
    stale: Annotated[
        bool | None,
        typer.Option("--stale/--not-stale", help="Only if facts moved since the decision."),
    ] = None,
    assignee: Annotated[
        str | None, typer.Option(help="Only assigned to them; '' for nobody.")
    ] = None,
    decision: Annotated[
        int | None, typer.Option(min=1, help="Only what this decision was on.")
    ] = None,
    named: Annotated[
        list[str] | None,
        typer.Option("--id", help="Only this name, ref, file:line, transaction id, or @FILE."),
    ] = None,
    search: Annotated[str | None, typer.Option(help="Part of a transaction id.")] = None,
    all_classes: Annotated[
        bool, typer.Option("--all", help="Also rows that ask nothing of anybody.")
    ] = False,
    view: Annotated[
        str | None,
        typer.Option(help="A saved view; other options change what it says."),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(
            help=f"By what: {', '.join(ORDERS)}; a minus in front, such as -day, puts the "
            "greatest first. The usual one is -at_stake."
        ),
    ] = None,
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

        reconcile findings --state open --order -day

        reconcile findings --format csv --out findings.csv
    """
    asked: dict[str, Any] = {
        "row_class": row_class,
        "reason": reason,
        "flag": flag,
        "buyer": buyer,
        "campaign": campaign,
        "currency": currency,
        "event": event,
        "source": source,
        "state": state,
        "stale": stale,
        "assignee": assignee,
        "decision": decision,
        "search": search,
        "all_classes": all_classes or None,
        "ids": named_ids(named) if named else None,
    }
    asked |= {} if day is None else dict(zip(("day_from", "day_to"), days(day), strict=True))
    between = ("at_least", "at_most")
    asked |= {} if amount is None else dict(zip(between, amounts(amount), strict=True))
    on_screen = form is Format.TABLE and out is None and is_screen()
    most = limit or (ON_SCREEN if on_screen else ALL)
    with store_at(home) as store:
        only, by = _asked(store, view, asked, order)
        run_id = chosen_run(store, run)
        tell_waiting(store, run_id)
        rows = findings(store, run_id, only=only, order=by, limit=most, offset=offset)
        full = on_screen and len(rows) == most
        totals = finding_totals(store, run_id, only=only) if full or offset else []
    shown = shown_of(rows, FINDING_COLUMNS, _SAID)
    print_rows(rows, shown, form=form, fields=FINDING_FIELDS, to=out)
    count = sum(total["findings"] for total in totals)
    if on_screen and count > len(rows):
        say(f"{len(rows):,} of {count:,}; --limit and --offset show others.")


def _asked(
    store: Store, view: str | None, asked: dict[str, Any], order: str | None
) -> tuple[FindingFilter, str]:
    """Return the filter and the order of the options, or of a view as they change it."""
    said = {name: value for name, value in asked.items() if value is not None}
    if view is None:
        return FindingFilter(**said), order or LARGEST
    known = saved_view(store, view)
    return replace(known.only, **said), order or known.order


def chosen_run(store: Store, run: str | None) -> str:
    """Return the run to be read; one that is stale is told beside what it says."""
    run_id = newest_run(store, run)
    stale = why_stale(store, run_id)
    if stale is not None:
        complain(stale)
    return run_id


def tell_waiting(store: Store, run_id: str) -> None:
    """Say why the first reader of a run waits that was made of few new rows."""
    if must_wait(store, run_id):
        complain("Looking for what came nearest to the left-overs; kept for whoever asks next.")


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
        run_id = chosen_run(store, run)
        rows = bridge(store, run_id, by=split, buyer=buyer, campaign=campaign)
    shown = ["campaign_id" if name == "campaign" else name for name in split]
    print_rows(rows, (*shown, "bucket", "amount"), form=form, fields=BRIDGE_FIELDS, to=out)


def explain_row(
    row: Annotated[str, typer.Argument(help="A finding's ref, or file:line.")],
    run: RunId = None,
    form: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
    home: Home = None,
) -> None:
    """Say why a row has its class: the sentence, both rows, file and line, and what came near.

    Example: reconcile explain acme_nov.csv:212
    """
    if form not in (Format.TABLE, Format.JSON):
        raise typer.BadParameter(f"an explanation is no {form}; write --format table or json.")
    with store_at(home) as store:
        run_id = chosen_run(store, run)
        tell_waiting(store, run_id)
        told = explain(store, run_id, row)
        named = FindingFilter(ids=(str(told.row["ref"]),))
        found = findings(store, run_id, only=named) if _is_finding(told.row) else []
        is_missing = told.row["class"] == RowClass.MISSING_EVENT
        held = held_claims(store, run_id).get(str(told.row["ref"])) if is_missing else None
    if form is Format.JSON:
        print_rows(
            [_as_record({**told.__dict__, "decided": tuple(found), **_held(held)})], (), form=form
        )
        return
    say(told.text)
    say(
        f"Class {told.row['class']}"
        + (f" ({told.row['reason']})" if told.row["reason"] else "")
        + (f", flags {told.row['flags']}" if told.row["flags"] else "")
        + (f", rule {told.row['rule']}" if told.row["rule"] else "")
    )
    if told.unmatched is not None:
        say(told.unmatched)
    say(f"Next step: {told.next_step}")
    for one in found:
        if one["other_at_stake"] is not None:
            say(f"At stake: {_both_sides(one)}")
        say(f"State: {standing(one)}")
    if held is not None:
        say(f"No postback: {held.why}")
    for title, source in (("Row", told.source), ("Partner", told.partner_source)):
        if source is not None:
            say(f"\n{title}")
            _print_source(source)
    _print_others(told)


def _held(held: Held | None) -> Record:
    return {} if held is None else {"held": held.why}


def _both_sides(row: Record) -> str:
    """Say what a pair in two currencies is about on either side; the two have no sum."""
    claimed, lost = money(row["at_stake"]), money(row["other_at_stake"])
    own, other = (row[name] or "in no currency" for name in ("currency", "other_currency"))
    return f"{claimed} {own} as claimed, {lost} {other} as recorded"


def _print_others(told: Explanation) -> None:
    """Print the rows that a row may belong to: candidates, proposals, what comes nearest."""
    if told.candidates:
        say("\nCandidates")
        print_rows(told.candidates, tuple(told.candidates[0]))
    if told.proposals:
        say("\nProposed as its partner; to accept: reconcile decide CLAIM --as accept --with EVENT")
        shown = ("claim", "event", "seconds_apart", "claim_rivals", "event_rivals")
        print_rows(told.proposals, shown)
    if told.nearest:
        say("\nWhat comes nearest (fewest points first)")
        for near in told.nearest:
            points = "" if near["points"] is None else f" [{near['points']}]"
            say(f"  {near['place']}. {near['text']}{points}")
    if told.misspelled:
        say("\nIds one character away, of leads and of rows that are taken or out of the run")
        for near in told.misspelled:
            say(f"  {near['text']}")


def _is_finding(row: Record) -> bool:
    return RowClass(row["class"]).is_finding


def standing(row: Record) -> str:
    """Say in words where a finding stands: its state, what moved since, who decided and why."""
    parts = [row["state"]]
    if row["stale"]:
        parts.append(f"stale, for what moved since: {row['stale'].replace(';', ', ')}")
    parts += _credited(row)
    if row["postback"]:
        parts.append(f"its postback is {row['postback']}")
    if row["decision"] is not None:
        at = f"{row['decided_at']:%Y-%m-%d %H:%M}"
        parts.append(f"decision {row['decision']} by {row['decided_by']} on {at} UTC")
    told = {"reason": "decided_reason", "note": "note", "assigned to": "assignee"}
    parts += [f"{word}: {row[name]}" for word, name in told.items() if row[name]]
    return "; ".join(parts)


def _credited(row: Record) -> list[str]:
    """Say what is credited in each currency, and of how much, if something is at stake there."""
    stakes = {row["other_currency"]: row["other_at_stake"], row["currency"]: row["at_stake"]}
    told = []
    for name in ("credited", "other_credited"):
        amount, code = row[name], row[f"{name}_in"]
        # A finding that names no currency takes a credit of any.
        stake = stakes.get(code, stakes.get(None))
        if amount is not None:
            of = "" if stake is None else f" of {money(stake)}"
            told.append(f"credited {money(amount)}{of} {code}")
    return told


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
