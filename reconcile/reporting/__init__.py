"""A run on one page for a reader who was not there: HTML that prints, and needs nothing else."""

from reconcile.reporting.content import Since
from reconcile.reporting.rendering import report

__all__ = ["Since", "report"]
