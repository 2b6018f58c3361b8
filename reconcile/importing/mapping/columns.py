"""Which column of a file fills which of our fields; what cannot be known is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconcile.errors import BadFile, BadMapping, TotalsOnly, UnknownColumns
from reconcile.importing.fields import CANONICAL_HEADERS, FIELDS, field_of, fold, header_names
from reconcile.importing.mapping.column_questions import (
    Column,
    ambiguous,
    contradiction,
    direction,
    keyed_apart,
    missing,
    twice,
    unfilled,
)
from reconcile.importing.mapping.contents import contents, spoken
from reconcile.importing.mapping.dictionary import PINGTREE, dictionary
from reconcile.importing.mapping.templates import refused_headers
from reconcile.importing.questions import Question, asked
from reconcile.importing.records import Mapping, StageOptions
from reconcile.terms import Kind

_COUNT_WORDS = frozenset(
    {
        *("count", "total", "totals", "number", "quantity", "qty", "rows", "units"),
        *("leads", "sales", "conversions", "events", "clicks", "orders", "sold", "accepted"),
    }
)

_SELDOM_LACKING = ("occurred_at", "revenue", "status")
"""Fields of an event or claim that a file seldom lacks on purpose."""


@dataclass(frozen=True)
class Columns:
    """The columns of one file by place, counted from 0."""

    headers: list[str]
    fields: dict[str, list[int]]
    constants: dict[str, str]
    platform: str | None
    dropped: frozenset[str] = frozenset()
    """Headers of columns that are stored nowhere, folded."""
    refused: tuple[int, ...] = ()
    """Places of columns that no row may fill."""

    @property
    def extra(self) -> dict[str, int]:
        """Return the columns that fill no field, by a name that no two of them share."""
        used = {place for places in self.fields.values() for place in places}
        named: dict[str, int] = {}
        for place, header in enumerate(self.headers):
            if place not in used and fold(header) not in self.dropped:
                name = header or f"column {place + 1}"
                named[name if name not in named else f"{name} ({place + 1})"] = place
        return named

    def stated(self) -> dict[str, str | list[str]]:
        """Return field to header or headers, as a mapping states them."""
        names = header_names(self.headers)
        listed = {f: [names[place] for place in places] for f, places in self.fields.items()}
        return {f: items if len(items) > 1 else items[0] for f, items in listed.items()}

    @property
    def has_unix_times(self) -> bool:
        """Return whether the header of the time says that it holds unix seconds."""
        places = self.fields.get("occurred_at", [])
        return any("unixtimestamp" in fold(self.headers[place]) for place in places)

    @property
    def has_amount(self) -> bool:
        """Return whether the file names amounts at all."""
        return "revenue" in self.fields

    def described(self) -> dict[str, str | list[str]]:
        """Return field to header or headers, constants as `= value`."""
        named: dict[str, str | list[str]] = {}
        for field, places in self.fields.items():
            headers = [self.headers[place] for place in places]
            named[field] = headers if len(headers) > 1 else headers[0]
        return {**named, **{field: f"= {value}" for field, value in self.constants.items()}}


def map_columns(
    name: str,
    headers: list[str],
    *,
    kind: Kind,
    options: StageOptions,
    sample: Iterable[Sequence[str]] = (),
) -> Columns:
    """Decide what each header of a file means.

    Args:
        name: The file, as the caller gave it.
        headers: In their order.
        kind: What one row of the file is.
        options: Mapping and answers, and whether our own names are taken at their word.
        sample: The cells of some rows, which are looked at: nothing is decided by them.

    Raises:
        BadFile: The columns are those of another kind of file.
        BadMapping: The mapping names a header the file does not have.
        QuestionOpen: A header has several meanings, two headers mean the same field, the values of
            a column cannot be what its header says, or look like a field that no header names; or
            no column is known for a field that nothing can do without.
        TotalsOnly: The columns are counts and sums, and none is an id.
        UnknownColumns: A needed column is missing of a file that is only compared, of which nobody
            is asked.
    """
    work = _Work(name, headers, kind, options)
    work.look_at(sample)
    work.take_mapping()
    work.take_names()
    work.check_kind()
    work.check_totals()
    work.ask_ambiguous()
    work.ask_direction()
    work.ask_contradicted()
    work.ask_unfilled()
    if work.questions:
        raise asked(name, work.questions)
    work.check_needed()
    return work.columns()


class _Work:
    """The columns of one file while they are being decided."""

    def __init__(self, name: str, headers: list[str], kind: Kind, options: StageOptions) -> None:
        self.name = name
        self.headers = headers
        self.kind = kind
        self.mapping = options.mapping or Mapping()
        self.platform = dictionary().platform_of(headers)
        self.trusts_names = options.canonical_headers or self._names_are_ours()
        self.is_one_shot = options.canonical_headers
        self.refused = refused_headers(self.mapping, headers)
        self.fields: dict[str, list[int]] = {}
        self.stated: set[str] = set()
        self.questions: list[Question] = []
        self.asked: set[int] = set()
        """Columns that a question is open about."""
        self.names = header_names(headers)
        self.contents = contents((), len(headers))
        self.constants = {
            field: value for field, value in self.mapping.constants.items() if field in FIELDS[kind]
        }

    def _names_are_ours(self) -> bool:
        ours = CANONICAL_HEADERS.intersection(self.headers)
        return "transaction_id" in ours and len(ours) >= 3

    def look_at(self, sample: Iterable[Sequence[str]]) -> None:
        """Take what the columns hold in some rows; the headers again are none."""
        rows = (row for row in sample if [cell.strip() for cell in row] != self.headers)
        self.contents = contents(rows, len(self.headers))

    def _column(self, place: int) -> Column:
        return Column(self.names[place], self.contents[place])

    def _ignores(self, place: int) -> bool:
        ignored = (*self.mapping.ignore, *self.mapping.drop, *self.refused)
        return not {self.headers[place], self.names[place]}.isdisjoint(ignored)

    def _ask(self, question: Question, places: Iterable[int]) -> None:
        self.questions.append(keyed_apart(question, self.questions))
        self.asked.update(places)

    @property
    def _listed(self) -> str:
        return ", ".join(header or "(blank)" for header in self.headers)

    def take_mapping(self) -> None:
        """Take the columns a person has stated."""
        for field, headers in self.mapping.columns.items():
            wanted = [headers] if isinstance(headers, str) else headers
            if field not in FIELDS[self.kind]:
                raise BadMapping(
                    f"{self.mapping.name}: a file of {self.kind}s has no {field}. Leave it out."
                )
            self.fields[field] = [self._place(field, header) for header in wanted]
            self.stated.add(field)

    def _place(self, field: str, header: str) -> int:
        wanted = header.strip()
        if wanted in self.names:
            return self.names.index(wanted)
        what = "has more than one column" if wanted in self.headers else "has no column"
        raise BadMapping(
            f"{self.name}: {what} {header!r}, which {self.mapping.name} takes for {field}; "
            f"the file has {', '.join(self.names)}."
        )

    def take_names(self) -> None:
        """Take the headers that can mean but one thing."""
        used = {place for places in self.fields.values() for place in places}
        found: dict[str, list[int]] = {}
        for place, header in enumerate(self.headers):
            if place in used or self._ignores(place):
                continue
            field = self._field_of(header)
            if field in FIELDS[self.kind] and field not in self.stated | set(self.constants):
                found.setdefault(field, []).append(place)
        self._settle_times(found)
        for field, places in found.items():
            if len(places) > 1:
                self._ask(twice(field, list(map(self._column, places)), self.kind), places)
            self.fields[field] = places

    def _field_of(self, header: str) -> str | None:
        """Return the one field a header can mean, by our names or its platform's."""
        folded = fold(header)
        if self.trusts_names and header in CANONICAL_HEADERS:
            return self._own_time(field_of(header), folded)
        if self.platform not in (None, PINGTREE):
            return dictionary().fields[self.platform or ""].get(folded)
        if self.platform == PINGTREE and folded in dictionary().fields[PINGTREE]:
            return dictionary().fields[PINGTREE][folded]
        return self._own_time(dictionary().plain.get(folded), folded)

    def _own_time(self, field: str | None, folded: str) -> str | None:
        """A lead's time is its `created_at` alone; another's may be that of the lead it was."""
        if field == "occurred_at" and self.kind is Kind.LEAD and folded != "createdat":
            return None
        return field

    def _settle_times(self, found: dict[str, list[int]]) -> None:
        """Prefer the time of the conversion to that of the lead beside it."""
        places = found.get("occurred_at", [])
        own = [place for place in places if fold(self.headers[place]) != "createdat"]
        if own and self.kind is not Kind.LEAD:
            found["occurred_at"] = own

    def check_kind(self) -> None:
        """Refuse a file whose columns are those of another kind."""
        folded = {fold(header) for header in self.headers}
        has_event = "eventid" in folded or "event_id" in self.fields
        if self.kind is Kind.LEAD and "occurred_at" not in self.fields and has_event:
            raise self._other("events: it has event_id and no created_at", "events")
        if self.kind is Kind.EVENT and "event_id" not in {*self.fields, *self.constants}:
            if "createdat" in folded and "conversiondate" not in folded | {"occurredat"}:
                raise self._other("leads: it has created_at and no event_id", "leads")
            if {"rejectionreason", "reason"} & folded:
                raise self._other("claims: it has a reason and no event_id", "claims")
        if self.kind is Kind.EVENT and not self.stated and "pid" not in self.fields:
            # A report may be compared with itself: there its status says nothing of its kind.
            words = {"reason", "source"} | (set() if self.is_one_shot else {"status"})
            verdict = sorted(words & folded)
            if verdict:
                raise self._other(f"claims: it has {', '.join(verdict)} and no pid", "claims")
        if self.kind is Kind.CLAIM and not self.stated:
            judged = {"status", "reason", "source"} & {*self.fields, *self.constants}
            if has_event and "pid" in self.fields and "occurred_at" in self.fields and not judged:
                raise self._other("events: it has event_id and pid, and no status", "events")

    def _other(self, what: str, option: str) -> BadFile:
        return BadFile(
            f"{self.name}: was given as {self.kind}s, but its columns are those of {what}. "
            f"Give it as {option} (import: --kind {option[:-1]}, compare: --{option}), or state "
            f"the columns in a mapping; the file has {self._listed}."
        )

    def check_totals(self) -> None:
        """Refuse a report that counts and sums instead of naming rows."""
        if "transaction_id" in self.fields:
            return
        folded = {fold(header) for header in self.headers}
        sums = [h for h in self.headers if fold(h) in dictionary().totals | _COUNT_WORDS]
        if len(folded & dictionary().totals) >= 2 or sums:
            raise TotalsOnly(
                f"{self.name}: holds totals ({', '.join(sums)}) and no id, so no row of it is one "
                "conversion. Ask for the report by lead, or name the id's column in a mapping: "
                '[columns] transaction_id = "..."'
            )

    def ask_ambiguous(self) -> None:
        """Ask about a header that means one thing here and another there."""
        used = {place for places in self.fields.values() for place in places}
        filled = {*self.fields, *self.constants}
        for place, header in enumerate(self.headers):
            meanings = dictionary().ambiguous.get(fold(header))
            if meanings is None or place in used or self._ignores(place):
                continue
            if self.platform is not None:
                continue  # the platform's own meaning was taken, or is none of our fields
            fields = {m.field for m in meanings if m.field in FIELDS[self.kind]}
            open_fields = sorted(field for field in fields - filled if field)
            if open_fields:
                question = ambiguous(self._column(place), meanings, open_fields, self.kind)
                self._ask(question, [place])

    def ask_direction(self) -> None:
        """Ask whose account a counterpart's export is: payout is cost to one, revenue to the other.

        Source: money in and out is seen from the exporting account.
        """
        if self.kind is not Kind.CLAIM or self.platform in (None, PINGTREE):
            return
        if "revenue" in self.stated:
            return
        fields = dictionary().fields[self.platform or ""]
        money = [
            place
            for place, header in enumerate(self.headers)
            if not self._ignores(place) and fields.get(fold(header)) in ("revenue", "cost")
        ]
        if any(fields[fold(self.headers[place])] == "cost" for place in money):
            names = [self.names[place] for place in money]
            self.questions = [q for q in self.questions if q.key != "columns.revenue"]
            self._ask(direction(str(self.platform), names), money)

    def ask_contradicted(self) -> None:
        """Ask about columns whose values cannot be what they were taken for."""
        for field, places in self.fields.items():
            for place in places:
                is_trusted = {self.headers[place], self.names[place]} & {*self.mapping.trust}
                if place not in self.asked and not is_trusted:
                    self._check_content(field, place)

    def _check_content(self, field: str, place: int) -> None:
        column = self._column(place)
        is_unix = field == "occurred_at" and self.mapping.form_of(self.headers[place]) == "unix"
        if column.content.contradicts(field) and not is_unix:
            others = [self._column(other) for other in self._fitting(field)]
            self._ask(contradiction(field, column, others, self.kind), [place])

    def _fitting(self, field: str) -> list[int]:
        """Return the columns that fill no field and could be this one, by what they hold."""
        known = dictionary().headers.get(self.platform or "", frozenset())
        return [
            place
            for place in self._unused()
            if self.contents[place].fits(field, self.headers[place])
            and fold(self.headers[place]) not in known
        ]

    def ask_unfilled(self) -> None:
        """Ask about fields that no header names, where the values of a column look like them."""
        needed = self._needed()
        optional = () if self.is_one_shot or self.kind is Kind.LEAD else _SELDOM_LACKING
        keys = {choice for question in self.questions for choice, _ in question.answers}
        for field in dict.fromkeys((*needed, *optional)):
            is_asked = f"columns.{spoken(field, self.kind)}" in keys
            is_stated = field == "occurred_at" and self.mapping.period is not None
            if is_asked or is_stated or field in {*self.fields, *self.constants}:
                continue
            places, is_needed = self._fitting(field), field in needed
            if places:
                columns = list(map(self._column, places))
                self._ask(unfilled(field, columns, self.kind, is_needed=is_needed), places)
            elif is_needed and not self.is_one_shot:
                columns = list(map(self._column, self._unused()))
                self._ask(missing(field, columns, self.kind), ())

    def _unused(self) -> list[int]:
        """Return the columns that fill no field and that nobody has set aside."""
        used = {place for places in self.fields.values() for place in places} | self.asked
        return [n for n in range(len(self.headers)) if n not in used and not self._ignores(n)]

    def check_needed(self) -> None:
        """Refuse a file without a column that its kind cannot do without."""
        needed = self._needed()
        filled = {*self.fields, *self.constants}
        missing = [field for field in needed if field not in filled]
        if missing:
            field = missing[0]
            name = spoken(field, self.kind)
            raise UnknownColumns(
                f"{self.name}: no column for {name}; the file has {self._listed}. "
                f'State it in a mapping, under [columns]: {name} = "..."{_cure(field)}'
            )

    def _needed(self) -> list[str]:
        needed = ["transaction_id"]
        if self.kind is Kind.EVENT and not self.is_one_shot:
            needed.append("event_id")
        if self.kind is not Kind.CLAIM and self.mapping.period is None:
            needed.append("occurred_at")
        return needed

    def columns(self) -> Columns:
        """Return what was decided."""
        if self.mapping.currency and "currency" not in self.fields:
            self.constants.setdefault("currency", self.mapping.currency)
        dropped = frozenset(map(fold, self.mapping.drop))
        refused = tuple(n for n, header in enumerate(self.headers) if header in self.refused)
        return Columns(self.headers, self.fields, self.constants, self.platform, dropped, refused)


def _cure(field: str) -> str:
    if field == "event_id":
        return ', or for all rows, under [constants]: event_id = "..."'
    if field == "occurred_at":
        return ", or, if no row has a time: [period] from = ... to = ..."
    return ""
