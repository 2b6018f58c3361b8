"""Firing missing events again: a plan, its approval by a typed phrase, its progress, its receipt.

Another process sends, so that neither a reload nor the end of this page stops it or doubles it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import streamlit as st

import reconcile
from reconcile import FindingFilter, ReconcileError, RowClass, Store
from reconcile.correcting import TAKEN, cancel, read_plan
from reconcile.firing import DUE, Expected, Plan, PostbackState
from reconcile.needing import Choice
from reconcile.showing import blocked_texts, money, plain, postback_texts
from reconcile.steering import (
    KnownPlan,
    answers,
    detached_said,
    fire_detached,
    known_plans,
    pause,
    plan_progress,
    receipt,
    resume,
    stop,
)
from views.address import keep_to, write_address
from views.frame import Looked, looked_at
from views.lists import say, table
from views.steps import take_step

PAGE = 100
Row = TypeVar("Row")


def page() -> None:
    """Draw the screen."""
    looked = looked_at("Re-fire")
    if looked is None:
        return
    _new_plan(looked)
    plans = {_key(one): one for one in known_plans(looked.store)}
    if plans:
        keep_to("plan", list(plans))
        st.session_state.setdefault("plan", next(iter(plans)))
        chosen = st.selectbox(
            "Plan",
            list(plans),
            key="plan",
            persist_state="session",
            format_func=lambda key: _label(plans[key]),
        )
        _show(looked.store, plans[chosen])
    else:
        say("No plan yet. A plan sends nothing: it shows what would be sent, to the byte.")
    write_address(("run", "plan"), {"run": looked.default})


def _key(one: KnownPlan) -> str:
    """Name a plan; two ledgers may have plans of the same number."""
    return f"{one.id}@{one.host}"


def _label(one: KnownPlan) -> str:
    state = "approved" if one.approved_at else "not approved"
    return f"{one.id} · {state} · {one.rows:,} postbacks to {one.host} · {one.made_at[:16]} UTC"


def _new_plan(looked: Looked) -> None:
    """Let a plan be made, of the chosen findings or of all missing events."""
    meant: FindingFilter = st.session_state.get("refire") or FindingFilter(
        row_class=RowClass.MISSING_EVENT
    )
    is_chosen = "refire" in st.session_state
    with st.container(border=True):
        st.subheader("New plan", anchor=False)
        words = "the chosen findings" if is_chosen else "all missing events of this run"
        say(f"Of {words}: a postback for each event that is missing. Nothing is sent yet.")
        with st.expander("More than the ordinary"):
            unverified = st.checkbox("Also claims whose lead no lead export could prove")
            top_up = st.checkbox("Also what an event brought too little, where it may repeat")
            old = st.text_input("Why to plan although the newest event export is old")
        with st.container(horizontal=True):
            if st.button("Make a plan", shortcut="P"):
                _make(looked, Choice(meant, unverified, top_up, old or None))
            if is_chosen and st.button("Forget the choice: all missing events"):
                del st.session_state["refire"]
                st.rerun()


def _make(looked: Looked, choice: Choice) -> None:
    try:
        made = reconcile.plan(looked.store, looked.run.id, choice=choice)
    except ReconcileError as error:
        say(str(error))
        return
    st.session_state["plan"] = f"{made.id}@{made.host}"
    st.session_state.pop("refire", None)
    st.rerun()


def _show(store: Store, known: KnownPlan) -> None:
    try:
        made = read_plan(store, known.id, host=known.host)
    except ReconcileError as error:
        say(str(error))
        return
    _figures(made)
    if made.note:
        say(f"Made although the newest event export is too old: {made.note}")
    if not made.rows:
        say("There is nothing to fire in it.")
    elif made.approved_at is None:
        _approval(store, made)
    else:
        _firing(store, made)
    _rows(store, made)


def _figures(made: Plan) -> None:
    target = made.host.removeprefix("http://").removeprefix("https://")
    figures = [
        ("Target", target),
        ("Postbacks", f"{made.rows:,}"),
        ("Blocked", f"{made.blocked_rows:,}"),
        # One each, because three sums side by side would be cut off.
        *((f"Revenue, {name or 'no currency'}", money(amount)) for name, amount in _sums(made)),
    ]
    for first in range(0, len(figures), 3):
        for place, (label, value) in zip(st.columns(3), figures[first : first + 3], strict=False):
            place.metric(label, plain(value), border=True, height="stretch")


def _sums(made: Plan) -> list[tuple[str, Decimal]]:
    return sorted(made.sums.items())


def _approval(store: Store, made: Plan) -> None:
    """Ask for the phrase; whether it is the right one is decided by `reconcile`, not here."""
    with st.container(border=True):
        st.subheader("Approve", anchor=False)
        say(TAKEN)
        say("To approve exactly this plan, type its phrase:")
        st.code(made.phrase, language=None)
        # Named by the plan, so that what was typed for one is not there for another.
        phrase = st.text_input("Phrase", key=f"phrase_{made.id}_{made.host}")
        with st.container(horizontal=True):
            if st.button("Approve"):
                take_step(lambda: reconcile.approve(store, made.id, phrase, host=made.host))
            if st.button("Cancel the plan"):
                take_step(lambda: cancel(store, made.id, host=made.host))


def _firing(store: Store, made: Plan) -> None:
    say(f"Approved by {made.approved_by} at {str(made.approved_at)[:19]} UTC.")
    is_due = _is_due(plan_progress(store, made.id, host=made.host))
    # Kept when its buttons go: the progress would move up, and be there twice for a moment.
    with st.container(horizontal=True):
        if is_due:
            _steps(store, made)
    st.fragment(_watched, run_every=1 if is_due else None)(store, made, is_due)


def _is_due(counts: dict[PostbackState, int]) -> bool:
    return any(counts.get(state) for state in DUE)


def _steps(store: Store, made: Plan) -> None:
    if st.button("Fire", help="Of a new plan the first three, to look at."):
        take_step(lambda: fire_detached(store, made.id, host=made.host, options=[]))
    if st.button("Pause"):
        take_step(lambda: pause(store, host=made.host))
    if st.button("Stop"):
        take_step(lambda: stop(store, host=made.host))
    if st.button("Resume"):
        take_step(lambda: resume(store, host=made.host))
    if st.button("Cancel what was not sent"):
        take_step(lambda: cancel(store, made.id, host=made.host))


def _watched(store: Store, made: Plan, was_due: bool) -> None:
    """Draw the progress, read from the ledger: a reload changes nothing."""
    counts = plan_progress(store, made.id, host=made.host)
    _progress(counts)
    said = detached_said(store, made.id, host=made.host) if was_due else ""
    if said:
        say("What the firing process said last:")
        st.code(said, language=None)
    if was_due and not _is_due(counts):
        st.rerun()


def _progress(counts: dict[PostbackState, int]) -> None:
    due = sum(counts.get(state, 0) for state in DUE)
    total = max(sum(counts.values()), 1)
    st.progress((total - due) / total, text=f"{total - due:,} of {total:,} are done")
    texts = [
        {
            "State": state.label,
            "What it means": state.meaning,
            "Next step": state.next_step,
            "Postbacks": f"{number:,}",
        }
        for state, number in counts.items()
    ]
    table(texts, left=("State", "What it means", "Next step"), alt="Postbacks by state.")


def _rows(store: Store, made: Plan) -> None:
    """Show the postbacks, what is blocked, what the plan brings, and the answers."""
    rows, blocked, expected, said = st.tabs(
        ["Postbacks", f"Blocked ({made.blocked_rows:,})", "What it brings", "Answers"]
    )
    with rows:
        _paged(made)
    with blocked:
        for reason, number in made.blocked_reasons().items():
            say(f"{number:,}: {reason.meaning}")
        if made.blocked_rows:
            left = ("Transaction id", "Why not", "Reason", "Where")
            shown = _page_of(made.blocked_page, made.blocked_rows, f"blocked_page_{_place(made)}")
            table(blocked_texts(shown), left=left, alt="What is not fired, and why.")
    with expected:
        _expected(made)
    with said:
        _answers(store, made)


def _place(made: Plan) -> str:
    return f"{made.id}@{made.host}"


def _page_of(read: Callable[[int, int], Sequence[Row]], rows: int, key: str) -> Sequence[Row]:
    """Read the page that was chosen of many rows, and let another one be chosen."""
    pages = -(-rows // PAGE)
    page_no = min(int(st.session_state.get(key) or 1), max(pages, 1))
    if pages > 1:
        st.pagination(pages, key=key)
    return read(PAGE * (page_no - 1), PAGE)


def _paged(made: Plan) -> None:
    shown = _page_of(made.page, made.rows, f"plan_page_{_place(made)}")
    names = ("Transaction id", "Campaign", "Event", "Source", "Buyer", "Currency", "State")
    table(
        postback_texts(shown),
        left=(*names, "Reason"),
        fitted=("Event",),
        alt="The postbacks of the plan.",
    )
    if shown:
        say("The first of these, to the byte:")
        sent = f"POST {made.host}{shown[0].path}\n{shown[0].body.decode()}"
        st.code(sent, language=None, wrap_lines=True)


@st.cache_data(max_entries=50, show_spinner=False)
def _brought(_made: Plan, *plan_key: object) -> tuple[Expected, ...]:  # noqa: ARG001 - the cache's key
    """Sum up a plan once: what it brings never changes, whatever becomes of its postbacks."""
    return _made.expected()


def _expected(made: Plan) -> None:
    texts = [
        {
            "By": one.by,
            "Name": one.name,
            "Currency": one.currency,
            "Postbacks": f"{one.postbacks:,}",
            "Revenue": money(one.revenue),
        }
        # Two plans of the same bytes have one hash, but may name other buyers.
        for one in _brought(made, str(made.ledger), made.id, made.hash)
    ]
    table(texts, left=("By", "Name", "Currency"), alt="Expected revenue.")


def _answers(store: Store, made: Plan) -> None:
    found = answers(store, made.id, host=made.host, newest=PAGE)
    if not found:
        say("Nothing was sent yet.")
        return
    shown = [
        {
            "Transaction id": str(row["transaction_id"]),
            "Event": str(row["event"]),
            "State": PostbackState(str(row["state"])).label if row["state"] else "Sending",
            "Reason": str(row["reason"] or ""),
            "HTTP": str(row["http"] or ""),
            "Answer": str(row["answer"]),
        }
        for row in found
    ]
    table(shown, left=tuple(shown[0]), alt="The newest attempts and what was answered.")
    st.download_button(
        "Download the receipt",
        data=lambda: _receipt(store, made),
        file_name=f"receipt-{made.id}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _receipt(store: Store, made: Plan) -> bytes:
    with tempfile.TemporaryDirectory(prefix="reconcile-") as folder:
        path = Path(folder) / "receipt.csv"
        receipt(store, made.id, path, host=made.host)
        return path.read_bytes()


if __name__ == "__main__":
    page()
