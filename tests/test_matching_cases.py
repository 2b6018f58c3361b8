"""The hand-written cases of the plain reading hold for the matching questions as well.

Every test of `test_reference_rules.py` and `test_reference_scope.py` runs here once more, its
world judged by the SQL instead of by the plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from tests import reference_rows, test_reference_rules, test_reference_scope
from tests.matching_worlds import QuickEngine, reconcile_by_sql
from tests.reference import Verdicts, World

# What SQL says in other words: unit tests of the plain reading, questions, places of rows left out.
ONLY_PLAIN = {
    "test_white_space_goes_and_case_folds_only_in_hexadecimal_ids",
    "test_a_loose_id_is_letters_and_digits_without_leading_zeros",
    "test_a_status_in_no_table_is_a_question",
    "test_a_campaign_filter_drops_other_claims_and_other_or_unknown_events",
    "test_a_buyer_filter_counts_unknown_events_only_if_paired",
}


@pytest.fixture(scope="module")
def engine() -> Iterator[QuickEngine]:
    engine = QuickEngine()
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def _judged_by_sql(engine: QuickEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def reconcile_world(world: World) -> Verdicts:
        found = reconcile_by_sql(engine, world)[0]
        return replace(found, bridge={line: shortened(m) for line, m in found.bridge.items()})

    for module in (reference_rows, test_reference_scope):
        monkeypatch.setattr(module, "reconcile_world", reconcile_world)


def shortened(money: Decimal) -> Decimal:
    """Return an amount of four decimals as it was written in the case."""
    return Decimal(str(money).rstrip("0").rstrip("."))


def _cases() -> Iterator[tuple[str, Callable[..., None]]]:
    for module in (test_reference_rules, test_reference_scope):
        for name, case in vars(module).items():
            if name.startswith("test_") and name not in ONLY_PLAIN:
                yield name, case


globals().update(_cases())
