"""Slices of a breakdown: how they are named and ordered, and how those beyond the most are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconcile.funnel.facts import COHORTS
from reconcile.funnel.view import FunnelView

Record = dict[str, Any]
Slice = tuple[Any, ...]

OTHER: Slice = (object(),)
"""The slice of all values beyond the most."""


def key_of(row: Mapping[str, Any], view: FunnelView) -> Slice:
    """Return the values of a row's slice."""
    return (row["slice"], row["slice_within"])[: len(view.by)]


def named(key: Slice, view: FunnelView) -> Record:
    """Return the columns that name a slice."""
    values = (None,) * len(view.by) if key == OTHER else key
    return dict(zip(view.by, values, strict=True)) | {"is_other": key == OTHER}


def shown_slices(rows: Iterable[Record], view: FunnelView) -> list[Slice]:
    """Return the slices that counts have, in their order, but for that of all others."""
    found = (tuple(row[name] for name in view.by) for row in rows if not row["is_other"])
    return list(dict.fromkeys(found))


def folded(
    rows: Iterable[Record], numbers: tuple[str, ...], view: FunnelView
) -> dict[Slice, Record]:
    """Return the slices in their order, the numbers of those beyond the most summed as one.

    Without a breakdown there is one slice, of zeros if there is no lead. Cohorts are all kept.
    """
    every = {key_of(row, view): row for row in rows}
    if not view.by:
        return every or {(): dict.fromkeys(numbers, 0)}
    order = sorted(every, key=lambda key: _order(key, every[key]["n1"], view))
    most = len(order) if set(view.by) & {*COHORTS} else view.most
    kept = {key: every[key] for key in order[:most]}
    if order[most:]:
        kept[OTHER] = {name: sum(every[key][name] for key in order[most:]) for name in numbers}
    return kept


def _order(key: Slice, leads: int, view: FunnelView) -> tuple[Any, ...]:
    """Return where a slice stands: cohorts in the order of time, others with most leads first."""
    times = tuple(part for part, name in zip(key, view.by, strict=True) if name in COHORTS)
    return (*times, -leads, tuple((part is None, str(part)) for part in key))
