"""A small month for the import screen: leads, events, and a buyer's messy report that asks."""

from __future__ import annotations

from pathlib import Path

from reconcile import Kind, Store, import_file

LEADS = """\
transaction_id,campaign_id,pid,buyer,created_at,status,revenue,currency
L-00417,solar,google,acme,2026-10-01T10:00:00Z,sold,1041.50,EUR
L-00418,solar,bing,acme,2026-10-02T10:00:00Z,sold,18.00,EUR
L-00420,solar,bing,acme,2026-10-03T10:00:00Z,sold,77.25,EUR
"""
EVENTS = """\
event_id,transaction_id,campaign_id,pid,occurred_at,revenue,currency,buyer
sale,L-00417,solar,google,2026-10-02T15:15:00Z,1041.50,EUR,acme
sale,L-00420,solar,bing,2026-10-16T02:40:00Z,80.00,EUR,acme
"""
MESSY = """\
Acme Home Services
Lead purchase report

Lead Ref;Sold On;Price;Disposition;Agent
L-00417;02/10/2026 08:15;1.041,50 €;Sold;![p](http://evil.invalid/p.png)
L-00418;13/10/2026 09:40;18,00 €;Sold;b
L-00419;14/10/2026 09:40;n.a.;Sold;c
L-00420;15/10/2026 19:40;77,25 €;Sold;d
"""
ANSWERS = (
    "columns.transaction_id=Lead Ref",
    "columns.revenue=Price",
    "constants.event_id=sale",
    "zone=America/Los_Angeles",
    "sender=acme",
    "columns.occurred_at=Sold On",
    "columns.status=Disposition",
)
"""All that a person has to say of the messy report, and that its price is the revenue."""


def load_month(store: Store, folder: Path) -> None:
    """Load the leads and the events."""
    for name, text, kind in (("leads", LEADS, Kind.LEAD), ("events", EVENTS, Kind.EVENT)):
        path = folder / f"{name}.csv"
        path.write_text(text)
        import_file(store, path, kind=kind)


def place_messy(store: Store, name: str = "acme_oct.csv") -> Path:
    """Put the report into the inbox."""
    inbox = store.home / "inbox"
    inbox.mkdir(exist_ok=True)
    path = inbox / name
    path.write_text(MESSY)
    return path
