"""The command that brings files in: each is told by itself."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from reconcile.cli.options import Home, moment, store_at
from reconcile.cli.previewing import preview_json, show_preview
from reconcile.cli.printing import Format, byte_bar, complain, say
from reconcile.correcting import verify
from reconcile.errors import BadFile, BadMapping, QuestionOpen
from reconcile.importing import ImportOutcome, import_file, load_mapping, preview
from reconcile.importing.checking.checked import Level
from reconcile.importing.fields import missing_fields
from reconcile.importing.reading.tallying import row_lines
from reconcile.importing.staging import EXPORT_LIMIT
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store

_NO_ROW = "without a row that could be read"
"""What became of a file of which every row was rejected."""


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV, TSV, JSON lines (also .gz, .zst), XLSX, .ods, .xls, Parquet; also in a "
            ".zip. Or a folder of them."
        ),
    ],
    kind: Annotated[Kind, typer.Option(help="What one row of the files is.")],
    mapping: Annotated[
        Path | None, typer.Option(help="TOML file that says what the sender's columns mean.")
    ] = None,
    answers: Annotated[
        list[str] | None,
        typer.Option("--answer", help="Answer to a question, such as zone=UTC; repeatable."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take the suggested answers of questions that have one.")
    ] = False,
    zone: Annotated[
        str | None, typer.Option(help="Zone of times that name none, such as America/Los_Angeles.")
    ] = None,
    sender: Annotated[
        str | None, typer.Option(help="Whose files they are; else what the mapping says.")
    ] = None,
    exported_at: Annotated[
        str | None,
        typer.Option(help="When the files were made, such as 2026-12-03T09:00Z; else unknown."),
    ] = None,
    only_preview: Annotated[
        bool,
        typer.Option("--preview", help="Show what the files hold and would become; store nothing."),
    ] = False,
    form: Annotated[
        Format, typer.Option("--format", help="How to write a preview: table or json.")
    ] = Format.TABLE,
    home: Home = None,
) -> None:
    """Import files, each as one batch; the same file twice changes nothing.

    What a file does not say is asked: the question shows the answers that may be given (exit code
    4). An answered file's template is saved, and files with its headers are read by it. Of several
    files each is told by itself: one that is refused (2) or asks (4) does not stop the others.

    Examples:
        reconcile import leads.csv --kind lead

        reconcile import acme_nov.csv --kind claim --preview

        reconcile import acme_nov.csv --kind claim --sender acme --answer columns.revenue=Payout
    """
    made_at = None if exported_at is None else moment("--exported-at", exported_at)
    asked: dict[str, Any] = {
        "kind": kind,
        "mapping": load_mapping(mapping) if mapping else None,
        "answers": answers or (),
        "zone": zone,
        "sender": sender,
    }
    every = _all_there(files)
    with store_at(home) as store:
        if only_preview:
            _show(store, every, asked, form)
        asked |= {"take_suggestions": yes, "exported_at": made_at}
        code = _each(every, lambda path: _import_one(store, path, asked))
        if kind is Kind.EVENT:
            _settle_postbacks(store)
    if code:
        raise typer.Exit(code)


def _import_one(store: Store, path: Path, asked: dict[str, Any]) -> str:
    """Import a file and tell what became of it; return that in two words."""
    with byte_bar(f"importing {path}") as progress:
        outcome = import_file(store, path, **asked, progress=progress)
    _report(store, outcome, path)
    if outcome.already:
        return "loaded already"
    return _NO_ROW if outcome.batch.rejected and not outcome.batch.rows else "imported"


def _each(files: list[Path], take: Callable[[Path], str]) -> int:
    """Take each file, whatever becomes of the others; return the worst exit code.

    Refused (2), and so a file without a row that could be read, is worse than asked (4), because
    an answer does not mend it. One file alone, and what would stop every file, such as a warehouse
    that cannot be written to, is raised.
    """
    if len(files) == 1:
        return BadFile.exit_code if take(files[0]) == _NO_ROW else 0
    became: Counter[str] = Counter()
    for path in files:
        try:
            became[take(path)] += 1
        except QuestionOpen as error:
            complain(str(error))
            became["with open questions"] += 1
        except (BadFile, BadMapping) as error:
            complain(str(error))
            became["refused"] += 1
    say(f"{len(files)} files: " + ", ".join(f"{n} {what}" for what, n in became.items()) + ".")
    if became["refused"] or became[_NO_ROW]:
        return BadFile.exit_code
    return QuestionOpen.exit_code if became["with open questions"] else 0


def _show(store: Store, files: list[Path], asked: dict[str, Any], form: Format) -> NoReturn:
    """Print what the files would become, and leave: with 4 if a question is open."""
    if form not in (Format.TABLE, Format.JSON):
        raise typer.BadParameter(f"a preview is no {form}; write --format table or json.")
    open_ones: list[Path] = []

    def show(path: Path) -> str:
        with byte_bar(f"reading {path}") as progress:
            seen = preview(store, path, **asked, progress=progress)
        if form is Format.JSON:
            print(preview_json(seen))
        else:
            show_preview(seen)
        open_ones.extend([path] if seen.questions else [])
        return "shown"

    code = _each(files, show)
    raise typer.Exit(code or (QuestionOpen.exit_code if open_ones else 0))


def _all_there(files: list[Path]) -> list[Path]:
    """Return the files, those of folders included; a slip in one of many names stops them all."""
    every: list[Path] = []
    for path in files:
        if not path.exists():
            raise BadFile(f"{path}: there is no such file; nothing was imported.")
        found = [path]
        if path.is_dir():
            inside = (p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
            found = sorted(inside)
            if not found:
                raise BadFile(f"{path}: the folder holds no file; nothing was imported.")
        every += found
    return list(dict.fromkeys(every))


def _report(store: Store, outcome: ImportOutcome, path: Path) -> None:
    batch = outcome.batch
    if outcome.already:
        say(
            f"{path}: these bytes are loaded already, as batch {batch.id}; nothing was changed. "
            f"To read them in another way: reconcile remap {batch.id} --answer KEY=VALUE"
        )
        return
    span = f", {batch.first_at:%Y-%m-%d} to {batch.last_at:%Y-%m-%d} UTC" if batch.first_at else ""
    lines = row_lines(dict(batch.line_classes))
    summed = f" from {lines:,} lines" if lines != batch.rows + batch.rejected else ""
    say(f"{path}: batch {batch.id}, {batch.rows:,} {batch.kind} rows{summed}{span}.")
    if batch.rejected:
        say(f"  {batch.rejected:,} rows were rejected: reconcile rejected {batch.id}")
        if batch.rows:
            say("  They are in no figure until the file or its mapping is mended.")
        else:
            say(
                "  No row of it could be read, so it is in no figure. If it was misread: reconcile "
                f"remap {batch.id} --answer KEY=VALUE. If it is damaged: reconcile undo {batch.id}"
            )
    _report_reading(outcome)
    for check in outcome.checks:
        if check.level is Level.DOUBT:
            say(f"  {check.text}")
    _report_missing(batch)
    _report_overlap(store, batch)
    if batch.cut_off:
        say(
            f"  {_limit(batch)}: the export was probably cut off, and covers nothing until you "
            f"confirm that it is whole (reconcile confirm {batch.id}) or load the rest."
        )


def _limit(batch: Batch) -> str:
    """Return the limit at which a file was probably cut off."""
    if row_lines(dict(batch.line_classes)) == EXPORT_LIMIT:
        return f"Exactly {EXPORT_LIMIT:,} rows"
    return f"Exactly {sum(batch.line_classes.values()):,} lines, as many as a sheet can hold"


def _report_reading(outcome: ImportOutcome) -> None:
    """Say by which template a file was read, what was taken for it, and what was saved."""
    staged = outcome.staged
    if staged is not None and staged.template is not None:
        name = staged.template
        say(f"  Read by the template {name} (reconcile template show {name}).")
    if staged is not None and staged.new_columns:
        named = ", ".join(map(repr, staged.new_columns))
        say(f"  Columns that the template does not know, kept beside the known fields: {named}.")
    for text in staged.from_template if staged is not None else ():
        say(f"  {text}")
    for key, value in outcome.proved.items():
        say(f"  The template keeps that files with these headers have {key} = {value!r}.")
    for text in outcome.taken:
        say(f"  Taken as suggested: --answer {shlex.quote(text)}")
    for new in outcome.new_names:
        named = ", ".join(map(repr, new.names[:5])) + (" .." if len(new.names) > 5 else "")
        say(f"  New: {new.dimension} {named}. If it is a known one: reconcile alias add.")
    if outcome.template is not None:
        say(f"  Saved as the template {outcome.template}: files with these headers are read by it.")


def _report_missing(batch: Batch) -> None:
    """A report read without its amounts still loads: say so before a run compares nothing."""
    missing = missing_fields(
        batch.kind,
        json.loads(batch.mapping),
        has_events=bool(batch.status_events),
        has_period=batch.period_from is not None,
    )
    if missing:
        say(
            f"  No column was read as {', '.join(missing)}. If the file has one: reconcile remap "
            f"{batch.id} --answer columns.{missing[0]}=HEADER"
        )


def _report_overlap(store: Store, batch: Batch) -> None:
    """Say how the rows stand to those that its sender's other files hold of the same time."""
    found = store.versions(batch)
    if found is None:
        return
    newest, *others = reversed(found.beside)
    more = f" and {len(others)} more" if others else ""
    say(
        f"  It overlaps {newest.file}{more}: {found.known:,} rows were there already, "
        f"{found.changed:,} in another version (the file made last counts), {found.new:,} are new."
    )
    if batch.kind is Kind.CLAIM:
        buyer = shlex.quote(str((*batch.buyers, batch.sender, "BUYER")[0]))
        say(
            "  Counted are the rows of all its buyers; those of one, with sums: reconcile changes "
            f"{buyer}"
        )
    if found.withdrawn:
        say(f"  {found.withdrawn:,} rows that it lacks are withdrawn: its delivery is full.")
    if batch.kind is Kind.CLAIM and not found.known and not found.changed:
        say(
            "  None of its rows is known by lead, event and time. If it replaces such a report, "
            f"take that out: reconcile undo {newest.id}"
        )


def _settle_postbacks(store: Store) -> None:
    """An event export is what proves a postback: say what this one proved."""
    ledgers = (store.home / "sandbox" / "ledger.sqlite", store.ledger_path)
    if not any(path.is_file() for path in ledgers):
        return
    for state, count in verify(store).items():
        say(f"  {count} postback(s) are now {state}.")
