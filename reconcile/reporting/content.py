"""What a report says of a run: figures, the largest findings, what was done, what is open."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from reconcile.asked import asked_of
from reconcile.charts import waterfall_text
from reconcile.covering import not_covered
from reconcile.decisions import scope_of
from reconcile.engine import Engine
from reconcile.filtering import FindingFilter, Record, finding_tables
from reconcile.firing import PostbackState, open_ledger
from reconcile.headlines import Headline, headlines, why_stale
from reconcile.matching.parameters import RunParameters
from reconcile.matching.wording import sentence
from reconcile.reading import bridge
from reconcile.reporting.drawing import Waterfall, waterfall
from reconcile.terms import FindingState, RowClass, Side
from reconcile.warehouse import Batch, RunRecord, Store

LARGEST = 5
"""Findings that are told one by one."""

WARNINGS = 6
"""Sentences on what is not covered that stand on the page."""

_DONE = frozenset(FindingState) - {FindingState.OPEN}
_SETTLED = (FindingState.REJECTED, FindingState.IGNORED, FindingState.CLOSED)
_IN_TITLE = ("date_from", "date_to", "zone")


@dataclass(frozen=True)
class Since:
    """What became of findings since another run; `totals` are those of `finding_changes`."""

    title: str
    totals: Sequence[Record]


@dataclass(frozen=True)
class Large:
    """One of the largest findings: its money, its class and state, and the sentence on it."""

    at_stake: Decimal
    row_class: RowClass
    reason: str | None
    buyer: str | None
    state: str
    sentence: str


@dataclass(frozen=True)
class Section:
    """All that is said of one currency."""

    currency: str | None
    headline: Headline
    chart: Waterfall
    chart_text: str
    largest: Sequence[Large]
    done: Sequence[Record]
    """`state`, `meaning`, `findings`, `at_stake`, `credited` of what was decided or fired."""
    postbacks: Sequence[Record]
    open: Sequence[Record]
    """`class`, `findings`, `at_stake` of what nobody has settled, the largest first."""

    @property
    def open_findings(self) -> int:
        """Return how many findings with money in this currency nobody has settled."""
        return sum(row["findings"] for row in self.open)

    @property
    def open_at_stake(self) -> Decimal:
        """Return what is at stake in them."""
        return sum((row["at_stake"] or Decimal(0) for row in self.open), Decimal(0))


@dataclass(frozen=True)
class Content:
    """A run as a page shows it."""

    record: RunRecord
    parameters: RunParameters
    title: str
    last_day: date
    against: str
    warnings: Sequence[str]
    stale: str | None
    sections: Sequence[Section]
    classes: Sequence[RowClass]
    """Those that the page speaks of, for its definitions."""
    settings: Sequence[tuple[str, str]]
    """Parameters that differ from what they are unless stated."""
    inputs: Sequence[Batch]
    since: Sequence[Since]
    postbacks: Sequence[Record]
    """Those in currencies that have no section."""
    credits: Sequence[Record]
    """`currency`, `state`, `credited` of credits in currencies that have no section."""


def content_of(store: Store, run_id: str, *, since: Sequence[Since] = ()) -> Content:
    """Gather what a report says of a run.

    Raises:
        NotFound: There is no such run.
        WarehouseError: The file of a batch is missing.
    """
    record = store.run(run_id)
    ask = asked_of(store, record)
    parameters = ask.parameters
    sent = _postbacks(store, record)
    told = headlines(store, record.id)
    currencies = [headline.currency for headline in told]
    standing, largest = _found(store, record.id, currencies)
    found = _Found(bridge(store, record.id), standing, largest, sent)
    sections = [_section(headline, found) for headline in told]
    last_day = parameters.date_to - timedelta(days=1)
    return Content(
        record=record,
        parameters=parameters,
        title=_title(parameters.date_from, last_day),
        last_day=last_day,
        against="sold leads" if ask.leads_are_claims else "buyer reports",
        warnings=_most(not_covered(store, run_id)),
        stale=why_stale(store, run_id),
        sections=sections,
        classes=_classes(record, sections),
        settings=[*_settings(parameters)],
        inputs=ask.batches,
        since=since,
        postbacks=[
            row for currency, rows in sent.items() if currency not in currencies for row in rows
        ],
        credits=[row for row in standing if row["credited"] and row["currency"] not in currencies],
    )


def _most(warnings: list[str]) -> list[str]:
    """Return the first warnings, and how many there are beside them."""
    if len(warnings) <= WARNINGS:
        return warnings
    left = len(warnings) - WARNINGS + 1
    return [*warnings[: WARNINGS - 1], f"And {left} more; `reconcile run` and `close` tell all."]


def _title(first: date, last: date) -> str:
    """Name a period as people do: a whole month by its name."""
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


@dataclass(frozen=True)
class _Found:
    """What was read of a run for all currencies: bridge, findings, the largest, postbacks."""

    bridge: Sequence[Record]
    standing: Sequence[Record]
    largest: Mapping[str | None, Sequence[Large]]
    postbacks: Mapping[str | None, Sequence[Record]]


def _section(headline: Headline, found: _Found) -> Section:
    currency = headline.currency
    own = [row for row in found.standing if row["currency"] == currency]
    steps = [row for row in found.bridge if row["currency"] == currency]
    return Section(
        currency=currency,
        headline=headline,
        chart=waterfall(steps),
        chart_text=waterfall_text(steps),
        largest=found.largest[currency],
        done=_by_state(own),
        postbacks=found.postbacks.get(currency, ()),
        open=_by_class(own),
    )


def _found(
    store: Store, run_id: str, currencies: Sequence[str | None]
) -> tuple[list[Record], dict[str | None, list[Large]]]:
    """Return the findings by currency, class and state, and the largest ones of each currency.

    Decided ones that are gone since are among the former, in state closed.
    """
    with finding_tables(store, run_id, kept=True) as engine:
        standing = engine.records("reporting/standing", gone=False)
        largest = {currency: [*_largest(engine, currency)] for currency in currencies}
    with finding_tables(store, run_id, FindingFilter(state=FindingState.CLOSED)) as engine:
        gone = engine.records("reporting/standing", gone=True)
    return standing + gone, largest


def _by_state(rows: Sequence[Record]) -> list[Record]:
    """Sum up what people and postbacks did, in the order of the states."""
    return [
        {"state": state, "meaning": state.meaning, **_sum(own)}
        for state in FindingState
        if state in _DONE and (own := [row for row in rows if row["state"] == state])
    ]


def _by_class(rows: Sequence[Record]) -> list[Record]:
    """Sum up what nobody has settled by class, the largest first."""
    still = [row for row in rows if row["findings"] and row["state"] not in _SETTLED]
    summed = [
        {"class": row_class, **_sum(own)}
        for row_class in RowClass
        if (own := [row for row in still if row["class"] == row_class])
    ]
    return sorted(summed, key=lambda row: -row["at_stake"])


def _sum(rows: Sequence[Record]) -> Record:
    return {
        "findings": sum(row["findings"] for row in rows),
        "stale": sum(row["stale"] for row in rows),
        "at_stake": sum((row["at_stake"] or Decimal(0) for row in rows), Decimal(0)),
        "credited": sum((row["credited"] or Decimal(0) for row in rows), Decimal(0)),
    }


def _largest(engine: Engine, currency: str | None) -> Iterator[Large]:
    """Tell the findings with the most at stake, one by one."""
    for row in engine.records("reporting/largest", currency=currency, limit=LARGEST):
        own = _row(engine, row["side"], row["batch"], row["line"])
        other = Side.CLAIM if row["side"] == Side.EVENT else Side.EVENT
        partner = _row(engine, other, row["partner_batch"], row["partner_line"])
        yield Large(
            at_stake=row["at_stake"],
            row_class=RowClass(row["class"]),
            reason=row["reason"],
            buyer=row["buyer"],
            state=row["state"],
            sentence=sentence(own or row, partner),
        )


def _row(engine: Engine, side: str, batch: str | None, line: int | None) -> Record | None:
    if batch is None:
        return None
    found = engine.records("reading/row_by_place", side=str(side), place=batch, line=line)
    if not found:
        return None
    # The reader knows files by their names, and need not know whose folders they lie in.
    return {
        name: PurePath(value).name if name.endswith("file") and value else value
        for name, value in found[0].items()
    }


def _postbacks(store: Store, record: RunRecord) -> dict[str | None, list[Record]]:
    """Return the postbacks for events of the run's period by currency, of both ledgers."""
    scope = scope_of(record)
    found: defaultdict[str | None, list[Record]] = defaultdict(list)
    for sandbox in (False, True):
        path = store.home / "sandbox" / "ledger.sqlite" if sandbox else store.ledger_path
        if not path.is_file():
            continue
        ledger = open_ledger(store.home, sandbox=sandbox)
        try:
            period = (scope.period_from.isoformat(" "), scope.period_to.isoformat(" "))
            rows = ledger.query("period_sum", period_from=period[0], period_to=period[1])
        finally:
            ledger.close()
        for row in rows:
            state = PostbackState(row["state"])
            amount = Decimal(row["revenue_e4"] or 0).scaleb(-4)
            sums = {"postbacks": row["postbacks"], "revenue": amount}
            found[row["currency"]].append(
                {"currency": row["currency"], "state": state, "sandbox": sandbox, **sums}
            )
    return found


def _classes(record: RunRecord, sections: Sequence[Section]) -> list[RowClass]:
    """Return the classes that stand somewhere on the page."""
    summary: dict[str, Any] = json.loads(record.summary_json)
    used = {entry["class"] for entry in summary["classes"]}
    used |= {large.row_class for section in sections for large in section.largest}
    return [row_class for row_class in RowClass if row_class in used]


def _settings(parameters: RunParameters) -> Iterator[tuple[str, str]]:
    plain = replace(parameters, **_unless_stated(parameters))
    values = parameters.to_json_values()
    usual = plain.to_json_values()
    for name, value in values.items():
        if name not in _IN_TITLE and value != usual[name]:
            yield name, _as_text(value)


def _unless_stated(parameters: RunParameters) -> dict[str, Any]:
    usual = RunParameters(parameters.date_from, parameters.date_to, parameters.zone)
    return {item.name: getattr(usual, item.name) for item in fields(usual)}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        pairs = [f"{key} = {_as_text(item)}" for key, item in value.items()]
        return "; ".join(pairs)
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return f"stated for {len(value)} stretches of time"
        return ", ".join(map(str, value))
    return str(value)


def file_name(batch: Batch) -> str:
    """Return a file's own name, without its folders."""
    return PurePath(batch.file).name
