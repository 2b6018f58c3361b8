"""Two sides compared by datacompy, over pandas or over polars: which rows meet, and which differ.

It numbers rows that share a key and joins by that number, too. Only the key and the money are read,
money as whole cents; its report is not made.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

KEY = ["transaction_id", "event_id"]


def main(folder: Path, over: str) -> None:
    """Compare a sample and print how many rows meet and how many of each side are left."""
    sides = [[folder / "events.csv"], sorted(folder.glob("claims_*.csv"))]
    compared = {"pandas": _by_pandas, "polars": _by_polars}[over](*sides)
    rows = {
        "both": len(compared.intersect_rows),
        "only_event": len(compared.df1_unq_rows),
        "only_claim": len(compared.df2_unq_rows),
    }
    print(json.dumps({"rows": rows}))


def _by_pandas(events: list[Path], claims: list[Path]) -> Any:
    import pandas as pd
    from datacompy import PandasCompare

    def read(paths: list[Path]) -> pd.DataFrame:
        types = dict.fromkeys(KEY, "str") | {"revenue": "float64"}
        asked: dict[str, Any] = {"dtype": types, "keep_default_na": False, "na_values": [""]}
        listed = [pd.read_csv(path, engine="pyarrow", usecols=[*types], **asked) for path in paths]
        rows: pd.DataFrame = pd.concat(listed, ignore_index=True)
        rows["cents"] = (rows.pop("revenue") * 100).round()
        return rows

    return PandasCompare(read(events), read(claims), join_columns=KEY)


def _by_polars(events: list[Path], claims: list[Path]) -> Any:
    import polars as pl
    from datacompy import PolarsCompare

    def read(paths: list[Path]) -> pl.DataFrame:
        texts = dict.fromkeys([*KEY, "buyer"], pl.String)
        listed = pl.scan_csv(paths, schema_overrides={**texts, "revenue": pl.Float64})
        cents = (pl.col("revenue") * 100).round().cast(pl.Int64).alias("cents")
        rows: pl.DataFrame = listed.select(*KEY, cents).collect()
        return rows

    return PolarsCompare(read(events), read(claims), join_columns=KEY)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
