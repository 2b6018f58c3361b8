"""The demo: sample data in, reconciled and printed, then the dashboard."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.options import Home, store_at
from reconcile.cli.printing import progress_bar, say
from reconcile.cli.running import print_summary
from reconcile.demo import SAMPLE, load_sample, remove_sample
from reconcile.errors import NotFound

_APP = SAMPLE.parent.parent / "app.py"
_USUAL_PORT = 8501
_TRIES = 240


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
    if remove:
        with store_at(home) as store:
            say(f"{len(remove_sample(store))} batches of the sample no longer count.")
    elif open_dashboard:
        with _waiting(home) as served:
            _load(home)
            _serve(served, _free_port())
    else:
        _load(home)


def _load(home: Path | None) -> None:
    with store_at(home) as store, progress_bar() as progress:
        done = load_sample(store, progress=progress)
    print_summary(done.summary)
    say(f"\nRun {done.id}: {done.findings:,} findings. `reconcile findings` lists them.")


def dashboard(home: Home = None) -> None:
    """Open the dashboard in the browser; it listens on this machine only.

    Example: reconcile dashboard --home november
    """
    with _waiting(home) as served:
        _serve(served, _free_port())


@contextmanager
def _waiting(home: Path | None) -> Iterator[subprocess.Popen[str]]:
    """Start a dashboard that imports what it needs, which takes seconds, and waits for its port.

    Without one, because something failed meanwhile, it ends.
    """
    if not _APP.is_file():
        raise NotFound(
            f"{_APP}: the dashboard comes with a checkout of the project. Run it from there: "
            "streamlit run app.py"
        )
    command = [sys.executable, "-m", "views.serve"]
    environment = None if home is None else _with_home(home)
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
        command, cwd=_APP.parent, env=environment, stdin=subprocess.PIPE, text=True
    ) as served:
        yield served


def _serve(served: subprocess.Popen[str], port: str) -> None:
    """Let a dashboard that waits serve until it ends."""
    with suppress(KeyboardInterrupt):  # the server was interrupted, too, and ends by itself
        with suppress(BrokenPipeError):  # it has ended, and said why
            print(port, file=served.stdin, flush=True)
        if _has_screen():
            _open_when_ready(served, port)
        served.wait()


def _with_home(home: Path) -> dict[str, str]:
    return {**os.environ, "RECONCILE_HOME": str(home.resolve())}


def _free_port() -> str:
    """Return the port that was asked for, or the first from Streamlit's own on that is free."""
    asked = os.environ.get("STREAMLIT_SERVER_PORT")
    if asked and not asked.isdigit():
        raise NotFound(f"STREAMLIT_SERVER_PORT is {asked!r}, which is no port. Set it to a number.")
    if asked:
        return asked
    for port in range(_USUAL_PORT, _USUAL_PORT + 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return str(port)
    raise NotFound(
        f"No port from {_USUAL_PORT} on is free. Set STREAMLIT_SERVER_PORT to one that is."
    )


def _has_screen() -> bool:
    """Say whether a browser has a screen to open on; without, one may open in the terminal."""
    is_x = sys.platform.startswith(("linux", "freebsd"))
    return not is_x or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_when_ready(served: subprocess.Popen[str], port: str) -> None:
    """Open the dashboard in the browser once it listens; a server that ended says why itself."""
    for _ in range(_TRIES):
        if served.poll() is not None:
            return
        with suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=5):
            webbrowser.open(f"http://127.0.0.1:{port}")
            return
        time.sleep(0.25)
