"""All that was done here, the newest first: when, by whom, what, and a way to it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from reconcile import Store
from reconcile.activity import Deed, Entry, activity
from reconcile.listing import entry_texts
from reconcile.showing import plain
from views.address import keep_to, write_address
from views.export import csv_bytes
from views.frame import opened_store

PAGE = 100
# Rows of a download; beyond, the command line writes the file.
MOST_ROWS = 200_000


def page() -> None:
    """Draw the screen."""
    store = opened_store()
    if store is None:
        return
    st.header("Activity", anchor=False)
    deeds = _choose()
    page_no = int(st.session_state.get("entries") or 1)
    found = activity(store, deeds=deeds, limit=PAGE, offset=PAGE * (page_no - 1))
    if not found.entries and page_no > 1:  # an old address
        st.session_state["entries"] = page_no = 1
        found = activity(store, deeds=deeds, limit=PAGE)
    if not found.total:
        _nothing(filtered=bool(deeds))
    else:
        st.text(f"{found.total:,} entries, the newest first. Choose one to go to it.")
        _table(found.entries)
        pages = -(-found.total // PAGE)
        if pages > 1:
            keep_to("entries", range(1, pages + 1))
            st.pagination(pages, key="entries", persist_state="session")
        st.download_button(
            f"Download all {found.total:,}",
            data=lambda: _as_csv(store, deeds),
            file_name="activity.csv",
            mime="text/csv",
            on_click="ignore",
            disabled=found.total > MOST_ROWS,
        )
    st.session_state["deeds"] = ",".join(deeds) or None
    write_address(("deeds", "entries"), {"entries": 1})


def _choose() -> list[str]:
    known = [word for word in str(st.session_state.get("deeds") or "").split(",") if word]
    if "deed_pills" not in st.session_state:
        st.session_state["deed_pills"] = [word for word in known if word in set(Deed)]
    chosen = st.pills(
        "Show only",
        list(Deed),
        key="deed_pills",
        selection_mode="multi",
        persist_state="session",
        format_func=lambda word: Deed(word).meaning,
        on_change=lambda: st.session_state.update(entries=1),
    )
    return [str(word) for word in chosen or ()]


def _nothing(*, filtered: bool) -> None:
    if filtered:
        st.text("Nothing of this kind was done yet. Take a filter away to see the rest.")
        return
    st.text("Nothing was done yet: it begins with a file.")
    if st.button("Import your files"):
        st.switch_page("importing.py")


def _table(entries: list[Entry]) -> None:
    key = f"entries_{abs(hash(tuple(entries)))}_{st.session_state.get('entry_no', 0)}"
    chosen = st.dataframe(
        pd.DataFrame(entry_texts(entries)),
        key=key,
        hide_index=True,
        height="content" if len(entries) < 20 else 738,
        selection_mode=["single-row", "single-cell"],
        on_select="rerun",
        alt="What was done, the newest first. Choose a row to go to it.",
    )
    picked = chosen["selection"]
    places = [*picked["rows"], *(place for place, _ in picked.get("cells", ()))]
    if places:
        _way(entries[places[-1]])


def _way(entry: Entry) -> None:
    """Offer the screen on which the chosen entry is looked at."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(f"{entry.deed.meaning}: {entry.what}")
        if entry.deed in _WAYS and st.button(f"Go to it ({plain(entry.deed.meaning)})"):
            _WAYS[entry.deed](entry)


def _batch(entry: Entry) -> None:
    st.session_state.update(part="batches", batch=entry.ref, with_undone=True)
    st.switch_page("importing.py")


def _run(entry: Entry) -> None:
    st.session_state["run"] = entry.ref
    st.switch_page("summary.py")


def _decision(_: Entry) -> None:
    st.switch_page("findings.py")


def _plan(entry: Entry) -> None:
    st.session_state["plan"] = entry.ref
    st.switch_page("refire.py")


def _settings(entry: Entry) -> None:
    st.session_state["area"] = "names" if entry.deed is Deed.ALIAS else "events"
    st.switch_page("settings.py")


_WAYS: dict[Deed, Callable[[Entry], None]] = {
    **dict.fromkeys((Deed.IMPORT, Deed.REMAP, Deed.UNDO), _batch),
    **dict.fromkeys((Deed.PLAN, Deed.APPROVAL, Deed.FIRING), _plan),
    **dict.fromkeys((Deed.ALIAS, Deed.SETTING), _settings),
    Deed.RUN: _run,
    Deed.DECISION: _decision,
}


def _as_csv(store: Store, deeds: list[str]) -> bytes:
    entries = activity(store, deeds=deeds, limit=MOST_ROWS).entries
    return csv_bytes(
        {"at": one.at, "deed": one.deed, "who": one.who, "what": one.what, "ref": one.ref}
        for one in entries
    )


if __name__ == "__main__":
    page()
