"""Commands for the end of a month: the report on a run, and the whole month in one call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.covering import tell_coverage
from reconcile.cli.options import Home, newest_run, store_at
from reconcile.cli.printing import complain, say, write_page
from reconcile.covering import not_covered
from reconcile.headlines import why_stale
from reconcile.reporting import report


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("report")(write_report)


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
