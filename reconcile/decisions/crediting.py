"""What a counterpart credits: sums per finding and currency that never go too far unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reconcile.errors import BadParameters

Record = dict[str, Any]
Stakes = Mapping[str | None, int]
"""What is at stake in each currency of a finding, in ten-thousandths; None where it names none."""

_SMALLEST = Decimal("0.0001")


@dataclass(frozen=True)
class Credit:
    """An amount that is credited for a finding, in a currency of the finding.

    Without an `amount` it is all that is still open of each finding in that currency. `currency` is
    what the counterpart says; without it the finding's own, of a pair in two currencies the one in
    which something is at stake. `beyond` allows more than is at stake.

    Raises:
        BadParameters: The amount is not above zero, or is finer than money is kept.
    """

    amount: Decimal | None = None
    currency: str | None = None
    beyond: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no credit."""
        amount = self.amount
        if amount is None:
            return
        if not amount.is_finite() or amount <= 0:
            raise BadParameters(
                f"A credit of {amount} is none: it is above zero. What was recorded by mistake is "
                "taken back with `reconcile decide --undo`."
            )
        if amount != amount.quantize(_SMALLEST):
            raise BadParameters(f"{amount} is finer than four decimals, which money is kept in.")


def credited(rows: Iterable[Record], credit: Credit | None) -> list[Record]:
    """Return findings with what a decision credits for each: `credit_e4` and `credit_currency`.

    Args:
        rows: Findings as `deciding/chosen` gives them, with what was credited before.
        credit: What is credited for each; None for a decision that credits nothing.

    Raises:
        BadParameters: An amount is for several findings, or one is in another currency or in none,
            or in two with something at stake in both and nobody said which; or nothing of it is
            open, or its credits add up to more than is at stake and nobody said that they may.
    """
    if credit is None:
        return [{**row, "credit_e4": None, "credit_currency": None} for row in rows]
    found = list(rows)
    if credit.amount is not None and len(found) > 1:
        raise BadParameters(
            f"{credit.amount} is credited for one finding, and {len(found):,} are meant. Name one, "
            "or credit each in full (--credit full)."
        )
    return [{**row, **_of(row, credit)} for row in found]


def _of(row: Record, credit: Credit) -> Record:
    stakes = _stakes(row)
    currency = _currency(row, stakes, credit)
    stake = stakes[currency if currency in stakes else None]
    before = _before(row, stakes, currency)
    open_e4 = stake - before
    wanted = open_e4 if credit.amount is None else int(credit.amount * 10_000)
    said = f"{money_of(stake)} {currency} at stake"
    said += f" and {money_of(before)} credited before" if before else ""
    if wanted <= 0:
        raise BadParameters(
            f"{_name(row)}: {said}, so nothing is open that could be credited in full. Leave it "
            "out (--filter amount=0.01..), or name an amount."
        )
    if wanted > open_e4 and not credit.beyond:
        raise BadParameters(
            f"{_name(row)}: {said}; {money_of(wanted)} more would be "
            f"{money_of(wanted - open_e4)} too much, so nothing was recorded. If it is meant, say "
            "so (--beyond)."
        )
    return {"credit_e4": wanted, "credit_currency": currency}


def _stakes(row: Record) -> Stakes:
    stakes = {row["currency"]: row["at_stake_e4"] or 0}
    if row["other_at_stake_e4"] is not None:  # a pair in two currencies
        stakes[row["other_currency"]] = row["other_at_stake_e4"]
    return stakes


def _currency(row: Record, stakes: Stakes, credit: Credit) -> str:
    """Return the currency of a credit: what was said, else the one that can be meant."""
    names = " and ".join(name for name in stakes if name is not None)
    if credit.currency is not None:
        if credit.currency not in stakes and None not in stakes:
            raise BadParameters(
                f"{_name(row)}: is in {names}, so a credit in {credit.currency} cannot be set "
                f"against it. Record what it is worth in {' or '.join(filter(None, stakes))}, and "
                "the rate in the note."
            )
        return credit.currency
    meant = [name for name, stake in stakes.items() if stake or len(stakes) == 1]
    if len(meant) != 1:
        there = names if None not in stakes else f"{names} and in a currency without a name"
        raise BadParameters(
            f"{_name(row)}: is a pair in {there}. Name the currency of the credit (--currency)."
        )
    if meant[0] is None:
        raise BadParameters(f"{_name(row)}: has no currency of its own; name it (--currency).")
    return meant[0]


def _before(row: Record, stakes: Stakes, currency: str) -> int:
    """Return what was credited before in a currency; all credits must belong to the finding."""
    before = {one["currency"]: one["e4"] for one in row["credits"] or ()}
    # A side that names no currency takes the credits of one other than its pair's.
    taken = {*stakes, currency} if currency not in stakes or None not in stakes else {*before}
    strange = sorted({*before} - taken)
    if strange:
        raise BadParameters(
            f"{_name(row)}: was credited in {', '.join(strange)} before, which does not add up "
            f"with {currency}. Undo that first."
        )
    return int(before.get(currency, 0))


def _name(row: Record) -> str:
    return f"{row['file']}:{row['line']}"


def money_of(e4: int) -> Decimal:
    """Return ten-thousandths as an amount, with two decimals unless it has more."""
    amount = Decimal(e4).scaleb(-4)
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()
