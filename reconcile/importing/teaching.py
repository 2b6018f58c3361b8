"""A template that somebody gives: checked against a sample of its sender's files, then kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import BadMapping
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
