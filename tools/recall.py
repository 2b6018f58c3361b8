"""How many damaged and external ids the automatic rules join, and how many of them wrongly.

    python -m tools.recall FOLDER [--rows N] [--seed N] [--keep]

Makes a sample with damaged ids in the folder (with --keep it is there already), compares it, and
prints for each kind of damage: claims, those joined with their own event (recall), and those
joined with another. Ends with 1 if one was joined wrongly.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from reconcile import CompareFiles, compare, load_parameters, sample


@dataclass
class Joined:
    """Claims of one kind of damage: all, joined with their own event, joined with another."""

    rows: int = 0
    right: int = 0
    wrong: int = 0


def compared(folder: Path) -> None:
    """Compare a sample with damaged ids by its own parameters, into `out` of its folder."""
    mapping = folder / "damaged.toml"
    mapping.write_text('kind = "claim"\ndamaged_ids = "keep"\n', encoding="utf-8")
    files = CompareFiles(
        events=[folder / "events.csv"],
        claims=sorted(folder.glob("claims_*.csv")),
        leads=[folder / "leads.csv"],
        settings=folder / "settings.csv",
        mappings=[mapping],
    )
    compare(files, load_parameters(folder / "params.toml"), folder / "out", matched=True)


def measured(folder: Path) -> dict[str, Joined]:
    """Count the damaged claims of a compared sample by the kind of their damage."""
    partners = {
        (Path(row["file"]).name, row["line"]): (Path(row["partner_file"]).name, row["partner_line"])
        for row in _read(folder / "out" / "rows.csv")
        if row["side"] == "claim" and row["rule"]
    }
    kinds: defaultdict[str, Joined] = defaultdict(Joined)
    for row in _read(folder / "damages.csv"):
        kind = kinds[row["damage"]]
        found = partners.get((row["file"], row["line"]))
        kind.rows += 1
        kind.right += found is not None and found == (row["partner_file"], row["partner_line"])
        kind.wrong += found is not None and found != (row["partner_file"], row["partner_line"])
    return dict(kinds)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def main(words: list[str]) -> int:
    """Print precision and recall; return 1 if a claim was joined wrongly."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", action="store_true", help="the sample is there and compared")
    given = parser.parse_args(words)
    if not given.keep:
        sample(given.folder, rows=given.rows, seed=given.seed, damaged=True)
        compared(given.folder)
    kinds = measured(given.folder)
    for name, kind in kinds.items():
        recall = kind.right / kind.rows
        print(f"{name:24} {kind.rows:7,} claims, recall {recall:.3f}, wrong {kind.wrong}")
    right, wrong = (sum(getattr(k, n) for k in kinds.values()) for n in ("right", "wrong"))
    print(f"precision {right / max(right + wrong, 1):.3f} of {right + wrong:,} joined")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
