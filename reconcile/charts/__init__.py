"""Exact rows to plotly figures, for screens and notebooks; each has a text that says the same.

Money is a float only where a bar is drawn; every number that can be read is made from `Decimal`.
No colour carries meaning alone: what it says is also said in text, or by a pattern.
"""

from reconcile.charts.bridge import gap_per_day, gap_per_day_text, waterfall, waterfall_text
from reconcile.charts.form import inked

__all__ = [
    "gap_per_day",
    "gap_per_day_text",
    "inked",
    "waterfall",
    "waterfall_text",
]
