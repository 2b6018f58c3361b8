"""The fact table of a funnel: one row per lead, and per entry of a lead that was sent again.

It holds the times of all steps and no window, so that every window is asked of the same table:
for one entry the chain of earliest rows does not depend on the window, and its times only grow.
Most leads are decided by the first row of each step (`sql/funnel/wide`); only where rows repeat in
a way that first rows cannot tell is a chain looked for, step by step, row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from reconcile.engine import Engine
from reconcile.funnel.definition import COLUMN, Clock, FunnelDefinition, NoLead, Order
from reconcile.terms import STATUS_WORDS, ClaimStatus, EventSetting, Known
from reconcile.zones import PINGTREE_OFFSETS, day_offsets, zone_of

NO_LIMIT = timedelta(days=73_000)
"""Stands for no window: longer than any lead waits."""

_UTM = ("source", "medium", "campaign", "adgroup", "matchtype", "term", "content", "creative")
ALWAYS = ("campaign_id", "pid", "buyer", "status")
OFTEN_EMPTY = (
    *(f"sub{number}" for number in range(1, 6)),
    *(f"adv{number}" for number in range(1, 6)),
    *(f"utm_{word}" for word in (*_UTM, "placement")),
)
COHORTS = ("day", "week", "month")
FACTS = ("funnel_fact", "funnel_several", "funnel_more")
"""What every question is asked of: leads, entries of leads that were followed row by row, money."""
ATTRIBUTES = (*ALWAYS, *OFTEN_EMPTY, *COHORTS)
"""What a funnel can be broken down and filtered by: attributes of the lead, and its cohorts."""

_DENIED = (
    ClaimStatus.REJECTED,
    ClaimStatus.RETURNED,
    ClaimStatus.DUPLICATE,
    ClaimStatus.TEST,
)


@dataclass(frozen=True)
class Around:
    """What is known beside the rows.

    `names` is dimension to spelling to the name it stands for; `zones` file number to zone;
    `status_words` how lead files spell a status. Events after `as_of` (naive UTC) are left out.
    """

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: Sequence[EventSetting] = ()
    zones: Mapping[int, str] = field(default_factory=dict)
    status_words: Mapping[str, str] = field(default_factory=dict)
    as_of: datetime | None = None


def build_facts(engine: Engine, definition: FunnelDefinition, around: Around) -> None:
    """Make the tables `FACTS` of the tables `lead` and `event`; beside them what questions need.

    That is `funnel_unit` (the key of each lead), `funnel_row` (the rows of the funnel's events) and
    `funnel_step`; all else is dropped.
    """
    read_rows(engine, definition, around)
    chain_rows(engine, definition)


def read_rows(engine: Engine, definition: FunnelDefinition, around: Around) -> None:
    """Make `funnel_unit`, `funnel_lead` and `funnel_row`: whose rows count, and which."""
    engine.once("funnel/macros")
    [(untimed,)] = engine.query("funnel/untimed")
    falls_back = untimed and definition.clock is Clock.CONVERSION
    asked = _asked(definition) | {"falls_back": falls_back, "as_of": around.as_of}
    _describe(engine, definition, around)
    used = _used_attributes(engine)
    engine.table("funnel_lead_row", "funnel/lead_row", attributes=used, **asked)
    by_buyer = definition.unit == "transaction_id+buyer"
    engine.table("funnel_only_buyer", "funnel/only_buyer" if by_buyer else "funnel/no_buyer")
    engine.view("funnel_event_row", "funnel/event_row", **asked)
    if definition.no_lead is NoLead.IMPUTE:
        engine.append("funnel_lead_row", "funnel/lead_imputed", **asked)
    engine.table("funnel_unit", "funnel/unit")
    texts = ["transaction_id", *(name for name in ALWAYS if name != "status"), *used]
    engine.table("funnel_lead_again", "funnel/lead_again", texts=texts)
    engine.view("funnel_lead", "funnel/lead")
    only_first = definition.first_entry_only
    engine.table("funnel_entry", "funnel/entry", first_entry_only=only_first)
    engine.table("funnel_row", "funnel/row", **asked)
    engine.table("funnel_lead_account", "funnel/lead_account")
    engine.table("funnel_time_span", "funnel/time_span")
    [(first, last, last_event)] = engine.query("funnel/time_span")
    _make_days(engine, definition.zone, first, max(filter(None, (last, last_event)), default=None))
    engine.view("funnel_event_seen", "funnel/event_row", **asked | {"all_events": True})
    engine.drop("funnel_event_row")


def chain_rows(engine: Engine, definition: FunnelDefinition) -> None:
    """Make `funnel_fact`, `funnel_several` and `funnel_more` of the rows."""
    steps = len(definition.names)
    asked = _asked(definition) | step_values(definition)
    engine.table("funnel_first", f"funnel/first#{steps}", **asked)
    engine.table("funnel_money", f"funnel/money#{steps}", **asked)
    engine.table("funnel_money_again", f"funnel/money_again#{steps}", **asked)
    engine.table("funnel_fact", f"funnel/fact#{steps}", **asked)
    engine.table("open_row", "funnel/open_row")
    _look_for_chains(engine, definition)
    engine.table("funnel_several", f"funnel/several#{steps}")
    engine.table("funnel_more", f"funnel/more_clean#{steps}", **asked)
    engine.append("funnel_more", "funnel/more_open")
    for name in ("chain", "money", "money_again", "first"):
        engine.drop(f"funnel_{name}")
    engine.drop("open_row")


def add_recovered(
    engine: Engine, definition: FunnelDefinition, refs: Collection[str] | None
) -> None:
    """Count the missing events of `run_row`, too; the tables without them end with `_tracked`.

    `refs` are the findings that are meant; None for all.
    """
    asked = _asked(definition)
    only = {"all_refs": refs is None, "refs": list(refs or ())}
    engine.table("funnel_recovered", "funnel/recovered", **asked, **only)
    for name in FACTS:
        engine.rename(name, f"{name}_tracked")
    engine.append("funnel_row", "funnel/recovered_row")
    chain_rows(engine, definition)


def step_values(definition: FunnelDefinition) -> dict[str, object]:
    """Return what the steps are, by the parameters of the questions that grow with them."""
    values: dict[str, object] = {"number1": 1}
    for number, (step, class_no, turn) in enumerate(_classed(definition), 2):
        values[f"number{number}"] = number
        values[f"class{number}"] = class_no
        values[f"nth{number}"] = turn
        values[f"needed{number}"] = not step.optional
        values[f"within_us{number}"] = None if step.within_s is None else step.within_s * 10**6
    return values


def _look_for_chains(engine: Engine, definition: FunnelDefinition) -> None:
    """Make `funnel_chain`: of each entry of an open lead the chain, step by step."""
    asked = _asked(definition)
    strict = definition.order is Order.STRICT
    engine.table("funnel_chain", "funnel/chain_start", **asked)
    if strict:
        engine.table("strict_row", "funnel/strict_row")
        engine.table("funnel_chain", "funnel/chain_place")
    optional = [class_no for step, class_no, _ in _classed(definition) if step.optional]
    before, since = 1, dict[int, int]()
    for number, (step, class_no, _) in enumerate(_classed(definition), 2):
        values = asked | {
            "class": class_no,
            "needed": not step.optional,
            "within": limit_of(step.within_s),
            "since": since.get(class_no, 0),
            "before": before,
            "optional": optional,
        }
        how = "chain_strict" if strict and not step.optional else "chain_next"
        engine.table("funnel_chain", f"funnel/{how}", **values)
        since[class_no] = number
        before = before if step.optional else class_no
    engine.drop("strict_row")


def _classed(definition: FunnelDefinition) -> Iterator[tuple[Any, int, int]]:
    """Yield each step after the lead with its class and its turn among the steps of that class.

    A class is a set of events; its number is that of the first step that takes them, so that
    1 is the lead. 0 are exclusions, 99 all other events.
    """
    classes: dict[frozenset[str], int] = {}
    turns: dict[int, int] = {}
    for number, step in enumerate(definition.counted, 2):
        class_no = classes.setdefault(frozenset(step.events), number)
        turns[class_no] = turns.get(class_no, 0) + 1
        yield step, class_no, turns[class_no]


def _asked(definition: FunnelDefinition) -> dict[str, object]:
    """Return the choices of a funnel as parameters."""
    by_column = definition.unit.startswith(COLUMN)
    return {
        "campaigns": list(definition.campaigns),
        "currency": definition.currency,
        "unit": "column" if by_column else definition.unit,
        "unit_column": _pointer(definition.unit.removeprefix(COLUMN)) if by_column else None,
        "all_events": definition.order is Order.STRICT,
        "by_received": definition.clock is Clock.RECEIVED,
        "received": _pointer(definition.received),
        "money": definition.money.value,
        "free": definition.order is Order.UNORDERED,
        "strict": definition.order is Order.STRICT,
        "gap": timedelta(microseconds=1 if definition.later_only else 0),
        "gap_us": int(definition.later_only),
        "excluding": bool(definition.excluding),
        "skew": timedelta(seconds=definition.skew_s),
        "skewed": definition.skew_s > 0,
        "repeated": any(turn > 1 for _, _, turn in _classed(definition)),
        "first_entry_only": definition.first_entry_only,
    }


def _describe(engine: Engine, definition: FunnelDefinition, around: Around) -> None:
    """Make the small tables that stand for events, names, settings, files and words."""
    steps = list(_classed(definition))
    events = around.names.get("event", {})
    classes = dict.fromkeys(definition.excluding, 0)
    classes |= {name: class_no for step, class_no, _ in steps for name in step.events}
    classes = {events.get(name, name): class_no for name, class_no in classes.items()}
    spelled = classes | {s: classes[name] for s, name in events.items() if name in classes}
    engine.upload("funnel_class", {"event_id": "varchar", "class_no": "utinyint"}, spelled.items())
    engine.upload(
        "funnel_step",
        {"step": "integer", "class_no": "utinyint"},
        [(number, class_no) for number, (_, class_no, _) in enumerate(steps, 2)],
    )
    engine.upload(
        "funnel_name",
        dict.fromkeys(("dimension", "spelling", "name"), "varchar"),
        [(of, s, n) for of, names in around.names.items() for s, n in names.items()],
    )
    engine.upload(
        "funnel_setting",
        dict.fromkeys(("campaign_id", "event_id"), "varchar"),
        _repeating(around, spelled),
    )
    engine.upload(
        "funnel_file",
        {"file_no": "integer", "zone": "varchar"},
        [(number, _icu_zone(zone)) for number, zone in around.zones.items()],
    )
    words = {**STATUS_WORDS, **around.status_words}
    engine.upload(
        "funnel_status",
        {"word": "varchar", "is_denied": "boolean"},
        [(word, status in _DENIED) for word, status in words.items()],
    )


def _repeating(around: Around, spelled: Iterable[str]) -> set[tuple[str, str]]:
    """Return the campaigns and events that bring money again, under each spelling."""
    campaigns, events = around.names.get("campaign", {}), around.names.get("event", {})
    known = {
        (campaigns.get(s.campaign_id, s.campaign_id), events.get(s.event_id, s.event_id))
        for s in around.settings
        if s.allows_duplicates is Known.YES
    }
    return {
        (campaign, name)
        for campaign, event in known
        for name in spelled
        if events.get(name, name) == event
    }


def _used_attributes(engine: Engine) -> list[str]:
    """Return the attributes that some lead has; empty ones would only take memory."""
    [counts] = engine.records("funnel/attribute_count", attributes=list(OFTEN_EMPTY))
    return ["status", *(name for name in OFTEN_EMPTY if counts[name])]


def _make_days(engine: Engine, zone: str, first: datetime | None, last: datetime | None) -> None:
    """Make the small table of a zone's offsets on the days from the first to the last time."""
    days = (
        ()
        if first is None or last is None
        else day_offsets(
            first.date() - timedelta(days=1), last.date() + timedelta(days=1), zone_of(zone)
        )
    )
    engine.upload(
        "funnel_day",
        {
            "utc_day": "date",
            "change_at": "timestamp",
            "ahead_before": "interval",
            "ahead_after": "interval",
        },
        days,
    )


def limit_of(seconds: int | None) -> timedelta:
    """Return a length of time for the engine; None is no limit."""
    return NO_LIMIT if seconds is None else timedelta(seconds=seconds)


def _pointer(column: str) -> str:
    """Return a column's name as a JSON pointer, whatever signs it holds."""
    return "/" + column.replace("~", "~0").replace("/", "~1")


def _icu_zone(name: str) -> str:
    """Return a zone as the engine knows it: Pingtree's codes know no daylight saving."""
    if name in PINGTREE_OFFSETS:
        return f"Etc/GMT{-PINGTREE_OFFSETS[name]:+d}"
    return name
