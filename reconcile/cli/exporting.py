"""Commands on what is given to others: dispute packs, their answers, and the correction list."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from reconcile.amending import corrections, write_corrections
from reconcile.cli.deciding import Asked, decide_on, only_of
from reconcile.cli.options import Form, Home, RunId, store_at
from reconcile.cli.printing import Fields, Format, complain, money, print_rows, progress_bar, say
from reconcile.cli.reading import chosen_run
from reconcile.decisions import Credit, Ruling
from reconcile.disputing import named_in_packs, send_pack, told_skipped, verify_pack
from reconcile.errors import BadParameters
from reconcile.filtering import FindingFilter, buyers_of
from reconcile.packing import folders_of, make_pack, pack_list
from reconcile.terms import Action
from reconcile.warehouse import Store
from reconcile.warehouse.store import HOME_VARIABLE

FULL = "full"
_CORRECTION_COLUMNS = (
    *("class", "transaction_id", "event", "campaign", "amount", "currency", "correction"),
    *("right_amount", "right_currency", "why", "event_record"),
)


PACK_FIELDS: Fields = {
    **dict.fromkeys(("pack", "made_at", "made_by", "buyer", "run"), str),
    "asked": int,
    "seal": str,
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("pack")(pack_buyer)
    app.command("verify-pack")(check)
    app.command("answer")(answer_findings)
    app.command("corrections")(list_corrections)


def pack_buyer(
    buyer: Annotated[
        str | None, typer.Argument(help="The buyer; without one, list the packs that were made.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the pack; it must be new or empty.")
    ] = None,
    all_buyers: Annotated[
        bool, typer.Option("--all-buyers", help="A pack for each buyer of the run, below --out.")
    ] = False,
    run: RunId = None,
    salt: Annotated[
        Path | None,
        typer.Option(help="Hash the ids by the secret of this file, which is made if need be."),
    ] = None,
    notes: Annotated[bool, typer.Option("--notes", help="Tell your notes to the buyer.")] = False,
    sent: Annotated[
        str | None, typer.Option(help="Record that this pack was sent, on each of its findings.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Worth knowing of --sent.")] = None,
    form: Form = Format.TABLE,
    home: Home = None,
) -> None:
    """Write a dispute pack for a buyer: a workbook, a page, and a manifest that seals them.

    It holds what the run says of this buyer and nothing else: no source, no cost, no other buyer.

    Examples:
        reconcile pack acme --out packs/acme

        reconcile pack --all-buyers --out packs

        reconcile pack --sent 20261130-120400952-fb62d9
    """
    asked = [bool(buyer), all_buyers, sent is not None]
    if sum(asked) > 1:
        raise BadParameters("Name one buyer, or --all-buyers, or the pack that was --sent.")
    if any(asked[:2]) != (out is not None):
        raise BadParameters("A pack takes a buyer and a folder: reconcile pack acme --out DIR.")
    if all_buyers and salt is not None:
        raise BadParameters(
            "A salt is shared with one buyer alone, or buyers could compare their ids: make the "
            "packs with --salt one by one."
        )
    with store_at(home) as store:
        if sent is not None:
            _send(store, sent, note)
        elif out is None:
            print_rows(pack_list(store), tuple(PACK_FIELDS), form=form, fields=PACK_FIELDS)
        else:
            run_id = chosen_run(store, run)
            found = buyers_of(store, run_id) if all_buyers else [str(buyer)]
            folders = folders_of(out, found) if all_buyers else {str(buyer): out}
            for name, folder in folders.items():
                _pack(store, run_id, name, folder, salt=salt, notes=notes)


def _pack(
    store: Store, run_id: str, buyer: str, folder: Path, *, salt: Path | None, notes: bool
) -> None:
    with progress_bar() as progress:
        made = make_pack(
            store, run_id, buyer, folder, salt=salt, with_notes=notes, progress=progress
        )
    facts = made.facts
    say(f"Pack {made.id} for {buyer}: {folder}")
    for code in facts.currencies:
        events, claims, gap = (
            money(line.amounts.get(code, Decimal(0)))
            for line in (facts.events, facts.claims, facts.difference)
        )
        say(f"  {code or 'no currency'}: events {events}, claims {claims}, difference {gap}")
    settled = "accepted, credited or ours to correct"
    not_asked = {"decided against": made.decided_against, settled: made.settled}
    against = "".join(f"; {count:,} were {what}" for what, count in not_asked.items() if count)
    say(f"  {made.asked:,} findings to be answered{against}")
    if salt is not None:
        say(f"  Ids are hashed by {salt}: give it to {buyer}, by another way than the pack.")
    say(f"  Seal {made.seal}: tell it beside the pack.")
    if made.asked:
        say(f"  Sent? reconcile pack --sent {made.id}")


def _send(store: Store, pack: str, note: str | None) -> None:
    done = send_pack(store, pack, note=note)
    if done.skipped:
        say(
            f"Decided on since the pack was made, and left as they are: {len(done.skipped):,}: "
            f"{told_skipped(done.skipped)}."
        )
    say(
        f"Decision {done.decision}: {done.findings:,} findings of pack {pack} sent. "
        f"To take it back: reconcile decide --undo {done.decision}"
    )


def check(
    folder: Annotated[Path, typer.Argument(help="The pack.")],
    seal: Annotated[
        str | None, typer.Option(help="The seal that was told when it was made.")
    ] = None,
    home: Home = None,
) -> None:
    """Check that a dispute pack is as it was made: every file to the byte, and no other.

    Fails (exit code 1) where it is not. It needs no warehouse; one that made the pack proves more.

    Example: reconcile verify-pack packs/acme
    """
    with _store_if_any(home) as store:
        found = verify_pack(folder, seal=seal, store=store)
    for fault in found.checked.faults:
        complain(fault)
    if not found.is_whole:
        raise typer.Exit(1)
    say(f"Pack {found.checked.pack} for {found.checked.buyer}: {found.checked.files} files, whole.")
    if found.is_proven:
        say("Its manifest is the one that was made.")
    else:
        say(
            f"Seal {found.checked.seal}: compare it with the one that was told when the pack was "
            "made (--seal). Without that, the files fit the manifest, and nothing proves the "
            "manifest."
        )


@contextmanager
def _store_if_any(home: Path | None) -> Iterator[Store | None]:
    """Open the store if there is one; who was sent a pack has none, and gets none."""
    folder = home or Path(os.environ.get(HOME_VARIABLE) or "data")
    if not (folder / "catalog.sqlite").is_file():
        yield None
        return
    with store_at(home) as store:
        yield store


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
        str | None,
        typer.Option(
            help="Currency of the credit; needed for a pair in two that has something at stake in "
            "both, or in none."
        ),
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

    Credits of a finding add up in each of its currencies, and never go beyond what is at stake
    there unless you say so. Taken back like any decision: reconcile decide --undo.

    Examples:
        reconcile answer claims_acme.csv:33 --note "Jo: paid in October"

        reconcile answer claims_acme.csv:33 --credit 20.00 --note "Jo: half of it"

        reconcile answer --filter buyer=acme --filter state=sent --credit full
    """
    given = None if credit is None else _credit(credit, currency, beyond=beyond)
    if given is None and (currency is not None or beyond):
        raise BadParameters("--currency and --beyond say more of a credit: --credit AMOUNT.")
    action = Action.ANSWER if given is None else Action.CREDIT
    ruling = Ruling(action, note=note, credit=given)
    with store_at(home) as store:
        only = only_of(named_in_packs(store, finding or ()), filters or ())
        run_id = chosen_run(store, run)
        asked = Asked(bool(finding), dry_run, count, yes)
        decide_on(store, run_id, ruling, only, asked=asked)


def list_corrections(
    run: RunId = None,
    buyer: Annotated[str | None, typer.Option(help="Only this buyer.")] = None,
    campaign: Annotated[str | None, typer.Option(help="Only this campaign.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write to, .csv or .xlsx; else it is printed.")
    ] = None,
    home: Home = None,
) -> None:
    """List what stands in Pingtree and no postback can change: duplicates, orphans, wrong amounts.

    What was decided against, or is in dispute, is left out and counted. For the house: it names
    sources.

    Example: reconcile corrections --out corrections.xlsx
    """
    with store_at(home) as store:
        run_id = chosen_run(store, run)
        only = FindingFilter(buyer=buyer, campaign=campaign)
        found = corrections(store, run_id, only=only)
    if out is None:
        print_rows([dict(row) for row in found.rows], _CORRECTION_COLUMNS)
    else:
        write_corrections(found, out, run_id=run_id)
        say(f"{len(found.rows):,} corrections: {out}")
    for why, count in found.left_out.items():
        say(f"Left out: {count:,} {why}.")


def _credit(text: str, currency: str | None, *, beyond: bool) -> Credit:
    if text.strip().lower() == FULL:
        return Credit(currency=currency, beyond=beyond)
    try:
        return Credit(Decimal(text), currency, beyond)
    except InvalidOperation as error:
        raise BadParameters(
            f"--credit {text!r} is no amount; write it as 40.00, or `full`."
        ) from error
