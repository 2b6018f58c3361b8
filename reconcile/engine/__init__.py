"""The only doors to an engine; DuckDB is the default and the only one so far."""

from reconcile.engine.duckdb import Engine
from reconcile.engine.questions import question

__all__ = ["Engine", "question"]
