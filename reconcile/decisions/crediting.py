"""What a counterpart credits: amounts that add up per finding, and never go beyond it unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reconcile.errors import BadParameters

Record = dict[str, Any]

_SMALLEST = Decimal("0.0001")


@dataclass(frozen=True)
class Credit:
    """An amount that is credited for a finding, in the finding's currency.

    Without an `amount` it is all that is still open of each finding. `currency` is what the
    counterpart says; the finding's own where it says nothing. `beyond` allows more than is at
    stake.

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
            or nothing of it is open, or its credits add up to more than is at stake and nobody
            said that they may.
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
    currency = _currency(row, credit)
    open_e4 = (row["at_stake_e4"] or 0) - row["credited_e4"]
    wanted = open_e4 if credit.amount is None else int(credit.amount * 10_000)
    if wanted <= 0:
        raise BadParameters(
            f"{_name(row)}: {_said(row, currency)}, so nothing is open that could be credited in "
            "full. Leave it out (--filter amount=0.01..), or name an amount."
        )
    if wanted > open_e4 and not credit.beyond:
        raise BadParameters(
            f"{_name(row)}: {_said(row, currency)}; {money_of(wanted)} more would be "
            f"{money_of(wanted - open_e4)} too much, so nothing was recorded. If it is meant, say "
            "so (--beyond)."
        )
    return {"credit_e4": wanted, "credit_currency": currency}


def _currency(row: Record, credit: Credit) -> str:
    own, given = row["currency"], credit.currency
    if own is None and given is None:
        raise BadParameters(f"{_name(row)}: has no currency of its own; name it (--currency).")
    if own is not None and given is not None and own != given:
        raise BadParameters(
            f"{_name(row)}: is in {own}, so a credit in {given} cannot be set against it. Record "
            f"what it is worth in {own}, and the rate in the note."
        )
    currency = str(own or given)
    before = row["credited_in"]
    if before is not None and before != currency:
        raise BadParameters(
            f"{_name(row)}: was credited in {before} before, which does not add up with {currency}."
            " Undo that first."
        )
    return currency


def _name(row: Record) -> str:
    return f"{row['file']}:{row['line']}"


def _said(row: Record, currency: str) -> str:
    before = f" and {money_of(row['credited_e4'])} credited before" if row["credited_e4"] else ""
    return f"{money_of(row['at_stake_e4'] or 0)} {currency} at stake{before}"


def money_of(e4: int) -> Decimal:
    """Return ten-thousandths as an amount, with two decimals unless it has more."""
    amount = Decimal(e4).scaleb(-4)
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()
