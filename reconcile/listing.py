"""What waits, what is loaded and what leads do, as rows of a table, all of them text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from reconcile.showing import Record, Texts, money, time
from reconcile.terms import attribute_label

if TYPE_CHECKING:
    from reconcile.activity import Entry
    from reconcile.arriving import Arrived
    from reconcile.importing.records import Template
    from reconcile.terms import EventSetting
    from reconcile.warehouse import Batch
    from reconcile.warehouse.aliases import Alias

_APART = {
    "events_without_lead": "events without a lead row",
    "events_without_id": "events without a usable id",
    "events_without_time": "events without a time",
    "events_before_their_lead": "events before their lead",
    "lead_rows_without_id": "lead rows without a usable id",
    "lead_rows_without_time": "lead rows without a time",
    "lead_rows_in_other_currency": (
        "lead rows with money in another currency than the first row of their lead"
    ),
}


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
    if not one.is_known:
        return "being looked at"
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


def template_texts(templates: Iterable[Template]) -> list[Texts]:
    """Return templates as rows of a table."""
    return [
        {
            "Template": one.name,
            "Sender": one.mapping.sender or "",
            "Kind": f"{one.mapping.kind}s",
            "Headers": ", ".join(one.mapping.headers),
        }
        for one in templates
    ]


def alias_texts(found: Iterable[Alias]) -> list[Texts]:
    """Return what spellings stand for as rows of a table."""
    return [
        {
            "Of a": one.dimension,
            "Spelling": one.spelling,
            "Stands for": _stands_for(one),
            "Said by": one.said_by or "",
            "When (UTC)": time(one.changed_at),
            "State": "counts" if one.counts else "no longer",
        }
        for one in found
    ]


def _stands_for(one: Alias) -> str:
    if one.known_name is None:
        return "taken back"
    return "a name of its own" if one.known_name == one.spelling else one.known_name


def setting_changes(
    now: Iterable[EventSetting], new: Iterable[EventSetting], gone: Iterable[tuple[str, str]] = ()
) -> list[Texts]:
    """Return what settings would change in those in force, as rows of a table.

    Args:
        now: Those in force.
        new: Those that are to be; what is set already is no change.
        gone: Campaign and event of those that are to be taken away.
    """
    known = {(one.campaign_id, one.event_id): one for one in now}
    changes = [
        (one.campaign_id, one.event_id, known.get((one.campaign_id, one.event_id)), one)
        for one in new
    ]
    away: list[tuple[str, str, EventSetting | None, EventSetting | None]] = [
        (*key, known[key], None) for key in gone if key in known
    ]
    return [
        {
            "Campaign": campaign,
            "Event": event,
            "Change": "new" if before is None else "taken away" if after is None else "changed",
            "Now": _setting_text(before),
            "Then": _setting_text(after),
        }
        for campaign, event, before, after in [*changes, *away]
        if before != after
    ]


def _setting_text(one: EventSetting | None) -> str:
    if one is None:
        return ""
    place = "no step" if one.position is None else f"step {one.position}"
    told = f"conversion {one.is_conversion}, may repeat {one.allows_duplicates}, {place}"
    return f"{one.name}: {told}" if one.name else told


def entry_texts(entries: Iterable[Entry]) -> list[Texts]:
    """Return what was done as rows of a table."""
    return [
        {
            "When (UTC)": time(one.at),
            "Who": one.who,
            "Deed": one.deed.meaning,
            "What": one.what,
            "About": one.ref,
        }
        for one in entries
    ]


def rate_texts(rows: Iterable[Record], by: Sequence[str]) -> list[Texts]:
    """Return the rates of a funnel as rows of a table, each with the interval it lies in."""
    return [
        {
            **{attribute_label(name): _slice_text(row, name) for name in by},
            "Step": f"{row['step']}. {row['name']}",
            "Leads": f"{row['reached']:,}",
            "Of all leads": _span(row, "of_leads", "low", "high"),
            "Of the step before": _span(row, "of_before", "before_low", "before_high"),
            "Young": f"{row['young']:,}" if row["step"] == 1 else "",
            "Ripeness": (row["ripeness"] or "").replace("_", " "),
            "Will be": _span(row, "developed", "developed_low", "developed_high"),
        }
        for row in rows
    ]


def _slice_text(row: Record, name: str) -> str:
    if row[name] is None:
        return "(all others)" if row.get("is_other") else "(none)"
    return str(row[name])


def _span(row: Record, value: str, low: str, high: str) -> str:
    if row[value] is None:
        return ""
    if row[low] is None:
        return _percent(row[value])
    return f"{_percent(row[value])} ({_percent(row[low])} to {_percent(row[high])})"


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")


def apart_texts(account: Mapping[str, int]) -> list[str]:
    """Return what is in no step of a funnel, each with its number; what there is none of is not."""
    return [f"{text}: {account[name]:,}" for name, text in _APART.items() if account[name]]


def took_texts(rows: Iterable[Record]) -> list[Texts]:
    """Return how long leads took to each step as rows of a table."""
    return [
        {
            "Step": f"{row['step']}. {row['name']}",
            "Leads": f"{row['reached']:,}",
            "Half within": span(row["median_s"]),
            "Nine of ten within": span(row["p90_s"]),
            "Within an hour": f"{row['in_1h']:,}",
            "Within a day": f"{row['in_1d']:,}",
            "Within a week": f"{row['in_7d']:,}",
        }
        for row in rows
    ]


def span(seconds: float | None) -> str:
    """Write a length of time as people read it, in its two greatest units."""
    if seconds is None:
        return ""
    words: list[str] = []
    left = int(seconds)
    for size_s, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size_s)
        if count or words:
            words.append(f"{count} {unit}")
    return " ".join(words[:2]) or "0 s"


def worth_texts(rows: Iterable[Record], by: Sequence[str]) -> list[Texts]:
    """Return what the steps of a funnel bring and cost as rows of a table."""
    return [
        {
            **{attribute_label(name): _slice_text(row, name) for name in by},
            "Step": f"{row['step']}. {row['name']}",
            "Currency": row["currency"] or "none",
            "Leads": f"{row['reached']:,}",
            "Revenue": money(row["revenue"]),
            "Cost": money(row["cost"]),
            "Ad spend": money(row["ad_spend"]),
            "Profit": money(row["profit"]),
            "Per lead": money(row["epl"]),
            "Cost per lead reached": money(row["cost_per_reached"]),
        }
        for row in rows
    ]


def lost_texts(rows: Iterable[Record]) -> list[Texts]:
    """Return leads that were lost after a step as rows of a table."""
    return [
        {
            "Transaction id": row["transaction_id"] or "",
            "Campaign": row["campaign_id"] or "",
            "Source": row["pid"] or "",
            "Buyer": row["buyer"] or "",
            "Lead (UTC)": time(row["entered_at"]),
            "Waits for": span(row["waiting_s"]),
            "Young": "yes" if row["is_young"] else "",
            "Revenue": money(row["revenue"]),
            "Currency": row["currency"] or "",
            "Last event": row["last_event"] or "",
        }
        for row in rows
    ]


def moved_texts(rows: Iterable[Record]) -> list[Texts]:
    """Return missing events that move their leads on as rows of a table."""
    return [
        {
            "Transaction id": row["transaction_id"] or "",
            "Event": row["event_id"] or "",
            "Claimed (UTC)": time(row["occurred_at"]),
            "Revenue": money(row["revenue"]),
            "Currency": row["currency"] or "",
            "Source": row["pid"] or "",
            "Buyer": row["buyer"] or "",
            "Tracked to step": str(row["tracked"]),
            "With it to step": str(row["reconciled"]),
        }
        for row in rows
    ]
