"""Reconcile what a lead network recorded with what its buyers say, to the cent, and close the gap.

The names below are all that screens, notebooks and the command line use. A store is a folder;
facts enter it as batches, a run reconciles them, findings and the bridge say what came out, and a
plan of postbacks closes what is missing.
"""

from reconcile.comparing import CompareFiles, Comparison, compare
from reconcile.correcting import approve, fire, plan, plans, verify
from reconcile.demo import load_sample, only_sample, remove_sample
from reconcile.errors import ReconcileError
from reconcile.headlines import Headline, KnownRun, headlines, known_runs
from reconcile.importing import ImportOutcome, import_file, load_mapping, load_settings
from reconcile.matching.parameters import RunParameters, load_parameters
from reconcile.reading import (
    Explanation,
    FindingFilter,
    bridge,
    explain,
    finding_totals,
    findings,
    findings_frame,
)
from reconcile.running import Run, run, run_again
from reconcile.sampling import SampleFiles, sample
from reconcile.terms import Flag, Kind, RowClass
from reconcile.warehouse import Batch, Store, open_store

__version__ = "0.1.0"

__all__ = [
    "Batch",
    "CompareFiles",
    "Comparison",
    "Explanation",
    "FindingFilter",
    "Flag",
    "Headline",
    "ImportOutcome",
    "Kind",
    "KnownRun",
    "ReconcileError",
    "RowClass",
    "Run",
    "RunParameters",
    "SampleFiles",
    "Store",
    "approve",
    "bridge",
    "compare",
    "explain",
    "finding_totals",
    "findings",
    "findings_frame",
    "fire",
    "headlines",
    "import_file",
    "known_runs",
    "load_mapping",
    "load_parameters",
    "load_sample",
    "load_settings",
    "only_sample",
    "open_store",
    "plan",
    "plans",
    "remove_sample",
    "run",
    "run_again",
    "sample",
    "verify",
]
