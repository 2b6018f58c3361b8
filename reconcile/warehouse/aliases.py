"""Which spellings of buyers, campaigns, events and sources stand for one name; with history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reconcile.errors import BadParameters, NotFound
from reconcile.state import Database
from reconcile.warehouse.records import as_text, now_utc

DIMENSIONS = ("buyer", "campaign", "event", "source")
"""What may be spelled in several ways; a source is who sends a file."""


@dataclass(frozen=True)
class Alias:
    """What was said of a spelling, once; times are naive UTC."""

    dimension: str
    spelling: str
    known_name: str | None
    """The name it stands for; the spelling itself for a name of its own; None: taken back."""
    said_by: str | None
    changed_at: datetime
    counts: bool
    """It is in force: the last word on its spelling, and not taken back."""


def aliases(catalog: Database, *, with_history: bool = False) -> list[Alias]:
    """Return the aliases in force, by dimension and spelling; with their history if asked."""
    every = [
        Alias(
            row["dimension"],
            row["spelling"],
            row["known_name"],
            row["said_by"],
            datetime.fromisoformat(row["changed_at"]).replace(tzinfo=None),
            bool(row["counts"]),
        )
        for row in catalog.query("warehouse/aliases")
    ]
    return [alias for alias in every if with_history or alias.counts]


def known_names(catalog: Database) -> dict[str, dict[str, str]]:
    """Return dimension to spelling to the name it stands for; names of their own are left out."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for alias in aliases(catalog):
        if alias.known_name not in (None, alias.spelling):
            found[alias.dimension][alias.spelling] = str(alias.known_name)
    return dict(found)


def add_aliases(
    catalog: Database, said: Iterable[tuple[str, str, str]], *, said_by: str | None = None
) -> None:
    """Say what spellings stand for; all or none is kept.

    Args:
        catalog: Where they are kept.
        said: Dimension, spelling and known name; the spelling itself for a name of its own.
        said_by: Who says so.

    Raises:
        BadParameters: There is no such dimension, a name is blank, or what a spelling is to stand
            for is an alias itself, or has aliases.
    """
    with catalog.transaction():
        for dimension, spelling, name in said:
            _check(known_names(catalog).get(dimension, {}), dimension, spelling, name)
            _add(catalog, dimension, spelling, name, said_by)


def remove_alias(
    catalog: Database, dimension: str, spelling: str, *, said_by: str | None = None
) -> None:
    """Take an alias back; that it was there is kept, and runs that used it can be repeated.

    Raises:
        NotFound: The spelling is no alias.
    """
    with catalog.transaction():
        known = [(a.dimension, a.spelling) for a in aliases(catalog)]
        if (dimension, spelling) not in known:
            there = ", ".join(s for d, s in known if d == dimension) or "none"
            raise NotFound(f"{spelling!r} is no alias of a {dimension}; there are: {there}.")
        _add(catalog, dimension, spelling, None, said_by)


def _add(
    catalog: Database, dimension: str, spelling: str, name: str | None, said_by: str | None
) -> None:
    catalog.execute(
        "warehouse/add_alias",
        dimension=dimension,
        spelling=spelling,
        known_name=name,
        said_by=said_by,
        changed_at=as_text(now_utc()),
    )


def _check(known: dict[str, str], dimension: str, spelling: str, name: str) -> None:
    if dimension not in DIMENSIONS:
        raise BadParameters(f"There are no aliases of a {dimension}; of {', '.join(DIMENSIONS)}.")
    if not spelling.strip() or not name.strip():
        raise BadParameters("A spelling, and what it stands for, must not be blank.")
    if name in known:
        raise BadParameters(
            f"{name!r} stands for {known[name]!r} itself. Say that {spelling!r} stands for that."
        )
    if name != spelling and spelling in known.values():
        others = ", ".join(repr(other) for other, of in known.items() if of == spelling)
        raise BadParameters(
            f"{others} stand for {spelling!r}, so that it must stay a name. Take these back first: "
            f"reconcile alias remove {dimension} SPELLING"
        )
