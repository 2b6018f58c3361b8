"""Mapping files: what a person has said about the files of one sender, as TOML."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from reconcile.errors import BadMapping
from reconcile.importing.fields import ALL_FIELDS, CANONICAL_HEADERS, MONEY, field_of
from reconcile.importing.forms.amounts import UNITS
from reconcile.importing.forms.times import FORM_WORDS, ORDERS
from reconcile.importing.records import Mapping
from reconcile.terms import ClaimStatus, Kind
from reconcile.zones import zone_of

# The marks of a strptime form that the engine knows, and text between them.
_FORM = re.compile(r"(?=.*%[^%])(?:[^%]|%-?[dmyHIMSj]|%[aAbBhYpTfgnzZcxXGuVUWw%])+")

_TWO_FIGURES = re.compile(r"stop|-?\d+(?:\.\d+)?/-?\d+(?:\.\d+)?")

_FORMS = ("zone", "zone_words", "clock", "decimal", "currency")
_ACCEPTED = ("accept_total", "accept_count")
_WAYS = (
    *("sum_by", "delivery", "new_columns", "second_table", "part_titles", "header_rows"),
    *("equal_rows", "damaged_ids"),
)
_TEXTS = ("sender", "kind", "sheet", "member", *_FORMS, *_WAYS, *_ACCEPTED)
LISTS = ("ignore", "drop", "hash", "trust", "headers")
_TABLES = ("columns", "constants", "period", "units", "status", "status_event", "known", "alias")
_KNOWN = (*_TEXTS, "header", "date_format", *LISTS, *_TABLES)

NEW_COLUMNS = ("evolve", "freeze", "discard_row", "discard_value")
"""What a template may say of columns that it does not know."""

PART_TITLES = ("ignore", "campaign", "buyer", "event", "period")
"""What the titles of stacked tables may say of the rows below."""

_PROVED = {"date_format": ORDERS, "decimal": (".", ",")}
"""What the values of a file can prove, so that its template keeps it."""

DIMENSIONS = ("buyer", "campaign", "event", "source")
"""What a spelling may be an alias of."""

_EVERY = "*"
"""Stands in [date_format] for the columns that it does not name."""


def load_mapping(path: Path | str) -> Mapping:
    """Read the mapping of one sender from a TOML file.

    Keys: sender, kind, sheet, member (of a ZIP archive), header (its line), header_rows ("1" or
    "2"), zone, date_format (a strptime form, or iso, dmy, mdy, ymd, named, digits, excel, unix,
    unix_ms; or a table of them by header), decimal, currency, sum_by, delivery (part, or full:
    each file is whole for its period), equal_rows (same: equal rows without an id, in files of
    one time, are the same), damaged_ids (keep: rows whose transaction id lost digits are loaded;
    it then identifies nothing by itself), accept_total and accept_count (two figures of one file
    that may differ, as its question shows them, or stop), new_columns (evolve, freeze,
    discard_row or discard_value),
    second_table (apart: one below the rows is left out), part_titles (what notes right above a
    repeated header say of the rows below: campaign, buyer, event, period, or ignore), the lists
    of headers ignore (nobody is to be asked about them), drop, hash and trust, and the tables
    columns, constants, period (from, to: local days, half open), units (micros, cents), status,
    status_event, known (date_format, decimal: what earlier files have proved) and alias.

    Raises:
        BadMapping: The file cannot be read, has an unknown key or a value that cannot be meant.
        UnknownZone: Its zone is neither an IANA name nor one of Pingtree's codes.
    """
    name = str(path)
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadMapping(f"{name}: cannot be read ({error.strerror or error}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(f"{name}: is not TOML: {error}.") from error
    return mapping_of(name, data)


def mapping_of(name: str, data: dict[str, Any]) -> Mapping:
    """Return the mapping that the keys of a TOML file make; raises as `load_mapping`."""
    return _Reader(name, data).mapping()


def mapping_data(mapping: Mapping) -> dict[str, Any]:
    """Return a mapping as the keys of the TOML file that would make it, in the order of reading."""
    data: dict[str, Any] = {key: getattr(mapping, key) for key in (*_TEXTS, "header")}
    data["date_format"] = mapping.date_format
    if mapping.date_formats:
        every = {_EVERY: mapping.date_format} if mapping.date_format else {}
        data["date_format"] = every | mapping.date_formats
    data |= {key: list(getattr(mapping, key)) for key in LISTS}
    data |= {key: dict(getattr(mapping, key)) for key in ("columns", "constants")}
    data["period"] = dict(zip(("from", "to"), mapping.period or (), strict=False))
    data["units"] = dict(mapping.units)
    tables = ("status", "status_event", "known")
    data |= {key: dict(getattr(mapping, key)) for key in tables}
    data["alias"] = {name: dict(words) for name, words in mapping.aliases.items()}
    filled = {key: value for key, value in data.items() if value}
    nested = [key for key, value in filled.items() if isinstance(value, dict)]
    return {key: filled[key] for key in (*(k for k in filled if k not in nested), *nested)}


class _Reader:
    """One mapping file while it is being checked."""

    def __init__(self, name: str, data: dict[str, Any]) -> None:
        self.name = name
        self.data = data

    def fail(self, what: str) -> BadMapping:
        return BadMapping(f"{self.name}: {what}")

    def mapping(self) -> Mapping:
        self._check_keys(self.data, _KNOWN, "the file")
        texts = {key: self._text(key) for key in _TEXTS}
        if texts["zone"]:
            zone_of(texts["zone"])
        columns = self._columns()
        constants = self._constants()
        forms = self._date_formats()
        both = sorted(set(map(field_of, columns)) & set(map(field_of, constants)))
        if both:
            raise self.fail(f"{both[0]} is given as a column and as a constant. Keep one of them.")
        return Mapping(
            name=self.name,
            sender=texts["sender"],
            kind=self._kind(texts["kind"]),
            sheet=texts["sheet"],
            zone=texts["zone"],
            member=texts["member"],
            header=self._header(),
            date_format=self._date_form(forms.pop(_EVERY, None)),
            date_formats={header: str(self._date_form(form)) for header, form in forms.items()},
            decimal=self._one_of("decimal", texts["decimal"], (".", ",")),
            currency=self._currency(texts["currency"]),
            sum_by=self._one_of("sum_by", texts["sum_by"], ("transaction_id",)),
            delivery=self._one_of("delivery", texts["delivery"], ("part", "full")),
            columns=columns,
            constants=constants,
            new_columns=self._one_of("new_columns", texts["new_columns"], NEW_COLUMNS),
            header_rows=self._one_of("header_rows", texts["header_rows"], ("1", "2")),
            equal_rows=self._one_of("equal_rows", texts["equal_rows"], ("same",)),
            damaged_ids=self._damaged_ids(texts["damaged_ids"], texts["sum_by"]),
            zone_words=self._one_of("zone_words", texts["zone_words"], ("fixed", "local")),
            clock=self._one_of("clock", texts["clock"], ("24", "stop")),
            accept_total=self._accepted("accept_total", texts["accept_total"]),
            accept_count=self._accepted("accept_count", texts["accept_count"]),
            second_table=self._one_of("second_table", texts["second_table"], ("apart",)),
            part_titles=self._one_of("part_titles", texts["part_titles"], PART_TITLES),
            **{key: self._list(key) for key in LISTS},
            period=self._period(),
            status=self._status(),
            status_event=self._words("status_event"),
            units=self._units(),
            aliases=self._aliases(),
            known=self._known(),
        )

    def _damaged_ids(self, given: str | None, sum_by: str | None) -> str | None:
        if given is not None and sum_by is not None:
            raise self.fail("ids that lost digits cannot be kept (damaged_ids) and added up by.")
        return self._one_of("damaged_ids", given, ("keep", "reject"))

    def _check_keys(self, table: dict[str, Any], known: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in known:
                raise self.fail(f"unknown key {key!r} in {where}. Known are: {', '.join(known)}.")

    def _text(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.fail(f"{key} must be a text in quotes, not {value!r}.")
        return value

    def _one_of(self, key: str, value: str | None, known: tuple[str, ...]) -> str | None:
        if value is not None and value not in known:
            listed = " or ".join(f'"{word}"' for word in known)
            raise self.fail(f"{key} must be {listed}, not {value!r}.")
        return value

    def _accepted(self, key: str, value: str | None) -> str | None:
        if value is not None and not _TWO_FIGURES.fullmatch(value):
            raise self.fail(
                f'{key} must be "stop", or the two figures that may differ as the question of the '
                f'file shows them, such as "950.75/982.25", not {value!r}.'
            )
        return value

    def _kind(self, value: str | None) -> Kind | None:
        self._one_of("kind", value, tuple(Kind))
        return Kind(value) if value else None

    def _header(self) -> int | None:
        value = self.data.get("header")
        if value is not None and (type(value) is not int or value < 1):
            raise self.fail(f"header must be the number of its line, from 1, not {value!r}.")
        return value

    def _date_formats(self) -> dict[str, str]:
        """Return the forms of times by header."""
        value = self.data.get("date_format")
        if isinstance(value, dict):
            return {header.strip(): form for header, form in value.items()}
        return {} if value is None else {_EVERY: value}

    def _date_form(self, value: Any) -> str | None:
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.fail(f"date_format must be a text in quotes, not {value!r}.")
        if value is not None and value not in FORM_WORDS and not _FORM.fullmatch(value):
            raise self.fail(
                f'date_format must be a strptime form such as "%m/%d/%Y %H:%M", or one of '
                f"{', '.join(FORM_WORDS)}, not {value!r}."
            )
        return value

    def _units(self) -> dict[str, str]:
        units: dict[str, str] = {}
        for name, value in self._table("units").items():
            field = self._field(name, "units")
            if field not in MONEY:
                raise self.fail(f"{name} in [units] is no amount.")
            if value not in UNITS:
                known = ", ".join(UNITS)
                raise self.fail(f"{name} in [units] must be one of {known}, not {value!r}.")
            units[field] = value
        return units

    def _currency(self, value: str | None) -> str | None:
        code = value.strip().upper() if value else None
        if code is not None and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise self.fail(f"currency must have three letters, such as USD, not {value!r}.")
        return code

    def _table(self, key: str) -> dict[str, Any]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(f"{key} must be a table, [{key}], not {value!r}.")
        return value

    def _words(self, key: str) -> dict[str, str]:
        """Return the words of a table trimmed and in lower case, as they are looked up."""
        words: dict[str, str] = {}
        for raw, value in self._table(key).items():
            if not isinstance(value, str) or not value.strip():
                raise self.fail(f"{raw!r} in [{key}] must be a text in quotes, not {value!r}.")
            word = raw.strip().lower()
            if words.setdefault(word, value.strip()) != value.strip():
                raise self.fail(f"{raw!r} in [{key}] stands there twice and means two things.")
        return words

    def _columns(self) -> dict[str, str | list[str]]:
        columns: dict[str, str | list[str]] = {}
        for name, headers in self._table("columns").items():
            field = self._field(name, "columns")
            if field in columns:
                raise self.fail(f"{name} in [columns] names the field {field} a second time.")
            columns[field] = self._headers(name, headers)
        return columns

    def _headers(self, name: str, headers: Any) -> str | list[str]:
        if isinstance(headers, str) and headers.strip():
            return headers
        is_list = isinstance(headers, list) and bool(headers)
        if not is_list or not all(isinstance(h, str) and h.strip() for h in headers):
            raise self.fail(f"{name} in [columns] must be a header in quotes, not {headers!r}.")
        if field_of(name) != "revenue" and len(headers) > 1:
            raise self.fail(
                f"{name} in [columns] lists several headers, but only the amounts of revenue "
                "are added up."
            )
        if len(set(headers)) < len(headers):
            raise self.fail(f"{name} in [columns] would add one column to itself: {headers}.")
        return list(headers) if len(headers) > 1 else str(headers[0])

    def _field(self, name: str, where: str) -> str:
        field = field_of(name)
        if field not in ALL_FIELDS:
            known = ", ".join(sorted(CANONICAL_HEADERS))
            raise self.fail(f"unknown field {name!r} in [{where}]. Known are: {known}.")
        return field

    def _constants(self) -> dict[str, str]:
        constants: dict[str, str] = {}
        for name, value in self._table("constants").items():
            field = self._field(name, "constants")
            if field in ("transaction_id", "occurred_at", *MONEY):
                raise self.fail(f"{name} differs from row to row and can be no constant.")
            if not isinstance(value, str) or not value.strip():
                raise self.fail(f"{name} in [constants] must be a text in quotes, not {value!r}.")
            constants[field] = value.strip()
        return constants

    def _list(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(header, str) for header in value):
            raise self.fail(f"{key} must be a list of headers, not {value!r}.")
        return tuple(value)

    def _aliases(self) -> dict[str, dict[str, str]]:
        table = self._table("alias")
        self._check_keys(table, DIMENSIONS, "[alias]")
        aliases: dict[str, dict[str, str]] = {}
        for name, words in table.items():
            if not isinstance(words, dict):
                raise self.fail(f"alias.{name} must be a table, [alias.{name}], not {words!r}.")
            for spelling, canonical in words.items():
                if not isinstance(canonical, str) or not canonical.strip():
                    raise self.fail(f"{spelling!r} in [alias.{name}] must be a text in quotes.")
            aliases[name] = {spelling.strip(): word.strip() for spelling, word in words.items()}
        return aliases

    def _known(self) -> dict[str, str]:
        table = self._table("known")
        self._check_keys(table, tuple(_PROVED), "[known]")
        return {
            key: str(self._one_of(f"{key} in [known]", value, _PROVED[key]))
            for key, value in table.items()
        }

    def _period(self) -> tuple[date, date] | None:
        table = self._table("period")
        if not table:
            return None
        self._check_keys(table, ("from", "to"), "[period]")
        days = []
        for key in ("from", "to"):
            value = table.get(key)
            if isinstance(value, str):
                value = _day(value)
            if type(value) is not date:
                raise self.fail(f"[period] needs {key} as a day, YYYY-MM-DD.")
            days.append(value)
        if days[0] >= days[1]:
            raise self.fail("[period] ends before it begins; `to` is the first day after it.")
        return days[0], days[1]

    def _status(self) -> dict[str, str]:
        words = self._words("status")
        for raw, value in words.items():
            if value not in tuple(ClaimStatus):
                known = ", ".join(ClaimStatus)
                raise self.fail(f"{raw!r} in [status] must be one of {known}, not {value!r}.")
        return words


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
