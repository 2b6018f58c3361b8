"""The basket of ticked findings, and what can be done with it: decide, fire again, take away.

It is kept by the rows of the run, never by places on a page. A finding's name would not do: rows
without a usable id share one until something is decided on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TypedDict

import streamlit as st

import reconcile
from reconcile import FindingFilter, ReconcileError, RowClass, Store
from reconcile.deciding import Decided
from reconcile.filtering import LARGEST
from reconcile.showing import action_label, money, plain, total_texts
from reconcile.terms import Action
from views.answers import Record
from views.export import MOST_ROWS, csv_bytes, too_many
from views.frame import Looked
from views.lists import say, table


class Said(TypedDict):
    """What is said of findings beside the action; see `reconcile.decide`."""

    reason: str | None
    note: str | None
    assignee: str | None
    credit: reconcile.Credit | None


_MADE = "decision_made"
_ASKED = "decision_asked"
_PUT_IN = "put_in"


def basket_of(run_id: str) -> dict[str, Record]:
    """Return the ticked findings of a run, by ref; what is put in stays for the session."""
    baskets: dict[str, dict[str, Record]] = st.session_state.setdefault("baskets", {})
    return baskets.setdefault(run_id, {})


def place_in_basket(row: Record) -> str:
    """Return by what a finding is kept: its ref, or its name where it no longer stands."""
    return str(row["ref"] or row["finding"])


def basket_bar(looked: Looked, only: FindingFilter, count: int, rows: list[Record]) -> None:
    """Draw what is ticked, and the buttons for it; without anything ticked they mean all that pass.

    Args:
        looked: The run.
        only: The filter of the table.
        count: How many findings pass it.
        rows: Those of them that are shown.
    """
    basket = basket_of(looked.run.id)
    meant, words = only, f"all {count:,} that pass"
    if basket:
        meant = FindingFilter(ids=tuple(basket), all_classes=only.all_classes)
        words = f"{len(basket):,} ticked"
    with st.container(horizontal=True, vertical_alignment="center"):
        say(_said(basket.values()) if basket else "Nothing ticked: a button means all that pass.")
        if st.button(f"Decide on {words}…", shortcut="D"):
            st.session_state[_ASKED] = (meant, len(basket) or count)
        may_fire = _may_fire(basket, only)
        why = None if may_fire else "No missing event is among them: a postback is made of these."
        if st.button(f"Re-fire {words}…", shortcut="F", disabled=not may_fire, help=why):
            st.session_state["refire"] = meant
            st.switch_page("refire.py")
        st.download_button(
            f"Download {words}",
            data=lambda: _as_csv(looked, meant, str(st.session_state.get("order") or LARGEST)),
            file_name="findings.csv",
            mime="text/csv",
            on_click="ignore",
            disabled=(len(basket) or count) > MOST_ROWS,
            help=too_many(len(basket) or count, "reconcile findings --out"),
        )
        if basket:
            st.button("Untick all", on_click=_untick, args=(looked.run.id,))
        elif len(rows) < count <= MOST_ROWS:
            st.button(f"Tick all {count:,}", on_click=_tick_all, args=(looked, only), shortcut="T")
    if _ASKED in st.session_state:
        _decide(looked, *st.session_state[_ASKED])


def remember_decision(number: int | None, said: str) -> None:
    """Let the screen say what was decided last, at its next drawing."""
    st.session_state[_MADE] = (number, said)


def show_last_decision(store: Store) -> None:
    """Say what was decided last on this screen, with a button that takes it back."""
    if _MADE not in st.session_state:
        return
    number, said = st.session_state[_MADE]
    text, undo, away = st.columns([6, 1, 1], vertical_alignment="center")
    text.success(plain(said))
    if undo.button("Undo", width="stretch", shortcut="Z"):
        del st.session_state[_MADE]
        try:
            reconcile.undo_decision(store, number)
        except ReconcileError as error:  # somebody else took it back
            say(str(error))
            return
        st.rerun()
    if away.button("Close", width="stretch"):
        del st.session_state[_MADE]
        st.rerun()


def _said(rows: Iterable[Record]) -> str:
    """Count ticked findings, and say what is at stake, both sides of a pair in two currencies."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    count = 0
    for row in rows:
        count += 1
        for amount, currency in (("at_stake", "currency"), ("other_at_stake", "other_currency")):
            if row.get(amount):
                sums[row[currency] or "no currency"] += row[amount]
    stakes = " + ".join(f"{money(amount)} {name}" for name, amount in sorted(sums.items()))
    return f"{count:,} ticked" + (f", {stakes}" if stakes else "")


def _may_fire(basket: dict[str, Record], only: FindingFilter) -> bool:
    """Say whether missing events are meant, of which alone a postback can be made."""
    if basket:
        return any(row["class"] == RowClass.MISSING_EVENT for row in basket.values())
    return only.row_class in (None, RowClass.MISSING_EVENT)


def _untick(run_id: str) -> None:
    basket_of(run_id).clear()
    _redraw()


def _tick_all(looked: Looked, only: FindingFilter) -> None:
    rows = looked.run.held.findings(only, limit=MOST_ROWS)
    basket_of(looked.run.id).update((place_in_basket(row), row) for row in rows)
    _redraw()


def _redraw() -> None:
    """Let the table be drawn with other ticks: under its old key it keeps those it had."""
    st.session_state["grid_no"] = st.session_state.get("grid_no", 0) + 1


def _as_csv(looked: Looked, only: FindingFilter, order: str) -> bytes:
    """Return findings as CSV in which no spreadsheet finds a formula."""
    return csv_bytes(
        reconcile.findings(looked.store, looked.run.id, only=only, order=order, limit=MOST_ROWS)
    )


def _forget() -> None:
    st.session_state.pop(_ASKED, None)


@st.dialog("Decide", width="large", on_dismiss=_forget)
def _decide(looked: Looked, only: FindingFilter, count: int) -> None:
    """Ask what is decided, show on what, and decide exactly on that."""
    chosen = st.selectbox(
        "What is said",
        [str(one) for one in Action],
        format_func=action_label,
        key=f"{_PUT_IN}_action",
    )
    action = Action(chosen)
    say(action.meaning)
    said: Said = {
        "reason": st.text_input("Reason", key=f"{_PUT_IN}_reason") or None,
        "note": st.text_input("Note", key=f"{_PUT_IN}_note") or None,
        "assignee": None,
        "credit": reconcile.Credit() if action == Action.CREDIT else None,
    }
    if action == Action.ASSIGN:
        said["assignee"] = st.text_input("Assigned to", key=f"{_PUT_IN}_assignee")
    if action == Action.CREDIT:
        say("All that is at stake is credited; the command line records a part.")
    try:
        tried = _decided(looked, action, only, said, expect=None)
    except ReconcileError as error:
        say(str(error))
        return
    if not tried.findings:
        say("None of these asks for a decision: there is nothing to be done about them.")
        return
    if tried.findings != count:
        say(f"{count:,} were meant, {tried.findings:,} are there now.")
    if st.button(f"{action_label(action)}: {tried.findings:,} findings"):
        _make(looked, action, only, said, expect=tried.findings)
    table(total_texts(tried.totals), left=("Class", "Currency", "State now"), alt="What it is on.")


def _decided(
    looked: Looked, action: str, only: FindingFilter, said: Said, *, expect: int | None
) -> Decided:
    """Decide on so many findings; None tells what it would be on, and decides nothing."""
    return reconcile.decide(
        looked.store,
        looked.run.id,
        action,
        only=only,
        expect=expect,
        dry_run=expect is None,
        held=looked.run.held,
        **said,
    )


def _make(looked: Looked, action: str, only: FindingFilter, said: Said, *, expect: int) -> None:
    try:
        made = _decided(looked, action, only, said, expect=expect)
    except ReconcileError as error:
        say(str(error))
        return
    _forget()
    _untick(looked.run.id)
    told = f"Decision {made.decision}: {action_label(action).lower()}, {made.findings:,} findings."
    remember_decision(made.decision, told)
    st.rerun()
