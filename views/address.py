"""What a screen shows stands in its address, so that it can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

_NUMBERS = ("page", "step", "leads", "entries", "decision")
_DIGITS = 10
_TEXTS = (
    *("run", "currency", "class", "state", "buyer", "cur", "q", "finding", "plan"),
    *("order", "view"),
    *("part", "file", "kind", "sender", "exported", "answers", "batch", "job"),
    *("funnel", "by", "window", "first", "last", "mode", "show", "deeds", "area", "campaign"),
)


def read_address() -> None:
    """Take the address over into the state of a session that has just begun."""
    if "address_read" in st.session_state:
        return
    st.session_state["address_read"] = True
    for name, value in st.query_params.items():
        if name in _TEXTS:
            st.session_state[name] = value
        elif name in _NUMBERS and value.isascii() and value.isdigit() and len(value) < _DIGITS:
            st.session_state[name] = int(value)


def write_address(names: Sequence[str], defaults: Mapping[str, object]) -> None:
    """Put what a screen shows into the address, but for what is as it would be without."""
    wanted = {
        name: str(value)
        for name in names
        if (value := st.session_state.get(name)) not in (None, "", defaults.get(name))
    }
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def keep_to(name: str, options: Sequence[object]) -> None:
    """Forget a value that is no option: an address may be old, or typed by hand."""
    if name in st.session_state and st.session_state[name] not in options:
        del st.session_state[name]
