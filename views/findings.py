"""The queue of findings: filters, pages, a basket, and why the chosen one has its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from reconcile import FindingFilter, ReconcileError, RowClass
from reconcile.filtering import LARGEST, ORDERS
from reconcile.saved import SavedView
from reconcile.showing import Texts, class_label, finding_texts, money, state_label, visible
from reconcile.terms import FindingState
from views.address import keep_to, write_address
from views.answers import Record, StoredRun
from views.basket import basket_bar, basket_of, place_in_basket, show_last_decision
from views.detail import show_detail
from views.frame import Looked, looked_at
from views.lists import say, shown, width_of
from views.saving import fields_of, show_views, show_what_else, the_view, what_else

PAGE = 100
_COLUMNS = {
    "Class": "class",
    "State": "state",
    "At stake": "at_stake",
    "Currency": "currency",
    "Buyer": "buyer",
    "Event": "event",
    "Day": "day",
    "Transaction id": "transaction_id",
    "Revenue": "revenue",
    "Status": "status",
    "Where": "file",
}
"""Columns by which the findings are sorted, and what their order is called."""
_FITTED = ("class", "event")
_FALLS = ("at_stake", "revenue", "other")
_MORE = ("order", "view", "decision")
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
    kept, decision = the_view(looked.store, fill), st.session_state.get("decision")
    _filters(run, looked.buckets(), fields_of(kept))
    only = _only(kept, decision)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = _choose_order()
        show_views(looked.store, only, order, fill)
    show_what_else(looked.store, kept, decision, _clear)
    try:
        totals = run.totals(only)
    except ReconcileError as error:
        say(error)
        st.button("Clear the filters", on_click=_clear)
        return
    count = sum(row["findings"] for row in totals)
    say(_tally(count, totals))
    chosen = st.session_state.get("class")
    if chosen:
        row_class = RowClass(chosen.partition(":")[0])
        say(f"{row_class.label}: {row_class.meaning} Next step: {row_class.next_step}")
    rows = _table(run, only, order, count) if count else []
    if rows:
        basket_bar(looked, only, count, rows)
    else:
        _nothing(run, only)
    show_detail(looked, rows)
    _write(looked)


def choose_bucket(bucket: str | None, currency: str | None = None) -> None:
    """Show only the findings of a bucket of the bridge, from their first page; None shows all."""
    fill({"class": bucket, "cur": currency})


def fill(values: Mapping[str, object]) -> None:
    """Show other findings: these filters, and none that stands now."""
    for name in (*_FILTERS, *_MORE):
        st.session_state.pop(name, None)
    st.session_state.update(values)
    _first_page()


def _write(looked: Looked) -> None:
    names = ("run", *_FILTERS, *_MORE, "page", "finding")
    write_address(names, {"run": looked.default, "page": 1, "order": LARGEST})


def _first_page() -> None:
    """Begin anew: another filter leaves other pages, and the chosen row may be gone."""
    st.session_state["page"] = 1
    st.session_state["finding"] = None


def _clear() -> None:
    for name in _FILTERS:
        st.session_state[name] = "" if name == "q" else None
    st.session_state.update(view=None, decision=None)
    _first_page()


def _filters(run: StoredRun, buckets: Sequence[str], said: Mapping[str, str]) -> None:
    """Draw the filters; what an open view says stands there also where the run has none of it."""
    counts: dict[str, int] = {}
    for row in run.totals(FindingFilter()):
        counts[row["class"]] = counts.get(row["class"], 0) + row["findings"]
    places = st.columns([5, 3, 3, 2, 4], vertical_alignment="bottom")
    fields: dict[str, tuple[str, list[str], Callable[[str], str], str]] = {
        "class": (
            "Class",
            list(buckets),
            lambda bucket: _option(bucket, counts),
            "All that ask for something",
        ),
        "state": ("State", [*FindingState], state_label, "Decided or not"),
        "buyer": ("Buyer", run.buyers(), visible, "All buyers"),
        "cur": ("Currency", run.currencies(), visible, "All"),
    }
    for place, (name, (label, known, words, blank)) in zip(places, fields.items(), strict=False):
        options = list(dict.fromkeys([*known, *filter(None, [said.get(name)])]))
        keep_to(name, [None, *options])
        place.selectbox(
            label,
            options,
            index=None,
            key=name,
            persist_state="session",
            format_func=words,
            placeholder=blank,
            on_change=_first_page,
        )
    places[4].text_input(
        "Transaction id contains",
        key="q",
        persist_state="session",
        placeholder="Part of an id",
        on_change=_first_page,
    )


def _choose_order() -> str:
    """Let the order be chosen, which a click on the head of a column changes as well."""
    options = [way for name in ORDERS for way in (name, f"-{name}")]
    keep_to("order", options)
    st.session_state.setdefault("order", LARGEST)
    labels = {name: label for label, name in _COLUMNS.items()}
    chosen = st.selectbox(
        "Sorted by",
        options,
        key="order",
        persist_state="session",
        format_func=lambda way: f"{labels[way.removeprefix('-')]} {_arrow(way)}",
        on_change=_first_page,
        width=240,
    )
    return str(chosen)


def _arrow(order: str) -> str:
    return "▼" if order.startswith("-") else "▲"


def _option(bucket: str, counts: dict[str, int]) -> str:
    row_class, _, reason = bucket.partition(":")
    label = class_label(row_class, reason)
    if reason:
        return f"    {label}"
    return f"{label} · {counts[row_class]:,}" if row_class in counts else f"{label} · no action"


def _only(kept: SavedView | None, decision: int | None) -> FindingFilter:
    values = {name: st.session_state.get(name) or None for name in _FILTERS}
    row_class, _, reason = (values["class"] or "").partition(":")
    more = what_else(kept, decision)
    is_quiet = bool(row_class) and not RowClass(row_class).is_finding
    return replace(
        more,
        row_class=row_class or None,
        reason=reason or None,
        state=values["state"],
        buyer=values["buyer"],
        currency=values["cur"],
        search=(values["q"] or "").strip() or None,
        all_classes=more.all_classes or is_quiet,
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


def _table(run: StoredRun, only: FindingFilter, order: str, count: int) -> list[Record]:
    """Draw one page of rows and return them; ticked ones go into the basket."""
    pages = -(-count // PAGE)
    keep_to("page", range(1, pages + 1))
    page = int(st.session_state.get("page") or 1)
    rows = run.findings(only, order=order, limit=PAGE, offset=PAGE * (page - 1))
    basket = basket_of(run.id)
    # A selection is kept by position under its key: the key names all that decides the rows.
    number = st.session_state.get("grid_no", 0)
    key = f"grid_{abs(hash((run.id, only, order, page, number)))}"
    ticked = [place for place, row in enumerate(rows) if place_in_basket(row) in basket]
    texts = finding_texts(rows)
    st.dataframe(
        shown(texts),
        key=key,
        hide_index=True,
        height=388,
        on_select=lambda: _picked(key, rows, run.id),
        selection_mode=["multi-row", "single-cell", "single-column"],
        selection_default={"selection": {"rows": ticked}},
        column_config=_heads(order, texts),
        alt="Findings. Tick rows to decide on them, choose a cell to see why, or the head of a "
        "column to sort by it.",
    )
    if pages > 1:
        st.pagination(pages, key="page", on_change=lambda: st.session_state.update(finding=None))
    return rows


def _heads(order: str, texts: list[Texts]) -> dict[str, Any]:
    """Return how columns are drawn: figures to the right, and by which they are sorted."""
    by = order.removeprefix("-")
    return {
        label: st.column_config.TextColumn(
            f"{label} {_arrow(order)}" if name == by else label,
            alignment="right" if name in _FALLS else "left",
            width=width_of(texts, label) if name in _FITTED else None,
        )
        for label, name in {**_COLUMNS, "And at stake": "other"}.items()
    }


def _sort_by(label: str) -> None:
    """Sort by a column; by the same one again the other way round."""
    name = _COLUMNS.get(label)
    if name is None:
        return
    first, second = (f"-{name}", name) if name in (*_FALLS, "day") else (name, f"-{name}")
    st.session_state["order"] = second if st.session_state.get("order") == first else first
    _first_page()


def _picked(key: str, rows: list[Record], run_id: str) -> None:
    """Take over what is ticked on this page, and the row of the cell that was chosen."""
    chosen = st.session_state[key]["selection"]
    if chosen.get("columns"):  # the table forgets its ticks then: the basket does not
        _sort_by(chosen["columns"][0])
        return
    basket = basket_of(run_id)
    for place, row in enumerate(rows):
        if place in chosen["rows"]:
            basket[place_in_basket(row)] = row
        else:
            basket.pop(place_in_basket(row), None)
    for place, _ in chosen.get("cells", ()):
        st.session_state["finding"] = rows[place]["ref"]


def _nothing(run: StoredRun, only: FindingFilter) -> None:
    """Say which filter to drop, by trying each."""
    say("Nothing passes these filters.")
    for name, words in _FILTERS.items():
        if st.session_state.get(name):
            say(f"Without {words}: {run.count(_without(only, name)):,} findings.")
    st.button("Clear the filters", on_click=_clear)


def _without(only: FindingFilter, name: str) -> FindingFilter:
    names = {
        "class": ("row_class", "reason"),
        "state": ("state",),
        "buyer": ("buyer",),
        "cur": ("currency",),
        "q": ("search",),
    }
    without: dict[str, Any] = dict.fromkeys(names[name])
    return replace(only, **without)


if __name__ == "__main__":
    page()
