"""The command on funnels: which leads reach which step, when, and what they are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from reconcile.cli.funnel_fields import (
    ANSWER_FIELDS,
    DROP_OFF_FIELDS,
    FUNNEL_FIELDS,
    MOVED_FIELDS,
    Question,
    for_people,
    for_programs,
)
from reconcile.cli.funnel_options import Day, FunnelName, Only, Window, chosen_funnel, leads_of
from reconcile.cli.judging import RATE_TOLD, curve_rows, rate_for_people, write_chart
from reconcile.cli.options import Form, Home, Out, moment, newest_run, store_at
from reconcile.cli.printing import Fields, Format, Record, is_screen, print_rows, say
from reconcile.filtering import FindingFilter
from reconcile.funnel.definition import FunnelDefinition
from reconcile.funnel.files import funnel_text, known_funnels, length_text, save_funnel
from reconcile.funnel.judging import Funnel
from reconcile.funnel.opening import open_funnel
from reconcile.funnel.view import FunnelView
from reconcile.listing import apart_texts
from reconcile.reading import findings
from reconcile.terms import FindingState, RowClass
from reconcile.warehouse import Store

ALL = 2**62
ON_SCREEN = 50
_SLICED = (Question.COUNTS, Question.RATES, Question.TIMES, Question.MONEY)


class FunnelAction(StrEnum):
    """What can be done with funnels."""

    LIST = "list"
    DEFINE = "define"
    SHOW = "show"
    DROP_OFF = "drop-off"
    MOVED = "moved"


@dataclass(frozen=True)
class _Asked:
    """What is asked of a funnel, and where and how its answer is written."""

    view: FunnelView
    what: Question
    step: int
    page: dict[str, int]
    on_screen: bool
    form: Format
    out: Path | None
    chart: Path | None

    def write(self, rows: Sequence[Record], fields: Fields) -> None:
        """Write rows as programs read them."""
        told = [for_programs(row, fields) for row in rows]
        print_rows(told, tuple(fields), form=self.form, fields=fields, to=self.out)


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("funnel")(funnel)


def funnel(
    action: Annotated[FunnelAction, typer.Argument(help="What to do.")],
    name: FunnelName = None,
    what: Annotated[
        Question, typer.Option(help="What to show: counts, times, money and so on.")
    ] = Question.COUNTS,
    step: Annotated[
        int, typer.Option(min=1, help="The step of a drop-off list or histogram; the lead is 1.")
    ] = 1,
    window: Window = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            help="Break down by pid, sub1, day, or pid@3, that of step 3's event.",
        ),
    ] = None,
    day: Day = None,
    only: Only = None,
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
            _list(store, form, out)
            return
        definition = chosen_funnel(store, name)
        if action is FunnelAction.DEFINE:
            kept = definition if window is None else replace(definition, window_s=view.window_s)
            say(f"{save_funnel(store, kept)}\n\n{funnel_text(kept)}")
            return
        if what is Question.DEFINITION:
            say(funnel_text(definition))
            return
        on_screen = form is Format.TABLE and out is None and is_screen()
        page = {"limit": limit or (ON_SCREEN if on_screen else ALL), "offset": offset}
        asked = _Asked(view, what, step, page, on_screen, form, out, chart)
        with_run = recovered or action is FunnelAction.MOVED or what is Question.MATRIX
        run_id = newest_run(store, run) if with_run else None
        with _opened(store, definition, as_of, run_id) as opened:
            answers = {FunnelAction.DROP_OFF: _list_lost, FunnelAction.MOVED: _list_moved}
            answers.get(action, _show)(opened, asked)


def _list(store: Store, form: Format, out: Path | None) -> None:
    rows = [_row(found) for found in known_funnels(store)]
    print_rows(rows, tuple(FUNNEL_FIELDS), form=form, fields=FUNNEL_FIELDS, to=out)


@contextmanager
def _opened(
    store: Store, definition: FunnelDefinition, as_of: str | None, run_id: str | None
) -> Iterator[Funnel]:
    """Lend a funnel as options say, with the findings of a run that nobody has rejected."""
    end = None if as_of is None else moment("--as-of", as_of)
    refs = None if run_id is None else _meant(store, run_id)
    with open_funnel(store, definition, as_of=end, run_id=run_id, refs=refs) as opened:
        yield opened


def _list_lost(opened: Funnel, asked: _Asked) -> None:
    rows = opened.drop_off(asked.step, asked.view, **asked.page)
    asked.write(rows, DROP_OFF_FIELDS)
    count = opened.drop_off_count(asked.step, asked.view) if asked.on_screen else 0
    if count > len(rows):
        say(f"{len(rows):,} of {count:,}; --limit and --offset show others.")


def _list_moved(opened: Funnel, asked: _Asked) -> None:
    asked.write(opened.moved(asked.view, **asked.page), MOVED_FIELDS)


def _show(opened: Funnel, asked: _Asked) -> None:
    view, what, step = asked.view, asked.what, max(asked.step, 2)
    drawn = None
    if asked.chart is not None:
        drawn = write_chart(asked.chart, opened, view, what.value, step)
    rows = _answer(opened, what, step, view)
    sliced = view.by if what in _SLICED else ()
    fields: dict[str, type] = dict.fromkeys(sliced, str)
    if asked.form is Format.TABLE and asked.out is None:
        fields |= ANSWER_FIELDS[what]
        shown, told = [for_people(row, sliced) for row in rows], tuple(fields)
        if what is Question.RATES:
            shown, told = [rate_for_people(row) for row in shown], (*sliced, *RATE_TOLD)
        print_rows(shown, told, form=asked.form, fields=fields)
        _tell_account(opened, what, rows)
    else:
        fields |= {"is_other": str} if sliced else {}
        asked.write(rows, fields | dict(ANSWER_FIELDS[what]))
    if drawn is not None:
        say(f"{asked.chart}: {drawn}")


def _answer(opened: Funnel, what: Question, step: int, view: FunnelView) -> list[Record]:
    """Return the rows of a question."""
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
    return answers[what]()


def _tell_account(opened: Funnel, what: Question, rows: Sequence[Record]) -> None:
    """Say what the rows of an answer do not hold."""
    if what not in (Question.COUNTS, Question.RATES, Question.MONEY):
        return
    young = sum(row["young"] for row in rows if row["step"] == 1 and "young" in row)
    if young:
        say(f"{young:,} leads are younger than the window: later steps may still grow.")
    account = opened.account()
    apart = apart_texts(account)
    if apart:
        say(f"Apart from these: {', '.join(apart)}.")
    if account["events_by_time_received"]:
        say(f"{account['events_by_time_received']:,} events count when they were received.")


def _meant(store: Store, run_id: str) -> list[str]:
    """Return the missing events of a run that nobody has rejected or set aside."""
    only = FindingFilter(row_class=RowClass.MISSING_EVENT)
    against = (FindingState.REJECTED, FindingState.IGNORED)
    rows = findings(store, run_id, only=only, limit=ALL)
    return [row["ref"] for row in rows if row["state"] not in against]


def _row(found: FunnelDefinition) -> dict[str, Any]:
    return {
        "name": found.name,
        "campaigns": ", ".join(found.campaigns) or "all",
        "order": str(found.order),
        "window": length_text(found.window_s),
        "steps": " > ".join(found.names),
    }
