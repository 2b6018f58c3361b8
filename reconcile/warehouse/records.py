"""What the catalog knows: batches, what they cover, and stored runs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from reconcile.errors import WarehouseError
from reconcile.state import Row
from reconcile.terms import EventSetting, Kind, Known
from reconcile.warehouse.staged import Staged

FORMAT_VERSION = 3
PART, FULL = "part", "full"
PACK_FILE = "rows-0000.parquet"
ONE_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Batch:
    """One imported file: its rows never change, and it counts until it is undone.

    Times are naive UTC. `first_at` and `last_at` are those of its rows, `period_from` and
    `period_to` (half open) what the file or a person says it covers. `exported_at` is None where
    neither says when the file was made. `mapping` is JSON text, `path` the folder of its Parquet,
    whose rows are in `parts` files (0 in format 1, which had one of another name). `delivery` is
    `full` where the batch is all that its sender has to say of its period, else `part`. `pack` is
    the file of many batches that holds its rows, if `compact` put them there. `replaces` is the
    batch that had read the same file in another way.
    """

    id: str
    kind: Kind
    sender: str | None
    file: str
    sha256: str
    rows: int
    rejected: int
    imported_at: datetime
    exported_at: datetime | None
    zone: str
    campaigns: tuple[str, ...]
    buyers: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None
    period_from: datetime | None
    period_to: datetime | None
    has_amount: bool
    cut_off: bool
    confirmed: bool
    format_version: int
    mapping: str
    status_words: Mapping[str, str] = field(hash=False)
    status_events: Mapping[str, str] = field(hash=False)
    undone_at: datetime | None
    path: Path
    parts: int = 0
    delivery: str = PART
    pack: str | None = None
    user: str | None = None
    line_classes: Mapping[str, int] = field(default_factory=dict, hash=False)
    opened: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    replaces: str | None = None

    @property
    def rows_paths(self) -> list[Path]:
        """Return the files that hold its rows; in a pack they hold those of others, too."""
        return [Path(text) for text in self.row_files]

    @property
    def row_files(self) -> list[str]:
        """Return the same as text: for thousands of batches paths cost more than reading them."""
        if self.pack is not None:
            return [f"{self.path.parent}/pack={self.pack}/{PACK_FILE}"]
        names = [f"rows-{number:04}.parquet" for number in range(self.parts)] or ["rows.parquet"]
        return [f"{self.path}/{name}" for name in names]

    @property
    def is_readable(self) -> bool:
        """Return whether its files are there, in a format that this release knows."""
        there = (os.path.isfile(path) for path in self.row_files)  # noqa: PTH113 - as `row_files`
        return self.format_version <= FORMAT_VERSION and all(there)

    @property
    def rejects_path(self) -> Path:
        """Return where its rejected rows are; there is no such file if none was rejected."""
        return self.path / "rejects.parquet"

    @property
    def made_at(self) -> datetime:
        """Return the time that decides which copy of a row is newest: of export, else of import."""
        return self.exported_at or self.imported_at


@dataclass(frozen=True)
class Cover:
    """A campaign (events, leads) or buyer (claims) whose rows a batch has, for `[from, to)` UTC.

    The name is None where the file names no campaign or buyer at all.
    """

    name: str | None
    from_utc: datetime
    to_utc: datetime


@dataclass(frozen=True)
class RunRecord:
    """A stored run: what it was asked, what it read, and what its folder holds.

    `created_at` is naive UTC; `batch_hashes` are the sha256 of `batch_ids`' files, in that order.
    """

    id: str
    created_at: datetime
    params_json: str
    batch_ids: tuple[str, ...]
    batch_hashes: tuple[str, ...]
    rule_version: str
    summary_json: str
    result_sha256: str
    finding_count: int
    made_by: str | None = None


def pack_folder(folder: Path, pack: str) -> Path:
    """Return the folder of a pack of a kind's folder."""
    return folder / f"pack={pack}"


def coverage(batch: Batch) -> list[Cover]:
    """Return what a batch covers: its stated period, else from its first to its last row.

    A file that was cut off covers nothing until a person confirms that it is whole, and one that
    knows no time covers nothing (matching.md, section 1).
    """
    first = batch.period_from or batch.first_at
    last = batch.period_to or (batch.last_at and batch.last_at + ONE_MICROSECOND)
    if first is None or last is None or (batch.cut_off and not batch.confirmed):
        return []
    names = batch.buyers if batch.kind is Kind.CLAIM else batch.campaigns
    return [Cover(name, first, last) for name in names or (None,)]


def catalog_row(batch_id: str, staged: Staged, *, parts: int = 0) -> dict[str, object]:
    """Return the catalog's row of a new batch, but for its times and its user.

    `parts` is the number of its files of rows, 0 if they are written as in format 1.
    """
    return {
        "id": batch_id,
        "kind": staged.kind.value,
        "sender": staged.sender,
        "file": staged.name,
        "sha256": staged.sha256,
        "rows": staged.rows,
        "rejected": staged.rejected,
        "zone": staged.zone,
        "campaigns": as_json(list(staged.campaigns)),
        "buyers": as_json(list(staged.buyers)),
        "first_at": as_text(staged.first_at),
        "last_at": as_text(staged.last_at),
        "period_from": as_text(staged.period_from),
        "period_to": as_text(staged.period_to),
        "has_amount": int(staged.has_amount),
        "cut_off": int(staged.cut_off),
        "format_version": FORMAT_VERSION if parts else 1,
        "parts": parts,
        "delivery": staged.delivery,
        "mapping": as_json(dict(staged.mapping)),
        "status_words": as_json(dict(staged.status_words)),
        "status_events": as_json(dict(staged.status_events)),
        "line_classes": as_json(dict(staged.line_classes)),
        "opened": as_json(
            {
                "encoding": staged.encoding,
                "delimiter": staged.delimiter,
                "sheet": staged.sheet,
                "zone_stated_by": staged.zone_stated_by,
            }
        ),
    }


def batch_of(row: Row, warehouse: Path) -> Batch:
    """Return the batch of a catalog row; the same one while the row is the same."""
    return _batch_of(tuple(row.keys()), tuple(row), warehouse)


@lru_cache(maxsize=16_384)
def _batch_of(names: tuple[str, ...], row: tuple[Any, ...], warehouse: Path) -> Batch:
    """Read a row once: a run asks several times for thousands of batches."""
    values: dict[str, Any] = dict(zip(names, row, strict=True))
    for name in ("imported_at", "exported_at", "first_at", "last_at"):
        values[name] = as_time(values[name])
    for name in ("period_from", "period_to", "undone_at"):
        values[name] = as_time(values[name])
    for name in ("has_amount", "cut_off", "confirmed"):
        values[name] = bool(values[name])
    for name in ("campaigns", "buyers"):
        values[name] = tuple(_from_json(values[name]))
    for name in ("status_words", "status_events", "line_classes", "opened"):
        values[name] = _from_json(values[name])
    kind = Kind(values.pop("kind"))
    return Batch(kind=kind, path=Path(f"{warehouse}/{kind}/batch={values['id']}"), **values)


@lru_cache(maxsize=1024)
def _from_json(text: str) -> Any:
    """Return what JSON text says; thousands of batches say the same, so it must not be changed."""
    return json.loads(text)


def run_of(row: Row) -> RunRecord:
    """Return the run of a catalog row."""
    values: dict[str, Any] = dict(row)
    created = as_time(values.pop("created_at"))
    if created is None:
        raise WarehouseError(f"run {values['id']} has no time; the catalog is damaged.")
    for name in ("batch_ids", "batch_hashes"):
        values[name] = tuple(json.loads(values[name]))
    return RunRecord(created_at=created, **values)


def run_row(run: RunRecord) -> dict[str, object]:
    """Return the catalog's row of a run."""
    return {
        "id": run.id,
        "created_at": as_text(run.created_at),
        "params_json": run.params_json,
        "batch_ids": as_json(list(run.batch_ids)),
        "batch_hashes": as_json(list(run.batch_hashes)),
        "rule_version": run.rule_version,
        "summary_json": run.summary_json,
        "result_sha256": run.result_sha256,
        "finding_count": run.finding_count,
        "made_by": run.made_by,
    }


def setting_of(row: Row) -> EventSetting:
    """Return the event setting of a catalog row."""
    return EventSetting(
        campaign_id=row["campaign_id"],
        event_id=row["event_id"],
        name=row["name"],
        is_conversion=Known(row["is_conversion"]),
        allows_duplicates=Known(row["allows_duplicates"]),
        position=row["position"],
    )


def now_utc() -> datetime:
    """Return the time as the product keeps it: naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_id() -> str:
    """Return an id that sorts by time, is unique, and reads well in a path or URL."""
    return f"{now_utc():%Y%m%d-%H%M%S%f}"[:-3] + f"-{token_hex(3)}"


def as_text(time: datetime | None) -> str | None:
    """Return a naive UTC time as text that sorts as the times do."""
    return None if time is None else time.isoformat(sep=" ", timespec="microseconds")


def as_time(text: str | None) -> datetime | None:
    """Return the time that `as_text` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def as_json(value: object) -> str:
    """Return compact JSON; the order of keys is the writer's."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def glob_free(path: Path | str) -> str:
    """Return a path as a pattern that matches only itself: `[`, `*` and `?` are escaped."""
    return re.sub(r"([\[*?])", r"[\1]", str(path))


def none_called(noun: str, wanted: str, known: list[str]) -> str:
    """Return the text of a `NotFound` that says what there is."""
    near = get_close_matches(wanted, known, n=3, cutoff=0.5) or sorted(known)[-3:]
    there = f"the nearest are {', '.join(near)}" if near else f"there is no {noun} yet"
    return f"no {noun} {wanted!r}; {there}."
