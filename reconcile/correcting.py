"""From the missing events of a run to postbacks that are fired once, and proven by an export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from reconcile import firing
from reconcile.engine import Engine
from reconcile.errors import NotAllowed
from reconcile.firing import (
    Ledger,
    Plan,
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
from reconcile.ledgers import attach_named, ledger_of, ledgers_of, names_of, told_to, weighed
from reconcile.needing import Choice, Seen, needs_of
from reconcile.outdated import Watch, refuse_old_export, refuse_outdated
from reconcile.rehearsing import target_there
from reconcile.terms import Kind
from reconcile.warehouse import Store

TAKEN = (
    "A postback that the platform takes (a 200) may trigger payouts and buyer postbacks; nothing "
    "calls it back."
)
"""What somebody who approves has to know; every place where plans are approved says it."""
ALONE = "What another installation has sent is not in this ledger: see that only one of them fires."
"""What a ledger cannot know."""


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
        seen = Seen(
            told_to(store, store.batches(), sandbox=ledger.sandbox), names_of(store, [run_id])
        )
        needs = needs_of(store, run_id, seen, refs, choice)
        old = choice.old_export
        needs = weighed(store, needs, ledger, settings=settings, names=seen.names, old_export=old)
        return firing.make_plan(
            ledger, needs, host=settings.host, settings=settings, names=seen.names, note=old
        )


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
            was decided against or recorded since; the newest export is too old by now, a cap would
            be passed, or the user has to be another one.
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, settings):
        check_approver(ledger, plan_id, this_user(), second_user=settings.second_user)
        check_caps(ledger, plan_id, settings.caps)
        refuse_old_export(store, ledger, plan_id, hours=settings.export_hours)
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
            when it could not; the newest export is too old. What comes while it is fired stops it.
        AlreadyFiring: Another process fires from this ledger.
    """
    with ledger_of(store, host) as (ledger, settings):
        watch = Watch(store, ledger, plan_id)
        refuse_old_export(store, ledger, plan_id, hours=settings.export_hours)
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
                means=Means(watch=manner.watch, news=watch),
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
        covers = firing.coverage_of(batches)
        for target in sorted(hosts):
            runs = [str(row["run"]) for row in ledger.query("proof_run", host=target)]
            names = names_of(store, runs)
            attach_named(store, engine, batches, names)
            moved.update(
                firing.verify(ledger, engine, covers, host=target, names=names, grace=grace)
            )
    finally:
        engine.close()
    return moved
