"""Where the time of our own jobs goes: seconds by the question that was asked."""

from __future__ import annotations

import io
import json
import time
from collections import defaultdict
from contextlib import redirect_stdout
from typing import Any

from benchmarks import jobs
from benchmarks.contestants import CONTESTANTS
from benchmarks.places import Sample
from benchmarks.preparing import RECONCILE
from reconcile.cli import app
from reconcile.engine import Engine

ASK = "_ask"
"""The one method of the engine through which every question goes."""

HOT = ("matching/crowded_key", "matching/clean_pair", "matching/clean_group")
SCOPE = ("matching/lead_fact", "matching/event_fact", "matching/claim_fact")


class Watch:
    """Adds up what each question takes while it is in use; one thread asks at a time."""

    def __init__(self) -> None:
        self.taken: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])

    def __enter__(self) -> Watch:
        self._ask = getattr(Engine, ASK)
        ask, taken = self._ask, self.taken

        def timed(engine: Engine, head: str, name: str | dict[str, str], *more: Any) -> Any:
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                return ask(engine, head, name, *more)
            finally:
                own = taken[_last(name)]
                own[0] += time.perf_counter() - wall
                own[1] += time.process_time() - cpu
                own[2] += 1

        setattr(Engine, ASK, timed)
        return self

    def __exit__(self, *_: object) -> None:
        setattr(Engine, ASK, self._ask)

    def of(self, *names: str) -> dict[str, float]:
        """Return wall and CPU seconds of those of some questions that were asked.

        Raises:
            KeyError: None was asked: the steps have other names by now.
        """
        asked = [self.taken[name] for name in names if name in self.taken]
        if not asked:
            raise KeyError(f"none of these was asked: {', '.join(names)}")
        wall, cpu, _ = (sum(column) for column in zip(*asked, strict=True))
        return {"wall": wall, "cpu": cpu}


def hot(sample: Sample) -> None:
    """Time the hot query of a run and the text-key aggregation of the same stored rows."""
    with Watch() as watch:
        reconcile(CONTESTANTS["run"].command(sample)[len(RECONCILE) :])
    figures = {"hot_query": watch.of(*HOT), "hot_scope": watch.of(*SCOPE, *HOT)}
    con = jobs.connect()
    jobs.view_store(con, sample)
    text = jobs.question("text_union")
    figures["hot_text"] = jobs.timed(lambda: con.execute(text).fetchall())
    print(json.dumps({"figures": figures}))


def profile(command: list[str]) -> None:
    """Print what each question of a command took, the dearest first."""
    wall, cpu = time.perf_counter(), time.process_time()
    with Watch() as watch:
        reconcile(command)
    whole = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{'wall':>8} {'cpu':>8} {'asked':>6}  question")
    for name, (own_wall, own_cpu, asked) in sorted(watch.taken.items(), key=_dearest):
        print(f"{own_wall:8.3f} {own_cpu:8.3f} {asked:6.0f}  {name}")
    print(f"{whole[0]:8.3f} {whole[1]:8.3f}         the whole command")


def reconcile(command: list[str]) -> None:
    """Run a command of ours in this process, its output thrown away."""
    with redirect_stdout(io.StringIO()):
        code = app(command, standalone_mode=False)
    if code not in (0, 1, None):
        raise SystemExit(f"{' '.join(command)}: ended with {code}")


def _last(name: str | dict[str, str]) -> str:
    """Return the question of a chain that answers it; those before only lead there."""
    return name if isinstance(name, str) else [*name.values()][-1]


def _dearest(item: tuple[str, list[float]]) -> float:
    return -item[1][1]
