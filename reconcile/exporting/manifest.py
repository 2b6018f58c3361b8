"""The manifest of a pack: what it was made of, and the sha256 of every file of it.

Its own sha256 is the pack's *seal*, which is told when the pack is made and kept in the catalog. A
manifest names the seal of the pack that was made before it, so that the packs of a catalog are a
chain: no older manifest can be changed without the next one disagreeing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reconcile.exporting.facts import Amounts, Facts

MANIFEST = "manifest.json"
FORM = 1
"""Raised when a manifest comes to say something else by the same names."""


def write_manifest(folder: Path, facts: Facts, *, previous: str | None) -> str:
    """Write the manifest of a folder that holds all other files of a pack; return its seal."""
    said = {
        "form": FORM,
        "pack": facts.pack,
        "made_at": f"{facts.made_at.isoformat(timespec='seconds')}Z",
        "made_by": f"reconcile {version('reconcile')}",
        "buyer": facts.buyer,
        "period": {
            "from": str(facts.date_from),
            "to": str(facts.date_to),
            "zone": facts.zone,
        },
        "run": {
            "id": facts.run,
            "made_at": f"{facts.run_made_at.isoformat(timespec='seconds')}Z",
            "result_sha256": facts.run_sha256,
            "rule_version": facts.rule_version,
        },
        "parameters": dict(facts.parameters),
        "ids": _ids(facts),
        "with_notes": facts.with_notes,
        "rows_of_a_sheet": facts.sheet_rows,
        "bridge": [
            {"currency": row["currency"], "bucket": row["bucket"], "amount": str(row["amount"])}
            for row in facts.bridge
        ],
        "asked": [
            {
                "class": str(one.row_class),
                "findings": one.findings,
                "at_stake": _amounts(one.at_stake),
            }
            for one in facts.questions
        ],
        "inputs": [
            {"file": one.label, "kind": one.kind, "sha256": one.sha256} for one in facts.inputs
        ],
        "outputs": [
            {"file": path.name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
            for path in sorted(folder.iterdir())
        ],
        "previous": previous,
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _ids(facts: Facts) -> Mapping[str, Any]:
    if facts.salt_mark is None:
        return {"form": "as written"}
    return {"form": "HMAC-SHA-256, first 32 hexadecimal digits", "salt_mark": facts.salt_mark}


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {code or "": str(Decimal(amount)) for code, amount in sorted(amounts.items(), key=str)}
