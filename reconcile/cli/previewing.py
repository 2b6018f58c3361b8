"""How a preview is printed: for people on one page, for programs as JSON."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from reconcile.cli.printing import Record, money, print_rows, say
from reconcile.importing import Preview, Question, StagedFile
from reconcile.importing.fields import fold
from reconcile.importing.preview import ColumnPreview, RowPreview

SHOWN = 2
"""Rows that stand beside each other on a screen."""

SPANS = 12
"""Stretches of lines that are no data and whose places are shown."""

_MARKS = {"doubt": "!", "note": "-", "fine": "+"}


def show_preview(seen: Preview) -> None:
    """Print a preview for people."""
    say(f"{seen.name}: {_headline(seen)}")
    for name, text in _facts(seen).items():
        say(f"  {name:<10} {text}")
    if seen.columns:
        say("\nColumns")
        _show_columns(seen)
    if seen.rejects:
        rejected = seen.staged.rejected if seen.staged else len(seen.rejects)
        say(f"\nRejected lines: {rejected:,}")
        print_rows(
            [asdict(line) for line in seen.rejects], ("line_no", "column", "value", "reason")
        )
    if seen.checks:
        say("\nChecks")
        for check in seen.checks:
            say(f"  {_MARKS[check.level]} {check.text}")
            if check.offer is not None:
                _say_lines(check.offer.told(), "      ")
    if seen.overlapping:
        say("\nLoaded already for the same time, by the same sender")
        print_rows([_batch(seen, n) for n in range(len(seen.overlapping))], ("id", "file", "rows"))
    for text in seen.staged.from_template if seen.staged else ():
        say(f"\n{text}")
    _show_answers(seen)
    _show_questions("Needs you", seen.needs_you)
    _show_questions("Taken by --yes, unless you answer", seen.has_suggestion)
    say("\nNothing was stored.")


def _show_answers(seen: Preview) -> None:
    """Say under which answers of nobody the rows above were read."""
    if seen.staged is None or not (seen.assumed or seen.provisional):
        return
    say("\nThe rows above are provisional; they were read as if you had answered")
    for text in seen.assumed:
        say(f"  --answer {shlex.quote(text)}    (the file suggests it)")
    for text in seen.provisional:
        say(f"  --answer {shlex.quote(text)}    (nothing speaks for it; only to show rows)")


def _show_questions(title: str, questions: Sequence[Question]) -> None:
    for number, question in enumerate(questions, start=1):
        say(f"\n{title} ({number} of {len(questions)})")
        _say_lines(question.told(), "  ")


def preview_json(seen: Preview) -> str:
    """Return a preview as JSON text; money and times are text, exact."""
    staged = seen.staged
    told: Record = {
        "file": seen.name,
        "kind": str(seen.kind),
        "sender": staged.sender if staged else None,
        "already": seen.already.id if seen.already else None,
        "encoding": seen.head.encoding if seen.head else None,
        "delimiter": seen.head.delimiter if seen.head else None,
        "sheet": seen.head.sheet if seen.head else None,
        "template": staged.template if staged else None,
        "from_template": staged.from_template if staged else (),
        "zone": staged.zone if staged else None,
        "rows": staged.rows if staged else None,
        "rejected": staged.rejected if staged else None,
        "lines": seen.lines,
        "not_data": [span._asdict() for span in staged.notes.spans] if staged else None,
        "columns": [asdict(column) for column in seen.columns],
        "sample": [asdict(row) for row in seen.rows],
        "rejects": [asdict(line) for line in seen.rejects],
        "checks": [_check(check) for check in seen.checks],
        "assumed": seen.assumed,
        "provisional": seen.provisional,
        "questions": [_question(question) for question in seen.questions],
        "overlapping": [batch.id for batch in seen.overlapping],
    }
    return json.dumps(told, indent=2, ensure_ascii=False, default=str)


def _headline(seen: Preview) -> str:
    if seen.already is not None:
        return f"these bytes are loaded already, as batch {seen.already.id}."
    if seen.staged is None:
        return "cannot be read before the questions below are answered."
    staged = seen.staged
    lost = f", {staged.rejected:,} line(s) rejected" if staged.rejected else ""
    told = f"{staged.rows:,} {staged.kind} row(s) would be loaded{lost}"
    if not seen.questions:
        return f"{told}."
    return f"{told}, once {len(seen.questions)} question(s) are answered."


def _facts(seen: Preview) -> dict[str, str]:
    facts = {}
    if seen.head is not None:
        parted = f", cells parted by {seen.head.delimiter!r}" if seen.head.delimiter else ""
        sheet = f", sheet {seen.head.sheet!r}" if seen.head.sheet else ""
        facts["opened"] = f"{seen.head.encoding}{parted}{sheet}"
    if seen.lines:
        counted = ", ".join(f"{count:,} {name}" for name, count in seen.lines.items())
        facts["lines"] = f"{sum(seen.lines.values()):,} = {counted}"
    spans = seen.staged.notes.spans if seen.staged is not None else ()
    if spans:
        more = f", and {len(spans) - SPANS:,} more" if len(spans) > SPANS else ""
        facts["not data"] = ", ".join(map(str, spans[:SPANS])) + more
    if seen.staged is not None:
        facts |= _reading(seen.staged)
    if any(text.startswith("zone=") for text in (*seen.assumed, *seen.provisional)):
        facts["zone"] = f"{facts['zone'].partition(' (')[0]} (provisional: nobody has said)"
    return facts


def _reading(staged: StagedFile) -> dict[str, str]:
    facts = {"sender": staged.sender or "nobody named"}
    if staged.template is not None:
        facts["template"] = staged.template
    facts["zone"] = f"{staged.zone} (stated by the {staged.zone_stated_by})"
    if staged.first_at and staged.last_at:
        facts["times"] = f"{staged.first_at:%Y-%m-%d %H:%M} to {staged.last_at:%Y-%m-%d %H:%M} UTC"
    return facts


def _show_columns(seen: Preview) -> None:
    """Print each column with what it is taken for, and beside it cells as written and as read."""
    shown = seen.rows[:SHOWN]
    read = "provisionally" if seen.assumed or seen.provisional else "read"
    ways = _personal_ways(seen)
    rows = [_column(column, shown, read, ways) for column in seen.columns]
    constants = seen.staged.mapping.items() if seen.staged else ()
    rows += [
        _constant(name, value.removeprefix("= "), shown, read)
        for name, value in constants
        if isinstance(value, str) and value.startswith("= ")
    ]
    names = [
        name for row in shown for name in (f"line {row.line_no}", f"line {row.line_no} {read}")
    ]
    print_rows(rows, ("header", "read as", *(names or ("examples",))))


def _personal_ways(seen: Preview) -> dict[str, str]:
    """Return the headers of personal columns, folded, and what is done with each."""
    words = {"drop": "(dropped)", "hash": "(hashed)"}
    told = (done.split(" ", 1) for done in (seen.staged.cleaned if seen.staged else ()))
    return {fold(header): words[way] for way, header in told}


def _column(
    column: ColumnPreview, shown: tuple[RowPreview, ...], how: str, ways: dict[str, str]
) -> Record:
    nothing = ways.get(fold(column.header), "(kept as it is)")
    nothing = "(asked below)" if column.is_open else nothing
    told: Record = {
        "header": column.header,
        "read as": column.field or nothing,
        "examples": ", ".join(column.examples),
    }
    for row in shown:
        told[f"line {row.line_no}"] = row.raw.get(column.header, "")
        read = row.typed.get(column.field) if column.field else None
        told[f"line {row.line_no} {how}"] = _value(read)
    return told


def _constant(name: str, value: str, shown: tuple[RowPreview, ...], how: str) -> Record:
    told: Record = {"header": "(every row)", "read as": name, "examples": value}
    return told | {f"line {row.line_no} {how}": value for row in shown}


def _value(value: object) -> str:
    if isinstance(value, Decimal):
        return money(value)
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else str(value or "")


def _batch(seen: Preview, place: int) -> Record:
    batch = seen.overlapping[place]
    return {"id": batch.id, "file": batch.file, "rows": batch.rows}


def _check(check: Any) -> Record:
    told = {name: getattr(check, name) for name in ("name", "level", "text", "expected", "found")}
    return told | {"offer": _question(check.offer) if check.offer else None}


def _question(question: Question) -> Record:
    return {
        "key": question.key,
        "text": question.text,
        "evidence": question.evidence,
        "answers": [
            {"answer": f"{key}={value}", "meaning": choice.meaning}
            for (key, value), choice in zip(question.answers, question.choices, strict=True)
        ],
        "suggestion": question.suggestion,
        "is_free": question.is_free,
    }


def _say_lines(text: str, indent: str) -> None:
    for line in text.splitlines():
        say(f"{indent}{line}")
