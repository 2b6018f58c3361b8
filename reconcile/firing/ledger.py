"""The ledger: every plan, postback, attempt and decision; it is the queue and the memory.

SQLite, every commit on disk before it returns. No command deletes from it. A ledger knows only
this installation: what another one fired is not in it.
"""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from filelock import Timeout

from reconcile.errors import AlreadyFiring, FiringError, NotAllowed, NotFound
from reconcile.firing.attempts import Outcome, Settled, lost, settled_rows
from reconcile.firing.chain import GENESIS, first_break, link_of
from reconcile.firing.policy import checked_host, is_sandbox, recovered
from reconcile.firing.states import NEVER_SENT, TO_SEND, Mode, PostbackState
from reconcile.state import Database, Row, new_lock

# So many rows are changed by one commit, which a firing process has to wait for.
_AT_ONCE = 50_000
_NEVER = re.compile(r"(?!)")
_SWITCHES = {
    "stop": re.compile("on|off"),
    "pause": re.compile("on|off"),
    "rate": re.compile(r"(?=.*[1-9])\d{1,4}(\.\d{1,3})?"),
}


class Ledger:
    """One ledger file; made by `open_ledger`."""

    def __init__(
        self,
        database: Database,
        *,
        sandbox: bool,
        allowed: Collection[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Wrap an open database; `clock` gives seconds since 1970."""
        self._db = database
        self._stop_file = database.path.with_name("STOP")
        self.sandbox = sandbox
        self.allowed = frozenset(allowed)
        self.clock = clock

    @property
    def path(self) -> Path:
        """Where the ledger lies."""
        return self._db.path

    @property
    def stop_file(self) -> Path:
        """A file of this name stops every firing process before its next postback."""
        return self._stop_file

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def now(self) -> str:
        """Return the present time as the ledger writes it: UTC text."""
        return datetime.fromtimestamp(self.clock(), UTC).replace(tzinfo=None).isoformat(" ")

    def query(self, question: str, **params: object) -> list[Row]:
        """Answer a question of `sql/firing`."""
        return self._db.query(f"firing/{question}", **params)

    def each(self, question: str, **params: object) -> Iterator[Row]:
        """Answer a question of `sql/firing` row by row, for answers that may be long."""
        return self._db.each(f"firing/{question}", **params)

    def allow(self, host: str) -> str:
        """Return the host as stored, if this ledger may fire at it.

        Raises:
            NotAllowed: It is not on the list, or it is the sandbox and this ledger is not the
                sandbox's own, or the other way round.
        """
        host = checked_host(host, self.allowed)
        if is_sandbox(host) and not self.sandbox:
            raise NotAllowed(
                f"{self.path}: {host} is the sandbox, and this is the ledger of real postbacks.\n"
                "Open the sandbox's own ledger: what it took proves nothing about real events."
            )
        if self.sandbox and not is_sandbox(host):
            raise NotAllowed(
                f"{self.path}: this is the sandbox's ledger, and {host} is not on this machine.\n"
                "Make a plan for that host instead: it is kept in the ledger of real postbacks."
            )
        return host

    @contextmanager
    def entry(self, action: str, *, user: str | None = None) -> Iterator[dict[str, object]]:
        """Make one change and its audit link in one commit; the caller fills the detail."""
        with self.entries(action, user=user) as note:
            detail: dict[str, object] = {}
            yield detail
            note(detail)

    @contextmanager
    def entries(
        self, action: str, *, user: str | None = None
    ) -> Iterator[Callable[[Mapping[str, object]], None]]:
        """Make several changes in one commit, with a link for each that the caller notes."""
        user = user or this_user()

        def note(detail: Mapping[str, object]) -> None:
            # The head is read inside BEGIN IMMEDIATE: two writers with a remembered head would
            # both link to it and break the chain.
            head = self._db.one("firing/audit_head")
            text = json.dumps(detail, sort_keys=True)
            row = {"at": self.now(), "user": user, "action": action, "detail": text}
            link = link_of(head["link"] if head else GENESIS, row)
            self._db.execute("firing/audit_add", **row, link=link)

        with self._db.transaction():
            yield note

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the ledger as the only firing process; the kernel frees it when the process dies.

        Raises:
            AlreadyFiring: Another process holds it (exit code 3).
        """
        lock = new_lock(self.path.with_name(f"{self.path.name}.lock"), timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise AlreadyFiring(
                f"{self.path}: another process is firing from this ledger.\n"
                "Wait until it ends, or stop it; nothing was sent by this one."
            ) from error
        try:
            yield
        finally:
            lock.release()

    # ------------------------------------------------------------------ plans

    def plan_row(self, plan: int) -> Row:
        """Return the row of a plan.

        Raises:
            NotFound: There is no such plan.
        """
        row = self._db.one("firing/plan_one", plan=plan)
        if row is None:
            known = ", ".join(str(found["id"]) for found in self.query("plan_list")) or "none"
            raise NotFound(
                f"{self.path}: there is no plan {plan}; there are: {known}. Name one of them, make "
                "one with `reconcile plan`, or name its target, which has its own ledger (--host)."
            )
        return row

    def wide_cache(self) -> AbstractContextManager[None]:
        """Keep more of the ledger in memory meanwhile, to write very many rows."""
        return self._db.wide_cache()

    def unnoted(self) -> AbstractContextManager[None]:
        """Make changes in one commit that the audit says nothing of: those of a draft."""
        return self._db.transaction()

    def approve(self, plan: int, digest: str, *, user: str | None = None) -> None:
        """Bind an approval to the hash of a plan; the last commit of it makes it one.

        A killed approver leaves rows marked, and the plan not approved: that is what firing asks.
        """
        now, user = self.now(), user or this_user()
        for first, last in self._parts(plan):
            with self.unnoted():
                self._move(plan, (first, last), PostbackState.PLANNED, PostbackState.APPROVED)
        with self.entry("approve", user=user) as detail:
            done = self._db.execute(
                "firing/plan_approve", plan=plan, hash=digest, now=now, user=user
            )
            rows = self.counts(plan).get(PostbackState.APPROVED, 0)
            if done != 1 or rows != self.plan_row(plan)["rows"]:
                raise FiringError(f"plan {plan} was approved or cancelled before; make a new one.")
            detail |= {"plan": plan, "hash": digest, "rows": rows}

    def cancel(self, plan: int, *, user: str | None = None) -> int:
        """Take back what a plan has not sent yet; return how many postbacks that were."""
        moved = 0
        for part in self._parts(plan):
            with self.entry("cancel", user=user) as detail:
                rows = sum(
                    self._move(plan, part, state, PostbackState.CANCELLED) for state in NEVER_SENT
                )
                detail |= {"plan": plan, "rows": rows}
            moved += rows
        return moved

    def may_go_out(self, plan: int) -> Iterator[Row]:
        """Yield `run`, `finding_ref` and `transaction_id` of what of a plan may still go out.

        Left out is what no stored run tells of.
        """
        return self.each("open_list", plan=plan, states=json.dumps(TO_SEND))

    def runs_of(self, plan: int) -> list[str]:
        """Return the stored runs of what of a plan may still go out."""
        rows = self.query("open_run", plan=plan, states=json.dumps(TO_SEND))
        return [str(row["run"]) for row in rows]

    def sent_again(self, plan: int) -> list[Row]:
        """Return `campaign_id` and `event_id` of what of a plan may be sent, and sent again."""
        states = json.dumps(TO_SEND)
        return self.query("open_event", plan=plan, states=states, mode=Mode.DEDUPE)

    def counts(self, plan: int) -> dict[PostbackState, int]:
        """Return how many postbacks of a plan are in each state."""
        rows = self.query("state_count", plan=plan)
        return {PostbackState(row["state"]): row["rows"] for row in rows}

    # ------------------------------------------------------------- take, settle

    def begin_run(self, plan: int, *, process: int) -> int:
        """Note a firing process and settle what a killed one left; return the run's number."""
        with self.entry("start") as detail:
            now = self.now()
            run = int(self.query("run_add", plan=plan, process=process, now=now)[0]["id"])
            left, settled = self.query("sending_left"), list[Settled]()
            for row in left:
                outcome = Outcome(recovered(Mode(row["mode"])), next_at=self.clock())
                settled.append((row["id"], row["attempt"], row["firing"], outcome))
            self.write(settled)
            detail |= {"plan": plan, "run": run, "recovered": len(left)}
        return run

    def end_run(self, run: int, ended_by: str) -> None:
        """Note that a firing process ended, and why."""
        with self.entry("end") as detail:
            self._db.execute("firing/run_end", run=run, now=self.now(), ended_by=ended_by)
            detail |= {"run": run, "ended_by": ended_by}

    def change(self, question: str, **params: object) -> int:
        """Change rows inside an open `entry`; return how many."""
        return self._db.execute(f"firing/{question}", **params)

    def change_many(
        self, question: str, rows: Iterable[Mapping[str, object] | tuple[object, ...]]
    ) -> int:
        """Change rows by many values inside an open `entry`; return how many were changed."""
        return self._db.execute_many(f"firing/{question}", rows)

    def write(self, settled: Sequence[Settled]) -> None:
        """Keep what became of postbacks, inside an open `entry`.

        Raises:
            FiringError: One is no longer its run's: another process has settled it.
        """
        rows, answers = settled_rows(settled)
        told = {"rows": rows, "answers": answers, "now": self.now()}
        for question in ("intent_settle", "attempt_settle"):
            # Only a whole group can be counted, so the first of it stands for all.
            if settled and self._db.execute(f"firing/{question}", **told) != len(settled):
                raise lost(settled[0][0])

    def prove(self, moves: Iterable[tuple[int, PostbackState, PostbackState, str]]) -> None:
        """Move postbacks by what an export shows: (intent, old state, new state, reason).

        Raises:
            FiringError: One is not in its old state any more; none was moved.
        """
        with self.entry("verify") as detail:
            rows = [
                {"intent": intent, "old": old, "new": new, "reason": reason, "now": self.now()}
                for intent, old, new, reason in moves
            ]
            if self._db.execute_many("firing/settle_proof", rows) != len(rows):
                raise FiringError(
                    f"{self.path}: a postback changed while it was held against the exports, so "
                    "nothing was settled. Verify once more: reconcile verify"
                )
            detail["moves"] = [[row["intent"], row["old"], row["new"]] for row in rows]

    # ----------------------------------------------------------- control, audit

    def switch(self, name: str, value: str, *, user: str | None = None) -> None:
        """Set a switch that firing processes read: `stop`, `pause` (`on`, `off`) or `rate`.

        Raises:
            FiringError: There is no such switch, or it cannot have this value.
        """
        if not _SWITCHES.get(name, _NEVER).fullmatch(value):
            raise FiringError(
                f"{name} = {value!r} is no switch.\n"
                "There are stop and pause, on or off, and rate, a number of postbacks a second."
            )
        user = user or this_user()
        with self.entry("switch", user=user) as detail:
            self._db.execute(
                "firing/control_set", name=name, value=value, now=self.now(), user=user
            )
            detail |= {"name": name, "value": value}

    def switches(self) -> dict[str, str]:
        """Return the switches; `stop` is on as long as the STOP file exists."""
        found = {str(row["name"]): str(row["value"]) for row in self.query("control_list")}
        if self.stop_file.exists():
            found["stop"] = "on"
        return found

    def audit_head(self) -> str:
        """Return the newest link of the audit: printed on receipts, it proves what was there."""
        head = self._db.one("firing/audit_head")
        return str(head["link"]) if head else GENESIS

    def audit_length(self) -> int:
        """Return how many links the audit has."""
        return int(self.query("audit_count")[0]["links"])

    def audit_has(self, head: str) -> bool:
        """Say whether a link noted before, or its first 16 characters, is in the audit."""
        return len(head) >= 16 and bool(self.query("audit_found", head=head))

    def audit_break(self) -> int | None:
        """Return the number of the first audit row that does not fit its link; None if all do."""
        return first_break(self.each("audit_list"))

    def _parts(self, plan: int) -> list[tuple[int, int]]:
        """Return the postbacks of a plan as ranges of numbers, each of which one commit changes."""
        first, last = self.query("intent_range", plan=plan)[0]
        starts = range(first, last + 1, _AT_ONCE)
        return [(start, min(start + _AT_ONCE - 1, last)) for start in starts]

    def _move(
        self, plan: int, part: tuple[int, int], old: PostbackState, new: PostbackState
    ) -> int:
        named = {"plan": plan, "first": part[0], "last": part[1], "old": old, "new": new}
        return self._db.execute("firing/intent_move", **named, now=self.now())


def open_ledger(
    home: Path,
    *,
    sandbox: bool = True,
    read_only: bool = False,
    allowed: Collection[str] = (),
    timeout: float = 30.0,
) -> Ledger:
    """Open the ledger of a home folder, making it if absent.

    The sandbox has a ledger of its own (`home/sandbox/ledger.sqlite`), so that what it took
    never settles a real finding. `allowed` are the hosts that a real one may fire at, `timeout` is
    how many seconds to wait for another writer.
    """
    path = home / "sandbox" / "ledger.sqlite" if sandbox else home / "ledger.sqlite"
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = Database.open(path, migrations="ledger", read_only=read_only, timeout=timeout)
    return Ledger(database, sandbox=sandbox, allowed=allowed)


@contextmanager
def reading(path: Path) -> Iterator[Ledger]:
    """Lend a ledger file to read from it, whatever else goes on with it."""
    database = Database.open(path, migrations="ledger", read_only=True)
    try:
        yield Ledger(database, sandbox=False)
    finally:
        database.close()


def this_user() -> str:
    """Return the name of the person at this machine, as the operating system knows it."""
    try:
        # Not what the environment says: the second user's approval rests on it.
        return _name_of(0 if sys.platform == "win32" else os.geteuid())
    except (KeyError, OSError):
        return "unknown"


@lru_cache(maxsize=8)
def _name_of(user: int) -> str:
    """Look a user's number up, once: every commit notes it, and looking up takes a millisecond."""
    if sys.platform == "win32":  # where nobody has a number
        return getpass.getuser()
    import pwd

    return pwd.getpwuid(user).pw_name
