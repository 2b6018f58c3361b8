"""Commands that reconcile: over stored batches, or files in one shot."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from reconcile.accepting import unmade_pairs
from reconcile.cli.covering import tell_coverage
from reconcile.cli.options import Asked, Form, Home, MemoryLimit, Out, run_options, store_at
from reconcile.cli.printing import Fields, Format, money, print_rows, progress_bar, say
from reconcile.cli.proposing import unmade_sentence
from reconcile.comparing import CompareFiles, compare
from reconcile.covering import not_covered
from reconcile.deciding import Standing, standing
from reconcile.errors import BadParameters, ReconcileError
from reconcile.headlines import known_runs
from reconcile.running import run, run_again
from reconcile.terms import LeftOut, RowClass, Side
from reconcile.warehouse import Batch, RunRecord
from reconcile.zones import zone_of

RUN_FIELDS: Fields = {
    "id": str,
    "date_from": str,
    "date_to": str,
    "zone": str,
    "created_at": datetime,
    "findings": int,
    "batches": int,
    "rule_version": str,
    "result_sha256": str,
    "state": str,
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("run")(run_batches)
    app.command("runs")(list_runs)
    app.command("compare")(compare_files)


@run_options
def run_batches(
    *,
    again: Annotated[
        str | None, typer.Option(help="Repeat this stored run exactly, and say if it is the same.")
    ] = None,
    leads_are_claims: Annotated[
        bool | None,
        typer.Option(
            "--against-leads/--against-reports",
            help="Reconcile with sold leads, or with buyer reports (default where any is loaded).",
        ),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="Reconcile every row anew, even if few are new since a run."),
    ] = False,
    memory_limit: MemoryLimit = None,
    home: Home = None,
    parameters: Asked,
) -> int:
    """Reconcile what is loaded; exit code 1 if there is anything to do.

    Example: reconcile run --from 2026-11-01 --to 2026-12-01 --zone America/Los_Angeles
    """
    if again is not None and (parameters.any or leads_are_claims is not None):
        raise BadParameters(
            f"--again repeats run {again} with its own parameters. Leave the others out, or leave "
            "out --again to start a new run."
        )
    with store_at(home) as store, progress_bar() as progress:
        if again is not None:
            done = run_again(store, again, memory_limit=memory_limit, progress=progress)
        else:
            done = run(
                store,
                parameters(),
                leads_are_claims=leads_are_claims,
                whole=whole,
                memory_limit=memory_limit,
                progress=progress,
            )
        read = [store.batch(batch_id) for batch_id in store.run(done.id).batch_ids]
        told = standing(store, done.id)
        loose = unmade_pairs(store, done.id)
        gaps = not_covered(store, done.id)
    tell_coverage(gaps)
    print_summary(done.summary)
    _print_batch_hints(read, done.summary["parameters"]["zone"])
    if done.reproduced is False:
        raise ReconcileError(
            f"Run {done.id} gave another result than it did: a file in "
            f"{done.folder.parent.parent} was changed, or the program was. "
            "Do not trust either before you know which."
        )
    same = " again, with the very same result" if done.reproduced else ""
    same += _built_on(done.summary)
    say(f"\nRun {done.id}{same}: {done.findings:,} findings. `reconcile findings` lists them.")
    _print_standing(told)
    if loose:
        say(unmade_sentence(len(loose)))
    return 1 if done.findings else 0


def _print_standing(told: Standing) -> None:
    """Say what of the findings was decided before, and what of that holds no more."""
    if told.decided:
        say(f"Decided on before: {told.decided:,}.")
    if told.stale:
        say(f"Stale, for facts moved since: {told.stale:,}. `reconcile findings --stale`")
    if told.closed:
        say(f"No longer there: {told.closed:,} decided on. `reconcile findings --state closed`")


def _built_on(summary: dict[str, Any]) -> str:
    former = summary.get("work", {}).get("built_on")
    return f", made of run {former} and what is new since" if former else ""


def _print_batch_hints(batches: list[Batch], zone: str) -> None:
    """Say what of the files is not in the figures, or may be in those of another day."""
    for batch in batches:
        if batch.rejected:
            say(
                f"\n{batch.rejected:,} rows of {batch.file} could not be read and are in no figure "
                f"above: reconcile rejected {batch.id}"
            )
        if _days_shift(batch, zone):
            say(
                f"\n{batch.file} has days without a time, read in {batch.zone}; the run's days are "
                f"in {zone}, so they can lie on the day, or in the month, before. Use one zone for "
                "both: --zone of the run, or zone in the sender's mapping."
            )


def _days_shift(batch: Batch, zone: str) -> bool:
    """Whether a file seems to hold mere days, and they are other days in the run's zone."""
    ends = [
        moment.replace(tzinfo=UTC)
        for moment in (batch.first_at, batch.last_at)
        if moment is not None
    ]
    own = [moment.astimezone(zone_of(batch.zone)) for moment in ends]
    asked = [moment.astimezone(zone_of(zone)) for moment in ends]
    return all(moment.time() == time() for moment in own) and any(
        one.date() != other.date() for one, other in zip(own, asked, strict=True)
    )


def list_runs(form: Form = Format.TABLE, out: Out = None, home: Home = None) -> None:
    """List the stored runs, newest first; stale is one whose batches do not all count any more.

    Example: reconcile runs --format csv
    """
    with store_at(home) as store:
        rows: list[dict[str, Any]] = [
            {
                "id": known.record.id,
                **_period_of(known.record),
                "created_at": known.record.created_at,
                "findings": known.record.finding_count,
                "batches": len(known.record.batch_ids),
                "rule_version": known.record.rule_version,
                "result_sha256": known.record.result_sha256,
                "state": "" if known.current else "stale",
            }
            for known in known_runs(store)
        ]
    shown = tuple(name for name in RUN_FIELDS if name != "result_sha256")
    print_rows(rows, shown, form=form, fields=RUN_FIELDS, to=out)


def _period_of(record: RunRecord) -> dict[str, str]:
    asked = json.loads(record.params_json)["parameters"]
    return {name: asked[name] for name in ("date_from", "date_to", "zone")}


@run_options
def compare_files(
    *,
    events: Annotated[list[Path], typer.Option(help="Event export; repeatable.")],
    out: Annotated[
        Path, typer.Option(help="Folder for rows.csv, nearest.csv, bridge.csv and summary.json.")
    ],
    claims: Annotated[list[Path] | None, typer.Option(help="Buyer report; repeatable.")] = None,
    leads: Annotated[
        list[Path] | None,
        typer.Option(
            help="Lead export; repeatable. Without reports, its sold leads are the claims."
        ),
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Event settings, TOML or CSV.")] = None,
    mapping: Annotated[
        list[Path] | None,
        typer.Option(help="Mapping of the files of its kind; repeatable."),
    ] = None,
    matched: Annotated[bool, typer.Option("--matched", help="Write matched rows, too.")] = False,
    memory_limit: MemoryLimit = None,
    parameters: Asked,
) -> int:
    """Reconcile files with each other and store nothing; exit code 1 if anything was found.

    Example: reconcile compare --events events.csv --claims acme.csv --leads leads.csv
    --from 2026-11-01 --to 2026-12-01 --zone America/Los_Angeles --out november
    """
    files = CompareFiles(
        events=events,
        claims=claims or (),
        leads=leads or (),
        settings=settings,
        mappings=mapping or (),
    )
    with progress_bar() as progress:
        done = compare(
            files,
            parameters(),
            out,
            matched=matched,
            memory_limit=memory_limit,
            progress=progress,
        )
    print_summary(done.summary)
    for file in done.summary["files"]:
        for doubt in file["doubts"]:
            say(f"{file['file']}: {doubt['text']}")
    if done.rejected:
        say(f"\n{done.rejected:,} rows could not be read: {out / 'rejected.csv'}")
    say(f"\n{done.findings:,} findings: {out / 'rows.csv'}")
    return 1 if done.findings else 0


def print_summary(summary: dict[str, Any]) -> None:
    """Print what came out: rows per class, then the bridge of each currency."""
    sides = {side: summary["rows"][side]["in_scope"] for side in Side}
    rows: list[dict[str, Any]] = [
        {
            "class": row_class.label,
            "events": sides[Side.EVENT].get(row_class.value),
            "claims": sides[Side.CLAIM].get(row_class.value),
            "next_step": row_class.next_step,
        }
        for row_class in RowClass
        if any(row_class.value in counts for counts in sides.values())
    ]
    print_rows(rows, ("class", "events", "claims", "next_step"))
    _print_left_out(summary)
    for total in summary["totals"]:
        _print_bridge(summary, total)
    _print_hints(summary)


def _print_left_out(summary: dict[str, Any]) -> None:
    for side in Side:
        for reason, count in summary["rows"][side]["not_reconciled"].items():
            say(f"{count:,} {side} rows not reconciled: {LeftOut(reason).meaning}")


def _print_hints(summary: dict[str, Any]) -> None:
    """Say what a person most likely forgot to state, where the result shows it."""
    if not any(summary["rows"][side]["in_scope"] for side in Side):
        say("\nNo row was reconciled. Check the period, its zone, --buyers and --campaigns.")
    nameless = summary["rows"][Side.CLAIM]["by_reason"].get(f"{RowClass.UNKNOWN_EVENT}:none")
    if nameless:
        say(
            f"\n{nameless:,} claims name no event, so none was held against an event. Say which it "
            "is: event_id under [constants] of the sender's mapping, or --default-event."
        )
    if len(summary["totals"]) > 1 and any(t["currency"] is None for t in summary["totals"]):
        say(
            "\nRows that name no currency have a bridge of their own. Say which it is: currency in "
            "the sender's mapping, or --currency."
        )


def _print_bridge(summary: dict[str, Any], total: dict[str, Any]) -> None:
    currency = total["currency"]
    lines = [("Events", Decimal(total["events"]))]
    lines += [
        (line["bucket"], Decimal(line["amount"]))
        for line in summary["bridge"]
        if line["currency"] == currency and line["bucket"] not in ("events", "claims")
    ]
    lines.append(("Claims", Decimal(total["claims"])))
    say(f"\nBridge, {currency or 'no currency'}")
    width = max(len(money(amount)) for _, amount in lines)
    for name, amount in lines:
        say(f"  {_bucket_label(name):<44} {money(amount):>{width}}")


def _bucket_label(bucket: str) -> str:
    row_class, _, reason = bucket.partition(":")
    if row_class not in set(RowClass):
        return bucket.replace("_", " ").capitalize()
    label = RowClass(row_class).label
    return f"{label} ({reason.replace('_', ' ')})" if reason else label
