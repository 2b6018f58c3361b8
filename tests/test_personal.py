"""Columns of persons that a mapping drops or hashes appear nowhere."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from reconcile import preview, remap
from reconcile.engine import Engine
from reconcile.errors import BadMapping
from reconcile.importing import import_file, load_mapping
from reconcile.importing.keeping import SOURCE
from reconcile.importing.salting import salt_of
from reconcile.terms import Kind
from reconcile.warehouse import Store, open_store
from tests.cli_help import call

TEXT = """
October report
transaction_id,occurred_at,revenue,Email,Phone
t1,2026-10-01 10:00:00,1.50,Ann@Example.com,"555
0101"
t2,2026-10-02 25:00:00,2.50,bob@example.com,5550102
t3,2026-10-03 10:00:00,3.50,carl@example.com
t4,2026-10-04 10:00:00,4.50,dora@example.com,5550104
,,6.00,Total,
"""
SECRETS = (
    "example.com",
    "5550102",
    "5550104",
    '"555',
    '0101"',
    "555\\n0101",
    "Ann@",
    "bob",
    "carl",
)
# So long that no hash and no time of day holds them by chance.
MAPPING = """
sender = "acme"
drop = ["Phone"]
hash = ["Email"]
"""


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


@pytest.fixture
def path(tmp_path):
    """Return a file that holds addresses and numbers."""
    path = tmp_path / "file.csv"
    path.write_text(inspect.cleandoc(TEXT) + "\n", encoding="utf-8")
    return path


def mapping_of(folder, text: str = MAPPING):
    """Return a mapping of this text."""
    told = folder / "sender.toml"
    told.write_text(inspect.cleandoc(text), encoding="utf-8")
    return load_mapping(told)


def everything(store: Store) -> str:
    """Return all that is stored, the packed and the Parquet files included, as text."""
    engine, told = Engine(), []
    for file in sorted(store.home.rglob("*")):
        if file.suffix == ".parquet":
            told.append(str(engine._con.read_parquet(str(file)).fetchall()))
        elif file.name == SOURCE:
            told.append(kept(file))
        elif file.is_file():
            told.append(file.read_bytes().decode("latin-1"))
    engine.close()
    return "\n".join(told)


def rows_of(store: Store) -> list[dict[str, Any]]:
    """Return the claims that count, in the order of their lines."""
    engine = Engine()
    store.attach(engine, store.batches())
    rows = engine._con.table("claim").order("line_no").to_arrow_table().to_pylist()
    engine.close()
    return rows


def kept(file) -> str:
    """Return what a batch keeps as text, its Parquet, too."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if file.read_bytes()[:4] == b"PAR1":
        table = pq.read_table(file)
        return f"{table.schema.metadata} {table.to_pylist()}"
    with file.open("rb") as packed:
        return pa.CompressedInputStream(packed, "zstd").read().decode()


def test_personal_values_are_stored_and_shown_nowhere(store, path, tmp_path):
    """Not in rows, rejected lines, the kept file or the preview; lines keep their numbers."""
    mapping = mapping_of(tmp_path)
    seen = preview(store, path, kind=Kind.CLAIM, zone="UTC", mapping=mapping)
    shown = repr((seen.rows, seen.rejects, seen.staged, seen.columns, seen.head))
    batch = import_file(store, path, kind=Kind.CLAIM, zone="UTC", mapping=mapping).batch
    told = everything(store) + shown + call("rejected", batch.id, "--home", store.home).out
    assert [secret for secret in SECRETS if secret in told] == []
    classes = {"title": 1, "header": 1, "data": 3, "continuation": 1, "short": 1, "total": 1}
    assert batch.line_classes == classes
    assert [(line.line_no, line.column) for line in seen.rejects] == [(5, "occurred_at"), (6, None)]
    hashed = salt_of(store.home).hashed("ann@example.com")
    [extra] = [row["extra"] for row in rows_of(store) if row["line_no"] == 3]
    assert json.loads(extra) == {"Email": hashed}


def test_remapping_hashes_nothing_twice(store, path, tmp_path):
    """What was dropped stays dropped, and what is dropped later leaves the kept file, too."""
    batch = import_file(
        store, path, kind=Kind.CLAIM, zone="UTC", mapping=mapping_of(tmp_path)
    ).batch
    first = kept(batch.path / SOURCE)
    again = remap(store, batch.id, answers=["currency=USD"]).batch
    assert kept(again.path / SOURCE) == first
    last = remap(store, again.id, answers=["drop=Email"]).batch
    assert salt_of(store.home).hashed("ann@example.com") in first
    assert salt_of(store.home).hashed("ann@example.com") not in kept(last.path / SOURCE)


def test_a_personal_column_of_another_name_is_refused(store, path, tmp_path):
    """Else it would be stored unseen."""
    with pytest.raises(BadMapping, match="no column 'Mail'"):
        import_file(store, path, kind=Kind.CLAIM, mapping=mapping_of(tmp_path, 'drop = ["Mail"]'))
    assert store.batches() == []
    assert "Ann" not in everything(store)
