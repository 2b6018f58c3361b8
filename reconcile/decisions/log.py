"""The log of decisions: only ever added to; replayed, it gives the state of every finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconcile.decisions.crediting import Credit
from reconcile.errors import BadParameters, NotFound
from reconcile.firing.ledger import this_user
from reconcile.state import Conflict, Database
from reconcile.terms import STEPS, Action
from reconcile.warehouse.records import as_json, as_text, as_time, now_utc

Record = dict[str, Any]
UNDO = "undo"


@dataclass(frozen=True)
class Ruling:
    """What is said of findings: an action and, with any of them, a note.

    Raises:
        BadParameters: There is no such action, or it lacks what it needs.
    """

    action: str
    reason: str | None = None
    note: str | None = None
    assignee: str | None = None
    credit: Credit | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be understood later."""
        if self.action not in set(Action):
            raise BadParameters(f"Nothing is decided as {self.action!r}; as {', '.join(Action)}.")
        needs = {Action.IGNORE: "reason", Action.ASSIGN: "assignee"}
        needs |= dict.fromkeys((Action.NOTE, Action.ANSWER), "note")
        for action, name in needs.items():
            value = getattr(self, name)
            # Assigned to nobody takes an assignment back.
            blank = value is None if name == "assignee" else not (value or "").strip()
            if self.action == action and blank:
                raise BadParameters(f"To {action} needs its {name}: --{_OPTION[name]} TEXT.")
        if self.assignee is not None and self.action != Action.ASSIGN:
            raise BadParameters("Only `assign` names somebody (--to); decide that by itself.")
        if (self.action == Action.CREDIT) != (self.credit is not None):
            raise BadParameters(
                "A credit is recorded with its amount: `reconcile answer --credit 40.00`, or "
                "`--credit full` for all that is open."
            )


_OPTION = {"reason": "reason", "note": "note", "assignee": "to"}


@dataclass(frozen=True)
class Scope:
    """The run that is decided on: what its claims are, and its period (naive UTC, half open)."""

    run: str
    counterpart: str
    period_from: datetime
    period_to: datetime


def add_decision(  # noqa: PLR0913 - one row of the log, and its findings
    catalog: Database,
    ruling: Ruling,
    rows: Sequence[Mapping[str, object]],
    *,
    scope: Scope,
    asked: Mapping[str, object],
    user: str,
) -> int:
    """Add a decision on findings, inside an open transaction; return its number.

    Args:
        catalog: Where decisions are kept.
        ruling: What is said of them.
        rows: The findings, as `deciding/chosen` gives them and `credited` completes them.
        scope: The run they were found in.
        asked: Which ones were meant, for the record.
        user: Who decides.
    """
    [added] = catalog.query(
        "decisions/add_decision",
        action=str(Action.DISPUTE if ruling.action in STEPS else ruling.action),
        step=str(ruling.action) if ruling.action in STEPS else None,
        reason=ruling.reason,
        note=ruling.note,
        assignee=ruling.assignee,
        undoes=None,
        run=scope.run,
        counterpart=scope.counterpart,
        period_from=as_text(scope.period_from),
        period_to=as_text(scope.period_to),
        asked=as_json(asked),
        findings=len(rows),
        decided_by=user,
        decided_at=as_text(now_utc()),
    )
    number = int(added["number"])
    catalog.execute_many("decisions/add_finding", ({**row, "decision": number} for row in rows))
    return number


def add_match(catalog: Database, decision: int, said: Mapping[str, object]) -> None:
    """Add the pair that a decision accepts, inside its transaction.

    Args:
        catalog: Where decisions are kept.
        decision: Its number.
        said: What the two rows say, as `accepting/match` gives it.
    """
    catalog.execute("decisions/add_match", decision=decision, **said)


def last_decision(catalog: Database) -> int:
    """Return the number of the newest decision, 0 if there is none."""
    return int(catalog.query("decisions/last")[0]["number"])


def undo_decision(catalog: Database, number: int, *, user: str | None = None) -> Record:
    """Take a decision back with all its findings; what was decided before it counts again.

    Both stay in the history. Decisions made after it stand.

    Returns:
        The decision that was taken back.

    Raises:
        NotFound: There is no such decision.
        BadParameters: It was taken back before, or is an undo itself.
    """
    with catalog.transaction():
        [decision] = _known(catalog, number)
        if decision["action"] == UNDO:
            raise BadParameters(f"Decision {number} took one back; decide anew instead.")
        _add_undo(catalog, number, user or this_user())
    return decision


def _add_undo(catalog: Database, number: int, user: str) -> None:
    row = dict(catalog.query("decisions/decisions", number=number)[0])
    same = ("run", "counterpart", "period_from", "period_to", "asked", "findings")
    none = dict.fromkeys(("step", "reason", "note", "assignee"))
    values = {name: row[name] for name in same} | none
    values |= {"action": UNDO, "undoes": number, "decided_by": user}
    try:
        catalog.query("decisions/add_decision", **values, decided_at=as_text(now_utc()))
    except Conflict as error:
        raise BadParameters(
            f"Decision {number} was taken back before, by decision {row['undone_by']}."
        ) from error


def decision_list(catalog: Database, number: int | None = None) -> list[Record]:
    """Return all decisions, the newest first, or one; times are naive UTC."""
    names = ("decided_by", "findings", "reason", "note", "assignee", "undoes")
    return [
        {
            "decision": row["number"],
            "decided_at": as_time(row["decided_at"]),
            "action": row["said"],
            **{name: row[name] for name in names},
            "undone_by": row["undone_by"],
            "asked": row["asked"],
            "run": row["run"],
        }
        for row in catalog.query("decisions/decisions", number=number)
    ]


def decided_names(catalog: Database, number: int) -> list[str]:
    """Return the names of the findings of a decision, or of the one that it takes back.

    Raises:
        NotFound: There is no such decision.
    """
    [decision] = _known(catalog, number)
    rows = catalog.query("decisions/names", decision=decision["undoes"] or number)
    return [str(row["finding"]) for row in rows]


def _known(catalog: Database, number: int) -> list[Record]:
    found = decision_list(catalog, number)
    if not found:
        last = last_decision(catalog)
        there = f"the newest is {last}" if last else "there is none yet"
        raise NotFound(f"There is no decision {number}; {there}.")
    return found


def entries(catalog: Database, **asked: object) -> list[Record]:
    """Return what was decided on findings, one row per decision on each, the oldest first.

    Args:
        catalog: Where decisions are kept.
        **asked: `subject` and `place`, `transaction_key` or `decision`; absent asks for all.
    """
    names = ("subject", "place", "transaction_key", "decision")
    values = {name: asked.get(name) for name in names}
    return [dict(row) for row in catalog.query("decisions/entries", **values)]
