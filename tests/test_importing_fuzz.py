"""A table is written through a random dirtying and read back: right, rejected or asked."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz_importing import check
from tests.fuzz_tables import dirt_of


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.integers(0, 2**40).map(dirt_of))
def test_a_dirty_table_is_read_right_rejected_or_asked(tmp_path_factory, dirt):
    """Every loaded row is true, every damaged one rejected by name; what is told is not asked."""
    check(dirt, tmp_path_factory.mktemp("fuzz"))
