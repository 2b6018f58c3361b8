"""How far leads come: a funnel, its cohorts, its pace and its money, and the leads it loses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from reconcile import FunnelDefinition, FunnelView, ReconcileError, charts
from reconcile.funnel.facts import ATTRIBUTES, COHORTS
from reconcile.funnel.files import length_of, length_text
from reconcile.funnel.view import AS_DEFINED, AT_STEP
from reconcile.funnels import funnels_to_show
from reconcile.listing import apart_texts, rate_texts, took_texts, worth_texts
from reconcile.showing import plain, visible
from reconcile.terms import attribute_label
from views.address import keep_to, write_address
from views.frame import ink, looked_at
from views.lists import say, table
from views.lost import show_lost, show_moved
from views.opened import OpenFunnel, opened_funnel

_CHARTED = 3
_LISTED = 20
_MOST_SUMS = 100
_SHOWN = {
    "steps": "Steps",
    "cohorts": "Cohorts",
    "time": "Time it takes",
    "money": "Money",
    "moves": "What missing events change",
}
_MODES = {"tracked": "As tracked", "reconciled": "With missing events"}
_WINDOWS = ("as defined", "1d", "7d", "14d", "30d", "60d", "90d", "none")
_NAMES = ("run", "funnel", "by", "window", "first", "last", "mode", "show", "step", "leads")


def page() -> None:
    """Draw the screen."""
    looked = looked_at("Funnels")
    if looked is None:
        return
    try:
        funnels = funnels_to_show(looked.store)
    except ReconcileError as error:
        st.error(plain(error))
        return
    if not funnels:
        _no_funnel()
        return
    definition = _choose(funnels)
    shown = _choose_shown()
    try:
        view = _view()
        with_run = shown == "moves" or st.session_state["mode"] == "reconciled"
        opened = opened_funnel(looked.store, definition, looked.run.id if with_run else None)
        if opened is not None:
            _drawn(opened, view, shown, looked.run.id)
    except ReconcileError as error:
        st.error(plain(error))
    defaults: dict[str, object] = {
        "run": looked.default,
        "funnel": next(iter(funnels)),
        "window": _WINDOWS[0],
    }
    defaults |= {"mode": "tracked", "show": "steps", "step": 2, "leads": 1}
    write_address(_NAMES, defaults)


def _no_funnel() -> None:
    with st.container(border=True):
        st.subheader("No funnel yet", anchor=False)
        say(
            "A campaign is a funnel once its events have positions in the event settings: the "
            "lead, then these events in that order."
        )
        if st.button("Open the event settings"):
            st.session_state["area"] = "events"
            st.switch_page("settings.py")


def _first_page() -> None:
    st.session_state["leads"] = 1


def _choose(funnels: dict[str, FunnelDefinition]) -> FunnelDefinition:
    """Draw what is asked for: the funnel, whose leads, broken down by what, within which time."""
    keep_to("funnel", list(funnels))
    for name, first in (("funnel", next(iter(funnels))), ("window", _WINDOWS[0])):
        st.session_state.setdefault(name, first)
    places = st.columns([4, 3, 2, 2, 2], vertical_alignment="bottom")
    chosen = places[0].selectbox(
        "Funnel or campaign",
        list(funnels),
        key="funnel",
        persist_state="session",
        format_func=lambda name: visible(_funnel_label(name, funnels[name])),
        on_change=_other_funnel,
    )
    kinds = _kinds(funnels[chosen])
    keep_to("by", [None, *kinds])
    places[1].selectbox(
        "Broken down by",
        list(kinds),
        index=None,
        key="by",
        persist_state="session",
        format_func=lambda name: visible(kinds[name]),
        placeholder="All leads together",
        on_change=_first_page,
    )
    _dates(places[2], places[3])
    windows = dict.fromkeys((*_WINDOWS, str(st.session_state["window"])))
    places[4].selectbox(
        "Within",
        list(windows),
        key="window",
        persist_state="session",
        accept_new_options=True,
        help="How long after the lead a step counts, such as 7d or 12h.",
        on_change=_first_page,
    )
    return funnels[chosen]


def _funnel_label(name: str, definition: FunnelDefinition) -> str:
    window = length_text(definition.window_s)
    steps = f"{len(definition.names)} steps within {window}" if window != "none" else "no window"
    return f"{name} · {steps}" if name == definition.name else f"{definition.name} · {steps}"


def _kinds(definition: FunnelDefinition) -> dict[str, str]:
    """Return what leads can be told apart by: their attributes, and those of a step's event."""
    kinds = {name: attribute_label(name) for name in ATTRIBUTES}
    for number, step in enumerate(definition.names[1:], start=2):
        for name in AT_STEP:
            kinds[f"{name}@{number}"] = f"{attribute_label(name)} of {step} (step {number})"
    return kinds


def _other_funnel() -> None:
    st.session_state["step"] = 2
    _first_page()


def _dates(
    left: st.delta_generator.DeltaGenerator, right: st.delta_generator.DeltaGenerator
) -> None:
    """Draw the days of the leads; the address has them as texts, the fields as days."""
    for place, name, label in ((left, "first", "Leads from"), (right, "last", "Leads up to")):
        key = f"{name}_day"
        if key not in st.session_state:
            st.session_state[key] = _day(st.session_state.get(name))
        picked = place.date_input(label, None, key=key, on_change=_first_page)
        st.session_state[name] = str(picked) if picked else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _choose_shown() -> str:
    keep_to("show", list(_SHOWN))
    keep_to("mode", list(_MODES))
    st.session_state.setdefault("show", "steps")
    st.session_state.setdefault("mode", "tracked")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = st.segmented_control(
            "Show",
            list(_SHOWN),
            key="show",
            persist_state="session",
            required=True,
            format_func=lambda name: _SHOWN[name],
            wrap=True,
            on_change=_first_page,
        )
        st.segmented_control(
            "Events that count",
            list(_MODES),
            key="mode",
            persist_state="session",
            required=True,
            format_func=lambda name: _MODES[name],
            disabled=shown == "moves",
            help="Missing events are conversions that buyers pay for and the platform lacks. Those "
            "that somebody rejected or ignored do not count.",
            on_change=_first_page,
        )
    return str(shown)


def _view() -> FunnelView:
    """Return what the fields ask for; raises BadFunnel."""
    window, by = str(st.session_state["window"]), st.session_state.get("by")
    last = _day(st.session_state.get("last"))
    return FunnelView(
        window_s=AS_DEFINED if window == _WINDOWS[0] else length_of("the time", window),
        by=(by,) if by else (),
        date_from=_day(st.session_state.get("first")),
        date_to=last + timedelta(days=1) if last and last < date.max else None,
        most=_LISTED,
    )


def _drawn(opened: OpenFunnel, view: FunnelView, shown: str, run_id: str) -> None:
    """Draw what is to be shown, then the leads that belong to it."""
    if shown == "moves":
        _moves(opened, replace(view, by=()))
        return
    _SCREENS[shown](opened, view)
    _tell_apart(opened)
    step = _step(opened, "Leads lost after step", first=1)
    show_lost(opened, view, step, run_id)


def _steps(opened: OpenFunnel, view: FunnelView) -> None:
    # Without a breakdown both are one answer, which is asked for once.
    rates = opened.ask("rates", replace(view, most=_CHARTED) if view.by else view)
    text = charts.funnel_bars_text(rates, view.by)
    _chart(charts.funnel_bars(rates, view.by), text, "funnel_bars")
    if any(row["young"] for row in rates):
        say(
            "Leads younger than the window have not had their time yet. A hatched end is what they "
            "are estimated to add; a bar that is hatched as a whole is a lower bound."
        )
    rows = opened.ask("rates", view)
    left = (*map(attribute_label, view.by), "Step", "Ripeness")
    table(rate_texts(rows, view.by), left=left, alt="How many leads reached each step.")
    say("In brackets: between which rates the true one lies 95 times of 100.")


def _cohorts(opened: OpenFunnel, view: FunnelView) -> None:
    step = _step(opened, "Share of leads that reached step", first=2, key="cohort_step")
    cohort = view.by if set(view.by) & set(COHORTS) else ("week", *view.by)
    asked = replace(view, by=cohort, most=_CHARTED)
    rows = opened.ask("rates", asked)
    text = charts.cohort_lines_text(rows, cohort, step)
    _chart(charts.cohort_lines(rows, cohort, step), text, "cohort_lines")
    growth = opened.ask("growth", step, replace(asked, by=cohort[:1]))
    if growth:
        say("How many leads of each cohort had come so far by which age:")
        _chart(charts.cohort_ages(growth), charts.cohort_ages_text(growth), "cohort_ages")


def _time(opened: OpenFunnel, view: FunnelView) -> None:
    step = _step(opened, "From the lead to step", first=2, key="time_step")
    curves = opened.ask("curves", step, replace(view, most=_CHARTED))
    bars = opened.ask("histogram", step, view)
    text = charts.time_to_convert_text(curves, bars)
    _chart(charts.time_to_convert(curves, bars), text, "time_to_convert")
    if not curves:
        say("Too few conversions are loaded to tell how the share grows with the leads' age.")
    rows = opened.ask("times", replace(view, by=()))
    table(took_texts(rows), left=("Step",), alt="How long leads took to each step.")


def _money(opened: OpenFunnel, view: FunnelView) -> None:
    rows = opened.ask("money", view)
    left = (*map(attribute_label, view.by), "Step", "Currency")
    shown = rows[:_MOST_SUMS]
    table(worth_texts(shown, view.by), left=left, alt="Revenue and cost of each step.")
    if len(rows) > len(shown):
        say(f"The first {len(shown):,} of {len(rows):,} sums: the others are not shown.")
    say(
        "Revenue of the first step is that of the lead row: it may be the same money as that of an "
        "event, so the two are never added. Cost and ad spend are those of all leads."
    )


def _moves(opened: OpenFunnel, view: FunnelView) -> None:
    matrix = opened.ask("matrix", view)
    text = charts.tracked_and_reconciled_text(matrix, opened.definition.names)
    _chart(charts.tracked_and_reconciled(matrix, opened.definition.names), text, "moves")
    say(text)
    show_moved(opened, view)


_SCREENS: dict[str, Callable[[OpenFunnel, FunnelView], None]] = {
    "steps": _steps,
    "cohorts": _cohorts,
    "time": _time,
    "money": _money,
}


def _step(opened: OpenFunnel, label: str, *, first: int, key: str = "step") -> int:
    names = opened.definition.names
    # After the last step nothing is lost.
    steps = list(range(first, len(names) + (1 if first > 1 else 0)))
    keep_to(key, steps)
    st.session_state.setdefault(key, steps[min(1, len(steps) - 1)] if first == 1 else steps[0])
    chosen = st.selectbox(
        label,
        steps,
        key=key,
        persist_state="session",
        format_func=lambda number: visible(f"{number}. {names[number - 1]}"),
        on_change=_first_page,
        width=360,
    )
    return int(chosen)


def _chart(figure: object, text: str, key: str) -> None:
    st.plotly_chart(
        charts.inked(figure, ink()), key=key, config={"displayModeBar": False}, alt=text
    )


def _tell_apart(opened: OpenFunnel) -> None:
    """Say which rows are in no step."""
    apart = apart_texts(opened.ask("account"))
    if apart:
        say(f"Apart from these, in no step: {', '.join(apart)}.")


if __name__ == "__main__":
    page()
