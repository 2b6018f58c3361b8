"""A world as files: what `reconcile compare` reads."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.reference import Params, SourceFile, World
from tests.reference_terms import Kind

HEADERS: dict[Kind, tuple[str, ...]] = {
    "lead": (
        *("transaction_id", "campaign_id", "pid", "buyer", "created_at"),
        *("status", "revenue", "currency", "external_clickid", "clid"),
    ),
    "event": (
        *("event_id", "transaction_id", "campaign_id", "pid", "buyer"),
        *("occurred_at", "revenue", "currency", "external_clickid", "clid"),
    ),
    "claim": (
        *("buyer", "transaction_id", "event_id", "campaign_id", "occurred_at"),
        *("revenue", "currency", "status", "external_clickid", "clid"),
    ),
}
OPTIONS: dict[Kind, str] = {"event": "--events", "claim": "--claims", "lead": "--leads"}


def write_files(world: World, folder: Path) -> list[str]:
    """Write a world as files and return the arguments that make `reconcile compare` read it."""
    arguments: list[str] = []
    for file in world.files:
        path = folder / file.name
        write_rows(path, _table(world, file))
        arguments += [OPTIONS[file.kind], str(path)]
    settings = [
        ("campaign_id", "event_id", "name", "is_conversion", "allows_duplicates", "position")
    ]
    settings += [
        (s.campaign, s.event, s.event, s.is_conversion, s.allows_duplicates, str(n))
        for n, s in enumerate(world.settings, 1)
    ]
    write_rows(folder / "settings.csv", settings)
    (folder / "run.toml").write_text(params_toml(world.params), encoding="utf-8")
    params = world.params
    arguments += ["--settings", str(folder / "settings.csv")] if world.settings else []
    arguments += ["--from", str(params.date_from), "--to", str(params.date_to)]
    return [*arguments, "--zone", params.zone, "--params", str(folder / "run.toml")]


def _table(world: World, file: SourceFile) -> list[list[str]]:
    rows: Sequence[Any] = {"lead": world.leads, "event": world.events, "claim": world.claims}[
        file.kind
    ]
    header = [name for name in HEADERS[file.kind] if name != "revenue" or file.has_amount]
    return [header] + [
        [_cell(row, name) for name in header] for row in rows if row.file == file.name
    ]


def _cell(row: object, name: str) -> str:
    value = getattr(row, {"created_at": "occurred_at"}.get(name, name))
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return "" if value is None else str(value)


def write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file: UTF-8, comma, line feed."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def params_toml(params: Params) -> str:
    """Write what --from, --to and --zone do not say, defaults included; None is left out."""
    said = {"date_from", "date_to", "zone", "status", "status_event", "alias"}
    lines = []
    for param in fields(Params):
        value = getattr(params, param.name)
        if param.name not in said and value is not None:
            lines.append(f"{param.name} = {_toml(param.name, value)}")
    for name in ("status", "status_event"):
        pairs = getattr(params, name)
        lines += [f"\n[{name}]", *(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in pairs)]
    for name, spelling, known in params.alias:
        lines += [f"\n[alias.{name}]", f"{json.dumps(spelling)} = {json.dumps(known)}"]
    return "\n".join(lines) + "\n"


def _toml(name: str, value: Any) -> str:
    if name.endswith("_cover"):
        return "[" + ", ".join(_toml_cover(name, entry) for entry in value) + "]"
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def _toml_cover(name: str, entry: tuple[str | None, datetime, datetime]) -> str:
    """One entry: a campaign (of claims: a buyer), left out where it stands for all, from and to."""
    known, start, end = entry
    who = "buyer" if name == "claim_cover" else "campaign"
    named = "" if known is None else f"{who} = {json.dumps(known)}, "
    return f"{{{named}from = {start.isoformat()}Z, to = {end.isoformat()}Z}}"
