"""Commands on what is given to others: dispute packs, their answers, and the correction list."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from reconcile.cli.deciding import Asked, decide_on, only_of
from reconcile.cli.options import Home, RunId, store_at
from reconcile.cli.reading import chosen_run
from reconcile.decisions import Credit, Ruling
from reconcile.errors import BadParameters
from reconcile.terms import Action

FULL = "full"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("answer")(answer_findings)


def answer_findings(
    finding: Annotated[
        list[str] | None,
        typer.Argument(help="Findings: name, ref, file:line or transaction id."),
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option("--filter", help="Findings with this, as `decide` takes it; repeatable."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(help="What the counterpart says; needed without --credit.")
    ] = None,
    credit: Annotated[
        str | None,
        typer.Option(
            help="What it credits: an amount, for one finding; or `full`, each all that is open."
        ),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of the credit; the finding's own by default.")
    ] = None,
    beyond: Annotated[
        bool, typer.Option("--beyond", help="It may be more than is at stake.")
    ] = False,
    run: RunId = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count and sum what is meant; record nothing.")
    ] = False,
    count: Annotated[
        int | None, typer.Option(min=1, help="Record only if it is exactly so many findings.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the count.")] = False,
    home: Home = None,
) -> None:
    """Record what the counterpart answers to findings, and what it credits.

    Credits of a finding add up, and never go beyond what is at stake unless you say so. Taken back
    like any decision: reconcile decide --undo.

    Examples:
        reconcile answer claims_acme.csv:33 --note "Jo: paid in October"

        reconcile answer claims_acme.csv:33 --credit 20.00 --note "Jo: half of it"

        reconcile answer --filter buyer=acme --filter state=sent --credit full
    """
    only = only_of(finding or (), filters or ())
    given = None if credit is None else _credit(credit, currency, beyond=beyond)
    if given is None and (currency is not None or beyond):
        raise BadParameters("--currency and --beyond say more of a credit: --credit AMOUNT.")
    action = Action.ANSWER if given is None else Action.CREDIT
    ruling = Ruling(action, note=note, credit=given)
    with store_at(home) as store:
        run_id = chosen_run(store, run)
        asked = Asked(bool(finding), dry_run, count, yes)
        decide_on(store, run_id, ruling, only, asked=asked)


def _credit(text: str, currency: str | None, *, beyond: bool) -> Credit:
    if text.strip().lower() == FULL:
        return Credit(currency=currency, beyond=beyond)
    try:
        return Credit(Decimal(text), currency, beyond)
    except InvalidOperation as error:
        raise BadParameters(
            f"--credit {text!r} is no amount; write it as 40.00, or `full`."
        ) from error
