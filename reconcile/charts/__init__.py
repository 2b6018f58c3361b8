"""Exact rows to plotly figures, for screens and notebooks; each has a text that says the same.

Money is a float only where a bar is drawn; every number that can be read is made from `Decimal`.
No colour carries meaning alone: what it says is also said in text, or by a pattern.
"""

from reconcile.charts.bridge import gap_per_day, gap_per_day_text, waterfall, waterfall_text
from reconcile.charts.form import inked
from reconcile.charts.funnel import funnel_bars, funnel_bars_text
from reconcile.charts.funnel_cohorts import (
    cohort_ages,
    cohort_ages_text,
    cohort_lines,
    cohort_lines_text,
)
from reconcile.charts.funnel_moves import tracked_and_reconciled, tracked_and_reconciled_text
from reconcile.charts.funnel_time import time_to_convert, time_to_convert_text
from reconcile.charts.paging import chart_page

__all__ = [
    "chart_page",
    "cohort_ages",
    "cohort_ages_text",
    "cohort_lines",
    "cohort_lines_text",
    "funnel_bars",
    "funnel_bars_text",
    "gap_per_day",
    "gap_per_day_text",
    "inked",
    "time_to_convert",
    "time_to_convert_text",
    "tracked_and_reconciled",
    "tracked_and_reconciled_text",
    "waterfall",
    "waterfall_text",
]
