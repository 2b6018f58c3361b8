"""The sandbox as an ASGI application: journal, locks, faults, and how it is served."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import uvicorn

from reconcile.sandbox.rules import ZONES, Fields, Refusal, Rules, StoredEvent

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

EXPORT_COLUMNS = (
    "event_id", "transaction_id", "cid", "pid", "amount", "conversion_date", "conversion_timezone",
)  # fmt: skip
_JOURNALLED = (*EXPORT_COLUMNS, "revenue", "clid")
_LARGEST_BODY = 256 * 1024


class FaultKind(StrEnum):
    """What may go wrong; `before` and `after` refer to storing the event."""

    DELAY = "delay"
    ANSWER_BEFORE = "answer_before"
    ANSWER_AFTER = "answer_after"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    SILENT_BEFORE = "silent_before"
    SILENT_AFTER = "silent_after"


@dataclass
class Fault:
    """A fault for the next `times` requests that it matches (all those of `transaction_id`)."""

    kind: FaultKind
    times: int = 1
    transaction_id: str | None = None
    seconds: float = 0.0
    status: int = 500
    body: str = '{"status":"error","type":"server","message":"Internal server error"}'
    headers: dict[str, str] = field(default_factory=dict)


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
        self._busy: dict[tuple[str, str], float] = {}
        self._changed = threading.Condition()
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
            await _respond(send, 200, self.export().encode(), {"content-type": "text/csv"})
        elif path == "/__fault" and method == "POST":
            self.faults.append(Fault(**json.loads(await _read(receive))))
            await _answer(send, 200, {"faults": len(self.faults)})
        elif path.startswith("/api/event/") and method == "POST":
            await self._fire(scope["raw_path"].decode("ascii"), receive, send)
        else:
            await _answer(send, 404, _said(404, "No such endpoint"))

    def close(self) -> None:
        """Close the journal; what was read and stored can still be asked for."""
        if self._journal is not None:
            self._journal.close()

    def log(self) -> Fields:
        """Return the truth: what was read, and what was stored since the sandbox is there."""
        return {
            "read": len(self.requests),
            "stored": self.stored,
            "requests": self.requests,
            "events": [_event_fields(each) for each in self.events],
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
        return text.getvalue()

    def wait_read(self, count: int, *, timeout: float = 30.0) -> None:
        """Wait until so many postbacks have been read."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} of {count} postbacks read")

    async def _fire(self, path: str, receive: Receive, send: Send) -> None:
        raw = await _read(receive)
        fields = _parsed(raw)
        self._note_request(path, raw, fields)
        fault = self._next_fault(fields)
        try:
            event = self.rules.judged(path, fields)
            with self._locked((event.event_id, event.transaction_id)):
                if await _before(fault, receive, send):
                    return
                self._store(event)
            if await _after(fault, receive, send):
                return
            said = "Conversion fired" if event.amount is not None else "Event fired"
            await _answer(send, 200, _said(200, said))
        except Refusal as refusal:
            # A fault of the line spares nobody, refused or not.
            if not await _before(fault, receive, send):
                answer = _said(refusal.status, refusal.message, **refusal.fields)
                await _answer(send, refusal.status, answer)

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

    def _store(self, event: StoredEvent) -> None:
        place = (event.event_id, event.transaction_id)
        if place in self._taken and not self.rules.repeats(event):
            raise Refusal(400, "Duplicate event: it was already fired for this transaction")
        self._write({"stored": _event_fields(event)})
        self._taken.add(place)
        self.events.append(event)
        self.stored += 1

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
        kept = entry["stored"]
        amount = None if kept["amount"] is None else Decimal(kept["amount"])
        happened = datetime.fromisoformat(kept["happened_at"])
        self.events.append(StoredEvent(**{**kept, "amount": amount, "happened_at": happened}))
        self.stored += 1


def serve(
    host: str = "127.0.0.1",
    port: int = 8900,
    *,
    home: Path | None = None,
    rules: Rules | None = None,
) -> None:
    """Serve a sandbox until interrupted; its journal lies in `home/sandbox`."""
    sandbox = Sandbox(rules, home=home)
    try:
        uvicorn.Server(_config(sandbox, host=host, port=port)).run()
    finally:
        sandbox.close()


@contextmanager
def running_sandbox(
    sandbox: Sandbox | None = None, *, rules: Rules | None = None, home: Path | None = None
) -> Iterator[str]:
    """Serve a sandbox from a thread of this process on a free loopback port; yield its address."""
    sandbox = sandbox or Sandbox(rules, home=home)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(_config(sandbox))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        # The socket listens already: whoever connects before the server runs is kept waiting.
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
        sandbox.close()


def _config(sandbox: Sandbox, **where: Any) -> uvicorn.Config:
    return uvicorn.Config(
        sandbox, **where, lifespan="off", access_log=False, log_level="critical",
        timeout_graceful_shutdown=1, http="h11", ws="none",
    )  # fmt: skip


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


async def _before(fault: Fault | None, receive: Receive, send: Send) -> bool:
    """Do what a fault does before storing; return whether the request ends there."""
    if fault is None:
        return False
    if fault.kind is FaultKind.DELAY:
        await asyncio.sleep(fault.seconds)
    return await _broken(fault, "before", receive, send)


async def _after(fault: Fault | None, receive: Receive, send: Send) -> bool:
    return fault is not None and await _broken(fault, "after", receive, send)


async def _broken(fault: Fault, when: str, receive: Receive, send: Send) -> bool:
    what, _, place = fault.kind.partition("_")
    if place != when:
        return False
    if what == "answer":
        await _respond(send, fault.status, fault.body.encode(), fault.headers)
    elif what == "drop":
        # Half an answer, then the end: uvicorn closes the connection when the promise is broken.
        await _respond(send, 200, b'{"sta', {"content-length": "64"}, whole=False)
    else:
        while (await receive())["type"] != "http.disconnect":
            continue
    return True


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
    await _respond(send, status, json.dumps(content).encode(), head)


async def _respond(
    send: Send, status: int, body: bytes, headers: Mapping[str, str], *, whole: bool = True
) -> None:
    head = {"content-length": str(len(body)), **headers}
    pairs = [(name.encode(), value.encode()) for name, value in head.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body, "more_body": not whole})
