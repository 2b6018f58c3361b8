"""Dispute packs: what a run says of one buyer, in files for that buyer, sealed and recorded."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

from reconcile.asked import Asked, asked_of
from reconcile.decisions import this_user
from reconcile.engine import Engine
from reconcile.errors import BadParameters
from reconcile.exporting.columns import Cells, Column, csv_cells, csv_header
from reconcile.exporting.facts import MOST_ROWS, SHEET_ROWS, Facts, Input
from reconcile.exporting.lines import Named, Telling, labels_of, told
from reconcile.exporting.manifest import write_manifest
from reconcile.exporting.page import write_page
from reconcile.exporting.sheets import columns_of, csv_name, write_workbook
from reconcile.exporting.wording import question_of
from reconcile.filtering import buyers_of, finding_tables, no_buyer
from reconcile.firing.plan import canonical_id
from reconcile.guarding import guarded_cells
from reconcile.importing.salting import Salt
from reconcile.matching.parameters import RunParameters
from reconcile.reading import bridge
from reconcile.terms import Kind, RowClass, Side
from reconcile.warehouse import Batch, RunRecord, Store
from reconcile.warehouse.records import as_text, new_id, now_utc
from reconcile.zones import zone_of

WORKBOOK, PAGE = "dispute_pack.xlsx", "dispute_pack.html"

_UNSAFE = re.compile(r"[^\w.-]+")
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "0123456789\u00b9\u00b2\u00b3"
}
"""Names that are no folder under Windows, whatever ending they have."""
_HASHED = 32
_NAMED = 16
_TOLD = (
    *("tolerance", "tolerance_rel", "grace_days", "watermark", "margin_days", "lookback_days"),
    *("pending_counts", "placeholder_limit", "default_event", "currency"),
)
"""Parameters of a run that a buyer may know; lists of names and covers are none of theirs."""


@dataclass(frozen=True)
class Pack:
    """A pack that was made.

    `seal` is the sha256 of its manifest: tell it to the buyer beside the files. `asked` are the
    findings that the buyer is asked about; not asked about are `decided_against`, those that
    somebody decided against, and `settled`, those that were accepted or credited in full, or whose
    amount is ours to correct.
    """

    id: str
    buyer: str
    folder: Path
    seal: str
    asked: int
    decided_against: int
    settled: int
    facts: Facts


def folders_of(out: Path, buyers: Iterable[str]) -> dict[str, Path]:
    """Return a folder below `out` for each buyer: its name, as far as it can be one of a folder."""
    folders: dict[str, Path] = {}
    for buyer in buyers:
        plain = _UNSAFE.sub("_", buyer).strip("._")[:60] or "buyer"
        if plain.partition(".")[0].casefold() in _DEVICES:
            plain = f"buyer_{plain}"
        taken = {path.name.casefold() for path in folders.values()}
        names = (plain if number == 1 else f"{plain}_{number}" for number in count(1))
        folders[buyer] = out / next(name for name in names if name.casefold() not in taken)
    return folders


def make_pack(  # noqa: PLR0913 - what is given away, of whom, and in which form
    store: Store,
    run_id: str,
    buyer: str,
    out: Path,
    *,
    salt: Path | None = None,
    with_notes: bool = False,
    sheet_rows: int = SHEET_ROWS,
    user: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Pack:
    """Write what a run says of a buyer as a workbook, a page and a sealed manifest.

    Its totals are those of `bridge` of that buyer, to the last digit. It holds nothing of another
    buyer, no source, sub id, cost or margin, and of files only the buyer's own names.

    Args:
        store: The warehouse.
        run_id: A stored run against buyer reports.
        buyer: One that the run has rows of.
        out: The folder of the pack; it must be new or empty.
        salt: File of the secret by which ids are hashed, made if there is none; None leaves ids as
            they are. The buyer needs it, by another way than the pack.
        with_notes: Tell the notes of decisions, too.
        sheet_rows: Rows of a class from which on they are a CSV file.
        user: Who makes it; by default as the operating system knows them.
        progress: Called with a sentence whenever a stage begins.

    Raises:
        BadParameters: The folder holds something, the run knows no buyer reports, or no sheet has
            so many rows.
        NotFound: There is no such run, or it has no rows of that buyer.
        WarehouseError: The salt cannot be read or written.
    """
    if not 0 < sheet_rows <= MOST_ROWS:
        raise BadParameters(f"A sheet holds between 1 and {MOST_ROWS:,} rows, not {sheet_rows:,}.")
    record = store.run(run_id)
    ask = asked_of(store, record)
    _check(store, record, ask, buyer)
    progress("reading the run")
    with _aside(out) as aside, finding_tables(store, run_id) as engine:
        secret = None if salt is None else Salt(salt)
        packing = _Packing(store, engine, record, ask, buyer)
        packing.read()
        facts = packing.facts(secret, with_notes=with_notes, sheet_rows=sheet_rows)
        telling = packing.telling(secret, with_notes=with_notes)
        progress("writing")
        _write(aside, engine, facts, telling)
        found = engine.records("exporting/asked")
        with store.write_lock():
            seal = write_manifest(aside, facts, previous=_last_seal(store))
            _publish(aside, out)
            rows = [_kept(row, telling) for row in found]
            _record(store, facts, seal, rows, user=user or this_user())
    against, settled = facts.decided_against, facts.settled
    return Pack(facts.pack, buyer, out, seal, len(found), against, settled, facts)


def _kept(row: Mapping[str, Any], telling: Telling) -> dict[str, Any]:
    """Return a finding that is asked about as the catalog keeps it."""
    at = row["decided_at"]
    called = telling.called(row["finding"])
    return {**row, "decided_at": None if at is None else as_text(at), "called": called}


def _check(store: Store, record: RunRecord, ask: Asked, buyer: str) -> None:
    if ask.leads_are_claims:
        raise BadParameters(
            f"Run {record.id} reconciles with the sold leads of lead exports: no buyer has said "
            "anything in it, so there is nothing to dispute. Import the buyer's report and run "
            "again."
        )
    known = buyers_of(store, record.id)
    if buyer not in known:
        raise no_buyer(record.id, buyer, known)


class _Packing:
    """What is read of a run for the pack of one buyer."""

    def __init__(
        self, store: Store, engine: Engine, record: RunRecord, ask: Asked, buyer: str
    ) -> None:
        self.store, self.engine, self.record, self.ask = store, engine, record, ask
        self.buyer = buyer
        self.parameters: RunParameters = ask.parameters
        self.inputs: list[Batch] = []
        self.labels: dict[str, str] = {}

    def read(self) -> None:
        """Make the tables of the pack's rows and of those that are asked about, and name its files.

        They are all files but the reports that have nothing of this buyer.
        """
        questions = [(str(one), str(side)) for one in RowClass for side in Side]
        self.engine.upload(
            "question",
            dict.fromkeys(("class", "side"), "varchar"),
            [row for row in questions if question_of(*row) is not None],
        )
        self.engine.once("exporting/macros")
        self.engine.table("named_finding", "exporting/named_finding")
        self.engine.table("pack_row", "exporting/pack_row", buyer=self.buyer)
        self.engine.table("asked", "exporting/asked")
        own = {batch for (batch,) in self.engine.query("exporting/pack_batch")}
        self.inputs = [
            batch
            for batch in self.ask.batches
            if batch.kind is not Kind.CLAIM or batch.id in own or self.buyer in self._buyers(batch)
        ]
        files = [
            Named(batch.id, str(batch.kind), batch.file, tuple(self._buyers(batch)))
            for batch in self.inputs
        ]
        self.labels = labels_of(files, self.buyer, self._hidden())

    def facts(self, secret: Salt | None, *, with_notes: bool, sheet_rows: int) -> Facts:
        """Return what the pack is of, and what it adds up to."""
        record, parameters = self.record, self.parameters
        return Facts(
            pack=new_id(),
            buyer=self.buyer,
            date_from=parameters.date_from,
            date_to=parameters.date_to - timedelta(days=1),
            zone=parameters.zone,
            run=record.id,
            run_made_at=record.created_at,
            run_sha256=record.result_sha256,
            rule_version=record.rule_version,
            made_at=now_utc().replace(microsecond=0),
            parameters=_told(parameters),
            inputs=[
                Input(self.labels[batch.id], str(batch.kind), batch.sha256) for batch in self.inputs
            ],
            bridge=bridge(self.store, record.id, by=("currency",), buyer=self.buyer),
            totals=self.engine.records("exporting/pack_total"),
            salt_mark=None if secret is None else secret.mark(),
            with_notes=with_notes,
            sheet_rows=sheet_rows,
        )

    def telling(self, secret: Salt | None, *, with_notes: bool) -> Telling:
        """Return how the pack tells its rows."""
        names = {batch.file: self.labels[batch.id] for batch in reversed(self.inputs)}
        return Telling(
            zone=zone_of(self.parameters.zone),
            labels=self.labels,
            file_labels=names,
            hashed=None if secret is None else _hashing(secret),
            called=_calling(secret),
            with_notes=with_notes,
        )

    def _buyers(self, batch: Batch) -> set[str]:
        known = self.parameters.alias.get("buyer", {})
        return {known.get(name, name) for name in batch.buyers}

    def _hidden(self) -> Iterator[str]:
        """Return the words that no name of a file may tell: other buyers and sources."""
        aliases = self.parameters.alias.get("buyer", {})
        names = {name for batch in self.ask.batches for name in self._buyers(batch)}
        names |= {name for (name,) in self.engine.query("exporting/buyer")}
        spelled = {raw for raw, name in aliases.items() if name != self.buyer}
        yield from names - {self.buyer}
        yield from spelled
        self.store.attach(self.engine, self.ask.batches)
        yield from (pid for (pid,) in self.engine.query("exporting/pid"))


def _told(parameters: RunParameters) -> list[tuple[str, str]]:
    values = parameters.to_json_values()
    return [(name, str(values[name])) for name in _TOLD if values[name] is not None]


def _hashing(secret: Salt) -> Callable[[str], str]:
    return lambda raw: secret.hashed(canonical_id(raw))[:_HASHED]


def _calling(secret: Salt | None) -> Callable[[str], str]:
    """Return what a pack calls a finding: its name is made of the id, so it is hashed like one."""
    if secret is None:
        return lambda finding: finding
    return lambda finding: secret.hashed(f"finding {finding}")[:_NAMED]


def _write(folder: Path, engine: Engine, facts: Facts, telling: Telling) -> None:
    used = _used(engine)
    columns = {one: columns_of(facts, one, used[one]) for one in facts.classes}
    large = {one for one in facts.classes if facts.rows_of(one) > facts.sheet_rows}
    small = {one: listed for one, listed in columns.items() if one not in large}

    def lines(row_class: RowClass) -> Iterable[Cells]:
        return told(engine.stream("exporting/pack_line", **{"class": str(row_class)}), telling)

    for one in large:
        _write_csv(folder / csv_name(one), columns[one], lines(one))
    write_workbook(folder / WORKBOOK, facts, small, lines)
    write_page(folder / PAGE, facts, columns, lines)


def _used(engine: Engine) -> Mapping[str, set[str]]:
    return {
        row["class"]: {name for name, rows in row.items() if name != "class" and rows}
        for row in engine.records("exporting/pack_used")
    }


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(csv_header(columns))
        writer.writerows(guarded_cells(csv_cells(columns, row)) for row in rows)


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    """Lend a folder beside the one to come, which is gone again if it is not published."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise BadParameters(
            f"{out}: holds something already. A pack takes a folder of its own; name a new one."
        )
    aside = out.with_name(f".{out.name[:80]}.{token_hex(4)}.writing")
    try:
        aside.mkdir(parents=True)
    except OSError as error:
        raise BadParameters(
            f"{out}: cannot be written to ({error.strerror or error}). Name another folder."
        ) from error
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _publish(aside: Path, out: Path) -> None:
    if out.exists():
        out.rmdir()
    aside.rename(out)


def _last_seal(store: Store) -> str | None:
    packs = pack_list(store)
    return packs[0]["seal"] if packs else None


def _record(
    store: Store, facts: Facts, seal: str, rows: Sequence[Mapping[str, Any]], *, user: str
) -> None:
    with store.catalog.transaction():
        [added] = store.catalog.query(
            "exporting/add_pack",
            id=facts.pack,
            run=facts.run,
            buyer=facts.buyer,
            seal=seal,
            made_by=user,
            made_at=as_text(facts.made_at),
        )
        store.catalog.execute_many(
            "exporting/add_pack_finding", ({**row, "pack": added["number"]} for row in rows)
        )


def pack_list(store: Store, pack: str | None = None) -> list[dict[str, Any]]:
    """Return the packs that were made, the newest first, or one; times are naive UTC text."""
    return [dict(row) for row in store.catalog.query("exporting/packs", id=pack)]
