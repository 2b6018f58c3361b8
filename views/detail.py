"""One finding: both sides, why it has its class, what comes near, and what was decided on it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import reconcile
from reconcile import FindingFilter, ReconcileError, RowClass
from reconcile.errors import NotFound
from reconcile.reading import Explanation
from reconcile.showing import (
    candidate_texts,
    decision_texts,
    nearest_texts,
    proposal_texts,
    side_by_side,
    state_label,
)
from reconcile.terms import FindingState
from views.answers import Record
from views.basket import remember_decision
from views.frame import Looked, table


def show_detail(looked: Looked) -> None:
    """Draw the chosen finding, or how to choose one."""
    ref = st.session_state.get("finding")
    with st.container(border=True):
        if not ref:
            st.text("Choose a row above to see both sides of it, and why it has its class.")
            return
        try:
            why = looked.run.explain(ref)
        except ReconcileError as error:
            st.text(str(error))
            return
        _why(why)
        found = reconcile.findings(
            looked.store, looked.run.id, only=FindingFilter(ids=(ref,), all_classes=True)
        )
        _state(looked, found)
        st.dataframe(
            pd.DataFrame(side_by_side(why)),
            hide_index=True,
            height="content",
            alt="The event and the claim as they were imported, field by field.",
        )
        _others(looked, why, ref)


def _why(why: Explanation) -> None:
    row_class = RowClass(why.row["class"])
    st.markdown(f"**{row_class.label}** · {row_class.meaning}")
    st.text(why.text)
    if why.unmatched is not None:
        st.text(why.unmatched)
    st.text(f"Next step: {why.next_step}")
    if why.row["transaction_id"]:
        st.code(why.row["transaction_id"], language=None)


def _state(looked: Looked, found: list[Record]) -> None:
    """Say where it stands, and show all that was ever decided on it."""
    for row in found:
        if row["state"] is None:
            continue  # it asks nothing of anybody
        state = FindingState(row["state"])
        moved = f" Since then moved: {row['stale'].replace(';', ', ')}." if row["stale"] else ""
        st.text(f"{state_label(state)}: {state.meaning}{moved}")
        try:
            said = reconcile.history(looked.store, row["finding"])
        except NotFound:
            continue
        if said:
            left = ("When (UTC)", "Who", "What", "Reason", "Note", "Taken back")
            table(decision_texts(said), left=left, alt="All that was decided on it, oldest first.")


def _others(looked: Looked, why: Explanation, ref: str) -> None:
    """Show the rows that it could belong to, and let one be accepted."""
    if why.candidates:
        st.text("Each of these fits:")
        st.dataframe(pd.DataFrame(candidate_texts(why.candidates)), hide_index=True)
    if why.nearest:
        st.text("What comes nearest on the other side:")
        st.dataframe(pd.DataFrame(nearest_texts(why.nearest)), hide_index=True)
    if not why.proposals:
        return
    st.text("It agrees with these in campaign, amount and time. Accepted, the next run pairs them:")
    st.dataframe(pd.DataFrame(proposal_texts(why.proposals)), hide_index=True)
    if len(why.proposals) == 1 and st.button("Accept this pair"):
        _accept(looked, ref, why)


def _accept(looked: Looked, ref: str, why: Explanation) -> None:
    other = "event" if why.row["side"] == "claim" else "claim"
    try:
        made = reconcile.decide(
            looked.store,
            looked.run.id,
            "accept",
            only=FindingFilter(ids=(ref,)),
            partner=why.proposals[0][other],
            expect=1,
        )
    except ReconcileError as error:
        st.text(str(error))
        return
    said = f"Decision {made.decision}: the pair is accepted. The next run makes it."
    remember_decision(made.decision, said)
    st.rerun()
