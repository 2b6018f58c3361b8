"""The lines of a pack: what of a row may leave, in the buyer's words, times in the named zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import PurePath
from typing import Any

from reconcile.exporting.columns import Cells
from reconcile.exporting.wording import why

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Telling:
    """How rows are told: the zone of times, names of files, and how ids are written.

    `labels` are what the pack calls each batch, `file_labels` each file, `hashed` makes of an id
    what the pack shows of it.
    """

    zone: tzinfo
    labels: Mapping[str, str]
    file_labels: Mapping[str, str]
    hashed: Callable[[str], str] | None
    called: Callable[[str], str]
    with_notes: bool


def told(rows: Iterable[Record], telling: Telling) -> Iterator[Cells]:
    """Return the lines of a pack for rows of `exporting/pack_line`.

    Only what is named here leaves; of another buyer, a source or a file's folder nothing is read.
    """
    for row in rows:
        yield _line(row, telling)


def _line(row: Record, telling: Telling) -> Cells:
    finding, raw_id = row["finding"], row["transaction_id"]
    return {
        "finding": None if finding is None else telling.called(finding),
        "class": row["class"],
        "reason": None if row["reason"] is None else row["reason"].replace("_", " "),
        "transaction_id": telling.hashed(raw_id) if telling.hashed and raw_id else raw_id,
        "event": row["event_id"],
        "campaign": row["campaign_id"],
        "day": row["day"],
        "our_amount": row["our_amount"],
        "our_currency": row["our_currency"],
        "your_amount": row["your_amount"],
        "your_currency": row["your_currency"],
        "difference": row["difference"],
        "currency": row["currency"],
        "your_status": row["your_status"],
        "our_time": _local(row["our_at"], telling.zone),
        "your_time": _local(row["your_at"], telling.zone),
        "our_record": _place(row["our_batch"], row["our_line"], telling),
        "your_record": _place(row["your_batch"], row["your_line"], telling),
        "why": why(row, _rival(row, telling)),
        "note": row["note"] if telling.with_notes else None,
        "credited": row["credited"],
        "credited_currency": row["credited_currency"],
        "asked": "yes" if row["asked"] else "no",
    }


def _local(utc: datetime | None, zone: tzinfo) -> datetime | None:
    if utc is None:
        return None
    return utc.replace(tzinfo=UTC, microsecond=0).astimezone(zone).replace(tzinfo=None)


def _place(batch: str | None, line: int | None, telling: Telling) -> str | None:
    return None if batch is None else f"{telling.labels[batch]} line {line}"


def _rival(row: Record, telling: Telling) -> str | None:
    if row["rival_file"] is None:
        return None
    label = telling.file_labels.get(row["rival_file"], "another file")
    return f"{label} line {row['rival_line']}"


@dataclass(frozen=True)
class Named:
    """A file of a run as labels are made of it: batch, kind, path, whose rows it has."""

    batch: str
    kind: str
    file: str
    buyers: tuple[str, ...]


def labels_of(files: Iterable[Named], buyer: str, hidden: Iterable[str]) -> dict[str, str]:
    """Return what a pack calls each batch: the file's own name only where it is the buyer's own.

    All others are called by their kind and a number: a name that somebody gave a file may say what
    is none of the buyer's. So may the name of their own, if one of the `hidden` words is in it.
    """
    words = {word.casefold() for word in hidden if word}
    labels: dict[str, str] = {}
    count: dict[str, int] = {}
    for one in files:
        name = PurePath(one.file.replace("\\", "/")).name
        if set(one.buyers) == {buyer} and one.kind == "claim" and not _tells(name, words):
            count[name] = count.get(name, 0) + 1
            labels[one.batch] = name if count[name] == 1 else f"{name} ({count[name]})"
            continue
        kind = "reports" if one.kind == "claim" else f"{one.kind}s"
        count[kind] = count.get(kind, 0) + 1
        labels[one.batch] = f"{kind} {count[kind]}"
    return labels


def _tells(name: str, words: set[str]) -> bool:
    folded = name.casefold()
    return any(word in folded for word in words if len(word) > 1)
