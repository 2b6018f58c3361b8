"""What has come since a plan was made, and speaks against what of it may still go out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from reconcile.accepting import held_claims
from reconcile.engine import Engine
from reconcile.errors import FiringError
from reconcile.filtering import FindingFilter, finding_tables
from reconcile.firing import Ledger, recorded_since
from reconcile.firing.limits import left_to_send
from reconcile.ledgers import attach_named, named_settings, names_of, newest_export, told_to
from reconcile.terms import Kind, Known, RowClass
from reconcile.warehouse import Store

_NOTHING = "Nothing was sent now."


def refuse_outdated(store: Store, ledger: Ledger, plan_id: int) -> None:
    """Refuse a plan that decisions, event settings or exports of now would leave in part undone.

    Raises:
        FiringError: A postback that may still go out was decided against since, its event may be
            there under another id, may repeat now, or is shown by an export.
    """
    _refuse_decided(store, ledger, plan_id)
    _refuse_repeating(store, ledger, plan_id)
    _refuse_recorded(store, ledger, plan_id)


def refuse_old_export(store: Store, ledger: Ledger, plan_id: int, *, hours: int) -> None:
    """Refuse a plan for a real host whose exports have become too old to say what is stored.

    One that was made in spite of that says why, and so it holds for its approval and firing too.

    Raises:
        FiringError: The newest event export is older than so many hours, or there is none.
    """
    plan = ledger.plan_row(plan_id)
    if ledger.sandbox or plan["note"] or not left_to_send(ledger, plan_id):
        return
    newest = newest_export(told_to(store, store.batches(Kind.EVENT), sandbox=False))
    if newest is None or newest < datetime.fromisoformat(ledger.now()) - timedelta(hours=hours):
        taken = (
            "there is none" if newest is None else f"the newest is of {newest:%Y-%m-%d %H:%M} UTC"
        )
        raise FiringError(
            f"Plan {plan_id} needs an event export of the last {hours} hours, and {taken}: what it "
            "holds may have been stored since. Nothing was sent now. Import a newer one. Without "
            f"one, cancel the plan (reconcile cancel {plan_id} --host {plan['host']}) and make one "
            "that says why (--old-export)."
        )


class Watch:
    """Notices what comes while a plan is fired, without asking for more than a number each time."""

    def __init__(self, store: Store, ledger: Ledger, plan_id: int) -> None:
        """Remember what there is; what comes from now on is noticed."""
        self._store, self._ledger, self._plan = store, ledger, plan_id
        self._version = self._read_version()
        self._seen = self._read()

    def has_come(self) -> bool:
        """Say whether an export, setting, alias or decision came or went since the last time."""
        version = self._read_version()
        if version == self._version:
            return False
        self._version, before, self._seen = version, self._seen, self._read()
        return self._seen != before

    def refuse(self) -> None:
        """Refuse to go on firing the plan if what has come speaks against it.

        Raises:
            FiringError: See `refuse_outdated`.
        """
        try:
            refuse_outdated(self._store, self._ledger, self._plan)
        except FiringError as error:
            said = str(error).replace(
                _NOTHING, "What was sent stays sent, and nothing more goes out."
            )
            raise FiringError(said) from error

    def _read_version(self) -> int:
        return int(self._store.catalog.query("state/data_version")[0][0])

    def _read(self) -> tuple[object, ...]:
        return tuple(self._store.catalog.query("warehouse/news")[0])


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
            f"decision {said['decision']}{_moved(said)}. {_cure(ledger, plan_id)} "
            "and make a new plan, which leaves them out."
        )
    held = {run: held_claims(store, run) for run in told}
    rows = ledger.may_go_out(plan_id)
    doubtful = [row for row in rows if row["finding_ref"] in held[row["run"]]]
    if doubtful:
        raise FiringError(
            f"Plan {plan_id} holds {len(doubtful)} postback(s) whose event may be there under "
            f"another id, the first of {doubtful[0]['transaction_id']}: a pair is proposed, or "
            f"was accepted since. {_cure(ledger, plan_id)} and make a new plan from a new run."
        )


def _refuse_repeating(store: Store, ledger: Ledger, plan_id: int) -> None:
    """Refuse a plan that would be sent again where the event may repeat by the settings of now.

    When it was made Multi-Trigger was known to be off, which made a second sending harmless.
    """
    names = names_of(store, ledger.runs_of(plan_id))
    settings = named_settings(store, names)
    off = {(s.campaign_id, s.event_id) for s in settings if s.allows_duplicates is Known.NO}
    planned = {
        (names.campaign(row["campaign_id"]), names.event(row["event_id"]))
        for row in ledger.sent_again(plan_id)
    }
    if changed := sorted(planned - off):
        campaign, event = changed[0]
        raise FiringError(
            f"Plan {plan_id} was made when event {event} of campaign {campaign} was known not to "
            "repeat, and the event settings do not say so any more: sending it again might double "
            f"it. {_cure(ledger, plan_id)} and make a new plan."
        )


def _refuse_recorded(store: Store, ledger: Ledger, plan_id: int) -> None:
    """Refuse a plan whose event somebody else has recorded meanwhile: it would be stored twice."""
    engine = Engine()
    try:
        names = names_of(store, ledger.runs_of(plan_id))
        batches = told_to(store, store.batches(Kind.EVENT), sandbox=ledger.sandbox)
        attach_named(store, engine, batches, names)
        recorded = recorded_since(ledger, engine, plan_id, names=names)
    finally:
        engine.close()
    if recorded:
        raise FiringError(
            f"Plan {plan_id} holds {len(recorded)} postback(s) whose event an export shows that "
            f"did not when it was planned, the first of {recorded[0]['transaction_id']}: sent, it "
            f"might be stored twice. {_cure(ledger, plan_id)} and make a new plan from a new run."
        )


def _cure(ledger: Ledger, plan_id: int) -> str:
    """Say what to do with a plan; its host says in which ledger it is."""
    host = ledger.plan_row(plan_id)["host"]
    return f"{_NOTHING} Cancel it (reconcile cancel {plan_id} --host {host})"


def _moved(said: dict[str, Any]) -> str:
    return f", on other facts ({said['stale'].replace(';', ', ')})" if said["stale"] else ""
