"""What waits and what is loaded, as rows of a table: files of the inbox, batches, their reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from reconcile.showing import Texts, time

if TYPE_CHECKING:
    from reconcile.arriving import Arrived
    from reconcile.warehouse import Batch


def arrived_texts(files: Iterable[Arrived]) -> list[Texts]:
    """Return files of the inbox as rows of a table."""
    return [
        {
            "File": one.name,
            "Size": size(one.size),
            "Changed (UTC)": time(one.changed_at),
            "State": _arrived_state(one),
        }
        for one in files
    ]


def _arrived_state(one: Arrived) -> str:
    if one.batch is None:
        return "new"
    return "imported and undone" if one.batch.undone_at else f"loaded as batch {one.batch.id}"


def size(count: int) -> str:
    """Write a number of bytes as people read it."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1e3:,.0f} kB" if count < 1e6 else f"{count / 1e6:,.1f} MB"


def batch_texts(batches: Iterable[Batch]) -> list[Texts]:
    """Return batches as rows of a table that says where each stands."""
    return [
        {
            "File": PurePath(batch.file).name,
            "Kind": f"{batch.kind}s",
            "Sender": batch.sender or "",
            "Rows": f"{batch.rows:,}",
            "Rejected": f"{batch.rejected:,}",
            "From (UTC)": time(batch.period_from or batch.first_at),
            "Up to (UTC)": time(batch.period_to or batch.last_at),
            "Imported (UTC)": time(batch.imported_at),
            "By": batch.user or "",
            "State": _batch_state(batch),
            "Batch": batch.id,
        }
        for batch in batches
    ]


def _batch_state(batch: Batch) -> str:
    if batch.undone_at:
        return "undone"
    return "probably cut off" if batch.cut_off and not batch.confirmed else "counts"


def reach_texts(batches: Iterable[Batch]) -> list[Texts]:
    """Return up to when the files of each kind and sender reach, those that came last first."""
    groups: dict[tuple[str, str], list[Batch]] = {}
    for batch in batches:
        groups.setdefault((batch.kind, batch.sender or ""), []).append(batch)
    return [
        {
            "Kind": f"{kind}s",
            "Sender": sender,
            "Files": f"{len(group):,}",
            "Rows": f"{sum(one.rows for one in group):,}",
            "From (UTC)": time(_extreme(min, [one.period_from or one.first_at for one in group])),
            "Up to (UTC)": time(_extreme(max, [one.period_to or one.last_at for one in group])),
            "Newest import (UTC)": time(max(one.imported_at for one in group)),
        }
        for (kind, sender), group in sorted(
            groups.items(), key=lambda item: max(one.imported_at for one in item[1]), reverse=True
        )
    ]


def _extreme(
    pick: Callable[[list[datetime]], datetime], times: Iterable[datetime | None]
) -> datetime | None:
    known = [one for one in times if one is not None]
    return pick(known) if known else None
