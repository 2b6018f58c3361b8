"""Answers to open questions: each is one line of the mapping, and is checked as such."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from reconcile.errors import BadMapping
from reconcile.importing.fields import field_of
from reconcile.importing.mapping.mappings import LISTS, mapping_data, mapping_of
from reconcile.importing.questions import key_words, option
from reconcile.importing.records import Mapping

_SHAPE = "Write it as --answer KEY=VALUE, such as --answer zone=America/Los_Angeles."

_WHOLE = ("period",)
"""Tables of which one line means nothing without the others."""


def answered(mapping: Mapping | None, answers: Iterable[str]) -> Mapping:
    """Return a mapping with answers put in.

    Args:
        mapping: What is known so far; None for nothing.
        answers: Each `key=value`. The key is the place of a mapping's line: `zone`,
            `columns.revenue`, `status.Sold`, `date_format.Sale Date`, `alias.buyer.ACME Inc`. A
            word that holds `=` is quoted. An answer goes before what the mapping said; those to a
            list of headers, like `ignore`, are added to it.

    Raises:
        BadMapping: An answer has another form, two of them contradict each other, or one cannot
            be meant; the text names it.
        UnknownZone: A zone that nobody knows.
    """
    known = mapping or Mapping(name="an --answer")
    data = mapping_data(known)
    given: dict[str, str] = {}
    for text in answers:
        key, value = split_answer(text)
        _refuse_second(key, value, given)
        if key_words(key)[0] not in _WHOLE:
            alone: dict[str, Any] = {}
            _put(alone, key, value)
            mapping_of(option(key, value), alone)
        _put(data, key, value)
    return mapping_of(known.name, data)


def said_anew(known: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    """Return answers with new ones behind them; of two to one line of the mapping the later counts.

    Raises:
        BadMapping: One has no key or no value.
    """
    kept = list(known)
    for text in new:
        key, _ = split_answer(text)
        is_list = key in LISTS
        kept = [t for t in kept if t != text and (is_list or split_answer(t)[0] != key)]
        kept.append(text)
    return tuple(kept)


def split_answer(text: str) -> tuple[str, str]:
    """Return the key and the value of an answer.

    Raises:
        BadMapping: It has no key, no value or a quotation that does not end.
    """
    start = 0
    quoted = ""
    if -1 < text.find('."') < text.find("="):
        start = text.index('."') + 1
        try:
            quoted, length = json.JSONDecoder().raw_decode(text[start:])
        except json.JSONDecodeError as error:
            raise BadMapping(f"--answer {text}: the quoted word does not end. {_SHAPE}") from error
        rest = text[start + length :]
    else:
        rest = text
    key, mark, value = rest.partition("=")
    key = (text[:start] + quoted + key).strip()
    if not mark or not key or not value.strip():
        raise BadMapping(f"--answer {text}: has no key, or no value. {_SHAPE}")
    return key, value.strip()


def _refuse_second(key: str, value: str, given: dict[str, str]) -> None:
    if key not in LISTS and given.setdefault(key, value) != value:
        raise BadMapping(
            f"{option(key, given[key])} and {option(key, value)} contradict each other. Keep one."
        )


def _put(data: dict[str, Any], key: str, value: str) -> None:
    """Set one line of a mapping; what says the contrary leaves."""
    head, *words = key_words(key)
    if head in LISTS:
        data[head] = [
            *data.get(head, ()),
            *(h for h in _items(value) if h not in data.get(head, ())),
        ]
        _forget(data, "columns", data[head] if head == "ignore" else [])
        return
    if not words:
        data[head] = int(value) if head == "header" and value.isdecimal() else value
        return
    if head == "date_format" and isinstance(data.get(head), str):
        data[head] = {"*": data[head]}
    table = data.setdefault(head, {})
    for word in words[:-1]:
        table = table.setdefault(word, {})
    if head in ("columns", "constants"):
        _put_field(data, head, words[-1], value)
    else:
        is_folded = head in ("status", "status_event")
        table[words[-1].strip().lower() if is_folded else words[-1]] = value


def _put_field(data: dict[str, Any], head: str, name: str, value: str) -> None:
    """Let a field be filled as was answered, and its column by nothing else."""
    for table in ("columns", "constants"):
        for other in [n for n in data.get(table, {}) if field_of(n) == field_of(name)]:
            del data[table][other]
    if head == "constants":
        data[head][name] = value
        return
    headers = _items(value)
    _forget(data, "columns", headers)
    data["ignore"] = [header for header in data.get("ignore", []) if header not in headers]
    data[head][name] = headers if len(headers) > 1 else headers[0]


def _forget(data: dict[str, Any], table: str, headers: list[str]) -> None:
    for name, filled in list(data.get(table, {}).items()):
        if isinstance(filled, str) and filled in headers:
            del data[table][name]


def _items(value: str) -> list[str]:
    """Return the texts of a list of TOML; anything else is one text."""
    try:
        items = tomllib.loads(f"items = {value}")["items"]
    except tomllib.TOMLDecodeError:
        return [value]
    is_list = isinstance(items, list) and items and all(isinstance(i, str) for i in items)
    return items if is_list else [value]
