"""A world straight into the engine's tables, and the SQL's verdicts in the reference's terms."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from reconcile.engine import Engine
from reconcile.engine.duckdb import Steps, _text, _used
from reconcile.errors import QuestionOpen
from reconcile.matching.pairing import AcceptedMatch
from reconcile.matching.parameters import Cover, RunParameters
from reconcile.matching.reconciling import (
    Inputs,
    Source,
    Tally,
    Work,
    add_matched_rows,
    reconcile_tables,
)
from reconcile.terms import ClaimStatus, EventSetting, Known, RowClass
from tests.reference import (
    NotReconciled,
    UnknownStatusError,
    Verdict,
    Verdicts,
    World,
    fingerprint,
    reconcile_world,
)
from tests.reference_terms import Place

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
select * exclude (lead_id), key_hi(lead_id) as key_hi, key_lo(lead_id) as key_lo,
    cast(revenue * 10000 as bigint) as revenue_e4
from (
    select
        staged.*,
        case when usable_id(norm_key(transaction_id)) then norm_key(transaction_id) end as lead_id
    from staged
)
"""
TEXTS = (
    *("campaign_id", "buyer", "event_id", "currency", "status"),
    *("external_clickid", "clid", "pid"),
)

Record = dict[str, Any]


class QuickEngine(Engine):
    """The product's engine for a dozen rows, where planning a question costs more than its answer.

    The questions are the same; only the optimizer is off, one thread works, and a question's text
    is parsed once. What the optimizer makes of them, other tests ask the product's own engine.
    """

    def __init__(self) -> None:
        super().__init__()
        self._con.execute("set threads = 1")
        self._con.execute("pragma disable_optimizer")
        self._parsed: dict[str, Any] = {}

    def _ask(self, head: str, asked: str | Steps, params: dict[str, object], tail: str = "") -> Any:
        text = head + _text(asked) + tail
        if text not in self._parsed:
            (self._parsed[text],) = self._con.extract_statements(text)
        return self._con.execute(self._parsed[text], _used(text, params))


def reconcile_by_sql(engine: Engine, world: World, *, ranges: int = 1) -> tuple[Verdicts, Tally]:
    """Return what the product says of a world, in the reference's terms.

    Of rows left out it only knows their number by reason: they have no place.
    """
    numbers = {file.name: number for number, file in enumerate(world.files, 1)}
    _fill(engine, "lead", world.leads, numbers)
    _fill(engine, "event", world.events, numbers)
    _fill(engine, "claim", world.claims if world.has_claim_files else (), numbers)
    parameters = run_parameters(world)
    tally = reconcile_tables(
        engine,
        parameters,
        _inputs(world, parameters, numbers),
        Work(not world.has_claim_files, with_matched=True, ranges=ranges),
    )
    add_matched_rows(engine)
    return read_verdicts(engine, world, tally), tally


def read_verdicts(engine: Engine, world: World, tally: Tally) -> Verdicts:
    """Return the verdicts that lie in an engine's tables, in the order of the world's rows."""
    places = [("event", e.file, e.line) for e in world.events]
    places += [("claim", r.file, r.line) for r in (*world.claims, *world.leads)]
    order = {place: number for number, place in enumerate(places)}
    records = _records(engine, "row_in_scope")
    records.sort(key=lambda r: order[r["side"], r["file"], r["line"]])
    candidates = _candidates(engine)
    left = [
        NotReconciled(side, "", 0, reason)
        for (side, reason), rows in tally.left_out.items()
        for _ in range(rows)
    ]
    bridge = {
        (r["currency"], r["buyer"], r["campaign_id"], r["day"], r["bucket"]): r["amount"]
        for r in _records(engine, "bridge")
    }
    return Verdicts(tuple(_verdict(r, candidates) for r in records), tuple(left), bridge)


def _verdict(r: Record, candidates: dict[tuple[str, Place], list[Place]]) -> Verdict:
    """Read one row; a pair's difference, which SQL puts at both rows, stands at the claim."""
    theirs = r["shared"] == 1 and r["side"] == "event"
    return Verdict(
        side=r["side"],
        file=r["file"],
        line=r["line"],
        row_class=r["class"],
        reason=r["reason"],
        flags=tuple(r["flags"].split(";")) if r["flags"] else (),
        rule=r["rule"],
        partner=None if r["partner_file"] is None else (r["partner_file"], r["partner_line"]),
        currency=r["currency"],
        bridge=Decimal(0) if theirs else r["bridge"],
        group=(r["currency"], r["buyer"], r["campaign_id"], r["day"]),
        candidates=tuple(sorted(candidates.get((r["side"], (r["file"], r["line"])), []))),
    )


def _candidates(engine: Engine) -> dict[tuple[str, Place], list[Place]]:
    found: dict[tuple[str, Place], list[Place]] = {}
    for r in engine.records("matching/choice_out"):
        event, claim = (r["event_file"], r["event_line"]), (r["claim_file"], r["claim_line"])
        found.setdefault(("event", event), []).append(claim)
        found.setdefault(("claim", claim), []).append(event)
    return found


def _records(engine: Engine, table: str) -> list[Record]:
    answer = engine._con.table(table)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]


def compare_world(engine: Engine, world: World) -> str | None:
    """Return what differs between the product and the reference, or None.

    Rows of equal content are interchangeable, so verdicts are counted by content.
    """
    try:
        expected = reconcile_world(world)
    except UnknownStatusError:
        expected = None
    try:
        found, tally = reconcile_by_sql(engine, world)
    except QuestionOpen:
        return None if expected is None else "only SQL asks what a status means"
    if expected is None:
        return "only the reference asks what a status means"
    return difference_of(world, found, expected) or _difference_of_counts(tally, expected)


def difference_of(world: World, found: Verdicts, expected: Verdicts) -> str | None:
    """Return how two answers differ: rows by content, bridge by group, left-out rows by reason."""
    ours, theirs = fingerprint(world, found), fingerprint(world, expected)
    if ours != theirs:
        only = [list((a - b).items())[:3] for a, b in ((ours, theirs), (theirs, ours))]
        return f"SQL {only[0]}\nreference {only[1]}"
    return _difference_of_lines("bridge", found.bridge, expected.bridge) or _difference_of_lines(
        "left out", *(Counter((r.side, r.reason) for r in v.left_out) for v in (found, expected))
    )


def _difference_of_counts(tally: Tally, expected: Verdicts) -> str | None:
    """Compare the counts that a summary shows: rows by class, and findings, a pair as one."""
    ours: Counter[Any] = Counter()
    for side, name, reason, currency, rows, _ in tally.classes:
        ours[side, name, reason, currency] += rows
    theirs = Counter((v.side, v.row_class, v.reason, v.currency) for v in expected.rows)
    findings = sum(
        RowClass(v.row_class).is_finding and (v.side == "claim" or v.rule is None)
        for v in expected.rows
    )
    if tally.findings != findings:
        return f"findings: SQL {tally.findings}, reference {findings}"
    return _difference_of_lines("classes", ours, theirs)


def _difference_of_lines(name: str, ours: dict[Any, Any], theirs: dict[Any, Any]) -> str | None:
    for key in sorted({*ours, *theirs}, key=str):
        if ours.get(key) != theirs.get(key):
            return f"{name} {key}: SQL {ours.get(key)}, reference {theirs.get(key)}"
    return None


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
        if name not in covers and name not in ("status", "status_event", "alias")
    }
    return RunParameters(
        **{**same, "currency": p.currency and p.currency.upper()},
        **covers,
        status={raw.strip().lower(): ClaimStatus(word) for raw, word in p.status},
        status_event={raw.strip().lower(): event for raw, event in p.status_event},
        alias={
            name: {spelling: known for d, spelling, known in p.alias if d == name}
            for name, _, _ in p.alias
        },
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
                buyers=tuple({c.buyer for c in world.claims if c.file == f.name and c.buyer}),
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
        accepted=[
            AcceptedMatch(**{f.name: getattr(one, f.name) for f in fields(one)})
            for one in world.accepted
        ],
    )


def _fill(engine: Engine, kind: str, rows: Any, numbers: dict[str, int]) -> None:
    columns = COMMON | OWN[kind]
    data: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, values in data.items():
            values.append(_value(row, name, numbers))
    table = pa.table({name: pa.array(data[name], type=columns[name]) for name in columns})
    engine.drop(kind)
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
