"""The queue of findings: filters, pages, a basket, and why the chosen one has its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from reconcile import FindingFilter, RowClass
from reconcile.showing import class_label, finding_texts, money, state_label
from reconcile.terms import FindingState
from views.address import keep_to, write_address
from views.answers import Record, StoredRun
from views.basket import basket_bar, basket_of, place_in_basket, show_last_decision
from views.detail import show_detail
from views.frame import Looked, looked_at

PAGE = 100
_FILTERS = {
    "class": "the class",
    "state": "the state",
    "buyer": "the buyer",
    "cur": "the currency",
    "q": "the search",
}


def page() -> None:
    """Draw the screen."""
    looked = looked_at("Findings")
    if looked is None:
        return
    show_last_decision(looked.store)
    run = looked.run
    _filters(run, looked.buckets())
    only = _only()
    totals = run.totals(only)
    count = sum(row["findings"] for row in totals)
    st.text(_tally(count, totals))
    chosen = st.session_state.get("class")
    if chosen:
        row_class = RowClass(chosen.partition(":")[0])
        st.text(f"{row_class.label}: {row_class.meaning} Next step: {row_class.next_step}")
    if count:
        rows = _table(run, only, count)
        basket_bar(looked, only, count, rows)
    else:
        _nothing(run)
    show_detail(looked)
    _write(looked)


def choose_bucket(bucket: str | None, currency: str | None = None) -> None:
    """Show only the findings of a bucket of the bridge, from their first page; None shows all."""
    for name in _FILTERS:
        st.session_state.pop(name, None)
    st.session_state["class"] = bucket
    st.session_state["cur"] = currency
    _first_page()


def _write(looked: Looked) -> None:
    write_address(("run", *_FILTERS, "page", "finding"), {"run": looked.default, "page": 1})


def _first_page() -> None:
    """Begin anew: another filter leaves other pages, and the chosen row may be gone."""
    st.session_state["page"] = 1
    st.session_state["finding"] = None


def _clear() -> None:
    for name in _FILTERS:
        st.session_state[name] = "" if name == "q" else None
    _first_page()


def _filters(run: StoredRun, buckets: Sequence[str]) -> None:
    counts: dict[str, int] = {}
    for row in run.totals(FindingFilter()):
        counts[row["class"]] = counts.get(row["class"], 0) + row["findings"]
    buyers = run.buyers()
    keep_to("class", [None, *buckets])
    keep_to("state", [None, *FindingState])
    keep_to("buyer", [None, *buyers])
    currencies = run.currencies()
    keep_to("cur", [None, *currencies])
    places = st.columns([5, 3, 3, 2, 4], vertical_alignment="bottom")
    places[0].selectbox(
        "Class",
        buckets,
        index=None,
        key="class",
        persist_state="session",
        format_func=lambda bucket: _option(bucket, counts),
        placeholder="All that ask for something",
        on_change=_first_page,
    )
    places[1].selectbox(
        "State",
        list(FindingState),
        index=None,
        key="state",
        persist_state="session",
        format_func=state_label,
        placeholder="Decided or not",
        on_change=_first_page,
    )
    places[2].selectbox(
        "Buyer",
        buyers,
        index=None,
        key="buyer",
        persist_state="session",
        placeholder="All buyers",
        on_change=_first_page,
    )
    places[3].selectbox(
        "Currency",
        currencies,
        index=None,
        key="cur",
        persist_state="session",
        placeholder="All",
        on_change=_first_page,
    )
    places[4].text_input(
        "Transaction id contains",
        key="q",
        persist_state="session",
        placeholder="Part of an id",
        on_change=_first_page,
    )


def _option(bucket: str, counts: dict[str, int]) -> str:
    row_class, _, reason = bucket.partition(":")
    label = class_label(row_class, reason)
    if reason:
        return f"    {label}"
    return f"{label} · {counts[row_class]:,}" if row_class in counts else f"{label} · no action"


def _only() -> FindingFilter:
    values = {name: st.session_state.get(name) or None for name in _FILTERS}
    row_class, _, reason = (values["class"] or "").partition(":")
    return FindingFilter(
        row_class=row_class or None,
        reason=reason or None,
        state=values["state"],
        buyer=values["buyer"],
        currency=values["cur"],
        search=(values["q"] or "").strip() or None,
        all_classes=bool(row_class) and not RowClass(row_class).is_finding,
    )


def _tally(count: int, totals: list[Record]) -> str:
    """Say how many findings there are, and what is at stake in each currency."""
    sums: dict[str, Decimal] = {}
    for row in totals:
        name = row["currency"] or "no currency"
        sums[name] = sums.get(name, Decimal(0)) + (row["at_stake"] or 0)
    stakes = " + ".join(
        f"{money(amount)} {name}" for name, amount in sorted(sums.items()) if amount
    )
    return f"{count:,} findings" + (f", {stakes} at stake" if stakes else "")


def _table(run: StoredRun, only: FindingFilter, count: int) -> list[Record]:
    """Draw one page of rows and return them; ticked ones go into the basket."""
    pages = -(-count // PAGE)
    keep_to("page", range(1, pages + 1))
    page = int(st.session_state.get("page") or 1)
    rows = run.findings(only, limit=PAGE, offset=PAGE * (page - 1))
    basket = basket_of(run.id)
    # A selection is kept by position under its key: the key names all that decides the rows.
    key = f"grid_{abs(hash((run.id, only, page, st.session_state.get('grid_no', 0))))}"
    ticked = [place for place, row in enumerate(rows) if place_in_basket(row) in basket]
    st.dataframe(
        pd.DataFrame(finding_texts(rows)),
        key=key,
        hide_index=True,
        height=388,
        on_select=lambda: _picked(key, rows, run.id),
        selection_mode=["multi-row", "single-cell"],
        selection_default={"selection": {"rows": ticked}},
        column_config={
            name: st.column_config.TextColumn(alignment="right")
            for name in ("At stake", "And at stake", "Revenue")
        },
        alt="Findings, the largest amount at stake first. Tick rows to decide on them, "
        "choose a cell to see why.",
    )
    if pages > 1:
        st.pagination(pages, key="page", on_change=lambda: st.session_state.update(finding=None))
    return rows


def _picked(key: str, rows: list[Record], run_id: str) -> None:
    """Take over what is ticked on this page, and the row of the cell that was chosen."""
    chosen = st.session_state[key]["selection"]
    basket = basket_of(run_id)
    for place, row in enumerate(rows):
        if place in chosen["rows"]:
            basket[place_in_basket(row)] = row
        else:
            basket.pop(place_in_basket(row), None)
    for place, _ in chosen.get("cells", ()):
        st.session_state["finding"] = rows[place]["ref"]


def _nothing(run: StoredRun) -> None:
    """Say which filter to drop, by trying each."""
    st.text("Nothing passes these filters.")
    for name, words in _FILTERS.items():
        if st.session_state.get(name):
            st.text(f"Without {words}: {run.count(_only_without(name)):,} findings.")
    st.button("Clear the filters", on_click=_clear)


def _only_without(name: str) -> FindingFilter:
    names = {
        "class": ("row_class", "reason"),
        "state": ("state",),
        "buyer": ("buyer",),
        "cur": ("currency",),
        "q": ("search",),
    }
    without: dict[str, Any] = dict.fromkeys(names[name])
    return replace(_only(), **without)


if __name__ == "__main__":
    page()
