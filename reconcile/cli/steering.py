"""Commands beside firing: pause, stop, resume, receipt, audit, doctor."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reconcile import steering
from reconcile.cli.options import Home, store_at
from reconcile.cli.printing import say
from reconcile.errors import FiringError

Target = Annotated[
    str | None,
    typer.Option(
        "--host", help="The target whose ledger is meant; that of firing.toml by default."
    ),
]


class Check(StrEnum):
    """What can be done with the audit."""

    VERIFY = "verify"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (pause, stop, resume, receipt, audit, doctor):
        app.command(command.__name__)(command)


def pause(host: Target = None, home: Home = None) -> None:
    """Let firing wait before its next postback.

    Example: reconcile pause
    """
    with store_at(home) as store:
        steering.pause(store, host=host)
    say("Firing waits before its next postback: reconcile resume lets it go on.")


def stop(host: Target = None, home: Home = None) -> None:
    """End firing before its next postback; it does not start again before `resume`.

    Example: reconcile stop
    """
    with store_at(home) as store:
        steering.stop(store, host=host)
    say("Firing ends before its next postback. To go on: reconcile resume, then reconcile fire.")


def resume(host: Target = None, home: Home = None) -> None:
    """Take back pause and stop.

    Example: reconcile resume
    """
    with store_at(home) as store:
        is_held = steering.resume(store, host=host)
    say("Paused firing goes on; where it was stopped, start it again: reconcile fire")
    if is_held:
        say("The STOP file beside the ledger is still there: delete it.")


def receipt(
    plan_id: Annotated[int, typer.Argument(help="The plan's number.")],
    out: Annotated[Path, typer.Option(help="File to write: .csv or .xlsx.")],
    host: Target = None,
    home: Home = None,
) -> None:
    """Write what a plan came to: every postback, its bytes and state, and the head of the audit.

    Example: reconcile receipt 1 --out receipt.xlsx
    """
    with store_at(home) as store:
        head = steering.receipt(store, plan_id, out, host=host)
    say(f"{out} is written; head of the audit {head}")


def audit(
    action: Annotated[Check, typer.Argument(help="What to do.")],  # noqa: ARG001 - one so far
    head: Annotated[
        str | None, typer.Option(help="A head noted before, as on a receipt: is it in the chain?")
    ] = None,
    home: Home = None,
) -> None:
    """Check every entry of the ledgers against the one before it.

    Example: reconcile audit verify
    """
    with store_at(home) as store:
        # `verify` is all that there is to do: the audit is only ever added to.
        chains = steering.audit_chains(store, head=head)
    for chain in chains:
        say(f"{chain.ledger}: {chain.links:,} entries fit one another; head {chain.head}")
    if not chains:
        say("There is no ledger yet: nothing was planned.")


def doctor(home: Home = None) -> None:
    """Say what endangers the warehouse and its ledgers.

    Example: reconcile doctor
    """
    with store_at(home) as store:
        found = steering.examine(store)
    if found:
        raise FiringError("\n".join(found))
    say("Nothing was found that endangers the data.")
