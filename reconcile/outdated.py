"""What has come since a plan was made, and speaks against what of it may still go out."""

from __future__ import annotations

from typing import Any

from reconcile.accepting import held_claims
from reconcile.engine import Engine
from reconcile.errors import FiringError
from reconcile.filtering import FindingFilter, finding_tables
from reconcile.firing import Ledger, recorded_since
from reconcile.ledgers import told_to
from reconcile.terms import Kind, Known, RowClass
from reconcile.warehouse import Store


def refuse_outdated(store: Store, ledger: Ledger, plan_id: int) -> None:
    """Refuse a plan that decisions, event settings or exports of now would leave in part undone.

    Raises:
        FiringError: A postback that may still go out was decided against since, its event may be
            there under another id, may repeat now, or is shown by an export.
    """
    _refuse_decided(store, ledger, plan_id)
    _refuse_repeating(store, ledger, plan_id)
    _refuse_recorded(store, ledger, plan_id)


def decided_missing(store: Store, run_id: str) -> dict[str, dict[str, Any]]:
    """Return by ref what was decided on the missing events of a run."""
    only = FindingFilter(row_class=RowClass.MISSING_EVENT)
    with finding_tables(store, run_id, only) as engine:
        return {row["ref"]: row for row in engine.records("deciding/missing")}


def _refuse_decided(store: Store, ledger: Ledger, plan_id: int) -> None:
    """Refuse a plan of which a postback that may still go out was decided against since."""
    told = {run: decided_missing(store, run) for run in ledger.runs_of(plan_id)}
    rows = ledger.may_go_out(plan_id)
    against = [row for row in rows if row["finding_ref"] in told[row["run"]]]
    if against:
        first = against[0]
        said = told[first["run"]][first["finding_ref"]]
        raise FiringError(
            f"Plan {plan_id} holds {len(against)} postback(s) that decisions made since hold back, "
            f"the first of {first['transaction_id']}: {said['said']} by {said['decided_by']}, "
            f"decision {said['decision']}{_moved(said)}. Nothing was sent now. Cancel it "
            f"(reconcile cancel {plan_id}) and make a new plan, which leaves them out."
        )
    held = {run: held_claims(store, run) for run in told}
    rows = ledger.may_go_out(plan_id)
    doubtful = [row for row in rows if row["finding_ref"] in held[row["run"]]]
    if doubtful:
        raise FiringError(
            f"Plan {plan_id} holds {len(doubtful)} postback(s) whose event may be there under "
            f"another id, the first of {doubtful[0]['transaction_id']}: a pair is proposed, or "
            f"was accepted since. Nothing was sent now. Cancel it (reconcile cancel {plan_id}) and "
            "make a new plan from a new run."
        )


def _refuse_repeating(store: Store, ledger: Ledger, plan_id: int) -> None:
    """Refuse a plan that would be sent again where the event may repeat by the settings of now.

    When it was made Multi-Trigger was known to be off, which made a second sending harmless.
    """
    settings = store.settings()
    off = {(s.campaign_id, s.event_id) for s in settings if s.allows_duplicates is Known.NO}
    planned = {(row["campaign_id"], row["event_id"]) for row in ledger.sent_again(plan_id)}
    if changed := sorted(planned - off):
        campaign, event = changed[0]
        raise FiringError(
            f"Plan {plan_id} was made when event {event} of campaign {campaign} was known not to "
            "repeat, and the event settings do not say so any more: sending it again might double "
            f"it. Nothing was sent now. Cancel it (reconcile cancel {plan_id}) and make a new plan."
        )


def _refuse_recorded(store: Store, ledger: Ledger, plan_id: int) -> None:
    """Refuse a plan whose event somebody else has recorded meanwhile: it would be stored twice."""
    engine = Engine()
    try:
        store.attach(engine, told_to(store, store.batches(Kind.EVENT), sandbox=ledger.sandbox))
        recorded = recorded_since(ledger, engine, plan_id)
    finally:
        engine.close()
    if recorded:
        raise FiringError(
            f"Plan {plan_id} holds {len(recorded)} postback(s) whose event an export shows that "
            f"did not when it was planned, the first of {recorded[0]['transaction_id']}: sent, it "
            f"might be stored twice. Nothing was sent now. Cancel it (reconcile cancel {plan_id}) "
            "and make a new plan from a new run."
        )


def _moved(said: dict[str, Any]) -> str:
    return f", on other facts ({said['stale'].replace(';', ', ')})" if said["stale"] else ""
