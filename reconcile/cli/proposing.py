"""The command that lists what a run proposes as pairs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from reconcile.accepting import proposals, unmade_pairs
from reconcile.cli.options import Form, Home, Out, RunId, store_at
from reconcile.cli.printing import Fields, Format, print_rows, say
from reconcile.cli.reading import chosen_run

PROPOSAL_FIELDS: Fields = {
    **dict.fromkeys(("claim", "event", "campaign_id", "event_id", "buyer"), str),
    "revenue": Decimal,
    "currency": str,
    **dict.fromkeys(("seconds_apart", "claim_rivals", "event_rivals"), int),
    **dict.fromkeys(("claim_transaction_id", "event_transaction_id"), str),
    **dict.fromkeys(("claim_class", "event_class"), str),
    **dict.fromkeys(("claim_at", "event_at"), datetime),
    "claim_file": str,
    "claim_line": int,
    "event_file": str,
    "event_line": int,
}
_COLUMNS = (
    *("claim", "event", "campaign_id", "event_id", "revenue", "currency", "seconds_apart"),
    *("claim_rivals", "event_rivals", "claim_transaction_id", "event_transaction_id"),
)

UNMADE_FIELDS: Fields = {
    "decision": int,
    **dict.fromkeys(("event_id", "buyer", "campaign_id", "claim_transaction_id"), str),
    "claim_at": datetime,
    "claim_revenue": Decimal,
    **dict.fromkeys(("claim_now", "event_transaction_id"), str),
    "event_at": datetime,
    "event_revenue": Decimal,
    **dict.fromkeys(("event_now", "may_be"), str),
}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("proposals")(list_proposals)


def list_proposals(
    run: RunId = None,
    *,
    unmade: Annotated[
        bool,
        typer.Option(
            "--unmade",
            help="Accepted pairs that the run does not have, because a row of theirs moved.",
        ),
    ] = False,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List left-over claims and events that agree but for their ids: pairs a person may accept.

    Examples:
        reconcile proposals

        reconcile decide claims_acme.csv:33 --as accept --with events.csv:871
    """
    with store_at(home) as store:
        run_id = chosen_run(store, run)
        loose = unmade_pairs(store, run_id)
        rows = [] if unmade else proposals(store, run_id)
    if unmade:
        print_rows(loose, tuple(UNMADE_FIELDS), form=form, fields=UNMADE_FIELDS, to=out)
    else:
        print_rows(rows, _COLUMNS, form=form, fields=PROPOSAL_FIELDS, to=out)
    if form is not Format.TABLE or out is not None:
        return
    if not rows and not unmade:
        say("No pair is proposed.")
    if not loose and unmade:
        say("The run has every accepted pair of its period.")
    if loose and not unmade:
        say(unmade_sentence(len(loose)))


def unmade_sentence(count: int) -> str:
    """Say that accepted pairs do not stand, and where they are listed."""
    return f"Accepted pairs that the run does not have: {count:,}. `reconcile proposals --unmade`"
