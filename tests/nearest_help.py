"""Small worlds of events and claims, and what comes nearest to their left-overs."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from reconcile.comparing import CompareFiles, compare
from reconcile.matching.parameters import RunParameters

FIELDS = ("transaction_id", "event_id", "campaign_id", "buyer", "occurred_at", "revenue")
NOVEMBER = {"date_from": date(2026, 11, 1), "date_to": date(2026, 12, 1), "zone": "UTC"}

Cells = tuple[str, ...]
Near = dict[tuple[str, int], list[dict[str, str]]]
"""Candidates by side and line of the left-over row, the nearest first."""


def cells(row: str) -> Cells:
    """Return the cells of a row written as `t1 sale c acme 3T10:00 40`: `.` is a blank, days are
    those of November."""
    found = ["" if cell == "." else cell for cell in row.split()]
    if found[4]:
        day, _, time = found[4].partition("T")
        found[4] = f"2026-11-{int(day):02}T{time}:00Z" if "-" not in found[4] else found[4]
    return tuple(found)


def write(path: Path, rows: Iterable[Cells], fields: Cells = FIELDS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([fields, *rows])
    return path


def nearest(
    folder: Path, events: Iterable[str | Cells], claims: Iterable[str | Cells], **asked: object
) -> Near:
    """Compare two lists of rows and return what `nearest.csv` says."""
    files = {}
    for name, rows in (("events", events), ("claims", claims)):
        told = [cells(row) if isinstance(row, str) else row for row in rows]
        files[name] = [write(folder / f"{name}.csv", told)]
    compare(CompareFiles(**files), RunParameters(**NOVEMBER | asked), folder / "out")
    return read_nearest(folder / "out" / "nearest.csv")


def read_nearest(path: Path) -> Near:
    found: Near = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found[row["side"], int(row["line"])].append(row)
    return found


def lines(near: Near, side: str, line: int) -> list[int]:
    """Return the lines of the candidates of a row, the nearest first."""
    return [int(row["near_line"]) for row in near[side, line] if row["near_line"]]


def words(near: Near, side: str, line: int) -> list[str]:
    """Return in what the nearest candidate of a row differs, as it is said."""
    return near[side, line][0]["nearest"].split("): ", 1)[1].split("; ")


def sales(number: int, pick: random.Random) -> tuple[list[Cells], list[Cells]]:
    """Return events of November and a claim for each that says the same."""
    events = []
    for at in range(number):
        day = f"2026-11-{1 + at % 28:02}T{pick.randrange(24):02}:{pick.randrange(60):02}:00Z"
        buyer, campaign = pick.choice(("acme", "borealis")), pick.choice(("c1", "c2"))
        amount = pick.choice(("40.00", "55.00", "18.75"))
        events.append((f"1{pick.getrandbits(92):023x}", "sale", campaign, buyer, day, amount))
    return events, list(events)


KINDS = (
    *("replace", "take out", "put in", "swap", "event", "buyer"),
    *("sign", "time", "lose", "other id"),
)


def altered(row: Cells, kind: str, pick: random.Random) -> Cells:
    """Return a claim that differs from its event in one field."""
    lead, event, campaign, buyer, at, revenue = row
    place = pick.randrange(1, len(lead) - 1)
    one = next(
        c for c in pick.sample("0123456789abcdef", 3) if c not in lead[place - 1 : place + 2]
    )
    if kind in ("replace", "take out", "put in", "swap"):
        middle = {
            "replace": one + lead[place + 1 :],
            "take out": lead[place + 1 :],
            "put in": one + lead[place:],
            "swap": lead[place + 1] + lead[place] + lead[place + 2 :],
        }
        lead = lead[:place] + middle[kind]
    elif kind in ("lose", "other id"):
        lead = "" if kind == "lose" else f"{pick.getrandbits(96):024x}"
    elif kind == "event":
        event = "deposit"
    elif kind == "buyer":
        buyer = "cobalt" if buyer == "acme" else "acme"
    elif kind == "sign":
        revenue = f"-{revenue}"
    else:
        at = at.replace("2026-11", "2026-08")
    return lead, event, campaign, buyer, at, revenue
