"""What came, went and moved: in the versions of a buyer's reports, and between two runs."""

from reconcile.changes.claims import ReportChanges, report_changes
from reconcile.changes.findings import FindingChanges, finding_changes, runs_around

__all__ = [
    "FindingChanges",
    "ReportChanges",
    "finding_changes",
    "report_changes",
    "runs_around",
]
