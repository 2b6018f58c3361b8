"""When what was said of findings, or sent for them, last changed: what may be kept until then."""

from __future__ import annotations

from reconcile.decisions.log import last_decision
from reconcile.warehouse import Store


def moment(store: Store) -> str:
    """Return a text that is another one after each decision and each step of a postback.

    What `resolve` says of a run is the same as long as this is; a screen keeps answers by it.
    """
    ledgers = (store.ledger_path, store.home / "sandbox" / "ledger.sqlite")
    files = [path.with_name(path.name + end) for path in ledgers for end in ("", "-wal")]
    written = [path.stat().st_mtime_ns if path.exists() else 0 for path in files]
    return "-".join(str(part) for part in (last_decision(store.catalog), *written))
