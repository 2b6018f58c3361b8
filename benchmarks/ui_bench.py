"""How fast the dashboard is: a real browser against a dashboard of its own, on this machine.

    python -m benchmarks.ui_bench --home W                 over a warehouse that is there
    python -m benchmarks.ui_bench --rows 5000000           over one that is made first
    python -m benchmarks.ui_bench --rows 20000 --times 3   a quick look; --results X keeps it apart
    python -m benchmarks.ui_bench page                     docs/dashboard-performance.md anew

Warehouses are made by `reconcile sample`, `import` and `run`, and kept in `benchmarks/data`. Their
loading is not measured here. Nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import load, machine, save
from benchmarks.places import DATA, HERE, Sample
from benchmarks.preparing import make_sample, make_store
from benchmarks.ui.actions import ACTIONS, BRIDGE, Action
from benchmarks.ui.browser import Took, Watched, browsing, serving, wait, worked
from benchmarks.ui.page import write
from reconcile import known_runs, load_parameters, load_sample, open_store, run

RESULTS = HERE / "ui" / "results.json"
PACKAGES = ("streamlit", "duckdb", "plotly", "playwright")


def main(given: list[str]) -> None:
    """Measure, or write the page of what was measured."""
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks.ui_bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("word", nargs="?", choices=("measure", "page"), default="measure")
    asked.add_argument("--rows", type=int, default=5_000_000, help="conversions a side")
    asked.add_argument("--home", type=Path, help="a warehouse with a run, instead of a made one")
    asked.add_argument("--times", type=int, default=20, help="repetitions of an action")
    asked.add_argument("--cold", type=int, default=5, help="repetitions of a cold start")
    asked.add_argument("--only", default="", help="screens, with commas between them, or `start`")
    asked.add_argument("--folder", type=Path, default=DATA, help="where samples are kept")
    asked.add_argument("--results", type=Path, default=RESULTS, help="the file of the figures")
    options = asked.parse_args(given)
    if options.word == "measure":
        measure(options)
    write(options.results)


def measure(options: argparse.Namespace) -> None:
    """Measure what is asked for and keep it beside the figures that are there."""
    home = options.home or warehouse(Sample(options.folder / str(options.rows)))
    only = [word for word in options.only.split(",") if word]
    found = load(options.results)
    found |= {"machine": machine(), "versions": {name: version(name) for name in PACKAGES}}
    found.setdefault("actions", {})
    if not only or "start" in only:
        found["start"] = {name: figures(took) for name, took in starts(options.cold)}
    for name, took in _taken(home, options.times, only):
        found["actions"][name] = figures(took) | {"rows": options.rows}
        print(f"{name:50} {found['actions'][name]['ms']:8,.0f} ms")
        save(options.results, found)
    save(options.results, found)


def warehouse(sample: Sample) -> Path:
    """Return the warehouse of a sample, with a run over all of it, making what is missing."""
    make_sample(sample)
    make_store(sample)
    with open_store(sample.store) as store:
        if not known_runs(store) or not known_runs(store)[0].current:
            run(store, load_parameters(sample.params))
    return sample.store


def figures(took: list[Took]) -> dict[str, Any]:
    """Return the medians of several measurements of one action, and the worst."""
    names = asdict(took[0])
    kept = {name: round(median(getattr(one, name) for one in took)) for name in names}
    worst = round(max(one.ms for one in took))
    return kept | {"times": len(took), "worst_ms": worst, "load": round(os.getloadavg()[0], 1)}


def starts(times: int) -> Iterator[tuple[str, list[Took]]]:
    """Yield how long a cold start takes until the first page of the sample is drawn."""
    with TemporaryDirectory() as scratch, browsing() as open_tab:
        with open_store(Path(scratch) / "sample") as store:
            load_sample(store)
        homes = [Path(scratch) / "sample"] * times
        yield "streamlit run app.py", [_start(open_tab, home) for home in homes]
        homes = [Path(scratch) / f"demo-{n}" for n in range(times)]
        yield "make demo", [_start(open_tab, home, demo=True) for home in homes]


def _start(open_tab: Any, home: Path, *, demo: bool = False) -> Took:
    """Return what a start takes, from the command to the drawn page."""
    began = time.perf_counter()
    with serving(home, demo=demo) as (server, url):
        wait(url, server)
        tab = open_tab(server)
        tab.open(url, BRIDGE)
        took = Took(1000 * (time.perf_counter() - began), 1000 * worked(server.pid), 0)
        tab.page.close()
    return took


def _taken(home: Path, times: int, only: list[str]) -> Iterator[tuple[str, list[Took]]]:
    """Yield each action with its measurements; the server is warm."""
    with TemporaryDirectory() as scratch, browsing() as open_tab:
        own = Path(scratch) / "home"
        shutil.copytree(home, own, copy_function=os.link)
        for name in ("catalog.sqlite",):  # what is written must not be shared
            (own / name).unlink()
            shutil.copy2(home / name, own / name)
        with serving(own) as (server, url):
            wait(url, server)
            tab = open_tab(server)
            tab.open(url, BRIDGE)
            if not only or "Summary" in only:
                yield "Summary: first page", [tab.open(url, BRIDGE) for _ in range(times)]
            for action in ACTIONS:
                if not only or action.screen in only:
                    name = f"{action.screen}: {action.name}"
                    yield name, _repeated(tab, url, action, times)


def _repeated(tab: Watched, url: str, action: Action, times: int) -> list[Took]:
    """Return the measurements of an action; the first try is not among them."""
    took = []
    for n in range(times + 1):
        if n == 0 or action.afresh:
            tab.open(f"{url}/{action.address}", action.drawn)
        took.append(tab.act(lambda page, n=n: action.do(page, n)))  # type: ignore[misc]
    return took[1:]


if __name__ == "__main__":
    main(sys.argv[1:])
