"""A dashboard, a browser in front of it, and what one action takes from the key to the picture."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Page, sync_playwright

from benchmarks.places import ROOT, surroundings

SLOW = 120_000
"""Milliseconds after which an action is given up."""

STILL = 400
"""Milliseconds without a change after which a page is taken for drawn; they are not counted."""

QUIET = 5_000
"""The same where the page never said that a script runs: a short one ends before it is shown."""

# Notes when a person's key or click comes, when a script run ends, and the last change of the page.
WATCH = """
(() => {
  const seen = window.seen = {armed: false, began: 0, ended: 0, last: 0};
  const begin = event => {
    if (seen.armed) { seen.armed = false; seen.began = event.timeStamp; }
  };
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, begin, true);
  new MutationObserver(changes => {
    seen.last = performance.now();
    for (const one of changes) {
      if (one.attributeName === 'data-test-script-state'
          && one.target.getAttribute(one.attributeName) === 'notRunning') seen.ended = seen.last;
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true,
                        attributeFilter: ['data-test-script-state', 'aria-rowcount']});
})()
"""
READY = (
    "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
)
DRAWN = f"""
still => {{
  const seen = window.seen, app = document.querySelector('{READY}');
  const long = seen.ended > seen.began ? still : {QUIET};
  return app && !seen.armed && seen.last > seen.began && performance.now() - seen.last > long;
}}
"""


@dataclass(frozen=True)
class Took:
    """One action: milliseconds until the page stood still, of which the server worked; bytes."""

    ms: float
    server_ms: float
    received: int


class Watched:
    """A page whose actions are measured."""

    def __init__(self, page: Page, server: subprocess.Popen[bytes]) -> None:
        self.page = page
        self._server = psutil.Process(server.pid)
        self._received = 0
        page.set_default_timeout(SLOW)
        page.add_init_script(WATCH)
        page.on("websocket", lambda line: line.on("framereceived", self._count))

    def open(self, url: str, drawn: str) -> Took:
        """Open an address in this tab; time counts from its beginning."""
        self._received, worked = 0, self._worked()
        self.page.goto(url, wait_until="commit")
        self.page.wait_for_selector(drawn)
        return self._took(worked)

    def act(self, action: Callable[[Page], None]) -> Took:
        """Do something that ends in one click or key; time counts from that."""
        self.page.evaluate("() => { window.seen.armed = true; }")
        self._received, worked = 0, self._worked()
        action(self.page)
        return self._took(worked)

    def _took(self, worked: float) -> Took:
        self.page.wait_for_function(DRAWN, arg=STILL, polling=50)
        began, last = self.page.evaluate("() => [window.seen.began, window.seen.last]")
        return Took(last - began, 1000 * (self._worked() - worked), self._received)

    def _worked(self) -> float:
        """Return the seconds of CPU that the server has used."""
        used = self._server.cpu_times()
        return float(used.user + used.system)

    def _count(self, payload: str | bytes) -> None:
        self._received += len(payload)


@contextmanager
def browsing() -> Iterator[Callable[[subprocess.Popen[bytes]], Watched]]:
    """Lend a browser that opens tabs with a common cache, as a person's does."""
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if not chromium:
        raise SystemExit("There is no Chromium: install it, or name it in CHROMIUM.")
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=quiet)
        context = browser.new_context(viewport={"width": 1440, "height": 1200})
        yield lambda server: Watched(context.new_page(), server)
        browser.close()


@contextmanager
def serving(home: Path, *, demo: bool = False) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start a dashboard over a home and end it; with `demo` the way of `make demo`.

    It is lent at once: whoever needs it ready calls `wait`.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    streamlit = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command = [sys.executable, "-m", "reconcile", "demo"] if demo else streamlit
    environment = surroundings() | {
        "HOME": str(home),
        "RECONCILE_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "STREAMLIT_SERVER_PORT": str(port),
    }
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                one.terminate()
        process.wait(30)


def worked(pid: int) -> float:
    """Return the seconds of CPU that a process and those that it started have used."""
    first = psutil.Process(pid)
    used = [one.cpu_times() for one in [first, *first.children(recursive=True)]]
    ended = used[0].children_user + used[0].children_system
    return float(ended + sum(one.user + one.system for one in used))


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as the dashboard answers; at most after five minutes."""
    for _ in range(6000):
        with suppress(URLError, OSError), urlopen(url + "/ready", timeout=5):  # noqa: S310 - ours
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("The dashboard did not start.")
