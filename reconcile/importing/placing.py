"""Which sheet or file of an archive is read, where nobody has said and a template can tell.

A name that holds a month is known by what stays the same in it; a sheet also by its headers. Where
several fit it is asked, as it is without a template; and asked again if what was chosen proves to
be another template's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from reconcile.errors import BadFile, BadMapping, QuestionOpen, ReconcileError
from reconcile.importing.locating.tables import locate_in_sheet
from reconcile.importing.mapping.answers import answered, split_answer
from reconcile.importing.mapping.naming_places import named_places
from reconcile.importing.mapping.templates import fingerprint, templates_for
from reconcile.importing.opening.files import Opened
from reconcile.importing.questions import answer, asked, option
from reconcile.importing.reading.workbook import open_sheet
from reconcile.importing.records import Placed, StageOptions, Template
from reconcile.terms import Kind

_PLACES = {
    "member": "files within it, being no ZIP archive",
    "sheet": "sheets",
    "header": "line of headers to be looked for",
    "header_rows": "line of headers to be looked for",
    "second_table": "second table",
    "part_titles": "titles of parts",
}
"""What only some forms of file have, by the key of an answer about it."""

_WORDS = {"sheet": "sheet", "member": "file of the archive"}


def placed(
    options: StageOptions, kind: Kind, error: QuestionOpen, opened: Opened | None = None
) -> StageOptions | None:
    """Return the options with the place that a template tells; None if it is to be asked.

    Args:
        options: What is known of the file.
        kind: What one row of it is.
        error: Which sheet or file of an archive is asked.
        opened: The workbook, of whose sheets the headers can be looked at.
    """
    question = next((q for q in error.questions if q.key in _WORDS), None)
    if question is None or not options.templates or _is_placed(question.key, options):
        return None
    names = [choice.value for choice in question.choices if not choice.key]
    found = named_places(options, kind, question.key, names)
    if not found and opened is not None:
        found = _by_headers(options, kind, opened, names)
    if len(found) != 1:
        return None
    [(name, templates)] = found.items()
    place = Placed(question, name, tuple(template.name for template in templates))
    text = answer(question.key, name)
    return replace(
        options,
        answers=(*options.answers, text),
        mapping=answered(options.mapping, [text]),
        placed=(*options.placed, place),
    )


@contextmanager
def doubting_place(options: StageOptions, name: str) -> Iterator[None]:
    """Ask for the place that a template has told, where no table is found there.

    Raises:
        QuestionOpen: As it would have been asked without a template.
    """
    try:
        yield
    except BadFile as error:
        if not options.placed:
            raise
        raise asked(name, [options.placed[-1].question]) from error


def check_placed(options: StageOptions, name: str) -> tuple[str, ...]:
    """Return what is to be told of the places that templates have told.

    Raises:
        QuestionOpen: The table there is not that of such a template.
    """
    taken = options.template.name if options.template else None
    for place in options.placed:
        if taken not in place.templates:
            raise asked(name, [place.question])
    return tuple(
        f"The {_WORDS[place.question.key]} {place.name!r} was read, as the template {taken} tells; "
        f"there are {len(place.question.choices)}."
        for place in options.placed
    )


def refuse_unfit(options: StageOptions, name: str, **there: bool) -> None:
    """Refuse an answer about something that the file does not have; it would be passed over.

    Raises:
        BadMapping: There is one.
    """
    for key, value in map(split_answer, options.answers):
        if there.get(key) is False:
            raise BadMapping(
                f"{option(key, value)}: {name} has no {_PLACES[key]}, so that nothing could be "
                "chosen by it. Leave the answer out."
            )


def _is_placed(key: str, options: StageOptions) -> bool:
    return any(place.question.key == key for place in options.placed)


def _by_headers(
    options: StageOptions, kind: Kind, opened: Opened, names: Sequence[str]
) -> dict[str, list[Template]]:
    """Return the sheets that have the very headers of a template."""
    found: dict[str, list[Template]] = {}
    templates = templates_for(options, kind)
    for name in names:
        with suppress(ReconcileError):
            sheet = open_sheet(opened, wanted=name)
            header = locate_in_sheet(
                sheet.records, name=opened.name, mapping=None, templates=templates
            )
            own = fingerprint(header.cells)
            fitting = [t for t in templates if fingerprint(t.mapping.headers) == own]
            if fitting:
                found[name] = fitting
    return found
