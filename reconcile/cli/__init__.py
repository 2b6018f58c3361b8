"""The command line: `reconcile …` and `python -m reconcile …`.

A command reads its options, calls one public function and prints what it returns; it holds no rule.
Exit codes: 0 nothing found, 1 findings, 2 an error, 3 another process fires or closes, 4 a question
is unanswered.
"""

from __future__ import annotations

import io
import os
import sys
from functools import cache
from typing import Any

import typer

from reconcile.cli import (
    changing,
    closing,
    contrasts,
    deciding,
    demonstrating,
    exporting,
    firing,
    funnels,
    loading,
    mending,
    proposing,
    reading,
    running,
    steering,
    teaching,
    tracing,
    viewing,
)
from reconcile.cli.printing import complain
from reconcile.errors import ReconcileError

app = typer.Typer(
    name="reconcile",
    help="Reconcile what a lead network recorded with what its buyers say, and close the gap.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_TRACEBACK = "RECONCILE_TRACEBACK"

ROOMS = {
    "Load files": (loading, mending, teaching),
    "Reconcile": (running, reading, viewing, proposing, changing, closing),
    "See how far leads come": (funnels, contrasts),
    "Decide, dispute, correct": (deciding, exporting, tracing),
    "Fire postbacks": (firing, steering),
    "Try it": (demonstrating,),
}
"""Which commands stand together in the help."""

for panel, rooms in ROOMS.items():
    before = len(app.registered_commands), len(app.registered_groups)
    for room in rooms:
        room.register(app)
    for command in app.registered_commands[before[0] :]:
        command.rich_help_panel = panel
    for group in app.registered_groups[before[1] :]:
        group.rich_help_panel = panel


def main() -> None:
    """Run the command line; a user's mistake ends in one paragraph, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a narrow encoding cannot say is written as its code, not with a crash.
            stream.reconfigure(errors="backslashreplace")
    code = _exit_code()
    sys.exit(code if isinstance(code, int) else 0)


@cache
def _command() -> Any:
    """Build the commands once: reading the options of all of them takes longer than many a call."""
    return typer.main.get_command(app)


def _exit_code() -> object:
    try:
        return _command()(standalone_mode=False)
    except (ReconcileError, typer.TyperException) as error:
        text = error.format_message() if isinstance(error, typer.TyperException) else str(error)
        if text:  # a call without any command has shown its help already
            complain(text)
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        complain("Stopped.")
        return 130
    except SystemExit:
        return 0  # the only way Typer leaves by itself here: the reader of our pipe has gone
    except Exception as error:
        if os.environ.get(_TRACEBACK):
            raise
        complain(_unforeseen(error))
        return 2  # Python's own 1 would say that findings were made


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}. Mend it and start again."
    return (
        f"{type(error).__name__}: {str(error).partition(chr(10))[0]} This should not have happened "
        f"and is a defect; please report it. {_TRACEBACK}=1 in the environment shows where it is."
    )
