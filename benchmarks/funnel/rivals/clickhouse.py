"""One windowFunnel of ClickHouse, over the stored files by id and over numbered rows in memory.

It gives the level of each lead in one window, no times, and is run again for every other question.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from chdb.session import Session  # type: ignore[import-not-found]

CHAIN = "windowFunnel(2592000)(t, step = 1, step = 2, step = 3, step = 4, step = 5)"
COUNTED = "select level, count() from ({}) group by level order by level settings {}"
NOT_NULL = "schema_inference_make_columns_nullable = 0"
"""Types of Parquet columns are nullable as it infers them, and a nullable key costs three times."""
TIMES = 3
KINDS = ("lead", "event")
STEPS = "transform(event_id, ['signup', 'call', 'sale', 'deposit'], [2, 3, 4, 5], 9)"


def main(folder: Path, threads: int) -> None:
    """Print the counts and what each run took, the best of three."""
    session = Session()
    session.query("create database if not exists bench engine = Atomic")
    session.query("use bench")
    session.query("create table e (lead UInt32, step UInt8, t DateTime) engine = Memory")
    rows = f"select lead, step, toDateTime(t) from file('{folder / 'numbered.parquet'}')"
    session.query(f"insert into e {rows}")
    memory = f"select lead, {CHAIN} as level from e group by lead"
    lead, event = (f"file('{folder}/store/warehouse/{kind}/*/*.parquet')" for kind in KINDS)
    stored = (
        f"select transaction_id, {CHAIN} as level from ("
        f"select transaction_id, toDateTime(occurred_at) as t, 1 as step from {lead} "
        f"union all select transaction_id, toDateTime(occurred_at), {STEPS} from {event}"
        ") group by transaction_id"
    )
    own = f"max_threads = {threads}"
    figures, reached = {}, []
    for name, text, how in (
        ("clickhouse_files", stored, own),
        ("clickhouse_files_fast", stored, f"{own}, {NOT_NULL}"),
        ("clickhouse_memory", memory, own),
    ):
        taken = []
        for _ in range(TIMES):
            wall, cpu = time.perf_counter(), time.process_time()
            said = session.query(COUNTED.format(text, how), "JSONCompact")
            taken.append((time.process_time() - cpu, time.perf_counter() - wall))
        levels = {int(level): int(leads) for level, leads in json.loads(str(said))["data"]}
        figures[name] = {"cpu": min(taken)[0], "wall": min(taken)[1]}
        reached.append([sum(n for k, n in levels.items() if k >= step) for step in range(1, 6)])
    assert reached[0] == reached[1] == reached[2], reached  # noqa: S101 - a wrong answer must not be measured
    print(json.dumps({"figures": figures, "reached": reached[0]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
