"""Commands on decisions: decide on findings, one or many, and tell what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from reconcile.cli.filters import named_ids, parse_filter
from reconcile.cli.options import Form, Home, Out, RunId, newest_run, store_at
from reconcile.cli.printing import Fields, Format, complain, money, print_rows, say, shown_of
from reconcile.cli.reading import chosen_run, standing
from reconcile.deciding import Decided, decide, history, undo_decision
from reconcile.decisions import Ruling
from reconcile.errors import BadParameters, NotFound
from reconcile.filtering import FindingFilter
from reconcile.reading import findings
from reconcile.terms import Action
from reconcile.warehouse import Store

DECISION_FIELDS: Fields = {
    "decision": int,
    "decided_at": datetime,
    "decided_by": str,
    "action": str,
    "findings": int,
    **dict.fromkeys(("reason", "note", "assignee"), str),
    **dict.fromkeys(("undoes", "undone_by"), int),
    **dict.fromkeys(("asked", "run"), str),
}
ENTRY_FIELDS: Fields = {
    "finding": str,
    "decision": int,
    "decided_at": datetime,
    **dict.fromkeys(("decided_by", "action", "reason", "note", "assignee"), str),
    "undone_by": int,
    **dict.fromkeys(("side", "class", "class_reason", "transaction_id", "event_id"), str),
    **dict.fromkeys(("buyer", "campaign_id"), str),
    "occurred_at": datetime,
    "currency": str,
    **dict.fromkeys(("revenue", "partner", "at_stake", "other_at_stake"), Decimal),
    "other_currency": str,
    "credit": Decimal,
    "credit_currency": str,
    **dict.fromkeys(("status", "file"), str),
    "line": int,
    "run": str,
}
_DECISION_COLUMNS = (
    *("decision", "decided_at", "decided_by", "action", "findings", "reason", "note"),
    *("assignee", "undoes", "undone_by"),
)
_ENTRY_COLUMNS = (
    *("finding", "decision", "decided_at", "decided_by", "action", "reason", "note", "assignee"),
    *("class", "revenue", "partner", "at_stake", "currency", "undone_by"),
)
_SAID = {"currency": ("other_at_stake", "other_currency", "credit", "credit_currency")}
"""Columns that are shown behind another one where a row of the table has something in them."""
_DONE = {
    Action.ACCEPT: "accepted",
    Action.REJECT: "rejected",
    Action.IGNORE: "ignored",
    Action.DISPUTE: "disputed",
    Action.SEND: "sent",
    Action.ANSWER: "answered",
    Action.CREDIT: "credited",
    Action.REOPEN: "open again",
    Action.ASSIGN: "assigned",
    Action.NOTE: "noted",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("decide")(decide_findings)
    app.command("history")(show_history)


def decide_findings(
    finding: Annotated[
        list[str] | None,
        typer.Argument(help="Findings: name, ref, file:line or transaction id."),
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            help="Findings with this, such as class=missing_event, amount=10..50, "
            "day=2026-11-01..2026-11-07 or id=@FILE; repeatable, all must hold.",
        ),
    ] = None,
    action: Annotated[
        Action | None, typer.Option("--as", help="What is decided.", show_choices=True)
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; needed to ignore.")] = None,
    note: Annotated[str | None, typer.Option(help="Worth knowing; goes with any decision.")] = None,
    to: Annotated[
        str | None, typer.Option(help="Who is to look, with --as assign; '' for nobody.")
    ] = None,
    partner: Annotated[
        str | None,
        typer.Option(
            "--with",
            help="With --as accept, of one left-over row: the row that it belongs to, a ref or "
            "file:line; `reconcile proposals` lists pairs.",
        ),
    ] = None,
    run: RunId = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count and sum what is meant; decide nothing.")
    ] = False,
    count: Annotated[
        int | None, typer.Option(min=1, help="Decide only if it is exactly so many findings.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the count.")] = False,
    undo: Annotated[
        int | None, typer.Option(help="Take this decision back instead, on all its findings.")
    ] = None,
    home: Home = None,
) -> None:
    """Decide on findings, one or many: accept, reject, ignore, dispute, assign, note, reopen.

    A decision is found again in every later run, and marked stale where the facts moved since.

    Examples:
        reconcile decide claims_acme.csv:33 --as ignore --reason "test lead"

        reconcile decide --filter class=missing_event --filter buyer=acme --as accept

        reconcile decide claims_acme.csv:33 --as accept --with events.csv:871

        reconcile decide --undo 3
    """
    with store_at(home) as store:
        if undo is not None:
            if action is not None or filters or finding:
                raise BadParameters("--undo takes a decision back; decide anew by itself.")
            _undo(store, undo)
            return
        if action is None:
            raise BadParameters(f"Say what is decided: --as {', '.join(Action)}.")
        ruling = Ruling(action, reason=reason, note=note, assignee=to)
        only = only_of(finding or (), filters or ())
        run_id = chosen_run(store, run)
        asked = Asked(bool(finding), dry_run, count, yes, partner)
        decide_on(store, run_id, ruling, only, asked=asked)


@dataclass(frozen=True)
class Asked:
    """How sure the caller is, and the partner that is accepted with the finding."""

    named: bool
    dry_run: bool
    count: int | None
    yes: bool
    partner: str | None = None


def only_of(named: Sequence[str], filters: Sequence[str]) -> FindingFilter:
    """Return the filter that names and `--filter name=value` mean together.

    Raises:
        BadParameters: They mean nothing.
    """
    if not named and not filters:
        raise BadParameters(
            "Say which findings: name them, or --filter name=value. "
            "All of a run are those of --filter state=open."
        )
    only = parse_filter(filters)
    return replace(only, ids=(*(only.ids or ()), *named_ids(named))) if named else only


def decide_on(
    store: Store, run_id: str, ruling: Ruling, only: FindingFilter, *, asked: Asked
) -> None:
    """Decide on findings after showing what is meant, unless it is one that was named.

    Raises:
        NotFound: A name is that of no finding.
        BadParameters: The number that was typed is another.
    """
    tried = _decided(store, run_id, ruling, only, partner=asked.partner, dry_run=True)
    if asked.named and tried.unknown:
        raise NotFound(
            f"{', '.join(tried.unknown)}: no finding of run {run_id}, so nothing was decided. "
            "`reconcile findings` lists them."
        )
    if tried.unknown:
        complain(
            f"{len(tried.unknown):,} of {len(only.ids or ()):,} ids name no finding that passes: "
            f"{', '.join(tried.unknown[:10])}{' …' if len(tried.unknown) > 10 else ''}"
        )
    if not (asked.named and tried.findings == 1) or asked.dry_run:
        _print_totals(tried)
    if asked.dry_run:
        say("Nothing was decided.")
        return
    expect = asked.count or (tried.findings if asked.yes or _is_one(asked, tried) else None)
    meant = expect or _typed_count(tried)
    made = _decided(store, run_id, ruling, only, partner=asked.partner, expect=meant)
    to = f" to {ruling.assignee or 'nobody'}" if ruling.action == Action.ASSIGN else ""
    of = "".join(f", {money(amount)} {currency}" for currency, amount in made.credits.items())
    done = _DONE[Action(ruling.action)]
    say(
        f"Decision {made.decision}: {_count(made.findings)} {done}{to}{of}. "
        f"To take it back: reconcile decide --undo {made.decision}"
    )
    if asked.partner is not None:
        say("The next `reconcile run` makes the pair.")


def _is_one(asked: Asked, tried: Decided) -> bool:
    return asked.named and tried.findings == 1


def _decided(
    store: Store,
    run_id: str,
    ruling: Ruling,
    only: FindingFilter,
    *,
    partner: str | None = None,
    expect: int | None = None,
    dry_run: bool = False,
) -> Decided:
    return decide(
        store,
        run_id,
        ruling.action,
        only=only,
        reason=ruling.reason,
        note=ruling.note,
        assignee=ruling.assignee,
        credit=ruling.credit,
        expect=expect,
        dry_run=dry_run,
        partner=partner,
    )


def _print_totals(tried: Decided) -> None:
    elsewhere = ("elsewhere",) if any(total["elsewhere"] for total in tried.totals) else ()
    columns = ("class", "state", "stale", "findings", *elsewhere, "currency", "at_stake")
    print_rows(tried.totals, columns)
    sums: dict[str, Decimal] = {}
    for total in tried.totals:
        currency = total["currency"] or "no currency"
        sums[currency] = sums.get(currency, Decimal(0)) + (total["at_stake"] or 0)
    stake = ", ".join(f"{money(amount)} {currency}" for currency, amount in sorted(sums.items()))
    say(f"{_count(tried.findings)}{', at stake ' + stake if sums else ''}.")


def _typed_count(tried: Decided) -> int:
    """Ask for the number of findings: who types it has read it."""
    if not tried.findings:
        return 1  # there is nothing to confirm; deciding says so
    typed = str(typer.prompt(f"To decide, type their number ({tried.findings})"))
    digits = typed.strip().replace(",", "")
    if not digits.isdecimal() or int(digits) != tried.findings:
        raise BadParameters(
            f"{typed.strip()!r} was typed and {tried.findings:,} findings are meant, so nothing "
            "was decided."
        )
    return tried.findings


def _undo(store: Store, number: int) -> None:
    taken = undo_decision(store, number)
    say(
        f"Decision {number} ({taken['action']}) is taken back on {_count(taken['findings'])}; "
        "what was decided before counts again."
    )


def _count(number: int) -> str:
    return f"{number:,} finding{'' if number == 1 else 's'}"


def show_history(
    finding: Annotated[
        str | None,
        typer.Argument(help="A finding: its name, ref, file:line or transaction id."),
    ] = None,
    decision: Annotated[int | None, typer.Option(help="The findings of this decision.")] = None,
    run: RunId = None,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """Tell what was decided, by whom and when: every decision, or all of one finding.

    Examples:
        reconcile history

        reconcile history claims_acme.csv:33

        reconcile history --decision 3 --format csv
    """
    with store_at(home) as store:
        rows = history(store, finding, run_id=run, decision=decision)
        on_screen = form is Format.TABLE and out is None
        now = _standing(store, finding, run) if finding is not None and on_screen else ()
    if finding is None and decision is None:
        print_rows(rows, _DECISION_COLUMNS, form=form, fields=DECISION_FIELDS, to=out)
        return
    if rows or not on_screen:
        shown = shown_of(rows, _ENTRY_COLUMNS, _SAID)
        print_rows(rows, shown, form=form, fields=ENTRY_FIELDS, to=out)
    for line in now:
        say(line)
    if on_screen and finding is not None and not rows:
        say(f"Nothing was ever decided on {finding}.")


def _standing(store: Store, finding: str, run: str | None) -> list[str]:
    """Say where the findings of that name stand in a run."""
    if not store.runs():
        return []
    run_id = newest_run(store, run)
    found = findings(store, run_id, only=FindingFilter(ids=(finding,)))
    gone = findings(store, run_id, only=FindingFilter(ids=(finding,), state="closed"))
    return [
        f"{row['finding']} ({row['class']}) in run {run_id}: {standing(row)}."
        for row in [*found, *(row for row in gone if row["ref"] is None)]
    ]
