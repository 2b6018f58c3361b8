"""What tests of the screens share: a page in memory, and a world full of hostile words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from streamlit.testing.v1 import AppTest

from conftest import ROOT
from reconcile import Kind, RunParameters, Store, import_file, jobs, known_runs, open_store, run

SEED = "![p](http://evil.invalid/p.png) <img src=http://evil.invalid/i.png> :red[$x$]"
"""What must never become more than text on a screen."""


def open_page(screen: str = "summary", **address: str) -> AppTest:
    """Return a screen, drawn once at an address."""
    page = AppTest.from_file(str(ROOT / "views" / "main.py"), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    if screen != "summary":
        page.switch_page(f"{screen}.py").run()
    assert not page.exception
    return page


def work_here(command: list[str], **_: Any) -> Any:
    """Stand in for the process of a job: it is done here, and at once."""
    with open_store() as store:
        jobs.work(store, command[-1])
    return SimpleNamespace(wait=lambda: 0)


def texts(page: AppTest) -> list[str]:
    """Return what a screen says as plain text."""
    return [element.value for element in page.text]


def grid(page: AppTest, column: str) -> Any:
    """Return the first table that has a column."""
    return next(frame.value for frame in page.dataframe if column in frame.value.columns)


def button(page: AppTest, label: str) -> Any:
    """Return the first button whose label begins so."""
    return next(one for one in page.button if one.label.startswith(label))


def newest(home: Path) -> tuple[Store, str]:
    """Return the store and the id of its newest run."""
    store = open_store(home)
    return store, known_runs(store)[0].record.id


def load_hostile(home: Path, folder: Path) -> str:
    """Load events and claims whose every text is hostile, reconcile them, return the run's id."""
    events = folder / "events.csv"
    head = "event_id,transaction_id,campaign_id,pid,occurred_at,revenue,currency,buyer\n"
    events.write_text(
        head
        + "".join(
            f"{SEED} e,{SEED} t{n},{SEED} c,{SEED} p,2026-11-0{n}T12:00:00Z,{n}0.00,USD,{SEED}\n"
            for n in (1, 2, 3)
        )
    )
    claims = folder / "claims.csv"
    claims.write_text(
        "buyer,transaction_id,event_id,campaign_id,occurred_at,revenue,currency,status\n"
        f"{SEED},{SEED} t1,{SEED} e,{SEED} c,2026-11-01T12:00:00Z,15.00,USD,approved\n"
        f"{SEED},{SEED} t9,{SEED} e,{SEED} c,2026-11-04T12:00:00Z,7.00,USD,approved\n"
    )
    with open_store(home) as store:
        import_file(store, events, kind=Kind.EVENT, zone="UTC", sender=SEED)
        import_file(store, claims, kind=Kind.CLAIM, zone="UTC", sender=SEED)
        parameters = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")
        return run(store, parameters).id
