"""What goes wrong on demand: bad answers, and lines that break, fall silent, drip or babble."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Closes with a reset instead of a goodbye: linger on, for no time.
_NO_GOODBYE = struct.pack("ii", 1, 0)


class FaultKind(StrEnum):
    """What may go wrong; `before` and `after` refer to storing the event."""

    DELAY = "delay"
    """Waits `seconds`, then goes on as if nothing were."""
    ANSWER_BEFORE = "answer_before"
    ANSWER_AFTER = "answer_after"
    """Gives an answer of its own: status, headers, body (or `size` bytes)."""
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    """Closes the line without a byte."""
    HALF_BEFORE = "half_before"
    HALF_AFTER = "half_after"
    """Closes the line in the middle of the answer."""
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    """Resets the line."""
    SILENT_BEFORE = "silent_before"
    SILENT_AFTER = "silent_after"
    """Says nothing until the other side gives up."""
    DRIP_BEFORE = "drip_before"
    DRIP_AFTER = "drip_after"
    """Sends the answer byte by byte, `seconds` apart."""
    GARBLE_BEFORE = "garble_before"
    GARBLE_AFTER = "garble_after"
    """Sends bytes that are no HTTP."""


@dataclass
class Fault:
    """A fault for the next `times` requests that it matches (all those of `transaction_id`)."""

    kind: FaultKind
    times: int = 1
    transaction_id: str | None = None
    seconds: float = 0.0
    status: int = 500
    body: str = '{"status":"error","type":"server","message":"Internal server error"}'
    size: int = 0
    """Length of the body in bytes, instead of `body`."""
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """Return the body this fault answers with."""
        return b"x" * self.size if self.size else self.body.encode()


def fault_of(raw: bytes) -> Fault:
    """Return the fault that a JSON object orders.

    Raises:
        ValueError: It is no such object; the text says what is wrong.
    """
    found = json.loads(raw)
    known = {each.name for each in fields(Fault)}
    if not isinstance(found, dict) or not set(found) <= known:
        raise ValueError(f"a fault is an object of: {', '.join(sorted(known))}")
    return Fault(**{**found, "kind": FaultKind(found.get("kind", "none"))})


class Line(H11Protocol):
    """HTTP as uvicorn speaks it, with a way for faults to reach the line itself."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Lend the line to the application, as part of each request's state."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "line": transport}


@dataclass(frozen=True)
class Wire:
    """One request's way back to whoever asked."""

    receive: Receive
    send: Send
    line: asyncio.Transport


async def strike(fault: Fault | None, when: str, wire: Wire) -> bool:
    """Do what a fault does `before` or `after` storing; return whether the request ends there."""
    if fault is None:
        return False
    if fault.kind is FaultKind.DELAY and when == "before":
        await asyncio.sleep(fault.seconds)
    what, _, place = fault.kind.partition("_")
    if place != when:
        return False
    await _STRIKES[what](fault, wire)
    return True


async def respond(
    send: Send, status: int, body: bytes, headers: Mapping[str, str], *, length: int | None = None
) -> None:
    """Send an answer; with a `length` that is not the body's, half of one."""
    promised = len(body) if length is None else length
    head = {"content-length": str(promised), **headers}
    pairs = [(name.encode(), value.encode()) for name, value in head.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body, "more_body": promised != len(body)})


async def _answer(fault: Fault, wire: Wire) -> None:
    await respond(wire.send, fault.status, fault.content(), fault.headers)


async def _drop(_: Fault, wire: Wire) -> None:
    wire.line.close()
    await _gone(wire)


async def _half(_: Fault, wire: Wire) -> None:
    await respond(wire.send, 200, b'{"sta', {}, length=64)
    await _drop(_, wire)


async def _reset(_: Fault, wire: Wire) -> None:
    wire.line.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_GOODBYE)
    wire.line.abort()
    await _gone(wire)


async def _silent(_: Fault, wire: Wire) -> None:
    await _gone(wire)


async def _drip(fault: Fault, wire: Wire) -> None:
    body = fault.content()
    pairs = [(b"content-length", str(len(body)).encode())]
    await wire.send({"type": "http.response.start", "status": 200, "headers": pairs})
    for at in range(len(body)):
        with suppress(TimeoutError):
            await asyncio.wait_for(_gone(wire), fault.seconds)
            return
        more = at + 1 < len(body)
        await wire.send(
            {"type": "http.response.body", "body": body[at : at + 1], "more_body": more}
        )


async def _garble(fault: Fault, wire: Wire) -> None:
    wire.line.write(b"\x00\xff this is no answer \r\n\r\n")
    await _drop(fault, wire)


async def _gone(wire: Wire) -> None:
    while (await wire.receive())["type"] != "http.disconnect":
        continue


_STRIKES: dict[str, Callable[[Fault, Wire], Awaitable[None]]] = {
    "answer": _answer,
    "drop": _drop,
    "half": _half,
    "reset": _reset,
    "silent": _silent,
    "drip": _drip,
    "garble": _garble,
}
