"""Every error a user can meet.

    ReconcileError                  base; carries the exit code of the command line
    ├── BadFile                     a file cannot be read, or is not what it was said to be
    │   ├── NoHeader                no line of the file looks like a header
    │   ├── UnknownColumns          columns that are needed cannot be found in the header
    │   └── TotalsOnly              a report that holds totals, not rows
    ├── BadMapping                  a mapping file contradicts itself or the file it is for
    ├── BadSettings                 an event settings file has a wrong line
    ├── BadParameters               the parameters of a run do not make sense
    │   └── UnknownZone             a time zone nobody knows
    ├── BadFunnel                   a funnel contradicts itself, or cannot be read
    ├── QuestionOpen                only a person can answer; says how to (exit code 4)
    ├── NotFound                    no such batch, run, finding or plan
    ├── WarehouseError              the warehouse on disk is not usable as it is
    ├── ResidualError               a bridge does not close: a fault of ours, never the user's
    ├── AlreadyClosing              another process closes a month (exit code 3)
    └── FiringError                 a plan or a postback may not go on
        ├── NotAllowed              the target is not one that may be fired at
        └── AlreadyFiring           another process holds the ledger (exit code 3)

A bad row is not an error but data (`rejected_row`), and neither is what Pingtree answers (a state).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconcile.importing.questions import Question


class ReconcileError(Exception):
    """Base of all errors a caller may want to catch; its text names the cure."""

    exit_code = 2


class BadFile(ReconcileError):
    """A file cannot be read, or is not of the form or kind it was said to be."""


class NoHeader(BadFile):
    """No line of the file looks like a header."""


class UnknownColumns(BadFile):
    """Needed columns are missing; the text lists those that exist."""


class TotalsOnly(BadFile):
    """The report holds totals per group, not one row per conversion."""


class BadMapping(ReconcileError):
    """A mapping contradicts itself, or names columns the file does not have."""


class BadSettings(ReconcileError):
    """An event settings file has a line that cannot be meant."""


class BadParameters(ReconcileError):
    """Parameters of a run are missing, contradictory or unknown."""


class TooLittleMemory(ReconcileError):
    """A step needs more memory than the limit allows; the message says what to do."""


class UnknownZone(BadParameters):
    """The name is neither an IANA zone nor one of Pingtree's codes."""


class BadFunnel(ReconcileError):
    """The definition of a funnel, or what is asked of it, cannot be meant."""


class QuestionOpen(ReconcileError):
    """Something only a person knows was asked and not answered.

    `questions` are the open ones of a file, each with the key that answers it; none where the
    cure is not an answer. `offers` need no answer yet, but a run will stop at them.
    """

    exit_code = 4

    def __init__(
        self,
        text: str,
        *,
        questions: tuple[Question, ...] = (),
        offers: tuple[Question, ...] = (),
    ) -> None:
        super().__init__(text)
        self.questions = questions
        self.offers = offers


class NotFound(ReconcileError):
    """There is no batch, run, finding or plan of that name."""


class WarehouseError(ReconcileError):
    """The warehouse on disk cannot be used as it stands."""


class ResidualError(ReconcileError):
    """A bridge left a residual. This is a defect: report it with the run's folder."""


class AlreadyClosing(ReconcileError):
    """Another process closes a month of the same warehouse."""

    exit_code = 3


class FiringError(ReconcileError):
    """A plan or postback may not go on as it stands."""


class NotAllowed(FiringError):
    """The target is not a host that may be fired at."""


class AlreadyFiring(FiringError):
    """Another process holds the ledger."""

    exit_code = 3
