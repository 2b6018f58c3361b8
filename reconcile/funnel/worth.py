"""What steps bring and cost: sums per slice and currency, and ratios that say of what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reconcile.funnel.slicing import OTHER, Record, Slice, key_of
from reconcile.funnel.view import FunnelView

_RATIO = Decimal("0.0001")
_SUMS = ("revenue", "cost", "ad_spend")


@dataclass
class Worth:
    """The money of a funnel: that of leads by slice and currency, that of steps by step, too."""

    leads: dict[tuple[Slice, str | None], dict[str, Decimal]] = field(default_factory=dict)
    steps: defaultdict[tuple[Slice, str | None, int], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )
    valid: defaultdict[Slice, int] = field(default_factory=lambda: defaultdict(int))

    def of_currency(self, key: Slice, currency: str | None) -> dict[str, Decimal]:
        """Return the sums of a slice's leads in a currency, making them if need be."""
        return self.leads.setdefault((key, currency), dict.fromkeys(_SUMS, Decimal(0)))


def worth_of(
    of_leads: Iterable[Record],
    of_steps: Iterable[Record],
    *,
    shown: Mapping[Slice, int],
    view: FunnelView,
) -> Worth:
    """Sum what leads and steps say; slices that are not shown are one."""
    worth = Worth()

    def slice_of(row: Record) -> Slice:
        key = key_of(row, view)
        return key if key in shown else OTHER

    for row in of_leads:
        key = slice_of(row)
        worth.valid[key] += row["valid"]
        if row["priced"]:
            sums = worth.of_currency(key, row["currency"])
            for name in _SUMS:
                sums[name] += row[name] or 0
            worth.steps[key, row["currency"], 1] += row["revenue"] or 0
    for row in of_steps:
        key = slice_of(row)
        worth.steps[key, row["currency"], row["step"]] += row["revenue"]
        worth.of_currency(key, row["currency"])
    return worth


def ratios(said: Record, revenue: Decimal, sums: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return the money of one step; a ratio is None where what it is of is 0."""
    spent = sums["cost"] + sums["ad_spend"]
    return {
        "revenue": revenue,
        "cost": sums["cost"],
        "ad_spend": sums["ad_spend"],
        "profit": revenue - spent,
        "valid": said["valid"],
        "epl": _ratio(revenue, said["leads"]),
        "rpl": _ratio(revenue, said["valid"]),
        "cpl": _ratio(spent, said["leads"]),
        "cost_per_reached": _ratio(spent, said["reached"]),
        "roas": _ratio(revenue, sums["ad_spend"]),
        "margin": _ratio(revenue - spent, revenue),
    }


def _ratio(part: Decimal, whole: Decimal | int) -> Decimal | None:
    return (part / whole).quantize(_RATIO) if whole else None
