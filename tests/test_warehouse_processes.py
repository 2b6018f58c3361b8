"""Several processes on one home at the same time."""

from __future__ import annotations

from reconcile.terms import Kind
from reconcile.warehouse import open_store
from tests.warehouse_data import finish, names, python

IMPORT = """
previous = None
for number in range(15):
    rows = [row(f"{number} {at}", at) for at in range(1, 21)]
    batch = load(store, f"f{number}.csv", rows)
    if number % 3 == 0 and previous:
        store.undo(previous.id)
    previous = batch
(store.home / "done").touch()
"""

READ = """
seen = set()
rounds = 0
while True:
    last = (store.home / "done").exists()
    engine = Engine()
    batches = store.batches()
    store.attach(engine, batches)
    asked = "select batch, count(*) from event join source_file using (file_no) group by all"
    found = dict(engine._con.execute(asked).fetchall())
    assert found == {batch.id: 20 for batch in batches}, (found, batches)
    engine.close()
    rounds += 1
    seen.add(len(batches))
    if last:
        break
assert rounds > 1 and len(seen) > 1, (rounds, seen)
print(max(seen))
"""


def test_one_imports_while_two_read(home):
    """Readers see whole batches only, ever more of them, and nobody meets an error."""
    started = [python(code, home) for code in (READ, IMPORT, READ)]
    answers = [finish(process) for process in started]
    with open_store() as store:
        visible = len(store.batches())
        assert len(store.batches(with_undone=True)) == 15
    assert int(answers[0]) >= visible
    assert int(answers[2]) >= visible


RACE = """
(store.home / "ready{me}").touch()
while not (store.home / "ready{other}").exists():
    pass
for number in range(6):
    load(store, f"f{{number}}.csv", [row(f"{{number}}", 1)], sender=f"{{number}}")
"""


def test_two_processes_import_the_same_files_at_once(home):
    """Each file becomes one batch, whoever was faster; neither meets an error."""
    started = [python(RACE.format(me=me, other=3 - me), home) for me in (1, 2)]
    for process in started:
        finish(process)
    with open_store() as store:
        assert sorted(batch.file for batch in store.batches()) == [f"f{n}.csv" for n in range(6)]
        assert names(store, Kind.EVENT) == [(f"{n}", f"f{n}.csv") for n in range(6)]
        folders = {path.name for path in store.warehouse.glob("event/*")}
        assert folders == {f"batch={batch.id}" for batch in store.batches()}
