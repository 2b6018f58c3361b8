"""Files that overlap are imported, undone, imported again: what counts is as of those left."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen
from reconcile.importing import import_file
from reconcile.terms import Kind
from reconcile.warehouse import Store, open_store

HEADER = "transaction_id,event_id,occurred_at,revenue,status,buyer\n"
PLACE = ("file_no", "batch")


def write(path: Path, lines: list[str]) -> Path:
    """Write a report of these lines."""
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def tables(store: Store) -> list[tuple[Any, ...]]:
    """Return every row that counts with its file, line and all that it says."""
    engine = Engine()
    store.attach(engine, store.batches())
    asked = (
        f"select file, c.* exclude ({PLACE[0]}) from claim as c join source_file using (file_no)"
    )
    rows = engine._con.execute(asked).fetchall()
    engine.close()
    return sorted(rows, key=repr)


def put(store: Store, path: Path, made: int) -> str:
    """Import a report that was made on a day of November; return its batch."""
    at = datetime(2026, 11, made)
    said = {"zone": "UTC", "sender": "acme", "answers": ["equal_rows=same"]}
    done = import_file(store, path, kind=Kind.CLAIM, exported_at=at, **said)
    return done.batch.id


def line(lead: int, at: int, amount: int = 5, status: str = "sold") -> str:
    """Return a line of a report; lead 0 is a row without an id."""
    name = f"lead-{lead:04}" if lead else ""
    return f"{name},sale,2026-10-{at:02} 10:00:00,{amount}.00,{status},acme"


def test_undoing_the_older_of_two_overlapping_files_leaves_the_newer_alone(home, tmp_path):
    """Import A, then B that shares rows and changes one, undo A: the tables are those of B."""
    a = write(tmp_path / "a.csv", [line(n, n) for n in range(1, 11)] + [line(0, 3)])
    b = write(tmp_path / "b.csv", [line(n, n, 6 if n == 7 else 5) for n in range(5, 16)])
    with open_store(home / "both") as both, open_store(home / "one") as one:
        first = put(both, a, 1)
        put(both, b, 2)
        assert len(tables(both)) == 16
        both.undo(first)
        put(one, b, 2)
        assert tables(both) == tables(one) != []


def test_equal_rows_without_an_id_are_asked_about(home, tmp_path):
    """In two files of one time they may be the same rows or others; in files apart they are not."""
    a = write(tmp_path / "a.csv", [line(1, 1), line(0, 3), line(2, 4)])
    b = write(tmp_path / "b.csv", [line(0, 3), line(5, 5)])
    said = {"kind": Kind.CLAIM, "zone": "UTC", "sender": "acme"}
    with open_store() as store:
        import_file(store, a, **said)
        with pytest.raises(QuestionOpen, match="line 2") as caught:
            import_file(store, b, **said)
        assert [question.key for question in caught.value.questions] == ["equal_rows"]
        assert len(store.batches()) == 1
        other = import_file(store, b, **said | {"sender": "other"}).batch
        assert len(tables(store)) == 5
        store.undo(other.id)
        import_file(store, b, **said, answers=["equal_rows=same"])
        assert len(tables(store)) == 4
        later = write(tmp_path / "c.csv", [line(0, 9), line(7, 10)])
        assert import_file(store, later, **said).batch.rows == 2


LINES = st.builds(
    line,
    lead=st.sampled_from([0, 1, 1, 2, 3]),
    at=st.integers(1, 4),
    amount=st.sampled_from([5, 5, 6, -5]),
    status=st.sampled_from(["sold", "returned"]),
)


@settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.lists(LINES, min_size=1, max_size=5), min_size=2, max_size=3), st.data())
def test_any_sequence_of_imports_and_undos_equals_the_files_that_are_left(
    tmp_path_factory, reports, data
):
    """Import and undo in any order, some several times: as if only those left had been imported."""
    folder = tmp_path_factory.mktemp("law")
    # A last line of its own keeps two drawn files from being the same bytes.
    paths = [
        write(folder / f"{n}.csv", [*lines, line(100 + n, 2)]) for n, lines in enumerate(reports)
    ]
    steps = data.draw(st.lists(st.sampled_from(range(len(paths))), min_size=2, max_size=7))
    there: dict[int, str] = {}
    with open_store(folder / "sequence") as store:
        for number in steps:  # a file that is there is taken out, else it is put in
            if number in there:
                store.undo(there.pop(number))
            else:
                there[number] = put(store, paths[number], 1 + number)
        with open_store(folder / "left") as left:
            for number in sorted(there):
                put(left, paths[number], 1 + number)
            assert tables(store) == tables(left)
