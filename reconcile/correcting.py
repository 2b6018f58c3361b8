"""From the missing events of a run to postbacks that are fired once, and proven by an export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from reconcile import firing
from reconcile.accepting import Held, held_claims
from reconcile.engine import Engine
from reconcile.errors import FiringError, NotAllowed, NotFound
from reconcile.filtering import FindingFilter, finding_tables
from reconcile.firing import (
    Blocked,
    Ledger,
    Plan,
    PostbackNeed,
    PostbackState,
    Progress,
    Receipt,
    check_approver,
    check_caps,
    pace_of,
)
from reconcile.firing.engine import Means
from reconcile.firing.ledger import this_user
from reconcile.firing.policy import checked_host
from reconcile.ledgers import ledger_of, ledgers_of, told_to, weighed
from reconcile.outdated import decided_missing, refuse_outdated
from reconcile.rehearsing import target_there
from reconcile.terms import IN_DISPUTE, Kind, Known
from reconcile.warehouse import Batch, Store, glob_free

TAKEN = (
    "A postback that the platform takes (a 200) may trigger payouts and buyer postbacks; nothing "
    "calls it back."
)
"""What somebody who approves has to know; every place where plans are approved says it."""


@dataclass(frozen=True)
class Choice:
    """What a person has chosen to plan: only some findings, or more than the ordinary."""

    only: FindingFilter | None = None
    """Findings that this lets pass; all by default."""

    allow_unverified: bool = False
    """Claims whose lead no lead export could prove, too."""
    top_up: bool = False
    """The difference where an event brought less and Multi-Trigger is known to be on, too."""
    old_export: str | None = None
    """Why a plan is made although the newest event export is too old."""


@dataclass(frozen=True)
class Manner:
    """How to fire."""

    rate: float | None = None
    """Postbacks a second; that of firing.toml by default, and without one 10."""
    watch: Callable[[Progress], None] = lambda _: None
    """Told a few times a second how far it is."""


def plan(
    store: Store,
    run_id: str,
    *,
    host: str | None = None,
    refs: Collection[str] | None = None,
    choice: Choice | None = None,
) -> Plan:
    """Plan a postback for each missing event of a run; nothing is sent.

    What was rejected, ignored or disputed is left out with that reason, and so is what was decided
    on facts that have moved since (`stale`).

    Args:
        store: The warehouse.
        run_id: A stored run.
        host: The target; that of firing.toml by default, and without one the sandbox.
        refs: Only these findings (`ref` of `findings`); all by default.
        choice: Only some findings, or more than the ordinary.

    Returns:
        The plan: its postbacks to the byte, what is blocked and why, and the phrase to approve it.

    Raises:
        NotFound: There is no such run, or a ref is no missing event of it; nothing was planned.
        FiringError: A batch the run read was undone since; nothing was planned.
        NotAllowed: The host is neither a sandbox nor on the list of firing.toml.
    """
    choice = choice or Choice()
    with ledger_of(store, host) as (ledger, found):
        settings = replace(found, host=ledger.allow(found.host if host is None else host))
        seen = told_to(store, store.batches(), sandbox=ledger.sandbox)
        needs = _needs(store, run_id, seen, refs, choice)
        old = choice.old_export
        needs = weighed(store, needs, ledger, settings=settings, old_export=old)
        return firing.make_plan(ledger, needs, host=settings.host, settings=settings, note=old)


def _needs(
    store: Store,
    run_id: str,
    seen: Sequence[Batch],
    refs: Collection[str] | None,
    choice: Choice,
) -> list[PostbackNeed]:
    """Return what was chosen of a run, blocked where a decision or a proposed pair says so."""
    records = _records(store, run_id, seen, top_up=choice.top_up)
    if choice.only is not None:
        kept = _kept(store, run_id, choice.only)
        records = [record for record in records if record["finding_ref"] in kept]
    if refs is not None:
        records = _only(records, refs, run_id)
    told = decided_missing(store, run_id)
    held = held_claims(store, run_id)
    needs = [
        _decided(_need(record, run_id, allow_unverified=choice.allow_unverified), told)
        for record in records
    ]
    return [_undecided(need, held.get(need.finding_ref)) for need in needs]


def read_plan(store: Store, plan_id: int, *, host: str | None = None) -> Plan:
    """Return a plan as it stands.

    Raises:
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, _):
        return firing.load_plan(ledger, plan_id)


def approve(store: Store, plan_id: int, phrase: str, *, host: str | None = None) -> Plan:
    """Approve a plan by its typed phrase, which names its count and its sum.

    What is fired afterwards cannot be taken back: the platform may pay out and tell buyers.

    Raises:
        FiringError: The phrase is another, the plan changed or holds nothing, or something in it
            was decided against or recorded since; a cap would be passed, or the user has to be
            another one.
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, settings):
        check_approver(ledger, plan_id, this_user(), second_user=settings.second_user)
        check_caps(ledger, plan_id, settings.caps)
        refuse_outdated(store, ledger, plan_id)
        return firing.approve(ledger, plan_id, phrase)


def cancel(store: Store, plan_id: int, *, host: str | None = None) -> int:
    """Take back what a plan has not sent yet; return how many postbacks that were.

    Raises:
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, _):
        ledger.plan_row(plan_id)
        return ledger.cancel(plan_id)


def fire(
    store: Store,
    plan_id: int,
    *,
    host: str | None = None,
    limit: int | None = None,
    manner: Manner | None = None,
) -> Receipt:
    """Send what is due of an approved plan; called again, it goes on where it stopped.

    Args:
        store: The warehouse.
        plan_id: An approved plan.
        host: Which ledger the plan is in; by default that of the target of firing.toml.
        limit: End after that many. By default a plan of which nothing was sent yet ends after a
            few (`canary` of firing.toml), to look at the answers; fired again it goes on.
        manner: How fast, and who is told how far it is.

    Raises:
        FiringError: The plan is not approved, was changed, or holds what was decided against since,
            what an export shows since, or what may repeat by the settings of now and was planned
            when it could not.
        AlreadyFiring: Another process fires from this ledger.
    """
    with ledger_of(store, host) as (ledger, settings):
        refuse_outdated(store, ledger, plan_id)
        manner = manner or Manner()
        target = ledger.plan_row(plan_id)["host"]
        first = firing.canary(ledger, plan_id, settings.canary) if limit is None else None
        check_caps(ledger, plan_id, settings.caps, limit=limit or first)
        with target_there(store, target):
            return firing.fire(
                ledger,
                plan_id,
                pace=pace_of(settings, manner.rate),
                limit=limit or first,
                means=Means(watch=manner.watch),
            )


def verify(
    store: Store, *, host: str | None = None, grace: timedelta = timedelta(hours=24)
) -> dict[PostbackState, int]:
    """Settle sent postbacks against the visible event exports.

    Only an export proves that an event was stored; an answer of 200 does not.

    Args:
        store: The warehouse.
        host: Only postbacks that went to this target; all by default.
        grace: How long after sending an event may still be missing from an export.

    Returns:
        Postbacks moved, by new state.

    Raises:
        NotAllowed: No plan was ever made for that target.
    """
    moved: Counter[PostbackState] = Counter()
    with ledgers_of(store) as ledgers:
        targets = [{str(row["host"]) for row in one.query("plan_list")} for one in ledgers]
        if host is not None:
            # A host that is not on the list any more may still be proven.
            known = set[str]().union(*targets)
            meant = checked_host(host, [urlsplit(one).netloc for one in known])
            targets = [found & {meant} for found in targets]
            if not any(targets):
                there = ", ".join(sorted(known)) or "no plan yet"
                raise NotAllowed(f"No plan was made for {meant}; there is {there}. Name one.")
        for ledger, hosts in zip(ledgers, targets, strict=True):
            moved.update(_verified(store, ledger, hosts, grace))
    return dict(moved)


def _verified(
    store: Store, ledger: Ledger, hosts: Collection[str], grace: timedelta
) -> Counter[PostbackState]:
    """Settle the postbacks of one ledger; the sandbox's export settles none of a real host."""
    moved: Counter[PostbackState] = Counter()
    batches = told_to(store, store.batches(Kind.EVENT), sandbox=ledger.sandbox)
    engine = Engine()
    try:
        store.attach(engine, batches)
        covers = firing.coverage_of(batches)
        for target in sorted(hosts):
            moved.update(firing.verify(ledger, engine, covers, host=target, grace=grace))
    finally:
        engine.close()
    return moved


def _records(
    store: Store, run_id: str, seen: Sequence[Batch], *, top_up: bool
) -> list[dict[str, Any]]:
    """Return the missing events of a run beside what the exports of today say of them.

    With `top_up` there are also the claims whose event brought less, with the difference.

    Events and leads are those of all visible batches, not only those the run read: a postback must
    not repeat an event that a later export shows, and `verify` counts the same batches.
    """
    read = set(store.run(run_id).batch_ids)
    if not read.issubset(batch.id for batch in store.batches()):
        raise FiringError(
            f"Run {run_id} rests on data that was taken out since (reconcile undo), so nothing was "
            "planned. Start a new run, and plan from that one."
        )
    engine = Engine()
    try:
        store.attach(engine, [b for b in seen if b.kind is not Kind.CLAIM or b.id in read])
        engine.view_parquet("run_row", [glob_free(store.run_path(run_id) / "run_row.parquet")])
        names = ("campaign_id", "event_id", "is_conversion", "allows_duplicates")
        engine.upload(
            "named_setting",
            dict.fromkeys(names, "varchar"),
            [tuple(str(getattr(s, name)) for name in names) for s in store.settings()],
        )
        engine.table("missing_claim", "reading/missing_claim")
        engine.table("claim_place", "reading/claim_place")
        missing = engine.records("reading/need")
        if not top_up:
            return missing
        engine.table("missing_claim", "proof/short_claim")
        engine.table("claim_place", "reading/claim_place")
        return missing + [{**row, "is_top_up": True} for row in engine.records("reading/need")]
    finally:
        engine.close()


def _only(
    records: list[dict[str, Any]], refs: Collection[str], run_id: str
) -> list[dict[str, Any]]:
    unknown = sorted(set(refs) - {record["finding_ref"] for record in records})
    if unknown:
        raise NotFound(
            f"{', '.join(unknown)}: no missing event of run {run_id}, so nothing was planned. "
            "`reconcile findings --class missing_event` lists their refs."
        )
    return [record for record in records if record["finding_ref"] in refs]


def _kept(store: Store, run_id: str, only: FindingFilter) -> set[str]:
    """Return the refs of what a filter lets pass."""
    with finding_tables(store, run_id, only) as engine:
        return {str(row[0]) for row in engine.query("proof/kept_ref")}


def _undecided(need: PostbackNeed, held: Held | None) -> PostbackNeed:
    """Block a need whose event may be there under another id, unless it is blocked already."""
    if need.blocked or held is None:
        return need
    return replace(need, blocked=Blocked.PROPOSAL, blocked_detail=held.why)


def _decided(need: PostbackNeed, told: dict[str, dict[str, Any]]) -> PostbackNeed:
    """Return a need that a decision may hold back; what was said goes before all other reasons."""
    row = told.get(need.finding_ref)
    if row is None:
        return need
    who = f"by {row['decided_by']} on {row['decided_at']:%Y-%m-%d}, decision {row['decision']}"
    if row["stale"]:
        changed = row["stale"].replace(";", ", ")
        detail = f"{row['said'].capitalize()} {who}; since then moved: {changed}. Decide again."
        return replace(need, blocked=Blocked.STALE, blocked_detail=detail)
    why = f": {row['decided_reason']}" if row["decided_reason"] else ""
    blocked = Blocked.DISPUTED if row["said"] in IN_DISPUTE else Blocked.IGNORED
    return replace(need, blocked=blocked, blocked_detail=f"{row['said'].capitalize()} {who}{why}")


def _need(record: dict[str, Any], run_id: str, *, allow_unverified: bool) -> PostbackNeed:
    values = dict(record)
    lead_known, not_configured = values.pop("lead_known"), values.pop("not_configured")
    seen_anywhere, other_currency = values.pop("seen_anywhere"), values.pop("other_currency")
    if values.pop("is_top_up", False):
        # Another postback than the one that the same claim may have had when its event was missing.
        values["claim_key"] = f"+{values['claim_key']}"
        stored = Blocked.STORED_AMOUNT
    else:
        stored = Blocked.ALREADY_STORED
    blocked = Blocked.NOT_CONFIGURED if not_configured else None
    if other_currency:
        blocked = Blocked.OTHER_CURRENCY
    if not lead_known and not allow_unverified:
        blocked = Blocked.LEAD_UNVERIFIED
    if seen_anywhere and values["allows_repeat"] != Known.YES:
        blocked = stored
    for name in ("allows_repeat", "is_conversion"):
        values[name] = Known(values[name])
    return PostbackNeed(**values, run_id=run_id, blocked=blocked)
