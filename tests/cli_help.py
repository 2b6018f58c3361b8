"""What the tests of the command line share: one call of `reconcile …`, and a small month."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from loaded_once import loaded_once
from reconcile.cli import main

PERIOD = ("--from", "2026-11-01", "--to", "2026-12-01", "--zone", "UTC")

EVENTS = """\
event_id,transaction_id,campaign_id,pid,buyer,occurred_at,revenue,currency
sale,t1,c1,g1,acme,2026-11-01T00:00:00Z,40.00,USD
sale,t2,c1,g1,acme,2026-11-04T10:00:00Z,40.00,USD
sale,t4,c1,g2,bolt,2026-11-20T10:00:00Z,10.00,USD
"""
CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t1,sale,c1,acme,2026-11-01T00:00:00Z,40.00,USD,approved
t3,sale,c1,acme,2026-11-05T10:00:00Z,25.00,USD,approved
t4,sale,c1,bolt,2026-11-20T10:00:00Z,12.50,USD,approved
"""
LEADS = """\
transaction_id,campaign_id,pid,buyer,created_at,status
t1,c1,g1,acme,2026-10-01T09:00:00Z,sold
t2,c1,g1,acme,2026-11-04T09:00:00Z,sold
t3,c1,g1,acme,2026-11-05T09:00:00Z,sold
t4,c1,g2,bolt,2026-11-20T09:00:00Z,sold
"""
SETTINGS = """\
campaign_id,event_id,name,is_conversion,allows_duplicates,position
c1,sale,Sale,yes,no,1
"""


@dataclass(frozen=True)
class Ran:
    """How a call ended and what it printed."""

    code: object
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What it printed as JSON."""
        return json.loads(self.out)


def call(*arguments: object) -> Ran:
    """Run the command line in this process, as `main` does, exit code included."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["reconcile", *map(str, arguments)]
    code: object = None
    with (
        patch.object(sys, "argv", argv),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as left:
            code = left.code
    return Ran(code, out.getvalue(), err.getvalue())


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def month(folder: Path) -> list[str]:
    """Write the small month; return the options by which `compare` reads it."""
    write(folder, "events.csv", EVENTS)
    write(folder, "claims.csv", CLAIMS)
    write(folder, "leads.csv", LEADS)
    write(folder, "settings.csv", SETTINGS)
    options = []
    for kind in ("events", "claims", "leads", "settings"):
        options += [f"--{kind}", str(folder / f"{kind}.csv")]
    return options


@loaded_once
def load_month(folder: Path) -> None:
    """Import the small month into the home."""
    month(folder)
    assert call("import", folder / "events.csv", "--kind", "event").code == 0
    assert call("import", folder / "claims.csv", "--kind", "claim", "--sender", "net").code == 0
    assert call("import", folder / "leads.csv", "--kind", "lead").code == 0
    assert call("settings", folder / "settings.csv").code == 0


@loaded_once
def run_month(folder: Path) -> Ran:
    """Import the small month and reconcile it; return the call of `run`, which has findings."""
    load_month(folder)
    ran = call("run", *PERIOD)
    assert ran.code == 1
    return ran


def run_id(ran: Ran) -> str:
    """Return the id of the run that a call of `run` told of."""
    (line,) = [line for line in ran.out.splitlines() if line.startswith("Run ")]
    return line.split()[1].rstrip(":")


def assert_refused(ran: Ran, *words: str, code: int = 2) -> None:
    """Say that a call ended in one paragraph that holds these words, and printed nothing else."""
    assert ran.code == code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert "defect" not in ran.err
    assert "\n\n" not in ran.err.strip()
    for word in words:
        assert word in ran.err
