"""Reads our postbacks back out of an event export: only that proves what was recorded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reconcile.engine import Engine
from reconcile.firing.ledger import Ledger
from reconcile.firing.naming import Names
from reconcile.firing.policy import TRIGGER_PATH
from reconcile.firing.states import PostbackState
from reconcile.state import Row
from reconcile.terms import Kind
from reconcile.warehouse.records import Batch, coverage

DAY = timedelta(hours=24)
MICROSECOND = timedelta(microseconds=1)
# How long after an attempt was taken the platform may have stored it, at the longest.
_LONGEST_ANSWER = timedelta(minutes=1)

_Place = tuple[str, str, str]
_SETTLED = (PostbackState.VERIFIED, PostbackState.REVENUE_DIFFERS)
# What a postback becomes when an export that should show it does not. Already-there events stay.
_NOT_FOUND = {
    PostbackState.CONFIRMED: PostbackState.MISSING_IN_EXPORT,
    PostbackState.UNKNOWN: PostbackState.ABSENT,
}


@dataclass(frozen=True)
class Coverage:
    """What one event export must show; times are naive UTC. A cut-off export covers nothing."""

    from_at: datetime
    to_at: datetime
    """First and last moment of the conversions in it, both included."""
    watermark: datetime
    """When it was taken; never when it was imported, which may be long after."""
    campaigns: frozenset[str] | None = None
    """None: all campaigns."""


def coverage_of(batches: Iterable[Batch]) -> list[Coverage]:
    """Return what imported event exports must show.

    A cut-off export that nobody confirmed must show nothing. One that does not say when it was
    taken counts as taken at its last row's time: the time of its import would let an export from
    before a postback prove that the postback was not recorded, and it would be sent again. No
    export was taken after its import, whatever somebody stated.
    """
    found = []
    for batch in batches:
        if batch.kind is Kind.EVENT and batch.last_at is not None:
            watermark = min(batch.exported_at or batch.last_at, batch.imported_at)
            found += [
                Coverage(
                    each.from_utc,
                    each.to_utc - MICROSECOND,
                    watermark,
                    None if each.name is None else frozenset({each.name}),
                )
                for each in coverage(batch)
            ]
    return found


def verify(  # noqa: PLR0913 - what is held against what; names and grace have a default
    ledger: Ledger,
    engine: Engine,
    covers: Iterable[Coverage],
    *,
    host: str,
    names: Names | None = None,
    grace: timedelta = DAY,
) -> dict[PostbackState, int]:
    """Settle sent postbacks of one host against imported event exports.

    Args:
        ledger: Where the postbacks are.
        engine: Holds the table `event`, the visible rows of all event exports of that host, by the
            known names of campaigns and events.
        covers: What those exports must show, as they spell it; see `coverage_of`.
        host: The target the postbacks went to.
        names: The known names.
        grace: How long after sending an event may still be missing from an export.

    Returns:
        Postbacks moved, by new state: verified or revenue_differs where an export shows the
        event; absent (was unknown) or missing_in_export (was confirmed) where one that covers it
        and was taken later than `grace` after sending does not.
    """
    rows = ledger.query("open_proof", host=host, undated=TRIGGER_PATH)
    if not rows:
        return {}
    names = names or Names()
    groups = defaultdict[_Place, list[Row]](list)
    for row in rows:
        groups[_place(row, names)].append(row)
    found = _exported(engine, groups)
    listed = [_named(cover, names) for cover in covers]
    moves = []
    for place, group in groups.items():
        # Settled ones take their events first, then those the platform confirmed.
        ranked = sorted(group, key=_rank)
        covering = [each for each in listed if _is_of(each, place[0])]
        for row, new in _proofs(ranked, found.get(place, Counter()), covering, grace):
            if new is not None and new != row["state"]:
                moves.append((row["id"], PostbackState(row["state"]), new, "export"))
    if moves:
        ledger.prove(moves)
    return dict(Counter(new for _, _, new, _ in moves))


def recorded_since(
    ledger: Ledger, engine: Engine, plan: int, *, names: Names | None = None
) -> list[Row]:
    """Return the postbacks of a plan, not sent yet, whose event is recorded since it was made.

    Left out is one that the platform would refuse the second time and that may be our own: of
    `dedupe`, and sent before.

    Args:
        ledger: Where the plan is.
        engine: Holds the table `event`, the visible rows of all event exports of its host, by the
            known names of campaigns and events.
        plan: A plan.
        names: The known names.
    """
    rows = ledger.query("open_place", plan=plan)
    if not rows:
        return []
    names = names or Names()
    _upload(engine, {_place(row, names) for row in rows})
    shown = {
        (campaign, event, key): (here, anywhere)
        for campaign, event, key, here, anywhere in engine.query("proof/recorded_event")
    }
    return [row for row in rows if _is_recorded(row, *shown.get(_place(row, names), (0, 0)))]


def _is_recorded(row: Row, here: int, anywhere: int) -> bool:
    """Say whether there are more events than when it was planned, and than ours since."""
    if row["repeat_key"] or row["seen_before"]:
        return here > int(row["seen_before"]) + int(row["ours"])
    return anywhere > 0  # one that does not repeat is planned where no campaign has it


def _proofs(
    group: list[Row], amounts: Counter[int], covers: list[Coverage], grace: timedelta
) -> Iterable[tuple[Row, PostbackState | None]]:
    """Give each postback of one lead and event its own exported event, as far as they reach.

    Events that were there when it was planned prove nothing; counts tell them from ours.
    """
    ours = amounts.total() - min(_seen_before(row) for row in group)
    left = Counter(amounts)
    for row in group:
        if ours <= 0:
            yield row, _not_found(row, covers, grace)
        elif left[row["revenue_e4"] or 0] > 0:
            left[row["revenue_e4"] or 0] -= 1
            ours -= 1
            yield row, PostbackState.VERIFIED
        else:
            ours -= 1
            yield row, PostbackState.REVENUE_DIFFERS


def _seen_before(row: Row) -> int:
    # An event that was already there is the very one an `already_there` is compared with.
    return 0 if row["state"] == PostbackState.ALREADY_THERE else int(row["seen_before"])


def _not_found(row: Row, covers: list[Coverage], grace: timedelta) -> PostbackState | None:
    new = _NOT_FOUND.get(PostbackState(row["state"]))
    sent = datetime.fromisoformat(row["sent_at"])
    due = sent + grace
    first = last = datetime.fromisoformat(row["occurred_at"])
    if row["dated_from"] is not None:
        # Without a date of its own it is stored as of any of its attempts.
        first, last = datetime.fromisoformat(row["dated_from"]), sent + _LONGEST_ANSWER
    covered = any(
        each.from_at <= first and last <= each.to_at and each.watermark > due for each in covers
    )
    return new if covered else None


def _rank(row: Row) -> tuple[bool, bool, int]:
    state = PostbackState(row["state"])
    return state not in _SETTLED, state is PostbackState.UNKNOWN, row["id"]


def _place(row: Row, names: Names) -> _Place:
    return names.campaign(row["campaign_id"]), names.event(row["event_id"]), row["transaction_key"]


def _named(cover: Coverage, names: Names) -> Coverage:
    if cover.campaigns is None:
        return cover
    return replace(cover, campaigns=frozenset(map(names.campaign, cover.campaigns)))


def _is_of(cover: Coverage, campaign: str) -> bool:
    return cover.campaigns is None or campaign in cover.campaigns


def _upload(engine: Engine, places: Iterable[_Place]) -> None:
    columns = dict.fromkeys(("campaign_id", "event_id", "transaction_key"), "varchar")
    engine.upload("sent_key", columns, places)


def _exported(engine: Engine, places: Iterable[_Place]) -> dict[_Place, Counter[int]]:
    """Return the exported events of our leads and events: how many of each amount."""
    _upload(engine, places)
    found = defaultdict[_Place, Counter[int]](Counter)
    for campaign, event, key, e4 in engine.query("proof/exported_event"):
        # An export may write 0 for an event without an amount.
        found[campaign, event, key][e4 or 0] += 1
    return dict(found)
