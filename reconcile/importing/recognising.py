"""What one row of a file is, told by the template that was kept for its headers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from reconcile.errors import QuestionOpen, ReconcileError
from reconcile.importing.fields import LEAD_ONLY, fold
from reconcile.importing.mapping.dictionary import PINGTREE, dictionary
from reconcile.importing.mapping.templates import (
    fingerprint,
    load_templates,
    new_headers,
    templates_folder,
)
from reconcile.importing.preview import preview
from reconcile.importing.reading.glancing import head_of
from reconcile.importing.records import StageOptions, Template
from reconcile.terms import Kind
from reconcile.warehouse import Store


def kind_of(store: Store, path: Path) -> Kind | None:
    """Return the kind of the templates that a file's headers fit; None if none or several do.

    Templates of exactly these headers go before those of which the file has all and more.

    Raises:
        BadFile: The file cannot be read.
    """
    templates = load_templates(templates_folder(store.home))
    if not templates:
        return None
    try:
        with TemporaryDirectory(prefix="reconcile-") as folder:
            options = StageOptions(templates=templates)
            headers = head_of(path, Path(folder), options=options, most=1).headers
    except QuestionOpen:
        return _by_trying(store, path, templates)
    return _only(_fitting(templates, headers))


def likely_kind(store: Store, path: Path) -> Kind | None:
    """Return what one row of a file is by its template, else by its headers; None where in doubt.

    It is a proposal to a person, who says it: no import rests on it.

    Raises:
        BadFile: The file cannot be read.
    """
    told = kind_of(store, path)
    if told is not None:
        return told
    try:
        with TemporaryDirectory(prefix="reconcile-") as folder:
            headers = head_of(path, Path(folder), options=StageOptions(), most=1).headers
    except QuestionOpen:
        return None
    return _kind_by_headers(headers)


def _kind_by_headers(headers: Sequence[str]) -> Kind | None:
    known = dictionary()
    folded = {fold(header) for header in headers}
    fields = {known.plain[word] for word in folded if word in known.plain}
    if known.platform_of(list(headers)) not in (None, PINGTREE):
        return Kind.CLAIM
    if "event_id" in fields:
        return Kind.CLAIM if fields & {"status", "reason"} else Kind.EVENT
    if "createdat" in folded or fields & set(LEAD_ONLY):
        return Kind.LEAD
    return None


def _fitting(templates: Sequence[Template], headers: Sequence[str]) -> set[Kind | None]:
    own = fingerprint(headers)
    exact = {t.mapping.kind for t in templates if fingerprint(t.mapping.headers) == own}
    if exact:
        return exact
    wider = [t for t in templates if len(t.mapping.headers) > 1 and not _lacks(t, headers)]
    return {t.mapping.kind for t in wider}


def _lacks(template: Template, headers: Sequence[str]) -> bool:
    """Whether a file lacks a header of a template, told by how many are new to it."""
    return len(headers) - len(new_headers(template, headers)) < len(template.mapping.headers)


def _by_trying(store: Store, path: Path, templates: Sequence[Template]) -> Kind | None:
    """Return the kind as which a template reads a file whose table has to be chosen first."""
    found = set[Kind | None]()
    for kind in dict.fromkeys(t.mapping.kind for t in templates if t.mapping.kind):
        try:
            staged = preview(store, path, kind=kind).staged
        except ReconcileError:
            continue
        if staged is not None and staged.template is not None:
            found.add(kind)
    return _only(found)


def _only(found: set[Kind | None]) -> Kind | None:
    return found.pop() if len(found) == 1 else None
