"""Serve the dashboard as `streamlit run app.py` does, on the port that a line of its input names.

All that takes time to import is imported before: `reconcile demo` loads its data meanwhile. Where
the input ends without a line, as when the data could not be loaded, nothing is served.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

# Ended from the keyboard while it imports or waits, it says nothing.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import pandas  # noqa: E402, F401 - only so that it is there
import plotly.graph_objects  # noqa: E402, F401
from streamlit.web.cli import main  # noqa: E402

import reconcile  # noqa: E402, F401

APP = Path(__file__).resolve().parent.parent / "app.py"

if __name__ == "__main__" and (port := sys.stdin.readline().strip()):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(["run", str(APP), "--server.port", port], prog_name="streamlit")
