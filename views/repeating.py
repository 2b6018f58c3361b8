"""The editor of event settings: what each event of a campaign is, and whether it may repeat."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from reconcile import Store, load_settings
from reconcile.importing.settings import settings_of, settings_text
from reconcile.listing import setting_changes
from reconcile.showing import visible
from reconcile.terms import EventSetting, Known
from views.frame import this_person
from views.lists import say, table

_COLUMNS = {
    "event_id": "Event",
    "name": "Name",
    "is_conversion": "Is a conversion",
    "allows_duplicates": "May repeat",
    "position": "Step",
}
Say = Callable[[str], None]


def show_events(store: Store, tell: Say) -> None:
    """Let the settings of a campaign be edited, or those of a file be taken over."""
    say(
        "A funnel's steps are the events with a step, in that order. Whether an event may repeat "
        "decides whether a second one is a duplicate; while it is unknown, none is fired twice."
    )
    settings = store.settings()
    campaign = _campaign(store, settings)
    if campaign:
        _editor(store, campaign, [one for one in settings if one.campaign_id == campaign], tell)
    _files(store, settings, tell)


def _campaign(store: Store, settings: list[EventSetting]) -> str | None:
    seen = {name for batch in store.batches() for name in batch.campaigns}
    chosen = st.session_state.get("campaign")
    known = sorted({one.campaign_id for one in settings} | seen | ({chosen} if chosen else set()))
    if chosen is None and known:
        st.session_state["campaign"] = known[0]
    return st.selectbox(
        "Campaign",
        known,
        index=None,
        format_func=visible,
        key="campaign",
        persist_state="session",
        accept_new_options=True,
        placeholder="Choose one, or type its id",
        width=480,
    )


def _editor(store: Store, campaign: str, settings: list[EventSetting], tell: Say) -> None:
    ordered = sorted(settings, key=lambda one: (one.position is None, one.position, one.event_id))
    rows = [{label: getattr(one, name) for name, label in _COLUMNS.items()} for one in ordered]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS.values()))
    frame["Step"] = frame["Step"].astype("Int64")
    words = [str(word) for word in Known]
    edited = st.data_editor(
        frame,
        key=f"events_{abs(hash((campaign, str(rows))))}",
        hide_index=True,
        height="content",
        num_rows="dynamic",
        column_config={
            "Event": st.column_config.TextColumn(required=True),
            "Is a conversion": st.column_config.SelectboxColumn(options=words, default="unknown"),
            "May repeat": st.column_config.SelectboxColumn(options=words, default="unknown"),
            "Step": st.column_config.NumberColumn(min_value=0, max_value=999_999_999, step=1),
        },
        alt="Event settings of the campaign. Cells can be changed, rows be added and taken out.",
    )
    # The grid hands a cell over a moment after it was left: nothing can be kept before it is here.
    is_same = edited.equals(frame)
    new = [] if is_same else settings_of(_records(campaign, edited), campaign)
    gone = _gone(settings, new) if not is_same else []
    if changes := setting_changes(settings, new, gone):
        say("This would change:")
        table(changes, left=tuple(changes[0]), alt="What would change in the settings in force.")
    said = "Nothing is changed yet." if is_same else None
    if st.button("Keep these settings", shortcut="K", disabled=is_same, help=said):
        store.replace_settings(new, without=gone, user=this_person())
        tell("Kept. Runs from now on read them; those that were made keep what they read.")


def _gone(now: list[EventSetting], new: list[EventSetting]) -> list[tuple[str, str]]:
    """Return which events are in the editor no more: taken out, or under another id now."""
    left = {(one.campaign_id, one.event_id) for one in new}
    return [key for one in now if (key := (one.campaign_id, one.event_id)) not in left]


def _records(campaign: str, edited: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the editor by the names of the settings' columns."""
    names = {label: name for name, label in _COLUMNS.items()}
    return [
        {"campaign_id": campaign}
        | {names[label]: _plain(value) for label, value in row.items() if label in names}
        for row in edited.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else int(value)


def _files(store: Store, settings: list[EventSetting], tell: Say) -> None:
    with st.expander("All campaigns at once, as a file"):
        st.download_button(
            "Download all settings",
            data=lambda: settings_text(settings).encode(),
            file_name="settings.csv",
            mime="text/csv",
            on_click="ignore",
            disabled=not settings,
        )
        number = st.session_state.get("settings_no", 0)
        file = st.file_uploader(
            "Take over the settings of a CSV or TOML file",
            type=["csv", "toml"],
            max_upload_size=5,
            key=f"settings_{number}",
        )
    if file is None:
        return
    with tempfile.TemporaryDirectory(prefix="reconcile-") as folder:
        path = Path(folder) / f"settings.{file.name.rpartition('.')[2].lower()}"
        path.write_bytes(file.getvalue())
        loaded = load_settings(path)
    changes = setting_changes(settings, loaded)
    with st.container(border=True):
        if changes:
            say(f"{file.name} has {len(loaded):,} settings, of which these are changes:")
            table(changes, left=tuple(changes[0]), alt="What the file would change.")
        else:
            say("All that the file says is in force already.")
        with st.container(horizontal=True):
            label = f"Take over {len(changes):,} changes"
            if changes and st.button(label):
                store.replace_settings(loaded, user=this_person())
                st.session_state["settings_no"] = number + 1
                tell(f"{len(changes):,} event settings are changed.")
            if st.button("Leave all as it is"):
                st.session_state["settings_no"] = number + 1
                st.rerun()
