"""Coverage merged into spans: whoever asks finds at most one span at any moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconcile.matching.parameters import Cover
from reconcile.matching.spans import spans

START = datetime(2026, 11, 1)
WORDS = {"a": 1, "b": 2}


def at(day: int) -> datetime:
    """Return a day of the test's calendar."""
    return START + timedelta(days=day)


def test_covers_that_touch_become_one_and_a_gap_stays():
    found = list(
        spans([Cover(None, at(0), at(2)), Cover(None, at(2), at(3)), Cover(None, at(5), at(6))], {})
    )
    assert found == [(None, at(0), at(3)), (None, at(5), at(6))]


def test_a_named_cover_does_not_cover_an_unknown_name():
    found = set(spans([Cover("a", at(0), at(2))], WORDS))
    assert found == {(1, at(0), at(2))}


def test_a_nameless_cover_covers_all_and_joins_a_named_one():
    found = set(spans([Cover(None, at(0), at(2)), Cover("a", at(1), at(4))], WORDS))
    assert found == {(None, at(0), at(2)), (1, at(0), at(4)), (2, at(0), at(2))}


covers = st.builds(
    lambda name, start, length: Cover(name, at(start), at(start + length)),
    st.sampled_from([None, "a", "b"]),
    st.integers(0, 12),
    st.integers(1, 5),
)


@given(st.lists(covers, max_size=8), st.sampled_from([None, "a", "b"]), st.integers(0, 18))
def test_a_moment_is_covered_exactly_if_a_cover_of_its_name_or_of_all_holds_it(
    given_covers, name, day
):
    number = None if name is None else WORDS[name]
    found = [s for s in spans(given_covers, WORDS) if s[0] == number and s[1] <= at(day) < s[2]]
    holds = any(c.name in (None, name) and c.start <= at(day) < c.end for c in given_covers)
    assert len(found) == holds
