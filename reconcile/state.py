"""The only door to SQLite: the catalog and the ledger, their settings, migrations and locks.

WAL with `synchronous = FULL`: every commit is on disk when it returns, and readers never wait for
a writer. One `Database` may be shared by threads: each thread gets a connection of its own.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from filelock import FileLock

from reconcile.errors import WarehouseError

Row = sqlite3.Row

# SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections checkpoint at the same time.
SAFE_SQLITE = (3, 51, 3)

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs"}
)

_FAILPOINT = os.environ.get("RECONCILE_FAILPOINT")


def failpoint(name: str) -> None:
    """Die as if killed, if the environment's RECONCILE_FAILPOINT is this name (for tests)."""
    if name == _FAILPOINT:
        os._exit(137)


def new_lock(path: Path, *, timeout: float = -1) -> FileLock:
    """Return a lock between processes, which the kernel frees when its holder dies.

    Waits `timeout` seconds, for ever if negative, then raises `filelock.Timeout`. A file system
    without such locks raises, instead of falling back to a marker file that a killed process
    would leave behind for ever.
    """
    return FileLock(
        path, timeout=timeout, thread_local=False, poll_interval=0.01, fallback_to_soft=False
    )


class Conflict(WarehouseError):
    """A row breaks a rule of its table, such as one that must be unique."""


class Database:
    """One SQLite file with its migrations applied; see `open`."""

    def __init__(self, path: Path, *, read_only: bool, timeout: float) -> None:
        """Remember where the file is; use `open`, which also migrates it."""
        self.path = path
        self.read_only = read_only
        self._timeout = timeout
        self._local = threading.local()
        self._handles: weakref.WeakSet[_Handle] = weakref.WeakSet()

    @classmethod
    def open(
        cls, path: Path, *, migrations: str, read_only: bool = False, timeout: float = 30.0
    ) -> Database:
        """Open a file and bring it to the newest schema.

        Args:
            path: The SQLite file; made if absent, unless `read_only`.
            migrations: Folder under `sql/state` whose numbered files make the schema.
            read_only: Never write, migrations included.
            timeout: Seconds to wait for another writer.

        Raises:
            WarehouseError: The file is no database, its schema is newer than this release
                knows (or older, when `read_only`), or it lies on a network file system.
        """
        _refuse_network(path)
        if read_only and not path.is_file():
            raise WarehouseError(f"{path}: there is no such file. Check the folder given as home.")
        database = cls(path, read_only=read_only, timeout=timeout)
        try:
            database._bring_up_to_date(migrations)
        except BaseException:
            database.close()
            raise
        return database

    def query(self, question_name: str, **params: object) -> list[Row]:
        """Answer a question as rows that are read by column name."""
        with self._translated():
            return self._connection().execute(_question(question_name), params).fetchall()

    def each(self, question_name: str, **params: object) -> Iterator[Row]:
        """Answer a question row by row, so that a long answer is never in memory as a whole."""
        with self._translated():
            yield from self._connection().execute(_question(question_name), params)

    def one(self, question_name: str, **params: object) -> Row | None:
        """Answer a question of at most one row; None when there is none."""
        rows = self.query(question_name, **params)
        return rows[0] if rows else None

    def execute(self, question_name: str, **params: object) -> int:
        """Run a statement and return how many rows it touched; a transaction of its own if none is.

        Raises:
            Conflict: The statement breaks a rule of the table; nothing was changed.
        """
        with self._translated():
            return self._connection().execute(_question(question_name), params).rowcount

    def execute_many(
        self, question_name: str, rows: Iterable[Mapping[str, object] | tuple[object, ...]]
    ) -> int:
        """Run a statement once per row; use it inside `transaction`, one commit for all."""
        with self._translated():
            return self._connection().executemany(_question(question_name), rows).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing: take the writer's place at once, commit at the end.

        BEGIN IMMEDIATE, because a transaction that reads first and writes later fails when
        another writer came between. An exception rolls back. Not nestable.
        """
        connection = self._connection()
        with self._translated():
            connection.execute(_question("state/begin"))
        try:
            yield
            with self._translated():
                connection.commit()
        except BaseException:
            connection.rollback()
            raise

    @contextmanager
    def wide_cache(self) -> Iterator[None]:
        """Keep more of the file in memory meanwhile, to write very many rows at once.

        The places of an index are not written in order: with too little memory each page of it
        would go to disk and come back again and again.
        """
        self.query("state/set_cache_wide")
        try:
            yield
        finally:
            self.query("state/set_cache")

    def schema_version(self) -> int:
        """Return the number of the newest migration applied, 0 for none."""
        if not self.query("state/has_migrations"):
            return 0
        return int(self.query("state/schema_version")[0]["number"])

    def close(self) -> None:
        """Close the connections of all threads."""
        for handle in list(self._handles):
            handle.connection.close()
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        handle = getattr(self._local, "handle", None)
        if handle is None:
            handle = _Handle(self._connect())
            self._local.handle = handle
            self._handles.add(handle)
        connection: sqlite3.Connection = handle.connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self.read_only else "rwc"
        with self._translated():
            connection = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode={mode}",
                uri=True,
                timeout=self._timeout,
                isolation_level=None,
                # Only so that `close` may close the connections of other threads.
                check_same_thread=False,
            )
            connection.row_factory = sqlite3.Row
            try:
                for name in ("synchronous", "foreign_keys"):
                    connection.execute(_question(f"state/set_{name}"))
            except BaseException:
                connection.close()
                raise
            return connection

    def _bring_up_to_date(self, migrations: str) -> None:
        known = _migrations(migrations)
        if self._is_current(len(known)):
            return
        if self.read_only:
            raise WarehouseError(
                f"{self.path}: its schema is older than this release's {len(known)}, and it was "
                "opened only for reading. Open it once for writing."
            )
        # Turning a fresh file to WAL ignores the busy timeout, so newcomers queue here.
        with new_lock(self.path.with_name(f"{self.path.name}.migrate.lock")):
            self.query("state/set_journal")
            with self.transaction():
                self.execute("state/create_migration")
                self._apply(known, migrations)

    def _is_current(self, known: int) -> bool:
        found = self.schema_version()
        if found > known:
            raise WarehouseError(
                f"{self.path}: written by a newer release (schema {found}; this one knows up to "
                f"{known}). Install that release or a later one; the file was not touched."
            )
        return found == known

    def _apply(self, known: list[str], folder: str) -> None:
        for number in range(self.schema_version() + 1, len(known) + 1):
            name = known[number - 1]
            with self._translated():
                for statement in _statements(_question(f"state/{folder}/{name}")):
                    self._connection().execute(statement)
            now = datetime.now(UTC).isoformat()
            self.execute("state/record_migration", number=number, name=name, applied_at=now)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn SQLite's errors into ours."""
        try:
            yield
        except sqlite3.IntegrityError as error:
            raise Conflict(f"{self.path}: {error}.") from error
        except sqlite3.DatabaseError as error:
            raise WarehouseError(f"{self.path}: {error}. {_cure(error)}") from error


class _Handle:
    """A connection that is closed when its thread ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


def doctor(path: Path) -> list[str]:
    """Say in whole sentences what endangers a SQLite file here; an empty list is good news."""
    found = wal_reset_fault(sqlite3.sqlite_version_info)
    kind = network_file_system(path)
    if kind is not None:
        found.append(f"{path} lies on a network file system ({kind}): move it to a local disk.")
    if path.is_file():
        answer = _quick_check(path)
        if answer != "ok":
            found.append(f"{path} is damaged: {answer}. Restore it from a copy.")
    return found


def _quick_check(path: Path) -> str:
    """Return the word ok, or what SQLite says is wrong with a file."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return str(connection.execute(_question("state/quick_check")).fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)


def wal_reset_fault(version: tuple[int, ...]) -> list[str]:
    """Say whether a SQLite of this version has the fault that 3.51.3 mends."""
    if version >= SAFE_SQLITE:
        return []
    name = ".".join(map(str, version))
    text = (
        f"SQLite {name} can, very rarely, damage a file that two processes checkpoint at the same "
        "moment; 3.51.3 mends it. Use a Python that carries it."
    )
    return [text]


def network_file_system(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """Return the kind of network file system that holds a path, None if it is a local one.

    SQLite's WAL needs shared memory, which network file systems do not have. Known on Linux only.
    """
    if not mounts.is_file():
        return None
    place = path.resolve()
    best = ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, folder, kind = line.split(" ")[:3]
        folder = folder.replace("\\040", " ")
        if place.is_relative_to(folder) and len(folder) >= len(best[0]):
            best = (folder, kind)
    return best[1] if best[1] in NETWORK_FILE_SYSTEMS else None


@cache
def _question(name: str) -> str:
    """Return the text of one question; the engine's twin of this is no room of ours to enter."""
    return (files("reconcile") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def _refuse_network(path: Path) -> None:
    kind = network_file_system(path)
    if kind is not None:
        raise WarehouseError(
            f"{path}: lies on a network file system ({kind}), where SQLite cannot keep its "
            "promises. Choose a home on a local disk (RECONCILE_HOME)."
        )


def _migrations(folder: str) -> list[str]:
    """Return the names of the numbered files; the numbers must be 1, 2, 3 and so on."""
    listed = (files("reconcile") / "sql" / "state" / folder).iterdir()
    names = sorted(item.name.removesuffix(".sql") for item in listed if item.name[:4].isdigit())
    if [int(name[:4]) for name in names] != list(range(1, len(names) + 1)):
        raise WarehouseError(f"the migrations of {folder} are not numbered 1, 2, 3 ..: {names}")
    return names


def _statements(text: str) -> Iterator[str]:
    """Split a migration: `executescript` would commit the transaction it must stay inside."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _cure(error: sqlite3.DatabaseError) -> str:
    if "locked" in str(error):
        return "Another process is writing: wait for it, then try again."
    if "readonly" in str(error):
        return "It was opened only for reading, or the folder may not be written to."
    return "Check the file and its disk, or restore it from a copy."
