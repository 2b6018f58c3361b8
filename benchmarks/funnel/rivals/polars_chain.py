"""The fact table by polars: numbered rows in memory, a join and the earliest row per step."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import polars as pl

WINDOW = pl.duration(days=30)


def main(folder: Path) -> None:
    """Print the counts and what it took."""
    rows = pl.read_parquet(folder / "numbered.parquet").with_columns(
        pl.col("t").cast(pl.Datetime("us"))
    )
    wall, cpu = time.perf_counter(), time.process_time()
    chain = rows.lazy().filter(step=1).select("lead", t1="t").unique()
    for step in range(2, 6):
        before, now = f"t{step - 1}", f"t{step}"
        own = rows.lazy().filter(step=step).select("lead", **{now: "t"})
        found = (
            chain.filter(pl.col(before).is_not_null())
            .join(own, on="lead")
            .filter(pl.col(now) >= pl.col(before))
            .group_by("lead", "t1")
            .agg(pl.col(now).min())
        )
        chain = chain.join(found, on=["lead", "t1"], how="left")
    facts = chain.collect(engine="streaming")
    built = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    wall, cpu = time.perf_counter(), time.process_time()
    level = 1 + sum(
        (pl.col(f"t{n}") <= pl.col("t1") + WINDOW).fill_null(value=False) for n in range(2, 6)
    )
    best = facts.lazy().group_by("lead").agg(level.max().alias("level")).collect()["level"]
    reached = [int((best >= step).sum()) for step in range(1, 6)]
    asked = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    print(
        json.dumps({"figures": {"polars_build": built, "polars_counts": asked}, "reached": reached})
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
