"""What is said once and holds for what comes: tolerances, templates, aliases, event settings."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from reconcile import ReconcileError, Store
from reconcile.showing import plain
from reconcile.usual import (
    OF_ONE_RUN,
    forget_usual,
    keep_usual,
    proposed_parameters,
    usual_file,
    usual_parameters,
)
from views.address import keep_to, write_address
from views.frame import opened_store
from views.known import show_aliases, show_templates
from views.lists import say
from views.reconciling import SHOWN, as_parameters, rule_fields
from views.repeating import show_events

_SAID = "settings_said"
_NOT_KEPT = (*SHOWN, *OF_ONE_RUN)


def page() -> None:
    """Draw the screen."""
    store = opened_store()
    if store is None:
        return
    st.header("Settings", anchor=False)
    keep_to("area", list(_AREAS))
    if st.session_state.get("area") is None:
        st.session_state["area"] = "rules"
    area = st.segmented_control(
        "Area",
        list(_AREAS),
        key="area",
        persist_state="session",
        required=True,
        format_func=lambda name: _AREAS[name][0],
        wrap=True,
        label_visibility="collapsed",
    )
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said))
    try:
        _AREAS[str(area)][1](store)
    except ReconcileError as error:
        st.error(plain(error))
    names = ("campaign",) if area == "events" else ()
    write_address(("area", *names), {"area": "rules"})


def _show_rules(store: Store) -> None:
    """Let the rules be set that the form of a run proposes."""
    kept = usual_parameters(store)
    say(
        "Proposed for every run. A run keeps the parameters that it was made with, so that none "
        "changes when these do."
    )
    with st.form("rules"):
        known = kept or proposed_parameters(store)
        values = rule_fields(known)
        is_kept = st.form_submit_button("Keep them")
    if is_kept:
        try:
            # A field that was emptied says nothing any more: what was kept of it goes, too.
            others = {name: value for name, value in known.items() if name not in _NOT_KEPT}
            keep_usual(store, others | as_parameters(values))
        except ArithmeticError:
            st.error("The tolerance in percent is no number: write it as 0.5")
            return
        _say("Kept. The next run is proposed them.")
    if kept:
        say("They are in a file, which the command line takes as well:")
        st.code(f"reconcile run --params {usual_file(store)} --from … --to …", language=None)
        if st.button("Forget them"):
            forget_usual(store)
            _say("Forgotten. The next run is proposed what the newest one was asked.")


def _say(text: str) -> None:
    st.session_state[_SAID] = text
    st.rerun()


_AREAS: dict[str, tuple[str, Callable[[Store], None]]] = {
    "rules": ("Tolerances", _show_rules),
    "templates": ("Templates", lambda store: show_templates(store, _say)),
    "names": ("Aliases", lambda store: show_aliases(store, _say)),
    "events": ("Event settings", lambda store: show_events(store, _say)),
}


if __name__ == "__main__":
    page()
