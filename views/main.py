"""The frame around all screens: title, icon and navigation."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent

# A local picture: a named icon would be fetched from another host.
st.set_page_config(
    page_title="Reconcile", page_icon=str(HERE / "static" / "favicon.png"), layout="wide"
)
st.navigation(
    [
        st.Page(HERE / "summary.py", title="Summary", default=True),
        st.Page(HERE / "importing.py", title="Import", url_path="import"),
        st.Page(HERE / "findings.py", title="Findings", url_path="findings"),
        st.Page(HERE / "refire.py", title="Re-fire", url_path="refire"),
        st.Page(HERE / "funnels.py", title="Funnels", url_path="funnels"),
        st.Page(HERE / "activity.py", title="Activity", url_path="activity"),
        st.Page(HERE / "settings.py", title="Settings", url_path="settings"),
    ],
    position="top",
).run()
