"""Files that overlap are imported, undone, imported again: what counts is as of those left."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen
from reconcile.importing import import_file, remap
from reconcile.terms import Kind
from reconcile.warehouse import Store, open_store
from reconcile.warehouse.aliases import add_aliases

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


def put(store: Store, path: Path, made: int, *, answers: Sequence[str] = ()) -> str:
    """Import a report that was made on a day of November; return its batch."""
    at = datetime(2026, 11, made)
    said = {"sender": "acme", "answers": ["equal_rows=same", *answers]}
    if not any(text.startswith("zone=") for text in answers):
        said["zone"] = "UTC"
    done = import_file(store, path, kind=Kind.CLAIM, exported_at=at, **said)
    forget_templates(store)
    return done.batch.id


def forget_templates(store: Store) -> None:
    """Let no answer to one file be known of the next, which has the same headers."""
    shutil.rmtree(store.home / "templates", ignore_errors=True)


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

WAYS = ("constants.reason=late", "currency=EUR", "zone=America/New_York")
"""What may be found out later of a report; it was read without, in UTC."""


class Warehouse:
    """What is done to a warehouse, and which files are left in it, each read in which way."""

    def __init__(self, folder: Path, reports: list[tuple[list[str], bool]]) -> None:
        # A last line of its own keeps two drawn files from being the same bytes.
        self.paths = [
            write(folder / f"{n}.csv", [*lines, line(100 + n, 2)])
            for n, (lines, _) in enumerate(reports)
        ]
        self.is_full = [is_full for _, is_full in reports]
        self.left: dict[int, list[str]] = {}
        """File to the batches of its versions, the newest last."""
        self.ways: dict[int, list[str]] = {}
        """File to the answers of its versions."""

    def said(self, number: int, *ways: str) -> dict[str, Any]:
        """Return how a file is imported, and what was found out of it."""
        delivery = ["delivery=full"] if self.is_full[number] else []
        return {"answers": [*delivery, *ways]}

    def step(self, store: Store, number: int, way: int | None) -> None:
        """Put a file in or take its last version out; or read it again in another way."""
        if number not in self.left:
            done = put(store, self.paths[number], 1 + number, **self.said(number))
            self.left[number], self.ways[number] = [done], []
        elif way is None or WAYS[way] in self.ways[number]:
            store.undo(self.left[number].pop())
            if not self.left[number]:
                del self.left[number]
            self.ways[number] = self.ways[number][:-1]
        else:
            again = remap(store, self.left[number][-1], answers=[WAYS[way]])
            forget_templates(store)
            self.left[number].append(again.batch.id)
            self.ways[number].append(WAYS[way])


@settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(
        st.tuples(st.lists(LINES, min_size=1, max_size=5), st.booleans()), min_size=2, max_size=3
    ),
    st.data(),
)
def test_any_sequence_of_imports_remaps_and_undos_equals_the_files_that_are_left(
    tmp_path_factory, reports, data
):
    """Some are whole deliveries, some are read in another way later: as if only those left were."""
    folder = tmp_path_factory.mktemp("law")
    done = Warehouse(folder, reports)
    step = st.tuples(st.sampled_from(range(len(reports))), st.sampled_from([None, 0, 1, 2]))
    with open_store(folder / "sequence") as store:
        for number, way in data.draw(st.lists(step, min_size=2, max_size=7)):
            done.step(store, number, way)
        with open_store(folder / "left") as left:
            for number in sorted(done.left):
                said = done.said(number, *done.ways[number])
                put(left, done.paths[number], 1 + number, **said)
            assert tables(store) == tables(left)


def test_a_corrected_spelling_of_an_event_is_a_version_once_it_is_known_as_one(home, tmp_path):
    """Before, the row counts under both spellings; a run reads the names that it was asked with."""
    a = write(tmp_path / "a.csv", [line(n, n).replace("sale", "Sale!") for n in (1, 2)])
    b = write(tmp_path / "b.csv", [line(n, n, 6) for n in (1, 2, 3)])
    with open_store(home) as store:
        put(store, a, 1)
        newer = store.batch(put(store, b, 2))
        assert len(tables(store)) == 5
        add_aliases(store.catalog, [("event", "Sale!", "sale")])
        assert [row[-2] for row in tables(store)] == ["sale"] * 3
        counted = store.versions(newer)
        assert counted is not None
        assert (counted.changed, counted.new) == (2, 1)
        engine = Engine()
        store.attach(engine, store.batches(), events={})
        assert engine._con.table("claim").count("*").fetchall() == [(5,)]
        engine.close()
        store.undo(newer.id)
        assert len(tables(store)) == 2
