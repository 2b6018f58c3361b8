"""Which event belongs to which claim: the rules in their order, the rows left over after each.

A fallback rule that has nothing to look at is not asked: most runs have no damaged id, and many
reports no external one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconcile.matching.steps import Steps
from reconcile.terms import Rule

_PREPARED = {
    Rule.LOOSE_ID: (),
    Rule.DAMAGED_ID: ("damage_lead",),
    Rule.EXTERNAL_ID: ("claim_external", "lead_external", "event_external"),
}
"""The fallback rules in their order, and what has to be known before each of them."""


@dataclass(frozen=True)
class AcceptedMatch:
    """A pair that a person has accepted, by what its rows say; they are found again by it.

    Keys are ids as they are compared, None where the cell is blank; times are naive UTC, amounts
    ten-thousandths. `decision` is the number of the decision, `place` the row's among equal ones.
    """

    decision: str
    place: int
    event_id: str
    claim_key: str | None
    claim_at: datetime | None
    claim_e4: int | None
    event_key: str | None
    event_at: datetime | None
    event_e4: int | None


_ACCEPTED = {
    "decision": "varchar",
    "place": "bigint",
    "event_id": "varchar",
    "claim_key": "varchar",
    "claim_at": "timestamp",
    "claim_e4": "bigint",
    "event_key": "varchar",
    "event_at": "timestamp",
    "event_e4": "bigint",
}


def pair_rows(steps: Steps, accepted: Sequence[AcceptedMatch]) -> None:
    """Make `pair` and `choice`: what belongs together, and what a person has to choose between."""
    engine = steps.engine
    engine.table("pair", "matching/no_pair")
    engine.table("choice", "matching/no_choice")
    for rule in (Rule.EXACT, Rule.UNKNOWN_BUYER):
        _pair_by_agreement(steps, rule)
    if accepted:
        rows = [tuple(getattr(one, name) for name in _ACCEPTED) for one in accepted]
        engine.upload("accepted", _ACCEPTED, rows)
        engine.append("pair", "matching/accepted_pair")
    steps.ask("fallback_event", "fallback_claim")
    [(damaged, external)] = engine.query("matching/fallback_need")
    _find_leads(steps, damaged=damaged, external=external)
    _pair_the_single(steps, Rule.LOOSE_ID)
    for rule, is_there in ((Rule.DAMAGED_ID, damaged), (Rule.EXTERNAL_ID, external)):
        if is_there:
            steps.ask("fallback_event", "fallback_claim")
            _pair_the_single(steps, rule)
    steps.drop("fallback_event", "fallback_claim", "fallback_degree", "candidate")


def _find_leads(steps: Steps, *, damaged: int, external: int) -> None:
    """Make `damage_fit` and `external_lead`: the leads that rows left over may mean.

    They are of all that no exact rule has joined, because the next import may undo what a fallback
    rule joins now, and has to know then which leads were meant.
    """
    if damaged:
        steps.ask("damage_seen", "damage_fit")
        steps.drop("damage_seen")
    else:
        steps.engine.table("damage_fit", "matching/no_damage_fit")
    if external:
        steps.ask("external_lead")
    else:
        steps.engine.table("external_lead", "matching/no_external_lead")


def _pair_by_agreement(steps: Steps, rule: Rule) -> None:
    """Join all rows of one id that can be joined, the best pair of each id first."""
    engine = steps.engine
    engine.table("candidate", f"matching/candidate_{rule}", **steps.params)
    engine.table("open_pair", "matching/open_pair")
    # Invariant: every open candidate has both its rows unpaired; a round takes all pairs that
    # are the best left for both rows, so the result is that of one greedy pass.
    while engine.query("matching/open_pair_count")[0][0]:
        engine.table("best_pair", "matching/best_pair", rule=str(rule))
        engine.append("pair", "matching/new_pair")
        engine.table("open_pair", "matching/still_open")


def _pair_the_single(steps: Steps, rule: Rule) -> None:
    """Join rows that are each other's single candidate; the others are for a person to choose."""
    engine = steps.engine
    steps.ask(*_PREPARED[rule])
    engine.table("candidate", f"matching/candidate_{rule}")
    steps.ask("fallback_degree")
    engine.append("choice", "matching/new_choice")
    engine.append("pair", "matching/fallback_pair", rule=str(rule))
    steps.drop(*_PREPARED[rule])
