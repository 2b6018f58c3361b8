"""The only doors to an engine; DuckDB is the default and the only one so far."""

from reconcile.engine.duckdb import Arrangement, Engine
from reconcile.engine.memory import ranges_for
from reconcile.engine.questions import question

__all__ = ["Arrangement", "Engine", "question", "ranges_for"]
