"""Options that the commands on funnels share: which funnel, and which of its leads are meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from reconcile.cli.filters import days
from reconcile.errors import BadFunnel
from reconcile.funnel.definition import FunnelDefinition, default_funnel
from reconcile.funnel.files import known_funnels, length_of, load_funnel
from reconcile.funnel.view import AS_DEFINED, FunnelView
from reconcile.warehouse import Store

FunnelName = Annotated[
    str | None,
    typer.Argument(help="A kept funnel, a TOML file, or a campaign whose settings have steps."),
]
Window = Annotated[
    str | None, typer.Option(help="From the lead: 30d, 12h, none; else the funnel's own.")
]
Day = Annotated[
    str | None, typer.Option(help="Only leads of these local days, such as 2026-11-01..2026-11-30.")
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="Only leads of such a value: pid=s77; repeatable."),
]


def chosen_funnel(store: Store, name: str | None) -> FunnelDefinition:
    """Return the kept funnel of a name, that of a file, or the default one of a campaign.

    Raises:
        BadFunnel: There is none, or it cannot be read.
    """
    kept = known_funnels(store)
    if name is None:
        if len(kept) == 1:
            return kept[0]
        there = ", ".join(found.name for found in kept) or "none is kept yet"
        raise BadFunnel(f"Name a funnel ({there}), a TOML file, or a campaign.")
    for found in kept:
        if found.name == name:
            return found
    if name.lower().endswith(".toml"):
        return load_funnel(name)
    return default_funnel(store.settings(), name)


def leads_of(
    window: str | None, by: Sequence[str], day: str | None, only: Sequence[str], most: int
) -> FunnelView:
    """Return the view that options ask for.

    Raises:
        BadFunnel: One of them cannot be meant.
    """
    return FunnelView(
        window_s=AS_DEFINED if window is None else length_of("--window", window),
        by=tuple(by),
        date_from=_first(day),
        date_to=_after(day),
        only=_only(only),
        most=most,
    )


def _first(day: str | None) -> date | None:
    return None if day is None else days(day)[0]


def _after(day: str | None) -> date | None:
    last = None if day is None else days(day)[1]
    return None if last is None else date.fromordinal(last.toordinal() + 1)


def _only(texts: Sequence[str]) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise BadFunnel(f"--only {text!r}: write it as name=value, such as pid=s77.")
        found.setdefault(name.strip(), []).append(value.strip() or None)
    return found
