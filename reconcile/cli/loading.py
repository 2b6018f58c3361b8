"""Commands that bring facts in, list them and take them out."""

from __future__ import annotations

import json
import shlex
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from reconcile.cli.options import Form, Home, Out, moment, store_at
from reconcile.cli.previewing import preview_json, show_preview
from reconcile.cli.printing import Fields, Format, byte_bar, print_rows, progress_bar, say
from reconcile.correcting import verify
from reconcile.errors import BadFile, QuestionOpen
from reconcile.importing import ImportOutcome, import_file, load_mapping, load_settings, preview
from reconcile.importing.checking.checked import Level
from reconcile.importing.reading.tallying import row_lines
from reconcile.importing.staging import EXPORT_LIMIT
from reconcile.reading import rejected_rows
from reconcile.sampling import sample
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store, compact

BATCH_FIELDS: Fields = {
    **dict.fromkeys(("id", "kind", "sender", "file"), str),
    "rows": int,
    "rejected": int,
    "from": datetime,
    "to": datetime,
    "imported_at": datetime,
    "sha256": str,
    "state": str,
}
REJECTED_FIELDS: Fields = {"line": int, "column": str, "value": str, "reason": str}
_WANTED = {
    Kind.LEAD: (),
    Kind.EVENT: ("revenue",),
    Kind.CLAIM: ("revenue", "occurred_at", "event_id", "currency"),
}
"""Fields that a file may lack, but seldom does on purpose."""

BATCH_COLUMNS = tuple(name for name in BATCH_FIELDS if name not in ("imported_at", "sha256"))


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("import")(import_files)
    app.command("settings")(settings)
    app.command("batches")(batches)
    app.command("undo")(undo)
    app.command("confirm")(confirm)
    app.command("rejected")(list_rejected)
    app.command("compact")(compact_batches)
    app.command("sample")(make_sample)


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV, TSV, JSON lines (also .gz, .zst), XLSX, .ods, .xls, Parquet; also in a .zip."
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
    4). An answered file's template is saved, and files with its headers are read by it.

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
    _check_all_there(files)
    with store_at(home) as store:
        if only_preview:
            _show(store, files, asked, form)
        for path in files:
            with byte_bar(f"importing {path}") as progress:
                outcome = import_file(
                    store,
                    path,
                    **asked,
                    take_suggestions=yes,
                    exported_at=made_at,
                    progress=progress,
                )
            _report(store, outcome, path)
        if kind is Kind.EVENT:
            _settle_postbacks(store)


def _show(store: Store, files: list[Path], asked: dict[str, Any], form: Format) -> NoReturn:
    """Print what the files would become, and leave: with 4 if a question is open."""
    if form not in (Format.TABLE, Format.JSON):
        raise typer.BadParameter(f"a preview is no {form}; write --format table or json.")
    is_open = False
    for path in files:
        with byte_bar(f"reading {path}") as progress:
            seen = preview(store, path, **asked, progress=progress)
        if form is Format.JSON:
            print(preview_json(seen))
        else:
            show_preview(seen)
        is_open = is_open or bool(seen.questions)
    raise typer.Exit(QuestionOpen.exit_code if is_open else 0)


def _check_all_there(files: list[Path]) -> None:
    """A slip in one of many names is told before the first file is imported."""
    for path in files:
        if path.is_dir():
            raise BadFile(f"{path}: is a folder. Name the files in it; nothing was imported.")
        if not path.exists():
            raise BadFile(f"{path}: there is no such file; nothing was imported.")


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
        say("  They are in no figure until the file or its mapping is mended.")
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
    known = {*json.loads(batch.mapping), *(["event_id"] if batch.status_events else [])}
    if batch.period_from:
        known.add("occurred_at")
    missing = [name for name in _WANTED[batch.kind] if name not in known]
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
    if found.withdrawn:
        say(f"  {found.withdrawn:,} rows that it lacks are withdrawn: its delivery is full.")
    if batch.kind is Kind.CLAIM and not found.known and not found.changed:
        say(
            "  None of its rows is known by lead, event and time. If it replaces such a report, "
            f"take that out: reconcile undo {newest.id}"
        )


def _settle_postbacks(store: Store) -> None:
    """An event export is what proves a postback: say what this one proved."""
    if not (store.home / "sandbox" / "ledger.sqlite").is_file():
        return
    for state, count in verify(store).items():
        say(f"  {count} postback(s) are now {state}.")


def settings(
    file: Annotated[
        Path | None, typer.Argument(help="TOML or CSV of event settings; without it, list them.")
    ] = None,
    home: Home = None,
) -> None:
    """Load event settings of campaigns, or list those in force.

    Example: reconcile settings settings.csv
    """
    with store_at(home) as store:
        if file is not None:
            loaded = load_settings(file)
            store.replace_settings(loaded)
            say(f"{file}: {len(loaded)} event settings are in force.")
            return
        names = ("campaign_id", "event_id", "name", "is_conversion", "allows_duplicates")
        rows = [{name: getattr(s, name) for name in names} for s in store.settings()]
        print_rows(rows, names)


def batches(
    undone: Annotated[bool, typer.Option("--all", help="Show undone batches, too.")] = False,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List what is loaded: from which file, how many rows, over which time.

    Example: reconcile batches --format json
    """
    with store_at(home) as store:
        every = store.batches(with_undone=undone)
    later = {batch.replaces: batch.id for batch in every if not batch.undone_at}
    rows = [_batch_row(batch, later.get(batch.id)) for batch in every]
    print_rows(rows, BATCH_COLUMNS, form=form, fields=BATCH_FIELDS, to=out)


def _batch_row(batch: Batch, later: str | None) -> dict[str, object]:
    state = "undone" if batch.undone_at else ""
    if later is not None:
        state = f"now {later}"
    if batch.cut_off and not batch.confirmed:
        state = state or "probably cut off"
    return {
        "id": batch.id,
        "kind": str(batch.kind),
        "sender": batch.sender,
        "file": batch.file,
        "rows": batch.rows,
        "rejected": batch.rejected,
        "from": batch.first_at or batch.period_from,
        "to": batch.last_at or batch.period_to,
        "imported_at": batch.imported_at,
        "sha256": batch.sha256,
        "state": state,
    }


def undo(
    batch: Annotated[str, typer.Argument(help="Its id, as `reconcile batches` shows it.")],
    home: Home = None,
) -> None:
    """Take a batch out again; what it replaced shows again by itself.

    Example: reconcile undo 20261103-094500123-a1b2c3
    """
    with store_at(home) as store:
        undone = store.undo(batch)
    say(f"Batch {undone.id} ({undone.file}) no longer counts.")


def confirm(
    batch: Annotated[str, typer.Argument(help="Its id, as `reconcile batches` shows it.")],
    home: Home = None,
) -> None:
    """Confirm that an export as long as exports can be is whole, so that it covers its time.

    Example: reconcile confirm 20261103-094500123-a1b2c3
    """
    with store_at(home) as store:
        whole = store.confirm(batch)
    say(f"Batch {whole.id} ({whole.file}) is taken to be whole.")


def list_rejected(
    batch: Annotated[str, typer.Argument(help="Its id, as `reconcile batches` shows it.")],
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List the rows of a batch that could not be read: line, column, value and reason.

    Example: reconcile rejected 20261103-101500000-a1b2c3 --format csv --out rejected.csv
    """
    with store_at(home) as store:
        rows = rejected_rows(store, batch)
    print_rows(rows, tuple(REJECTED_FIELDS), form=form, fields=REJECTED_FIELDS, to=out)


def compact_batches(home: Home = None) -> None:
    """Merge the files of many small batches into few; each can be undone as before.

    Example: reconcile compact
    """
    with store_at(home) as store, progress_bar() as progress:
        done = compact(store, progress=progress)
    if done.batches:
        say(f"{done.batches:,} batches are in {done.packs:,} new files.")
    else:
        say("There is nothing to merge.")
    if done.removed:
        say(f"{done.removed:,} files that were replaced before are removed.")
    if done.waiting:
        say(
            f"{done.waiting:,} replaced files stay for a day, for whoever is reading them; "
            "`reconcile compact` removes them after that."
        )


def make_sample(
    to: Annotated[Path, typer.Option(help="Folder to write to.")],
    rows: Annotated[int, typer.Option(help="Number of sales.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed gives another sample.")] = 7,
) -> None:
    """Write a made-up lead network with every kind of finding in it, and the label of every row.

    Example: reconcile sample --rows 20000 --seed 7 --to sample
    """
    with progress_bar() as progress:
        progress(f"making {rows:,} sales")
        files = sample(to, rows=rows, seed=seed)
    for path in (
        files.leads,
        files.events,
        *files.claims,
        files.settings,
        files.params,
        files.labels,
    ):
        say(str(path))
