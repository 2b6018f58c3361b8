"""How findings are meant on the command line: `--filter name=value`, ranges, lists of ids."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from reconcile.errors import BadParameters
from reconcile.filtering import FindingFilter
from reconcile.guarding import unguarded

Value = TypeVar("Value")

_PLAIN = {
    **{name: name for name in ("reason", "flag", "buyer", "campaign", "currency", "event")},
    **{name: name for name in ("source", "search", "state", "assignee")},
    "class": "row_class",
}
_NAMES = (*_PLAIN, "day", "amount", "stale", "id", "decision")
_DIGITS = 10
_ID_COLUMNS = ("finding", "ref", "transaction_id")


def parse_filter(texts: Iterable[str]) -> FindingFilter:
    """Return the filter that `name=value` texts say together.

    Raises:
        BadParameters: A name is unknown or there twice, or a value cannot be meant.
    """
    values: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or name not in _NAMES:
            raise BadParameters(
                f"--filter {text!r}: write it as name=value, the name being one of "
                f"{', '.join(_NAMES)}."
            )
        found = _values(name, value.strip())
        if name == "id":
            found = {"ids": (*values.pop("ids", ()), *found["ids"])}
        twice = values.keys() & found.keys()
        if twice:
            raise BadParameters(f"--filter {name}: is there twice; a finding has one.")
        values |= found
    return FindingFilter(**values)


def _values(name: str, value: str) -> dict[str, Any]:
    if name == "day":
        return dict(zip(("day_from", "day_to"), days(value), strict=True))
    if name == "amount":
        return dict(zip(("at_least", "at_most"), amounts(value), strict=True))
    if name == "stale":
        if value not in ("yes", "no"):
            raise BadParameters(f"--filter stale={value}: write yes or no.")
        return {"stale": value == "yes"}
    if name == "id":
        return {"ids": ids(value)}
    if name == "decision":
        if not (value.isascii() and value.isdigit() and len(value) < _DIGITS):
            raise BadParameters(f"--filter decision={value}: write its number, such as 12.")
        return {"decision": int(value)}
    return {_PLAIN[name]: value}


def days(text: str) -> tuple[date | None, date | None]:
    """Return the days of a range, such as 2026-11-01..2026-11-07, both included, or of one day.

    Raises:
        BadParameters: It holds no day.
    """
    return _range(text, date.fromisoformat, _DAY)


def amounts(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the amounts of a range, such as 10..50, both included, or of one amount.

    Raises:
        BadParameters: It holds no amount.
    """
    return _range(text, _amount, _AMOUNT)


_DAY = "is no day; write it as 2026-11-03, or 2026-11-01..2026-11-07"
_AMOUNT = "is no amount; write it as 40.00, 10..50, 10.. or ..50"


def named_ids(texts: Iterable[str]) -> tuple[str, ...]:
    """Return ids as they were named, one by one, and those of files that `@FILE` names.

    Raises:
        BadParameters: A file cannot be read, or holds none.
    """
    found = (ids(text) if text.startswith("@") else (text,) for text in texts)
    return tuple(dict.fromkeys(one for some in found for one in some))


def ids(text: str) -> tuple[str, ...]:
    """Return the ids of a text with commas between them, or of the file that `@FILE` names.

    A file has one id a line, or is a CSV with a column finding, ref or transaction_id.

    Raises:
        BadParameters: The file cannot be read, or holds none.
    """
    if not text.startswith("@"):
        found = [part.strip() for part in text.split(",")]
    else:
        found = _ids_of(Path(text[1:]))
    kept = tuple(dict.fromkeys(one for one in found if one))
    if not kept:
        raise BadParameters(f"id={text}: holds no id.")
    return kept


def _ids_of(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadParameters(f"id=@{path}: cannot be read as text ({error}).") from error
    if not lines or not {*_ID_COLUMNS} & {cell.strip() for cell in lines[0].split(",")}:
        return [line.strip() for line in lines]
    rows = list(csv.DictReader(lines))
    column = next(name for name in _ID_COLUMNS if name in rows[0]) if rows else _ID_COLUMNS[0]
    return [unguarded((row[column] or "").strip()) for row in rows]


def _range(
    text: str, read: Callable[[str], Value], wrong: str
) -> tuple[Value | None, Value | None]:
    first, sign, last = (part.strip() for part in text.partition(".."))
    try:
        start = read(first) if first else None
        end = (read(last) if last else None) if sign else start
    except ValueError as error:
        raise BadParameters(f"{text!r} {wrong}.") from error
    if start is None and end is None:
        raise BadParameters(f"{text!r} {wrong}.")
    return start, end


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not amount.is_finite():
        raise ValueError(text)
    return amount
