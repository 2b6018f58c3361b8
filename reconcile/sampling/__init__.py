"""A made-up lead network with every class, reason and flag in it, and the label of every row.

The labels are written down with the cases and never computed by the matcher, so that the two can be
compared: this room imports neither `matching` nor `importing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from reconcile.engine import Engine
from reconcile.errors import BadParameters
from reconcile.sampling import damaged as damages
from reconcile.sampling import leftovers, pairs, tables, world

FEWEST_ROWS = 1_000
"""With fewer sales the odd cases would be the rule."""

# Naive UTC, half open: November and the month either side, as local days of Los Angeles.
PERIOD = (datetime(2026, 11, 1, 7), datetime(2026, 12, 1, 8))  # noqa: DTZ001 - naive UTC inside
WINDOW = (datetime(2026, 10, 1, 7), datetime(2027, 1, 1, 8))  # noqa: DTZ001 - naive UTC inside

MEMORY = "1GB"
"""What is larger is spilled into the folder of the sample while it is made."""

LOCAL_REPORTS = ("cobalt", "fathom")
"""Buyers whose times are local, with their offset; all other files are in UTC."""


@dataclass(frozen=True)
class SampleFiles:
    """Where the files of a sample are; `claims` holds one report per buyer."""

    leads: Path
    events: Path
    claims: tuple[Path, ...]
    settings: Path
    params: Path
    labels: Path


def sample(
    to: Path, *, rows: int = tables.USUAL_ROWS, seed: int = 7, damaged: bool = False
) -> SampleFiles:
    """Write a made-up lead network and the labels of its events and claims.

    The same `rows` and `seed` give the same bytes. From 20,000 sales on, each class, reason and
    flag of the matching rules is there at least 50 times; nine in ten sales are plain matches, and
    93 in 100 from 30,000 on.

    Args:
        to: Folder to write to, made if absent; files of the same names are replaced.
        rows: Number of sales, about that of leads, of events and of claims.
        seed: Any integer; another one gives other ids, times and amounts.
        damaged: Add claims whose ids a spreadsheet has damaged, and such as only name an external
            id; `damages.csv` lists them by kind.

    Returns:
        The files. `labels.csv` refers to base names and text lines, the header being line 1.

    Raises:
        BadParameters: Fewer than 1,000 rows: some class would be left without a row.
    """
    if rows < FEWEST_ROWS:
        raise BadParameters(
            f"rows = {rows} is too few for a sample of every kind of finding. "
            f"Give at least {FEWEST_ROWS:,}."
        )
    to.mkdir(parents=True, exist_ok=True)
    limit = tables.placeholder_limit(rows)
    with TemporaryDirectory(prefix=".spill-", dir=to) as spill:
        engine = Engine(memory_limit=MEMORY, temp_dir=Path(spill))
        cases = [*pairs.cases(), *leftovers.cases(), *(damages.cases() if damaged else ())]
        total = tables.describe(engine, cases, rows=rows, limit=limit)
        engine.execute("sampling/macro_chance")
        engine.table("sample_line", "sampling/line", cases=total, seed=seed)
        for macros in ("macro_odd_parts", "macro_odd", "macro_text"):
            engine.execute(f"sampling/{macros}")
        files = _write(engine, to, seed, damaged=damaged)
        if damaged:
            first = len(cases) - len(damages.cases())
            names = [(first + n, case.name) for n, case in enumerate(damages.cases())]
            engine.upload("sample_name", {"case_id": "integer", "name": "varchar"}, names)
            engine.execute("sampling/write_damages", path=str(to / "damages.csv"))
        engine.close()
    files.params.write_text(world.parameters(limit), encoding="utf-8", newline="\n")
    return files


def _write(engine: Engine, to: Path, seed: int, *, damaged: bool) -> SampleFiles:
    claims, more = [], "_more" if damaged else ""
    for sender_no, side, sender, file in engine.query("sampling/file"):
        params = {"path": str(to / file), "sender_no": sender_no, "seed": seed}
        if side == "claim":
            params["local"] = sender in LOCAL_REPORTS
            claims.append(to / file)
        engine.execute(f"sampling/write_{side}s{more if side != 'event' else ''}", **params)
    engine.execute("sampling/write_settings", path=str(to / "settings.csv"))
    spans = {"period_from": PERIOD[0], "period_to": PERIOD[1]}
    spans |= {"window_from": WINDOW[0], "window_to": WINDOW[1]}
    engine.execute("sampling/write_labels", path=str(to / "labels.csv"), **spans)
    return SampleFiles(
        leads=to / "leads.csv",
        events=to / "events.csv",
        claims=tuple(claims),
        settings=to / "settings.csv",
        params=to / "params.toml",
        labels=to / "labels.csv",
    )
