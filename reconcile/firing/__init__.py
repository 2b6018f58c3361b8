"""Corrective postbacks: planned from findings, approved by a person, sent once, proven by export.

make_plan -> approve -> fire -> verify; the ledger remembers all of it.
"""

from reconcile.firing.drafting import make_plan
from reconcile.firing.engine import Pace, Receipt, canary, fire, pace_of
from reconcile.firing.ledger import Ledger, open_ledger
from reconcile.firing.limits import check_approver, check_caps
from reconcile.firing.metering import Progress
from reconcile.firing.plan import (
    BlockedRow,
    Expected,
    Plan,
    Postback,
    PostbackNeed,
    approve,
    load_plan,
)
from reconcile.firing.states import DUE, Blocked, Mode, PostbackState, Reason
from reconcile.firing.verify import Coverage, coverage_of, recorded_since, verify

__all__ = [
    "DUE",
    "Blocked",
    "BlockedRow",
    "Coverage",
    "Expected",
    "Ledger",
    "Mode",
    "Pace",
    "Plan",
    "Postback",
    "PostbackNeed",
    "PostbackState",
    "Progress",
    "Reason",
    "Receipt",
    "approve",
    "canary",
    "check_approver",
    "check_caps",
    "coverage_of",
    "fire",
    "load_plan",
    "make_plan",
    "open_ledger",
    "pace_of",
    "recorded_since",
    "verify",
]
