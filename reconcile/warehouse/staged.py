"""What the warehouse needs to know of a file that is to be stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from reconcile.terms import Kind


class Staged(Protocol):
    """A file whose rows an engine or Parquet files hold, as the importing room hands it over."""

    @property
    def file_no(self) -> int:
        """Return its number in the engine's table."""

    @property
    def name(self) -> str:
        """Return the path, exactly as the caller gave it."""

    @property
    def kind(self) -> Kind:
        """Return what one row stands for."""

    @property
    def sha256(self) -> str:
        """Return the hash of its bytes."""

    @property
    def sender(self) -> str | None:
        """Return who made it, None if nobody said."""

    @property
    def encoding(self) -> str:
        """Return how its text was read."""

    @property
    def delimiter(self) -> str | None:
        """Return what parts its cells, None in a workbook."""

    @property
    def sheet(self) -> str | None:
        """Return the sheet that was read, None in a text file."""

    @property
    def zone(self) -> str:
        """Return the zone its times were read in."""

    @property
    def zone_stated_by(self) -> str:
        """Return who said so: mapping, run or values."""

    @property
    def mapping(self) -> Mapping[str, str | list[str]]:
        """Return the header or headers of each canonical column."""

    @property
    def has_amount(self) -> bool:
        """Return whether it has amounts at all."""

    @property
    def rows(self) -> int:
        """Return how many rows were loaded."""

    @property
    def parts(self) -> Sequence[Path]:
        """Return the Parquet files of its rows; none where an engine holds them."""

    @property
    def rejected(self) -> int:
        """Return how many rows were rejected."""

    @property
    def line_classes(self) -> Mapping[str, int]:
        """Return how many lines are of each class."""

    @property
    def period_from(self) -> datetime | None:
        """Return where its stated period begins, UTC."""

    @property
    def period_to(self) -> datetime | None:
        """Return where its stated period ends, UTC, not itself inside."""

    @property
    def first_at(self) -> datetime | None:
        """Return the time of its earliest row, UTC."""

    @property
    def last_at(self) -> datetime | None:
        """Return the time of its latest row, UTC."""

    @property
    def campaigns(self) -> Sequence[str]:
        """Return the campaigns its rows name."""

    @property
    def buyers(self) -> Sequence[str]:
        """Return the buyers its rows name."""

    @property
    def cut_off(self) -> bool:
        """Return whether it may end where the export's limit lies."""

    @property
    def delivery(self) -> str:
        """Return `full` if it is all that its sender has to say of its period, else `part`."""

    @property
    def status_words(self) -> Mapping[str, str]:
        """Return the meaning of its status words."""

    @property
    def status_events(self) -> Mapping[str, str]:
        """Return the event each status word stands for."""
