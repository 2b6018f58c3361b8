"""What a file does not say by itself: the form and zone of its times, its decimal mark.

Nothing is guessed: what the values do not prove and nobody has stated is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from reconcile.engine import Engine, Steps
from reconcile.errors import QuestionOpen
from reconcile.importing.columns import Columns
from reconcile.importing.fields import MONEY
from reconcile.importing.records import Mapping, StageOptions
from reconcile.zones import PINGTREE_OFFSETS, zone_of

SAMPLE = 10_000
"""Rows that show the form of a column; a row of another form is rejected later, never misread."""


EVERY = 1 << 62


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are to be read."""

    form: str
    """iso_local, iso_utc, unix or stated."""
    format: str
    zone: str
    stated_by: str
    has_zone: bool
    comma: bool

    @property
    def in_utc(self) -> bool:
        """Return whether the values name their zone themselves."""
        return self.form in ("iso_utc", "unix") or (self.form == "stated" and "%z" in self.format)

    def parameters(self) -> dict[str, object]:
        """Return the parameters of the typing question."""
        code = PINGTREE_OFFSETS.get(self.zone)
        fixed = 0 if self.zone == "UTC" else code
        return {
            "form": self.form,
            "format": self.format,
            "in_utc": self.in_utc,
            "zone": self.zone if self.has_zone and fixed is None else None,
            "shift": fixed * 3600 if self.has_zone and fixed is not None else None,
            "comma": self.comma,
        }


@dataclass(frozen=True)
class Cells:
    """The cells of some lines, of which questions can be asked."""

    engine: Engine
    steps: Steps
    """What makes `text_cell`."""
    params: dict[str, object]

    def told(self, question_name: str, **params: object) -> list[dict[str, Any]]:
        """Answer a question that reads `text_cell`."""
        return self.engine.records({**self.steps, "told": question_name}, **self.params, **params)


@dataclass(frozen=True)
class Doubt:
    """An amount that can be a thousand or a fraction."""

    field: str
    example: str
    line_no: int


@dataclass(frozen=True)
class Asking:
    """What is known of a file's reading while its parts come in, and what is still open.

    The form of its times is decided by its first part. That the times lack a zone, or that no
    amount tells the decimal mark, only the whole file can show.
    """

    name: str
    columns: Columns
    options: StageOptions
    decided: Reading | None = None
    unclear: tuple[Doubt, ...] = ()
    """Columns of amounts that can be read in two ways so far."""
    is_clear: frozenset[str] = frozenset()
    """Columns of amounts of which one amount tells the decimal mark."""

    @property
    def reading(self) -> Reading:
        """Return how the cells are to be read; known after the first part."""
        if self.decided is None:
            raise RuntimeError("no part was looked at")
        return self.decided

    @property
    def is_answered(self) -> bool:
        """Return whether no further part can change anything."""
        return self.decided is not None and not self._open_fields and not self.awaits_zone

    @property
    def _open_fields(self) -> list[str]:
        if (self.options.mapping or Mapping()).decimal is not None:
            return []
        money = [field for field in MONEY if field in self.columns.fields]
        return [field for field in money if field not in self.is_clear]

    @property
    def awaits_zone(self) -> bool:
        """Say whether times are read that no statement and no form puts into a zone."""
        reading = self.decided
        return (
            reading is not None
            and not reading.has_zone
            and not reading.in_utc
            and "occurred_at" in self.columns.fields
        )

    def after(self, cells: Cells, *, is_whole: bool) -> Asking:
        """Return what is known once the cells of a part were looked at.

        Raises:
            QuestionOpen: The times are of no known form, or name no zone, or the decimal mark of
                the amounts can be either.
            UnknownZone: The stated zone does not exist.
        """
        decided = self.decided or self._decide(cells)
        known = replace(self, decided=decided, **self._look_at_amounts(cells))
        if is_whole:
            known.ask()
        if known.awaits_zone and _lacks_zone(cells):
            raise QuestionOpen(
                f"{self.name}: the times in {_header(self.columns)!r} come without a zone. Add to "
                'the mapping, for example: zone = "America/Los_Angeles" (or UTC, or one of '
                f"Pingtree's codes: {', '.join(PINGTREE_OFFSETS)}), or give the run a zone."
            )
        return known

    def _decide(self, cells: Cells) -> Reading:
        mapping = self.options.mapping or Mapping()
        zone, stated_by = _stated_zone(mapping, self.options)
        form, format_ = _form(cells, self.name, self.columns, mapping)
        reading = Reading(
            form=form,
            format=format_,
            zone=zone or "UTC",
            stated_by=stated_by,
            has_zone=zone is not None,
            comma=mapping.decimal == ",",
        )
        return _by_values(reading) if reading.in_utc or zone is None else reading

    def _look_at_amounts(self, cells: Cells) -> dict[str, Any]:
        """Look whether an amount tells the decimal mark; `1.234` alone can be either."""
        unclear = {doubt.field: doubt for doubt in self.unclear}
        clear = set(self.is_clear)
        for field in self._open_fields:
            row = cells.told("importing/decimal_mark", field=field, limit=SAMPLE)[0]
            if not row["is_clear"]:
                row = cells.told("importing/decimal_mark", field=field, limit=EVERY)[0]
            if row["is_clear"]:
                clear.add(field)
            elif row["unclear"]:
                unclear.setdefault(field, Doubt(field, row["example"], row["line_no"]))
        left = tuple(doubt for field, doubt in unclear.items() if field not in clear)
        return {"unclear": left, "is_clear": frozenset(clear)}

    def ask(self) -> None:
        """Ask what all parts together leave open.

        Raises:
            QuestionOpen: The decimal mark of the amounts can be either.
        """
        for doubt in self.unclear:
            header = self.columns.headers[self.columns.fields[doubt.field][0]]
            raise QuestionOpen(
                f"{self.name}: {doubt.example!r} in {header!r} (line {doubt.line_no}) can be a "
                "thousand or a fraction, and no other amount of the column tells. State the "
                'decimal mark in the mapping: decimal = "." or decimal = ","'
            )


def _by_values(reading: Reading) -> Reading:
    return Reading(reading.form, reading.format, "UTC", "values", reading.has_zone, reading.comma)


def _stated_zone(mapping: Mapping, options: StageOptions) -> tuple[str | None, str]:
    zone, by = (mapping.zone, "mapping") if mapping.zone else (options.zone, "run")
    if zone is not None:
        zone_of(zone)
    return zone, by


def _header(columns: Columns) -> str:
    return columns.headers[columns.fields["occurred_at"][0]]


def _lacks_zone(cells: Cells) -> bool:
    """Say whether a row has a time and nothing that tells its zone."""
    [row] = cells.told("importing/zone_count")
    return bool(row["timed"] > row["coded"])


def _form(cells: Cells, name: str, columns: Columns, mapping: Mapping) -> tuple[str, str]:
    if mapping.date_format == "unix" or (columns.has_unix_times and not mapping.date_format):
        return "unix", "%Y"
    if mapping.date_format is not None:
        return "stated", mapping.date_format
    if "occurred_at" not in columns.fields:
        return "iso_local", "%Y"
    rows = cells.told("importing/sample", limit=SAMPLE)
    local = sum(row["is_local"] for row in rows)
    utc = sum(row["is_utc"] for row in rows)
    shaped = sum(row["is_shaped"] for row in rows)
    if rows and shaped * 2 < len(rows):
        odd = [row for row in rows if not row["is_shaped"]][:2]
        seen = " and ".join(f"{row['time_text']!r} (line {row['line_no']})" for row in odd)
        raise QuestionOpen(
            f"{name}: the times in {_header(columns)!r} are not written as YYYY-MM-DD HH:MM:SS: "
            f"{seen}. State their form in the mapping, for example: "
            'date_format = "%m/%d/%Y %H:%M:%S" (or "%d/%m/%Y", or "unix" for seconds)'
        )
    return ("iso_utc" if utc > local else "iso_local"), "%Y"
