"""Decisions on the findings of a run: made in bulk or one by one, told in full, taken back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from reconcile import decisions
from reconcile.accepting import Match, find_match
from reconcile.decisions import Credit, Ruling, credited, entries, resolve, scope_of, this_user
from reconcile.errors import BadParameters, NotFound
from reconcile.filtering import FindingFilter, HeldRun, Record, finding_tables, run_tables
from reconcile.firing.plan import canonical_id
from reconcile.terms import Action
from reconcile.warehouse import Store
from reconcile.warehouse.records import as_time

_IDS_KEPT = 100
_NAME = re.compile(r"([0-9a-f]{16})(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True)
class Decided:
    """What a decision is on, made or only tried.

    `totals` counts findings and sums what is at stake, per class, currency and the state before.
    A pair in two currencies has its money in both, is counted in that of its claim (`findings`),
    and beside that in the other (`elsewhere`).
    `unknown` are ids that were asked for and name no finding that passes the filter. `credits` are
    the sums that it credits, per currency.
    """

    decision: int | None
    findings: int
    totals: tuple[Record, ...]
    unknown: tuple[str, ...]
    credits: Mapping[str, Decimal]


@dataclass(frozen=True)
class Standing:
    """Of a run: findings decided on, those of them whose facts moved, and decided ones now gone."""

    decided: int
    stale: int
    closed: int


def decide(  # noqa: PLR0913 - what is said, of which findings, by whom
    store: Store,
    run_id: str,
    action: str,
    *,
    only: FindingFilter,
    reason: str | None = None,
    note: str | None = None,
    assignee: str | None = None,
    credit: Credit | None = None,
    user: str | None = None,
    expect: int | None = None,
    dry_run: bool = False,
    partner: str | None = None,
    held: HeldRun | None = None,
) -> Decided:
    """Decide on all findings of a run that pass a filter, in one step that `undo` takes back.

    A decision is on the finding, not on the run, batch or line: it is found again in every later
    run, and is stale where the facts have moved since.

    Args:
        store: The warehouse.
        run_id: A stored run.
        action: `accept`, `reject`, `ignore`, `dispute`, `send`, `answer`, `credit`, `reopen`,
            `assign` or `note`.
        only: Which findings.
        reason: Why; an `ignore` needs one.
        note: What is worth knowing; goes with any action. An `answer` needs it.
        assignee: Who is to look, with `assign`; "" for nobody.
        credit: What the counterpart credits for each finding, with `credit`.
        user: Who decides; by default as the operating system knows them.
        expect: How many findings it must be; if it is another number, nothing is decided.
        dry_run: Decide nothing, and say what would be.
        partner: With `accept`, of a single left-over row: the row of the other side (its ref, or
            file:line) that it belongs to. The run must propose the pair or have it among its
            candidates; the next run makes it, with rule `proposal`.
        held: The run in memory, if the caller has it: then it is not read for this.

    Raises:
        BadParameters: The action is unknown or lacks what it needs, or `expect` is not met, or
            more would be credited than is at stake.
        NotFound: There is no such run, or no finding passes the filter.
    """
    ruling = Ruling(action, reason=reason, note=note, assignee=assignee, credit=credit)
    scope = scope_of(store.run(run_id))
    said = decisions.last_decision(store.catalog)
    with_rows = not dry_run or credit is not None
    chosen = _chosen(store, run_id, only, credit, with_rows=with_rows, held=held)
    match = None if partner is None else _match(store, run_id, ruling, chosen, partner)
    if dry_run:
        return chosen.decided(None)
    _check_count(chosen.findings, expect, run_id)
    with store.catalog.transaction():
        # Of two processes that decide on one finding the second builds on what the first has said.
        if decisions.last_decision(store.catalog) != said:
            chosen = _chosen(store, run_id, only, credit, with_rows=True, held=held)
            _check_count(chosen.findings, expect, run_id)
        number = decisions.add_decision(
            store.catalog,
            ruling,
            chosen.rows,
            scope=scope,
            asked=_asked(only) | ({} if partner is None else {"partner": partner}),
            user=user or this_user(),
        )
        if match is not None:
            decisions.add_match(store.catalog, number, match.said)
    return chosen.decided(number)


def _match(store: Store, run_id: str, ruling: Ruling, chosen: _Chosen, partner: str) -> Match:
    """Return the pair that is accepted, which must be of one finding."""
    if ruling.action != Action.ACCEPT:
        raise BadParameters(f"To {ruling.action} takes no partner; a pair is accepted.")
    if chosen.findings != 1:
        raise BadParameters(
            f"A partner is accepted for one finding, and {chosen.findings:,} pass, so nothing was "
            "decided."
        )
    return find_match(store, run_id, str(chosen.refs[0]), partner)


@dataclass(frozen=True)
class _Chosen:
    """The findings that pass a filter: as a decision keeps them, counted, and what named none."""

    rows: list[Record]
    totals: tuple[Record, ...]
    unknown: tuple[str, ...]
    refs: tuple[str, ...] = ()

    @property
    def findings(self) -> int:
        return sum(total["findings"] for total in self.totals)

    @property
    def credits(self) -> dict[str, Decimal]:
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            if row["credit_e4"] is not None:
                sums[row["credit_currency"]] += Decimal(row["credit_e4"]).scaleb(-4)
        return dict(sums)

    def decided(self, number: int | None) -> Decided:
        return Decided(number, self.findings, self.totals, self.unknown, self.credits)


def _chosen(  # noqa: PLR0913 - which ones, and how they are read
    store: Store,
    run_id: str,
    only: FindingFilter,
    credit: Credit | None,
    *,
    with_rows: bool,
    held: HeldRun | None,
) -> _Chosen:
    with finding_tables(store, run_id, only, kept=True, held=held) as engine:
        unknown = engine.query("reading/wanted_left") if only.ids else []
        return _Chosen(
            credited(engine.records("deciding/chosen"), credit) if with_rows else [],
            tuple(engine.records("deciding/chosen_total")),
            tuple(str(row[0]) for row in unknown),
            tuple(str(row[0]) for row in engine.query("accepting/ref")),
        )


def undo_decision(store: Store, decision: int, *, user: str | None = None) -> Record:
    """Take a decision back on all its findings; what was decided before it counts again.

    Raises:
        NotFound: There is no such decision.
        BadParameters: It was taken back before, or took one back itself.
    """
    return decisions.undo_decision(store.catalog, decision, user=user)


def standing(store: Store, run_id: str) -> Standing:
    """Count what of the findings of a run was decided before, and what of that no longer holds.

    Raises:
        NotFound: There is no such run.
    """
    record = store.run(run_id)
    if not decisions.last_decision(store.catalog):
        return Standing(0, 0, 0)
    with run_tables(store, run_id) as engine:
        resolve(engine, store, record)
        [row] = engine.query("deciding/standing")
    return Standing(*row)


def history(
    store: Store,
    finding: str | None = None,
    *,
    run_id: str | None = None,
    decision: int | None = None,
) -> list[Record]:
    """Return all decisions, the newest first, or all that was ever decided on a finding.

    Args:
        store: The warehouse.
        finding: Its name (`finding` of `findings`), its ref or `file:line` in a run, or a
            transaction id.
        run_id: The run that a ref is of; the newest by default.
        decision: Only the findings of this decision.

    Returns:
        With a finding or decision one row per decision on each finding, the oldest first, with the
        facts it was made on; amounts are `Decimal`, times naive UTC. What was taken back has the
        number of its undo in `undone_by`.

    Raises:
        NotFound: There is no such run, finding or decision.
    """
    catalog = store.catalog
    if finding is None and decision is None:
        return decisions.decision_list(catalog)
    if decision is not None and not decisions.decision_list(catalog, decision):
        raise NotFound(f"There is no decision {decision}. `reconcile history` lists them.")
    found = [
        row
        for asked in _asked_for(store, finding, run_id)
        for row in entries(catalog, decision=decision, **asked)
    ]
    return [_entry(row) for row in found]


def _asked_for(store: Store, finding: str | None, run_id: str | None) -> Iterator[Record]:
    """Return by what the log is asked: a name, a canonical id, or where a run's row is known."""
    if finding is None:
        yield {}
    elif ":" in finding:
        yield from _known_in_run(store, finding, run_id)
    else:
        named = _NAME.fullmatch(finding)
        asked = {"subject": named[1], "place": int(named[2] or 1)} if named else {}
        if asked and entries(store.catalog, **asked):
            yield asked
        else:
            yield {"transaction_key": canonical_id(finding)}


def _known_in_run(store: Store, ref: str, run_id: str | None) -> list[Record]:
    run_id = run_id or next((run.id for run in store.runs()), None)
    if run_id is None:
        raise NotFound(f"There is no run yet, so {ref!r} names no finding.")
    with finding_tables(store, run_id, FindingFilter(ids=(ref,))) as engine:
        if not engine.records("deciding/chosen_total"):
            raise NotFound(
                f"{ref!r} names no finding of run {run_id}. `reconcile findings` lists them."
            )
        return engine.records("deciding/known")


def _entry(row: Record) -> Record:
    values = dict(row)
    subject, place = values.pop("subject"), values.pop("place")
    for name in ("revenue", "partner", "at_stake", "other_at_stake", "credit"):
        e4 = values.pop(f"{name}_e4")
        values[name] = None if e4 is None else Decimal(e4).scaleb(-4)
    times = {name: as_time(values[name]) for name in ("decided_at", "occurred_at")}
    return {"finding": subject if place == 1 else f"{subject}.{place}", **values, **times}


def _check_count(count: int, expect: int | None, run_id: str) -> None:
    if not count:
        raise NotFound(
            f"No finding of run {run_id} passes, so nothing was decided. `reconcile findings` "
            "lists them."
        )
    if expect is not None and count != expect:
        raise BadParameters(
            f"{expect:,} findings were meant and {count:,} pass, so nothing was decided. Look at "
            "them again, and name the number that you mean."
        )


def _asked(only: FindingFilter) -> Record:
    """Return a filter as JSON can hold it, without what it lets pass; of many ids the first."""
    values = {item.name: getattr(only, item.name) for item in fields(only)}
    asked: Record = {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in values.items()
        if value not in (None, False)
    }
    if only.ids and len(only.ids) > _IDS_KEPT:
        asked |= {"ids": only.ids[:_IDS_KEPT], "ids_in_all": len(only.ids)}
    return asked
