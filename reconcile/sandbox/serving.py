"""The sandbox over a socket of this machine, in the foreground or from a thread of a process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from reconcile.sandbox.app import Sandbox
from reconcile.sandbox.faults import Line
from reconcile.sandbox.rules import Rules


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
    sandbox: Sandbox | None = None,
    *,
    rules: Rules | None = None,
    home: Path | None = None,
    port: int = 0,
    tls: tuple[Path, Path] | None = None,
) -> Iterator[str]:
    """Serve a sandbox from a thread of this process on a loopback port; yield its address.

    Args:
        sandbox: The one to serve; else one of `rules` whose journal lies in `home`.
        rules: What it knows.
        home: Where its journal lies; None keeps none.
        port: A port of this machine; 0 for one that is free.
        tls: Files of a certificate and its key, to be served over https.
    """
    sandbox = sandbox or Sandbox(rules, home=home)
    listening = socket.create_server(("127.0.0.1", port))
    certificate = {} if tls is None else {"ssl_certfile": tls[0], "ssl_keyfile": tls[1]}
    server = uvicorn.Server(_config(sandbox, **certificate))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        # The socket listens already: whoever connects before the server runs is kept waiting.
        yield f"http{'' if tls is None else 's'}://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
        sandbox.close()


def _config(sandbox: Sandbox, **where: Any) -> uvicorn.Config:
    return uvicorn.Config(
        sandbox, **where, lifespan="off", access_log=False, log_level="critical",
        timeout_graceful_shutdown=1, http=Line, ws="none", proxy_headers=False, interface="asgi3",
    )  # fmt: skip
