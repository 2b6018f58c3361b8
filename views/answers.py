"""What screens read: one open store, and answers of stored runs, kept as long as they hold.

A run never changes. What was decided on its findings does: those answers hold until the next
decision or postback, `said`. The findings of the runs that were looked at last lie in memory.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import streamlit as st

import reconcile
from reconcile import FindingFilter, Store
from reconcile.decisions import moment
from reconcile.filtering import LARGEST, HeldRun
from reconcile.headlines import Headline
from reconcile.reading import Explanation

Record = dict[str, Any]


def the_store() -> Store:
    """Return the open warehouse of this process."""
    return _store(str(Path(os.environ.get("RECONCILE_HOME") or "data").resolve()))


@st.cache_resource(show_spinner=False)
def _store(home: str) -> Store:
    return reconcile.open_store(Path(home))


@st.cache_resource(show_spinner=False, max_entries=2)
def _held(home: str, run_id: str) -> HeldRun:
    return HeldRun(_store(home), run_id)


@st.cache_data(show_spinner=False, max_entries=32)
def _headlines(home: str, run_id: str) -> list[Headline]:
    return reconcile.headlines(_store(home), run_id, held=_held(home, run_id))


@st.cache_data(show_spinner=False, max_entries=32)
def _bridge(
    home: str, run_id: str, currency: str | None, by: tuple[str, ...], buyer: str | None
) -> list[Record]:
    return reconcile.bridge(_store(home), run_id, by=by, currency=currency, buyer=buyer)


@st.cache_data(show_spinner=False, max_entries=64)
def _findings(
    home: str,
    run_id: str,
    said: str,  # noqa: ARG001 - part of the key
    only: FindingFilter,
    page: tuple[str, int, int],
) -> list[Record]:
    order, limit, offset = page
    return _held(home, run_id).findings(only, order=order, limit=limit, offset=offset)


@st.cache_data(show_spinner=False, max_entries=64)
def _totals(
    home: str,
    run_id: str,
    said: str,  # noqa: ARG001 - part of the key
    only: FindingFilter,
) -> list[Record]:
    return _held(home, run_id).totals(only)


@st.cache_data(show_spinner=False, max_entries=64)
def _explanation(home: str, run_id: str, ref: str) -> Explanation:
    return reconcile.explain(_store(home), run_id, ref, all_ids=False)


@st.cache_data(show_spinner=False, max_entries=64)
def _misspelled(home: str, run_id: str, ref: str) -> tuple[Record, ...]:
    return reconcile.explain(_store(home), run_id, ref).misspelled


class StoredRun:
    """The answers of one stored run, as the public functions of the same names give them."""

    def __init__(self, store: Store, run_id: str) -> None:
        self.id = run_id
        self._store = store
        self._at = (str(store.home), run_id)

    @property
    def held(self) -> HeldRun:
        """Return the run in memory, for what no answer is kept of."""
        return _held(*self._at)

    def headlines(self) -> list[Headline]:
        """Return the figures per currency."""
        return _headlines(*self._at)

    def bridge(
        self, currency: str | None, *, by: tuple[str, ...] = ("currency",), buyer: str | None = None
    ) -> list[Record]:
        """Return the bridge of one currency; None stands for rows that name none."""
        rows = _bridge(*self._at, currency, by, buyer)
        return [row for row in rows if row["currency"] == currency]

    def currencies(self) -> list[str]:
        """Return the currencies of the run, the largest sums first."""
        return [line.currency for line in self.headlines() if line.currency]

    def buyers(self) -> list[str]:
        """Return the buyers that have money on either side."""
        rows = _bridge(*self._at, None, ("buyer",), None)
        return sorted({row["buyer"] for row in rows} - {None})

    def findings(
        self, only: FindingFilter, *, order: str = LARGEST, limit: int, offset: int
    ) -> list[Record]:
        """Return one page of findings, without what came nearest to each."""
        return _findings(*self._at, moment(self._store), only, (order, limit, offset))

    def totals(self, only: FindingFilter) -> list[Record]:
        """Return the counts and sums of findings by class and currency."""
        return _totals(*self._at, moment(self._store), only)

    def count(self, only: FindingFilter) -> int:
        """Return how many findings pass."""
        return sum(int(row["findings"]) for row in self.totals(only))

    def explain(self, ref: str) -> Explanation:
        """Return why a row has its class, without looking at the ids of all rows."""
        return _explanation(*self._at, ref)

    def misspelled(self, ref: str) -> tuple[Record, ...]:
        """Return the rows whose id is one edit away from that of a row; that takes seconds."""
        return _misspelled(*self._at, ref)
