"""A run after a few new rows: only what they can touch is reconciled anew.

The ids of the batches that came or went are reconciled twice, with the batches of the run before
and with those of now. What they were is taken out of the former result, what they are is put in.
That is exact, because a verdict depends on the rows of its own id, on those that a fallback rule
could join to them, and on what is covered; and which of its id's rows count, on which batches
overlap. All four are looked for here; where the answer would be "nearly everything", or is not
known, a whole run is made instead.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.engine import Engine
from reconcile.matching.aliasing import with_known_names
from reconcile.matching.parameters import RULE_VERSION, RunParameters
from reconcile.matching.reconciling import (
    Inputs,
    Tally,
    Work,
    reconcile_tables,
    stated_watermark,
)
from reconcile.matching.summary import tally_of
from reconcile.terms import Kind
from reconcile.warehouse import FULL, Batch, RunRecord, Store, coverage, glob_free, overlap_parts
from reconcile.zones import midnight_utc, zone_of

KEPT = ("run_row", "bridge", "run_choice", "run_left", "run_link")
"""Tables of a run that the next one builds on, each a Parquet file of its folder."""

MOST_NEW = 0.2
"""Share of new rows, and of affected ids, beyond which a whole run costs no more."""


@dataclass(frozen=True)
class Snapshot:
    """The batches of a run, and what else it read of them."""

    batches: Sequence[Batch]
    inputs: Inputs


@dataclass(frozen=True)
class Increment:
    """A former run, by its record and folder, what it read, and what is to be read now."""

    record: RunRecord
    folder: Path
    before: Snapshot
    now: Snapshot

    @property
    def all(self) -> list[Batch]:
        """Return the batches that one of the two runs reads, or both."""
        both = (*self.before.batches, *self.now.batches)
        return list({batch.id: batch for batch in both}.values())

    @property
    def changed(self) -> list[Batch]:
        """Return the batches that only one of the two runs reads."""
        before, now = (
            {batch.id: batch for batch in snapshot.batches} for snapshot in (self.before, self.now)
        )
        return [
            *(batch for batch_id, batch in before.items() if batch_id not in now),
            *(batch for batch_id, batch in now.items() if batch_id not in before),
        ]

    @property
    def regrouped(self) -> list[Batch]:
        """Return the batches of both runs that now overlap others of them than before.

        A batch that came may meet two that did not meet, so that from then on the newer one of
        these decides of ids that the new batch does not hold.
        """
        both = {batch.id for batch in self.before.batches} & {b.id for b in self.now.batches}
        before, now = (
            _groups(overlap_parts(snapshot.batches), both) for snapshot in (self.before, self.now)
        )
        return [batch for batch in self.all if before.get(batch.id) != now.get(batch.id)]

    @property
    def withdraws(self) -> bool:
        """Return whether what whole deliveries withdraw may differ: that may be of any id."""
        before, now = (
            {(b.id, *coverage(b)) for b in snapshot.batches if b.delivery == FULL}
            for snapshot in (self.before, self.now)
        )
        return before != now


def _groups(parts: Mapping[str, int], of: Set[str]) -> dict[str, frozenset[str]]:
    """Return for each batch the batches of its part, of those that are asked for; none if alone."""
    members: defaultdict[int, set[str]] = defaultdict(set)
    for batch_id in parts.keys() & of:
        members[parts[batch_id]].add(batch_id)
    groups = (frozenset(group) for group in members.values() if len(group) > 1)
    return {batch_id: group for group in groups for batch_id in group}


def former_run(store: Store, asked: str, batches: Sequence[Batch]) -> RunRecord | None:
    """Return the newest stored run that was asked the same of nearly the same batches, if any."""
    wanted, now = _without_confirmed(asked), {batch.id: batch for batch in batches}
    known = {batch.id: batch for batch in store.batches(with_undone=True)}
    for record in store.runs():
        if record.rule_version != RULE_VERSION or _without_confirmed(record.params_json) != wanted:
            continue
        if not all((store.run_path(record.id) / f"{name}.parquet").is_file() for name in KEPT):
            continue
        changed = [known[batch_id] for batch_id in set(now) ^ set(record.batch_ids)]
        if not all(batch.is_readable for batch in changed if batch.id not in now):
            continue  # an undone batch's file may be gone
        if sum(batch.rows for batch in changed) <= MOST_NEW * sum(batch.rows for batch in batches):
            return record
    return None


def _without_confirmed(asked: str) -> dict[str, Any]:
    """Return what was asked; a confirmed file only covers more, which is looked at by itself."""
    return {name: value for name, value in json.loads(asked).items() if name != "confirmed"}


def reconcile_increment(
    engine: Engine, store: Store, parameters: RunParameters, increment: Increment, work: Work
) -> Tally | None:
    """Leave the tables of a whole run of now, and return its tally; None: make a whole run.

    Leaves `row_in_scope` (clean pairs excepted), `bridge`, `run_choice`, `run_left` and `run_link`.

    Raises:
        QuestionOpen, ResidualError: As `reconcile_tables`.
        WarehouseError: A batch's file is missing, or a newer release wrote it.
    """
    if increment.withdraws:
        return None
    before, now = increment.before, increment.now
    works = _with_watermarks(engine, store, parameters, increment, work)
    if works is None:
        return None
    work_before, work_now = works
    anew = _covers_differ(before.inputs, now.inputs) or work_before.watermark != work_now.watermark
    claims = work.leads_are_claims
    if not _find_affected(engine, store, increment, all_left=anew, leads_are_claims=claims):
        return None
    events = parameters.alias.get("event", {})
    while True:
        if not _hold_affected(engine, store, increment):
            return None
        store.attach(engine, before.batches, held=True, events=events)
        former = reconcile_tables(engine, parameters, before.inputs, work_before)
        _set_former_aside(engine)
        store.attach(engine, now.batches, held=True, events=events)
        new = reconcile_tables(engine, parameters, now.inputs, work_now)
        engine.table("new_link", "increment/link_row")
        if not _seeks_elsewhere(engine, store, increment):
            break
    _join_results(engine)
    prior = tally_of(json.loads(increment.record.summary_json))
    return _sum_tallies([(prior, 1), (former, -1), (new, 1)])


def _with_watermarks(
    engine: Engine, store: Store, parameters: RunParameters, increment: Increment, work: Work
) -> tuple[Work, Work] | None:
    """Return the work before and now, with what all rows say of the watermark.

    None where only verdicts would tell: whose a claim is, which lead is sold, what was withdrawn.
    """
    claims = Kind.LEAD if work.leads_are_claims else Kind.CLAIM
    snapshots = (increment.before, increment.now)
    known = [with_known_names(parameters, one.inputs) for one in snapshots]
    stated = [stated_watermark(*one, claims) for one in known]
    last: dict[str, datetime] = {}
    if None in stated:
        withdrawn = any(batch.delivery == FULL for batch in increment.all)
        if work.leads_are_claims or parameters.buyers is not None or withdrawn:
            return None
        last = _last_claims(engine, store, parameters, increment.all)
    before, now = (
        replace(work, ranges=1, watermark=said or _latest(one, last) or parameters.period[1])
        for said, one in zip(stated, snapshots, strict=True)
    )
    return before, now


def _latest(snapshot: Snapshot, last: Mapping[str, datetime]) -> datetime | None:
    return max((last[batch.id] for batch in snapshot.batches if batch.id in last), default=None)


def _last_claims(
    engine: Engine, store: Store, parameters: RunParameters, batches: Sequence[Batch]
) -> dict[str, datetime]:
    """Return the time of the last claim in the window of each batch that has one."""
    if not any(batch.kind is Kind.CLAIM for batch in batches):
        return {}
    zone, margin = zone_of(parameters.zone), timedelta(days=parameters.margin_days)
    store.hold(engine, batches, {Kind.CLAIM: "increment/claim_time"})
    found = engine.query(
        "increment/last_claim",
        margin_from=midnight_utc(parameters.date_from - margin, zone),
        margin_to=midnight_utc(parameters.date_to + margin, zone),
    )
    return {str(batch): at for batch, at in found}


def _covers_differ(before: Inputs, now: Inputs) -> bool:
    return any(
        set(getattr(before, name)) != set(getattr(now, name))
        for name in ("lead_covers", "event_covers", "claim_covers")
    )


def _find_affected(
    engine: Engine, store: Store, increment: Increment, *, all_left: bool, leads_are_claims: bool
) -> bool:
    """Make `affected_id`; say whether it is few enough to be worth it.

    Rows of several ids may be joined by what else names a lead: a loose, a damaged or an external
    id, or what a person has accepted. `link` says of each id which of these tokens its rows seek
    or carry; whatever shares one with an affected id is affected.
    """
    names = ("prior_row", "prior_bridge", "prior_choice", "prior_left", "prior_link")
    for name, kept in zip(names, KEPT, strict=True):
        engine.view_parquet(name, [glob_free(increment.folder / f"{kept}.parquet")])
    accepted = increment.now.inputs.accepted
    ids = [(one.decision, key) for one in accepted for key in (one.claim_key, one.event_key)]
    engine.upload("accepted_id", {"decision": "varchar", "norm_id": "varchar"}, ids)
    engine.table("link", "increment/link_before")
    engine.table("asked_token", "increment/asked_token")
    asked = {"leads_are_claims": leads_are_claims}
    store.hold(engine, increment.changed, {kind: f"increment/id_{kind}" for kind in Kind})
    engine.table("touched_id", "increment/touched_id")
    _link_changed(engine, asked)
    if regrouped := increment.regrouped:
        store.hold(engine, regrouped, {kind: f"increment/again_{kind}" for kind in Kind})
        engine.append("touched_id", "increment/touched_id")
        _link_changed(engine, asked)
    _ask_leads(engine, store, increment)
    engine.table("affected_id", "increment/affected_start", all_left=all_left)
    _spread(engine)
    return _is_few(engine, increment)


def _link_changed(engine: Engine, asked: Mapping[str, object]) -> None:
    engine.append("link", "increment/link_changed", **asked)
    engine.append("link", "increment/link_lead")


def _ask_leads(engine: Engine, store: Store, increment: Increment) -> None:
    """Look among all leads for those that carry what a row seeks and nobody has looked for yet."""
    if not engine.table("wanted_token", "increment/wanted_token"):
        return
    [(damages,)] = engine.query("increment/wanted_damages")
    batches = [batch for batch in increment.all if batch.kind is Kind.LEAD]
    params = {"with_damage": damages > 0}
    store.hold(engine, batches, {Kind.LEAD: "increment/carrier"}, **params)
    engine.append("link", "increment/link_lead")
    engine.append("asked_token", "increment/wanted_as_asked")


def _spread(engine: Engine) -> bool:
    """Add to `affected_id` all that is linked to it, however far; say whether it grew."""
    grew = False
    # Invariant: no id is in it twice; each round takes what one more token away is linked.
    while engine.append("affected_id", "increment/affected_more"):
        grew = True
    return grew


def _is_few(engine: Engine, increment: Increment) -> bool:
    ((ids,),) = engine.query("increment/affected_count")
    return int(ids) <= MOST_NEW * sum(batch.rows for batch in increment.now.batches)


def _hold_affected(engine: Engine, store: Store, increment: Increment) -> bool:
    """Hold the rows of the affected ids; say whether these are few.

    Another version of a lead may count than did; what that one carries is known only now.
    """
    rows = {kind: f"increment/affected_{kind}" for kind in Kind}
    store.hold(engine, increment.all, rows)
    engine.append("link", "increment/link_lead")
    while _spread(engine):
        store.hold(engine, increment.all, rows)
        engine.append("link", "increment/link_lead")
    return _is_few(engine, increment)


def _seeks_elsewhere(engine: Engine, store: Store, increment: Increment) -> bool:
    """Say whether rows that are left over only now seek leads of ids that are not affected yet."""
    if not engine.append("link", "increment/link_unasked"):
        return False
    _ask_leads(engine, store, increment)
    return _spread(engine)


def _set_former_aside(engine: Engine) -> None:
    """Keep what the affected ids were, beside what they are now."""
    engine.table("former_row", "increment/former_row")
    engine.table("former_choice", "matching/choice_out")
    engine.rename("bridge", "former_bridge")


def _join_results(engine: Engine) -> None:
    """Put what the affected ids are now beside what stands of the run before."""
    engine.table("new_row", "increment/new_row")
    engine.table("new_choice", "matching/choice_out")
    engine.table("new_left", "increment/left_row")
    engine.rename("bridge", "new_bridge")
    engine.table("bridge", "increment/bridge")
    for name, new, kept in (
        ("row_in_scope", "new_row", "kept_row"),
        ("run_choice", "new_choice", "kept_choice"),
        ("run_left", "new_left", "kept_left"),
        ("run_link", "new_link", "kept_link"),
    ):
        engine.table(name, f"increment/{kept}")
        engine.pour(new, name)


def _sum_tallies(signed: Iterable[tuple[Tally, int]]) -> Tally:
    """Add tallies up, each with its sign; what is nothing then is left out."""
    read: Counter[str] = Counter()
    left: Counter[tuple[str, str]] = Counter()
    rows: Counter[tuple[str, str, str | None, str | None]] = Counter()
    bridge: defaultdict[tuple[str, str, str | None, str | None], Decimal]
    bridge = defaultdict(lambda: Decimal("0.0000"))
    findings = capped = 0
    for tally, sign in signed:
        for side, count in tally.rows_read.items():
            read[side] += sign * count
        for place, count in tally.left_out.items():
            left[place] += sign * count
        for *key, count, amount in tally.classes:
            rows[tuple(key)] += sign * count  # type: ignore[index]
            bridge[tuple(key)] += sign * amount  # type: ignore[index]
        findings += sign * tally.findings
        capped += sign * tally.capped_keys
    return Tally(
        rows_read=dict(read),
        left_out={place: count for place, count in left.items() if count},
        classes=[(*key, count, bridge[key]) for key, count in rows.items() if count],
        findings=findings,
        capped_keys=capped,
    )
