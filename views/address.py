"""What a screen shows stands in its address, so that it can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

NAMES = ("run", "currency", "class", "buyer", "q", "page", "finding")


def read_address() -> None:
    """Take the address over into the state of a new session."""
    if "address_read" in st.session_state:
        return
    st.session_state["address_read"] = True
    for name in NAMES:
        if name in st.query_params:
            value = st.query_params[name]
            st.session_state[name] = int(value) if name == "page" and value.isdigit() else value


def write_address(defaults: dict[str, object]) -> None:
    """Put the state into the address, but for what is as it would be without."""
    wanted = {
        name: str(value)
        for name in NAMES
        if (value := st.session_state.get(name)) not in (None, "", defaults.get(name))
    }
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def keep_to(name: str, options: Sequence[object]) -> None:
    """Forget a value that is no option: an address may be old, or typed by hand."""
    if name in st.session_state and st.session_state[name] not in options:
        del st.session_state[name]
