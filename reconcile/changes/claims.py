"""What the newest version of a buyer's reports says otherwise than the one before.

Versions are not stored but decided when read, so the version before is what counts without the
newest batch. What counts of an amount depends on its status as in a run (matching.md, status).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reconcile.engine import Engine
from reconcile.errors import BadParameters, NotFound, QuestionOpen, ResidualError
from reconcile.filtering import Record
from reconcile.matching.parameters import RunParameters
from reconcile.showing import names_there
from reconcile.terms import STATUS_WORDS, Kind
from reconcile.warehouse import Batch, Store
from reconcile.warehouse.aliases import known_names

ALL = 2**62
CAUSES = ("added", "removed", "repriced", "status")
"""What can move the sum of a buyer's claims, in the order in which it is told."""

Age = tuple[datetime, str]


@dataclass(frozen=True)
class ReportChanges:
    """The state of a buyer's claims before some batches, and with them.

    `totals` has a row per currency: `before`, `added`, `removed`, `repriced`, `status`, `after`,
    of which before + added - removed + repriced + status = after, exactly; beside them the rows
    of each kind (`added_rows` ...), and `other_rows`, of which no amount counts otherwise.
    `came_rows` came from another currency and `went_rows` went to one, so that rows_before +
    added_rows - removed_rows + came_rows - went_rows = rows_after.
    `rows` are the moves, the largest effect first: a claim has one for each cause, and for each
    currency it touches, so that their effects are those of `totals`. Money is `Decimal`.
    """

    buyer: str
    new: tuple[Batch, ...]
    before: tuple[Batch, ...]
    totals: tuple[Record, ...]
    rows: tuple[Record, ...]


def report_changes(  # noqa: PLR0913 - what is compared, and what of it
    store: Store,
    buyer: str,
    *,
    since: str | datetime | None = None,
    period: tuple[datetime, datetime] | None = None,
    rules: RunParameters | None = None,
    limit: int = ALL,
) -> ReportChanges:
    """Compare what counts of a buyer's reports with what counted before.

    Args:
        store: The warehouse.
        buyer: Its known name.
        since: Compare with the state after this batch, or with that of files made before this
            time (naive UTC); by default with the state without the newest batch of the buyer.
        period: Only claims of this time (naive UTC, half open).
        rules: What status words mean to a run, whether pending ones count, and the currency of
            rows that name none.
        limit: Rows at most.

    Raises:
        NotFound: No visible report names the buyer, or there is no such batch.
        BadParameters: There is no older, or no newer, version.
        QuestionOpen: A status word that nobody has translated.
    """
    aliases = known_names(store.catalog).get("buyer", {})
    buyer = aliases.get(buyer, buyer)
    visible = sorted(store.batches(Kind.CLAIM), key=_age)
    own = _own(store, visible, buyer, aliases)
    new = _new(store, own, buyer, since)
    senders = {batch.sender for batch in own}
    every = [batch for batch in visible if batch.sender in senders]
    before = [batch for batch in every if batch.id not in {one.id for one in new}]
    engine = Engine()
    try:
        engine.upload(
            "known_buyer", {"spelling": "varchar", "name": "varchar"}, list(aliases.items())
        )
        asked = _Asked(buyer, period, rules)
        for name, batches in (("claim_before", before), ("claim_now", every)):
            _state(engine, store, batches, name=name, asked=asked)
        engine.table("change", "changes/change")
        engine.table("move", "changes/move")
        return ReportChanges(
            buyer,
            tuple(new),
            tuple(batch for batch in own if batch not in new),
            tuple(_totals(engine)),
            tuple(engine.records("changes/change_out", limit=limit)),
        )
    finally:
        engine.close()


@dataclass(frozen=True)
class _Asked:
    """Of which claims, and by which rules."""

    buyer: str
    period: tuple[datetime, datetime] | None
    rules: RunParameters | None


def _age(batch: Batch) -> Age:
    return (batch.made_at, batch.id)


def _own(
    store: Store, visible: Sequence[Batch], buyer: str, aliases: dict[str, str]
) -> list[Batch]:
    """Return the reports in which the buyer is named, or that are his."""

    def named(batch: Batch) -> set[str]:
        return {aliases.get(name, name) for name in batch.buyers}

    def sender(batch: Batch) -> str | None:
        return aliases.get(batch.sender, batch.sender) if batch.sender else None

    own = [batch for batch in visible if buyer in named(batch) or buyer == sender(batch)]
    if any(buyer in named(batch) for batch in own):
        return own
    bare = {name for batch in visible if not batch.buyers and (name := sender(batch))}
    bare |= {aliases.get(name, name) for name in _bare_senders(store, visible)}
    if own and buyer in bare:
        return own
    asked = own or visible
    known = {name for batch in asked for name in named(batch)} | (set() if own else bare)
    who = f"{buyer!r} is a sender and no buyer: its reports" if own else "the reports"
    there = f"{who} name {names_there(buyer, known)}" if known else "no buyer report is loaded yet"
    raise NotFound(f"no report of {buyer!r}; {there}.")


def _bare_senders(store: Store, batches: Sequence[Batch]) -> set[str]:
    """Return the senders of claims that name no buyer."""
    engine = Engine()
    try:
        store.attach(engine, batches)
        return {str(name) for (name,) in engine.query("changes/bare_sender")}
    finally:
        engine.close()


def _new(
    store: Store, own: Sequence[Batch], buyer: str, since: str | datetime | None
) -> list[Batch]:
    """Return the batches that make the newer version."""
    if since is None:
        new = [batch for batch in own if batch.made_at == own[-1].made_at]
    elif isinstance(since, datetime):
        new = [batch for batch in own if batch.made_at >= since]
    else:
        new = [batch for batch in own if _age(batch) > _age(store.batch(since))]
    if not new:
        raise BadParameters(
            f"Nothing of {buyer} is newer than {since}; the newest is {own[-1].id} "
            f"({own[-1].file}). Leave --since out to compare with the version before that."
        )
    if len(new) == len(own):
        raise BadParameters(
            f"There is no earlier version of {buyer}'s reports to compare with: "
            f"{own[0].id} ({own[0].file}) is the first. `reconcile batches` lists what is loaded."
        )
    return new


def _state(
    engine: Engine, store: Store, batches: Sequence[Batch], *, name: str, asked: _Asked
) -> None:
    """Make the table `name`: the buyer's claims that count where only these batches are there."""
    store.attach(engine, batches)
    stated = asked.rules.status if asked.rules else {}
    meanings = [
        (number, word, str(status))
        for number, batch in enumerate(batches, 1)
        for word, status in {**STATUS_WORDS, **stated, **batch.status_words}.items()
    ]
    engine.upload(
        "status_meaning", {"file_no": "integer", "raw": "varchar", "status": "varchar"}, meanings
    )
    period_from, period_to = asked.period or (None, None)
    engine.table(
        name,
        "changes/claim",
        buyer=asked.buyer,
        period_from=period_from,
        period_to=period_to,
        pending_counts=bool(asked.rules and asked.rules.pending_counts),
        currency=asked.rules.currency if asked.rules else None,
    )
    unknown = engine.records("changes/unknown_status", claims=name)
    if unknown:
        listed = "\n".join(
            f"  {r['word']!r}: {r['rows']} row(s), first {r['place']}" for r in unknown
        )
        stated_as = "\n".join(f'{json.dumps(r["word"], ensure_ascii=False)} = "?"' for r in unknown)
        raise QuestionOpen(
            f"No table says what these status words mean:\n{listed}\nAnswer in a file of "
            f"parameters (--params run.toml) or in the sender's mapping:\n[status]\n{stated_as}"
        )


def _totals(engine: Engine) -> list[Record]:
    """Return the sums per currency, proven to add up."""
    sums = {
        name: {row["currency"]: row for row in engine.records("changes/state_sum", claims=claims)}
        for name, claims in (("before", "claim_before"), ("after", "claim_now"))
    }
    moves = {(row["cause"], row["currency"]): row for row in engine.records("changes/effect")}
    effects = {
        key: int(row["effect_e4"]) * (-1 if key[0] == "removed" else 1)
        for key, row in moves.items()
    }
    rows = {key: int(row["rows"]) for key, row in moves.items()}
    changed = {row["currency"]: row for row in engine.records("changes/change_currency")}
    currencies = {*sums["before"], *sums["after"], *(currency for _, currency in effects)}
    totals = []
    for currency in sorted(currencies, key=lambda one: one or ""):
        e4 = {cause: effects.get((cause, currency), 0) for cause in CAUSES}
        ends = {
            name: int(found[currency]["sum_e4"]) if currency in found else 0
            for name, found in sums.items()
        }
        moved = e4["added"] - e4["removed"] + e4["repriced"] + e4["status"]
        if ends["before"] + moved != ends["after"]:
            raise ResidualError(f"The changes of {currency} leave a residual; report this defect.")
        amounts = {**ends, **e4}
        totals.append(
            {
                "currency": currency,
                **{n: Decimal(amounts[n]).scaleb(-4) for n in ("before", *CAUSES, "after")},
                "rows_before": _count(sums["before"], currency),
                **{f"{kind}_rows": rows.get((kind, currency), 0) for kind in (*CAUSES, "other")},
                **{f"{way}_rows": _count(changed, currency, way) for way in ("came", "went")},
                "rows_after": _count(sums["after"], currency),
            }
        )
    return totals


def _count(found: dict[str | None, Record], currency: str | None, name: str = "rows") -> int:
    return int(found[currency][name]) if currency in found else 0
