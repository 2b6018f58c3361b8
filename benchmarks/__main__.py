"""`python -m benchmarks`: measure ours and other tools on the same files.

    python -m benchmarks                                      1M and 5M a side, three rounds
    python -m benchmarks --rows 1000000 --only compare,scan   a part of it
    python -m benchmarks page                                 write docs/performance.md anew
    python -m benchmarks goals --by cpu                       what is reached, by the kept figures
    python -m benchmarks profile compare --rows 1000000       where our own time goes

Each measurement is a process of its own, and all take turns, because machines are noisy; what
counts are ratios of best times. Sample and warehouse are made once and kept in `benchmarks/data`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.places import DATA, RESULTS, Sample

USUAL = "1000000,5000000"


def main(given: list[str]) -> None:
    """Do what the first word asks for; to measure is the usual thing."""
    word = given[0] if given and not given[0].startswith("-") else "measure"
    rest = given[1:] if given and not given[0].startswith("-") else given
    if word == "job":
        _job(*rest)
        return
    asked = _arguments(word, rest)
    if word == "measure":
        from benchmarks.rounds import measure

        samples = [Sample(asked.folder / size) for size in asked.rows.split(",")]
        measure(samples, asked.only.split(",") if asked.only else None, asked)
    elif word == "profile":
        from benchmarks.contestants import profiled
        from benchmarks.profiling import profile

        profile(profiled(asked.command, Sample(asked.folder / asked.rows)))
    elif word == "page":
        from benchmarks.page import write

        write(asked.results)
    else:
        from benchmarks.goals import show

        show(asked.results, asked.by, int(asked.rows))


def _arguments(word: str, rest: list[str]) -> argparse.Namespace:
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if word not in ("measure", "profile", "page", "goals"):
        asked.error(f"there is no {word!r}")
    if word == "profile":
        imports = ("import_lead", "import_event", "import_claim")
        asked.add_argument("command", choices=("compare", "run", "increment", *imports))
    sizes = {"measure": USUAL, "goals": "5000000"}
    asked.add_argument("--rows", default=sizes.get(word, "1000000"), help="rows a side")
    asked.add_argument("--times", type=int, default=3, help="rounds")
    asked.add_argument("--only", default="", help="names, with commas between them")
    asked.add_argument("--by", choices=("wall", "cpu"), default="wall", help="seconds of goals")
    asked.add_argument("--folder", type=Path, default=DATA, help="where the sample is kept")
    asked.add_argument("--results", type=Path, default=RESULTS, help="the file of the figures")
    return asked.parse_args(rest)


def _job(name: str, folder: str) -> None:
    """Do one job in this process: what is imported here counts for its memory."""
    sample = Sample(Path(folder))
    if name == "truth":
        from benchmarks.truth import make

        make(sample)
    elif name == "hot":
        from benchmarks.profiling import hot

        hot(sample)
    elif name == "reading":
        from benchmarks.reading import reading

        reading(sample)
    else:
        from benchmarks.jobs import JOBS

        JOBS[name](sample)


if __name__ == "__main__":
    main(sys.argv[1:])
