"""Commands for the end of a month: the report on a run, and the whole month in one call."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.changing import print_since
from reconcile.cli.covering import tell_coverage
from reconcile.cli.options import Asked, Home, MemoryLimit, newest_run, run_options, store_at
from reconcile.cli.printing import Record, complain, print_rows, progress_bar, say, write_page
from reconcile.cli.running import print_summary
from reconcile.closing import Became, Closed, InboxFile, close
from reconcile.covering import not_covered
from reconcile.errors import BadParameters, ReconcileError
from reconcile.headlines import why_stale
from reconcile.matching.parameters import RunParameters
from reconcile.periods import period_of
from reconcile.reporting import report
from reconcile.showing import moment

_SOURCE = ("kind", "sender", "buyer or campaign", "rows", "last row", "file made")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("report")(write_report)
    app.command("close")(close_month)


def write_report(
    run: Annotated[str | None, typer.Argument(help="A stored run; the newest by default.")] = None,
    out: Annotated[Path, typer.Option(help="HTML file to write.")] = Path("report.html"),
    home: Home = None,
) -> None:
    """Write a run as one page that prints: bridge, largest findings, what was done, what is open.

    Example: reconcile report --out november.html
    """
    with store_at(home) as store:
        run_id = newest_run(store, run)
        tell_coverage(not_covered(store, run_id))
        stale = why_stale(store, run_id)
        if stale is not None:
            complain(stale)
        text = report(store, run_id)
    write_page(text, out)
    say(f"{out}: the report on run {run_id}.")


@run_options
def close_month(
    *,
    inbox: Annotated[
        Path,
        typer.Option(
            help="Folder of the files to import: known by their templates, or in its folders "
            "leads, events and claims."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(help="Folder for report, tables and summary; {period} in it is the period."),
    ],
    period: Annotated[
        str | None,
        typer.Option(
            help="last-month, this-month, a month such as 2026-11, or 2026-11-01..2026-11-15; "
            "instead of --from and --to."
        ),
    ] = None,
    leads_are_claims: Annotated[
        bool | None,
        typer.Option(
            "--against-leads/--against-reports",
            help="Reconcile with sold leads, or with buyer reports (default where any is loaded).",
        ),
    ] = None,
    memory_limit: MemoryLimit = None,
    home: Home = None,
    parameters: Asked,
) -> int:
    """Import an inbox, reconcile a period and write the report: one call for a schedule.

    Example: reconcile close --inbox inbox --period last-month --zone America/Los_Angeles
    --out 'closes/{period}'
    """
    asked, name = _period(parameters, period)
    folder = Path(str(out).replace("{period}", name))
    files: list[InboxFile] = []
    try:
        with store_at(home) as store, progress_bar() as progress:
            closed = close(
                store,
                inbox,
                asked,
                folder,
                leads_are_claims=leads_are_claims,
                memory_limit=memory_limit,
                on_file=files.append,
                progress=progress,
            )
    except ReconcileError:
        if files:
            _tell_files(files)
        raise
    _tell(closed, asked.zone)
    return closed.exit_code


def _period(parameters: Asked, period: str | None) -> tuple[RunParameters, str]:
    """Return the parameters with their period, and what that is called in a path."""
    if period is None:
        asked = parameters()
        last = asked.date_to - timedelta(days=1)
        return asked, f"{asked.date_from}..{last}"
    if parameters.options["date_from"] or parameters.options["date_to"]:
        raise BadParameters("Give --period, or --from and --to, not both.")
    # Only the zone says which days a period has, and it may stand in the file of parameters.
    stand_in = {"date_from": "2000-01-01", "date_to": "2000-01-02"}
    asked = Asked(parameters.options | stand_in)()
    first, end = period_of(period, asked.zone)
    name = f"{first:%Y-%m}" if ".." not in period else period
    return replace(asked, date_from=first, date_to=end), name


def _tell(closed: Closed, zone: str) -> None:
    tell_coverage(list(closed.warnings))
    _tell_files(closed.files)
    for state, count in closed.verified.items():
        say(f"{count} postback(s) are now {state}.")
    say("\nHow far each source reaches")
    print_rows([_source(row, zone) for row in closed.sources], _SOURCE)
    say()
    print_summary(json.loads(closed.run.summary_json))
    for one in closed.since:
        say(f"\n{one.title}")
        print_since(one.changes.totals)
    if not closed.since:
        say("\nThere is no earlier run of this period and no earlier close to compare with.")
    count = closed.run.finding_count
    say(f"\nRun {closed.run.id}: {count:,} findings. `reconcile findings` lists them.")
    say(f"Written to {closed.out}: {', '.join(closed.written)}.")
    left = [file for file in closed.files if file.became not in (Became.IMPORTED, Became.LOADED)]
    if left:
        complain(f"{len(left)} of {len(closed.files)} files are in no figure above.")


def _source(row: Record, zone: str) -> Record:
    made = row["exported_at"]
    return {
        "kind": f"{row['kind']}s",
        "sender": row["sender"],
        "buyer or campaign": row["name"],
        "rows": row["rows"],
        "last row": moment(row["last_at"], zone),
        "file made": moment(made or row["imported_at"], zone) + ("" if made else " (imported)"),
    }


def _tell_files(files: Sequence[InboxFile]) -> None:
    """Say what became of the inbox: what was imported in a line each, what was not in full."""
    for file in files:
        if file.became is Became.IMPORTED and file.batch is not None:
            rejected = f", {file.batch.rejected:,} rejected" if file.batch.rejected else ""
            kind = f"{file.batch.rows:,} {file.kind} rows{rejected}"
            say(f"{file.name}: imported as batch {file.batch.id}, {kind}.")
    for file in files:
        if file.text:
            complain(f"{file.name}: {file.became}\n{file.text}")
    became = Counter(str(file.became) for file in files)
    told = ", ".join(f"{count} {what}" for what, count in became.items())
    say(f"Inbox: {len(files)} files" + (f", {told}." if told else "."))
