"""A clean file from its bytes to its typed rows."""

from __future__ import annotations

from decimal import Decimal

from reconcile.engine import Engine
from reconcile.importing import StageOptions, stage
from reconcile.terms import Kind


def test_a_canonical_event_file_is_typed_row_by_row(tmp_path):
    """Ids stay text, money is exact, times become UTC, and the line is that of the file."""
    path = tmp_path / "events.csv"
    path.write_text(
        "transaction_id,event_id,buyer,occurred_at,revenue,currency\n"
        "00007919,sale,Acme,2025-10-01 10:00:00,12.50,usd\n"
        "t2,sale,Acme,2025-10-02,,USD\n"
    )
    engine = Engine()
    staged = stage(engine, path, kind=Kind.EVENT, options=StageOptions(zone="America/New_York"))
    assert (staged.rows, staged.rejected) == (2, 0)
    assert staged.line_classes == {"data": 2, "header": 1}
    table = engine._con.table("event").order("line_no")
    rows = table.select(
        "line_no, transaction_id, occurred_at::varchar, revenue, currency"
    ).fetchall()
    assert rows == [
        (2, "00007919", "2025-10-01 14:00:00", Decimal("12.5000"), "USD"),
        (3, "t2", "2025-10-02 04:00:00", None, "USD"),
    ]
