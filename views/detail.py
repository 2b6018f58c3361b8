"""One finding: both sides, why it has its class, what comes near, and what was decided on it."""

from __future__ import annotations

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
from views.frame import Looked
from views.lists import say, table


def show_detail(looked: Looked, rows: list[Record]) -> None:
    """Draw the chosen finding, or how to choose one; `rows` are those of the page."""
    ref = st.session_state.get("finding")
    with st.container(border=True):
        if not ref:
            say("Choose a row above to see both sides of it, and why it has its class.")
            return
        try:
            why = looked.run.explain(ref)
        except ReconcileError as error:
            say(str(error))
            return
        _why(why)
        only = FindingFilter(ids=(ref,), all_classes=True)
        there = [row for row in rows if row["ref"] == ref]
        _state(looked, there or looked.run.findings(only, limit=1000, offset=0))
        lines = side_by_side(why)
        alt = "The event and the claim as they were imported, field by field."
        table(lines, left=tuple(lines[0]), alt=alt)
        _others(looked, why, ref)


def _why(why: Explanation) -> None:
    row_class = RowClass(why.row["class"])
    st.markdown(f"**{row_class.label}** · {row_class.meaning}")
    say(why.text)
    if why.unmatched is not None:
        say(why.unmatched)
    say(f"Next step: {why.next_step}")
    if why.row["transaction_id"]:
        st.code(why.row["transaction_id"], language=None)


def _state(looked: Looked, found: list[Record]) -> None:
    """Say where it stands, and show all that was ever decided on it."""
    for row in found:
        if row["state"] is None:
            continue  # it asks nothing of anybody
        state = FindingState(row["state"])
        moved = f" Since then moved: {row['stale'].replace(';', ', ')}." if row["stale"] else ""
        say(f"{state_label(state)}: {state.meaning}{moved}")
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
        say("Each of these fits:")
        left = ("Transaction id", "Time (UTC)", "Currency")
        table(candidate_texts(why.candidates), left=left, alt="Rows that fit equally well.")
    if why.nearest:
        say("What comes nearest on the other side:")
        words = ("What differs", "Transaction id", "Currency", "Time (UTC)", "Where")
        table(nearest_texts(why.nearest), left=words, alt="What comes nearest, the nearest first.")
    if why.partner is None and RowClass(why.row["class"]).is_finding:
        _one_edit(looked, ref)
    if not why.proposals:
        return
    say("It agrees with these in campaign, amount and time. Accepted, the next run pairs them:")
    named = ("Claim", "Claim's id", "Event", "Event's id", "Currency")
    table(proposal_texts(why.proposals), left=named, alt="Pairs that may be accepted.")
    if len(why.proposals) == 1 and st.button("Accept this pair"):
        _accept(looked, ref, why)


def _one_edit(looked: Looked, ref: str) -> None:
    """Show the ids that are one edit away, once somebody asks: all ids are read for it."""
    if st.session_state.get("one_edit") != ref:
        if not st.button("Ids one character away…", help="Looks through all ids, for seconds."):
            return
        st.session_state["one_edit"] = ref
    with st.spinner("Looking through all ids"):
        found = looked.run.misspelled(ref)
    if not found:
        say("No lead, and no row that is taken or out of the run, has an id one character away.")
        return
    say("Ids one character away, of leads and of rows that are taken or out of the run:")
    for near in found:
        say(near["text"])


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
        say(str(error))
        return
    said = f"Decision {made.decision}: the pair is accepted. The next run makes it."
    remember_decision(made.decision, said)
    st.rerun()
