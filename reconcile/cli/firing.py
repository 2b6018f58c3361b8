"""Commands that close a gap: plan, approve, fire, verify; and the sandbox to do it at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.filters import parse_filter
from reconcile.cli.options import Home, RunId, newest_run, store_at
from reconcile.cli.printing import Format, firing_bar, money, print_rows, say
from reconcile.correcting import (
    ALONE,
    TAKEN,
    Manner,
    approve,
    cancel,
    fire,
    plan,
    read_plan,
    verify,
)
from reconcile.errors import FiringError
from reconcile.firing import Plan, Postback, PostbackState, Receipt
from reconcile.firing.policy import TRIGGER_PATH
from reconcile.needing import Choice
from reconcile.rehearsing import sandbox_export, sandbox_rules
from reconcile.sandbox import serve
from reconcile.steering import answers, detached_said, fire_detached, plan_progress
from reconcile.warehouse import Store

PlanId = Annotated[int, typer.Argument(help="The plan's number.")]
Host = Annotated[
    str | None,
    typer.Option(help="The target; that of firing.toml by default, and without one the sandbox."),
]
# So many rows of a plan are shown; a hundred thousand would take minutes to draw.
_SHOWN = 50


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("plan")(make_plan)
    app.command("approve")(approve_plan)
    app.command("cancel")(cancel_plan)
    app.command("fire")(fire_plan)
    app.command("verify")(verify_postbacks)
    app.command("sandbox")(serve_sandbox)


def make_plan(
    run: RunId = None,
    finding: Annotated[
        list[str] | None, typer.Option(help="Only this finding's ref; repeatable.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--filter", help="Only such findings, as name=value; repeatable."),
    ] = None,
    show: Annotated[int | None, typer.Option(help="Show a plan made before instead.")] = None,
    with_answers: Annotated[
        bool,
        typer.Option("--answers", help="With --show: how far it is, and the last answers."),
    ] = False,
    allow_unverified: Annotated[
        bool, typer.Option(help="Also plan claims whose lead no lead export could prove.")
    ] = False,
    top_up: Annotated[
        bool,
        typer.Option(help="Also plan what an event brought too little, where it may repeat."),
    ] = False,
    old_export: Annotated[
        str | None,
        typer.Option(help="Why to plan although the newest event export is too old."),
    ] = None,
    host: Host = None,
    home: Home = None,
) -> None:
    """Plan a postback for each missing event; nothing is sent.

    Example: reconcile plan --finding claim:20261103-a1b2:212
    """
    with store_at(home) as store:
        if with_answers:
            _print_newest(store, show, host)
            return
        if show is not None:
            made = read_plan(store, show, host=host)
        else:
            made = plan(
                store,
                newest_run(store, run),
                host=host,
                refs=finding or None,
                choice=Choice(
                    parse_filter(only) if only else None, allow_unverified, top_up, old_export
                ),
            )
    _print_plan(made, host)


def _at(host: str | None) -> str:
    """Return the target as it was named: another one has other plans of the same numbers."""
    return "" if host is None else f" --host {host}"


def _print_plan(made: Plan, host: str | None) -> None:
    say(f"Plan {made.id} for {made.host}, hash {made.hash[:16]}")
    shown = made.page(0, _SHOWN)
    rows = [
        {
            "no": one.number,
            "campaign": one.campaign_id,
            "event": one.event_id,
            "transaction_id": one.transaction_id,
            "source": one.pid,
            "amount": one.revenue,
            "currency": one.currency,
            "state": str(one.state),
            "reason": one.reason,
        }
        for one in shown
    ]
    print_rows(
        rows,
        (
            "no",
            "campaign",
            "event",
            "transaction_id",
            "source",
            "amount",
            "currency",
            "state",
            "reason",
        ),
    )
    if shown:
        _print_bytes(made, shown[0], host)
    _print_blocked(made)
    sums = ", ".join(f"{money(amount)} {currency}" for currency, amount in made.sums.items())
    say(f"\n{made.rows} postbacks{', ' + sums if sums else ''}; {made.blocked_rows} blocked.")
    if not made.rows and not made.blocked_rows:
        say("There is nothing to plan: the run has no missing event.")
    _print_expected(made)
    if made.note:
        say(f"Made although the newest event export is too old: {made.note}")
    if made.rows and made.approved_at is None:
        say(TAKEN)
        say(ALONE)
        typed = f"--phrase '{made.phrase}'{_at(host)}"
        say(f"To approve exactly this plan: reconcile approve {made.id} {typed}")


def _print_bytes(made: Plan, first: Postback, host: str | None) -> None:
    """Say what is sent to the byte, and where all of it can be read."""
    say(f"The first is POST {made.host}{first.path} {first.body.decode()}")
    if made.rows > _SHOWN:
        say(f"{made.rows - _SHOWN:,} more are not shown.")
    say(f"All of them to the byte: reconcile receipt {made.id} --out plan.csv{_at(host)}")
    undated = made.undated()
    if undated:
        say(
            f"{undated:,} of them go to {TRIGGER_PATH}, which takes no date: the platform dates "
            "them when they are sent, not when they happened."
        )


def _print_blocked(made: Plan) -> None:
    shown = made.blocked_page(0, _SHOWN)
    for blocked in shown:
        say(
            f"Blocked: {blocked.transaction_id} ({blocked.claim_file} line {blocked.claim_line}): "
            f"{blocked.detail or blocked.reason.meaning}"
        )
    left = Counter(made.blocked_reasons()) - Counter(blocked.reason for blocked in shown)
    for reason, count in sorted(left.items()):
        say(f"Blocked: {count:,} more as {reason}: {reason.meaning}")


def _print_expected(made: Plan) -> None:
    """Say what a plan brings by campaign, buyer and source."""
    rows = [one._asdict() for one in made.expected()]
    if rows:
        print_rows(rows, ("by", "name", "postbacks", "revenue", "currency"))


def approve_plan(
    plan_id: PlanId,
    phrase: Annotated[
        str | None, typer.Option(help="The plan's phrase; asked for if left out.")
    ] = None,
    host: Host = None,
    home: Home = None,
) -> None:
    """Approve a plan by typing its phrase, which names its count and its sum.

    Example: reconcile approve 1 --phrase 'FIRE 12 EVENTS $480.00'
    """
    with store_at(home) as store:
        if phrase is None:
            _print_plan(read_plan(store, plan_id, host=host), host)
            phrase = typer.prompt("Phrase")
        approved = approve(store, plan_id, phrase, host=host)
    said = f"Plan {approved.id} is approved by {approved.approved_by}"
    say(f"{said}: reconcile fire {approved.id}{_at(host)}")
    say(TAKEN)


def cancel_plan(plan_id: PlanId, host: Host = None, home: Home = None) -> None:
    """Take back what a plan has not sent yet; what was sent stays sent.

    Example: reconcile cancel 1
    """
    with store_at(home) as store:
        count = cancel(store, plan_id, host=host)
    say(f"{count} postback(s) of plan {plan_id} will not be sent.")


def fire_plan(
    plan_id: PlanId,
    rate: Annotated[
        float | None,
        typer.Option(min=0.1, help="Postbacks a second; else that of firing.toml, else 10."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="End after so many, to look at the answers.")
    ] = None,
    detach: Annotated[
        bool, typer.Option(help="Fire in a process of its own, which outlives this one.")
    ] = False,
    show_answers: Annotated[
        bool, typer.Option("--answers/--no-answers", help="Show what the first few were answered.")
    ] = True,
    host: Host = None,
    home: Home = None,
) -> None:
    """Fire an approved plan; called again, it goes on where it stopped. No postback goes out twice.

    A plan of which nothing was sent yet ends after three, whose answers are shown.

    Example: reconcile fire 1
    """
    with store_at(home) as store:
        if detach:
            given = {"--rate": rate, "--limit": limit}
            options = [str(x) for pair in given.items() if pair[1] is not None for x in pair]
            started = fire_detached(store, plan_id, host=host, options=options)
            say(f"Process {started.process} fires plan {plan_id} and writes to {started.log}")
            say(f"How far it is and what was answered: {_asking_answers(plan_id, host)}")
            return
        with firing_bar() as watch:
            manner = Manner(rate, watch)
            receipt = fire(store, plan_id, host=host, limit=limit, manner=manner)
        if show_answers and receipt.ended_by == "limit":
            _print_answers(store, plan_id, host)
    _print_receipt(receipt, host, are_shown=show_answers)


def _print_answers(store: Store, plan_id: int, host: str | None, newest: int | None = None) -> None:
    shown = ("transaction_id", "event", "state", "reason", "http", "answer")
    print_rows(answers(store, plan_id, host=host, newest=newest), shown)


def _print_newest(store: Store, plan_id: int | None, host: str | None) -> None:
    """Print how far a plan is and what was answered last, whichever process fires it."""
    if plan_id is None:
        raise FiringError("--answers are those of a plan: name it, as in --show 1 --answers.")
    counts = plan_progress(store, plan_id, host=host)
    _print_answers(store, plan_id, host, newest=_SHOWN)
    _print_counts(counts)
    said = detached_said(store, plan_id, host=host)
    if said:
        say(f"A process of its own said last:\n{said}")


def _asking_answers(plan_id: int, host: str | None) -> str:
    return f"reconcile plan --show {plan_id} --answers{_at(host)}"


def _print_counts(counts: Mapping[PostbackState, int]) -> None:
    for state, count in counts.items():
        if count:
            say(f"{count:>8,} {state.label}: {state.meaning} {state.next_step}")


def _print_receipt(receipt: Receipt, host: str | None, *, are_shown: bool) -> None:
    _print_counts(receipt.counts)
    say(f"Ended by {receipt.ended_by}; audit {receipt.audit_head}")
    if receipt.ended_by == "limit":
        again = f"reconcile fire {receipt.plan}{_at(host)}"
        where = "" if are_shown else f" ({_asking_answers(receipt.plan, host)})"
        say(f"Look at what was answered{where}; if it is right, go on: {again}")
    if receipt.ended_by == "done":
        asked = f"reconcile receipt {receipt.plan} --out receipt.csv{_at(host)}"
        say(f"Only the platform can take one back; a list to ask it with: {asked}")
    if receipt.ended_by == "stopped":
        say(f"Nothing more goes out until the stop is taken back: reconcile resume{_at(host)}")


def verify_postbacks(
    host: Annotated[
        str | None, typer.Option(help="Only postbacks sent to this target; all by default.")
    ] = None,
    home: Home = None,
) -> None:
    """Settle sent postbacks against the event exports that are loaded.

    Example: reconcile verify
    """
    with store_at(home) as store:
        moved = verify(store, host=host)
    print_rows(
        [{"state": str(state), "postbacks": count} for state, count in moved.items()],
        ("state", "postbacks"),
        form=Format.TABLE,
    )
    if not moved:
        say("No postback changed its state: nothing is open, or no newer event export is loaded.")


def serve_sandbox(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where to listen on this machine.")
    ] = 8900,
    inactive: Annotated[
        list[str] | None, typer.Option(help="A source that it refuses as inactive; repeatable.")
    ] = None,
    leads: Annotated[
        bool, typer.Option(help="Know the loaded leads, or take every lead for known.")
    ] = True,
    lock: Annotated[
        float,
        typer.Option(min=0, help="Seconds for which a lead and event are locked after a request."),
    ] = 0.0,
    export: Annotated[
        Path | None, typer.Option(help="Write its event export to this file, and end.")
    ] = None,
    home: Home = None,
) -> None:
    """Serve a stand-in for Pingtree on this machine, to fire at without consequence.

    It knows the event settings and leads that are loaded. `/__export.csv` is its event export, to
    be imported again; `/__log` what it read and stored. `fire` serves it by itself if needed.

    Example: reconcile sandbox --port 8900
    """
    with store_at(home) as store:
        if export is not None:
            export.write_text(sandbox_export(store), encoding="utf-8")
            say(f"{export} holds all events that the sandbox has stored.")
            return
        known = sandbox_rules(store, inactive=inactive or (), with_leads=leads)
        rules = replace(known, lock_seconds=lock)
        folder = store.home
    say(f"Sandbox at http://127.0.0.1:{port}; stop it with Ctrl-C.")
    try:
        serve("127.0.0.1", port, home=folder, rules=rules)
    except SystemExit as error:  # the server's own way to say that it could not listen
        raise FiringError(
            f"Port {port} of this machine cannot be used; another sandbox may be running there. "
            "Choose another: reconcile sandbox --port 8901"
        ) from error
