"""The command line: `reconcile …` and `python -m reconcile …`.

A command reads its options, calls one public function and prints what it returns; it holds no rule.
Exit codes: 0 nothing found, 1 findings, 2 an error, 3 another process fires, 4 an import question
is unanswered.
"""

from __future__ import annotations

import sys

import click
import typer

from reconcile.cli import demonstrating, firing, loading, reading, running
from reconcile.cli.printing import complain
from reconcile.errors import ReconcileError

app = typer.Typer(
    name="reconcile",
    help="Reconcile what a lead network recorded with what its buyers say, and close the gap.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (loading, running, reading, firing, demonstrating):
    room.register(app)


def main() -> None:
    """Run the command line; a user's mistake ends in one paragraph, never in a traceback."""
    try:
        code = app(standalone_mode=False)
    except ReconcileError as error:
        complain(str(error))
        code = error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.ClickException as error:
        complain(error.format_message())
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("Stopped.")
        code = 130
    except BrokenPipeError:
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
