"""Names that a file brings: known ones, new ones, and those that look like a known one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from reconcile.importing.fields import fold
from reconcile.importing.questions import Choice, Question, asked
from reconcile.importing.records import StagedFile
from reconcile.warehouse import Batch, Store
from reconcile.warehouse.aliases import add_aliases, aliases, known_names

NEW = "new"
"""Answer for a spelling that is a name of its own."""

_NEAR = 0.88
"""Likeness of the letters from which on two spellings may be meant to be one."""

_MOST = 20_000
"""Pairs of spellings that are compared letter by letter; beyond, only equal letters are told."""

_FORMS = re.compile(
    r"\b(inc|llc|ltd|limited|gmbh|corp|co|company|ag|sa|bv|plc)\b\.?", re.IGNORECASE
)


@dataclass(frozen=True)
class NewNames:
    """The names of one dimension that no file has brought before."""

    dimension: str
    names: tuple[str, ...]


def known_sender(store: Store, sender: str | None) -> str | None:
    """Return the name that a sender's spelling stands for."""
    if sender is None:
        return None
    return known_names(store.catalog).get("source", {}).get(sender, sender)


def known_events(store: Store) -> set[str]:
    """Return the events that settings or aliases name; what else was loaded names them in rows."""
    said = [alias for alias in aliases(store.catalog) if alias.dimension == "event"]
    names = {name for alias in said for name in (alias.spelling, str(alias.known_name))}
    return names | {setting.event_id for setting in store.settings()}


def check_names(
    store: Store, staged: StagedFile, *, events: Sequence[str] = ()
) -> tuple[NewNames, ...]:
    """Return the names that are new, where others of their kind are known.

    Args:
        store: The warehouse.
        staged: The file.
        events: Those that its rows name.

    Raises:
        QuestionOpen: A new one looks like a known one, or like another new one, and nobody has
            said whether it is the same.
    """
    batches = store.batches()
    said = {(alias.dimension, alias.spelling) for alias in aliases(store.catalog)}
    said |= {(d, spelling) for d, words in staged.told.aliases.items() for spelling in words}
    questions, found = [], []
    for dimension, names in (_names(staged) | {"event": events}).items():
        is_event = dimension == "event"
        known = known_events(store) if is_event else _known(store, batches, dimension)
        new = [name for name in names if name not in known and (dimension, name) not in said]
        questions += list(_questions(dimension, new, known))
        if known and new:
            found.append(NewNames(dimension, tuple(new)))
    if questions:
        raise asked(staged.name, questions)
    return tuple(found)


def keep_names(store: Store, staged: StagedFile, *, user: str | None) -> None:
    """Keep what was answered about names; raises BadParameters where it cannot be meant."""
    known = {(a.dimension, a.spelling): a.known_name for a in aliases(store.catalog)}
    said = [
        (dimension, spelling, spelling if name == NEW else name)
        for dimension, words in staged.told.aliases.items()
        for spelling, name in words.items()
    ]
    changed = [
        (d, spelling, name) for d, spelling, name in said if known.get((d, spelling)) != name
    ]
    if changed:
        add_aliases(store.catalog, changed, said_by=user)


def with_known_sender(store: Store, staged: StagedFile) -> StagedFile:
    """Return a file whose sender is the known name; what was answered of it now included."""
    own = staged.told.aliases.get("source", {})
    sender = own.get(staged.sender or "", staged.sender)
    return replace(staged, sender=known_sender(store, staged.sender if sender == NEW else sender))


def near(spelling: str, known: Iterable[str]) -> list[str]:
    """Return known spellings that may be meant, the likeliest first.

    Numbers must be the same, since `c1` is not `c2`.
    """
    likeness = {name: _likeness(spelling, name) for name in known}
    likely = [name for name, ratio in likeness.items() if ratio >= _NEAR]
    return sorted(likely, key=lambda name: (-likeness[name], name))[:3]


def _names(staged: StagedFile) -> dict[str, Sequence[str]]:
    return {
        "buyer": staged.buyers,
        "campaign": staged.campaigns,
        "source": [staged.sender] if staged.sender else [],
    }


def _listed(batch: Batch) -> dict[str, Sequence[str]]:
    sender = [batch.sender] if batch.sender else []
    return {"buyer": batch.buyers, "campaign": batch.campaigns, "source": sender}


def _known(store: Store, batches: Sequence[Batch], dimension: str) -> set[str]:
    known = {name for batch in batches for name in _listed(batch)[dimension]}
    for alias in aliases(store.catalog):
        if alias.dimension == dimension:
            known |= {alias.spelling, str(alias.known_name)}
    return known


def _questions(dimension: str, new: Sequence[str], known: set[str]) -> Iterator[Question]:
    seen = set(known)
    for name in new:
        is_few = len(new) * len(seen) <= _MOST
        others = near(name, seen if is_few else (s for s in seen if fold(s) == fold(name)))
        seen.add(name)
        if others:
            same = fold(others[0]) == fold(name)
            yield Question(
                f"alias.{dimension}.{name}",
                f"Is the {dimension} {name!r} a known one in another spelling?",
                (
                    *(Choice(other, f"it is {other!r}") for other in others),
                    Choice(NEW, "it is a name of its own"),
                ),
                suggestion=others[0] if same else None,
                is_free=True,
            )


def _likeness(one: str, other: str) -> float:
    if fold(one) == fold(other):
        return 1.0
    bare, other_bare = (fold(_FORMS.sub("", name)) for name in (one, other))
    if bare and bare == other_bare:
        return 0.99
    if min(len(bare), len(other_bare)) < 4 or _digits(bare) != _digits(other_bare):
        return 0.0
    return SequenceMatcher(None, bare, other_bare).ratio()


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
