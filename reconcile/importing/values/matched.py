"""The questions for zone and order of dates, with what rows that match known events say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reconcile.importing.forms.evidence import order_said, zone_said
from reconcile.importing.questions import Choice, Question
from reconcile.zones import PINGTREE_OFFSETS

Pairs = Sequence[tuple[datetime, dict[str, Any]]]
"""Time of an event (naive UTC), and the readings of the row that matches it."""


def zone_question(header: str, pairs: Pairs) -> Question:
    """Return the question in which zone the times of a column are."""
    question = Question(
        key="zone",
        text=f"The times in {header!r} come without a zone.",
        choices=(
            Choice("America/Los_Angeles"),
            Choice("UTC"),
            Choice("PST", f"UTC-8 all year; so are fixed {', '.join(PINGTREE_OFFSETS)}"),
        ),
        is_free=True,
    )
    if not pairs:
        return question
    told = zone_said([(at, row["local_at"]) for at, row in pairs if row["local_at"] is not None])
    new = {choice.value for choice in told.choices}
    others = (choice for choice in question.choices if choice.value not in new)
    return replace(
        question,
        choices=(*told.choices, *others),
        evidence=(*question.evidence, *told.lines),
        suggestion=told.suggestion,
    )


def with_order_evidence(question: Question, pairs: Pairs) -> Question:
    """Return a question for the order of dates with what matched events say of it."""
    if not pairs:
        return question
    orders = [choice.value for choice in question.choices]
    told = order_said([(at, {o: row[o] for o in orders if row[o]}) for at, row in pairs])
    return replace(
        question,
        evidence=(*question.evidence, *told.lines),
        suggestion=told.suggestion or question.suggestion,
    )
