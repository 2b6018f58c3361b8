"""What was answered about a sender's files, kept as readable TOML and found again by their headers.

A template is a mapping and the headers it was made for. It is found by the fingerprint of these,
whatever the next file is called; spelling, order and case of the headers do not count.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from tempfile import NamedTemporaryFile

import tomli_w

from reconcile.errors import BadMapping, NotFound
from reconcile.importing.fields import fold, header_names
from reconcile.importing.mapping.answers import answered
from reconcile.importing.mapping.mappings import load_mapping, mapping_data
from reconcile.importing.questions import Choice, Question, asked
from reconcile.importing.records import Mapping, StageOptions, Template
from reconcile.terms import Kind

NOBODY = "own"
"""Stands for the sender in the name of a template that has none."""

_UNSAFE = re.compile(r"[^a-z0-9]+")


def fingerprint(headers: Iterable[str]) -> str:
    """Return eight hexadecimal digits that two headers share only if they name the same columns."""
    text = "\n".join(sorted(fold(header) for header in headers))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def templates_folder(home: Path) -> Path:
    """Return where the templates of a warehouse's folder are."""
    return home / "templates"


def load_templates(folder: Path) -> tuple[Template, ...]:
    """Read all templates of a folder, in the order of their names.

    Raises:
        BadMapping: One cannot be read; the text names it.
    """
    return tuple(load_template(path) for path in sorted(folder.glob("*.toml")))


def load_template(path: Path) -> Template:
    """Read a template.

    Raises:
        BadMapping: It is no mapping, or lacks its headers or its kind.
    """
    mapping = load_mapping(path)
    for key in ("headers", "kind"):
        if not getattr(mapping, key):
            raise BadMapping(
                f"{path}: a template needs {key}; without it, it is a mapping of one import "
                "(--mapping). `reconcile template import` takes them from a sample (--sample)."
            )
    return Template(path.stem, mapping)


def save_template(folder: Path, mapping: Mapping, headers: Sequence[str]) -> Template:
    """Write what is known of the files with these headers; what was known before is replaced.

    Left out is what holds for one file alone: its period, the line of its header, which is found
    by its words, a total that may differ. Aliases are in the catalog.

    Raises:
        BadMapping: The mapping does not say for which kind of file it is.
    """
    if mapping.kind is None:
        raise BadMapping(f'{mapping.name}: does not say its kind. Add: kind = "claim"')
    name = "-".join((_safe(mapping.sender), mapping.kind, fingerprint(headers)))
    kept = replace(
        mapping,
        headers=_ordered(headers),
        period=None,
        header=None,
        accept_total=None,
        accept_count=None,
        aliases={},
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    _replace(path, f"# {_about(kept)}\n{tomli_w.dumps(mapping_data(kept))}")
    return Template(name, replace(kept, name=str(path)))


def with_template(
    options: StageOptions, headers: Sequence[str], *, kind: Kind, name: str
) -> StageOptions:
    """Return the options of a file once its headers are known: with its template and the answers.

    Raises:
        BadMapping: An answer does not go with the template.
        QuestionOpen: As `find_template`; or there are new columns, and the template asks for them.
    """
    if not options.templates:
        return options
    sender = options.sender or (options.mapping.sender if options.mapping else None)
    found = find_template(options.templates, headers, kind=kind, sender=sender, name=name)
    if found is None:
        return options
    mapping = answered(_respelled(found.mapping, headers), options.answers)
    new = [header for header in new_headers(found, headers) if header not in mapping.ignore]
    new = [header for header in new if header not in _stated(mapping)]
    if new and mapping.new_columns == "freeze":
        raise asked(name, [_frozen(found, new)])
    if new and mapping.new_columns == "discard_value":
        mapping = replace(mapping, drop=(*mapping.drop, *new))
    return replace(options, mapping=mapping, template=found)


def templates_for(options: StageOptions, kind: Kind) -> list[Template]:
    """Return the templates of a kind, of the sender alone if anybody has said whose file it is."""
    sender = options.sender or (options.mapping.sender if options.mapping else None)
    found = [t for t in options.templates if t.mapping.kind is kind]
    return [t for t in found if sender is None or t.mapping.sender == sender]


def find_template(
    templates: Sequence[Template],
    headers: Sequence[str],
    *,
    kind: Kind,
    sender: str | None,
    name: str,
) -> Template | None:
    """Return the template of the file `name` with these headers, None if there is none.

    One whose headers are all there, beside new ones, is taken if its sender is stated.

    Raises:
        QuestionOpen: Several senders have it, or new columns stand beside those of a template and
            nobody has said whose file it is.
    """
    fitting = [t for t in templates if t.mapping.kind is kind]
    fitting = [t for t in fitting if sender is None or t.mapping.sender == sender]
    own = fingerprint(headers)
    exact = [t for t in fitting if fingerprint(t.mapping.headers) == own]
    if len(exact) > 1:
        raise asked(name, [_whose(exact, "It has the headers of")])
    if exact:
        return exact[0]
    wider = [t for t in fitting if not _missing(t.mapping.headers, headers)]
    most = max((len(t.mapping.headers) for t in wider), default=0)
    wider = [t for t in wider if len(t.mapping.headers) == most > 1]
    if wider and (len(wider) > 1 or sender != wider[0].mapping.sender):
        new = ", ".join(repr(header) for header in new_headers(wider[0], headers))
        raise asked(name, [_whose(wider, f"Beside the new {new} it has all headers of")])
    return wider[0] if wider else None


def new_headers(template: Template, headers: Sequence[str]) -> list[str]:
    """Return the headers of a file that its template lacks."""
    return _missing(headers, template.mapping.headers)


def refused_headers(mapping: Mapping, headers: Sequence[str]) -> frozenset[str]:
    """Return the headers under which no row may hold anything, as the mapping's template has it."""
    if mapping.new_columns != "discard_row" or not mapping.headers:
        return frozenset()
    known = {*mapping.ignore, *mapping.drop, *_stated(mapping)}
    return frozenset(_missing(headers, mapping.headers)) - known


def without_discarded(mapping: Mapping, headers: Sequence[str], new: Sequence[str]) -> Mapping:
    """Return a mapping for the template it came from: columns that it discards stay new ones.

    Args:
        mapping: What was said of a file.
        headers: All headers of the file.
        new: Those that the template lacks.
    """
    if mapping.new_columns not in ("discard_row", "discard_value"):
        return replace(mapping, headers=tuple(headers))
    left = [header for header in new if header not in {*mapping.ignore, *_stated(mapping)}]
    return replace(
        mapping,
        headers=tuple(header for header in headers if header not in left),
        drop=tuple(header for header in mapping.drop if header not in left),
    )


def knows(templates: Sequence[Template], headers: Sequence[str]) -> bool:
    """Say whether a line has all headers of a template."""
    return any(
        len(t.mapping.headers) > 1 and not _missing(t.mapping.headers, headers) for t in templates
    )


def named_template(templates: Sequence[Template], name: str) -> Template:
    """Return the template of a name.

    Raises:
        NotFound: There is none; the text lists the nearest names.
    """
    for template in templates:
        if template.name == name:
            return template
    names = [template.name for template in templates]
    near = get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
    told = f"the nearest are {', '.join(near)}" if near else "there is no template yet"
    raise NotFound(f"no template {name!r}; {told}.")


def _missing(wanted: Iterable[str], there: Iterable[str]) -> list[str]:
    """Return those of the wanted headers that are not there, duplicates counted."""
    left = Counter(fold(header) for header in there)
    missing = []
    for header in wanted:
        left[fold(header)] -= 1
        if left[fold(header)] < 0:
            missing.append(header)
    return missing


def _respelled(mapping: Mapping, headers: Sequence[str]) -> Mapping:
    """Return a mapping that names the headers as the file spells them."""
    spellings: dict[str, list[str]] = {}
    for header in header_names(headers):
        spellings.setdefault(fold(header), []).append(header)

    def own(header: str) -> str:
        found = spellings.get(fold(header), [])
        return found[0] if len(found) == 1 else header

    return replace(
        mapping,
        ignore=tuple(map(own, mapping.ignore)),
        drop=tuple(map(own, mapping.drop)),
        hash=tuple(map(own, mapping.hash)),
        trust=tuple(map(own, mapping.trust)),
        date_formats={own(header): form for header, form in mapping.date_formats.items()},
        columns={
            field: own(item) if isinstance(item, str) else list(map(own, item))
            for field, item in mapping.columns.items()
        },
    )


def _stated(mapping: Mapping) -> set[str]:
    listed = mapping.columns.values()
    return {header for item in listed for header in ([item] if isinstance(item, str) else item)}


def _whose(found: Sequence[Template], what: str) -> Question:
    named = " and of ".join(f"the template {template.name}" for template in found)
    senders = [template.mapping.sender for template in found if template.mapping.sender]
    return Question(
        "sender",
        f"Whose file is this? {what} {named}.",
        tuple(Choice(sender, "read it by that template") for sender in senders),
        suggestion=senders[0] if len(found) == 1 and senders else None,
        is_free=True,
        is_first=True,
    )


def _frozen(template: Template, new: Sequence[str]) -> Question:
    several = ", ".join(repr(header) for header in new)
    return Question(
        "new_columns",
        f"The template {template.name} does not know the column(s) {several}, and is to ask about "
        "new ones. Keep them as they are, or say of each what it is (columns.FIELD=HEADER).",
        (
            Choice("evolve", "keep this and all later new columns beside the known fields"),
            Choice("discard_value", "store nothing of this and all later new columns"),
            Choice("discard_row", "reject the rows that hold something in a new column"),
            *(Choice(header, "it is none of our fields", key="ignore") for header in new),
        ),
    )


def _ordered(headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(headers, key=lambda header: (fold(header), header)))


def _safe(sender: str | None) -> str:
    return _UNSAFE.sub("_", (sender or "").lower()).strip("_") or NOBODY


def _about(mapping: Mapping) -> str:
    whose = f"{mapping.sender}'s" if mapping.sender else "our"
    return f"How {' '.join(whose.split())} {mapping.kind} files with these headers are read."


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
