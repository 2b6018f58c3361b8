"""The only doors to an engine; DuckDB is the default and the only one so far."""

from reconcile.engine.duckdb import Engine, Steps, UnevenText
from reconcile.engine.memory import ranges_for
from reconcile.engine.questions import question
from reconcile.engine.texts import Arrangement, TextFile

__all__ = [
    "Arrangement",
    "Engine",
    "Steps",
    "TextFile",
    "UnevenText",
    "question",
    "ranges_for",
]
