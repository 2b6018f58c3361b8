"""Which findings of a run are meant, and the tables to read them from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any, TypeVar
from weakref import finalize

from reconcile.asked import asked_of
from reconcile.decisions import decided_names, moment, resolve
from reconcile.engine import Engine
from reconcile.errors import BadParameters, NotFound
from reconcile.showing import names_there
from reconcile.terms import FindingState, Flag, RowClass
from reconcile.warehouse import Store, glob_free

Record = dict[str, Any]
Rows = TypeVar("Rows", bound=Sized)


@dataclass(frozen=True)
class FindingFilter:
    """Which findings to show; None lets all pass.

    `search` is part of a transaction id. With `all_classes` rows that ask nothing of anybody
    (matched within tolerance, other period, not due yet, not billable) are shown as well.
    `day_from` and `day_to` are local days, `at_least` and `at_most` amounts at stake; both ends are
    included. A pair in two currencies is found by either `currency`, and by the greater amount,
    whichever it is in. `source` is a pid that some row of the id names. `ids` are names, refs,
    `file:line` or transaction ids. `stale` asks for decisions whose facts moved, or that stand; an
    `assignee` of "" is nobody. In state "closed" there are also findings that no longer stand.
    `decision` asks for what a decision was on, by its number; it goes without `ids`.
    """

    row_class: str | None = None
    reason: str | None = None
    flag: str | None = None
    buyer: str | None = None
    campaign: str | None = None
    currency: str | None = None
    day: date | None = None
    search: str | None = None
    all_classes: bool = False
    event: str | None = None
    source: str | None = None
    day_from: date | None = None
    day_to: date | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    ids: tuple[str, ...] | None = None
    state: str | None = None
    stale: bool | None = None
    assignee: str | None = None
    decision: int | None = None

    def __post_init__(self) -> None:
        """Refuse words that no run uses, instead of showing nothing."""
        known: dict[str, list[str]] = {
            "row_class": [*RowClass],
            "flag": [*Flag],
            "state": [*FindingState],
        }
        for name, words in known.items():
            value = getattr(self, name)
            if value is not None and value not in words:
                raise BadParameters(
                    f"No {name.replace('row_', '')} is called {value!r}. "
                    f"There are: {', '.join(words)}."
                )
        if self.decision is not None and self.ids is not None:
            raise BadParameters("Findings are asked for by a decision, or by ids: not by both.")


EVERYTHING = FindingFilter()

ORDERS = (
    *("at_stake", "revenue", "day", "class", "state", "buyer", "currency", "event"),
    *("transaction_id", "status", "file"),
)
"""By what findings can be ordered; `file` is the place of the row, a class goes by its label."""

_ORDERED_BY = ("sorted_by", "order_text", "order_number")
"""Columns of a page of findings that only their order needs."""

LARGEST = "-at_stake"
"""The usual order: the largest amount at stake first."""


def order_values(order: str) -> dict[str, object]:
    """Return the parameters of an order: one of `ORDERS`, a minus before it for the greatest first.

    Raises:
        BadParameters: Findings have no such order.
    """
    name = order.removeprefix("-")
    if name not in ORDERS:
        raise BadParameters(
            f"Findings cannot be ordered by {order!r}. There are: {', '.join(ORDERS)}; a minus in "
            "front, such as -day, puts the greatest first."
        )
    classes = [str(one) for one in sorted(RowClass, key=lambda one: one.label)]
    return {"order": name, "falling": order != name, "classes": classes}


@contextmanager
def run_tables(store: Store, run_id: str) -> Iterator[Engine]:
    """Lend an engine with `run_row`, `run_bridge`, `run_choice` and `run_proposal` of a run.

    Raises:
        NotFound: There is no such run.
    """
    record = store.run(run_id)
    folder = store.run_path(record.id)
    engine = Engine()
    try:
        for name in ("run_row", "bridge", "run_choice"):
            table = "run_bridge" if name == "bridge" else name
            engine.view_parquet(table, [glob_free(folder / f"{name}.parquet")])
        if record.rule_version == "1":  # its rows do not tell what a pair rests on
            engine.view_parquet("run_row_1", [glob_free(folder / "run_row.parquet")])
            engine.drop("run_row")
            engine.view("run_row", "reading/run_row_1")
        proposed = folder / "run_proposal.parquet"
        if proposed.is_file():
            engine.view_parquet("run_proposal", [glob_free(proposed)])
        else:
            engine.view("run_proposal", "accepting/empty_proposal")
        yield engine
    finally:
        engine.close()


class HeldRun:
    """A stored run whose findings lie in memory, for a process that asks many questions of them.

    What a run says never changes, so it is read once, at the first question; what was decided is
    read again as soon as anything was said. The answers are those of a run that is not held. It
    takes about 500 bytes a row that the run keeps, twice that once something was decided, within
    the limit of an engine; all is freed with its last holder. Threads may share it: it answers one
    question at a time.

    Raises:
        NotFound: There is no such run.
    """

    def __init__(self, store: Store, run_id: str) -> None:
        self.id = run_id
        self._store, self._record = store, store.run(run_id)
        self._lock = Lock()
        self._engine: Engine | None = None
        self._said: str | None = None
        self._described = False
        self._passing: FindingFilter | None = None
        """The filter whose findings `finding_kept` of the engine has, as a view."""
        self._stack = ExitStack()
        finalize(self, self._stack.close)

    @contextmanager
    def _lend(self) -> Iterator[Engine]:
        """Lend the engine with `finding_row`, and with what was decided up to now."""
        with self._lock:
            if self._engine is None:
                self._engine = self._stack.enter_context(run_tables(self._store, self.id))
            said = moment(self._store)
            if said != self._said:
                first, self._said = self._said is None, None  # what fails half way is done again
                self._described = resolve(
                    self._engine, self._store, self._record, described=self._described
                )
                if first:
                    self._engine.table("finding_row", "reading/finding_row")
                self._said = said
            yield self._engine

    @contextmanager
    def lend_passing(self, only: FindingFilter, *, kept: bool = False) -> Iterator[Engine]:
        """Lend the engine with `finding_kept` and `finding_money` of the findings that pass.

        They are made anew only where another filter was asked for before. With `kept` the findings
        are read once, for several questions: they are those of this moment, and go with it.
        """
        with self._lend() as engine:
            if kept or only != self._passing:
                self._passing = None  # what fails half way is done again
                engine.drop("finding_kept")  # it may be a table, or is to be one
                _pass(engine, self._store, self.id, only, kept=kept)
                self._passing = None if kept else only
            yield engine

    def findings(
        self, only: FindingFilter, *, order: str = LARGEST, limit: int, offset: int = 0
    ) -> list[Record]:
        """List findings as `reading.findings` does, without what came nearest to each.

        Raises:
            BadParameters: There is no such order.
            NotFound: The run has nothing of such a buyer.
        """
        asked = order_values(order) | {"limit": limit, "offset": offset}
        with finding_tables(self._store, self.id, only, held=self) as engine:
            found = engine.records("reading/finding", **asked)
        rows = [{name: row[name] for name in row if name not in _ORDERED_BY} for row in found]
        return known_rows(self._store, self.id, only.buyer, rows)

    def totals(self, only: FindingFilter = EVERYTHING) -> list[Record]:
        """Count findings and sum what is at stake, as `reading.finding_totals` does.

        Raises:
            NotFound: The run has nothing of such a buyer.
        """
        with finding_tables(self._store, self.id, only, held=self) as engine:
            rows = engine.records("reading/finding_total")
        return known_rows(self._store, self.id, only.buyer, rows)


@contextmanager
def finding_tables(
    store: Store,
    run_id: str,
    only: FindingFilter = EVERYTHING,
    *,
    kept: bool = False,
    held: HeldRun | None = None,
) -> Iterator[Engine]:
    """Lend the tables of a run, and `finding_kept`: its findings that pass, with their states.

    `finding_money` has their money, one row per finding and currency; all sums are made of it.
    With `kept` the findings are read once, for several questions; with `held` they are those that
    lie in memory. A source is asked of the leads, which nobody holds.

    Raises:
        NotFound: There is no such run.
    """
    if held is None or only.source is not None:
        with run_tables(store, run_id) as engine:
            resolve(engine, store, store.run(run_id))
            engine.view("finding_row", "reading/finding_row")
            _pass(engine, store, run_id, only, kept=kept)
            yield engine
        return
    with held.lend_passing(only, kept=kept) as engine:
        yield engine


def _pass(engine: Engine, store: Store, run_id: str, only: FindingFilter, *, kept: bool) -> None:
    """Make `finding_kept` and `finding_money` of the findings that pass a filter."""
    wanted = [(one,) for one in dict.fromkeys(_named(store, only) or ())]
    engine.upload("named_id", {"id": "varchar"}, wanted)
    engine.table("wanted_id", "reading/wanted_id")
    if only.source is not None:
        store.attach(engine, asked_of(store, store.run(run_id)).batches)
        engine.table("source_key", "reading/source_key", source=only.source)
    else:
        engine.upload("source_key", dict.fromkeys(("key_hi", "key_lo"), "bigint"), [])
    values = _values(only)
    _tell(engine, values)
    make = engine.table if kept else engine.view
    make("finding_kept", "reading/finding_kept", **values)
    engine.view("finding_money", "reading/finding_money")


def decided_ids(store: Store, decision: int) -> list[str]:
    """Return the names of the findings that a decision was on, or that it took back.

    Raises:
        NotFound: There is no such decision.
    """
    return decided_names(store.catalog, decision)


def _named(store: Store, only: FindingFilter) -> Sequence[str] | None:
    """Return the ids that are asked for; those of a decision are the names of its findings."""
    return only.ids if only.decision is None else decided_ids(store, only.decision)


def _tell(engine: Engine, values: dict[str, object]) -> None:
    """Make `finding_told`, all findings or those of the ids and the source that are asked for."""
    is_named = values["by_id"] or values["by_source"]
    engine.view("finding_any" if is_named else "finding_told", "reading/finding_told", **values)
    if is_named:
        engine.view("finding_told", "reading/finding_named", **values)


def buyers_of(store: Store, run_id: str) -> list[str]:
    """Return the buyers that a run has rows of, by name.

    Raises:
        NotFound: There is no such run.
    """
    with run_tables(store, run_id) as engine:
        return [str(buyer) for (buyer,) in engine.query("exporting/buyer")]


def check_buyer(store: Store, run_id: str, buyer: str) -> None:
    """Refuse a buyer of whom a run knows nothing, whose empty lists would read as all clear.

    One whose rows are all of another period is known by the reports that the run has read.

    Raises:
        NotFound: There is no such run, or no such buyer.
    """
    record = store.run(run_id)
    rows = buyers_of(store, run_id)
    ask = asked_of(store, record)
    aliases = ask.parameters.alias.get("buyer", {})
    read = {aliases.get(name, name) for batch in ask.batches for name in batch.buyers}
    if ask.parameters.buyers is not None:
        read &= set(ask.parameters.buyers)
    if buyer not in {*rows, *read}:
        raise no_buyer(run_id, buyer, rows)


def known_rows(store: Store, run_id: str, buyer: str | None, rows: Rows) -> Rows:
    """Return rows; refuse a buyer of whom the run knows nothing, where none are there for it.

    Raises:
        NotFound: There is nothing of such a buyer in the run.
    """
    if buyer is not None and not len(rows):
        check_buyer(store, run_id, buyer)
    return rows


def no_buyer(run_id: str, buyer: str, known: list[str]) -> NotFound:
    """Return the refusal of a buyer of whom a run knows nothing, with names that it knows."""
    there = f"has those of {names_there(buyer, known)}" if known else "knows no buyer at all"
    return NotFound(f"Run {run_id} has no rows of a buyer {buyer!r}. It {there}.")


def _values(only: FindingFilter) -> dict[str, object]:
    values = {item.name: getattr(only, item.name) for item in fields(only)}
    values["class"] = values.pop("row_class")
    ids, decision = values.pop("ids"), values.pop("decision")
    values["by_id"] = ids is not None or decision is not None
    values["by_source"] = values.pop("source") is not None
    return values
