"""`python -m benchmarks.funnel`: measure funnels beside ClickHouse, polars and pandas.

    python -m benchmarks.funnel                        10M events, three rounds
    python -m benchmarks.funnel --events 1000000       another size
    python -m benchmarks.funnel page                   write docs/funnels-performance.md anew

All take turns on the same rows, each in a process of its own; the same counts must come out of all.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from benchmarks import environments
from benchmarks.figures import figures, load, machine, save
from benchmarks.funnel.page import PAGE, RESULTS, write
from benchmarks.funnel.sample import HERE, FunnelSample, sample_of
from benchmarks.measuring import run

M = 1_000_000
RIVALS = {"clickhouse": ["2"], "polars_chain": [], "pandas_chain": []}
PINS = HERE / "requirements.txt"


def main(given: list[str]) -> None:
    """Do what the first word asks for; to measure is the usual thing."""
    if given[:1] == ["job"]:
        from benchmarks.funnel import ours

        ours.main(FunnelSample(Path(given[1])))
        return
    if given[:1] == ["page"]:
        write(RESULTS, PAGE)
        return
    asked = argparse.ArgumentParser(prog="python -m benchmarks.funnel", description=__doc__)
    asked.add_argument("--events", type=int, default=10 * M)
    asked.add_argument("--times", type=int, default=3, help="rounds")
    asked.add_argument("--results", type=Path, default=RESULTS, help="the file of the figures")
    told = asked.parse_args(given)
    measure(sample_of(told.events), told.times, told.results)


def measure(sample: FunnelSample, times: int, path: Path) -> None:
    """Let all take turns, and keep the best figures."""
    python = environments.python_of("funnel", PINS)
    folder = str(sample.folder)
    jobs = {"ours": [sys.executable, "-m", "benchmarks.funnel", "job", folder]}
    for name, more in RIVALS.items():
        jobs[name] = [python, str(HERE / "rivals" / f"{name}.py"), folder, *more]
    taken: dict[str, list[dict[str, float]]] = {}
    answers: dict[str, list[int]] = {}
    for number in range(1, times + 1):
        for name, command in jobs.items():
            print(f"round {number} of {times}: {name}", flush=True)
            whole, said = run(command)
            answers[name] = said["reached"]
            for own, figure in said["figures"].items():
                taken.setdefault(own, []).append(figure)
            taken.setdefault(f"{name}_whole", []).append(whole)
    if len({tuple(reached) for reached in answers.values()}) > 1:
        raise SystemExit(f"not all count the same, so that nothing is measured: {answers}")
    results = load(path) | {"machine": machine(), "versions": _versions()}
    results["sizes"][str(sample.events)] = {
        "series": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        "reached": answers["ours"],
        **{name: figures(own) for name, own in taken.items()},
    }
    save(path, results)
    print(
        json.dumps(
            {
                name: one["best"]
                for name, one in sorted(results["sizes"][str(sample.events)].items())
                if isinstance(one, dict)
            },
            indent=1,
        )
    )


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    lines = (line.partition("==") for line in PINS.read_text("utf-8").splitlines())
    others = {
        name: number for name, _, number in lines if name in ("chdb-core", "polars", "pandas")
    }
    return {"duckdb": version("duckdb"), **others}


if __name__ == "__main__":
    main(sys.argv[1:])
