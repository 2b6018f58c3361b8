"""What a file does not say by itself: the form and zone of its times, its decimal mark.

Nothing is guessed: what the values do not prove and nobody has stated is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen
from reconcile.importing.columns import Columns
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


def decide(engine: Engine, name: str, columns: Columns, options: StageOptions) -> Reading:
    """Decide how the cells of `text_line` are to be read.

    Raises:
        QuestionOpen: The times are of no known form, or name no zone, or the decimal mark of the
            amounts can be either.
        UnknownZone: The stated zone does not exist.
    """
    mapping = options.mapping or Mapping()
    zone, stated_by = _stated_zone(mapping, options)
    form, format_ = _form(engine, name, columns, mapping)
    reading = Reading(
        form=form,
        format=format_,
        zone=zone or "UTC",
        stated_by=stated_by,
        has_zone=zone is not None,
        comma=_comma(engine, name, columns, mapping),
    )
    if reading.in_utc or "occurred_at" not in columns.fields:
        return _by_values(reading) if reading.in_utc or zone is None else reading
    if zone is None and _lacks_zone(engine, columns):
        raise QuestionOpen(
            f"{name}: the times in {_header(columns)!r} come without a zone. Add to the mapping, "
            'for example: zone = "America/Los_Angeles" (or UTC, or one of Pingtree\'s codes: '
            f"{', '.join(PINGTREE_OFFSETS)}), or give the run a zone."
        )
    return reading if zone is not None else _by_values(reading)


def _by_values(reading: Reading) -> Reading:
    return Reading(reading.form, reading.format, "UTC", "values", reading.has_zone, reading.comma)


def _stated_zone(mapping: Mapping, options: StageOptions) -> tuple[str | None, str]:
    zone, by = (mapping.zone, "mapping") if mapping.zone else (options.zone, "run")
    if zone is not None:
        zone_of(zone)
    return zone, by


def _header(columns: Columns) -> str:
    return columns.headers[columns.fields["occurred_at"][0]]


def _lacks_zone(engine: Engine, columns: Columns) -> bool:
    """Say whether a row has a time and nothing that tells its zone."""
    ((timed, coded),) = engine.query("importing/zone_count")
    return bool(timed > coded) if "time_zone" in columns.fields else bool(timed)


def _form(engine: Engine, name: str, columns: Columns, mapping: Mapping) -> tuple[str, str]:
    if mapping.date_format == "unix" or (columns.has_unix_times and not mapping.date_format):
        return "unix", "%Y"
    if mapping.date_format is not None:
        return "stated", mapping.date_format
    if "occurred_at" not in columns.fields:
        return "iso_local", "%Y"
    rows = engine.records("importing/sample", limit=SAMPLE)
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


def _comma(engine: Engine, name: str, columns: Columns, mapping: Mapping) -> bool:
    """Return whether the amounts have a decimal comma; `1.234` alone can be either."""
    if mapping.decimal is not None:
        return mapping.decimal == ","
    money = [field for field in ("revenue", "cost", "ad_spend") if field in columns.fields]
    for field in money:
        row = engine.records("importing/decimal_mark", field=field, limit=SAMPLE)[0]
        if not row["is_clear"]:
            row = engine.records("importing/decimal_mark", field=field, limit=EVERY)[0]
        if row["unclear"] and not row["is_clear"]:
            header = columns.headers[columns.fields[field][0]]
            raise QuestionOpen(
                f"{name}: {row['example']!r} in {header!r} (line {row['line_no']}) can be a "
                "thousand or a fraction, and no other amount of the column tells. State the "
                'decimal mark in the mapping: decimal = "." or decimal = ","'
            )
    return False
