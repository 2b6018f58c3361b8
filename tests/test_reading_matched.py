"""`explain` of rows that a run matched and kept no row of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from reconcile import explain, findings, run
from reconcile.errors import NotFound, WarehouseError
from reconcile.importing import import_file
from reconcile.importing.records import Mapping
from reconcile.matching.parameters import RunParameters
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store, open_store

HEADER = "transaction_id,event_id,campaign_id,buyer,occurred_at,revenue\n"
ASKED = RunParameters(date_from=date(2026, 10, 1), date_to=date(2026, 11, 1), zone="UTC")
Load = Callable[..., Batch]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a warehouse in a folder whose name would be a pattern, were it taken for one."""
    with open_store(tmp_path / "home[1]") as store:
        yield store


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Load:
    def load(kind: Kind, folder: str, *rows: str) -> Batch:
        path = tmp_path / folder / f"{kind}s.csv"
        path.parent.mkdir(exist_ok=True)
        lines = (f"{row.replace(' ', ',sale,c,acme,')}:00:00Z,5\n" for row in rows)
        path.write_text(HEADER + "".join(lines))
        return import_file(store, path, kind=kind, mapping=Mapping(sender=folder)).batch

    return load


def test_a_pair_of_two_spellings_is_explained(store, load):
    """They are joined because no other row of any spelling is left over."""
    events = load(Kind.EVENT, "a", "q-1 2026-10-12T00", "Q2 2026-10-12T00", "q2 2026-10-12T00")
    claims = load(Kind.CLAIM, "a", "q1 2026-10-12T00", "q-2 2026-10-12T00")
    found = run(store, ASKED)
    event, claim = (explain(store, found.id, f"{b.id}:2").row for b in (events, claims))
    assert (event["class"], event["rule"]) == ("matched", "loose_id")
    assert (event["partner_batch"], event["partner_line"]) == (claims.id, 2)
    assert (claim["partner_batch"], claim["partner_line"]) == (events.id, 2)
    assert explain(store, found.id, f"{claims.id}:3").row["class"] == "ambiguous"


def test_files_of_one_name_are_told_apart(store, load):
    """A finding in one of them is not the answer if a matched row of the other may be meant."""
    events = load(Kind.EVENT, "a", "q1 2026-10-12T00", "q2 2026-10-12T00")
    other = load(Kind.EVENT, "b", "q3 2026-10-12T00")
    load(Kind.CLAIM, "a", "q1 2026-10-12T00")
    found = run(store, ASKED)
    with pytest.raises(NotFound, match="could be any of") as told:
        explain(store, found.id, "events.csv:2")
    assert f"event:{events.id}:2" in str(told.value)
    assert f"event:{other.id}:2" in str(told.value)
    assert explain(store, found.id, f"event:{events.id}:2").row["class"] == "matched"
    assert explain(store, found.id, "events.csv:3").row["batch"] == events.id
    assert len(findings(store, found.id)) == 2


def test_a_missing_file_is_named(store, load):
    """Of the rows a run keeps no copy of, so that they are read as imported."""
    load(Kind.EVENT, "a", "q1 2026-10-12T00", "q2 2026-10-12T00")
    claims = load(Kind.CLAIM, "a", "q1 2026-10-12T00", "q3 2026-10-12T00")
    found = run(store, ASKED)
    for path in claims.rows_paths:
        path.unlink()
    for place in ("claims.csv:2", "claims.csv:3", "events.csv:2"):
        with pytest.raises(WarehouseError, match=r"is missing\. Restore it"):
            explain(store, found.id, place)
