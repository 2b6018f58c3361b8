"""Amounts that turn out to be no bare numbers only below the rows that were looked at first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importing_help import read

HEAD = "transaction_id,occurred_at,revenue\n"
BARE = "".join(f"t{n},2026-10-01 10:00:00,12.50\n" for n in range(10_001))
"""More rows than are looked at for bare numbers."""


@pytest.mark.parametrize("mapping", ["ignore = []", 'sum_by = "transaction_id"'])
def test_a_late_amount_with_thousands_or_brackets_is_read(tmp_path, mapping):
    """Neither is a bare number, and neither is damaged."""
    late = 'late1,2026-10-01 10:00:00,"1,250.00"\nlate2,2026-10-01 10:00:00,(3.00)\n'
    got = read(tmp_path, HEAD + BARE + late, mapping=mapping)
    assert got.rejects == []
    amounts = {row["transaction_id"]: row["revenue"] for row in got.rows}
    assert len(amounts) == 10_003
    assert (amounts["late1"], amounts["late2"]) == (Decimal(1250), Decimal(-3))


def test_an_amount_under_a_stated_mark_is_read_as_any_may_be(tmp_path):
    """Nobody looks whether the amounts are bare, where their mark is stated."""
    row = 't9,2026-10-01 10:00:00,"1,250.00"\n'
    got = read(tmp_path, HEAD + row, mapping='decimal = "."')
    assert got.column("revenue") == [Decimal(1250)]
