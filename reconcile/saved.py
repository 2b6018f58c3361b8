"""Views of findings that are kept under a name: a filter and an order, for all to open again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reconcile.decisions import this_user
from reconcile.errors import BadParameters, NotFound
from reconcile.filtering import LARGEST, FindingFilter, order_values
from reconcile.showing import names_there
from reconcile.state import Conflict, Row
from reconcile.warehouse import Store
from reconcile.warehouse.records import as_json, as_text, as_time, now_utc

_LONGEST = 80
_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("day", "day_from", "day_to"), date.fromisoformat),
    **dict.fromkeys(("at_least", "at_most"), Decimal),
    "ids": tuple,
}


@dataclass(frozen=True)
class SavedView:
    """A view of findings; the time is naive UTC."""

    name: str
    only: FindingFilter
    order: str
    saved_by: str
    saved_at: datetime


def save_view(
    store: Store, name: str, only: FindingFilter, *, order: str = LARGEST, user: str | None = None
) -> SavedView:
    """Keep a view under a name; one that had the name is replaced.

    Raises:
        BadParameters: The name is blank or too long, or there is no such order.
    """
    order_values(order)
    made = SavedView(_name(name), only, order, user or this_user(), now_utc())
    asked = {"only": _said(only), "order": order}
    store.catalog.execute(
        "saving/add_view",
        name=made.name,
        asked=as_json(asked),
        saved_by=made.saved_by,
        saved_at=as_text(made.saved_at),
    )
    return made


def saved_views(store: Store) -> list[SavedView]:
    """Return the views that are kept, by name."""
    return [_view(row) for row in store.catalog.query("saving/views", name=None)]


def saved_view(store: Store, name: str) -> SavedView:
    """Return one view.

    Raises:
        NotFound: There is none of this name.
    """
    row = store.catalog.one("saving/views", name=name)
    if row is None:
        known = [one.name for one in saved_views(store)]
        there = f"There is {names_there(name, known)}." if known else "None is saved yet."
        raise NotFound(f"No view is called {name!r}. {there}")
    return _view(row)


def rename_view(store: Store, name: str, new: str) -> None:
    """Give a view another name.

    Raises:
        NotFound: There is none of this name.
        BadParameters: The new name is blank or too long, or another view has it.
    """
    saved_view(store, name)
    try:
        store.catalog.execute("saving/rename_view", name=name, new=_name(new))
    except Conflict as error:
        raise BadParameters(f"A view is called {new!r} already. Remove it first.") from error


def remove_view(store: Store, name: str) -> None:
    """Forget a view; the findings stay as they are.

    Raises:
        NotFound: There is none of this name.
    """
    saved_view(store, name)
    store.catalog.execute("saving/remove_view", name=name)


def told_filter(only: FindingFilter) -> str:
    """Say in words what a filter lets pass."""
    told = [f"{name.replace('_', ' ')} {_told(value)}" for name, value in _said(only).items()]
    return ", ".join(told) or "all findings"


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{len(value):,} of them" if isinstance(value, tuple) else str(value or "nobody")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST:
        raise BadParameters(f"A view needs a name of at most {_LONGEST} characters.")
    return name


def _said(only: FindingFilter) -> dict[str, object]:
    """Return what a filter says, as JSON can hold it."""
    values = {item.name: getattr(only, item.name) for item in fields(only)}
    return {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in values.items()
        # An assignee of "" is nobody, and False asks for what is not stale.
        if value is not None and (name, value) != ("all_classes", False)
    }


def _view(row: Row) -> SavedView:
    asked = json.loads(row["asked"])
    only = {name: _READ.get(name, lambda said: said)(said) for name, said in asked["only"].items()}
    saved_at = as_time(row["saved_at"]) or now_utc()
    return SavedView(row["name"], FindingFilter(**only), asked["order"], row["saved_by"], saved_at)
