"""A file before it is imported: how it is read, what is asked, and what the checks say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import streamlit as st

from reconcile import Kind
from reconcile.importing import Preview
from reconcile.importing.fields import FIELDS
from reconcile.importing.mapping.contents import spoken
from reconcile.importing.preview import ColumnPreview, RowPreview
from reconcile.importing.questions import answer
from reconcile.showing import money, plain, time
from views.address import keep_to
from views.lists import say, shown, table
from views.questions import answer_anew, ask, show_given

KEPT = "(kept as it is)"
_ASKED = "(asked above)"
_LINES = 2
_COLUMNS = 100
_LEVELS = {"doubt": "Look at it", "note": "Note", "fine": "Agrees"}


def show_reading(seen: Preview, name: str, take: Callable[[], None]) -> None:
    """Draw a preview, and the button that takes it.

    Args:
        seen: What was found.
        name: What the button says.
        take: What it does; it is offered once nothing is open.
    """
    _figures(seen)
    show_given()
    ask({"Needs you": seen.needs_you, "The file suggests an answer": seen.has_suggestion})
    if not seen.questions and seen.staged is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(name, shortcut="I", on_click=take)
            say(_would_be(seen))
    _columns(seen)
    _rejects(seen)
    _checks(seen)
    offers = [check.offer for check in seen.checks if check.offer is not None]
    if not seen.questions:
        ask({"May be said now": offers})
    _facts(seen)


def _figures(seen: Preview) -> None:
    staged = seen.staged
    values = (
        ("Rows to be loaded", f"{staged.rows:,}" if staged else "not known yet"),
        ("Lines rejected", f"{staged.rejected:,}" if staged else "not known yet"),
        ("Open questions", f"{len(seen.questions):,}"),
        ("Checks to look at", f"{sum(check.level == 'doubt' for check in seen.checks):,}"),
    )
    for place, (label, value) in zip(st.columns(4), values, strict=True):
        place.metric(label, value, border=True, height="stretch")


def _would_be(seen: Preview) -> str:
    if seen.staged is None:
        return ""
    lost = f"; rejected, and so left out: {seen.staged.rejected:,}" if seen.staged.rejected else ""
    return f"{seen.staged.rows:,} {seen.kind} rows{lost}."


def _columns(seen: Preview) -> None:
    """Show each column with cells as written and as read; what it is taken for can be changed."""
    if not seen.columns:
        return
    st.subheader("Columns", anchor=False)
    is_open = bool(seen.assumed or seen.provisional)
    read = "read provisionally" if is_open else "read"
    if is_open:
        say("Until the questions are answered, the rows are shown as they might be read.")
    for name in seen.missing:
        st.markdown(f"**No column is read as {name}.** If the file has one, choose it here.")
    lines = seen.rows[:_LINES]
    pages = -(-len(seen.columns) // _COLUMNS)
    keep_to("columns_page", range(1, pages + 1))
    page = int(st.session_state.get("columns_page") or 1)
    columns = seen.columns[_COLUMNS * (page - 1) : _COLUMNS * page]
    texts = [_column(column, lines, seen.kind, read) for column in columns]
    number = st.session_state.get("answers_no", 0)
    key = f"columns_{abs(hash((seen.name, seen.kind, number, page)))}"
    options = [KEPT, *(spoken(field, seen.kind) for field in FIELDS[seen.kind])]
    st.data_editor(
        shown(texts),
        key=key,
        hide_index=True,
        height="content",
        disabled=[name for name in texts[0] if name != "Read as"],
        column_config={
            "Read as": st.column_config.SelectboxColumn(
                options=[*options, _ASKED], required=True, help="Choose another one to change it."
            )
        },
        on_change=lambda: _remapped(key, columns),
        alt="Columns of the file, what each is taken for, and cells as written and as read.",
    )
    if pages > 1:
        say(f"{len(seen.columns):,} columns, {_COLUMNS} a page.")
        st.pagination(pages, key="columns_page")


def _column(
    column: ColumnPreview, lines: tuple[RowPreview, ...], kind: Kind, read: str
) -> dict[str, str]:
    nothing = _ASKED if column.is_open else KEPT
    told = {
        "Header": column.header,
        "Read as": spoken(column.field, kind) if column.field else nothing,
    }
    if not lines:
        told["First values"] = ", ".join(column.examples)
    for row in lines:
        told[f"Line {row.line_no}"] = row.raw.get(column.header, "")
        value = row.typed.get(column.field) if column.field else None
        told[f"Line {row.line_no} {read}"] = _value(value)
    return told


def _value(value: str | Decimal | datetime | None) -> str:
    if isinstance(value, Decimal):
        return money(value)
    return f"{time(value)} UTC" if isinstance(value, datetime) else value or ""


def _remapped(key: str, columns: tuple[ColumnPreview, ...]) -> None:
    """Take what was chosen for a column as an answer."""
    edited = st.session_state[key]["edited_rows"]
    new = []
    for place, change in edited.items():
        header, field = columns[int(place)].header, change.get("Read as")
        if field == KEPT:
            new.append(answer("ignore", header))
        elif field and field != _ASKED:
            new.append(answer(f"columns.{field}", header))
    answer_anew(new)


def _rejects(seen: Preview) -> None:
    if not seen.rejects:
        return
    total = seen.staged.rejected if seen.staged else len(seen.rejects)
    first = f", the first {len(seen.rejects)}" if len(seen.rejects) < total else ""
    st.subheader(f"Rejected lines: {total:,}{first}", anchor=False)
    say("They are in no figure. After the import all of them can be downloaded.")
    texts = [
        {
            "Line": f"{one.line_no:,}",
            "Column": one.column or "",
            "Value": one.value or "",
            "Why": one.reason,
        }
        for one in seen.rejects
    ]
    table(texts, left=("Column", "Value", "Why"), alt="Rejected lines, each with its reason.")


def _checks(seen: Preview) -> None:
    if seen.checks:
        st.subheader("Checks", anchor=False)
        for check in seen.checks:
            st.markdown(f"**{_LEVELS[check.level]}** · {plain(check.text)}")
    if seen.overlapping:
        say("Loaded already for the same time, by the same sender:")
        for batch in seen.overlapping[:5]:
            say(f"{batch.file}, {batch.rows:,} rows, batch {batch.id}")


def _facts(seen: Preview) -> None:
    """Say how the file was opened and what became of its lines."""
    with st.expander("How it was read"):
        facts: dict[str, str] = {}
        if seen.head is not None:
            facts = {"Encoding": seen.head.encoding, "Cells parted by": seen.head.delimiter or ""}
            facts["Sheet"] = seen.head.sheet or ""
        facts |= {f"Lines: {name}": f"{count:,}" for name, count in seen.lines.items()}
        staged = seen.staged
        if staged is not None:
            facts["Not data"] = ", ".join(map(str, staged.notes.spans[:12]))
            facts["Sender"] = staged.sender or "nobody named"
            facts["Template"] = staged.template or "none"
            facts["Zone"] = f"{staged.zone} (stated by the {staged.zone_stated_by})"
            facts["First row"] = _value(staged.first_at)
            facts["Last row"] = _value(staged.last_at)
        texts = [{"What": what, "Is": text} for what, text in facts.items() if text]
        table(texts, left=("What", "Is"), alt="How the file was opened and read.")
        for text in seen.staged.from_template if seen.staged else ():
            say(text)
