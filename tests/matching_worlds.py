"""A world straight into the engine's tables, and the SQL's verdicts in the reference's terms."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen
from reconcile.matching.parameters import Cover, RunParameters
from reconcile.matching.reconciling import Inputs, Source, add_matched_rows, reconcile_tables
from reconcile.terms import ClaimStatus, EventSetting, Known
from tests.reference import Run, UnknownStatusError, World, reconcile_world

COMMON = {
    "file_no": pa.int32(),
    "line_no": pa.int64(),
    "source_lines": pa.string(),
    "transaction_id": pa.string(),
    "campaign_id": pa.string(),
    "pid": pa.string(),
    "buyer": pa.string(),
    "occurred_at": pa.timestamp("us"),
    "revenue": pa.decimal128(18, 4),
    "currency": pa.string(),
    "status": pa.string(),
    "external_clickid": pa.string(),
    "clid": pa.string(),
    "row_hi": pa.int64(),
    "row_lo": pa.int64(),
    "occ": pa.int32(),
    "extra": pa.string(),
}
OWN = {
    "lead": {},
    "event": {"event_id": pa.string()},
    "claim": {"source": pa.string(), "event_id": pa.string(), "reason": pa.string()},
}
KEYED = """
create or replace table {kind} as
select *,
    norm_key(transaction_id) as norm_id,
    key_hi(norm_key(transaction_id)) as key_hi,
    key_lo(norm_key(transaction_id)) as key_lo,
    cast(revenue * 10000 as bigint) as revenue_e4
from staged
"""
TEXTS = ("campaign_id", "buyer", "event_id", "currency", "status", "external_clickid", "pid")

Told = dict[tuple[str, str, int], tuple[Any, ...]]


def sql_verdicts(engine: Engine, world: World) -> tuple[Told, dict[Any, Decimal], dict[Any, int]]:
    """Return (verdict by row, bridge, left-out counts) of the product for a world."""
    numbers = {file.name: number for number, file in enumerate(world.files, 1)}
    _fill(engine, "lead", world.leads, numbers)
    _fill(engine, "event", world.events, numbers)
    _fill(engine, "claim", world.claims if world.has_claim_files else (), numbers)
    parameters = run_parameters(world)
    tally = reconcile_tables(
        engine,
        parameters,
        _inputs(world, parameters, numbers),
        leads_are_claims=not world.has_claim_files,
    )
    add_matched_rows(engine)
    rows = {
        (r["side"], r["file"], r["line"]): (
            r["class"],
            r["reason"],
            tuple(r["flags"].split(";")) if r["flags"] else (),
            r["rule"],
            None if r["partner_file"] is None else (r["partner_file"], r["partner_line"]),
            r["currency"],
            r["bridge"],
            (r["currency"], r["buyer"], r["campaign_id"], r["day"]),
        )
        for r in engine.records("matching/row")
    }
    bridge = {
        (r["currency"], r["buyer"], r["campaign_id"], r["day"], r["bucket"]): r["amount"]
        for r in engine.records("matching/bridge")
    }
    return rows, bridge, tally.left_out


def reference_verdicts(world: World) -> tuple[Told, dict[Any, Decimal], dict[Any, int]]:
    """Return the same of the plain-Python reference."""
    verdicts = reconcile_world(world)
    bridges = {(v.side, v.file, v.line): v.bridge for v in verdicts.rows}
    rows: Told = {}
    for v in verdicts.rows:
        bridge = v.bridge
        shared = v.rule is not None and v.row_class != "timing" and v.reason != "currency"
        if shared and v.side == "event" and v.partner is not None:
            partner = bridges[("claim", *v.partner)]
            bridge = partner if v.bridge == 0 else v.bridge
        rows[(v.side, v.file, v.line)] = (
            v.row_class,
            v.reason,
            v.flags,
            v.rule,
            v.partner,
            v.currency,
            bridge,
            v.group,
        )
    left: dict[Any, int] = {}
    for row in verdicts.left_out:
        left[(row.side, row.reason)] = left.get((row.side, row.reason), 0) + 1
    return rows, verdicts.bridge, left


def compare_world(engine: Engine, world: World) -> str | None:
    """Return what differs between the product and the reference, or None.

    Rows of equal content are interchangeable, so verdicts are counted by content.
    """
    try:
        expected = reference_verdicts(world)
    except UnknownStatusError:
        expected = None
    try:
        found = sql_verdicts(engine, world)
    except QuestionOpen:
        found = None
    if expected is None or found is None:
        return None if expected is found else f"a question on one side only: {found} {expected}"
    ours, theirs = _by_content(world, found[0]), _by_content(world, expected[0])
    if ours != theirs:
        return f"SQL {list((ours - theirs).items())[:3]}\nreference {list((theirs - ours).items())[:3]}"
    for name, our, their in zip(("bridge", "left out"), found[1:], expected[1:], strict=True):
        for key in sorted({*our, *their}, key=str):
            if our.get(key) != their.get(key):
                return f"{name} {key}: SQL {our.get(key)}, reference {their.get(key)}"
    return None


def _by_content(world: World, told: Told) -> Counter[Any]:
    rows = {(row.side, *row.place): (row.event, row.content) for row in Run(world).rows}
    other = {"event": "claim", "claim": "event"}
    counted: Counter[Any] = Counter()
    for (side, file, line), verdict in told.items():
        partner = verdict[4] and rows[(other[side], *verdict[4])]
        counted[(side, rows[(side, file, line)], *verdict[:4], partner, *verdict[5:])] += 1
    return counted


def run_parameters(world: World) -> RunParameters:
    """Return the world's parameters as the product's."""
    p = world.params
    covers = {
        name: None if given is None else tuple(Cover(*entry) for entry in given)
        for name in ("lead_cover", "event_cover", "claim_cover")
        for given in [getattr(p, name)]
    }
    same = {
        name: getattr(p, name)
        for name in RunParameters.__dataclass_fields__
        if name not in covers and name not in ("status", "status_event")
    }
    return RunParameters(
        **same,
        **covers,
        status={raw.strip().lower(): ClaimStatus(word) for raw, word in p.status},
        status_event={raw.strip().lower(): event for raw, event in p.status_event},
    )


def _inputs(world: World, parameters: RunParameters, numbers: dict[str, int]) -> Inputs:
    whole = (Cover(None, *parameters.period),)
    times = [lead.occurred_at for lead in world.leads if lead.occurred_at]
    lead_cover = parameters.lead_cover
    if lead_cover is None:
        last = timedelta(microseconds=1)
        lead_cover = (Cover(None, min(times), max(times) + last),) if times else ()
    return Inputs(
        sources=[
            Source(
                numbers[f.name],
                f.name,
                f.kind,
                has_amount=f.has_amount,
                period=parameters.period if f.period == "run" else f.period,
                stated_end=f.period[1] if isinstance(f.period, tuple) else None,
            )
            for f in world.files
        ],
        settings=[
            EventSetting(
                s.campaign,
                s.event,
                is_conversion=Known(s.is_conversion),
                allows_duplicates=Known(s.allows_duplicates),
            )
            for s in world.settings
        ],
        lead_covers=lead_cover,
        event_covers=whole if parameters.event_cover is None else parameters.event_cover,
        claim_covers=whole if parameters.claim_cover is None else parameters.claim_cover,
    )


def _fill(engine: Engine, kind: str, rows: Any, numbers: dict[str, int]) -> None:
    columns = COMMON | OWN[kind]
    data: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, values in data.items():
            values.append(_value(row, name, numbers))
    table = pa.table({name: pa.array(data[name], type=columns[name]) for name in columns})
    engine._con.register("staged", table)
    engine._con.execute(KEYED.format(kind=kind))
    engine._con.unregister("staged")


def _value(row: Any, name: str, numbers: dict[str, int]) -> Any:
    if name == "file_no":
        return numbers[row.file]
    if name == "line_no":
        return row.line
    value = getattr(row, name, None)
    if name in TEXTS and value is not None:
        value = value.strip() or None
        return value.upper() if value and name == "currency" else value
    return value or None if name == "transaction_id" else value
