"""What is set for the events of campaigns: every change is a row, the newest of an event counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from reconcile.state import Database
from reconcile.terms import EventSetting
from reconcile.warehouse import records


def settings_in_force(catalog: Database) -> list[EventSetting]:
    """Return what is set now."""
    return [records.setting_of(row) for row in catalog.query("warehouse/settings")]


def change_settings(
    catalog: Database,
    settings: Sequence[EventSetting],
    *,
    without: Sequence[tuple[str, str]],
    user: str | None,
) -> None:
    """Set these, and take away those of `without`; what is set already is no change."""
    said = {"changed_at": records.as_text(records.now_utc()), "said_by": user}
    with catalog.transaction():
        current = {(one.campaign_id, one.event_id): one for one in settings_in_force(catalog)}
        gone = [current[key] for key in dict.fromkeys(without) if key in current]
        new = [one for one in settings if current.get((one.campaign_id, one.event_id)) != one]
        for removed, changed in ((1, gone), (0, new)):
            for one in changed:
                values = asdict(one) | {"removed": removed} | said
                catalog.execute("warehouse/add_setting", **values)
