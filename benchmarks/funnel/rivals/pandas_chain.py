"""The fact table by pandas: numbered rows in memory, a merge and the earliest row per step."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd

WINDOW = pd.Timedelta(days=30)


def main(folder: Path) -> None:
    """Print the counts and what it took."""
    rows = pd.read_parquet(folder / "numbered.parquet")
    wall, cpu = time.perf_counter(), time.process_time()
    chain = _of_step(rows, 1).drop_duplicates()
    for step in range(2, 6):
        before, now = f"t{step - 1}", f"t{step}"
        found = chain.dropna(subset=[before]).merge(_of_step(rows, step), on="lead")
        first = found[found[now] >= found[before]].groupby(["lead", "t1"], sort=False)[now].min()
        chain = chain.merge(first.reset_index(), on=["lead", "t1"], how="left")
    built = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    wall, cpu = time.perf_counter(), time.process_time()
    ends = chain["t1"] + WINDOW
    within = [(chain[f"t{step}"] <= ends).astype("int8") for step in range(2, 6)]
    level = 1 + within[0] + within[1] + within[2] + within[3]
    best = level.groupby(chain["lead"], sort=False).max()
    reached = [int((best >= step).sum()) for step in range(1, 6)]
    asked = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    print(
        json.dumps({"figures": {"pandas_build": built, "pandas_counts": asked}, "reached": reached})
    )


def _of_step(rows: pd.DataFrame, step: int) -> pd.DataFrame:
    return rows.loc[rows["step"] == step, ["lead", "t"]].rename(columns={"t": f"t{step}"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
