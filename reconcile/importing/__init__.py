"""Files in, rows with provenance out: open, locate, map, type; then the warehouse commits."""

from reconcile.importing.committing import ImportOutcome, import_file
from reconcile.importing.mapping.answers import answered
from reconcile.importing.mapping.mappings import load_mapping
from reconcile.importing.preview import Preview, preview, preview_again
from reconcile.importing.questions import Choice, Question
from reconcile.importing.records import Mapping, StagedFile, StageOptions
from reconcile.importing.remapping import Remapped, remap
from reconcile.importing.settings import load_settings
from reconcile.importing.staging import empty_tables, gather, stage

__all__ = [
    "Choice",
    "ImportOutcome",
    "Mapping",
    "Preview",
    "Question",
    "Remapped",
    "StageOptions",
    "StagedFile",
    "answered",
    "empty_tables",
    "gather",
    "import_file",
    "load_mapping",
    "load_settings",
    "preview",
    "preview_again",
    "remap",
    "stage",
]
