"""What tests of the screens share: a page in memory, and a world full of hostile words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from streamlit.testing.v1 import AppTest

from conftest import ROOT
from reconcile import Kind, RunParameters, import_file, open_store, run

SEED = "![p](http://evil.invalid/p.png) <img src=http://evil.invalid/i.png> :red[$x$]"
"""What must never become more than text on a screen."""


def open_page(**address: str) -> AppTest:
    """Return the first screen, drawn once at an address."""
    page = AppTest.from_file(str(ROOT / "views" / "main.py"), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


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
