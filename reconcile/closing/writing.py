"""The files of a close: written aside, then put in place, and listed with their hashes last."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.errors import BadParameters
from reconcile.guarding import guarded_cells

MANIFEST = "manifest.json"


def check_out(out: Path, period: Sequence[str]) -> None:
    """Refuse a folder that cannot be written to, or that holds the close of another period.

    Raises:
        BadParameters: As said.
    """
    there = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise BadParameters(f"--out {out}: nothing can be written to {there}. Name another folder.")
    try:
        held = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["period"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if list(period) != held:
        raise BadParameters(
            f"--out {out}: holds the close of {' to '.join(map(str, held[:2]))}, which would be "
            "written over. Name another folder; --out 'closes/{period}' makes one for each period."
        )


@contextmanager
def put_in_place(out: Path) -> Iterator[Path]:
    """Lend a folder to write to; its files get to `out` once all are there, the manifest last.

    Raises:
        BadParameters: It cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=out))
    except OSError as error:
        raise BadParameters(
            f"--out {out}: cannot be written to ({error.strerror}). Name another folder."
        ) from error
    try:
        yield aside
        for path in sorted(aside.iterdir(), key=lambda path: path.name == MANIFEST):
            path.replace(out / path.name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as CSV: exact, unknown is empty, and no text of a file a formula."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(guarded_cells(row[name] for name in columns) for row in rows)


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON; amounts and times as texts."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def write_manifest(folder: Path, said: Mapping[str, object]) -> None:
    """List the files of a folder with their size and SHA-256, beside what is said of them."""
    files = {
        path.name: {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.iterdir())
    }
    write_json(folder / MANIFEST, {**said, "files": files})


def _plain(value: object) -> str:
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    raise TypeError(f"{type(value).__name__} is nothing that a summary holds")
