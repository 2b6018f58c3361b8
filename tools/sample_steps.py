"""Write data/sample/steps: the leads that nobody bought, and how far every lead came.

    python -m tools.sample_steps            writes the folder anew
    python -m tools.sample_steps --to X     writes it elsewhere

The sample of `reconcile sample` holds what is reconciled: sales. A funnel needs the leads that did
not sell, and the steps before a sale. They are made here for two campaigns of the committed sample.
No step is a conversion, so that no verdict depends on them.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reconcile.sampling.world import CALLBACK, DEPOSIT, QUALIFIED, SALE, SIGNUP

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
CAMPAIGNS = {"solar-roof": "Solar roof", "auto-refi": "Auto refinance"}
"""Campaigns that get steps, and what their funnels are called."""

UNSOLD = 3
"""Leads that nobody bought, for each that somebody did."""

# Of leads that are not sold: how many sign up, and how many of these are called back.
CHANCES = {
    "google": (0.62, 0.48),
    "organic": (0.66, 0.55),
    "partner_9": (0.38, 0.30),
    "taboola": (0.34, 0.24),
}
USUAL_CHANCES = (0.50, 0.40)
TRACKED = 0.97
"""Of leads that are sold: how many steps the platform has seen."""

Row = dict[str, str]
EVENT_COLUMNS = ("event_id", "transaction_id", "campaign_id", "pid", "occurred_at")


def main(given: Sequence[str]) -> None:
    """Write the folder."""
    asked = argparse.ArgumentParser(prog="python -m tools.sample_steps", description=__doc__)
    asked.add_argument("--to", type=Path, default=SAMPLE / "steps")
    write(SAMPLE, asked.parse_args(given).to)


def write(sample: Path, to: Path, seed: int = 7) -> None:
    """Write leads, events and funnels for a sample; the same seed gives the same bytes."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    leads = [lead for lead in _rows(sample / "leads.csv") if lead["campaign_id"] in CAMPAIGNS]
    converted = _converted(sample)
    sold = [lead for lead in leads if lead["transaction_id"] in converted]
    unsold = [_lost(chance, lead, n) for lead in sold for n in range(UNSOLD)]
    steps = [
        *(step for lead in sold for step in _steps_of_sold(chance, lead, converted)),
        *(step for lead in unsold for step in _steps_of_unsold(chance, lead)),
    ]
    to.mkdir(parents=True, exist_ok=True)
    by_time = sorted(unsold, key=lambda lead: (lead["created_at"], lead["transaction_id"]))
    _write(to / "leads.csv", leads[0].keys(), by_time)
    _write(to / "events.csv", EVENT_COLUMNS, sorted(steps, key=lambda step: step["occurred_at"]))
    for campaign, name in CAMPAIGNS.items():
        (to / f"{campaign}.toml").write_text(_funnel(name, campaign), "utf-8", newline="\n")


def _converted(sample: Path) -> dict[str, datetime]:
    """Return when each lead first converted, by event or claim, unless a step of it is told."""
    first: dict[str, datetime] = {}
    stepped: set[str] = set()
    for path in (sample / "events.csv", *sorted(sample.glob("claims_*.csv"))):
        for row in _rows(path):
            lead = row["transaction_id"]
            if row["event_id"] in (SIGNUP, CALLBACK):
                stepped.add(lead)
            elif row["occurred_at"]:
                when = _time(row["occurred_at"])
                first[lead] = min(when, first.get(lead, when))
    return {lead: when for lead, when in first.items() if lead not in stepped}


def _lost(chance: random.Random, like: Row, number: int) -> Row:
    """Return a lead that nobody bought, of the campaign and about the time of one that is sold."""
    entered = _time(like["created_at"]) + timedelta(hours=chance.uniform(-36, 36))
    source = chance.choice([*CHANCES, "s77", "s12", "s45", "mailer-3", "taboola"])
    creative = 1 + chance.randrange(40)
    return like | {
        "transaction_id": f"{chance.getrandbits(96):024x}",
        "pid": source,
        "buyer": "",
        "created_at": _text(entered),
        "status": "unsold",
        "revenue": "",
        "cost": f"{chance.randrange(40, 260) / 100:.2f}",
        "sub1": f"ad{creative}",
        "utm_source": "newsletter" if number == 0 and creative % 3 == 0 else source,
    }


def _steps_of_sold(
    chance: random.Random, lead: Row, converted: dict[str, datetime]
) -> Iterable[Row]:
    """Return the sign-up and the call between a lead and its conversion, in this order."""
    entered, sold = _time(lead["created_at"]), converted[lead["transaction_id"]]
    early, late = sorted(chance.random() ** 2 for _ in range(2))
    for event, share in ((SIGNUP, early / 2), (CALLBACK, late)):
        if chance.random() < TRACKED and sold > entered:
            yield _step(lead, event, entered + (sold - entered) * share)


def _steps_of_unsold(chance: random.Random, lead: Row) -> Iterable[Row]:
    """Return how far a lead came that nobody bought."""
    signs, answers = CHANCES.get(lead["pid"], USUAL_CHANCES)
    signed = _time(lead["created_at"]) + timedelta(minutes=chance.expovariate(1 / 40))
    if chance.random() < signs:
        yield _step(lead, SIGNUP, signed)
        if chance.random() < answers:
            yield _step(lead, CALLBACK, signed + timedelta(hours=chance.expovariate(1 / 30)))


def _step(lead: Row, event: str, when: datetime) -> Row:
    return {
        "event_id": event,
        "transaction_id": lead["transaction_id"],
        "campaign_id": lead["campaign_id"],
        "pid": lead["pid"],
        "occurred_at": _text(when),
    }


def _funnel(name: str, campaign: str) -> str:
    bought = ", ".join(f'"{event}"' for event in (SALE, QUALIFIED, DEPOSIT))
    steps = (("Sign-up", f'"{SIGNUP}"'), ("Callback", f'"{CALLBACK}"'), ("Bought", bought))
    return f'name = "{name}"\ncampaigns = ["{campaign}"]\nwindow = "30d"\n' + "".join(
        f'\n[[step]]\nname = "{step}"\nevents = [{events}]\n' for step, events in steps
    )


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*columns], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main(sys.argv[1:])
