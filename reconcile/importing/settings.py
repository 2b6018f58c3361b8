"""Event settings: what the campaign manager says of the events of each campaign."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reconcile.errors import BadSettings
from reconcile.terms import EventSetting, Known

_KEYS = ("campaign_id", "event_id", "name", "is_conversion", "allows_duplicates", "position")
_POSITION_DIGITS = 9
_NEEDED = ("campaign_id", "event_id")


def load_settings(path: Path | str) -> list[EventSetting]:
    """Read event settings from a CSV file, or from a TOML file of [[event]] tables.

    Columns or keys: campaign_id, event_id, name, is_conversion, allows_duplicates (yes, no or
    unknown; blank is unknown), position (a whole number).

    Raises:
        BadSettings: The file cannot be read, or has a line that cannot be meant.
    """
    name = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadSettings(f"{name}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{name}: is not UTF-8 ({error}). Save it as UTF-8.") from error
    is_toml = name.lower().endswith(".toml")
    return _read(_toml_rows(name, text) if is_toml else _csv_rows(name, text))


def _read(rows: Iterable[tuple[str, dict[str, Any]]]) -> list[EventSetting]:
    settings: list[EventSetting] = []
    seen: dict[tuple[str, str], str] = {}
    for where, row in rows:
        setting = _setting(where, row)
        key = (setting.campaign_id, setting.event_id)
        if key in seen:
            raise BadSettings(
                f"{where}: event {key[1]!r} of campaign {key[0]!r} is set a second time; "
                f"the first is {seen[key]}. Keep one."
            )
        seen[key] = where
        settings.append(setting)
    return settings


def settings_of(rows: Iterable[Mapping[str, Any]], where: str = "the table") -> list[EventSetting]:
    """Return the event settings of rows as `load_settings` reads them from a file.

    Args:
        rows: By the names of the columns; an unknown value is None or blank.
        where: What the rows are, for messages.

    Raises:
        BadSettings: A row cannot be meant, or sets an event a second time.
    """
    return _read((f"{where}, row {number}", dict(row)) for number, row in enumerate(rows, start=1))


def settings_text(settings: Iterable[EventSetting]) -> str:
    """Return event settings as the CSV text that `load_settings` reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_KEYS)
    writer.writerows([getattr(one, key) for key in _KEYS] for one in settings)
    return text.getvalue()


def _csv_rows(name: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_keys(f"{name}, line 1", header)
        missing = [key for key in _NEEDED if key not in header]
        if missing:
            raise BadSettings(f"{name}, line 1: no column {missing[0]}. Add it.")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                where = f"{name}, line {reader.line_num}"
                if len(cells) != len(header):
                    raise BadSettings(
                        f"{where}: {len(cells)} cells where the header has {len(header)}."
                    )
                yield where, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise BadSettings(f"{name}, line {reader.line_num}: is no CSV ({error}).") from error


def _toml_rows(name: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{name}: is not TOML: {error}.") from error
    tables = data.pop("event", [])
    if data or not isinstance(tables, list):
        raise BadSettings(f"{name}: holds {sorted(data)}; it must hold [[event]] tables only.")
    for number, table in enumerate(tables, start=1):
        where = f"{name}, [[event]] {number}"
        if not isinstance(table, dict):
            raise BadSettings(f"{where}: must be a table.")
        _check_keys(where, list(table))
        yield where, table


def _check_keys(where: str, keys: list[str]) -> None:
    for key in keys:
        if key not in _KEYS:
            raise BadSettings(f"{where}: unknown name {key!r}. Known are: {', '.join(_KEYS)}.")
    if len(set(keys)) < len(keys):
        raise BadSettings(f"{where}: a name stands there twice: {', '.join(keys)}.")


def _setting(where: str, row: dict[str, Any]) -> EventSetting:
    texts = {key: _text(where, key, row.get(key)) for key in _KEYS}
    for key in _NEEDED:
        if not texts[key]:
            raise BadSettings(f"{where}: {key} is blank. Fill it in.")
    return EventSetting(
        campaign_id=texts["campaign_id"],
        event_id=texts["event_id"],
        name=texts["name"] or None,
        is_conversion=_known(where, "is_conversion", texts["is_conversion"]),
        allows_duplicates=_known(where, "allows_duplicates", texts["allows_duplicates"]),
        position=_position(where, texts["position"]),
    )


def _text(where: str, key: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (str, int)):
        return str(value).strip()
    raise BadSettings(f"{where}: {key} must be a text, not {value!r}.")


def _known(where: str, key: str, value: str) -> Known:
    try:
        return Known(value.lower() or "unknown")
    except ValueError as error:
        raise BadSettings(f"{where}: {key} must be yes, no or unknown, not {value!r}.") from error


def _position(where: str, value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= _POSITION_DIGITS):
        raise BadSettings(f"{where}: position must be a whole number, not {value!r}.")
    return int(value)
