"""The questions of a run, asked one after the other with its parameters at hand."""

from __future__ import annotations

from datetime import timedelta

from reconcile.engine import Engine
from reconcile.matching.parameters import RunParameters
from reconcile.zones import midnight_utc, zone_of

CANDIDATE_CAP = 2000
"""Rows of one id, event and sign per side that are tried against each other."""


PROPOSAL_HOURS = 24
"""How far apart in time a claim and an event may lie that are proposed as a pair."""

PROPOSALS_KEPT = 5
"""Events that are proposed for one claim, the nearest; how many more there are is counted."""


class Steps:
    """Asks questions into tables of their names, with the run's parameters at hand."""

    def __init__(self, engine: Engine, parameters: RunParameters) -> None:
        """Take what the questions are asked with."""
        period_from, period_to = parameters.period
        margin, zone = timedelta(days=parameters.margin_days), zone_of(parameters.zone)
        self.engine = engine
        self.params: dict[str, object] = {
            "date_from": parameters.date_from,
            "date_to": parameters.date_to,
            "window_from": parameters.date_from - margin,
            "window_to": parameters.date_to + margin,
            "period_from": period_from,
            "period_to": period_to,
            "margin_from": midnight_utc(parameters.date_from - margin, zone),
            "margin_to": midnight_utc(parameters.date_to + margin, zone),
            "by_buyer": parameters.buyers is not None,
            "by_campaign": parameters.campaigns is not None,
            "pending_counts": parameters.pending_counts,
            "placeholder_limit": parameters.placeholder_limit,
            "tolerance_e4": parameters.tolerance * 10_000,
            "tolerance_rel": parameters.tolerance_rel,
            "lookback_days": parameters.lookback_days,
            "grace_days": parameters.grace_days,
            "candidate_cap": CANDIDATE_CAP,
            "proposal_reach": PROPOSAL_HOURS * 3_600_000_000,
            "proposals_kept": PROPOSALS_KEPT,
        }

    def ask(self, *names: str) -> None:
        """Answer questions into tables of their names."""
        for name in names:
            self.engine.table(name, f"matching/{name}", **self.params)

    def drop(self, *names: str) -> None:
        """Free the memory of answers that no later question reads."""
        for name in names:
            self.engine.drop(name)

    def add(self, *names: str) -> None:
        """Ask the same of one more range."""
        for name in names:
            self.engine.append(name, f"matching/{name}", **self.params)
