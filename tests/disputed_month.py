"""A month whose two buyers have each kind of finding that is asked about or corrected."""

from __future__ import annotations

from pathlib import Path

from cli_help import PERIOD, SETTINGS, call, run_id, write

EVENTS = """\
event_id,transaction_id,campaign_id,pid,buyer,occurred_at,revenue,currency
sale,t1,c1,g1,acme,2026-11-10T10:00:00Z,40.00,USD
sale,t2,c1,g1,acme,2026-11-04T10:00:00Z,40.00,USD
sale,t3,c1,g2,acme,2026-11-05T10:00:00Z,10.00,USD
sale,t4,c1,g2,acme,2026-11-20T10:00:00Z,10.00,USD
sale,t5,c1,g1,acme,2026-11-01T10:00:00Z,40.00,USD
sale,t5,c1,g1,acme,2026-11-01T11:00:00Z,40.00,USD
sale,=x9,c1,g9,acme,2026-11-21T10:00:00Z,5.00,USD
sale,T-6,c1,g2,bolt,2026-11-04T10:00:00Z,40.00,USD
"""
CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t2,sale,c1,acme,2026-11-04T10:00:00Z,37.25,USD,approved
t3,sale,c1,acme,2026-11-05T10:00:00Z,14.00,CAD,approved
t4,sale,c1,acme,2026-11-20T10:00:00Z,10.00,USD,rejected
t5,sale,c1,acme,2026-11-01T10:00:00Z,40.00,USD,approved
t6,sale,c1,bolt,2026-11-04T10:00:00Z,42.25,USD,approved
"""
LEADS = """\
transaction_id,campaign_id,pid,buyer,created_at,status
t1,c1,g1,acme,2026-10-01T09:00:00Z,sold
t2,c1,g1,acme,2026-10-01T09:00:00Z,sold
t3,c1,g2,acme,2026-10-01T09:00:00Z,sold
t4,c1,g2,acme,2026-10-01T09:00:00Z,sold
t5,c1,g1,acme,2026-10-01T09:00:00Z,sold
T-6,c1,g2,bolt,2026-10-01T09:00:00Z,sold
"""


def load_disputed(folder: Path) -> str:
    """Import the month into the home that is set and reconcile it; return the run's id."""
    for name, text, kind in (
        ("events.csv", EVENTS, "event"),
        ("claims.csv", CLAIMS, "claim"),
        ("leads.csv", LEADS, "lead"),
    ):
        ran = call("import", write(folder, name, text), "--kind", kind, "--sender", "net")
        assert ran.code == 0, ran
    assert call("settings", write(folder, "settings.csv", SETTINGS)).code == 0
    cover = "[[lead_cover]]\nfrom = 2026-09-01\nto = 2026-12-31\n"
    return run_id(call("run", *PERIOD, "--params", write(folder, "params.toml", cover)))
