"""The sandbox as an ASGI application: its journal, its locks, and what it answers."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from filelock import FileLock, Timeout

from reconcile.errors import FiringError
from reconcile.sandbox.faults import Fault, Receive, Send, Wire, fault_of, respond, strike
from reconcile.sandbox.rules import ZONES, CostChange, Fields, Refusal, Rules, StoredEvent
from reconcile.state import new_lock

Scope = MutableMapping[str, Any]

EXPORT_COLUMNS = (
    "event_id", "transaction_id", "cid", "pid", "amount", "conversion_date", "conversion_timezone",
)  # fmt: skip
_JOURNALLED = (*EXPORT_COLUMNS, "revenue", "clid", "cost", "cost_operation")
_LARGEST_BODY = 256 * 1024
_EXPORT = "export"


class Sandbox:
    """The ASGI application. With a `home` its journal survives a restart."""

    def __init__(
        self,
        rules: Rules | None = None,
        *,
        home: Path | None = None,
        events: Iterable[StoredEvent] = (),
        faults: Iterable[Fault] = (),
    ) -> None:
        """Start with the events of the journal in `home`, and with `events` besides."""
        self.rules = rules or Rules()
        self.faults = list(faults)
        self.events = list(events)
        self.requests: list[Fields] = []
        self.stored = 0
        self.costs: dict[tuple[str, str], Decimal] = {}
        self._exports: set[str] = set()
        self._busy: dict[tuple[str, str], float] = {}
        self._changed = threading.Condition()
        self._lock = None if home is None else _locked_journal(home)
        self._journal = None if home is None else _open_journal(home, self._replay)
        self._taken = {(each.event_id, each.transaction_id) for each in self.events}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path, method = scope["path"], scope["method"]
        if path == "/__log" and method == "GET":
            await _answer(send, 200, self.log())
        elif path == "/__export.csv" and method == "GET":
            await respond(send, 200, self.export().encode(), {"content-type": "text/csv"})
        elif path == "/__fault" and method == "POST":
            await self._order(receive, send)
        elif path.startswith("/api/event/") and method == "POST":
            wire = Wire(receive, send, scope["state"]["line"])
            await self._fire(scope["raw_path"].decode("ascii"), wire)
        else:
            await _answer(send, 404, _said(404, "No such endpoint"))

    def close(self) -> None:
        """Close the journal; what was read and stored can still be asked for."""
        if self._journal is None or self._lock is None or self._journal.closed:
            return
        if self.events:
            self.export()  # what may be exported yet is noted while the journal is still ours
        self._journal.close()
        self._lock.release()

    def log(self) -> Fields:
        """Return the truth: what was read, and what was stored since the sandbox is there."""
        return {
            "read": len(self.requests),
            "stored": self.stored,
            "requests": self.requests,
            "events": [_event_fields(each) for each in self.events],
            "costs": {f"{cid} {lead}": f"{cost:f}" for (cid, lead), cost in self.costs.items()},
        }

    def export(self) -> str:
        """Return all stored events as the CSV of an event export, times in the rules' zone."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        currencies = self.rules.currencies
        writer.writerow((*EXPORT_COLUMNS, "currency") if currencies else EXPORT_COLUMNS)
        for each in self.events:
            amount = "" if each.amount is None else f"{each.amount:f}"
            local = each.happened_at + timedelta(hours=ZONES[self.rules.zone])
            same = (each.event_id, each.transaction_id, each.cid, each.pid, amount)
            row = (*same, local.isoformat(" ", "seconds"), self.rules.zone)
            writer.writerow((*row, currencies.get(each.cid, "")) if currencies else row)
        self._note_export(text.getvalue())
        return text.getvalue()

    def _note_export(self, text: str) -> None:
        """Remember what was given: imported again, it proves nothing of a real platform."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in self._exports:
            self._exports.add(digest)
            self._write({_EXPORT: digest})

    def wait_read(self, count: int, *, timeout: float = 30.0) -> None:
        """Wait until so many postbacks have been read."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} of {count} postbacks read")

    async def _order(self, receive: Receive, send: Send) -> None:
        """Take the order of a fault."""
        try:
            self.faults.append(fault_of(await _read(receive)))
        except (ValueError, TypeError) as error:
            await _answer(send, 400, _said(400, str(error)))
        else:
            await _answer(send, 200, {"faults": len(self.faults)})

    async def _fire(self, path: str, wire: Wire) -> None:
        raw = await _read(wire.receive)
        fields = _parsed(raw)
        self._note_request(path, raw, fields)
        fault = self._next_fault(fields)
        try:
            event, cost = self.rules.judged(path, fields)
            with self._locked((event.event_id, event.transaction_id)):
                if await strike(fault, "before", wire):
                    return
                self._store(event, cost)
            if await strike(fault, "after", wire):
                return
            said = "Conversion fired" if event.amount is not None else "Event fired"
            await _answer(wire.send, 200, _said(200, said))
        except Refusal as refusal:
            # A fault of the line spares nobody, refused or not.
            if not await strike(fault, "before", wire):
                answer = _said(refusal.status, refusal.message, **refusal.fields)
                await _answer(wire.send, refusal.status, answer)

    @contextmanager
    def _locked(self, place: tuple[str, str]) -> Iterator[None]:
        """Keep other requests of this lead and event out, for a while after the start too."""
        clock = asyncio.get_running_loop().time
        if self._busy.get(place, 0.0) > clock():
            raise Refusal(403, "Another request for this transaction and event is in progress")
        until = clock() + self.rules.lock_seconds
        self._busy[place] = float("inf")
        try:
            yield
        finally:
            if self.rules.lock_seconds:
                self._busy[place] = until
            else:
                del self._busy[place]

    def _store(self, event: StoredEvent, cost: CostChange | None) -> None:
        place = (event.event_id, event.transaction_id)
        if place in self._taken and not self.rules.repeats(event):
            raise Refusal(400, "Duplicate event: it was already fired for this transaction")
        kept = _event_fields(event)
        self._write({"stored": kept} if cost is None else {"stored": kept, "cost": _text(cost)})
        self._taken.add(place)
        self.events.append(event)
        self.stored += 1
        self._change_cost(event, cost)

    def _change_cost(self, event: StoredEvent, cost: CostChange | None) -> None:
        if cost is not None:
            place = (event.cid, event.transaction_id)
            self.costs[place] = cost.applied(self.costs.get(place, Decimal(0)))

    def _note_request(self, path: str, raw: bytes, fields: Fields | None) -> None:
        # Only what identifies and prices the event is kept: a lead's other fields are personal.
        known = {name: str(each) for name, each in (fields or {}).items() if name in _JOURNALLED}
        others = sorted(set(fields or {}) - set(_JOURNALLED))
        digest = hashlib.sha256(raw).hexdigest()
        entry = {"path": unquote(path), "fields": known, "others": others, "sha256": digest}
        self._write({"read": entry})
        with self._changed:
            self.requests.append(entry)
            self._changed.notify_all()

    def _next_fault(self, fields: Fields | None) -> Fault | None:
        wanted = (None, (fields or {}).get("transaction_id"))
        for fault in self.faults:
            if fault.times > 0 and fault.transaction_id in wanted:
                fault.times -= 1
                return fault
        return None

    def _write(self, entry: Fields) -> None:
        if self._journal is not None:
            self._journal.write(json.dumps(entry).encode() + b"\n")
            self._journal.flush()
            os.fsync(self._journal.fileno())

    def _replay(self, entry: Fields) -> None:
        if "read" in entry:
            self.requests.append(entry["read"])
            return
        if _EXPORT in entry:
            self._exports.add(entry[_EXPORT])
            return
        kept = entry["stored"]
        amount = None if kept["amount"] is None else Decimal(kept["amount"])
        happened = datetime.fromisoformat(kept["happened_at"])
        event = StoredEvent(**{**kept, "amount": amount, "happened_at": happened})
        self.events.append(event)
        self.stored += 1
        if "cost" in entry:
            operation, cost = entry["cost"]
            self._change_cost(event, CostChange(operation, Decimal(cost)))


def exports_of(home: Path) -> frozenset[str]:
    """Return the SHA-256 of every export that the sandbox of a home has given."""
    path = home / "sandbox" / "journal.jsonl"
    if not path.is_file():
        return frozenset()
    with path.open("rb") as journal:
        mark = json.dumps({_EXPORT: ""})[:-2].encode()
        lines = [line for line in journal if line.startswith(mark) and line.endswith(b"\n")]
    return frozenset(json.loads(line)[_EXPORT] for line in lines)


def _locked_journal(home: Path) -> FileLock:
    """Hold the journal of a home: two sandboxes with one memory would each forget the other's."""
    path = home / "sandbox" / "journal.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = new_lock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise FiringError(
            f"{path.with_suffix('.jsonl')}: another sandbox keeps this journal; only one at a time "
            "can. Stop it first, or fire at the one that runs."
        ) from error
    return lock


def _open_journal(home: Path, replay: Callable[[Fields], None]) -> io.BufferedRandom:
    """Replay the journal of a home and return it, ready to be added to."""
    path = home / "sandbox" / "journal.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    journal = path.open("r+b")
    whole = 0
    for line in journal:
        # A killed process may leave half a line at the end: it was never answered.
        if line.endswith(b"\n"):
            replay(json.loads(line))
            whole += len(line)
    journal.truncate(whole)
    journal.seek(whole)
    return journal


async def _read(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more and size <= _LARGEST_BODY:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts)


def _parsed(raw: bytes) -> Fields | None:
    """Return the fields of a JSON object, its numbers exact; None if it is none."""
    try:
        found = json.loads(raw, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _event_fields(event: StoredEvent) -> Fields:
    amount = None if event.amount is None else f"{event.amount:f}"
    return {**asdict(event), "amount": amount, "happened_at": event.happened_at.isoformat()}


def _text(cost: CostChange) -> list[str]:
    return [cost.operation, f"{cost.amount:f}"]


def _said(status: int, message: str, **fields: list[str]) -> Fields:
    good = status == 200
    return {
        "status": "success" if good else "error",
        "type": "event" if good else "validation",
        "message": message,
        "missingFields": fields.get("missingFields", []),
        "invalidFields": fields.get("invalidFields", []),
    }


async def _answer(send: Send, status: int, content: Fields) -> None:
    head = {"content-type": "application/json"}
    await respond(send, status, json.dumps(content).encode(), head)
