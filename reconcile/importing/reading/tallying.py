"""The lines of a file by class, the law that they add up, and what the file says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from reconcile.errors import ResidualError
from reconcile.importing.found import Found, NonAscii, Oddities, Span, TotalLine, joined_spans
from reconcile.importing.locating.classing import amount_of
from reconcile.importing.locating.part_titles import PERIOD, Part, first_part, whole_period
from reconcile.importing.locating.tables import Header
from reconcile.importing.locating.titles import buyer_of, count_of, period_of, zone_of_titles
from reconcile.importing.questions import Choice, Question, asked
from reconcile.importing.records import Mapping, StageOptions
from reconcile.importing.values.typed import TypedRows
from reconcile.zones import midnight_utc, zone_of

ROW_CLASSES = ("data", "short", "long", "truncated")
"""Classes of the lines that are loaded or rejected."""


def line_classes(header: Header, typed: TypedRows, found: Oddities) -> dict[str, int]:
    """Count the lines of each class."""
    classes = Counter(found.classes)
    classes.update(typed.classes)
    classes["header"] += header.span
    classes["title"] += header.titles
    classes["blank"] += header.blanks
    classes["data"] += typed.records - typed.classes.total() - found.repaired_long
    return {name: classes[name] for name in sorted(classes) if classes[name] or name == "data"}


def spans_of(header: Header, typed: TypedRows, found: Oddities) -> list[Span]:
    """Return where the lines stand that are no data."""
    return joined_spans([*header.spans, *typed.spans, *found.spans])


def check_lines(
    name: str, classes: dict[str, int], lines: int, *, loaded: int, rejected: int
) -> None:
    """Stop on lines that got lost: a defect of ours that must never pass in silence.

    Raises:
        ResidualError: The classes do not add up.
    """
    rows = row_lines(classes)
    if sum(classes.values()) != lines or loaded + rejected != rows:
        raise ResidualError(
            f"{name}: {lines} lines, but the classes are {classes}; "
            f"{rows} data lines, but {loaded} loaded and {rejected} rejected."
        )


def second_table_question(found: Oddities) -> Question:
    """Return what is asked of a file that holds more than one table."""
    [first, *others] = found.second_tables
    lines = found.classes["second_table"]
    return Question(
        key="second_table",
        text=f"another table begins on line {first.line_no}, with another header, so its lines "
        "were not taken for rows of the first one.",
        choices=(
            Choice("apart", f"leave its {lines:,} lines out"),
            Choice(str(first.line_no), "read it in the place of the first one", key="header"),
        ),
        evidence=tuple(
            f"line {table.line_no}: {', '.join(table.headers)[:200]}"
            for table in (first, *others[:4])
        ),
        suggestion="apart",
    )


def titled_parts(header: Header, found: Oddities) -> list[Part]:
    """Return the titles of stacked tables, none of one table; that of the first one before them.

    The rows may also be parted by titles alone, the first of them right below the header.
    """
    below = [Part(*title) for title in found.part_titles]
    return [first_part(header), *below] if below and found.is_titled_later else below


def stated_period(
    name: str, mapping: Mapping, options: StageOptions, parts: Sequence[Part] = ()
) -> tuple[datetime | None, datetime | None]:
    """Return the stated period in UTC, half open; that of all `parts` where their titles name it.

    Raises:
        QuestionOpen: Its days are in no zone.
    """
    period = mapping.period
    if period is None and mapping.part_titles == PERIOD:
        period = whole_period(parts)
    if period is None:
        return None, None
    zone = mapping.zone or options.zone
    if zone is None:
        text = f"In which zone are the days of [period] in {mapping.name}?"
        raise asked(name, [Question("zone", text, (Choice("America/Los_Angeles"),), is_free=True)])
    first, last = period
    return midnight_utc(first, zone_of(zone)), midnight_utc(last, zone_of(zone))


def row_lines(classes: dict[str, int]) -> int:
    """Return the number of lines that were loaded or rejected."""
    return sum(classes.get(name, 0) for name in ROW_CLASSES)


def found_in(
    header: Header, found: Oddities, typed: TypedRows, *, non_ascii: Sequence[NonAscii] = ()
) -> Found:
    """Return what a file says of itself outside of its rows.

    Args:
        header: The header, with the titles above it.
        found: What reading found beside the rows.
        typed: The rows; where amounts are written 1.234,50, so are totals.
        non_ascii: Cells that show the encoding.
    """
    titles = header.above
    notes = (*titles, *found.footers)
    return Found(
        titles=titles,
        footers=tuple(found.footers),
        period=period_of(titles),
        row_count=count_of(notes),
        buyer=buyer_of(titles),
        zone=zone_of_titles(notes),
        totals=tuple(found.totals),
        control_totals=_control_totals(found.totals, comma=typed.reading.comma),
        repairs=tuple(found.repairs),
        second_tables=tuple(found.second_tables),
        non_ascii=tuple(non_ascii),
        is_open_ended=found.is_open_ended,
        hidden=found.hidden,
        is_filtered=found.is_filtered,
        remarks=found.remarks,
        number_ids=found.number_ids,
        spans=tuple(spans_of(header, typed, found)),
        part_titles=tuple(titled_parts(header, found)),
    )


def _control_totals(totals: Sequence[TotalLine], *, comma: bool) -> dict[str, Decimal]:
    """Return the amounts of the last total that is none of a part of the rows."""
    grand = [total for total in totals if "sub" not in total.label.lower()]
    if not grand:
        return {}
    amounts = {header: amount_of(text, comma=comma) for header, text in grand[-1].texts.items()}
    return {header: amount for header, amount in amounts.items() if amount is not None}
