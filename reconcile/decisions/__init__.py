"""What people decide on findings: kept for good, found again in every run, stale when facts move.

`log` keeps decisions, `resolving` finds what was decided on the findings of a run.
"""

from reconcile.decisions.log import (
    Ruling,
    Scope,
    add_decision,
    decision_list,
    entries,
    this_user,
    undo_decision,
)
from reconcile.decisions.resolving import ONLY_DECIDED, resolve, scope_of

__all__ = [
    "ONLY_DECIDED",
    "Ruling",
    "Scope",
    "add_decision",
    "decision_list",
    "entries",
    "resolve",
    "scope_of",
    "this_user",
    "undo_decision",
]
