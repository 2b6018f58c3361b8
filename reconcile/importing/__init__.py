"""Files in, rows with provenance out: open, locate, map, type; then the warehouse commits."""

from reconcile.importing.mappings import load_mapping
from reconcile.importing.records import Mapping, StagedFile, StageOptions
from reconcile.importing.staging import empty_tables, stage

__all__ = ["Mapping", "StageOptions", "StagedFile", "empty_tables", "load_mapping", "stage"]
