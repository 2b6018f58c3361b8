"""Pairs that only a person can make: what a run proposes, and the acceptance of one of them."""

from __future__ import annotations

from dataclasses import dataclass

from reconcile.asked import accepted_now, asked_of
from reconcile.decisions import scope_of
from reconcile.engine import Engine
from reconcile.errors import BadParameters
from reconcile.filtering import Record, finding_tables, run_tables
from reconcile.reading import row_at
from reconcile.terms import Kind, Side
from reconcile.unmatched import find_fitting
from reconcile.warehouse import Store

_FAR_US = 7 * 24 * 3_600_000_000
"""Further apart in time, an equal amount does not speak for one and the same claim."""


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
        (`claim_rivals`) and claims the event (`event_rivals`); of a damaged id also how many more
        leads fit it. Amounts are `Decimal`, times UTC.

    Raises:
        NotFound: There is no such run.
    """
    with run_tables(store, run_id) as engine:
        find_fitting(engine, store, run_id)
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


@dataclass(frozen=True)
class Held:
    """Why a claim may have its event already, under another id.

    `decision` accepted an event as that of the claim, and the run does not have the pair; None
    where the two are only proposed. `same` is None if the claim is the accepted one; else it may
    be, under another id, and `same` names what is the same, such as "time, amount".
    """

    decision: int | None
    same: str | None

    @property
    def why(self) -> str:
        """Say why nothing is fired for it, and what a person can do."""
        pair = self.decision
        if pair is None:
            return (
                "An event of the same campaign and amount, near in time, may be its own. Look with "
                "`reconcile explain`; accept the pair (reconcile decide CLAIM --as accept --with "
                "EVENT), or accept the finding by itself if its event is missing all the same."
            )
        if self.same is None:
            return (
                f"Decision {pair} accepted an event as its own, and the run does not have that "
                "pair. Where the acceptance is newer than the run, make a new run. Else a row of "
                f"the pair has moved since: take it back (reconcile decide --undo {pair}), or "
                "accept the finding by itself if its event is missing all the same."
            )
        return (
            f"An accepted pair of yours may be this one: decision {pair} accepted an event for a "
            f"claim of the same {self.same}, and the run does not have that pair. If this is that "
            "claim under another id, its event is there: reject the finding. If it is another "
            "claim, accept the finding by itself (reconcile decide CLAIM --as accept). If the pair "
            f"was none, take it back: reconcile decide --undo {pair}"
        )


def held_claims(store: Store, run_id: str) -> dict[str, Held]:
    """Return by ref the claims of a run whose event may be there, which nothing may be fired for.

    Raises:
        NotFound: There is no such run.
    """
    with finding_tables(store, run_id) as engine:
        _find_held(engine, store, run_id, with_all=False)
        rows = engine.records("accepting/held_claim")
    return {row["ref"]: Held(row["decision"], row["same"]) for row in rows}


def unmade_pairs(store: Store, run_id: str) -> list[Record]:
    """List the accepted pairs of a run's period that the run does not have, though it was asked to.

    Either row has moved or is gone, or the pair was accepted after the run. What was accepted
    holds back its claim, and the claims that may be it under another id, from being fired.

    Returns:
        One row per pair: `decision`, what was accepted of claim and event, where the two are now
        (`claim_now`, `event_now`), and in `may_be` the refs of such claims, blanks between. Amounts
        are `Decimal`, times UTC.

    Raises:
        NotFound: There is no such run.
    """
    scope = scope_of(store.run(run_id))
    if not accepted_now(store, Kind(scope.counterpart)):
        return []
    with finding_tables(store, run_id) as engine:
        _find_held(engine, store, run_id, with_all=True)
        period = {"period_from": scope.period_from, "period_to": scope.period_to}
        return engine.records("accepting/unmade_pair", **period)


def _find_held(engine: Engine, store: Store, run_id: str, *, with_all: bool) -> None:
    """Make what `held_claim` reads: pairs that are not made, and claims that are like theirs."""
    record = store.run(run_id)
    kind = Kind(scope_of(record).counterpart)
    columns = dict.fromkeys(("event_id", "buyer", "campaign_id"), "varchar")
    for side in Side:
        columns |= {f"{side}_key": "varchar", f"{side}_at": "varchar", f"{side}_e4": "bigint"}
    columns = {"decision": "bigint", **columns}
    accepted = store.catalog.query("accepting/accepted_pair", counterpart=str(kind))
    rows = [tuple(row[name] for name in columns) for row in accepted]
    engine.upload("accepted_pair", columns, rows)
    engine.table("unmade", "accepting/unmade")
    engine.table("open_claim", "accepting/open_claim")
    engine.table("like_claim", "accepting/like_claim", far_us=_FAR_US)
    if engine.table("affected_id", "accepting/accepted_key", with_all=with_all):
        batches = [batch for batch in asked_of(store, record).batches if batch.kind is kind]
        store.hold(engine, batches, {kind: f"increment/affected_{kind}"})
        store.attach(engine, batches, held=True)
        if kind is Kind.LEAD:
            engine.drop("claim")
            engine.view("claim", "accepting/lead_there")
        engine.table("claim_there", "accepting/claim_there")
    else:
        engine.upload("claim_there", {"decision": "bigint"}, [])
