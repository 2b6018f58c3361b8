"""Events that are our own postbacks, and stand at the time of the claim that they were fired for.

A postback to the endpoint that takes no date is stored as of when it was sent, which may be another
month than its claim's: the month that lacked it would never close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from reconcile.engine import Engine


@dataclass(frozen=True)
class OwnEvent:
    """A postback of ours that carried no date, and that an export has proven; times are UTC."""

    campaign_id: str
    event_id: str
    transaction_key: str
    """The canonical id of its lead."""
    revenue_e4: int
    sent_at: datetime
    """The first attempt that may have stored it."""
    sent_until: datetime
    """The last one; an attempt without an answer leaves open which of them it was."""
    occurred_at: datetime
    """When the conversion happened, as its claim says."""


_COLUMNS = {
    "campaign_id": "varchar",
    "event_id": "varchar",
    "transaction_key": "varchar",
    "revenue_e4": "bigint",
    "sent_at": "timestamp",
    "sent_until": "timestamp",
    "occurred_at": "timestamp",
}


def take_own_times(engine: Engine, own: Sequence[OwnEvent]) -> None:
    """Let `event` show our own postbacks at the time of their claims.

    As it was read the table is called `event_read` from then on; without any nothing is done.
    """
    if not own:
        return
    engine.upload("own_postback", _COLUMNS, [astuple(one) for one in own])
    engine.rename("event", "event_read")
    engine.table("own_event", "proof/own_event")
    engine.view("event", "proof/dated_event")
