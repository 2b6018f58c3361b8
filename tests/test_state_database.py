"""The door to SQLite: settings, migrations, transactions, threads."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from reconcile import state
from reconcile.errors import WarehouseError
from reconcile.state import Conflict, Database
from tests.warehouse_data import finish, python


@pytest.fixture
def catalog(tmp_path):
    """Return a fresh catalog."""
    database = Database.open(tmp_path / "catalog.sqlite", migrations="catalog")
    yield database
    database.close()


def add(database: Database, name: str = "sale", is_conversion: str = "yes") -> None:
    """Add one setting."""
    values = {"campaign_id": "c1", "event_id": name, "name": None, "position": None}
    values |= {"is_conversion": is_conversion, "allows_duplicates": "no", "changed_at": "now"}
    values |= {"removed": 0, "said_by": None}
    database.execute("warehouse/add_setting", **values)


def test_every_commit_is_durable_and_readers_never_wait(catalog):
    """The file is in WAL mode, each commit is synced, references are checked."""
    connection = catalog._connection()
    found = [connection.execute(f"pragma {name}").fetchone()[0] for name in PRAGMAS]
    assert dict(zip(PRAGMAS, found, strict=True)) == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_migrations_are_applied_once_and_in_order(catalog):
    """A second opening finds them applied and adds none."""
    again = Database.open(catalog.path, migrations="catalog")
    numbers = [row[0] for row in again._connection().execute("select number from migration")]
    assert numbers == list(range(1, len(state._migrations("catalog")) + 1))
    assert again.schema_version() == numbers[-1]
    again.close()


def test_a_newer_schema_is_refused(catalog):
    """A file that a newer release wrote is left alone, and the text says what to do."""
    catalog.execute("state/record_migration", number=99, name="later", applied_at="2030")
    with pytest.raises(WarehouseError, match=r"newer release \(schema 99; .*Install that release"):
        Database.open(catalog.path, migrations="catalog")
    assert catalog.schema_version() == 99


def test_a_migration_that_fails_leaves_the_file_as_it_was(catalog, monkeypatch):
    """Its statements are undone together, and the next opening tries again."""
    known = state._migrations("catalog")
    texts = {"state/catalog/bad": "create table half (id text);\ncreate table half (id text);\n"}
    monkeypatch.setattr(state, "_migrations", lambda folder: [*known, "bad"])
    read = state._question
    monkeypatch.setattr(state, "_question", lambda name: texts.get(name) or read(name))
    with pytest.raises(WarehouseError, match="half already exists"):
        Database.open(catalog.path, migrations="catalog")
    assert catalog.schema_version() == len(known)
    tables = [row[0] for row in catalog._connection().execute("select name from sqlite_master")]
    assert "half" not in tables


def test_a_migration_may_hold_several_statements_and_a_trigger():
    """Semicolons inside a trigger end no statement; comments after the last one do no harm."""
    text = """
    create table a (b text);
    -- A reason; with a semicolon.
    create trigger t after insert on a begin
        update a set b = 'x';
    end;
    -- The end.
    """
    found = [statement.split()[-1] for statement in state._statements(text)]
    assert found == ["text);", "end;", "end."]


def test_migrations_must_be_numbered_without_a_gap(monkeypatch, tmp_path):
    """A number left out would be skipped for ever in files that already passed it."""
    folder = tmp_path / "sql" / "state" / "odd"
    folder.mkdir(parents=True)
    for name in ("0001_a.sql", "0003_c.sql"):
        (folder / name).touch()
    monkeypatch.setattr(state, "files", lambda package: tmp_path)
    with pytest.raises(WarehouseError, match="not numbered"):
        state._migrations("odd")


def test_a_transaction_is_all_or_nothing(catalog):
    """An error inside undoes what came before it."""

    def fail_half_way() -> None:
        with catalog.transaction():
            add(catalog)
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert catalog.query("warehouse/settings") == []


def test_a_broken_rule_is_a_conflict_and_changes_nothing(catalog):
    """A word outside the vocabulary is refused by the table itself."""
    with pytest.raises(Conflict, match="CHECK constraint failed"):
        add(catalog, is_conversion="perhaps")
    assert catalog.one("warehouse/settings") is None


def test_a_writer_that_waits_too_long_is_told_why(catalog):
    """While one transaction is open, another's wait ends in our error."""
    other = Database.open(catalog.path, migrations="catalog", timeout=0.01)
    with catalog.transaction(), pytest.raises(WarehouseError, match=r"locked.*Another process"):
        add(other)
    other.close()


def test_a_reader_is_not_stalled_by_an_open_transaction(catalog):
    """It sees the state before, at once."""
    reader = Database.open(catalog.path, migrations="catalog", read_only=True, timeout=0.01)
    with catalog.transaction():
        add(catalog)
        assert reader.query("warehouse/settings") == []
    assert len(reader.query("warehouse/settings")) == 1
    reader.close()


def test_a_reader_cannot_write(catalog):
    """A file opened read-only refuses a change and says why."""
    reader = Database.open(catalog.path, migrations="catalog", read_only=True)
    with pytest.raises(WarehouseError, match="opened only for reading"):
        add(reader)
    reader.close()


def test_a_reader_makes_and_migrates_nothing(tmp_path):
    """Neither a missing nor an older file is changed by one who only reads."""
    missing, old = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    with pytest.raises(WarehouseError, match="no such file"):
        Database.open(missing, migrations="catalog", read_only=True)
    old.touch()
    with pytest.raises(WarehouseError, match="Open it once for writing"):
        Database.open(old, migrations="catalog", read_only=True)
    assert not missing.exists()
    assert old.stat().st_size == 0


def test_threads_have_connections_of_their_own(catalog):
    """Eight threads write at once through one Database; nothing is lost."""

    def write(thread: int) -> None:
        for number in range(20):
            with catalog.transaction():
                add(catalog, f"{thread} {number}")

    threads = [Thread(target=write, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(catalog.query("warehouse/settings")) == 160
    assert len(catalog._handles) == 1


def test_many_rows_in_one_transaction(catalog):
    """`execute_many` runs a statement per row."""
    row = {"name": None, "applied_at": "2026"}
    with catalog.transaction():
        rows = ({**row, "number": n, "name": str(n)} for n in (101, 102))
        assert catalog.execute_many("state/record_migration", rows) == 2
    assert catalog.schema_version() == 102


def test_a_file_that_is_no_database_is_named(tmp_path):
    """The error says which file, and what to do."""
    path = tmp_path / "catalog.sqlite"
    path.write_text("this is no database, but a text long enough to be taken for one" * 20)
    with pytest.raises(
        WarehouseError, match=r"catalog\.sqlite: file is not a database.*restore it"
    ):
        Database.open(path, migrations="catalog")


def test_processes_that_make_a_file_at_once_do_not_trip(tmp_path):
    """Four processes open a home that does not exist yet; one makes it, all use it."""
    code = "print(store.catalog.schema_version())"
    started = [python(code, tmp_path / "home") for _ in range(4)]
    assert {finish(process) for process in started} == {str(len(state._migrations("catalog")))}


def test_the_doctor_names_what_endangers_a_file(catalog):
    """A SQLite with the WAL-reset fault is told, a mended one is not; nor is a sound file."""
    assert "SQLite 3.51.2 can" in state.wal_reset_fault((3, 51, 2))[0]
    assert state.wal_reset_fault((3, 51, 3)) == []
    assert [text for text in state.doctor(catalog.path) if "checkpoint" not in text] == []


def test_the_doctor_sees_a_damaged_file(catalog):
    """Pages overwritten with noise are found, and so is a file that is something else."""
    catalog.close()
    size = catalog.path.stat().st_size
    with catalog.path.open("rb+") as file:
        file.seek(4096)
        file.write(b"noise" * ((size - 4096) // 5))
    assert "catalog.sqlite is damaged" in state.doctor(catalog.path)[-1]
    catalog.path.write_bytes(b"noise" * 1000)
    assert "damaged: file is not a database" in state.doctor(catalog.path)[-1]


def test_a_network_file_system_is_refused(tmp_path, monkeypatch):
    """The longest mount point that holds the path decides, blanks in its name included."""
    mounts = tmp_path / "mounts"
    mounts.write_text("dev / ext4 rw 0 0\nnas:/x /mnt/my\\040share nfs4 rw 0 0\n")
    assert state.network_file_system(Path("/mnt/my share/home"), mounts) == "nfs4"
    assert state.network_file_system(Path("/mnt/else"), mounts) is None
    assert state.network_file_system(Path("/mnt"), tmp_path / "none") is None
    monkeypatch.setattr(state, "network_file_system", lambda path: "nfs4")
    with pytest.raises(WarehouseError, match=r"network file system .nfs4.*RECONCILE_HOME"):
        Database.open(tmp_path / "catalog.sqlite", migrations="catalog")
