"""The command that lists what a run proposes as pairs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import typer

from reconcile.accepting import proposals
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


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("proposals")(list_proposals)


def list_proposals(
    run: RunId = None, form: Form = Format.TABLE, out: Out = None, home: Home = None
) -> None:
    """List left-over claims and events that agree but for their ids: pairs a person may accept.

    Examples:
        reconcile proposals

        reconcile decide claims_acme.csv:33 --as accept --with events.csv:871
    """
    with store_at(home) as store:
        rows = proposals(store, chosen_run(store, run))
    print_rows(rows, _COLUMNS, form=form, fields=PROPOSAL_FIELDS, to=out)
    if not rows and form is Format.TABLE and out is None:
        say("No pair is proposed.")
