"""The questions about the columns of a file: what a header means, and which one fills a field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reconcile.importing.mapping.contents import Content, Look, spoken
from reconcile.importing.mapping.dictionary import Meaning
from reconcile.importing.questions import Choice, Question
from reconcile.terms import Kind

_WHAT = {
    "transaction_id": "the lead's id",
    "occurred_at": "the time of the conversion",
    "revenue": "what the conversion is worth",
    "status": "what became of the lead",
    "event_id": "the event",
}


_OTHERWISE = {
    "event_id": " If all rows are of one event: --answer constants.event_id=NAME.",
    "occurred_at": " If no row has a time, a mapping can state it for all: [period] from, to.",
}
"""What else can be said of a field that no column fills."""


@dataclass(frozen=True)
class Column:
    """One column of a file as a question shows it."""

    name: str
    """Its header, with the number of the column if several have that header."""
    content: Content

    @property
    def shown(self) -> str:
        """Return what is in it."""
        if not self.content.values:
            return f"{self.name!r} holds nothing in the first rows"
        look = "" if self.content.look is Look.MIXED else f" ({self.content.look})"
        return f"{self.name!r} holds {self.content.example}{look}"


def ambiguous(
    column: Column, meanings: Sequence[Meaning], fields: Sequence[str], kind: Kind
) -> Question:
    """Ask what a header means that means one thing here and another there."""
    told = "; ".join(f"{m.meaning} ({', '.join(m.platforms)})" for m in meanings)
    words = {m.field: m.meaning for m in reversed(meanings)}
    choices = [
        Choice(column.name, words[field], key=f"columns.{spoken(field, kind)}") for field in fields
    ]
    return Question(
        choices[0].key,
        f"{column.name!r} has more than one meaning, so it was not guessed: {told}.",
        (*choices, Choice(column.name, "none of these", key="ignore")),
        evidence=(column.shown,),
    )


def keyed_apart(question: Question, others: Iterable[Question]) -> Question:
    """Return a question with a key of its answers that no other question has, if there is one."""
    taken = {other.key for other in others}
    keys = [key for key, _ in question.answers if key.startswith("columns.")]
    free = next((key for key in keys if key not in taken), question.key)
    is_shared = question.key in taken and question.suggestion is None
    return replace(question, key=free) if is_shared else question


def twice(field: str, columns: Sequence[Column], kind: Kind) -> Question:
    """Ask which of several columns fills a field."""
    key = f"columns.{spoken(field, kind)}"
    named = " and ".join(repr(column.name) for column in columns)
    return Question(
        key,
        f"The columns {named} could both be {spoken(field, kind)}.",
        tuple(Choice(column.name) for column in columns),
        evidence=tuple(column.shown for column in columns),
    )


def direction(platform: str, headers: Sequence[str]) -> Question:
    """Ask which amount of a counterpart's export is the one that the buyer owes."""
    return Question(
        "columns.revenue",
        f"The file comes from {platform}, where {', '.join(headers)} are seen from the account "
        "that exported: what one pays out, the other earns. Which one does the buyer owe?",
        tuple(Choice(header, "the buyer owes it") for header in headers),
    )


def contradiction(field: str, column: Column, others: Iterable[Column], kind: Kind) -> Question:
    """Ask about a column whose values cannot be what its header, or a mapping, says."""
    key = f"columns.{spoken(field, kind)}"
    better = tuple(Choice(other.name, f"{other.shown}") for other in others)
    return Question(
        key,
        f"{column.name!r} was to be {spoken(field, kind)}, {_WHAT.get(field, field)}, but it holds "
        f"{column.content.look}.",
        (
            *better,
            Choice(column.name, "it is right as it is", key="trust"),
            Choice(column.name, "it is none of our fields", key="ignore"),
        ),
        evidence=(column.shown,),
        is_free=True,
    )


def unfilled(field: str, columns: Sequence[Column], kind: Kind, *, is_needed: bool) -> Question:
    """Ask which column fills a field that no header names."""
    columns = columns[:5]
    name = spoken(field, kind)
    only = columns[0].name if len(columns) == 1 else None
    none_of = (
        ()
        if is_needed
        else tuple(
            Choice(column.name, "it is none of our fields", key="ignore") for column in columns
        )
    )
    return Question(
        f"columns.{name}",
        f"No header says which column is {name}, {_WHAT.get(field, field)}.",
        (*(Choice(column.name, "by its values") for column in columns), *none_of),
        evidence=tuple(column.shown for column in columns),
        suggestion=only,
        is_free=True,
    )


def missing(field: str, columns: Sequence[Column], kind: Kind) -> Question:
    """Ask which column fills a field that nothing can do without, and that none looks like."""
    name = spoken(field, kind)
    what = _WHAT.get(field, field)
    return Question(
        f"columns.{name}",
        f"No header says which column is {name}, {what}, and none looks like it. Which one is it?"
        + _OTHERWISE.get(field, ""),
        tuple(Choice(c.name, f"holds {c.content.example}") for c in columns),
        is_free=True,
    )
