"""What the tests of firing share: a platform with three events, needs, and the truth."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from reconcile.firing import Pace, PostbackNeed, PostbackState, approve, fire, make_plan
from reconcile.firing.sender import Patience
from reconcile.sandbox import Rules
from reconcile.terms import EventSetting, Known

# `sale` does not repeat, `callback` does, and of `lead` nobody has said.
RULES = Rules(
    settings=(
        EventSetting("c1", "sale", is_conversion=Known.YES, allows_duplicates=Known.NO),
        EventSetting("c1", "callback", is_conversion=Known.NO, allows_duplicates=Known.YES),
        EventSetting("c1", "lead", is_conversion=Known.YES),
    ),
)
FAST = Pace(rate=1000, lock_wait=0.01, backoff=0.01, patience=Patience(deadline=1.0))
_NEED = PostbackNeed(
    finding_ref="f1",
    campaign_id="c1",
    event_id="sale",
    transaction_id="t1",
    revenue=Decimal("40.00"),
    occurred_at=datetime.fromisoformat("2026-11-03 04:05:06"),
    pid="s77",
    currency="USD",
    allows_repeat=Known.NO,
)


def need(**changes) -> PostbackNeed:
    """Return the need of one sale of 40 dollars, changed; `sale` never repeats."""
    return replace(_NEED, **changes)


def once(**changes) -> PostbackNeed:
    """Return a need of which nobody knows whether it repeats."""
    return need(**{"event_id": "lead", "allows_repeat": Known.UNKNOWN, **changes})


def needs(count, make=need) -> list[PostbackNeed]:
    """Return needs of so many leads."""
    return [make(finding_ref=f"f{n}", transaction_id=f"t{n}") for n in range(count)]


def approved(ledger, wanted, host):
    """Return the number of a plan of all these needs, approved."""
    plan = make_plan(ledger, wanted, host=host)
    approve(ledger, plan.id, plan.phrase)
    return plan.id


def fired(ledger, wanted, host, *, pace=FAST) -> dict[PostbackState, int]:
    """Plan, approve and fire; return how many postbacks ended in each state."""
    return fire(ledger, approved(ledger, wanted, host), pace=pace).counts


def truth(url) -> dict:
    """Return what the sandbox read and stored."""
    with urllib.request.urlopen(f"{url}/__log") as answer:
        return json.load(answer)


def doubles(log) -> list:
    """Return the (event, lead) pairs that were stored more than once."""
    places = [(each["event_id"], each["transaction_id"]) for each in log["events"]]
    return sorted({place for place in places if places.count(place) > 1})
