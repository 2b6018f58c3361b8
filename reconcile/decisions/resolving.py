"""Which findings of a run were decided on, whatever run, batch or file that was made of.

A finding is known by its row (side, canonical id, event, sign) and its class. Of several such rows
that of the same facts is the same; else the one of the same time; else, within a run's period, the
only one left. In another class it is another finding: the former decision does not count for it,
and shows. Rows without a usable id are the same only if all their facts are.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from reconcile.asked import Asked, asked_of, inputs_of
from reconcile.decisions.log import Scope
from reconcile.engine import Engine
from reconcile.firing import open_ledger
from reconcile.matching.parameters import RunParameters
from reconcile.state import Row
from reconcile.terms import Kind, Side
from reconcile.warehouse import RunRecord, Store, glob_free

_NAME = {"name": "varchar"}


def scope_of(record: RunRecord) -> Scope:
    """Return what a decision on a run's findings has to know of the run."""
    ask = Asked(record.params_json, ())
    kind = Kind.LEAD if ask.leads_are_claims else Kind.CLAIM
    return Scope(record.id, str(kind), *ask.parameters.period)


def resolve(engine: Engine, store: Store, record: RunRecord, *, described: bool = False) -> bool:
    """Say of each finding of an engine's `run_row` where it stands.

    Leaves `finding_fact`, `thread` (what was decided, on whatever finding), `finding_state` (of the
    run's findings those that a decision or a postback speaks of) and `finding_closed`.

    Returns:
        Whether `finding_fact` is a table. It never changes: when the same engine asks again, it is
        told so by `described`, and keeps it.
    """
    scope = scope_of(record)
    ask = asked_of(store, record)
    parameters = ask.parameters
    engine.once("deciding/macros")
    _describe(engine, parameters)
    said = _load_threads(engine, store, scope) + _load_postbacks(engine, store)
    if not described:
        # Of which nothing was said need not be named before it is shown.
        make = engine.table if said else engine.view
        engine.drop("finding_fact")
        make("finding_fact", "deciding/finding_fact", counterpart=scope.counterpart)
    _load_scope(engine, store, ask, scope)
    _load_accepted(engine, ask)
    engine.view("live_thread", "deciding/live_thread")
    if said:
        _find_again(engine)
    else:
        engine.table("finding_state", "deciding/no_state")
        engine.table("finding_closed", "deciding/no_closed")
    return described or said > 0


def _find_again(engine: Engine) -> None:
    """Find the findings of which something was said, and say where they stand."""
    engine.table("touched", "deciding/touched")
    engine.table("resolved", "deciding/resolved_same")
    for step in ("time", "moved", "class"):
        engine.append("resolved", f"deciding/resolved_{step}")
    engine.table("fired", "deciding/fired")
    engine.table("finding_state", "deciding/state")
    engine.table("finding_closed", "deciding/closed")


def _describe(engine: Engine, parameters: RunParameters) -> None:
    """Make the small tables of the run's filters and of the names its aliases stand for."""
    engine.upload("run_buyer", _NAME, [(name,) for name in parameters.buyers or ()])
    engine.upload("run_campaign", _NAME, [(name,) for name in parameters.campaigns or ()])
    known = [
        (dimension, spelling, name)
        for dimension, names in parameters.alias.items()
        for spelling, name in names.items()
    ]
    engine.upload("known_name", dict.fromkeys(("dimension", "spelling", "name"), "varchar"), known)


def _load_threads(engine: Engine, store: Store, scope: Scope) -> int:
    """Return how many there are. They come as a file, which DuckDB reads faster than values."""
    found = store.catalog.query("decisions/thread", counterpart=scope.counterpart)
    with tempfile.TemporaryDirectory(prefix="reconcile-decisions-") as folder:
        path = Path(folder) / "thread.jsonl"
        _write(path, (row["thread"] for row in found))
        return engine.table(
            "thread", "deciding/thread", path=glob_free(path), counterpart=scope.counterpart
        )


def _load_accepted(engine: Engine, ask: Asked) -> None:
    """Make `run_accepted`: the acceptances of a pair the run was asked with; `made` if it stands.

    One that was made after the run is not there: nothing can be said of it yet.
    """
    asked = [row["decision"] for row in json.loads(ask.asked).get("accepted", ())]
    made = {row[0] for row in engine.query("deciding/made_pair")} if asked else set()
    rows = [(number, str(number) in made) for number in asked]
    engine.upload("run_accepted", {"decision": "bigint", "made": "boolean"}, rows)


def _load_scope(engine: Engine, store: Store, ask: Asked, scope: Scope) -> None:
    """Make `in_scope`: a row that a run did not read is no evidence against what was decided."""
    inputs = inputs_of(store, ask)
    covers = {
        (side, cover.name)
        for side, found in ((Side.CLAIM, inputs.claim_covers), (Side.EVENT, inputs.event_covers))
        for cover in found
        if cover.start < scope.period_to and cover.end > scope.period_from
    }
    columns = dict.fromkeys(("side", "name"), "varchar")
    engine.upload("run_cover", columns, [(str(side), name) for side, name in covers])
    engine.table(
        "in_scope",
        "deciding/in_scope",
        period_from=scope.period_from,
        period_to=scope.period_to,
        by_buyer=ask.parameters.buyers is not None,
        by_campaign=ask.parameters.campaigns is not None,
    )


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def _load_postbacks(engine: Engine, store: Store) -> int:
    """Make `sent_postback` of the ledgers that there are, also the sandbox's; return its rows."""
    columns = dict.fromkeys(("campaign_id", "event_id", "transaction_key", "state"), "varchar")
    columns = {"number": "bigint", **columns, "occurred_at": "timestamp"}
    rows = [row for sandbox in (False, True) for row in _sent(store, sandbox=sandbox)]
    engine.upload("sent_postback", columns, [tuple(row[name] for name in columns) for row in rows])
    return len(rows)


def _sent(store: Store, *, sandbox: bool) -> list[Row]:
    path = store.home / "sandbox" / "ledger.sqlite" if sandbox else store.ledger_path
    if not path.is_file():
        return []
    ledger = open_ledger(store.home, sandbox=sandbox)
    try:
        return ledger.query("sent_list")
    finally:
        ledger.close()
