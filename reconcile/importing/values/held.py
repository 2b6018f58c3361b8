"""What this file's values tell, held against what earlier files of its template have proved.

What is open here is read as it was proved there, and that is told; what contradicts it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconcile.importing.forms.times import FORM_WORDS, ORDERS, TimeForm
from reconcile.importing.questions import Choice, Question

_MARKS = {".": "1,234.50", ",": "1.234,50"}


@dataclass(frozen=True)
class Held:
    """A form, what is to be asked, or nothing; and what it owes to earlier files."""

    form: TimeForm | str | Question | None
    proved: str | None = None
    """What the values of this file prove by themselves."""
    said: str | None = None
    """What was taken from earlier files, as a sentence."""


def held_order(
    found: TimeForm | Question, known: str | None, header: str, *, is_dated: bool
) -> Held:
    """Return the order of day and month in a column of times.

    Args:
        found: What the values tell.
        known: The order that earlier files have proved, if any.
        header: The column.
        is_dated: It may hold true dates, too.
    """
    if isinstance(found, Question):
        if known is None or known not in {choice.value for choice in found.choices}:
            return Held(found)
        said = (
            f"The times in {header!r} can be read in two orders here; they were read as {known} "
            f"({FORM_WORDS[known]}), which earlier files of this template have proved."
        )
        return Held(TimeForm(known, serials=is_dated, said=(said,)), said=said)
    if found.form not in ORDERS:
        return Held(found)
    if known in ORDERS and known != found.form:
        return Held(_other_order(found, str(known), header))
    return Held(found, proved=found.form)


def held_mark(found: str | Question | None, known: str | None) -> Held:
    """Return the decimal mark; arguments as those of `held_order`."""
    if isinstance(found, Question):
        if known is None:
            return Held(found)
        said = (
            f"The decimal mark of the amounts is open in this file; {known!r} was taken "
            f"({_MARKS[known]}), which earlier files of this template have proved."
        )
        return Held(known, said=said)
    if found is not None and known is not None and known != found:
        text = (
            f"The amounts have the decimal mark {found!r}, but earlier files with these headers "
            f"have proved {known!r}. Is it another layout, or are the amounts damaged?"
        )
        choices = tuple(Choice(mark, _MARKS[mark]) for mark in (found, known))
        return Held(Question("decimal", text, choices))
    return Held(found, proved=found)


def _other_order(found: TimeForm, known: str, header: str) -> Question:
    return Question(
        "date_format",
        f"The times in {header!r} are written {FORM_WORDS[found.form]}, but earlier files with "
        f"these headers have proved {FORM_WORDS[known]}. Another layout, or are they damaged?",
        (
            Choice(found.form, f"{FORM_WORDS[found.form]}, as the values of this file say"),
            Choice(known, f"{FORM_WORDS[known]}, as before; what is not so is rejected"),
        ),
        evidence=found.said,
    )
