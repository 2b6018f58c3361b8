"""Reconcile what a lead network recorded with what its buyers say, to the cent, and close the gap.

The names below are all that screens, notebooks and the command line use. A store is a folder;
facts enter it as batches, a run reconciles them, findings and the bridge say what came out, and a
plan of postbacks closes what is missing. The records they take and return are described in the
rooms they come from.
"""

from reconcile.accepting import proposals
from reconcile.amending import corrections
from reconcile.changes import finding_changes, report_changes
from reconcile.closing import close
from reconcile.comparing import CompareFiles, compare
from reconcile.correcting import approve, fire, plan, verify
from reconcile.deciding import decide, history, undo_decision
from reconcile.decisions import Credit
from reconcile.demo import load_sample, remove_sample
from reconcile.disputing import send_pack, verify_pack
from reconcile.errors import ReconcileError
from reconcile.filtering import FindingFilter
from reconcile.funnel.definition import FunnelDefinition, FunnelStep, default_funnel
from reconcile.funnel.files import known_funnels, load_funnel, save_funnel
from reconcile.funnel.judging import Funnel
from reconcile.funnel.opening import open_funnel
from reconcile.funnel.view import FunnelView
from reconcile.headlines import headlines, known_runs
from reconcile.importing import import_file, load_mapping, load_settings, preview, remap
from reconcile.matching.parameters import RunParameters, load_parameters
from reconcile.packing import make_pack
from reconcile.reading import (
    bridge,
    explain,
    finding_totals,
    findings,
    findings_frame,
)
from reconcile.reporting import report
from reconcile.running import run, run_again
from reconcile.sampling import sample
from reconcile.terms import Kind, RowClass
from reconcile.warehouse import Store, compact, open_store

__version__ = "0.1.0"

__all__ = [
    "CompareFiles",
    "Credit",
    "FindingFilter",
    "Funnel",
    "FunnelDefinition",
    "FunnelStep",
    "FunnelView",
    "Kind",
    "ReconcileError",
    "RowClass",
    "RunParameters",
    "Store",
    "approve",
    "bridge",
    "close",
    "compact",
    "compare",
    "corrections",
    "decide",
    "default_funnel",
    "explain",
    "finding_changes",
    "finding_totals",
    "findings",
    "findings_frame",
    "fire",
    "headlines",
    "history",
    "import_file",
    "known_funnels",
    "known_runs",
    "load_funnel",
    "load_mapping",
    "load_parameters",
    "load_sample",
    "load_settings",
    "make_pack",
    "open_funnel",
    "open_store",
    "plan",
    "preview",
    "proposals",
    "remap",
    "remove_sample",
    "report",
    "report_changes",
    "run",
    "run_again",
    "sample",
    "save_funnel",
    "send_pack",
    "undo_decision",
    "verify",
    "verify_pack",
]
