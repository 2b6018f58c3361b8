"""What speaks against a postback beside its own row: sources, ages and amounts that were set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from reconcile.firing.plan import PostbackNeed, is_above
from reconcile.firing.policy import is_sandbox
from reconcile.firing.settings import FiringSettings
from reconcile.firing.states import Blocked


@dataclass(frozen=True)
class Facts:
    """What is known when a plan is made; times are naive UTC."""

    host: str
    now: datetime
    newest_export: datetime | None = None
    """When the newest event export was taken; None if there is none."""
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    """The 99th percentile of what the events of a campaign bring."""
    old_export_because: str | None = None
    """Why a person plans although that export is old."""


def hold_back(
    needs: Iterable[PostbackNeed], facts: Facts, settings: FiringSettings
) -> Iterator[PostbackNeed]:
    """Yield the needs, those blocked that the settings speak against.

    Ages are those of real targets: what the sandbox has stored is in no export of the platform.
    """
    has_age = not is_sandbox(facts.host)
    oldest = facts.now - timedelta(days=settings.oldest_days)
    fresh = facts.now - timedelta(hours=settings.export_hours)
    is_old = facts.newest_export is None or facts.newest_export < fresh
    for need in needs:
        if need.blocked is not None:
            yield need
        elif need.pid in settings.inactive:
            said = f"Source {need.pid} is inactive, as firing.toml says."
            yield _blocked(need, Blocked.SOURCE_INACTIVE, said)
        elif has_age and need.occurred_at is not None and need.occurred_at < oldest:
            days = f"It is older than {settings.oldest_days} days (oldest_days in firing.toml)."
            yield _blocked(need, Blocked.TOO_OLD, days)
        elif has_age and is_old and not facts.old_export_because:
            yield _blocked(need, Blocked.OLD_EXPORT, _export_detail(facts, settings))
        else:
            yield _within(need, facts, settings)


def _within(need: PostbackNeed, facts: Facts, settings: FiringSettings) -> PostbackNeed:
    usual, times = facts.ceilings.get(need.campaign_id or ""), settings.caps.p99_times
    if usual is None or times is None or not is_above(need.revenue, usual * times):
        return need
    detail = (
        f"It is more than {times} times {usual:f}, which 99 of 100 events of its campaign do not "
        "pass (caps.p99_times in firing.toml)."
    )
    return _blocked(need, Blocked.TOO_MUCH, detail)


def _export_detail(facts: Facts, settings: FiringSettings) -> str:
    taken = "there is none"
    if facts.newest_export is not None:
        taken = f"the newest was taken on {facts.newest_export:%Y-%m-%d %H:%M} UTC"
    return (
        f"It needs an event export of the last {settings.export_hours} hours, and {taken}: the "
        "event may have been stored since. Import a newer one, or say why not (--old-export)."
    )


def _blocked(need: PostbackNeed, reason: Blocked, detail: str) -> PostbackNeed:
    return need._replace(blocked=reason, blocked_detail=detail)
