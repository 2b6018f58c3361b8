"""The page itself, made from what was gathered and a template."""

from __future__ import annotations

from collections.abc import Sequence

from reconcile.pages import page
from reconcile.reporting.content import Since, content_of, file_name
from reconcile.warehouse import Store


def report(
    store: Store,
    run_id: str,
    *,
    since: Sequence[Since] = (),
    left_out: Sequence[str] = (),
) -> str:
    """Return a run as one HTML page that prints on A4 and needs no other file and no network.

    The same run with the same decisions and postbacks gives the same page.

    Args:
        store: The warehouse.
        run_id: A stored run.
        since: What became of findings since other runs.
        left_out: Sentences on files that should be in the run and are not.

    Raises:
        NotFound: There is no such run.
        WarehouseError: The file of a batch is missing.
    """
    content = content_of(store, run_id, since=since)
    return page("report.html", content=content, left_out=left_out, file_name=file_name)
