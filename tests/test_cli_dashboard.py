"""The command that opens the dashboard: it serves, opens the browser once, and ends quietly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from reconcile.cli import demonstrating
from reconcile.errors import NotFound


def test_the_browser_opens_the_dashboard_once_it_answers(tmp_path):
    """With a screen; the address is that of the server, and an interrupt ends both quietly."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/opened\n')
    browser.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    around = os.environ | {"DISPLAY": ":0", "BROWSER": f"{browser} %s", "HOME": str(tmp_path)}
    around |= {"STREAMLIT_SERVER_PORT": str(port), "RECONCILE_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "reconcile", "dashboard"]
    process = subprocess.Popen(
        command, env=around, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    opened = tmp_path / "opened"
    until = time.monotonic() + 120
    while not opened.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert opened.read_text().splitlines() == [f"http://127.0.0.1:{port}"]
    assert "Traceback" not in said


def test_the_demo_serves_once_its_data_is_there(tmp_path):
    """The dashboard is imported meanwhile; nobody sees it without the sample."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    around = {name: text for name, text in os.environ.items() if name != "DISPLAY"}
    around |= {"STREAMLIT_SERVER_PORT": str(port), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "reconcile", "demo", "--home", str(tmp_path / "home")]
    with subprocess.Popen(
        command,
        env=around,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        told = None
        until = time.monotonic() + 120
        while told is None and process.poll() is None and time.monotonic() < until:
            with suppress(URLError), urlopen(f"http://127.0.0.1:{port}/ready") as answer:
                told = json.load(answer)
            time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        out, said = process.communicate(timeout=60)
    assert told == {"ready": True, "runs": 1}
    assert "findings. `reconcile findings` lists them." in out
    assert "Traceback" not in said


def test_a_demo_whose_data_cannot_be_loaded_serves_nothing(tmp_path):
    """It ends, and so does the dashboard that waited for it."""
    (tmp_path / "home").write_text("no folder")
    command = [sys.executable, "-m", "reconcile", "demo", "--home", str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "URL" not in done.stdout


def test_without_a_screen_no_browser_is_opened(monkeypatch):
    """A text browser would take the terminal."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not demonstrating._has_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    assert demonstrating._has_screen()


def test_a_port_that_is_taken_is_left_alone(monkeypatch):
    """Else the browser would open what somebody else serves there."""
    monkeypatch.delenv("STREAMLIT_SERVER_PORT", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(demonstrating, "_USUAL_PORT", port)
        assert int(demonstrating._free_port()) > port
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "9")
    assert demonstrating._free_port() == "9"
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "no port")
    with pytest.raises(NotFound, match="no port"):
        demonstrating._free_port()
