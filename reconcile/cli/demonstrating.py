"""The demo: sample data in, reconciled and printed, then the dashboard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.options import Home, store_at
from reconcile.cli.printing import progress_bar, say
from reconcile.cli.running import print_summary
from reconcile.demo import SAMPLE, load_sample, remove_sample
from reconcile.errors import NotFound

_APP = SAMPLE.parent.parent / "app.py"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("demo")(demo)
    app.command("dashboard")(dashboard)


def demo(
    open_dashboard: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the dashboard afterwards.")
    ] = True,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the sample out again instead.")
    ] = False,
    home: Home = None,
) -> None:
    """Import the sample data, reconcile it, print the result and open the dashboard.

    Done twice, it imports nothing twice. Example: reconcile demo --no-open
    """
    with store_at(home) as store, progress_bar() as progress:
        if remove:
            say(f"{len(remove_sample(store))} batches of the sample no longer count.")
            return
        done = load_sample(store, progress=progress)
    print_summary(done.summary)
    say(f"\nRun {done.id}: {done.findings:,} findings. `reconcile findings` lists them.")
    if open_dashboard:
        dashboard(home)


def dashboard(home: Home = None) -> None:
    """Open the dashboard in the browser; it listens on this machine only.

    Example: reconcile dashboard --home november
    """
    if not _APP.is_file():
        raise NotFound(
            f"{_APP}: the dashboard comes with a checkout of the project. Run it from there: "
            "streamlit run app.py"
        )
    environment = None if home is None else _with_home(home)
    subprocess.run(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-m", "streamlit", "run", str(_APP)],
        cwd=_APP.parent,
        env=environment,
        check=False,
    )


def _with_home(home: Path) -> dict[str, str]:
    return {**os.environ, "RECONCILE_HOME": str(home.resolve())}
