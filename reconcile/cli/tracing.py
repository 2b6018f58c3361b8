"""The command that says what was done, when and by whom."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from reconcile.activity import Deed, activity
from reconcile.cli.options import Form, Home, Out, store_at
from reconcile.cli.printing import Fields, Format, is_screen, print_rows, say

ENTRY_FIELDS: Fields = {"at": datetime, **dict.fromkeys(("deed", "who", "what", "ref"), str)}
ON_SCREEN = 50
_ALL = 2**31 - 1


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("activity")(list_activity)


def list_activity(
    deeds: Annotated[
        list[Deed] | None, typer.Option("--deed", help="Only such deeds; repeatable.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=_ALL, help="At most so many; 50 on a screen, else all.")
    ] = None,
    offset: Annotated[int, typer.Option(min=0, max=_ALL, help="Skip so many first.")] = 0,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List what was done, the newest first: imports, runs, decisions, plans and firings.

    Example: reconcile activity --deed import --deed undo
    """
    on_screen = form is Format.TABLE and out is None and is_screen()
    most = limit or (ON_SCREEN if on_screen else _ALL)
    with store_at(home) as store:
        found = activity(store, deeds=deeds, limit=most, offset=offset)
    rows = [asdict(entry) for entry in found.entries]
    print_rows(rows, tuple(ENTRY_FIELDS), form=form, fields=ENTRY_FIELDS, to=out)
    if on_screen and len(rows) < found.total:
        say(f"{len(rows):,} of {found.total:,}; --limit and --offset show others.")
