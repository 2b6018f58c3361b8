"""A bridge as a picture: where its bars begin and end, for a template that draws them as SVG.

No colour carries meaning alone: each bar has its sign in text, and gains, losses and totals differ
in brightness and hatching, so that a black-and-white print says the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconcile.filtering import Record
from reconcile.showing import bucket_label, money

ENDS = ("events", "claims")
_ROW, _DENSE = 21, 17
_MANY = 16
TOP = 8
_NOTE = 22
_LEFT, _RIGHT = 236, 612
"""Pixels between which bars are drawn; labels stand left of them, amounts right."""
_LEAST = 1.5
"""Pixels of the smallest bar that can be seen."""
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Bar:
    """One bar in pixels: its label and amount as texts, and `kind`: total, more or less."""

    label: str
    text: str
    kind: str
    x: float
    y: float
    width: float
    link_x: float
    """Where the line to the bar below begins: where the money stands after this one."""


@dataclass(frozen=True)
class Waterfall:
    """The bars from the events down to the claims; `cut` says that the axis begins later than 0."""

    bars: Sequence[Bar]
    height: int
    row: int
    """Pixels from one bar to the next."""
    zero: float
    cut: bool
    starts_at: str


@dataclass(frozen=True)
class _Step:
    """One step of the bridge: from where to where the money moves."""

    label: str
    amount: Decimal
    before: Decimal
    after: Decimal
    kind: str

    @property
    def text(self) -> str:
        return money(self.amount, sign=self.kind != "total")


def waterfall(rows: Iterable[Record]) -> Waterfall:
    """Lay out the bridge of one currency, the largest step first.

    Args:
        rows: `bucket` and `amount` of `reconcile.bridge`, of one currency.
    """
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["bucket"]] += row["amount"]
    low, high = _axis(sums)
    base = max(low, _ZERO)
    scale = (_RIGHT - _LEFT) / float(high - low)

    def at(amount: Decimal) -> float:
        return round(_LEFT + float(amount - low) * scale, 2)

    steps = [
        _Step("Our events", sums["events"], base, sums["events"], "total"),
        *_between(sums),
        _Step("Buyers' claims", sums["claims"], base, sums["claims"], "total"),
    ]
    pitch = _DENSE if len(steps) > _MANY else _ROW
    return Waterfall(
        bars=[_bar(step, TOP + pitch * number, at) for number, step in enumerate(steps)],
        height=TOP + pitch * len(steps) + (_NOTE if low > 0 else TOP),
        row=pitch,
        zero=at(base),
        cut=low > 0,
        starts_at=money(low),
    )


def _between(sums: Mapping[str, Decimal]) -> Iterator[_Step]:
    stand = sums["events"]
    steps = [name for name, amount in sums.items() if name not in ENDS and amount]
    for name in sorted(steps, key=lambda name: (-abs(sums[name]), name)):
        amount = sums[name]
        kind = "more" if amount > 0 else "less"
        yield _Step(bucket_label(name), amount, stand, stand + amount, kind)
        stand += amount


def _bar(step: _Step, y: float, at: Callable[[Decimal], float]) -> Bar:
    left, right = sorted((at(step.before), at(step.after)))
    return Bar(
        label=step.label,
        text=step.text,
        kind=step.kind,
        x=left,
        y=y,
        width=max(round(right - left, 2), _LEAST),
        link_x=at(step.after),
    )


def _axis(sums: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """Return the axis: from nothing, or from near the lowest stand where the steps are small."""
    stands = [sums["events"], sums["claims"], *(step.after for step in _between(sums))]
    low, high = min(stands), max(stands)
    if low > 0 and high - low < low / 2:
        room = (high - low) / 2 or high
        unit = Decimal(10) ** max(len(str(int(room))) - 1, 0)
        low = max((low - room) // unit * unit, _ZERO)
    else:
        low = min(low, _ZERO)
    high = max(high, _ZERO)
    return low, high if high > low else low + 1
