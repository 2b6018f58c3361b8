"""The command on funnels: which leads reach which step, when, and what they are worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from reconcile.cli.filters import days
from reconcile.cli.judging import (
    CURVE_FIELDS,
    GROWTH_FIELDS,
    RATE_FIELDS,
    RATE_TOLD,
    curve_rows,
    rate_for_people,
    write_chart,
)
from reconcile.cli.options import Form, Home, Out, moment, newest_run, store_at
from reconcile.cli.printing import Fields, Format, Record, is_screen, print_rows, say
from reconcile.errors import BadFunnel
from reconcile.funnel.definition import FunnelDefinition, default_funnel
from reconcile.funnel.files import (
    funnel_text,
    known_funnels,
    length_of,
    length_text,
    load_funnel,
    save_funnel,
)
from reconcile.funnel.judging import Funnel
from reconcile.funnel.opening import open_funnel
from reconcile.funnel.view import AS_DEFINED, FunnelView
from reconcile.funnels import recovered_refs
from reconcile.warehouse import Store

ALL = 2**62
ON_SCREEN = 50


class FunnelAction(StrEnum):
    """What can be done with funnels."""

    LIST = "list"
    DEFINE = "define"
    SHOW = "show"
    DROP_OFF = "drop-off"
    MOVED = "moved"


class Question(StrEnum):
    """What can be shown of a funnel."""

    COUNTS = "counts"
    RATES = "rates"
    TIMES = "times"
    HISTOGRAM = "histogram"
    CURVE = "curve"
    GROWTH = "growth"
    MONEY = "money"
    CASH = "cash"
    MATRIX = "matrix"
    ACCOUNT = "account"
    DEFINITION = "definition"


FUNNEL_FIELDS: Fields = {
    **dict.fromkeys(("name", "campaigns", "order", "window", "steps"), str),
}
_STEP: Fields = {"step": int, "name": str}
ANSWER_FIELDS: dict[Question, Fields] = {
    Question.COUNTS: {
        **_STEP,
        "optional": str,
        **dict.fromkeys(("leads", "before", "reached"), int),
        **dict.fromkeys(("of_leads", "of_before"), Decimal),
        "young": int,
    },
    Question.RATES: RATE_FIELDS,
    Question.CURVE: CURVE_FIELDS,
    Question.GROWTH: GROWTH_FIELDS,
    Question.TIMES: {
        **_STEP,
        **dict.fromkeys(("reached", "median_s", "p90_s", "in_1h", "in_1d", "in_7d"), int),
    },
    Question.HISTOGRAM: dict.fromkeys(("low_s", "high_s", "leads"), int),
    Question.MONEY: {
        **_STEP,
        "currency": str,
        **dict.fromkeys(("leads", "reached", "valid"), int),
        **dict.fromkeys(("revenue", "cost", "ad_spend", "profit", "epl", "rpl", "cpl"), Decimal),
        **dict.fromkeys(("cost_per_reached", "roas", "margin"), Decimal),
    },
    Question.CASH: {
        "day": date,
        **_STEP,
        "reached": int,
        "currency": str,
        "revenue": Decimal,
    },
    Question.MATRIX: dict.fromkeys(("tracked", "reconciled", "leads"), int),
    Question.ACCOUNT: {"what": str, "rows": int},
}
DROP_OFF_FIELDS: Fields = {
    **dict.fromkeys(("transaction_id", "campaign_id", "pid", "buyer"), str),
    **dict.fromkeys(("entered_at", "reached_at"), datetime),
    **dict.fromkeys(("age_s", "waiting_s"), int),
    "is_young": str,
    **dict.fromkeys(("revenue", "cost", "ad_spend"), Decimal),
    "currency": str,
    "last_event": str,
    "last_event_at": datetime,
}
MOVED_FIELDS: Fields = {
    **dict.fromkeys(("ref", "transaction_id", "event_id"), str),
    "occurred_at": datetime,
    "revenue": Decimal,
    **dict.fromkeys(("currency", "campaign_id", "pid", "buyer"), str),
    **dict.fromkeys(("tracked", "reconciled"), int),
}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("funnel")(funnel)


def funnel(
    action: Annotated[FunnelAction, typer.Argument(help="What to do.")],
    name: Annotated[
        str | None,
        typer.Argument(help="A kept funnel, a TOML file, or a campaign whose settings have steps."),
    ] = None,
    what: Annotated[
        Question, typer.Option(help="What to show: counts, times, money and so on.")
    ] = Question.COUNTS,
    step: Annotated[
        int, typer.Option(min=1, help="The step of a drop-off list or histogram; the lead is 1.")
    ] = 1,
    window: Annotated[
        str | None, typer.Option(help="From the lead: 30d, 12h, none; else the funnel's own.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="Break down by pid, sub1, day, month and so on; at most two."),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(help="Only leads of these local days, such as 2026-11-01..2026-11-30."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Only leads of such a value: pid=s77; repeatable."),
    ] = None,
    most: Annotated[
        int, typer.Option(min=1, help="Slices of a breakdown; all others are one.")
    ] = 50,
    mature: Annotated[
        bool, typer.Option("--mature", help="Leave out leads that are younger than the window.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(help="The data's end, such as 2026-12-01T00:00Z.")
    ] = None,
    recovered: Annotated[
        bool,
        typer.Option(
            "--recovered", help="Count the missing events of a run, too; none that is rejected."
        ),
    ] = False,
    run: Annotated[
        str | None, typer.Option("--run", help="The run of --recovered; the newest by default.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=ALL, help="At most so many; 50 on a screen, else all.")
    ] = None,
    offset: Annotated[int, typer.Option(min=0, max=ALL, help="Skip so many first.")] = 0,
    chart: Annotated[
        Path | None, typer.Option(help="Also write the chart of what is shown: a page, FILE.html.")
    ] = None,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """Show how far leads come: list, define and show funnels, and list the leads they lose.

    Examples:
        reconcile funnel define solar-roof

        reconcile funnel show solar-roof --by pid --window 7d

        reconcile funnel drop-off solar-roof --step 2 --format csv --out lost.csv
    """
    view = replace(leads_of(window, by or (), day, only or (), most), only_mature=mature)
    with store_at(home) as store:
        if action is FunnelAction.LIST:
            rows = [_row(found) for found in known_funnels(store)]
            print_rows(rows, tuple(FUNNEL_FIELDS), form=form, fields=FUNNEL_FIELDS, to=out)
            return
        definition = chosen_funnel(store, name)
        if action is FunnelAction.DEFINE:
            if window is not None:
                definition = replace(definition, window_s=view.window_s)
            say(f"{save_funnel(store, definition)}\n\n{funnel_text(definition)}")
            return
        if what is Question.DEFINITION:
            say(funnel_text(definition))
            return
        with_run = recovered or action is FunnelAction.MOVED or what is Question.MATRIX
        run_id = newest_run(store, run) if with_run else None
        end = None if as_of is None else moment("--as-of", as_of)
        refs = None if run_id is None else recovered_refs(store, run_id)
        with open_funnel(store, definition, as_of=end, run_id=run_id, refs=refs) as opened:
            on_screen = form is Format.TABLE and out is None and is_screen()
            page = {"limit": limit or (ON_SCREEN if on_screen else ALL), "offset": offset}
            if action is FunnelAction.SHOW:
                _show(opened, view, (what, max(step, 2), chart), form, out)
            elif action is FunnelAction.DROP_OFF:
                rows = opened.drop_off(step, view, **page)
                rows = [for_programs(row, DROP_OFF_FIELDS) for row in rows]
                print_rows(rows, tuple(DROP_OFF_FIELDS), form=form, fields=DROP_OFF_FIELDS, to=out)
                _tell_rest(len(rows), opened.drop_off_count(step, view), on_screen=on_screen)
            else:
                rows = opened.moved(view, **page)
                print_rows(rows, tuple(MOVED_FIELDS), form=form, fields=MOVED_FIELDS, to=out)


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


def _show(
    opened: Funnel,
    view: FunnelView,
    asked: tuple[Question, int, Path | None],
    form: Format,
    out: Path | None,
) -> None:
    what, step, chart = asked
    answers: dict[Question, Callable[[], list[Record]]] = {
        Question.COUNTS: lambda: opened.counts(view),
        Question.RATES: lambda: opened.rates(view),
        Question.CURVE: lambda: curve_rows(opened, step, view),
        Question.GROWTH: lambda: opened.growth(step, view),
        Question.TIMES: lambda: opened.times(view),
        Question.HISTOGRAM: lambda: opened.histogram(step, view),
        Question.MONEY: lambda: opened.money(view),
        Question.CASH: lambda: opened.cash(view),
        Question.MATRIX: lambda: opened.matrix(view),
        Question.ACCOUNT: lambda: [
            {"what": name, "rows": count} for name, count in opened.account().items()
        ],
    }
    drawn = None if chart is None else write_chart(chart, opened, view, what.value, step)
    rows = answers[what]()
    sliced = view.by if what in _SLICED else ()
    for_people = form is Format.TABLE and out is None
    fields: dict[str, type] = dict.fromkeys(sliced, str)
    fields |= {"is_other": str} if sliced and not for_people else {}
    fields |= ANSWER_FIELDS[what]
    shown = [_for_people(row, sliced) if for_people else for_programs(row, fields) for row in rows]
    told = tuple(fields)
    if for_people and what is Question.RATES:
        shown, told = [rate_for_people(row) for row in shown], (*sliced, *RATE_TOLD)
    print_rows(shown, told, form=form, fields=fields, to=out)
    if for_people and what in (Question.COUNTS, Question.RATES):
        _tell_account(opened, rows)
    if drawn is not None:
        say(f"{chart}: {drawn}")


_SLICED = (Question.COUNTS, Question.RATES, Question.TIMES, Question.MONEY)


def for_programs(row: Record, fields: Fields) -> Record:
    """Return the columns of a row with shares of six decimals, and yes or no for marks."""
    return {name: _plain(row[name]) for name in fields}


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return round(Decimal(value), 6) if isinstance(value, float) else value


def _for_people(row: Record, by: Sequence[str]) -> Record:
    """Return a row as a person reads it: shares as percentages, and words for what is blank."""
    said = dict(row)
    for name in ("of_leads", "of_before"):
        if said.get(name) is not None and "low" not in said:
            said[name] = f"{said[name]:.1%}"
    for name in by:
        if said[name] is None:
            said[name] = "(all others)" if said.get("is_other") else "(none)"
    if "optional" in said:
        said["optional"] = "optional" if said["optional"] else ""
    return said


def _tell_account(opened: Funnel, rows: Sequence[Record]) -> None:
    young = sum(row["young"] for row in rows if row["step"] == 1)
    if young:
        say(f"{young:,} leads are younger than the window: later steps may still grow.")
    account = opened.account()
    told = {
        "events have no lead row": account["events_without_lead"],
        "events have no usable id": account["events_without_id"],
        "events have no time": account["events_without_time"],
        "events lie before their lead": account["events_before_their_lead"],
        "lead rows have no usable id": account["lead_rows_without_id"],
        "lead rows have no time": account["lead_rows_without_time"],
    }
    apart = [f"{count:,} {text}" for text, count in told.items() if count]
    if apart:
        say(f"Apart from these: {', '.join(apart)}.")


def _tell_rest(shown: int, count: int, *, on_screen: bool) -> None:
    if on_screen and count > shown:
        say(f"{shown:,} of {count:,}; --limit and --offset show others.")


def _row(found: FunnelDefinition) -> dict[str, Any]:
    return {
        "name": found.name,
        "campaigns": ", ".join(found.campaigns) or "all",
        "order": str(found.order),
        "window": length_text(found.window_s),
        "steps": " > ".join(found.names),
    }


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
