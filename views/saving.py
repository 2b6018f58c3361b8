"""Saved views of findings: opened, kept, renamed and removed; what else they ask is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from reconcile import FindingFilter, ReconcileError, Store
from reconcile.filtering import decided_ids
from reconcile.saved import (
    SavedView,
    remove_view,
    rename_view,
    save_view,
    saved_views,
    told_filter,
)
from reconcile.showing import plain, visible
from views.lists import say
from views.steps import take_step

Fill = Callable[[Mapping[str, object]], None]

_SAID = "view_said"
_BLANK = ("row_class", "reason", "state", "buyer", "currency", "search")
"""What the fields of the screen ask; all else of a view is told beside them."""


def fields_of(view: SavedView | None) -> dict[str, str]:
    """Return what a view says for the fields of the screen."""
    if view is None:
        return {}
    only = view.only
    bucket = f"{only.row_class}:{only.reason}" if only.row_class and only.reason else only.row_class
    said = {"class": bucket, "state": only.state, "buyer": only.buyer}
    said |= {"cur": only.currency, "q": only.search}
    return {name: str(value) for name, value in said.items() if value}


def the_view(store: Store, fill: Fill) -> SavedView | None:
    """Return the view that is open; one that an address alone names fills the fields as well."""
    name = st.session_state.get("view")
    if not name:
        return None
    known = {one.name: one for one in saved_views(store)}
    if name not in known:
        st.session_state["view"] = None
        say(f"No view is called {name!r} any more.")
        return None
    if st.session_state.get("view_filled") != name:
        st.session_state["view_filled"] = name
        if not any(st.session_state.get(field) for field in fields_of(known[name])):
            _open(known[name], fill)
    return known[name]


def what_else(view: SavedView | None, decision: int | None) -> FindingFilter:
    """Return what is asked beside the fields of the screen, by a view or a decision."""
    blank: dict[str, Any] = dict.fromkeys(_BLANK)
    only = FindingFilter() if view is None else replace(view.only, **blank)
    if decision is None:
        return only
    return replace(only, decision=decision, ids=None, all_classes=True)


def _open(view: SavedView, fill: Fill) -> None:
    st.session_state["view_filled"] = view.name
    fill({**fields_of(view), "order": view.order, "view": view.name})


def show_views(store: Store, only: FindingFilter, order: str, fill: Fill) -> None:
    """Draw the saved views, and the field that saves what is shown."""
    known = {one.name: one for one in saved_views(store)}
    name = st.session_state.get("view")
    label = f"View: {plain(name)}" if name in known else "Saved views"
    with st.popover(label):
        _say_what_was_done()
        if not known:
            say("None is saved yet. A view is a filter and an order that all can open again.")
        for one in known.values():
            st.button(
                plain(one.name),
                key=f"open_view_{one.name}",
                on_click=_open,
                args=(one, fill),
                width="stretch",
                help=plain(f"{told_filter(one.only)}; by {one.saved_by}"),
            )
        with st.form("save_view", clear_on_submit=True, border=False):
            new = st.text_input("Save what is shown as", placeholder="acme, still open")
            if st.form_submit_button("Save the view"):
                take_step(lambda: _kept(store, new, only, order))
        if name in known:
            _change(store, name)


def _kept(store: Store, name: str, only: FindingFilter, order: str) -> None:
    made = save_view(store, name, only, order=order)
    st.session_state.update(view=made.name, view_filled=made.name)
    st.session_state[_SAID] = f"Saved: {made.name}."


def _change(store: Store, name: str) -> None:
    with st.form("rename_view", clear_on_submit=True, border=False):
        new = st.text_input("Another name for the open view", placeholder=visible(name))
        if st.form_submit_button("Rename it"):
            take_step(lambda: _renamed(store, name, new))
    if st.button("Remove this view", help="The findings stay as they are."):
        take_step(lambda: _removed(store, name))


def _renamed(store: Store, name: str, new: str) -> None:
    rename_view(store, name, new)
    st.session_state.update(view=" ".join(new.split()), view_filled=" ".join(new.split()))
    st.session_state[_SAID] = f"Renamed: {new}."


def _removed(store: Store, name: str) -> None:
    remove_view(store, name)
    st.session_state["view"] = None
    st.session_state[_SAID] = f"Removed: {name}."


def _say_what_was_done() -> None:
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said))


def show_what_else(
    store: Store, view: SavedView | None, decision: int | None, clear: Callable[[], None]
) -> None:
    """Say what is asked beside the fields of the screen, with a button that shows all again."""
    told = []
    if decision is not None:
        try:
            count = len(decided_ids(store, decision))
        except ReconcileError as error:
            told.append(str(error))
        else:
            told.append(f"Only what decision {decision} was on: {count:,} findings then.")
    elif view is not None and (more := what_else(view, None)) != FindingFilter():
        told.append(f"The view {view.name!r} also asks: {told_filter(more)}.")
    if told:
        with st.container(horizontal=True, vertical_alignment="center"):
            say(told[0])
            st.button("Show all findings", on_click=clear)
