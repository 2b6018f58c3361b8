"""The table of findings: filters, pages, and why the chosen one has its class."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from reconcile import FindingFilter, ReconcileError, RowClass
from reconcile.showing import (
    candidate_texts,
    class_label,
    finding_texts,
    money,
    side_by_side,
)
from views.address import keep_to
from views.answers import Record, StoredRun

PAGE = 100
_FILTERS = {"class": "the class", "buyer": "the buyer", "q": "the search"}


def show_findings(run: StoredRun, buckets: Sequence[str]) -> None:
    """Draw filters, table and detail; `buckets` are the classes of the run with their reasons."""
    st.subheader("Findings", anchor=False)
    _filters(run, buckets)
    only = _only()
    totals = run.totals(only)
    count = sum(row["findings"] for row in totals)
    st.text(_tally(count, totals))
    chosen = st.session_state.get("class")
    if chosen:
        row_class = RowClass(chosen.partition(":")[0])
        st.text(f"{row_class.label}: {row_class.meaning} Next step: {row_class.next_step}")
    if count:
        _table(run, only, count)
    else:
        _nothing(run)
    _detail(run)


def choose_bucket(bucket: str | None) -> None:
    """Show only the findings of a bucket of the bridge, from their first page; None shows all."""
    st.session_state["class"] = bucket
    _first_page()


def _first_page() -> None:
    """Begin anew: another filter leaves other pages, and the chosen row may be gone."""
    st.session_state["page"] = 1
    st.session_state["finding"] = None


def _filtered() -> None:
    _first_page()
    # The chart's own mark would tell of another choice: a new key draws it without one.
    st.session_state["bridge_no"] = st.session_state.get("bridge_no", 0) + 1


def _clear() -> None:
    for name in _FILTERS:
        st.session_state[name] = "" if name == "q" else None
    _filtered()


def _filters(run: StoredRun, buckets: Sequence[str]) -> None:
    counts: dict[str, int] = {}
    for row in run.totals(FindingFilter()):
        counts[row["class"]] = counts.get(row["class"], 0) + row["findings"]
    buyers = run.buyers()
    keep_to("class", [None, *buckets])
    keep_to("buyer", [None, *buyers])
    left, middle, right = st.columns([5, 3, 4], vertical_alignment="bottom")
    left.selectbox(
        "Class",
        buckets,
        index=None,
        key="class",
        format_func=lambda bucket: _option(bucket, counts),
        placeholder="All that ask for something",
        on_change=_filtered,
    )
    middle.selectbox(
        "Buyer", buyers, index=None, key="buyer", placeholder="All buyers", on_change=_filtered
    )
    right.text_input(
        "Transaction id contains", key="q", placeholder="Part of an id", on_change=_filtered
    )


def _option(bucket: str, counts: dict[str, int]) -> str:
    row_class, _, reason = bucket.partition(":")
    label = class_label(row_class, reason)
    if reason:
        return f"    {label}"
    return f"{label} · {counts[row_class]}" if row_class in counts else f"{label} · no action"


def _only() -> FindingFilter:
    values = {name: st.session_state.get(name) or None for name in _FILTERS}
    row_class, _, reason = (values["class"] or "").partition(":")
    return FindingFilter(
        row_class=row_class or None,
        reason=reason or None,
        buyer=values["buyer"],
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


def _table(run: StoredRun, only: FindingFilter, count: int) -> None:
    pages = -(-count // PAGE)
    keep_to("page", range(1, pages + 1))
    page = int(st.session_state.get("page") or 1)
    rows = run.findings(only, limit=PAGE, offset=PAGE * (page - 1))
    refs = [row["ref"] for row in rows]
    # A selection is kept by position under its key: the key names all that decides the rows.
    key = f"grid_{abs(hash((only, page)))}"
    picked = st.session_state.get("finding")
    st.dataframe(
        pd.DataFrame(finding_texts(rows)),
        key=key,
        hide_index=True,
        height=388,
        on_select=lambda: _pick(key, refs),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [refs.index(picked)] if picked in refs else []}},
        column_config={
            name: st.column_config.TextColumn(alignment="right") for name in ("At stake", "Revenue")
        },
        alt="Findings, the largest amount at stake first. Choose a row to see why.",
    )
    if pages > 1:
        st.pagination(pages, key="page", on_change=lambda: st.session_state.update(finding=None))


def _pick(key: str, refs: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state["finding"] = refs[rows[0]] if rows else None


def _nothing(run: StoredRun) -> None:
    """Say which filter to drop, by trying each."""
    st.text("Nothing passes these filters.")
    for name, words in _FILTERS.items():
        if st.session_state.get(name):
            without = sum(row["findings"] for row in run.totals(_only_without(name)))
            st.text(f"Without {words}: {without:,} findings.")
    st.button("Clear the filters", on_click=_clear)


def _only_without(name: str) -> FindingFilter:
    only = _only()
    names = {"class": ("row_class", "reason"), "buyer": ("buyer",), "q": ("search",)}[name]
    values = {field: getattr(only, field) for field in FindingFilter.__dataclass_fields__}
    values |= dict.fromkeys(names)
    return FindingFilter(**values)


def _detail(run: StoredRun) -> None:
    ref = st.session_state.get("finding")
    with st.container(border=True):
        if not ref:
            st.text("Choose a row above to see both sides of it, and why it has its class.")
            return
        try:
            why = run.explain(ref)
        except ReconcileError as error:
            st.text(str(error))
            return
        row_class = RowClass(why.row["class"])
        st.markdown(f"**{row_class.label}** · {row_class.meaning}")
        st.text(why.text)
        if why.unmatched is not None:
            st.text(why.unmatched)
        st.text(f"Next step: {why.next_step}")
        if why.row["transaction_id"]:
            st.code(why.row["transaction_id"], language=None)
        st.dataframe(
            pd.DataFrame(side_by_side(why)),
            hide_index=True,
            height="content",
            alt="The event and the claim as they were imported, field by field.",
        )
        if why.candidates:
            st.text("Each of these fits:")
            st.dataframe(pd.DataFrame(candidate_texts(why.candidates)), hide_index=True)
