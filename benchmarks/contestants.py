"""Who is measured: what each does, over how many rows, and by which command."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from benchmarks.environments import DATACOMPY, NEWEST, OURS, python_of
from benchmarks.places import HERE, ROOT, Sample, surroundings
from benchmarks.preparing import (
    JOB,
    RECONCILE,
    copy_store,
    empty_scratch,
    make_sample,
    make_store,
)

MILLION = 1_000_000
LIMIT = "512MB"
KINDS = ("lead", "event", "claim")


@dataclass(frozen=True)
class Contestant:
    """One job, done by one tool.

    `least` and `most` bound the sizes at which it is measured unless it is asked for by name. It is
    left out while the product has no option `needs`. `answer` gives the hash of its result.
    """

    title: str
    command: Callable[[Sample], list[str]]
    environment: str = OURS
    before: Callable[[Sample], None] | None = None
    least: int = 0
    most: int = 20 * MILLION
    needs: tuple[str, str] | None = None
    stored: bool = False
    checked: bool = False
    """Whether what it says is held against plain Python."""
    answer: Callable[[Sample], str] | None = None
    inner: tuple[str, ...] = ()
    """Figures that it takes within its process and that count instead of its own."""

    def exists(self) -> bool:
        """Whether the product has what it needs."""
        return self.needs is None or has_option(*self.needs)


@cache
def has_option(command: str, option: str) -> bool:
    """Whether a command of ours has an option; some of them are younger than this benchmark."""
    said = subprocess.run(
        [*RECONCILE, command, "--help"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=surroundings(),
    ).stdout
    return option in said


def _job(name: str) -> Callable[[Sample], list[str]]:
    return lambda sample: [*JOB, name, str(sample.folder)]


def _rival(script: str, environment: str, *more: str) -> Callable[[Sample], list[str]]:
    path = str(HERE / "rivals" / f"{script}.py")
    return lambda sample: [python_of(environment), path, str(sample.folder), *more]


def _compare(sample: Sample, *more: str) -> list[str]:
    command = [*RECONCILE, "compare", "--out", str(sample.scratch / "out")]
    command += ["--params", str(sample.params), "--settings", str(sample.settings)]
    command += ["--leads", str(sample.leads), "--events", str(sample.events)]
    for path in sample.claims:
        command += ["--claims", str(path)]
    return [*command, *more]


def _run(sample: Sample, *more: str) -> list[str]:
    home = ["--home", str(sample.scratch / "home")]
    return [*RECONCILE, "run", "--params", str(sample.params), *home, *more]


def _whole_run(sample: Sample, *more: str) -> list[str]:
    whole = ["--whole"] if has_option("run", "--whole") else []
    return _run(sample, *whole, *more)


def _import(kind: str, sample: Sample) -> list[str]:
    files = {"lead": [sample.leads], "event": [sample.events], "claim": sample.claims}[kind]
    home = ["--home", str(sample.scratch / "home")]
    return [*RECONCILE, "import", *map(str, files), "--kind", kind, *home]


def _written(sample: Sample) -> str:
    """Return the hash of what a comparison wrote, the summary excepted: it may name the ranges."""
    digest = hashlib.sha256()
    for name in ("rows.csv", "bridge.csv"):
        with (sample.scratch / "out" / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _kept(sample: Sample) -> str:
    """Return the hash of the newest run's result, as the catalog keeps it."""
    command = [*RECONCILE, "runs", "--home", str(sample.scratch / "home"), "--format", "json"]
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT, env=surroundings()
    ).stdout
    return str(json.loads(said)[0]["result_sha256"])


def profiled(command: str, sample: Sample) -> list[str]:
    """Return the arguments of a command of ours, with all made that it needs."""
    contestant = CONTESTANTS[command]
    make_sample(sample)
    if contestant.stored:
        make_store(sample)
    if contestant.before:
        contestant.before(sample)
    return contestant.command(sample)[len(RECONCILE) :]


_limited = ("--memory-limit", LIMIT)

CONTESTANTS: dict[str, Contestant] = {
    "scan": Contestant("read floor: every cell of all files, by DuckDB", _job("scan")),
    "bare_join": Contestant("events and claims joined by id, by DuckDB", _job("bare_join")),
    "text_union": Contestant(
        "simple job: `UNION ALL` and `GROUP BY` of text keys, by DuckDB",
        _job("text_union"),
        checked=True,
    ),
    "text_outer": Contestant(
        "simple job: `FULL OUTER JOIN` of text keys, by DuckDB", _job("text_outer"), checked=True
    ),
    "polars": Contestant(
        "simple job: polars, streaming", _rival("polars_streaming", NEWEST), NEWEST, checked=True
    ),
    "pandas": Contestant(
        "only the classes: pandas, outer merge",
        _rival("pandas_classes", NEWEST, "merge"),
        NEWEST,
        checked=True,
        most=10 * MILLION,
    ),
    "pandas_group": Contestant(
        "only the classes: pandas, `groupby` over both sides",
        _rival("pandas_classes", NEWEST, "group"),
        NEWEST,
        checked=True,
        most=10 * MILLION,
    ),
    "datacompy_pandas": Contestant(
        "only which rows meet and differ: datacompy on pandas",
        _rival("datacompy_frames", DATACOMPY, "pandas"),
        DATACOMPY,
        checked=True,
        most=5 * MILLION,
    ),
    "datacompy_polars": Contestant(
        "only which rows meet and differ: datacompy on polars",
        _rival("datacompy_frames", DATACOMPY, "polars"),
        DATACOMPY,
        checked=True,
        most=5 * MILLION,
    ),
    "compare": Contestant(
        "**`reconcile compare`**: files in, rows.csv, bridge, summary",
        _compare,
        before=empty_scratch,
        answer=_written,
    ),
    "compare_limited": Contestant(
        f"**`reconcile compare --memory-limit {LIMIT}`**",
        lambda sample: _compare(sample, *_limited),
        before=empty_scratch,
        least=10 * MILLION,
        needs=("compare", "--memory-limit"),
        answer=_written,
    ),
    **{
        name: contestant
        for kind in KINDS
        for name, contestant in {
            f"copy_{kind}": Contestant(
                f"{kind}s from CSV to typed Parquet, by DuckDB",
                _job(f"copy_{kind}"),
                before=empty_scratch,
                most=10 * MILLION,
            ),
            f"import_{kind}": Contestant(
                f"**`reconcile import`** of {kind}s from CSV to a stored batch",
                partial(_import, kind),
                before=empty_scratch,
                most=10 * MILLION,
            ),
        }.items()
    },
    "text_stored": Contestant(
        "simple job over stored batches, by DuckDB", _job("text_stored"), stored=True
    ),
    "run": Contestant(
        "**`reconcile run`** over stored batches, all of it",
        _whole_run,
        before=copy_store,
        stored=True,
        answer=_kept,
    ),
    "run_limited": Contestant(
        f"**`reconcile run --memory-limit {LIMIT}`**, all of it",
        lambda sample: _whole_run(sample, *_limited),
        before=copy_store,
        least=10 * MILLION,
        needs=("run", "--memory-limit"),
        stored=True,
        answer=_kept,
    ),
    "increment": Contestant(
        "**`reconcile run`** after 1 % new rows",
        _run,
        before=copy_store,
        needs=("run", "--whole"),
        stored=True,
        answer=_kept,
    ),
    "hot": Contestant(
        "within one process",
        _job("hot"),
        before=copy_store,
        stored=True,
        inner=("hot_query", "hot_scope", "hot_text"),
    ),
    "reading": Contestant(
        "within one process",
        _job("reading"),
        most=MILLION,
        inner=tuple(f"{way}_{kind}" for kind in KINDS for way in ("load", "typed", "checked")),
    ),
}

INNER = {
    **{
        name: title
        for kind in KINDS
        for name, title in {
            f"load_{kind}": f"plain {kind}s into a table, by DuckDB's own sniffer",
            f"typed_{kind}": f"**plain {kind}s typed**, every cell read exactly or rejected",
            f"checked_{kind}": f"**plain {kind}s typed, stored and checked**",
        }.items()
    },
    "hot_query": "**the hot query**: clean keys out of the facts of both sides",
    "hot_scope": "**the hot query** and its facts: leads, words, days, scope of every row",
    "hot_text": "text-key aggregation of the same stored rows, by DuckDB",
}
"""Figures that are taken within a process, and have no memory of their own."""


def title_of(name: str) -> str:
    """Return what a figure is the figure of."""
    return INNER.get(name) or CONTESTANTS[name].title
