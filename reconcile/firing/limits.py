"""How much may be fired: caps on a plan, a campaign and a day, and on who approves."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from reconcile.errors import FiringError
from reconcile.firing.ledger import Ledger
from reconcile.firing.settings import Caps
from reconcile.firing.states import NEVER_SENT, TO_SEND


def check_caps(ledger: Ledger, plan: int, caps: Caps, *, limit: int | None = None) -> None:
    """Refuse to send more than was set, of a plan, of one campaign in it, and today.

    What was sent before counts, whatever became of it. A day is one of UTC. Sums are per
    currency. With `limit` only so many are sent now, the largest ones for all that is known.

    Raises:
        FiringError: A cap would be passed; names it, the figures, and the cure. Nothing was sent.
    """
    whole, campaigns, fresh = _Sum(), defaultdict[str, _Sum](_Sum), list[tuple[int, str]]()
    for state, campaign, e4, currency in ledger.each("cap_row", plan=plan):
        one = (e4 or 0, currency or "without a currency")
        whole.add(*one)
        campaigns[campaign].add(*one)
        if state in NEVER_SENT:
            fresh.append(one)
    _hold(plan, "plan", whole, (caps.plan_count, caps.plan_revenue))
    for campaign, found in campaigns.items():
        cap = (caps.campaign_count, caps.campaign_revenue)
        _hold(plan, "campaign", found, cap, of=f" of campaign {campaign}")
    today = _Sum()
    for e4, currency in ledger.each("sent_today", day=ledger.now()[:10]):
        today.add(e4 or 0, currency or "without a currency")
    of = f", {today.count:,} of them sent today"
    fresh.sort(key=lambda one: one[0], reverse=True)
    for one in fresh[:limit]:
        today.add(*one)
    _hold(plan, "day", today, (caps.day_count, caps.day_revenue), of=of)


def check_approver(ledger: Ledger, plan: int, user: str, *, second_user: bool) -> None:
    """Refuse an approval by whoever made the plan, where a second person has to.

    Raises:
        FiringError: It is the same user of the operating system.
    """
    made_by = ledger.plan_row(plan)["made_by"]
    if second_user and made_by == user:
        raise FiringError(
            f"plan {plan} was made by {user}, and firing.toml (second_user) wants another user of "
            "this machine to approve it. Let a second person log in and approve it."
        )


class _Sum:
    """How many postbacks, and what they bring in each currency, in ten-thousandths."""

    def __init__(self) -> None:
        self.count = 0
        self.revenue: Counter[str] = Counter()

    def add(self, e4: int, currency: str) -> None:
        self.count += 1
        self.revenue[currency] += e4


def _hold(
    plan: int,
    name: str,
    found: _Sum,
    cap: tuple[int | None, Decimal | None],
    *,
    of: str = "",
) -> None:
    count, revenue = cap
    if count is not None and found.count > count:
        raise FiringError(
            f"plan {plan}: {found.count:,} postbacks{of}, and {name}_count in firing.toml allows "
            f"{count:,}. Nothing was sent. Plan fewer, or raise the cap."
        )
    for currency, e4 in found.revenue.items():
        total = Decimal(e4).scaleb(-4)
        if revenue is not None and total > revenue:
            raise FiringError(
                f"plan {plan}: {total:,.2f} {currency}{of}, and {name}_revenue in firing.toml "
                f"allows {revenue:,.2f}. Nothing was sent. Plan fewer, or raise the cap."
            )


def left_to_send(ledger: Ledger, plan: int) -> int:
    """Return how many postbacks of a plan may still go out."""
    counts = ledger.counts(plan)
    return sum(counts.get(state, 0) for state in TO_SEND)
