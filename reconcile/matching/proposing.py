"""Which left-over rows a person may accept as pairs, beside the rules that join rows themselves.

Rows that agree in event, campaign, amount and currency may be many: a flat price has thousands of
rows a month. So no two rows are compared. Each stands in lists by time, and a claim is seated in
those that it fits; its nearest events are next to its seat, and its rivals a difference of seats.
"""

from __future__ import annotations

from reconcile.engine import Engine
from reconcile.matching.parameters import RunParameters
from reconcile.matching.steps import Steps

_LISTS = ("proposal_row", "proposal_list", "proposal_stand", "proposal_ask", "proposal_seat")


def find_proposals(engine: Engine, parameters: RunParameters) -> None:
    """Leave the table `run_proposal`: left-over claims beside the nearest events that they fit.

    Args:
        engine: As `reconcile_tables` leaves it; only `row_in_scope` is read.
        parameters: Those of the run.
    """
    steps = Steps(engine, parameters)
    steps.ask(*_LISTS)
    engine.table("run_proposal", "matching/proposal", **steps.params)
    steps.drop(*_LISTS)
