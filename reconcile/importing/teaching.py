"""Templates that no import has left: given by somebody, or made of a file that is not imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from reconcile.engine import Engine
from reconcile.errors import BadMapping
from reconcile.importing.committing import options_for, save_learned
from reconcile.importing.gathering import Look, with_suggestions
from reconcile.importing.judging import with_sender
from reconcile.importing.mapping.mappings import load_mapping
from reconcile.importing.mapping.templates import (
    fingerprint,
    load_templates,
    named_template,
    save_template,
    templates_folder,
)
from reconcile.importing.records import StagedFile, StageOptions, Template
from reconcile.importing.staging import stage
from reconcile.terms import Kind
from reconcile.warehouse import Store


def import_template(
    store: Store, path: Path | str, *, sample: Path | str | None = None
) -> tuple[Template, StagedFile | None]:
    """Keep a mapping as the template of all files with its headers.

    Args:
        store: Where it is kept; a template of the same sender, kind and headers is replaced.
        path: TOML file, as `reconcile template export` writes it, or a mapping.
        sample: A file that it must read without a question. Its headers are the template's, if
            the mapping names none.

    Returns:
        The template, and what is known of the sample; nothing of the sample is kept.

    Raises:
        BadMapping: It says neither its kind nor, without a sample, its headers; or the sample has
            other headers.
        BadFile, QuestionOpen: The sample cannot be read by it.
    """
    mapping = load_mapping(path)
    if mapping.kind is None:
        raise BadMapping(f'{path}: does not say its kind. Add a line such as: kind = "claim"')
    if sample is None:
        if not mapping.headers:
            raise BadMapping(
                f"{path}: names no headers, by which its files are known. Give one of these files, "
                "too: --sample FILE"
            )
        return save_template(templates_folder(store.home), mapping, mapping.headers), None
    engine = Engine()
    try:
        options = StageOptions(mapping=mapping)
        staged = stage(engine, sample, kind=mapping.kind, options=options)
    finally:
        engine.close()
    if mapping.headers and fingerprint(mapping.headers) != fingerprint(staged.headers):
        raise BadMapping(
            f"{path}: is for files with {', '.join(mapping.headers)}, but {sample} has "
            f"{', '.join(staged.headers)}."
        )
    told = replace(staged.told, sender=mapping.sender, kind=mapping.kind)
    return save_template(templates_folder(store.home), told, staged.headers), staged


def make_template(  # noqa: PLR0913 - each is an option of the command, and has its default
    store: Store,
    path: Path | str,
    *,
    kind: Kind,
    answers: Sequence[str] = (),
    take_suggestions: bool = False,
    zone: str | None = None,
    sender: str | None = None,
) -> tuple[str, StagedFile]:
    """Keep what is said of a file as the template of all files with its headers.

    Args:
        store: Where it is kept; a template of the same sender, kind and headers is replaced.
        path: One of the files. Nothing of it is kept.
        kind: What one row of it is.
        answers: Answers to its questions, `key=value` each, as for an import.
        take_suggestions: Answer each open question as its evidence suggests, if it does.
        zone: Zone of times that name none.
        sender: Whose file it is.

    Returns:
        The name of the template, and what is known of the file.

    Raises:
        BadFile, BadMapping, QuestionOpen, UnknownZone: As `import_file`; nothing was kept.
    """
    options = options_for(store, kind, mapping=None, answers=answers, zone=zone, sender=sender)

    def look_at(options: StageOptions) -> StagedFile:
        engine = Engine()
        with TemporaryDirectory(prefix="reconcile-") as folder:
            try:
                told = replace(options, folder=Path(folder))
                return with_sender(stage(engine, path, kind=kind, options=told))
            finally:
                engine.close()

    look = Look(store, Path(path), kind, options, None)
    staged, _ = with_suggestions(look_at, look, takes=take_suggestions)
    return save_learned(store, staged), staged


def template_text(store: Store, name: str) -> str:
    """Return a template as it is kept, TOML; a damaged one as well, so that it can be mended.

    Raises:
        NotFound: There is no such template; the text lists the nearest names.
        BadMapping: Another template cannot be read.
    """
    return _place(store, name).read_text(encoding="utf-8")


def forget_template(store: Store, name: str) -> None:
    """Remove a template: files with its headers are asked about again.

    Raises:
        NotFound, BadMapping: As `template_text`.
    """
    _place(store, name).unlink()


def _place(store: Store, name: str) -> Path:
    folder = templates_folder(store.home)
    path = folder / f"{name}.toml"
    if Path(name).name != name or not path.is_file():
        named_template(load_templates(folder), name)
    return path
