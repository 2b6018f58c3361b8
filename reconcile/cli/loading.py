"""Commands that bring facts in, list them and take them out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.importing import import_files
from reconcile.cli.options import Form, Home, Out, store_at
from reconcile.cli.printing import Fields, Format, print_rows, progress_bar, say
from reconcile.decisions import this_user
from reconcile.errors import NotFound
from reconcile.importing import load_settings
from reconcile.listing import setting_changes
from reconcile.reading import rejected_rows
from reconcile.sampling import sample
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


def settings(
    file: Annotated[
        Path | None, typer.Argument(help="TOML or CSV of event settings; without it, list them.")
    ] = None,
    remove: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Campaign and event whose settings are taken away."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    home: Home = None,
) -> None:
    """Load event settings of campaigns, or list those in force.

    Examples:
        reconcile settings settings.csv --dry-run

        reconcile settings settings.csv

        reconcile settings --remove c9 sale
    """
    with store_at(home) as store:
        if dry_run or remove is not None:
            _change_settings(store, file, remove, dry_run=dry_run)
            return
        if file is not None:
            loaded = load_settings(file)
            store.replace_settings(loaded, user=this_user())
            say(f"{file}: {len(loaded)} event settings are in force.")
            return
        names = ("campaign_id", "event_id", "name", "is_conversion", "allows_duplicates")
        rows = [{name: getattr(s, name) for name in names} for s in store.settings()]
        print_rows(rows, names)


def _change_settings(
    store: Store, file: Path | None, remove: tuple[str, str] | None, *, dry_run: bool
) -> None:
    """Show what would change in the settings in force, and unless it is only tried change it."""
    now = store.settings()
    gone = [] if remove is None else [remove]
    known = {(one.campaign_id, one.event_id) for one in now}
    for campaign, event in gone:
        if (campaign, event) not in known:
            raise NotFound(f"Nothing is set for event {event!r} of campaign {campaign!r}.")
    new = [] if file is None else load_settings(file)
    rows = setting_changes(now, new, gone)
    print_rows(rows, tuple(rows[0]) if rows else ("Change",))
    if not dry_run:
        store.replace_settings(new, without=gone, user=this_user())
    say(f"{len(rows):,} event settings {'would be' if dry_run else 'are'} changed.")


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
        undone = store.undo(batch, user=this_user())
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
    damaged: Annotated[
        bool,
        typer.Option(help="Add claims whose ids a spreadsheet damaged; damages.csv lists them."),
    ] = False,
) -> None:
    """Write a made-up lead network with every kind of finding in it, and the label of every row.

    Example: reconcile sample --rows 20000 --seed 7 --to sample
    """
    with progress_bar() as progress:
        progress(f"making {rows:,} sales")
        files = sample(to, rows=rows, seed=seed, damaged=damaged)
    for path in (
        files.leads,
        files.events,
        *files.claims,
        files.settings,
        files.params,
        files.labels,
    ):
        say(str(path))
