"""How much may be fired: caps on a plan, a campaign and a day, and on who approves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from reconcile.errors import FiringError
from reconcile.firing.ledger import Ledger
from reconcile.firing.settings import Caps
from reconcile.firing.states import PostbackState
from reconcile.state import Row

_TO_SEND = (PostbackState.PLANNED, PostbackState.APPROVED, PostbackState.RETRYABLE)
_NEVER_SENT = (PostbackState.PLANNED, PostbackState.APPROVED)


def check_caps(ledger: Ledger, plan: int, caps: Caps, *, limit: int | None = None) -> None:
    """Refuse to send more than was set, of a plan, of one campaign in it, and today.

    What was sent before counts, whatever became of it. A day is one of UTC. Sums are per
    currency. With `limit` only so many are sent now, the largest ones for all that is known.

    Raises:
        FiringError: A cap would be passed; names it, the figures, and the cure. Nothing was sent.
    """
    rows = ledger.query("intent_list", plan=plan)
    live = [row for row in rows if row["state"] != PostbackState.CANCELLED]
    _hold(plan, "plan", live, (caps.plan_count, caps.plan_revenue))
    groups = defaultdict[str, list[Row]](list)
    for row in live:
        groups[row["campaign_id"]].append(row)
    for campaign, group in groups.items():
        cap = (caps.campaign_count, caps.campaign_revenue)
        _hold(plan, "campaign", group, cap, of=f" of campaign {campaign}")
    fresh = sorted((row for row in live if row["state"] in _NEVER_SENT), key=_money, reverse=True)
    today = ledger.query("sent_today", day=ledger.now()[:10])
    cap = (caps.day_count, caps.day_revenue)
    _hold(plan, "day", [*today, *fresh[:limit]], cap, of=f", {len(today):,} of them sent today")


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


def _hold(
    plan: int,
    name: str,
    rows: list[Row],
    cap: tuple[int | None, Decimal | None],
    *,
    of: str = "",
) -> None:
    count, revenue = cap
    if count is not None and len(rows) > count:
        raise FiringError(
            f"plan {plan}: {len(rows):,} postbacks{of}, and {name}_count in firing.toml allows "
            f"{count:,}. Nothing was sent. Plan fewer, or raise the cap."
        )
    for currency, total in _sums(rows).items():
        if revenue is not None and total > revenue:
            raise FiringError(
                f"plan {plan}: {total:,.2f} {currency}{of}, and {name}_revenue in firing.toml "
                f"allows {revenue:,.2f}. Nothing was sent. Plan fewer, or raise the cap."
            )


def _sums(rows: Iterable[Row]) -> Mapping[str, Decimal]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row["currency"] or "without a currency"] += row["revenue_e4"] or 0
    return {name: Decimal(e4).scaleb(-4) for name, e4 in sums.items()}


def _money(row: Row) -> int:
    return int(row["revenue_e4"] or 0)


def left_to_send(ledger: Ledger, plan: int) -> int:
    """Return how many postbacks of a plan may still go out."""
    counts = ledger.counts(plan)
    return sum(counts.get(state, 0) for state in _TO_SEND)
