"""An id is what it was before a spreadsheet touched it, or it is rejected by name."""

from __future__ import annotations

import json

import pytest

from importing_help import read
from reconcile.errors import BadMapping
from reconcile.importing import load_mapping

HEAD = "transaction_id,occurred_at,revenue\n"


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ('"=""00123"""', "00123"),
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("'A-7", "A-7"),
    ],
)
def test_what_keeps_an_id_from_a_spreadsheet_is_taken_off(tmp_path, cell, wanted):
    """The cell as it was written stays beside the row, and the id is matched without its guard."""
    plain = read(tmp_path, f"{HEAD}{wanted},2025-10-01,1.50\n")
    got = read(tmp_path, f"{HEAD}{cell},2025-10-01,1.50\nx2,2025-10-01,1.50\n")
    assert got.column("transaction_id") == [wanted, "x2"]
    assert got.column("key_hi")[0] == plain.column("key_hi")[0]
    raw = cell.strip('"').replace('""', '"') if cell.startswith('"') else cell
    assert json.loads(got.rows[0]["extra"])["transaction_id (as written)"].strip('"') == raw.strip(
        '"'
    )
    assert got.rows[1]["extra"] is None


@pytest.mark.parametrize("cell", ["1.23457E+15", "1.23457e+15", '"1,5E+18"'])
def test_a_rounded_id_is_rejected_by_name(tmp_path, cell):
    """Small letters too; 12E5 and O'Neill are ids."""
    got = read(tmp_path, f"{HEAD}{cell},2025-10-01,1.5\n12E5,2025-10-01,1.5\nO'N,2025-10-01,2.5\n")
    assert got.column("transaction_id") == ["12E5", "O'N"]
    assert "rounded by Excel" in got.rejects[0][3]


def test_a_uuid_is_matched_in_any_case_and_kept_as_spelled(tmp_path):
    """No-break and zero-width blanks do not part it from itself either."""
    ids = ["A0EEBC99-9C0B", "a0eebc99-9c0b", "\u00a0a0eebc99\u200b-9c0b"]
    got = read(tmp_path, HEAD + "".join(f"{name},2025-10-01,1.5\n" for name in ids))
    assert got.column("transaction_id") == ids
    assert len(set(got.column("key_hi"))) == 1


@pytest.mark.parametrize("cell", ["1.23457E+15", '"1,5E+18"'])
def test_a_rounded_id_is_kept_if_somebody_says_so(tmp_path, cell):
    """It stays as it is spelled, identifies nothing by itself, and other ids are refused still."""
    said = 'damaged_ids = "keep"'
    got = read(tmp_path, f"{HEAD}{cell},2025-10-01,1.5\n12E5,2025-10-01,1.5\n", mapping=said)
    assert got.column("transaction_id") == [cell.strip('"'), "12E5"]
    assert [key is None for key in got.column("key_hi")] == [True, False]
    head = HEAD.replace("revenue", "revenue,campaign_id")
    got = read(tmp_path, f"{head}x1,2025-10-01,1.5,1.2E+17\n", mapping=said)
    assert "rounded by Excel" in got.rejects[0][3]


@pytest.mark.parametrize(
    "said", ['damaged_ids = "guess"', 'damaged_ids = "keep"\nsum_by = "transaction_id"']
)
def test_what_is_said_of_rounded_ids_must_be_meant(tmp_path, said):
    """One text may stand for many ids, so its lines are no parts of one sale."""
    (tmp_path / "m.toml").write_text(said, encoding="utf-8")
    with pytest.raises(BadMapping, match="damaged_ids"):
        load_mapping(tmp_path / "m.toml")
