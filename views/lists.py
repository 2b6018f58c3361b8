"""Texts and tables as every screen draws them, and lists of which one row is chosen.

What a file holds is shown as it is, and nothing of it unseen: see `showing.visible`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd
import streamlit as st

from reconcile.showing import Texts, visible
from views.address import keep_to

Row = TypeVar("Row")

_ROW = 35
"""Pixels of a row of a table."""
_LETTER, _AROUND = 6.5, 18
"""Pixels of a letter of a table, and of what is around a text in its cell."""
_MOST = 220
"""Pixels of a column whose width follows its texts."""


def say(text: object) -> None:
    """Write a text that no place takes for markup."""
    st.text(visible(str(text)))


def shown(texts: Sequence[Texts]) -> pd.DataFrame:
    """Return rows of texts for a table to draw."""
    return pd.DataFrame(
        [{name: visible(cell) for name, cell in row.items()} for row in texts],
        columns=list(texts[0]) if texts else None,
    )


def width_of(texts: Sequence[Texts], name: str) -> int:
    """Return the pixels that a column needs: the table itself measures its first rows only."""
    longest = max((len(visible(row[name])) for row in texts), default=0)
    return min(round(_LETTER * max(longest, len(name))) + _AROUND, _MOST)


def table(
    texts: list[Texts], *, left: tuple[str, ...], alt: str, fitted: tuple[str, ...] = ()
) -> None:
    """Draw a small table of texts, its figures to the right; `left` names the other columns.

    Columns that are `fitted` are as wide as their longest text, wherever it stands.
    """
    names = list(texts[0]) if texts else []
    st.dataframe(
        shown(texts),
        hide_index=True,
        height="content",
        column_config={
            name: st.column_config.TextColumn(
                alignment="left" if name in left else "right",
                width=width_of(texts, name) if name in fitted else None,
            )
            for name in names
            if name not in left or name in fitted
        },
        alt=alt,
    )


@dataclass(frozen=True)
class Choice(Generic[Row]):
    """A list of which one row is chosen."""

    key: str
    """Its name among the lists of a screen."""
    texts: Callable[[Sequence[Row]], list[Texts]]
    """The rows of a page as texts."""
    name: Callable[[Row], str]
    """What a row is known by."""
    take: Callable[[str | None], None]
    """Takes over what was chosen; None where the choice was taken away."""
    alt: str
    right: tuple[str, ...] = ()
    """Columns of figures."""
    fitted: tuple[str, ...] = ()
    """Columns that are as wide as their longest text: the room that is left goes to the others."""
    page: int = 100
    most: int = 12
    """Rows that are seen at once; the others are scrolled to."""


def choose_one(rows: Sequence[Row], choice: Choice[Row], chosen: str | None) -> None:
    """Draw a page of a list, and tell what else is chosen than the row that is."""
    pages = -(-len(rows) // choice.page)
    page_key = f"{choice.key}_page"
    keep_to(page_key, range(1, pages + 1))
    first = choice.page * (int(st.session_state.get(page_key) or 1) - 1)
    names = [choice.name(row) for row in rows[first : first + choice.page]]
    texts = choice.texts(rows[first : first + choice.page])
    # A selection is kept by position under its key: the key names all that decides the rows.
    key = f"{choice.key}_{abs(hash((*names, chosen)))}"
    st.dataframe(
        shown(texts),
        key=key,
        hide_index=True,
        height="content" if len(names) < choice.most else _ROW * choice.most + 3,
        selection_mode=["single-row", "single-cell"],
        selection_default={"selection": {"rows": [names.index(chosen)] if chosen in names else []}},
        on_select=lambda: _picked(key, names, chosen, choice.take),
        column_config={
            **{name: st.column_config.TextColumn(alignment="right") for name in choice.right},
            **{
                name: st.column_config.TextColumn(width=width_of(texts, name))
                for name in choice.fitted
                if texts
            },
        },
        alt=choice.alt,
    )
    if pages > 1:
        st.pagination(pages, key=page_key)


def _picked(
    key: str, names: list[str], drawn: str | None, take: Callable[[str | None], None]
) -> None:
    """Take over another choice than the one that was drawn, which the table may report as well."""
    chosen = st.session_state[key]["selection"]
    places = [*chosen["rows"], *(place for place, _ in chosen.get("cells", ()))]
    name = names[places[-1]] if places else None
    if name != drawn:
        take(name)
