"""What a run says in figures: a plain dictionary, the same for JSON, screens and prints."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from reconcile.engine import Engine
from reconcile.matching.parameters import RULE_VERSION, RunParameters
from reconcile.matching.reconciling import Tally
from reconcile.terms import RowClass, Side

Summary = dict[str, Any]


def summarise(engine: Engine, parameters: RunParameters, tally: Tally) -> Summary:
    """Return a run's figures; amounts are texts of exact decimals.

    `rows` has, for each side, the rows read, those in scope by class (and by class and reason),
    and those not reconciled by reason: the counts add up to the rows read. `classes` lists rows
    and money per side, class, reason and currency, `totals` both sides and the gap per currency,
    `bridge` the buckets that explain it, rolled up.
    """
    return {
        "rule_version": RULE_VERSION,
        "parameters": parameters.to_json_values(),
        "findings": tally.findings,
        "capped_keys": tally.capped_keys,
        "rows": {str(side): _rows(tally, side) for side in Side},
        "classes": _classes(tally),
        "totals": _money_rows(engine, "matching/side_total"),
        "bridge": _money_rows(engine, "matching/bucket_total"),
    }


def tally_of(summary: Summary) -> Tally:
    """Return the counts that a summary was made of: the way back from `summarise`."""
    return Tally(
        rows_read={side: summary["rows"][side]["read"] for side in Side},
        left_out={
            (str(side), reason): rows
            for side in Side
            for reason, rows in summary["rows"][side]["not_reconciled"].items()
        },
        classes=[
            (c["side"], c["class"], c["reason"], c["currency"], c["rows"], Decimal(c["bridge"]))
            for c in summary["classes"]
        ],
        findings=summary["findings"],
        capped_keys=summary["capped_keys"],
    )


def _rows(tally: Tally, side: Side) -> dict[str, Any]:
    in_scope: defaultdict[str, int] = defaultdict(int)
    by_reason: defaultdict[str, int] = defaultdict(int)
    for of_side, row_class, reason, _, rows, _ in tally.classes:
        if of_side == side:
            in_scope[row_class] += rows
            by_reason[row_class if reason is None else f"{row_class}:{reason}"] += rows
    left = {reason: rows for (s, reason), rows in sorted(tally.left_out.items()) if s == side}
    return {
        "read": tally.rows_read[side],
        "in_scope": _in_order(in_scope),
        "by_reason": _in_order(by_reason),
        "not_reconciled": left,
    }


def _in_order(counts: dict[str, int]) -> dict[str, int]:
    """Return counts in the order in which the classes are named, reasons by their text."""
    rank = {row_class.value: number for number, row_class in enumerate(RowClass)}
    return dict(sorted(counts.items(), key=lambda item: (rank[item[0].split(":")[0]], item[0])))


def _classes(tally: Tally) -> list[dict[str, Any]]:
    merged: defaultdict[tuple[str, str, str | None, str | None], list[Any]] = defaultdict(
        lambda: [0, Decimal("0.0000")]
    )
    for side, row_class, reason, currency, rows, bridge in tally.classes:
        entry = merged[side, row_class, reason, currency]
        entry[0] += rows
        entry[1] += bridge
    names = ("side", "class", "reason", "currency")
    return [
        dict(zip(names, key, strict=True)) | {"rows": rows, "bridge": str(bridge)}
        for key, (rows, bridge) in sorted(merged.items(), key=lambda item: tuple(map(str, item[0])))
    ]


def _money_rows(engine: Engine, question: str) -> list[dict[str, Any]]:
    rows = [
        {name: str(v) if isinstance(v, Decimal) else v for name, v in record.items()}
        for record in engine.records(question)
    ]
    return sorted(rows, key=lambda row: tuple(str(value) for value in row.values()))
