"""How the cells of a file are to be read, and the cells of which that is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reconcile.engine import Engine, Steps
from reconcile.importing.forms.times import TimeForm
from reconcile.zones import PINGTREE_OFFSETS, skipped_hours

SAMPLE = 10_000
"""Rows that prove a form which is told by each value; all others are told by all rows."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are to be read."""

    times: TimeForm
    zone: str
    stated_by: str
    has_zone: bool
    comma: bool = False
    units: dict[str, int] = field(default_factory=dict)
    """Field to how many of its amounts are one, where they are not whole units."""
    proved: dict[str, str] = field(default_factory=dict)
    """What nobody has stated and the values prove: `date_format`, `decimal`."""
    from_before: tuple[str, ...] = ()
    """What was read as earlier files have proved it, as sentences."""

    @property
    def in_utc(self) -> bool:
        """Return whether the values name their zone themselves."""
        times = self.times
        is_zoned = times.form in ("iso_utc", "unix", "unix_ms") or times.zoned
        return is_zoned or (times.form == "stated" and "%z" in times.mark)

    @property
    def is_iso(self) -> bool:
        """Return whether the plainest questions read the times."""
        return self.times.form in ("iso_local", "iso_utc", "unix", "stated")

    @property
    def has_plain_amounts(self) -> bool:
        """Return whether amounts have a decimal point and are whole units."""
        return not self.comma and not self.units

    def parameters(self) -> dict[str, object]:
        """Return the parameters of the typing question."""
        code = PINGTREE_OFFSETS.get(self.zone)
        fixed = 0 if self.zone == "UTC" else code
        named = self.zone if self.has_zone and fixed is None else None
        days, hours = skipped_hours(named) if named and not self.in_utc else ([], [])
        return {
            "form": self.times.form,
            "format": self.times.mark or ("%Y" if self.is_iso else ""),
            "zoned": self.times.zoned,
            "serials": self.times.serials,
            "in_utc": self.in_utc,
            "zone": named,
            "shift": fixed * 3600 if self.has_zone and fixed is not None else None,
            "gap_days": days,
            "gap_hours": hours,
            "comma": self.comma,
            "revenue_units": self.units.get("revenue", 1),
            "cost_units": self.units.get("cost", 1),
            "spend_units": self.units.get("ad_spend", 1),
        }


@dataclass(frozen=True)
class Cells:
    """The cells of some lines, of which questions can be asked."""

    engine: Engine
    steps: Steps
    """What makes `text_cell`."""
    params: dict[str, object]

    def told(self, question_name: str, **params: object) -> list[Row]:
        """Answer a question that reads `text_cell`."""
        return self.engine.records({**self.steps, "told": question_name}, **self.params, **params)

    @cached_property
    def first(self) -> Cells:
        """Return the times and amounts of the first data lines, read once for several questions."""
        steps = {**self.steps, "seen": "importing/seen_cell"}
        self.engine.table("seen_cell", steps, **self.params, limit=SAMPLE)
        return Cells(self.engine, {"text_cell": "importing/seen_again"}, self.params)
