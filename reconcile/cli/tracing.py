"""The command that says what was done, when and by whom."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from reconcile.activity import Deed, activity
from reconcile.cli.options import Form, Home, Out, store_at
from reconcile.cli.printing import Fields, Format, is_screen, print_rows, say
from reconcile.errors import BadParameters
from reconcile.jobs import Job, about, known_jobs, stop_job

ENTRY_FIELDS: Fields = {"at": datetime, **dict.fromkeys(("deed", "who", "what", "ref"), str)}
JOB_FIELDS: Fields = {
    **dict.fromkeys(("id", "what", "about", "who"), str),
    "started_at": datetime,
    **dict.fromkeys(("state", "said"), str),
}
ON_SCREEN = 50
_ALL = 2**31 - 1


class JobAction(StrEnum):
    """What can be done with jobs."""

    LIST = "list"
    STOP = "stop"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("activity")(list_activity)
    app.command("job")(job)


def job(
    action: Annotated[JobAction, typer.Argument(help="What to do.")],
    name: Annotated[str | None, typer.Argument(help="The job, for stop.")] = None,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List what was begun on the screens, in processes of their own, or stop one.

    What a stopped one has stored stays; of what it was at, nothing is kept.

    Example: reconcile job stop 20261103-094500123-a1b2c3
    """
    with store_at(home) as store:
        if action is JobAction.LIST:
            rows = [_job(one) for one in known_jobs(store)]
            print_rows(rows, tuple(JOB_FIELDS), form=form, fields=JOB_FIELDS, to=out)
        elif name is None:
            raise BadParameters("job stop: name one; `reconcile job list` has them.")
        else:
            say(f"Job {name}: {stop_job(store, name).text}")


def _job(one: Job) -> dict[str, object]:
    told = {"id": one.id, "what": one.what, "about": about(one), "who": one.user}
    return told | {"started_at": one.started_at, "state": one.state, "said": one.text}


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
