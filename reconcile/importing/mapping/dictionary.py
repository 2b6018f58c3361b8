"""What the headers of other platforms mean to us (`headers.json`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reconcile.importing.fields import ALL_FIELDS, CANONICAL_HEADERS, field_of, fold

PINGTREE = "pingtree"

_NOT_OURS = ("other", "total")


@dataclass(frozen=True)
class Meaning:
    """One of the meanings of an ambiguous header."""

    meaning: str
    field: str | None
    platforms: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """The headers of all platforms, folded."""

    fields: dict[str, dict[str, str]]
    """Platform, then folded header, to our field."""
    headers: dict[str, frozenset[str]]
    """Platform to all its folded headers, those that are none of our fields included."""
    totals: frozenset[str]
    marks: dict[str, frozenset[str]]
    """Platform to the folded headers that were seen on no other one."""
    ambiguous: dict[str, tuple[Meaning, ...]]
    known: frozenset[str]
    """Every folded header that somebody uses."""
    plain: dict[str, str]
    """Pingtree's and our own names, folded, to our field; without the ambiguous ones."""

    def platform_of(self, headers: list[str]) -> str | None:
        """Return the platform that two or more of the headers belong to, and no other one."""
        folded = {fold(header) for header in headers}
        scores = sorted(
            ((len(folded & marks), name) for name, marks in self.marks.items()), reverse=True
        )
        (best, name), (second, _) = scores[0], scores[1]
        return name if best >= 2 and best > second else None


@cache
def dictionary() -> Dictionary:
    """Return the bundled dictionary."""
    text = (files("reconcile") / "importing" / "headers.json").read_text(encoding="utf-8")
    data = json.loads(text)
    platforms: dict[str, dict[str, list[str]]] = data["platforms"]
    spelled = {
        name: {fold(header) for headers in fields.values() for header in headers}
        for name, fields in platforms.items()
    }
    generic = {fold(word) for word in data["generic"]}
    ambiguous = {
        word: tuple(Meaning(m["meaning"], m["field"], tuple(m["platforms"])) for m in meanings)
        for word, meanings in data["ambiguous"].items()
    }
    return Dictionary(
        fields={name: _fields(fields) for name, fields in platforms.items()},
        headers={name: frozenset(words) for name, words in spelled.items()},
        totals=frozenset(fold(h) for f in platforms.values() for h in f.get("total", [])),
        marks={name: _marks(name, spelled) - generic for name in spelled},
        ambiguous=ambiguous,
        known=frozenset().union(*spelled.values()) | {fold(name) for name in CANONICAL_HEADERS},
        plain=_plain(platforms[PINGTREE], set(ambiguous)),
    )


def _fields(fields: dict[str, list[str]]) -> dict[str, str]:
    return {
        fold(header): field
        for field, headers in fields.items()
        if field not in _NOT_OURS
        for header in headers
    }


def _marks(name: str, spelled: dict[str, set[str]]) -> frozenset[str]:
    others = set().union(*(words for other, words in spelled.items() if other != name))
    return frozenset(spelled[name] - others)


def _plain(pingtree: dict[str, list[str]], ambiguous: set[str]) -> dict[str, str]:
    names = _fields(pingtree)
    names.update({fold(name): field_of(name) for name in (*CANONICAL_HEADERS, *ALL_FIELDS)})
    return {word: field for word, field in names.items() if word not in ambiguous}
