"""Rounds of measurements: all contestants of a size take turns, and what they say is checked."""

from __future__ import annotations

import argparse
import json
import os
from datetime import datetime
from typing import Any

from benchmarks.contestants import CONTESTANTS, Contestant, has_option, title_of
from benchmarks.environments import python_of
from benchmarks.figures import Results, figures, load, machine, save, versions
from benchmarks.goals import show
from benchmarks.measuring import Taken, run
from benchmarks.places import Sample
from benchmarks.preparing import RECONCILE, make_sample, make_store, make_truth
from benchmarks.truth import agrees

LARGEST_USUAL = 5_000_000
"""The size that most goals are for."""


def measure(samples: list[Sample], only: list[str] | None, asked: argparse.Namespace) -> None:
    """Measure, keep the figures and print them with the goals."""
    series = f"{datetime.now():%Y-%m-%d %H:%M}"  # noqa: DTZ005 - shown to the person who measured
    if os.getloadavg()[0] > 1:
        print("This machine is busy: its wall times are worth little, look at CPU (--by cpu).")
    results = load(asked.results)
    results |= {"machine": machine(), "versions": versions()}
    for sample in samples:
        chosen = _chosen(sample, only)
        _prepare(sample, chosen)
        rounds = _Rounds(sample, chosen)
        for number in range(1, asked.times + 1):
            print(f"{sample.rows:,} a side, round {number} of {asked.times}")
            rounds.once_more()
            rounds.record(results, series)
            save(asked.results, results)
        _print_size(results, sample)
    show(asked.results, asked.by, min(samples[-1].rows, LARGEST_USUAL))


def _chosen(sample: Sample, only: list[str] | None) -> dict[str, Contestant]:
    if only is not None:
        return {name: CONTESTANTS[name] for name in only}
    chosen = {}
    for name, one in CONTESTANTS.items():
        if one.least <= sample.rows <= one.most:
            if one.exists():
                chosen[name] = one
            else:
                print(f"left out: {name}, there is no {' '.join(one.needs or ())} yet")
    return chosen


def _prepare(sample: Sample, chosen: dict[str, Contestant]) -> None:
    make_sample(sample)
    for environment in {one.environment for one in chosen.values()}:
        python_of(environment)
    if any(one.stored for one in chosen.values()):
        make_store(sample)
    if any(one.checked for one in chosen.values()):
        make_truth(sample)
    has_option("run", "--help")  # our modules are compiled once before they are measured


class _Rounds:
    """What was taken so far at one size."""

    def __init__(self, sample: Sample, chosen: dict[str, Contestant]) -> None:
        self._sample = sample
        self._chosen = chosen
        self._taken: dict[str, list[Taken]] = {}
        self._answers: dict[str, str] = {}

    def once_more(self) -> None:
        """Measure each contestant once."""
        for name, one in self._chosen.items():
            if one.before:
                one.before(self._sample)
            command = one.command(self._sample)
            # Findings are no failure of ours; of a job, Python's 1 is one.
            fine = (0, 1) if command[: len(RECONCILE)] == RECONCILE else (0,)
            taken, said = run(command, fine=fine)
            for own in one.inner or (name,):
                figure = said["figures"][own] if one.inner else taken
                self._taken.setdefault(own, []).append(figure)
            if one.checked:
                self._check(name, said)
            if one.answer:
                self._answers[name] = one.answer(self._sample)

    def record(self, results: Results, series: str) -> None:
        """Put the figures so far into the results."""
        size = results["sizes"].setdefault(str(self._sample.rows), {})
        for name, taken in self._taken.items():
            size[name] = {**figures(taken), "series": series}
            if name in self._answers:
                size[name]["answer"] = self._answers[name]
        bytes_read = sum(path.stat().st_size for path in self._sample.inputs)
        size["input_mb"] = round(bytes_read / 1e6)

    def _check(self, name: str, said: dict[str, Any]) -> None:
        """Nobody is measured on wrong work."""
        truth = json.loads((self._sample.folder / "truth.json").read_text("utf-8"))
        if not agrees(truth, said):
            raise SystemExit(f"{name} counts {said}\nplain Python counts {truth}")


def _print_size(results: Results, sample: Sample) -> None:
    size = results["sizes"][str(sample.rows)]
    floor = size.get("scan", {}).get("best", {}).get("wall")
    print(f"\n{sample.rows:,} a side: best seconds (median), CPU seconds, peak MB, times the scan")
    all_series = [size[name].get("series", "") for name in _order(size)]
    for name in _order(size):
        older = " (an older series)" if size[name].get("series", "") < max(all_series) else ""
        best, middle = size[name]["best"], size[name]["median"]
        memory = f"{best['memory']:7.0f}" if "memory" in best else " " * 7
        floors = f"{best['wall'] / floor:6.1f} x" if floor else ""
        print(
            f"{name:17} {best['wall']:8.2f} ({middle['wall']:7.2f}) {best['cpu']:8.2f} {memory}"
            f" {floors}  {title_of(name).replace('*', '')}{older}"
        )


def _order(size: dict[str, Any]) -> list[str]:
    names = [own for name, one in CONTESTANTS.items() for own in one.inner or (name,)]
    return [name for name in names if name in size]
