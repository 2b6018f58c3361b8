"""The simple job by polars, lazily and streaming: keys, rows and money by class, buyer and day."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

KEY = ["transaction_id", "event_id"]
COLUMNS = [*KEY, "buyer", "occurred_at", "revenue"]


def main(folder: Path) -> None:
    """Do the job over a sample and print the sums of each class."""
    sides = [
        _side([folder / "events.csv"], events=1, claims=0),
        _side(sorted(folder.glob("claims_*.csv")), events=0, claims=1),
    ]
    money = pl.col("cents")
    keys = (
        pl.concat(sides)
        .group_by(KEY)
        .agg(
            pl.col("events").sum(),
            pl.col("claims").sum(),
            pl.col("buyer").min(),
            pl.col("day").min(),
            money.count().alias("priced"),
            money.min().alias("least"),
            money.max().alias("most"),
            (money * pl.col("events")).sum().alias("event_money"),
            (money * pl.col("claims")).sum().alias("claim_money"),
        )
    )
    numbers = ["events", "claims", "event_money", "claim_money"]
    groups = (
        keys.with_columns(_class().alias("class"))
        .group_by("class", "buyer", "day")
        .agg(pl.len().alias("keys"), *(pl.col(number).sum() for number in numbers))
        .collect(engine="streaming")
    )
    totals = groups.group_by("class").agg(pl.col("keys", *numbers).sum()).sort("class")
    counts = {
        name: [*rows, f"{event / 100:.2f}", f"{claim / 100:.2f}"]
        for name, *rows, event, claim in totals.iter_rows()
    }
    print(json.dumps({"counts": counts}))


def _side(paths: list[Path], *, events: int, claims: int) -> pl.LazyFrame:
    """Read one side; money becomes whole cents, which is exact for amounts of this size."""
    texts = dict.fromkeys(COLUMNS, pl.String)
    at = pl.col("occurred_at")
    return pl.scan_csv(paths, schema_overrides={**texts, "revenue": pl.Float64}).select(
        *KEY,
        "buyer",
        at.str.to_datetime("%Y-%m-%dT%H:%M:%S%#z", time_zone="UTC").dt.date().alias("day"),
        (pl.col("revenue") * 100).round().cast(pl.Int64).alias("cents"),
        pl.lit(events, pl.Int64).alias("events"),
        pl.lit(claims, pl.Int64).alias("claims"),
    )


def _class() -> pl.Expr:
    events, claims, priced = pl.col("events"), pl.col("claims"), pl.col("priced")
    same = (priced == 0) | ((priced == 2) & (pl.col("least") == pl.col("most")))
    return (
        pl.when((events > 1) | (claims > 1))
        .then(pl.lit("several"))
        .when(claims == 0)
        .then(pl.lit("only_event"))
        .when(events == 0)
        .then(pl.lit("only_claim"))
        .when(same)
        .then(pl.lit("matched"))
        .otherwise(pl.lit("differs"))
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
