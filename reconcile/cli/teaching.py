"""Commands on what was learned: the templates of senders' files, and spellings of names."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reconcile.cli.options import Form, Home, Out, store_at
from reconcile.cli.printing import Fields, Format, print_rows, say
from reconcile.errors import BadParameters
from reconcile.importing.mapping.templates import (
    fingerprint,
    load_templates,
    templates_folder,
)
from reconcile.importing.records import StagedFile, Template
from reconcile.importing.teaching import (
    forget_template,
    import_template,
    make_template,
    template_text,
)
from reconcile.terms import Kind
from reconcile.warehouse import Store
from reconcile.warehouse.aliases import Alias, add_aliases, aliases, remove_alias

TEMPLATE_FIELDS: Fields = {
    **dict.fromkeys(("name", "sender", "kind", "fingerprint", "headers"), str)
}


ALIAS_FIELDS: Fields = {
    **dict.fromkeys(("dimension", "spelling", "stands_for", "said_by", "state"), str),
    "changed_at": datetime,
}


class Dimension(StrEnum):
    """What may be spelled in several ways."""

    BUYER = "buyer"
    CAMPAIGN = "campaign"
    EVENT = "event"
    SOURCE = "source"


class AliasAction(StrEnum):
    """What can be done with aliases."""

    ADD = "add"
    LIST = "list"
    REMOVE = "remove"


class TemplateAction(StrEnum):
    """What can be done with templates."""

    LIST = "list"
    SHOW = "show"
    EXPORT = "export"
    IMPORT = "import"
    MAKE = "make"
    FORGET = "forget"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("template")(template)
    app.command("alias")(alias)


def template(
    action: Annotated[TemplateAction, typer.Argument(help="What to do.")],
    name: Annotated[
        str | None,
        typer.Argument(
            help="The template; for `import`, its file; for `make`, a file of the sender."
        ),
    ] = None,
    sample: Annotated[
        Path | None, typer.Option(help="File that an imported template must read.")
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option(help="For `make`: what one row of the file is.")
    ] = None,
    answers: Annotated[
        list[str] | None,
        typer.Option("--answer", help="For `make`: answer to a question; repeatable."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="For `make`: take the suggested answers.")
    ] = False,
    zone: Annotated[
        str | None, typer.Option(help="For `make`: zone of times that name none.")
    ] = None,
    sender: Annotated[str | None, typer.Option(help="For `make`: whose file it is.")] = None,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """List, show, export, import, make or forget what was answered about senders' files.

    `make` reads one of them and stores nothing of it but the template.

    Examples:
        reconcile template list

        reconcile template make acme_nov.csv --kind claim --sender acme --answer zone=PST

        reconcile template export acme-claim-907e09f9 --out acme.toml

        reconcile template import acme.toml --sample acme_nov.csv
    """
    with store_at(home) as store:
        if action is TemplateAction.LIST:
            rows = [_row(found) for found in load_templates(templates_folder(store.home))]
            print_rows(rows, tuple(TEMPLATE_FIELDS), form=form, fields=TEMPLATE_FIELDS, to=out)
        elif name is None:
            raise BadParameters(f"template {action}: name one; `reconcile template list` has them.")
        elif action is TemplateAction.IMPORT:
            _import(store, name, sample)
        elif action is TemplateAction.MAKE:
            if kind is None:
                raise BadParameters("Say what one row of the file is: --kind lead, event or claim.")
            made, staged = make_template(
                store,
                name,
                kind=kind,
                answers=answers or (),
                take_suggestions=yes,
                zone=zone,
                sender=sender,
            )
            say(f"{name}: {_read(staged)}; the template {made} is kept, and nothing of the rows.")
        else:
            _with_one(store, action, name, out)


def _row(found: Template) -> dict[str, object]:
    mapping = found.mapping
    return {
        "name": found.name,
        "sender": mapping.sender,
        "kind": str(mapping.kind),
        "fingerprint": fingerprint(mapping.headers),
        "headers": ", ".join(mapping.headers),
    }


def _import(store: Store, name: str, sample: Path | None) -> None:
    kept, staged = import_template(store, name, sample=sample)
    if staged is not None:
        say(f"{sample}: is read by it without a question: {_read(staged)}.")
    say(f"{name}: kept as the template {kept.name}.")


def _read(staged: StagedFile) -> str:
    rejected = f", {staged.rejected:,} rejected" if staged.rejected else ""
    return f"{staged.rows:,} rows{rejected}"


def _with_one(store: Store, action: TemplateAction, name: str, out: Path | None) -> None:
    if action is TemplateAction.FORGET:
        forget_template(store, name)
        say(f"The template {name} is forgotten; files with its headers are asked about again.")
        return
    text = template_text(store, name)
    if action is TemplateAction.SHOW:
        say(text.rstrip())
        return
    if out is None:
        raise BadParameters("Say where to write it: --out FILE.")
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadParameters(f"{out}: cannot be written ({error.strerror}).") from error
    say(f"{name}: written to {out}.")


def alias(
    action: Annotated[AliasAction, typer.Argument(help="What to do.")],
    dimension: Annotated[
        Dimension | None, typer.Argument(help="What is spelled so; for `list`, all without it.")
    ] = None,
    spelling: Annotated[str | None, typer.Argument(help="As a file spells it.")] = None,
    name: Annotated[str | None, typer.Argument(help="The name it stands for.")] = None,
    history: Annotated[bool, typer.Option("--all", help="List what was said before, too.")] = False,
    form: Form = Format.TABLE,
    out: Out = None,
    home: Home = None,
) -> None:
    """Say that a spelling of a buyer, campaign, event or source stands for a known name.

    Batches keep what their files say; the next run reads the known names, and records them.

    Examples:
        reconcile alias add buyer "ACME Inc" acme

        reconcile alias list buyer --all

        reconcile alias remove buyer "ACME Inc"
    """
    with store_at(home) as store:
        if action is AliasAction.LIST:
            found = aliases(store.catalog, with_history=history)
            rows = [_alias_row(a) for a in found if dimension in (None, a.dimension)]
            shown = tuple(ALIAS_FIELDS) if history else ("dimension", "spelling", "stands_for")
            print_rows(rows, shown, form=form, fields=ALIAS_FIELDS, to=out)
        elif action is AliasAction.ADD:
            if dimension is None or spelling is None or name is None:
                raise BadParameters('Write it as: reconcile alias add buyer "ACME Inc" acme')
            add_aliases(store.catalog, [(dimension, spelling, name)])
            say(f"{spelling!r} stands for {name!r} in every run from now on.")
        else:
            if dimension is None or spelling is None:
                raise BadParameters('Write it as: reconcile alias remove buyer "ACME Inc"')
            remove_alias(store.catalog, dimension, spelling)
            say(f"{spelling!r} stands for itself again in every run from now on.")


def _alias_row(found: Alias) -> dict[str, object]:
    own = found.known_name == found.spelling
    return {
        "dimension": found.dimension,
        "spelling": found.spelling,
        "stands_for": "a name of its own" if own else found.known_name,
        "said_by": found.said_by,
        "changed_at": found.changed_at,
        "state": "" if found.counts else "no longer" if found.known_name else "taken back",
    }
