"""A stand-in for Pingtree on this machine: the same endpoints and answers, and faults on demand.

It follows Pingtree's public documentation of the event postback. What that leaves open is a
field of `Rules`. The truth of what it read and stored is at `GET /__log`; `GET /__export.csv`
is its event export, as the platform would give it; `POST /__fault` adds a fault.
"""

from reconcile.sandbox.app import Sandbox, exports_of
from reconcile.sandbox.faults import Fault, FaultKind
from reconcile.sandbox.rules import ZONES, Rules, StoredEvent
from reconcile.sandbox.serving import running_sandbox, serve

__all__ = [
    "ZONES",
    "Fault",
    "FaultKind",
    "Rules",
    "Sandbox",
    "StoredEvent",
    "exports_of",
    "running_sandbox",
    "serve",
]
