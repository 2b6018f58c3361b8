"""The rows of a file against its own total and number of rows; what does not fit is asked.

An answer names both figures, so it holds for this file alone; no template takes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconcile.engine import Engine
from reconcile.errors import BadFile, ReconcileError
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.locating.classing import amount_of
from reconcile.importing.opening.coins import is_known
from reconcile.importing.questions import Choice, Question, asked
from reconcile.importing.reading.rereading import lines_again
from reconcile.importing.reading.tallying import row_lines
from reconcile.importing.records import StagedFile

STOP = "stop"
"""Answer of who rather has another file."""

MOST_BYTES = 1 << 28
"""Of a larger file nobody reads the rejected lines a second time."""

_NOISE = Decimal("0.00005")
"""A sum of binary floats may differ by so much, if it shows more than four decimals."""

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Rejected:
    """The rejected lines of a file, which are read again only where its total does not fit."""

    engine: Engine
    staged: StagedFile
    path: Path | None
    """The file; None if it cannot be read again."""

    def amounts(self) -> list[Decimal | None]:
        """Return the amount of each rejected line, None where it holds none; empty if unknown."""
        if self.path is None or not self.staged.rejected or self.path.stat().st_size > MOST_BYTES:
            return []
        asked = {"file_no": self.staged.file_no}
        wanted = {line for (line,) in self.engine.query("importing/check_rejected", **asked)}
        with TemporaryDirectory(prefix="reconcile-") as name, suppress(ReconcileError):
            folder = Path(name)
            lines = lines_again(self.path, folder, mapping=self.staged.told, wanted=wanted)
            return [amount_in(lines.get(line, {}), self.staged) for line in sorted(wanted)]
        return []


def total_checks(facts: Facts, staged: StagedFile, rejected: Rejected) -> Iterator[Check]:
    """Yield whether the file's own total and number of rows fit its rows."""
    yield from _total(facts, staged, rejected)
    yield from _count(staged)


def ask_unfit(staged: StagedFile, checks: Iterable[Check]) -> None:
    """Ask what must be answered before a file is imported.

    Raises:
        BadFile: It was answered that the file is not to be imported then.
        QuestionOpen: Nobody has said.
    """
    open_ = [check for check in checks if check.asks is not None]
    for check in open_:
        if check.asks is not None and STOP in (getattr(staged.told, check.asks.key, None),):
            raise BadFile(
                f"{staged.name}: was not imported, as {check.asks.key} = {STOP} says. {check.text}"
            )
    if open_:
        raise asked(staged.name, [check.asks for check in open_ if check.asks is not None])


def _total(facts: Facts, staged: StagedFile, rejected: Rejected) -> Iterator[Check]:
    """Compare the file's own total with the sum of the rows."""
    totals = _totals(staged)
    if not totals:
        return
    total, found = totals[-1], facts["revenue"]
    if fits(total, found):
        yield Check("control_total", Level.FINE, f"The rows add up to the file's total, {total:,}.")
        return
    if len(totals) > 1 and fits(sum(totals, Decimal(0)), found):
        text = (
            f"The rows add up to the file's {len(totals)} totals together, {found.normalize():,f}."
        )
        yield Check("control_total", Level.FINE, text)
        return
    text = (
        f"The file's total of {', '.join(_headers(staged))} is {total.normalize():,f}, its rows "
        f"add up to {found.normalize():,f}{_lost(rejected, total - found)}."
    )
    pair = (figure(found), figure(total))
    yield _unfit("control_total", "accept_total", text, pair=pair, said=staged.told.accept_total)


def _count(staged: StagedFile) -> Iterator[Check]:
    stated, found = staged.notes.row_count, row_lines(staged.line_classes)
    if stated is None:
        return
    if stated == found:
        yield Check("row_count", Level.FINE, f"The file has the {stated:,} rows that it says.")
        return
    text = f"The file says that it has {stated:,} rows; there are {found:,}."
    pair = (str(found), str(stated))
    yield _unfit("row_count", "accept_count", text, pair=pair, said=staged.told.accept_count)


def _unfit(name: str, key: str, text: str, *, pair: tuple[str, str], said: str | None) -> Check:
    """Return the doubt of two figures that differ, with its question unless they are accepted."""
    found, stated = pair
    value = "/".join(pair)
    if said == value:
        text += " This was accepted for this file."
        return Check(name, Level.DOUBT, text, expected=stated, found=found)
    question = Question(
        key,
        f"{text} Is the file whole, and are its rows to count?",
        (
            Choice(value, "import it all the same; holds for these two figures alone"),
            Choice(STOP, "import nothing of it"),
        ),
    )
    return Check(name, Level.DOUBT, text, expected=stated, found=found, asks=question)


def _headers(staged: StagedFile) -> list[str]:
    header = staged.mapping.get("revenue")
    return [header] if isinstance(header, str) else header or []


def _totals(staged: StagedFile) -> list[Decimal]:
    """Return the total of each line of totals that names all amounts of a row; no subtotals."""
    lines = [line for line in staged.notes.totals if "sub" not in line.label.lower()]
    found = (amount_in(line.texts, staged) for line in lines)
    return [amount for amount in found if amount is not None]


def amount_in(cells: Mapping[str, str], staged: StagedFile) -> Decimal | None:
    """Return the amount of a line; None if one of its columns holds none."""
    headers = _headers(staged)
    texts = [_without_coin(cells.get(header, "")) for header in headers]
    found = [amount_of(text, comma=staged.comma) for text in texts]
    known = [amount for amount in found if amount is not None]
    if not known or len(known) < len(headers):
        return None
    return sum(known, Decimal(0)) / staged.units.get("revenue", 1)


def _without_coin(text: str) -> str:
    """Return an amount without a currency that stands apart from it, such as `zł 12.50`."""
    return " ".join(part for part in text.split() if not is_known(part))


def fits(total: Decimal, found: Decimal) -> bool:
    """Say whether a total is the sum, rounded as the total is shown: to cents or finer."""
    decimals = -int(total.as_tuple().exponent)
    if total == found or decimals < 2:
        return total == found
    return abs(total - found) <= max(Decimal(5).scaleb(-decimals - 1), _NOISE)


def _lost(rejected: Rejected, gap: Decimal) -> str:
    """Say how much of the difference the rejected lines hold."""
    count = rejected.staged.rejected
    if not count:
        return ""
    lines = "the rejected line holds" if count == 1 else f"the {count:,} rejected lines hold"
    amounts = rejected.amounts()
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return f"; {count:,} line(s) are rejected, of whose amounts nothing is known"
    held = sum(known, Decimal(0))
    unknown = len(amounts) - len(known)
    if held == gap and not unknown:
        return f"; {lines} {figure(held)}, which is all of the difference"
    rest = f", and {unknown:,} of them no amount that can be read" if unknown else ""
    return f"; {lines} {figure(held)}{rest}, and the difference is {figure(gap)}"


def figure(amount: Decimal) -> str:
    """Return an amount in digits."""
    return f"{amount.normalize():f}"
