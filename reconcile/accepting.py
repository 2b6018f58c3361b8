"""Pairs that only a person can make: what a run proposes, and the acceptance of one of them."""

from __future__ import annotations

from dataclasses import dataclass

from reconcile.asked import accepted_now
from reconcile.decisions import scope_of
from reconcile.engine import Engine
from reconcile.errors import BadParameters
from reconcile.filtering import Record, run_tables
from reconcile.reading import row_at
from reconcile.terms import Kind, Side
from reconcile.warehouse import Store


@dataclass(frozen=True)
class Match:
    """A claim and an event of a run that may be accepted, by their refs and by what they say."""

    claim: str
    event: str
    said: Record


def proposals(store: Store, run_id: str) -> list[Record]:
    """List the pairs that a run proposes: left-over rows that agree but for their ids.

    A claim and an event are proposed if event, campaign, amount and currency agree, no two buyers
    differ, they lie at most a day apart, and at least one of their ids names no lead. Nothing is
    joined by it: `decide` with `partner` accepts one.

    Returns:
        One row per claim and one of its nearest five events, the least doubtful first, with the
        refs `claim` and `event`, `seconds_apart`, and how many more events fit the claim
        (`claim_rivals`) and claims the event (`event_rivals`). Amounts are `Decimal`, times UTC.

    Raises:
        NotFound: There is no such run.
    """
    with run_tables(store, run_id) as engine:
        return engine.records("accepting/proposal", side=None, batch=None, line=None)


def find_match(store: Store, run_id: str, one: str, other: str) -> Match:
    """Return the pair of two left-over rows, if the run proposes it or has them as candidates.

    Args:
        store: The warehouse.
        run_id: A stored run.
        one: A row: its ref, or file:line.
        other: A row of the other side.

    Raises:
        NotFound: There is no such run or row.
        BadParameters: The run does not offer them as a pair, or one of them is accepted already.
    """
    refs: dict[str, str] = {}
    with run_tables(store, run_id) as engine:
        for named in (one, other):
            row = row_at(engine, named)
            refs[row["side"]] = row["ref"]
        if len(refs) != len(Side):
            raise BadParameters(f"{one} and {other} are on the same side; a pair has one of each.")
        claim, event = refs[Side.CLAIM], refs[Side.EVENT]
        found = engine.records("accepting/match", claim=claim, event=event)
        if not found:
            raise BadParameters(
                f"Run {run_id} does not offer {claim} and {event} as a pair, so nothing was "
                "accepted. `reconcile proposals` lists what it proposes; `reconcile explain` the "
                "candidates of an ambiguous row."
            )
        _refuse_taken(store, run_id, engine, found[0])
    return Match(claim, event, found[0])


def _refuse_taken(store: Store, run_id: str, engine: Engine, said: Record) -> None:
    """Refuse what is accepted already as often as there are such rows."""
    counterpart = Kind(scope_of(store.run(run_id)).counterpart)
    [rows] = engine.records("accepting/equal_rows", **said)
    for side in Side:
        facts = {name: said[name] for name in ("event_id", *(f"{side}_{n}" for n in _FACTS))}
        same = [
            row
            for row in accepted_now(store, counterpart)
            if all(row[name] == value for name, value in facts.items())
        ]
        if len(same) >= rows[f"{side}s"]:
            raise BadParameters(
                f"The {side} is accepted as a partner already, by decision {same[-1]['decision']}. "
                f"Take that back first: reconcile decide --undo {same[-1]['decision']}"
            )


_FACTS = ("key", "at", "e4")
