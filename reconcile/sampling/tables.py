"""The small tables that a sample is drawn from: choices, cases, and the rows of a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import accumulate, groupby
from typing import Any

from reconcile.engine import Engine
from reconcile.sampling import world
from reconcile.sampling.parts import SPANS, Case, Row
from reconcile.sampling.world import Choice

USUAL_ROWS = 20_000

_DRAWN = ("campaign", "buyer", "event", "amount", "source")
_ROW_TEXTS = (
    *("side", "row_class", "reason", "left_out"),
    *("id_form", "campaign", "buyer", "event", "currency"),
)

Pools = dict[tuple[str, str], tuple[int, int]]


def placeholder_limit(rows: int) -> int:
    """Return the limit that fits: small samples cannot spare a hundred rows for one id."""
    return min(100, max(12, rows // 200))


def describe(engine: Engine, cases: list[Case], *, rows: int, limit: int) -> int:
    """Make the small tables and return how many occurrences of cases there are to be."""
    pools = _describe_choices(engine)
    counts = _counts(cases, rows, limit)
    _describe_cases(engine, cases, counts, pools)
    _describe_rows(engine, cases)
    engine.table("sample_sender", "sampling/sender")
    names = ("campaign_id", "event_id", "name", "is_conversion", "allows_duplicates")
    columns = dict.fromkeys(names, "varchar") | {"position": "integer"}
    engine.upload("sample_setting", columns, world.settings())
    return sum(counts)


def _counts(cases: list[Case], rows: int, limit: int) -> list[int]:
    """Return how often each case occurs; the bulk shares what the odd ones leave of the sales.

    Weights are for 20,000 sales, where they give everything 50 times. Below that they shrink with
    the sample, above it they stay until 30,000 and then grow with it.
    """
    scale = rows / USUAL_ROWS if rows < USUAL_ROWS else max(1.0, rows / (1.5 * USUAL_ROWS))
    odd = [
        0 if case.bulk else limit + 1 if case.crowd else max(2, round(case.weight * scale))
        for case in cases
    ]
    sales = sum(n for case, n in zip(cases, odd, strict=True) if not _only_leads(case))
    shares = sum(case.weight for case in cases if case.bulk)
    return [
        (rows - sales) * case.weight // shares if case.bulk else n
        for case, n in zip(cases, odd, strict=True)
    ]


def _only_leads(case: Case) -> bool:
    return all(row.side == "lead" for row in case.rows)


def _describe_choices(engine: Engine) -> Pools:
    """Number the choices pool by pool, and return where each pool begins and how long it is."""
    choices = sorted(world.choices(), key=_pool_of)  # stable: a pool keeps its order
    columns = {"choice_no": "integer", "kind": "varchar", "value": "varchar", "other": "varchar"}
    columns |= {"cents": "bigint"}
    columns |= {"currency": "varchar", "other_currency": "varchar"}
    engine.upload(
        "sample_choice",
        columns,
        [
            (number, c.kind, c.value, c.other, c.cents, c.currency, c.other_currency)
            for number, c in enumerate(choices)
        ],
    )
    sizes = {pool: len(list(group)) for pool, group in groupby(choices, key=_pool_of)}
    firsts = accumulate(sizes.values(), initial=0)
    return {pool: (first, size) for (pool, size), first in zip(sizes.items(), firsts, strict=False)}


def _pool_of(choice: Choice) -> tuple[str, str]:
    return choice.kind, choice.pool


def _describe_cases(engine: Engine, cases: list[Case], counts: list[int], pools: Pools) -> None:
    columns = {"case_id": "integer", "first_no": "bigint"}
    columns |= {"span_from": "timestamp", "span_seconds": "bigint"}
    for kind in _DRAWN:
        columns |= {f"{kind}_first": "integer", f"{kind}_size": "integer"}
    firsts = accumulate(counts, initial=0)
    engine.upload(
        "sample_case",
        columns,
        [
            (case_id, first, *_span(case), *_places(case, pools))
            for case_id, (case, first) in enumerate(zip(cases, firsts, strict=False))
        ],
    )


def _span(case: Case) -> tuple[datetime, int]:
    first, last = (datetime.fromisoformat(text) for text in SPANS[case.span])
    return first, int((last - first).total_seconds())


def _places(case: Case, pools: Pools) -> Iterator[int]:
    for kind in _DRAWN:
        yield from pools[kind, getattr(case, kind)]


def _describe_rows(engine: Engine, cases: Iterable[Case]) -> None:
    columns = {"case_id": "integer", "row_no": "integer"} | dict.fromkeys(_ROW_TEXTS, "varchar")
    columns |= {"flags": "varchar", "shifted_flags": "varchar"}
    columns |= {"words": "varchar", "word_count": "integer"}
    columns |= {"partner_no": "integer", "partner_dated": "boolean"}
    columns |= {"after_from": "bigint", "after_to": "bigint", "dated": "boolean"}
    columns |= {"priced": "boolean", "sign": "integer", "add_cents": "integer"}
    engine.upload(
        "sample_row",
        columns,
        [
            (case_id, row_no, *_values(row, case))
            for case_id, case in enumerate(cases)
            for row_no, row in enumerate(case.rows, start=1)
        ],
    )


def _values(row: Row, case: Case) -> tuple[Any, ...]:
    flags = row.flags.split()
    partner_no, partner = _partner(row, case)
    return (
        *(getattr(row, name) for name in _ROW_TEXTS),
        *(";".join(sorted(flags)), ";".join(sorted([*flags, "day_shift"]))),
        *(row.status, 1 + row.status.count("|")),
        *(partner_no, partner and partner.dated),
        *(*row.after, row.dated),
        *(row.priced, row.sign, row.add),
    )


def _partner(row: Row, case: Case) -> tuple[int | None, Row | None]:
    """Return the number of the row that is paired with a row of a case, and that row."""
    for number, other in enumerate(case.rows, start=1):
        if row.pair and other.pair == row.pair and other.side != row.side:
            return number, other
    return None, None
