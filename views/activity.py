"""All that was done here, the newest first: when, by whom, what, and a way to it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from reconcile import Store
from reconcile.activity import Deed, Entry, activity, run_of_decision
from reconcile.listing import entry_texts
from reconcile.showing import plain
from views.address import keep_to, write_address
from views.answers import the_store
from views.export import MOST_ROWS, csv_bytes, too_many
from views.findings import fill
from views.frame import opened_store
from views.lists import Choice, choose_one, say
from views.progress import show_work

PAGE = 100


def page() -> None:
    """Draw the screen."""
    store = opened_store()
    if store is None:
        return
    st.header("Activity", anchor=False)
    show_work(store)
    deeds = _choose()
    page_no = int(st.session_state.get("entries") or 1)
    found = activity(store, deeds=deeds, limit=PAGE, offset=PAGE * (page_no - 1))
    if not found.entries and page_no > 1:  # an old address
        st.session_state["entries"] = page_no = 1
        found = activity(store, deeds=deeds, limit=PAGE)
    if not found.total:
        _nothing(filtered=bool(deeds))
    else:
        say(f"{found.total:,} entries, the newest first. Choose one to go to it.")
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
            help=too_many(found.total, "reconcile activity --out"),
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
        say("Nothing of this kind was done yet. Take a filter away to see the rest.")
        return
    say("Nothing was done yet: it begins with a file.")
    if st.button("Import your files"):
        st.switch_page("importing.py")


def _table(entries: list[Entry]) -> None:
    chosen = st.session_state.get("entry")
    choose_one(entries, _ENTRIES, chosen)
    for entry in entries:
        if _name(entry) == chosen:
            _way(entry)


def _name(entry: Entry) -> str:
    return f"{entry.at:%Y%m%dT%H%M%S.%f} {entry.deed} {entry.ref}"


_ENTRIES = Choice[Entry](
    key="deeds",
    texts=entry_texts,
    name=_name,
    take=lambda name: st.session_state.update(entry=name),
    alt="What was done, the newest first. Choose a row to go to it.",
    fitted=("When (UTC)", "Who", "Deed", "About"),
    page=PAGE,
    most=21,
)


def _way(entry: Entry) -> None:
    """Offer the screen on which the chosen entry is looked at."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        say(f"{entry.deed.meaning}: {entry.what}")
        if entry.deed in _WAYS and st.button(f"Go to it ({plain(entry.deed.meaning)})"):
            _WAYS[entry.deed](entry)


def _batch(entry: Entry) -> None:
    st.session_state.update(part="batches", batch=entry.ref, with_undone=True)
    st.switch_page("importing.py")


def _run(entry: Entry) -> None:
    st.session_state["run"] = entry.ref
    st.switch_page("summary.py")


def _decision(entry: Entry) -> None:
    fill({"decision": int(entry.ref), "run": run_of_decision(the_store(), int(entry.ref))})
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
