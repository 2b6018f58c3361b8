"""What is loaded, from which file, visible or undone, and what it covers."""

from reconcile.warehouse.attaching import check_files
from reconcile.warehouse.choosing import overlap_parts
from reconcile.warehouse.compacting import Compacted, compact, tidy
from reconcile.warehouse.records import (
    FORMAT_VERSION,
    FULL,
    Batch,
    Cover,
    RunRecord,
    coverage,
    glob_free,
)
from reconcile.warehouse.staged import Staged
from reconcile.warehouse.store import Store, open_store
from reconcile.warehouse.versions import Versions

__all__ = [
    "FORMAT_VERSION",
    "FULL",
    "Batch",
    "Compacted",
    "Cover",
    "RunRecord",
    "Staged",
    "Store",
    "Versions",
    "check_files",
    "compact",
    "coverage",
    "glob_free",
    "open_store",
    "overlap_parts",
    "tidy",
]
