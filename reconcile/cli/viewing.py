"""The command on views of findings that are kept under a name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from reconcile.cli.filters import parse_filter
from reconcile.cli.options import Form, Home, Out, store_at
from reconcile.cli.printing import Fields, Format, print_rows, say
from reconcile.errors import BadParameters
from reconcile.filtering import LARGEST
from reconcile.saved import SavedView, remove_view, rename_view, save_view, saved_views, told_filter

VIEW_FIELDS: Fields = {
    **dict.fromkeys(("name", "shows", "order", "saved_by"), str),
    "saved_at": datetime,
}


class ViewAction(StrEnum):
    """What can be done with saved views."""

    LIST = "list"
    SAVE = "save"
    RENAME = "rename"
    REMOVE = "remove"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("view")(view)


def view(
    action: Annotated[ViewAction, typer.Argument(help="What to do.")],
    name: Annotated[str | None, typer.Argument(help="The view.")] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option("--filter", help="What it shows, name=value as for decide; repeatable."),
    ] = None,
    order: Annotated[str, typer.Option(help="Its order, as for findings.")] = LARGEST,
    to: Annotated[str | None, typer.Option(help="Its new name, for rename.")] = None,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """Save, list, rename or remove views: filters of findings that are kept under a name.

    `reconcile findings --view NAME` shows one.

    Examples:
        reconcile view save "acme, open" --filter buyer=acme --filter state=open --order -day

        reconcile view list
    """
    with store_at(home) as store:
        if action is ViewAction.LIST:
            rows = [_row(one) for one in saved_views(store)]
            print_rows(rows, tuple(VIEW_FIELDS), form=form, fields=VIEW_FIELDS, to=out)
        elif name is None:
            raise BadParameters(f"view {action}: name one; `reconcile view list` has them.")
        elif action is ViewAction.SAVE:
            made = save_view(store, name, parse_filter(filters or ()), order=order)
            say(f"Saved as {made.name!r}: {told_filter(made.only)}.")
        elif action is ViewAction.REMOVE:
            remove_view(store, name)
            say(f"Removed: {name!r}.")
        elif to is None:
            raise BadParameters("view rename: say its new name with --to.")
        else:
            rename_view(store, name, to)
            say(f"{name!r} is called {to!r} now.")


def _row(one: SavedView) -> dict[str, object]:
    said = {"shows": told_filter(one.only), "order": one.order}
    return {"name": one.name, **said, "saved_by": one.saved_by, "saved_at": one.saved_at}
