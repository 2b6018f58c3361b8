"""Why a left-over row was not matched: what comes nearest to it on the other side.

Only left-overs are looked at, and of the paired rows only those of their ids. So a candidate may be
taken by another row, and is then shown as such, because that is often the explanation. What may be
a candidate, the questions of `sql/nearest` say, one each; `near_scored` compares, and counts points
for each difference, so that the order can be followed by hand (docs/matching.md has the table).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from reconcile.engine import Engine
from reconcile.matching.aliasing import with_known_names
from reconcile.matching.parameters import RunParameters
from reconcile.matching.reconciling import KEY_SPACE, Inputs
from reconcile.matching.steps import Steps
from reconcile.terms import Kind

MOST_PAIRS = 10_000
"""Pairs of rows that share one id, or one text of ids, beyond which they are not looked at."""

MOST_PLACES = 5
"""Candidates of a row that are kept."""

MOST_POINTS = 6
"""What costs more is not near, unless it names the same lead."""

_BYTES_WORDED = 1200
"""Of a candidate and the row that it is near to, with all their texts."""

SHORTEST_ID, LONGEST_ID = 4, 64
"""Characters of an id that is compared letter by letter."""

_END_LETTERS = 8
_HOUR = 3_600_000_000
_LIMITS: dict[str, object] = {
    "most_pairs": MOST_PAIRS,
    "most_places": MOST_PLACES,
    "most_points": MOST_POINTS,
    "shortest_id": SHORTEST_ID,
    "longest_id": LONGEST_ID,
    "end_letters": _END_LETTERS,
    "near_us": 24 * _HOUR,
    "far_us": 7 * 24 * _HOUR,
}
_FACTS = ("lead_fact", "event_fact", "claim_fact", "crowded_key", "clean_pair")
_HELPERS = (
    *("near_key", "near_id", "near_signature", "crowded_signature", "id_pair"),
    *("priced_row", "priced_asked"),
)
_WAYS = ("same_lead", "similar_id", "same_external", "one_edit", "same_amount", "crowded")


def find_nearest(engine: Engine, parameters: RunParameters, told: str) -> None:
    """Leave the table `run_nearest`: the nearest candidates of every left-over finding.

    Frees what only pairing and this needed: `event_run`, `claim_run`, `pair` and `choice`.

    Args:
        engine: As `reconcile_tables` leaves it. The ids with left-overs must have all their rows in
            `lead`, `event` and `claim`; whether other ids have does not matter.
        parameters: Those of the run.
        told: A table of the run's rows with their classes, in the form of `row_in_scope`.
    """
    steps = _steps(engine, parameters)
    engine.once("nearest/macros")
    engine.table("left_id", "nearest/left_id")
    with _only_near(engine):
        steps.ask(*_FACTS)
        engine.table("near_taken", "nearest/near_taken")
        engine.table("near_told", "nearest/event_row", **steps.params)
        engine.append("near_told", "nearest/claim_row", **steps.params)
    steps.drop(*_FACTS, "left_id", "near_taken")
    engine.table("near_row", "nearest/near_row")
    asked = engine.table("near_asked", "nearest/near_asked", told=told)
    engine.table("near_found", "nearest/rule_choice")
    steps.drop("near_told", "event_run", "claim_run", "pair", "choice")
    if asked:
        _find_candidates(engine)
    engine.table("near_scored", "nearest/near_scored", **_LIMITS)
    steps.drop("near_found", "near_asked")
    ranked = engine.table("near_ranked", "nearest/near_ranked", **_LIMITS)
    steps.drop("near_scored")
    _word(engine, ranked)
    steps.drop("near_ranked", "near_row")


def _word(engine: Engine, ranked: int) -> None:
    """Make `run_nearest` of the ranked candidates, in as many parts as memory asks for.

    The rows of a part are joined to the words of both rows, which are wide.
    """
    parts = 1 + ranked * _BYTES_WORDED // (engine.memory_limit // 4)
    make = engine.table
    for part in range(parts):
        make("run_nearest", "nearest/nearest", part=part, parts=parts)
        make = engine.append


def _steps(engine: Engine, parameters: RunParameters) -> Steps:
    """Return what the questions of a run are asked with, all ids at once."""
    known, _ = with_known_names(parameters, Inputs((), (), (), (), ()))
    steps = Steps(engine, known)
    words = {str(word): int(number) for word, number in engine.query("matching/word_number")}
    steps.params |= {
        "default_event_no": words.get(known.default_event or ""),
        "currency_no": words.get(known.currency or ""),
        "key_from": 0,
        "key_to": KEY_SPACE - 1,
    }
    return steps


@contextmanager
def _only_near(engine: Engine) -> Iterator[None]:
    """Let `lead`, `event` and `claim` be the rows of ids with left-overs only, meanwhile.

    Leads first: where sold leads are the claims, these are a view of them.
    """
    keep_near(engine, Kind)
    try:
        yield
    finally:
        for kind in Kind:
            engine.drop(kind)
            engine.rename(f"{kind}_all", kind)


def keep_near(engine: Engine, kinds: Iterable[Kind]) -> None:
    """Make the tables of some kinds those rows of them whose ids `left_id` has, or that have none.

    All rows are called `<kind>_all` from then on.
    """
    for kind in kinds:
        engine.rename(kind, f"{kind}_all")
        engine.table(kind, f"nearest/{kind}_near")


def _find_candidates(engine: Engine) -> None:
    for name in _HELPERS:
        engine.table(name, f"nearest/{name}", **_LIMITS)
    for name in _WAYS:
        engine.append("near_found", f"nearest/{name}", **_LIMITS)
    for name in _HELPERS:
        engine.drop(name)
