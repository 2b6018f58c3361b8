"""A real browser against a real server, each with a home of its own, cut off from the world."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from conftest import ROOT

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
)
READY = (
    "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
)
SLOW = 60_000
"""Milliseconds for what another process does on a busy machine."""
expect.set_options(timeout=SLOW)

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Drive the system's Chromium; without one the test fails, for a skip would pass unseen."""
    if not CHROMIUM:
        pytest.fail("no Chromium: apt-get install chromium, or name it in CHROMIUM")
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": list(QUIET)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """Show a desk's screen; tall enough that nothing is drawn only when scrolled to."""
    return browser_context_args | {"viewport": {"width": 1440, "height": 2400}}


@dataclass
class Dashboard:
    """A running dashboard: its address, its home, and the hosts a browser asked."""

    url: str
    home: Path
    hosts: set[str] = field(default_factory=set)

    def open(self, page, query=""):
        """Go to the first screen and wait until it is drawn; note each host that is asked."""
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        page.set_default_timeout(SLOW)
        page.goto(f"{self.url}/{query}")
        page.wait_for_selector(READY)

    def assert_alone(self):
        """Fail if the browser asked any host but this server."""
        assert self.hosts == {self.url.removeprefix("http://")}


def command_json(home, *words):
    """Return what the command line says as JSON."""
    command = [sys.executable, "-m", "reconcile", *words, "--format", "json", "--home", str(home)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


@contextmanager
def served(home: Path, log: Path) -> Iterator[Dashboard]:
    """Serve the dashboard over a home; at its end its log must hold no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.port", str(port), "--server.fileWatcherType", "none"]
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"HOME": str(home), "RECONCILE_HOME": str(home)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}/ready", log)
        yield Dashboard(f"http://127.0.0.1:{port}", home)
    finally:
        process.terminate()
        process.wait(20)
    assert "Traceback" not in log.read_text()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Ask until the server is ready; its early end is an error at once."""
    for _ in range(200):
        try:
            with urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        try:
            process.wait(0.25)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail(f"the dashboard did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def shown(loaded_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """Serve the sample once, for all tests that only look."""
    home = tmp_path_factory.mktemp("shown")
    shutil.copytree(loaded_sample, home, dirs_exist_ok=True)
    with served(home, tmp_path_factory.mktemp("log") / "server.log") as running:
        yield running


@pytest.fixture
def dashboard(sample_home: Path, tmp_path: Path) -> Iterator[Dashboard]:
    """Serve the sample."""
    with served(sample_home, tmp_path / "server.log") as running:
        yield running


@pytest.fixture
def empty_dashboard(home: Path, tmp_path: Path) -> Iterator[Dashboard]:
    """Serve a home without data."""
    with served(home, tmp_path / "server.log") as running:
        yield running
