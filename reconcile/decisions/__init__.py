"""What people decide on findings: kept for good, found again in every run, stale when facts move.

`log` keeps decisions, `crediting` says what is credited, `resolving` finds what was decided on the
findings of a run, `moments` tells whether anything was said since.
"""

from reconcile.decisions.crediting import Credit, credited
from reconcile.decisions.log import (
    Ruling,
    Scope,
    add_decision,
    add_match,
    decided_names,
    decision_list,
    entries,
    last_decision,
    undo_decision,
)
from reconcile.decisions.moments import moment
from reconcile.decisions.resolving import resolve, scope_of
from reconcile.firing.ledger import this_user

__all__ = [
    "Credit",
    "Ruling",
    "Scope",
    "add_decision",
    "add_match",
    "credited",
    "decided_names",
    "decision_list",
    "entries",
    "last_decision",
    "moment",
    "resolve",
    "scope_of",
    "this_user",
    "undo_decision",
]
