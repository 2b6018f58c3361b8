"""What the tests of importing share: a text becomes a file, and the file its rows."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconcile.engine import Engine
from reconcile.importing import StagedFile, StageOptions, load_mapping, stage
from reconcile.terms import Kind


@dataclass
class Read:
    """A staged file with its rows and rejects in the order of their lines."""

    staged: StagedFile
    rows: list[dict[str, Any]]
    rejects: list[tuple[int, str | None, str | None, str]]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]


def read(
    folder: Path,
    content: str | bytes,
    *,
    kind: Kind = Kind.CLAIM,
    mapping: str | None = None,
    **options: Any,
) -> Read:
    """Stage a file of this content; the run's zone is UTC unless the test says otherwise."""
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else inspect.cleandoc(content).encode())
    if mapping is not None:
        told = folder / "sender.toml"
        told.write_text(inspect.cleandoc(mapping), encoding="utf-8")
        options["mapping"] = load_mapping(told)
    return read_path(path, kind=kind, **{"zone": "UTC"} | options)


def read_path(path: Path, *, kind: Kind = Kind.CLAIM, **options: Any) -> Read:
    engine = Engine()
    staged = stage(engine, path, kind=kind, options=StageOptions(**options))
    rows = engine._con.table(kind.value).order("line_no").to_arrow_table().to_pylist()
    rejects = engine._con.table("rejected_row").order("line_no")
    told = rejects.select("line_no, column_name, value, reason").fetchall()
    engine.close()
    return Read(staged, rows, told)
