"""Draw every screen of the dashboard into docs/pictures: light and dark, wide and narrow.

    python -m tools.screenshots                 all of them (Chromium is needed)
    python -m tools.screenshots --only summary  one screen, to look at

The data is the sample, with a few decisions made and a plan fired at the sandbox. The clock of the
preparation stands at a fixed moment, so that the same program draws the same pictures.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import reconcile
from reconcile import FindingFilter, Store, rehearsing
from reconcile.demo import load_sample
from reconcile.firing.ledger import Ledger
from reconcile.firing.settings import SANDBOX
from reconcile.warehouse import records

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"wide": (1440, 1000), "narrow": (420, 900)}
SCHEMES = ("light", "dark")
COLOURS = 96
"""Of a picture: enough for text and charts, and a third of the bytes."""
MOST_BYTES = 3_000_000
MOMENT = datetime(2026, 12, 4, 9, 0)  # noqa: DTZ001 - naive UTC, as the product keeps it
READY = (
    "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
)
GRID, CHART = "[data-testid=stDataFrame] canvas", ".js-plotly-plot .ytick"


@dataclass(frozen=True)
class Screen:
    """One picture: its name, its address, and what stands there once it is drawn."""

    name: str
    address: str
    drawn: str


def main(given: Sequence[str]) -> None:
    """Draw the pictures, and say how large they are together."""
    asked = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    asked.add_argument("--only", default="", help="names of screens, with commas between them")
    asked.add_argument("--to", type=Path, default=PICTURES)
    options = asked.parse_args(given)
    with TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        with standing_clock(), reconcile.open_store(home) as store:
            screens = prepared(store)
        only = options.only.split(",") if options.only else [one.name for one in screens]
        draw([one for one in screens if one.name in only], home, options.to)
    total = sum(path.stat().st_size for path in options.to.glob("*.png"))
    print(f"{total / 1e6:.2f} MB of pictures in {options.to}")
    if total > MOST_BYTES:
        sys.exit(f"That is more than {MOST_BYTES / 1e6:.0f} MB: fewer colours, or fewer pictures.")


def prepared(store: Store) -> list[Screen]:
    """Load the sample, decide, plan and fire as a person would; return what to draw of it."""
    run = load_sample(store)
    small = FindingFilter("unclaimed_event", at_most=Decimal(10))
    reconcile.decide(store, run.id, "ignore", only=small, reason="too small to argue about")
    denied = FindingFilter("status_conflict", buyer="acme")
    reconcile.decide(store, run.id, "dispute", only=denied, note="asked Jo at acme")
    missing = reconcile.findings(store, run.id, only=FindingFilter("missing_event"))
    with rehearsing.target_there(store, SANDBOX) as is_ours:
        if not is_ours:
            sys.exit(f"Something listens at {SANDBOX} already: end it, then draw again.")
        plan = reconcile.plan(store, run.id)
        reconcile.approve(store, plan.id, plan.phrase)
        for _ in range(2):  # the first three go alone
            reconcile.fire(store, plan.id)
    return [
        Screen("summary", "", CHART),
        Screen("import", "import?part=batches", GRID),
        Screen("findings", f"findings?class=missing_event&finding={missing[0]['ref']}", GRID),
        Screen("refire", "refire", GRID),
        Screen("funnels", "funnels?funnel=Solar+roof", ".st-key-funnel_bars .ytick"),
        Screen("activity", "activity", GRID),
        Screen("settings", "settings", "text=Zone of the days"),
    ]


def draw(screens: Sequence[Screen], home: Path, to: Path) -> None:
    """Draw screens in every scheme and size."""
    to.mkdir(parents=True, exist_ok=True)
    with served(home) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        for scheme, (size, (width, height)) in itertools.product(SCHEMES, SIZES.items()):
            page = opened(browser, scheme, width, height)
            for screen in screens:
                look(page, url, screen)
                path = to / f"{screen.name}-{scheme}-{size}.png"
                path.write_bytes(squeezed(page.screenshot(animations="disabled")))
                print(path.name, path.stat().st_size)
            page.context.close()
        browser.close()


def opened(browser: Browser, scheme: Any, width: int, height: int) -> Page:
    """Return a tab of a size, on light or dark ground."""
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        timezone_id="UTC",
        locale="en-GB",
    )
    page = context.new_page()
    page.set_default_timeout(180_000)
    return page


def look(page: Page, url: str, screen: Screen) -> None:
    """Go to a screen and wait until nothing moves any more."""
    page.goto(f"{url}/{screen.address}")
    page.wait_for_selector(READY)
    page.locator(screen.drawn).first.wait_for()
    before = b""
    while (now := page.screenshot(animations="disabled")) != before:
        before = now
        page.wait_for_timeout(700)


def squeezed(picture: bytes) -> bytes:
    """Return a picture with fewer colours and bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    out = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def chromium() -> str:
    """Return where the browser is."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        sys.exit("There is no Chromium: install it, or name it in CHROMIUM.")
    return found


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the dashboard over a home."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.port", str(port), "--server.fileWatcherType", "none"]
    environment = os.environ | {"RECONCILE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                break
            time.sleep(0.25)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


class _Clock(type):
    """Takes every datetime for one of its own: what is read from files stays what it was."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class _Standing(datetime, metaclass=_Clock):
    """A datetime whose now begins at `MOMENT` and goes on by a second at each look."""

    looks = itertools.count()

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        moment = MOMENT + timedelta(seconds=next(cls.looks))
        return moment.replace(tzinfo=UTC) if tz else moment


@contextmanager
def standing_clock() -> Iterator[None]:
    """Let the product's modules see the standing clock, and make names without chance."""
    seen = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("reconcile.") and getattr(module, "datetime", None) is datetime
    ]
    numbers = itertools.count(1)
    with ExitStack() as patched:
        for module in seen:
            patched.enter_context(patch.object(module, "datetime", _Standing))
        told = patch.object(Ledger, "now", lambda _: _Standing.now().isoformat(" "))
        patched.enter_context(told)
        patched.enter_context(patch("pwd.getpwuid", lambda _: SimpleNamespace(pw_name="ann")))
        patched.enter_context(patch.object(records, "token_hex", lambda _: f"{next(numbers):06x}"))
        yield


if __name__ == "__main__":
    main(sys.argv[1:])
