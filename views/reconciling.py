"""The form of a run: its period, zone and tolerances; another process reconciles."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from reconcile import ReconcileError, Store
from reconcile.jobs import start_run
from reconcile.showing import plain
from reconcile.usual import asked_parameters, proposed_parameters
from views.lists import say

SHOWN = ("zone", "tolerance", "tolerance_rel", "grace_days", "currency", "pending_counts")


def show_form(store: Store) -> None:
    """Draw the form, filled with what is usual."""
    if not store.batches():
        say("Nothing is loaded yet. Import leads, events and buyer reports first.")
        return
    try:
        proposed = proposed_parameters(store)
    except ReconcileError as error:
        st.error(plain(error))
        return
    last = date.fromisoformat(proposed["date_to"]) - timedelta(days=1)
    with st.form("run"):
        left, right = st.columns(2)
        first = left.date_input("First day", date.fromisoformat(proposed["date_from"]))
        end = right.date_input("Last day", last)
        rules = rule_fields(proposed)
        is_asked = st.form_submit_button("Reconcile", shortcut="G")
    if is_asked:
        period = {"date_from": str(first), "date_to": str(end + timedelta(days=1))}
        _begin(store, asked_parameters(proposed, rules | period, shown=SHOWN))


def rule_fields(known: dict[str, Any]) -> dict[str, Any]:
    """Draw the fields of the rules that are set most often, and return what is in them."""
    zone = str(known.get("zone") or "UTC")
    zones = sorted({zone, *available_timezones()})
    # Two rows: on a narrow screen, where columns stand below each other, the order is the same.
    places = [*st.columns(3), *st.columns(3, vertical_alignment="bottom")]
    share = (100 * Decimal(str(known.get("tolerance_rel") or 0))).normalize()
    values = {
        "zone": places[0].selectbox(
            "Zone of the days", zones, index=zones.index(zone), accept_new_options=True
        ),
        "tolerance": places[1].text_input(
            "Tolerance, an amount",
            str(known.get("tolerance") or "0"),
            help="A difference of at most so much is let pass, in the currency of the row.",
        ),
        "tolerance_rel": places[2].text_input(
            "Tolerance, % of the event",
            f"{share:f}",
            help="The same as a share of the event's amount. The larger of the two counts.",
        ),
        "grace_days": places[3].text_input(
            "Grace, days",
            str(known.get("grace_days") or 0),
            help="How long a claim may follow its event before the event counts as unclaimed.",
        ),
        "currency": places[4].text_input(
            "Currency of rows that name none", known.get("currency") or "", placeholder="USD"
        ),
    }
    with places[5]:
        values["pending_counts"] = st.checkbox(
            "Pending claims count as approved", bool(known.get("pending_counts"))
        )
    return {name: value for name, value in values.items() if value not in ("", None)}


def as_parameters(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields as parameters: the share of percent is one of the whole.

    Raises:
        ArithmeticError: What was typed as percent is no number.
    """
    share = Decimal(str(values.get("tolerance_rel", "0")).strip()) / 100
    return {**values, "tolerance_rel": f"{share.normalize():f}"}


def _begin(store: Store, asked: dict[str, Any]) -> None:
    try:
        begun = start_run(store, as_parameters(asked))
    except ReconcileError as error:
        st.error(plain(error))
        return
    except ArithmeticError:
        st.error("The tolerance in percent is no number: write it as 0.5")
        return
    st.session_state["job"] = begun.id
    st.rerun()
