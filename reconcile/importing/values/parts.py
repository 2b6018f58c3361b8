"""What is handed over to be typed: the table as it was located, and some of its lines as texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from reconcile.engine import Arrangement, TextFile
from reconcile.importing.fields import ALL_FIELDS
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.opening.lines import Record
from reconcile.terms import Kind

Load = Callable[[list[Record]], str]
"""Loads lines of a file into a table, and returns its name."""


class Picking(Protocol):
    """Finds some lines of a part for a second look, which may come later."""

    def pick(self, numbers: list[int]) -> list[Record] | None:
        """Return lines by their numbers in rising order; None where that is not safe.

        Raises:
            UnevenText: One of them may begin something else than rows.
        """

    @property
    def load(self) -> Load:
        """Return what loads picked lines of any part; it keeps nothing of this part in memory."""


@dataclass(frozen=True)
class Part:
    """Some lines of a file, as texts."""

    sources: Sequence[str | TextFile]
    records: int
    is_whole: bool = False
    """The file has no other part."""
    is_plain: bool = False
    """All is visible ASCII, and no cell begins or ends with a blank."""
    has_exponent: bool = True
    picking: Picking | None = None
    """Only where no record reaches over a line end."""
    whole: Callable[[], Sequence[TextFile]] | None = None
    """Gives the texts with the lines for which `sources` hold empty cells."""

    @property
    def is_sorted(self) -> bool:
        """Return whether its lines were classed one by one before; those of text files were not."""
        return not any(isinstance(source, TextFile) for source in self.sources)

    @property
    def lines(self) -> tuple[int, int]:
        """Return the number of its first line, and that after its last, if it is of text files."""
        first = min(source.before for source in self.sources if isinstance(source, TextFile)) + 1
        return first, first + self.records


@dataclass(frozen=True)
class Table:
    """What is known of a file before its rows are read."""

    name: str
    kind: Kind
    columns: Columns
    is_dated: bool
    """Its times may be true dates, as those of a workbook are."""

    @property
    def arrangement(self) -> Arrangement:
        """Name the raw columns by our fields; what fills none of them goes into `extra`."""
        columns = self.columns
        constants: dict[str, str | None] = {
            f"c_{field}": columns.constants.get(field)
            for field in ALL_FIELDS
            if field not in columns.fields
        }
        extra = {header: f"c{place}" for header, place in columns.extra.items()}
        lists = {"cells": [f"c{place}" for place in range(len(columns.headers))]}
        if columns.refused:
            lists["new_cells"] = [f"c{place}" for place in columns.refused]
        if self.adds:
            lists["more_revenue"] = [f"c{place}" for place in columns.fields["revenue"][1:]]
        return Arrangement(
            texts={f"c_{field}": f"c{places[0]}" for field, places in columns.fields.items()},
            constants=constants | ({} if extra else {"extra": None}),
            lists=lists,
            objects={"extra": extra} if extra else {},
            no_lists=tuple({"more_revenue", "new_cells"} - lists.keys()),
        )

    @property
    def adds(self) -> bool:
        """Return whether the amounts of several columns are added up."""
        return len(self.columns.fields.get("revenue", [])) > 1
