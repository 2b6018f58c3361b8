"""What was learned of files: templates of senders, and names that are spelled in several ways."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from reconcile import Store
from reconcile.importing.mapping.templates import load_templates, templates_folder
from reconcile.importing.records import Template
from reconcile.importing.teaching import forget_template, import_template, template_text
from reconcile.listing import alias_texts, template_texts
from reconcile.showing import plain
from reconcile.warehouse.aliases import DIMENSIONS, Alias, add_aliases, aliases, remove_alias
from views.frame import this_person
from views.lists import Choice, choose_one, say

Say = Callable[[str], None]


def show_templates(store: Store, tell: Say) -> None:
    """List the templates; one can be looked at, taken away as a file, and forgotten."""
    _upload(store, tell)
    found = load_templates(templates_folder(store.home))
    if not found:
        say(
            "No template yet. The first file of a sender asks what its columns mean; what you "
            "answer is kept as a template, and files with the same headers are read by it."
        )
        return
    name = st.session_state.get("template_chosen")
    choose_one(found, _TEMPLATES, name)
    if name not in {one.name for one in found}:
        return
    with st.container(border=True):
        st.subheader(plain(name), anchor=False)
        text = template_text(store, name)
        st.code(text, language="toml")
        with st.container(horizontal=True):
            st.download_button(
                "Download it", data=text, file_name=f"{name}.toml", on_click="ignore"
            )
            with st.popover("Forget it…"):
                say("Files with its headers are asked about again. What is loaded stays.")
                if st.button("Forget this template"):
                    forget_template(store, name)
                    tell(f"Forgotten: {name}.")


def _upload(store: Store, tell: Say) -> None:
    number = st.session_state.get("template_no", 0)
    file = st.file_uploader(
        "Add a template, a TOML file as the download gives it",
        type=["toml"],
        max_upload_size=1,
        key=f"template_{number}",
    )
    if file is None:
        return
    with tempfile.TemporaryDirectory(prefix="reconcile-") as folder:
        path = Path(folder) / "template.toml"
        path.write_bytes(file.getvalue())
        kept, _ = import_template(store, path)
    st.session_state["template_no"] = number + 1
    tell(f"Kept as {kept.name}.")


def show_aliases(store: Store, tell: Say) -> None:
    """List which spellings stand for which names; add one, or take one back."""
    with st.form("alias", clear_on_submit=True):
        places = st.columns([1, 2, 2], vertical_alignment="bottom")
        dimension = places[0].selectbox("Of a", DIMENSIONS)
        spelling = places[1].text_input("This spelling", placeholder="ACME Inc")
        name = places[2].text_input("stands for", placeholder="acme")
        is_added = st.form_submit_button("Add it")
    if is_added:
        add_aliases(store.catalog, [(dimension, spelling, name)], said_by=this_person())
        tell(f"{spelling!r} stands for {name!r} in every run from now on.")
    with_history = st.toggle("What was said before, too", key="history", persist_state="session")
    found = aliases(store.catalog, with_history=with_history)
    if not found:
        say("No spelling stands for another name yet. A new one in a file is asked about.")
        return
    choose_one(found, _ALIASES, st.session_state.get("alias_chosen"))
    picked = [one for one in found if _alias_name(one) == st.session_state.get("alias_chosen")]
    if not picked or not picked[0].counts:
        return
    chosen = picked[0]
    if st.button(plain(f"Take {chosen.spelling!r} back")):
        remove_alias(store.catalog, chosen.dimension, chosen.spelling, said_by=this_person())
        tell(f"{chosen.spelling!r} stands for itself again in every run from now on.")


def _alias_name(one: Alias) -> str:
    return f"{one.dimension} {one.spelling} {one.changed_at}"


_TEMPLATES = Choice[Template](
    key="templates",
    texts=template_texts,
    name=lambda one: one.name,
    take=lambda name: st.session_state.update(template_chosen=name),
    alt="Templates. Choose one to see it.",
)
_ALIASES = Choice[Alias](
    key="aliases",
    texts=alias_texts,
    name=_alias_name,
    take=lambda name: st.session_state.update(alias_chosen=name),
    alt="Aliases. Choose one to take it back.",
)
