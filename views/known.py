"""What was learned of files: templates of senders, and names that are spelled in several ways."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from reconcile import Store
from reconcile.importing.mapping.templates import load_templates, templates_folder
from reconcile.importing.teaching import forget_template, import_template, template_text
from reconcile.listing import alias_texts, template_texts
from reconcile.showing import plain
from reconcile.warehouse.aliases import DIMENSIONS, add_aliases, aliases, remove_alias
from views.address import keep_to
from views.frame import this_person

PAGE = 100
Say = Callable[[str], None]


def show_templates(store: Store, say: Say) -> None:
    """List the templates; one can be looked at, taken away as a file, and forgotten."""
    _upload(store, say)
    found = load_templates(templates_folder(store.home))
    if not found:
        st.text(
            "No template yet. The first file of a sender asks what its columns mean; what you "
            "answer is kept as a template, and files with the same headers are read by it."
        )
        return
    names = [one.name for one in found]
    place = _chosen_row(template_texts(found), "templates", "Templates. Choose one to see it.")
    if place is None:
        return
    name = names[place]
    with st.container(border=True):
        st.subheader(plain(name), anchor=False)
        text = template_text(store, name)
        st.code(text, language="toml")
        with st.container(horizontal=True):
            st.download_button(
                "Download it", data=text, file_name=f"{name}.toml", on_click="ignore"
            )
            with st.popover("Forget it…"):
                st.text("Files with its headers are asked about again. What is loaded stays.")
                if st.button("Forget this template"):
                    forget_template(store, name)
                    say(f"Forgotten: {name}.")


def _upload(store: Store, say: Say) -> None:
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
    say(f"Kept as {kept.name}.")


def show_aliases(store: Store, say: Say) -> None:
    """List which spellings stand for which names; add one, or take one back."""
    with st.form("alias", clear_on_submit=True):
        places = st.columns([1, 2, 2], vertical_alignment="bottom")
        dimension = places[0].selectbox("Of a", DIMENSIONS)
        spelling = places[1].text_input("This spelling", placeholder="ACME Inc")
        name = places[2].text_input("stands for", placeholder="acme")
        is_added = st.form_submit_button("Add it")
    if is_added:
        add_aliases(store.catalog, [(dimension, spelling, name)], said_by=this_person())
        say(f"{spelling!r} stands for {name!r} in every run from now on.")
    with_history = st.toggle("What was said before, too", key="history", persist_state="session")
    found = aliases(store.catalog, with_history=with_history)
    if not found:
        st.text("No spelling stands for another name yet. A new one in a file is asked about.")
        return
    place = _chosen_row(alias_texts(found), "aliases", "Aliases. Choose one to take it back.")
    if place is None or not found[place].counts:
        return
    chosen = found[place]
    if st.button(plain(f"Take {chosen.spelling!r} back")):
        remove_alias(store.catalog, chosen.dimension, chosen.spelling, said_by=this_person())
        say(f"{chosen.spelling!r} stands for itself again in every run from now on.")


def _chosen_row(texts: list[dict[str, str]], key: str, alt: str) -> int | None:
    """Draw a page of a table, and return the place of the row that is chosen."""
    pages = -(-len(texts) // PAGE)
    keep_to(f"{key}_page", range(1, pages + 1))
    first = PAGE * (int(st.session_state.get(f"{key}_page") or 1) - 1)
    shown = texts[first : first + PAGE]
    picked = st.dataframe(
        pd.DataFrame(shown),
        key=f"{key}_{abs(hash(str(shown)))}",
        hide_index=True,
        height="content" if len(shown) < 12 else 458,
        selection_mode=["single-row", "single-cell"],
        on_select="rerun",
        alt=alt,
    )["selection"]
    if pages > 1:
        st.pagination(pages, key=f"{key}_page")
    places = [*picked["rows"], *(place for place, _ in picked.get("cells", ()))]
    return first + places[-1] if places else None
