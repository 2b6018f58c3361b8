"""Two sets of leads side by side: two periods, two sources, or each slice and all the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

from reconcile.errors import BadFunnel
from reconcile.funnel.slicing import Record, Slice, key_of
from reconcile.funnel.statistics import (
    CONFIDENCE,
    Comparison,
    Mean,
    MoneyComparison,
    Rate,
    compare_means,
    compare_rates,
    mean_of_sums,
    rate,
)
from reconcile.funnel.view import FunnelView

if TYPE_CHECKING:
    from reconcile.funnel.judging import Funnel

_EVERY_SLICE = 2**31
_DIGITS = 60
_PLACES = Decimal("0.0001")
_COUNTS = ("leads", "before", "reached")


class _Money(NamedTuple):
    """Revenue of leads: how many have any, its sum, and the sum of its squares per lead."""

    total: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)
    paying: int = 0


def compare(
    funnel: Funnel,
    this: FunnelView,
    other: FunnelView | None = None,
    *,
    confidence: float = CONFIDENCE,
) -> list[Record]:
    """Compare the rates of two sets of leads, or of each slice of one with all its other leads.

    Leads younger than the window are left out on both sides: their rates are not final, and the
    later of two periods would always look worse. Slices beyond the most are compared with nobody.

    Args:
        funnel: The funnel that is asked.
        this: The leads that are judged; with a breakdown each slice for itself.
        other: Those they are compared with, by the same breakdown; without it, each slice of
            `this` is compared with all other leads of `this`.
        confidence: Of the intervals; p-values allow for all comparisons made together.

    Returns:
        One row per slice, step and ratio (`of_leads`, `of_before`): the breakdown, step, name,
        ratio, `this_reached`, `this_of`, `this_rate`, the same of the other, `difference` (this
        less other, as a share), its `low` and `high`, `p`, `p_adjusted`, `verdict`, `text`.

    Raises:
        BadFunnel: The breakdowns differ, or there is neither a second view nor a breakdown.
    """
    heads: list[Record] = []
    pairs: list[tuple[str, Rate, Rate]] = []
    for mine, theirs in _pairs(funnel, this, other):
        for ratio, of in _ratios(funnel, mine["step"]):
            ours = rate(mine["reached"], mine[of], confidence=confidence)
            against = rate(theirs["reached"], theirs[of], confidence=confidence)
            pairs.append((mine["name"], ours, against))
            heads.append(_head(mine, this) | {"ratio": ratio})
    found = compare_rates(pairs, confidence=confidence)
    return [head | _said(one) for head, one in zip(heads, found, strict=True)]


def compare_money(
    funnel: Funnel,
    this: FunnelView,
    other: FunnelView | None = None,
    *,
    confidence: float = CONFIDENCE,
) -> list[Record]:
    """Compare the revenue per lead (EPL) of each step and currency, as `compare` does rates.

    Returns:
        One row per slice, step and currency: the breakdown, step, name, currency, `this_leads`,
        `this_epl`, `this_paying`, the same of the other, `difference`, `low` and `high` (all money,
        `Decimal`), `p`, `p_adjusted`, `verdict`, `text`.

    Raises:
        BadFunnel: As `compare`.
    """
    heads: list[Record] = []
    means: list[tuple[str, Mean, Mean]] = []
    pairs = list(_pairs(funnel, this, other))
    for step in range(2, len(funnel.definition.names) + 1):
        mine = _money(funnel, step, this)
        theirs = mine if other is None else _money(funnel, step, other)
        currencies = sorted({currency for _, currency in (*mine, *theirs)}, key=str)
        for own, rest in ((own, rest) for own, rest in pairs if own["step"] == step):
            key = tuple(own[name] for name in this.by)
            for currency in currencies:
                ours = mine.get((key, currency), _Money())
                if other is None:
                    against = _less(_sum(mine, currency), ours)
                else:
                    against = theirs.get((key, currency), _Money())
                ours_mean = mean_of_sums(own["leads"], *ours)
                means.append((own["name"], ours_mean, mean_of_sums(rest["leads"], *against)))
                heads.append(_head(own, this) | {"currency": currency})
    found = compare_means(means, confidence=confidence)
    return [head | _money_said(one) for head, one in zip(heads, found, strict=True)]


def _pairs(
    funnel: Funnel, this: FunnelView, other: FunnelView | None
) -> Iterator[tuple[Record, Record]]:
    """Yield the counts of each slice and step from 2 on beside those it is compared with."""
    if other is not None and other.by != this.by:
        raise BadFunnel("Two views are compared slice by slice: break both down by the same.")
    if other is None and not this.by:
        raise BadFunnel(
            "There is nothing to compare with: name a second period or source, or a breakdown "
            "whose slices are compared with all other leads."
        )
    mine = funnel.counts(_final(this))
    if other is None:
        wholes = _added(mine)
    else:
        theirs = {_place(row, this): row for row in funnel.counts(_every(_final(other)))}
    for row in mine:
        if row["step"] == 1 or row["is_other"]:
            continue
        if other is None:
            whole = wholes[row["step"]]
            yield row, {name: whole[name] - row[name] for name in _COUNTS}
        else:
            yield row, theirs.get(_place(row, this), dict.fromkeys(_COUNTS, 0))


def _added(rows: Iterable[Record]) -> dict[int, Counter[str]]:
    """Return the counts of each step of all slices together, that of all others among them."""
    wholes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        wholes[row["step"]].update({name: row[name] for name in _COUNTS})
    return wholes


def _final(view: FunnelView) -> FunnelView:
    return replace(view, only_mature=True)


def _every(view: FunnelView) -> FunnelView:
    return replace(view, most=_EVERY_SLICE)


def _ratios(funnel: Funnel, step: int) -> Iterator[tuple[str, str]]:
    """Yield the ratios of a step with what they are of, each only once."""
    yield "of_leads", "leads"
    # The step before is the lead itself where no needed step lies between.
    if any(not one.optional for one in funnel.definition.counted[: step - 2]):
        yield "of_before", "before"


def _place(row: Record, view: FunnelView) -> tuple[Slice, int]:
    return tuple(row[name] for name in view.by), row["step"]


def _head(row: Record, view: FunnelView) -> Record:
    return {name: row[name] for name in (*view.by, "step", "name")}


def _money(funnel: Funnel, step: int, view: FunnelView) -> dict[tuple[Slice, str | None], _Money]:
    """Return the revenue of a step by slice and currency."""
    return {
        (key_of(row, view), row["currency"]): _Money(row["total"], row["squares"], row["paying"])
        for row in funnel.spread(step, _final(view))
    }


def _sum(money: dict[tuple[Slice, str | None], _Money], currency: str | None) -> _Money:
    parts = [one for (_, of), one in money.items() if of == currency]
    with localcontext(prec=_DIGITS):
        return _Money(
            sum((one.total for one in parts), Decimal(0)),
            sum((one.squares for one in parts), Decimal(0)),
            sum(one.paying for one in parts),
        )


def _less(whole: _Money, part: _Money) -> _Money:
    with localcontext(prec=_DIGITS):
        total, squares = whole.total - part.total, whole.squares - part.squares
        return _Money(total, squares, whole.paying - part.paying)


def _said(one: Comparison) -> Record:
    sides = {
        f"{side}_{name}": value
        for side, of in (("this", one.this), ("other", one.other))
        for name, value in (("reached", of.count), ("of", of.of), ("rate", of.value))
    }
    return sides | _verdict(one)


def _money_said(one: MoneyComparison) -> Record:
    sides = {
        f"{side}_{name}": value
        for side, of in (("this", one.this), ("other", one.other))
        for name, value in (("leads", of.leads), ("epl", _cents(of.mean)), ("paying", of.paying))
    }
    return sides | _verdict(one)


def _cents(money: Decimal | None) -> Decimal | None:
    return None if money is None else money.quantize(_PLACES)


def _verdict(one: Comparison | MoneyComparison) -> Record:
    told = ("difference", "low", "high", "p", "p_adjusted")
    return {name: getattr(one, name) for name in told} | {
        "verdict": one.verdict.value,
        "text": one.text,
    }
