"""Commands that mend what was misread."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.options import Home, store_at
from reconcile.cli.printing import byte_bar, say
from reconcile.importing import Remapped, load_mapping, remap
from reconcile.warehouse import Store


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("remap")(remap_batch)


def remap_batch(
    batch: Annotated[str, typer.Argument(help="Its id, as `reconcile batches` shows it.")],
    answers: Annotated[
        list[str] | None,
        typer.Option("--answer", help="What changes, such as decimal=, or zone=UTC; repeatable."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML file in the place of what was known before.")
    ] = None,
    home: Home = None,
) -> None:
    """Read the file of a batch again, in another way; the batch it replaces is hidden.

    The file itself is not needed: the batch has kept it. Undo brings the version before back. Runs
    that have read that version are marked as stale.

    Examples:
        reconcile remap 20261103-094500123-a1b2c3 --answer 'date_format=%d/%m/%Y'

        reconcile remap 20261103-094500123-a1b2c3 --answer columns.revenue=Payout
    """
    known = load_mapping(mapping) if mapping else None
    with store_at(home) as store:
        with byte_bar(f"reading batch {batch}") as progress:
            done = remap(store, batch, mapping=known, answers=answers or (), progress=progress)
        _report(store, done)


def _report(store: Store, done: Remapped) -> None:
    before, now = done.before, done.batch
    say(
        f"{now.file}: batch {now.id} takes the place of {before.id}: {now.rows:,} {now.kind} rows "
        f"(before {before.rows:,}), {now.rejected:,} rejected (before {before.rejected:,})."
    )
    if done.template is not None:
        say(f"  Saved as the template {done.template}: files with these headers are read by it.")
    stale = [record.id for record in store.runs() if before.id in record.batch_ids]
    if stale:
        say(f"  Runs that are stale by this: {', '.join(stale)}. `reconcile run` makes a new one.")
    say(f"  To go back: reconcile undo {now.id}")
