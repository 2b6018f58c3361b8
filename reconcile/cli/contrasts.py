"""The command that compares two periods or sources of a funnel, or each slice with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.funnel_fields import for_programs
from reconcile.cli.funnel_options import Day, FunnelName, Only, Window, chosen_funnel, leads_of
from reconcile.cli.options import Form, Home, Out, store_at
from reconcile.cli.printing import Fields, Format, Record, print_rows, say
from reconcile.funnel.judging import Funnel
from reconcile.funnel.opening import open_funnel
from reconcile.funnel.view import FunnelView


class Compared(StrEnum):
    """What of two sets of leads is compared."""

    RATES = "rates"
    MONEY = "money"


_SPANS: Fields = {
    **dict.fromkeys(("difference", "low", "high", "p", "p_adjusted"), Decimal),
    **dict.fromkeys(("verdict", "text"), str),
}
CONTRAST_FIELDS: dict[Compared, Fields] = {
    Compared.RATES: {
        "step": int,
        **dict.fromkeys(("name", "ratio"), str),
        **dict.fromkeys(("this_reached", "this_of"), int),
        "this_rate": Decimal,
        **dict.fromkeys(("other_reached", "other_of"), int),
        "other_rate": Decimal,
        **_SPANS,
    },
    Compared.MONEY: {
        "step": int,
        **dict.fromkeys(("name", "currency"), str),
        "this_leads": int,
        "this_epl": Decimal,
        "this_paying": int,
        "other_leads": int,
        "other_epl": Decimal,
        "other_paying": int,
        **_SPANS,
    },
}
_TOLD = ("name", "ratio", "currency", "text")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("funnel-compare")(funnel_compare)


def funnel_compare(
    name: FunnelName = None,
    what: Annotated[
        Compared, typer.Option(help="The rates of each step, or its revenue per lead.")
    ] = Compared.RATES,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="Compare slice by slice; alone, each with all other leads."),
    ] = None,
    day: Day = None,
    only: Only = None,
    against_day: Annotated[
        str | None, typer.Option(help="Compare them with the leads of these local days.")
    ] = None,
    against_only: Annotated[
        list[str] | None, typer.Option("--against-only", help="Compare with leads of such a value.")
    ] = None,
    window: Window = None,
    most: Annotated[
        int, typer.Option(min=1, help="Slices with most leads that are compared.")
    ] = 50,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """Tell whether two periods or sources of a funnel differ, or each slice from all other leads.

    Leads younger than the window are left out on both sides. What is not given for the other side
    is as on this one.

    Examples:
        reconcile funnel-compare solar-roof --by pid

        reconcile funnel-compare solar-roof --day 2026-11-16.. --against-day ..2026-11-15

        reconcile funnel-compare solar-roof --only pid=google --against-only pid=bing --what money
    """
    breakdown = tuple(by or ())
    this = leads_of(window, breakdown, day, only or (), most)
    other = None
    if against_day is not None or against_only:
        other = leads_of(window, breakdown, against_day or day, against_only or only or (), most)
    with (
        store_at(home) as store,
        open_funnel(store, chosen_funnel(store, name)) as opened,
    ):
        ask = opened.compare if what is Compared.RATES else opened.compare_money
        rows = ask(this, other)
        _print(rows, breakdown, what, form=form, out=out)
        if form is Format.TABLE and out is None:
            _tell_young(opened, [view for view in (this, other) if view is not None])


def _print(
    rows: Sequence[Record],
    by: Sequence[str],
    what: Compared,
    *,
    form: Format,
    out: Path | None,
) -> None:
    fields: dict[str, type] = dict.fromkeys(by, str) | dict(CONTRAST_FIELDS[what])
    if form is not Format.TABLE or out is not None:
        shown = [for_programs(row, fields) for row in rows]
        print_rows(shown, tuple(fields), form=form, fields=fields, to=out)
        return
    told = (*by, *(name for name in _TOLD if name in CONTRAST_FIELDS[what]))
    named = [row | {name: "(none)" for name in by if row[name] is None} for row in rows]
    print_rows(named, told, form=form, fields=fields, to=out)


def _tell_young(opened: Funnel, views: Sequence[FunnelView]) -> None:
    young = [sum(row["young"] for row in opened.counts(view) if row["step"] == 1) for view in views]
    if any(young):
        left_out = " and ".join(f"{count:,}" for count in young)
        say(f"Left out, as they are younger than the window: {left_out} leads.")
