"""Which findings came, stayed and were closed between two runs of the same question."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reconcile.decisions import resolve
from reconcile.engine import Engine
from reconcile.errors import BadParameters
from reconcile.filtering import Record
from reconcile.warehouse import RunRecord, Store, glob_free

ALL = 2**62


@dataclass(frozen=True)
class FindingChanges:
    """The findings of two runs beside each other.

    `totals` has a row per `since` and currency: `findings`, what was at stake (`at_stake_before`)
    and what is (`at_stake`). A pair in two currencies is counted in that of its claim, and in the
    other one of those `elsewhere`. `since` is new, still (in both, and nobody has settled it),
    decided (in both, and settled) or closed. `rows` are the new and the closed ones, the largest
    first; the others only if they were asked for. Money is `Decimal`.
    """

    before: str
    now: str
    totals: tuple[Record, ...]
    rows: tuple[Record, ...]


def finding_changes(  # noqa: PLR0913 - two runs, and what of them
    store: Store,
    before: str,
    now: str,
    *,
    buyer: str | None = None,
    with_still: bool = False,
    limit: int = ALL,
) -> FindingChanges:
    """Compare the findings of two runs; a finding is known whatever file or batch it is from.

    Args:
        store: The warehouse.
        before: The earlier run.
        now: The later one.
        buyer: Only findings of this buyer.
        with_still: List those that both runs have, too.
        limit: Rows at most.

    Raises:
        BadParameters: One is against leads, the other against reports.
        NotFound: There is no such run.
    """
    records = [store.run(run_id) for run_id in (before, now)]
    [counterpart, other] = (_counterpart(record) for record in records)
    if counterpart != other:
        raise BadParameters(
            f"Runs {before} and {now} cannot be compared: one is against sold leads, the other "
            "against buyer reports."
        )
    engine = Engine()
    try:
        engine.once("deciding/macros")
        _view_rows(engine, store, records[0])
        engine.table("finding_before", "deciding/finding_fact", counterpart=counterpart)
        _view_rows(engine, store, records[1])
        resolve(engine, store, records[1])
        engine.table("finding_pair", "changes/finding_pair", buyer=buyer)
        return FindingChanges(
            before,
            now,
            tuple(engine.records("changes/finding_sum")),
            tuple(engine.records("changes/finding_out", with_still=with_still, limit=limit)),
        )
    finally:
        engine.close()


def _view_rows(engine: Engine, store: Store, record: RunRecord) -> None:
    engine.view_parquet("run_row", [glob_free(store.run_path(record.id) / "run_row.parquet")])


def runs_around(
    store: Store, new: Iterable[str], *, parameters: dict[str, Any] | None = None
) -> tuple[RunRecord | None, RunRecord | None]:
    """Return the newest run that read all of some batches, and the newest like it that read none.

    Like it are runs of the same parameters, whatever names were known then. The former is the
    second of the answer, the latter the first; each is None where there is none.

    Args:
        store: The warehouse.
        new: Ids of the batches.
        parameters: Only runs with these of their parameters.
    """
    ids = frozenset(new)
    runs = [run for run in store.runs() if _has(run, parameters or {})]
    after = next((run for run in runs if ids and ids.issubset(run.batch_ids)), None)
    if after is None:
        return None, None
    like = question_of(after)
    before = (run for run in runs if ids.isdisjoint(run.batch_ids) and question_of(run) == like)
    return next(before, None), after


def question_of(record: RunRecord) -> str:
    """Return what a run was asked, as a text that two runs share if they may be compared.

    Names that stand for others, event settings and confirmed files may differ: they are known
    better as time goes by.
    """
    asked = json.loads(record.params_json)
    parameters = {name: value for name, value in asked["parameters"].items() if name != "alias"}
    return json.dumps([parameters, asked["leads_are_claims"]], sort_keys=True)


def _has(record: RunRecord, wanted: dict[str, Any]) -> bool:
    parameters = json.loads(record.params_json)["parameters"]
    return all(parameters.get(name) == value for name, value in wanted.items())


def _counterpart(record: RunRecord) -> str:
    return "lead" if json.loads(record.params_json)["leads_are_claims"] else "claim"
