"""What a stored run says: its findings, its bridge, and why a row has its class."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconcile.engine import Engine
from reconcile.errors import BadParameters, NotFound
from reconcile.filtering import (
    EVERYTHING,
    LARGEST,
    FindingFilter,
    Record,
    finding_tables,
    known_rows,
    order_values,
    run_tables,
)
from reconcile.matched import is_at, matched_tables
from reconcile.matching.wording import misspelled_sentence, nearest_sentence, sentence
from reconcile.terms import Kind, RowClass, Side
from reconcile.unmatched import find_fitting, misspelled, view_nearest
from reconcile.warehouse import Batch, Store, check_files, glob_free

if TYPE_CHECKING:
    import pandas as pd

DIMENSIONS = ("currency", "buyer", "campaign", "day")
"""What a bridge can be split by; left out, it is rolled up."""


@dataclass(frozen=True)
class Explanation:
    """Why a row has its class.

    `row` and `partner` are the run's records; `source` and `partner_source` the rows as imported;
    `candidates` what an ambiguous row could belong to, `proposals` what a left-over one may be
    accepted as a partner of. Of a finding without a partner `nearest` lists what comes nearest to
    it on the other side, at most five rows, each with `text` that says what differs and `points`
    that say how much; `unmatched` sums that up in one sentence. `misspelled` lists the leads and
    the matched rows of the other side whose id is one edit away, each with `kind` and `text`.
    """

    text: str
    next_step: str
    row: Record
    partner: Record | None
    source: Record
    partner_source: Record | None
    candidates: tuple[Record, ...]
    nearest: tuple[Record, ...] = ()
    proposals: tuple[Record, ...] = ()
    unmatched: str | None = None
    misspelled: tuple[Record, ...] = ()


def findings(  # noqa: PLR0913 - which ones, in which order, and which page of them
    store: Store,
    run_id: str,
    *,
    only: FindingFilter = EVERYTHING,
    order: str = LARGEST,
    limit: int = 1000,
    offset: int = 0,
) -> list[Record]:
    """List the findings of a run as exact rows, the largest amount at stake first.

    `order` is one of `filtering.ORDERS`, a minus before it for the greatest first; what is unknown
    comes last. A pair is one finding and stands at its claim; money is `Decimal`. `ref` names the
    row for `explain`, `at_stake` is the finding's share of the bridge without its sign. Of a pair
    in two currencies `other_at_stake` is its event's share, in `other_currency`, and both are
    compared wherever amounts are; null for all others. A filter by currency finds it by either, and
    then sorts by what is at stake in that one. `credited` is what the counterpart credits, in
    `credited_in`; `other_credited` and `other_credited_in` are that of a second currency. `finding`
    names it in every run, `state` says where it stands, and `stale` which facts moved since the
    decision.
    `nearest` says in words what came nearest to a left-over row, and what differs; null for pairs.

    Raises:
        BadParameters: There is no such order.
        NotFound: There is no such run, or nothing of such a buyer in it.
    """
    asked = order_values(order)
    with finding_tables(store, run_id, only) as engine:
        _show(engine, store, run_id, asked | {"limit": limit, "offset": offset})
        return known_rows(store, run_id, only.buyer, engine.records("nearest/finding", **asked))


def findings_frame(  # noqa: PLR0913 - which ones, in which order, and which page of them
    store: Store,
    run_id: str,
    *,
    only: FindingFilter = EVERYTHING,
    order: str = LARGEST,
    limit: int = 1000,
    offset: int = 0,
) -> pd.DataFrame:
    """List the findings of a run as a frame, for looking at: its money is float; see `findings`.

    Raises:
        BadParameters: There is no such order.
        NotFound: There is no such run, or nothing of such a buyer in it.
    """
    asked = order_values(order)
    with finding_tables(store, run_id, only) as engine:
        _show(engine, store, run_id, asked | {"limit": limit, "offset": offset})
        frame = engine.frame("nearest/finding", **asked)
    known_rows(store, run_id, only.buyer, frame.index)
    return frame


def _show(engine: Engine, store: Store, run_id: str, asked: dict[str, object]) -> None:
    """Make the tables of the findings that are shown, and of what came nearest to them."""
    engine.table("finding_shown", "reading/finding", **asked)
    view_nearest(engine, store, run_id)


def finding_totals(store: Store, run_id: str, *, only: FindingFilter = EVERYTHING) -> list[Record]:
    """Count the findings of a run and sum what is at stake, per class and currency.

    `findings` of all rows add up to the rows that `findings` lists with the filter. A pair in two
    currencies is counted in that of its claim; in its event's it is one of those `elsewhere`. Its
    money is in both, so that `at_stake` is all that the bridge has of findings in each currency.

    Raises:
        NotFound: There is no such run, or nothing of such a buyer in it.
    """
    with finding_tables(store, run_id, only) as engine:
        return known_rows(store, run_id, only.buyer, engine.records("reading/finding_total"))


def bridge(  # noqa: PLR0913 - three filters beside the dimensions
    store: Store,
    run_id: str,
    *,
    by: Collection[str] = ("currency",),
    buyer: str | None = None,
    campaign: str | None = None,
    currency: str | None = None,
) -> list[Record]:
    """Return a run's bridge from events to claims, rolled up to some dimensions, as exact rows.

    In every group `events` plus all other buckets equals `claims`, to the last digit.

    Args:
        store: The warehouse.
        run_id: A stored run.
        by: Of `currency`, `buyer`, `campaign` and `day`, those to split by.
        buyer: Only this buyer.
        campaign: Only this campaign.
        currency: Only this currency.

    Raises:
        BadParameters: `by` names something else.
        NotFound: There is no such run, or nothing of such a buyer in it.
    """
    unknown = sorted(set(by) - set(DIMENSIONS))
    if unknown:
        raise BadParameters(
            f"A bridge cannot be split by {', '.join(unknown)}; only by {', '.join(DIMENSIONS)}."
        )
    split = {f"by_{name}": name in by for name in DIMENSIONS}
    only = {"buyer": buyer, "campaign": campaign, "currency": currency}
    with run_tables(store, run_id) as engine:
        return known_rows(store, run_id, buyer, engine.records("reading/bridge", **split, **only))


def explain(store: Store, run_id: str, ref: str, *, all_ids: bool = True) -> Explanation:
    """Say why a row of a run has its class, with both rows as they were imported.

    Args:
        store: The warehouse.
        run_id: A stored run.
        ref: `side:batch:line` as findings show it, or `file:line`.
        all_ids: Look for `misspelled` ones, which reads the ids of all rows.

    Raises:
        NotFound: The run has no such row. A matched one, of which a run keeps sums only, is
            reconciled once more.
        WarehouseError: The file of a batch is missing.
    """
    side, place, line = _place(ref)
    with run_tables(store, run_id) as engine:
        rows = engine.records("reading/row_by_place", side=side, place=place, line=line)
        if not rows:
            line = _first_line(store, run_id, place, line)
            rows = engine.records("reading/row_by_place", side=side, place=place, line=line)
        if rows:
            same = _matched_there(store, run_id, (side, place, line))
            row = _only(ref, rows + same)
            return _explained(engine, store, run_id, row, all_ids=all_ids)
    with matched_tables(store, run_id, side=side, place=place, line=line) as matched:
        if matched is None:
            raise NotFound(_not_one(ref, []))
        rows = matched.records("reading/row_by_place", side=side, place=place, line=line)
        return _explained(matched, store, run_id, _only(ref, rows), all_ids=all_ids)


def row_at(engine: Engine, ref: str) -> Record:
    """Return the one row of a run's `run_row` that a ref names.

    Raises:
        NotFound: The run keeps no such row, or several.
    """
    side, place, line = _place(ref)
    found = engine.records("reading/row_by_place", side=side, place=place, line=line)
    return _only(ref, found)


def _matched_there(store: Store, run_id: str, at: tuple[str | None, str, int]) -> list[Record]:
    """Return the matched rows at a line of files that share a name; none if one file has it."""
    side, place, line = at
    batches = map(store.batch, store.run(run_id).batch_ids)
    if sum(is_at(batch, place) for batch in batches) < 2:
        return []
    with matched_tables(store, run_id, side=side, place=place, line=line) as matched:
        if matched is None:
            return []
        return matched.records("reading/row_by_place", side=side, place=place, line=line)


def _only(ref: str, rows: list[Record]) -> Record:
    if len(rows) != 1:
        raise NotFound(_not_one(ref, rows))
    return rows[0]


def _explained(
    engine: Engine, store: Store, run_id: str, row: Record, *, all_ids: bool
) -> Explanation:
    partner = _partner(engine, row)
    nearest, unmatched = _nearest(engine, store, run_id, row)
    fitting, proposals = _proposals(engine, store, run_id, row)
    return Explanation(
        text=sentence(row, partner, fitting),
        next_step=RowClass(row["class"]).next_step,
        row=row,
        partner=partner,
        source=_source(engine, store, row["batch"], row["line"]),
        partner_source=(
            _source(engine, store, row["partner_batch"], row["partner_line"])
            if row["partner_batch"]
            else None
        ),
        candidates=_candidates(engine, row),
        nearest=nearest,
        unmatched=unmatched,
        proposals=proposals,
        misspelled=_misspelled(engine, store, run_id, row) if all_ids else (),
    )


def _proposals(
    engine: Engine, store: Store, run_id: str, row: Record
) -> tuple[list[str] | None, tuple[Record, ...]]:
    """Return the proposed partners of a left-over row, before them the leads that its id fits.

    None instead of leads where its id shows no damage.
    """
    if row["rule"] is not None:
        return None, ()
    place = {name: row[name] for name in ("side", "batch", "line")}
    id_ = row["transaction_id"]
    if not engine.query("accepting/proposed_or_odd", **place, id=id_):
        return None, ()  # nearly all rows, and told in a third of the time
    find_fitting(engine, store, run_id, at=place)
    shown = engine.records("accepting/damaged", id=id_)
    fitting = [str(lead) for (lead,) in engine.query("accepting/fit", id=id_)] if shown else None
    return fitting, tuple(engine.records("accepting/proposal", **place))


def _nearest(
    engine: Engine, store: Store, run_id: str, row: Record
) -> tuple[tuple[Record, ...], str | None]:
    """Return what comes nearest to a left-over row, and that in a sentence; nothing for others."""
    if row["partner_batch"] is not None or not RowClass(row["class"]).is_finding:
        return (), None
    trouble = view_nearest(engine, store, run_id)
    place = {"side": row["side"], "batch": row["batch"], "line": row["line"]}
    found = tuple(engine.records("nearest/worded", **place))
    return found, nearest_sentence(found, trouble)


def _misspelled(engine: Engine, store: Store, run_id: str, row: Record) -> tuple[Record, ...]:
    if row["partner_batch"] is not None or not RowClass(row["class"]).is_finding:
        return ()
    found = misspelled(engine, store, run_id, row)
    return tuple({**near, "text": misspelled_sentence(near)} for near in found)


def campaign_currencies(store: Store) -> dict[str, str]:
    """Return the currency of each campaign whose loaded events are all in one."""
    engine = Engine()
    try:
        store.attach(engine, store.batches(Kind.EVENT))
        return dict(engine.query("reading/campaign_currency"))
    finally:
        engine.close()


def rejected_rows(store: Store, batch_id: str, *, limit: int = 2**62) -> list[Record]:
    """List the first rows of a batch that could not be read: line, column, value and reason.

    Raises:
        NotFound: There is no such batch.
    """
    path = store.batch(batch_id).rejects_path
    if not path.is_file():
        return []
    engine = Engine()
    try:
        engine.view_parquet("batch_reject", [glob_free(path)])
        return engine.records("reading/rejected", most=limit)
    finally:
        engine.close()


def _place(ref: str) -> tuple[str | None, str, int]:
    place, _, line = ref.rpartition(":")
    if not place or not (line.isascii() and line.isdigit()):
        raise NotFound(
            f"{ref!r} is no row. Write side:batch:line as `reconcile findings` shows it, "
            "for example claim:20261103-a1b2:212, or file:line."
        )
    head, _, rest = place.partition(":")
    if rest and head in set(Side):
        return head, rest, int(line)
    return None, place, int(line)


def _not_one(ref: str, rows: list[Record]) -> str:
    if rows:
        return f"{ref} could be any of {', '.join(str(row['ref']) for row in rows)}."
    return (
        f"The run has no row {ref}: it is no line of a file that the run read, a newer version of "
        "it counts, it lies outside the period, or it was left out. `reconcile findings --all` "
        "lists the rows."
    )


def _first_line(store: Store, run_id: str, place: str, line: int) -> int:
    """Return the line that a summed row is named by, of any of its lines; else the line itself.

    Raises:
        NotFound: The line was rejected at import, so that no run has it.
    """
    for batch in map(store.batch, store.run(run_id).batch_ids):
        if not is_at(batch, place):
            continue
        engine = Engine()
        try:
            if batch.rejects_path.is_file():
                engine.view_parquet("batch_reject", [glob_free(batch.rejects_path)])
                for reject in engine.records("reading/rejected_line", line=line):
                    raise NotFound(
                        f"{batch.file} line {line} was rejected at import, so it is in no run: "
                        f"{reject['column']} {reject['value']!r}, {reject['reason']}."
                    )
            _view_rows(engine, batch)
            for row in engine.records("reading/summed_row", batch=batch.id, line=line):
                return int(row["line_no"])
        finally:
            engine.close()
    return line


def _partner(engine: Engine, row: Record) -> Record | None:
    if row["partner_batch"] is None:
        return None
    other = Side.CLAIM if row["side"] == Side.EVENT else Side.EVENT
    found = engine.records(
        "reading/row_by_place",
        side=str(other),
        place=row["partner_batch"],
        line=row["partner_line"],
    )
    return found[0] if found else None


def _source(engine: Engine, store: Store, batch_id: str, line: int) -> Record:
    _view_rows(engine, store.batch(batch_id))
    return engine.records("reading/source_row", batch=batch_id, line=line)[0]


def _view_rows(engine: Engine, batch: Batch) -> None:
    check_files([batch])
    engine.view_parquet("batch_row", [glob_free(path) for path in batch.rows_paths])


def _candidates(engine: Engine, row: Record) -> tuple[Record, ...]:
    if row["class"] != RowClass.AMBIGUOUS:
        return ()
    return tuple(
        engine.records("reading/choices", side=row["side"], batch=row["batch"], line=row["line"])
    )
