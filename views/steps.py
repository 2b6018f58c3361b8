"""A step that a button takes: the page is drawn anew after it, or says why it was refused."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from reconcile import ReconcileError
from reconcile.showing import plain


def take_step(step: Callable[[], object]) -> None:
    """Take a step and draw anew, or say in a sentence why not."""
    try:
        step()
    except ReconcileError as error:
        st.error(plain(error))
        return
    st.rerun()
