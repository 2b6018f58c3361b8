"""Funnels as readable TOML files, one each, in the folder `funnels` of the store."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import tomli_w

from reconcile.errors import BadFunnel, NotFound
from reconcile.funnel.definition import (
    Clock,
    Exclusion,
    FunnelDefinition,
    FunnelStep,
    Money,
    NoLead,
    Order,
)
from reconcile.warehouse import Store

FOLDER = "funnels"
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LENGTH = re.compile(r"(\d{1,9})\s*([dhms])\Z")
_WORDS: dict[str, type[StrEnum]] = {
    "order": Order,
    "clock": Clock,
    "money": Money,
    "exclusion": Exclusion,
    "no_lead": NoLead,
}
_LENGTHS = {"window": "window_s", "skew": "skew_s", "within": "within_s"}
_TEXTS = ("name", "received", "unit", "zone", "currency")
_LISTS = ("campaigns", "events")
_MARKS = ("first_entry_only", "later_only", "optional")


def load_funnel(path: Path | str) -> FunnelDefinition:
    """Read the definition of a funnel from a TOML file.

    Raises:
        BadFunnel: It cannot be read, or says what cannot be meant.
    """
    try:
        return parse_funnel(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadFunnel(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (UnicodeDecodeError, BadFunnel) as error:
        raise BadFunnel(f"{path}: {error}") from error


def parse_funnel(text: str) -> FunnelDefinition:
    """Return the definition of a funnel that TOML text holds.

    Raises:
        BadFunnel: It is no TOML, or says what cannot be meant.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFunnel(f"This is not TOML: {error}.") from error
    return _definition(data)


def save_funnel(store: Store, definition: FunnelDefinition) -> Path:
    """Keep a funnel in the store under its name, in the place of one of that name."""
    folder = store.home / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{definition.name}.toml"
    aside = folder / f".{definition.name}.writing"
    aside.write_text(funnel_text(definition), encoding="utf-8")
    aside.replace(path)
    return path


def forget_funnel(store: Store, name: str) -> None:
    """Remove the kept funnel of a name.

    Raises:
        NotFound: None is kept under it.
    """
    path = store.home / FOLDER / f"{named_funnel(store, name).name}.toml"
    path.unlink()


def known_funnels(store: Store) -> list[FunnelDefinition]:
    """Return the funnels that are kept, by name.

    Raises:
        BadFunnel: A file of the folder cannot be read.
    """
    return [load_funnel(path) for path in sorted((store.home / FOLDER).glob("[!.]*.toml"))]


def named_funnel(store: Store, name: str) -> FunnelDefinition:
    """Return the kept funnel of a name.

    Raises:
        NotFound: None is kept under it; the text lists those that are.
        BadFunnel: Its file cannot be read.
    """
    there = {path.stem: path for path in (store.home / FOLDER).glob("[!.]*.toml")}
    if name not in there:
        known = f"there are: {', '.join(sorted(there))}" if there else "none is kept yet"
        raise NotFound(
            f"No funnel is called {name!r}; {known}. `reconcile funnel define` adds one."
        )
    return load_funnel(there[name])


def funnel_text(definition: FunnelDefinition) -> str:
    """Return a funnel as TOML; what is as by default is left out, but for window and order."""
    data = _told(definition, always=("order", "window_s"))
    steps = [_told(step, always=()) | _purpose(step) for step in definition.steps]
    return tomli_w.dumps(data | {"step": steps})


def length_text(seconds: int | None) -> str:
    """Return a length of time as it is written: 30d, 12h, 90m, 45s, or none."""
    if seconds is None:
        return "none"
    fitting = (unit for unit, size in _UNITS.items() if seconds >= size and seconds % size == 0)
    unit = next(fitting, "s")
    return f"{seconds // _UNITS[unit]}{unit}"


def length_of(key: str, value: object) -> int | None:
    """Return seconds of a length of time; None of "none".

    Raises:
        BadFunnel: It is none.
    """
    if value == "none" and key != "skew":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    found = _LENGTH.match(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise BadFunnel(
            f"{key} = {value!r} is no length of time. Write it as 30d, 12h, 90m, 45s, or as "
            f"seconds{'' if key == 'skew' else '; none for no limit'}."
        )
    return int(found[1]) * _UNITS[found[2]]


def _purpose(step: FunnelStep) -> dict[str, object]:
    return {"exclusion": True} if step.exclusion else {}


def _told(of: FunnelDefinition | FunnelStep, *, always: tuple[str, ...]) -> dict[str, object]:
    """Return what a record says that is not so by default, under the names of the file."""
    told: dict[str, object] = {}
    for field in fields(of):
        value = getattr(of, field.name)
        if field.name == "steps" or (isinstance(of, FunnelStep) and field.name == "exclusion"):
            continue
        if field.name in always or value != _default(field):
            key, text = _in_file(field.name, value)
            told[key] = text
    return told


def _default(field: Field[Any]) -> object:
    return None if field.default is MISSING else field.default


def _in_file(name: str, value: object) -> tuple[str, object]:
    for key, of in _LENGTHS.items():
        if of == name:
            return key, length_text(value)  # type: ignore[arg-type]
    if isinstance(value, StrEnum):
        return name, value.value
    return name, list(value) if isinstance(value, tuple) else value


def _definition(data: dict[str, Any]) -> FunnelDefinition:
    steps = data.pop("step", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise BadFunnel("step must be a list of tables, each written as [[step]].")
    values = _values(data, FunnelDefinition, "the funnel")
    if "name" not in values:
        raise BadFunnel('it has no name. Add a line such as name = "Solar".')
    made = []
    for number, step in enumerate(steps, 1):
        found = _values(step, FunnelStep, f"[[step]] {number}")
        missing = [key for key in ("name", "events") if key not in found]
        if missing:
            raise BadFunnel(f"[[step]] {number} has no {missing[0]}. Add it.")
        made.append(FunnelStep(**found))
    return FunnelDefinition(steps=tuple(made), **values)


def _values(data: dict[str, Any], of: type, where: str) -> dict[str, Any]:
    """Return the values of a table by the names of a record."""
    known = {name for name in (f.name for f in fields(of)) if name != "steps"}
    keys = {_key(name) for name in known}
    for key in data:
        if key not in keys:
            raise BadFunnel(f"{where}: unknown name {key!r}. Known are: {', '.join(sorted(keys))}.")
    return {_LENGTHS.get(key, key): _value(of, key, value) for key, value in data.items()}


def _key(name: str) -> str:
    return next((key for key, of in _LENGTHS.items() if of == name), name)


def _value(of: type, key: str, value: object) -> object:
    if key in _LENGTHS:
        return length_of(key, value)
    if key in _LISTS:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise BadFunnel(f'{key} must be a list of texts, such as ["sale"], not {value!r}.')
    if key in _MARKS or (key == "exclusion" and of is FunnelStep):
        if isinstance(value, bool):
            return value
        raise BadFunnel(f"{key} must be true or false, not {value!r}.")
    if key == "repeat":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise BadFunnel(f"repeat must be a whole number, not {value!r}.")
    if not isinstance(value, str):
        raise BadFunnel(f"{key} must be a text, not {value!r}.")
    if key in _WORDS:
        return _word(key, value)
    return value


def _word(key: str, value: str) -> StrEnum:
    words = list(_WORDS[key])
    found = [word for word in words if word.value == value]
    if not found:
        raise BadFunnel(f"{key} must be one of {', '.join(words)}, not {value!r}.")
    return found[0]
