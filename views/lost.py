"""Leads of a funnel, a page at a time: those it lost, and those that missing events move on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from reconcile import FindingFilter, FunnelView, RowClass
from reconcile.listing import lost_texts, moved_texts
from views.address import keep_to
from views.answers import Record
from views.export import MOST_ROWS, csv_bytes, too_many
from views.lists import say, table
from views.opened import OpenFunnel

PAGE = 100
_AT_ONCE = 5
"""Pages that are read at once: to find the leads takes longer than to read more of them."""
_LEFT = ("Transaction id", "Campaign", "Source", "Buyer", "Lead (UTC)", "Young", "Currency")


def show_lost(opened: OpenFunnel, view: FunnelView, step: int, run_id: str | None) -> None:
    """List the leads that reached a step and not the next one, with a way to fire for them."""
    count = opened.ask("drop_off_count", step, view)
    name = opened.definition.names[step - 1]
    st.subheader("Leads that went no further", anchor=False)
    say(f"{count:,} leads reached {name} and not the next step, the latest first.")
    if not count:
        return
    pages = -(-count // PAGE)
    page = _page(pages)
    before, place = divmod(page - 1, _AT_ONCE)
    most = _AT_ONCE * PAGE
    read = opened.ask("drop_off", step, view, limit=most, offset=most * before)
    rows = read[PAGE * place : PAGE * (place + 1)]
    left = (*_LEFT, "Last event")
    table(lost_texts(rows), left=left, alt="Leads that went no further, the latest first.")
    _pager(pages)
    with st.container(horizontal=True):
        _download(
            f"Download all {count:,}",
            f"lost-after-step-{step}.csv",
            count,
            lambda: opened.fetch("drop_off", step, view, limit=MOST_ROWS),
        )
        is_much = count > MOST_ROWS
        name = "Re-fire what these leads miss…"
        if run_id is not None and st.button(name, shortcut="F", disabled=is_much):
            rows = opened.fetch("drop_off", step, view, limit=MOST_ROWS)
            _fire(FindingFilter(RowClass.MISSING_EVENT, ids=_ids(rows, "transaction_id")))
    if is_much:
        say(f"More than {MOST_ROWS:,} leads: narrow them down by days or funnel first.")


def show_moved(opened: OpenFunnel, view: FunnelView) -> None:
    """List the missing events with which leads come farther: the list to fire."""
    rows = opened.ask("moved", view)
    st.subheader("Missing events that move leads on", anchor=False)
    if not rows:
        say("None: with the missing events of this run no lead comes farther.")
        return
    say(f"{len(rows):,} findings. Fired and stored, the tracked funnel becomes this one.")
    pages = -(-len(rows) // PAGE)
    page = _page(pages)
    left = ("Transaction id", "Event", "Claimed (UTC)", "Currency", "Source", "Buyer")
    shown = rows[PAGE * (page - 1) : PAGE * page]
    table(moved_texts(shown), left=left, alt="Missing events that move their leads on.")
    _pager(pages)
    with st.container(horizontal=True):
        if st.button(f"Re-fire all {len(rows):,}…", shortcut="F"):
            _fire(FindingFilter(ids=_ids(rows, "ref")))
        _download(f"Download all {len(rows):,}", "moved.csv", len(rows), lambda: rows)


def _fire(meant: FindingFilter) -> None:
    st.session_state["refire"] = meant
    st.switch_page("refire.py")


def _ids(rows: Sequence[Record], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row[name]) for row in rows if row[name]))


def _page(pages: int) -> int:
    keep_to("leads", range(1, pages + 1))
    return int(st.session_state.get("leads") or 1)


def _pager(pages: int) -> None:
    if pages > 1:
        st.pagination(pages, key="leads", persist_state="session")


def _download(label: str, file: str, count: int, rows: Callable[[], list[Record]]) -> None:
    st.download_button(
        label,
        data=lambda: csv_bytes(rows()),
        file_name=file,
        mime="text/csv",
        on_click="ignore",
        disabled=count > MOST_ROWS,
        help=too_many(count, "reconcile funnel drop-off --out"),
    )
