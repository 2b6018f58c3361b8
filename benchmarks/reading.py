"""Reading alone: a clean file into typed rows by ours, and into a table by DuckDB as it sniffs it.

Both are timed in one process, one after the other, so that the start of neither counts.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import jobs
from benchmarks.places import Sample
from reconcile.engine import Engine
from reconcile.importing import StageOptions, stage
from reconcile.importing.checking.checks import check_file
from reconcile.terms import Kind


def reading(sample: Sample) -> None:
    """Time both on a clean file of each kind: load, typed rows, and these stored and checked."""
    figures = {}
    for kind in Kind:
        path = clean(sample, kind)
        figures[f"load_{kind}"] = jobs.timed(partial(load, path))
        figures[f"typed_{kind}"] = jobs.timed(partial(read, path, kind))
        figures[f"checked_{kind}"] = jobs.timed(partial(read, path, kind, checks=True))
    print(json.dumps({"figures": figures}))


def clean(sample: Sample, kind: Kind) -> Path:
    """Return a file of a kind in which every line is plain, made of the sample if need be."""
    path = sample.folder / f"clean_{kind}.csv"
    if not path.is_file():
        paths = [str(one) for one in jobs.files_of(sample, kind)]
        asked = {"paths": paths, "target": str(path), "rows": sample.rows}
        jobs.connect().execute(jobs.question("clean"), asked)
    return path


def load(path: Path) -> None:
    """Load a file into a table, as DuckDB sniffs it."""
    jobs.connect().execute(jobs.question("load"), {"path": str(path)})


def read(path: Path, kind: Kind, *, checks: bool = False) -> None:
    """Read a file into typed rows, as a comparison does; with checks, as a preview does."""
    engine = Engine()
    with TemporaryDirectory(prefix="reconcile-") as folder:
        # To be kept means all columns, packed: checks read more of them than a comparison does.
        options = StageOptions(folder=Path(folder), to_keep=checks)
        staged = stage(engine, path, kind=kind, options=options)
        if checks:
            check_file(engine, staged, path=path)
        engine.close()
