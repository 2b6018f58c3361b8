"""Each line below the header into one class, in the order of the file.

What is data goes on to be typed. A second table, a note or a total is told by its cells and by what
stands above it; nothing is dropped, only counted and kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconcile.importing.found import Oddities, PartTitle, Reject, Repair, SecondTable, TotalLine
from reconcile.importing.locating.classing import BLANKS, Frame, has_digit, is_page_note
from reconcile.importing.locating.part_titles import Naming, is_labelled
from reconcile.importing.locating.repairing import MOST_SAMPLED, Shapes, joined_thousands, requoted
from reconcile.importing.opening.lines import Record

SHOWN = 500
"""Characters of a rejected line that are kept."""

MOST_NOTES = 200
"""Notes, totals and repairs of each kind that are kept as they are; all are counted."""


_UNLIKE = (
    "amounts and nothing else that all other rows have, beside an id unlike theirs: a total? If "
    "it is a row, its other cells are missing"
)

_NAME_ONLY = (
    "a word alone, unlike all ids, where all other rows have more: the name of the rows below? If "
    "it is a row, its other cells are missing"
)


@dataclass(frozen=True)
class _Lone:
    """A line of one word: a title if the header follows, else a row without its other cells."""

    row: Record
    cells: Sequence[str]
    is_below_blank: bool


class Sorter:
    """Classes the lines of one file; `found` takes what is no data."""

    def __init__(
        self,
        frame: Frame,
        found: Oddities,
        *,
        is_point: bool = True,
        naming: Naming | None = None,
    ) -> None:
        """Begin below the header.

        Args:
            frame: The header, and what its columns hold.
            found: Takes what is no data.
            is_point: Nobody has stated a decimal comma, so 1,234 may be a thousand.
            naming: Gives each row what the title of its part says, as one more cell.
        """
        self.frame = frame
        self.found = found
        self.naming = naming
        self.open_line: int | None = None
        """The last line of the file, if it has no line end."""
        self._is_point = is_point and frame.delimiter == ","
        self._shapes = Shapes(frame.width)
        self._title: PartTitle | None = None
        self._lone: _Lone | None = None
        self._group: PartTitle | None = None

    def is_amid_oddities(self, line_no: int) -> bool:
        """Say whether what the line below this one is hangs on those above it."""
        is_titled = self._title is not None and self._title.last == line_no
        is_titled = is_titled or self._group is not None
        return self.found.is_apart or self.found.is_below_blank or is_titled

    def sort(self, rows: Iterable[Record]) -> Iterator[Record]:
        """Yield the lines that are data, as rows of the header's width."""
        begun: list[Record] = []
        rest = iter(rows)
        if self._shapes.rows < MOST_SAMPLED:
            begun = self._sampled(rest)
        for some in (begun, rest):
            for row in some:
                for kept in self._told(row):
                    yield self._of_part(kept)
        for kept in self._let_go():
            yield self._of_part(kept)

    def _of_part(self, row: Record) -> Record:
        """Return a row of data, with the name of its part where titles name the rows."""
        group, self._group = self._group, None
        if group is not None:
            self._begin_part(group)
        self.found.has_rows = True
        return row if self.naming is None else self.naming.named(row)

    def _told(self, row: Record) -> Sequence[Record]:
        """Return the data that a line completes: its own, or that of one word above it."""
        if row.span > 1:
            self.found.put("continuation", row.line_no + 1, row.span - 1)
        if self._is_plain(row):
            return (*self._let_go(), row) if self._lone else (row,)
        cells = [cell.strip(BLANKS) for cell in row.cells]
        before = self._let_go() if any(cells) and not self._heads(row, cells) else ()
        if self._is_lone(row, cells):
            self._lone = _Lone(row, cells, is_below_blank=self.found.is_below_blank)
            return before
        kept = self._odd(row, cells)
        return before if kept is None else (*before, kept)

    def _is_lone(self, row: Record, cells: Sequence[str]) -> bool:
        """Say whether a line is one word, which only a header below it makes a title."""
        is_one = row.fault is None and sum(map(bool, cells)) == 1 and not self.found.is_apart
        return is_one and self._class_of(cells, self._shapes, is_below_blank=False) is None

    def _heads(self, row: Record, cells: Sequence[str]) -> bool:
        """Say whether a line is the header again; a word that waits above it is a title then."""
        if row.fault is not None or not self.frame.is_own_header(cells):
            return False
        lone, self._lone = self._lone, None
        if lone is not None:
            self.found.put("footer", lone.row.line_no)
            self._note("footer", lone.row.line_no, lone.cells)
            for line_no in range(lone.row.line_no + 1, row.line_no):
                self._stretch_note(line_no)
        return True

    def _let_go(self) -> Sequence[Record]:
        """Return the line that waits, if it is data: no header follows."""
        lone, self._lone = self._lone, None
        if lone is None:
            return ()
        is_below_blank, self.found.is_below_blank = self.found.is_below_blank, lone.is_below_blank
        kept = self._odd(lone.row, lone.cells)
        self.found.is_below_blank = self.found.is_below_blank or is_below_blank
        return () if kept is None else (kept,)

    def has_odd(self, rows: Sequence[Sequence[str]]) -> bool:
        """Say whether one of some lines may be no data; blank ones are none of these."""
        wide = [cells for cells in rows if len(cells) == self.frame.width]
        plain = [cells for cells in wide if self.frame.is_plainly_data(cells)]
        if len(plain) == len(rows) and self.frame.id_place == 0:
            return False
        shapes = Shapes(self.frame.width)
        for cells in plain:
            shapes.add(cells)
        return any(self._is_odd([cell.strip(BLANKS) for cell in cells], shapes) for cells in rows)

    def may_begin(self, rows: Iterable[Sequence[str]]) -> bool:
        """Say whether what stands below one of some lines may hang on it.

        Such is a blank line, a total, a note, the header of another table, or a line under a word
        that nobody knows; the header again, as it stands above, is none.
        """
        return any(
            not self.frame.is_plainly_data(cells)
            and self._begins([cell.strip(BLANKS) for cell in cells])
            for cells in rows
        )

    def _begins(self, cells: Sequence[str]) -> bool:
        if not any(cells):
            return True
        frame = self.frame
        return list(cells) != list(frame.headers) and (
            bool(cells[frame.id_place] and not has_digit(cells[frame.id_place]))
            or frame.names_nothing(cells)
            or frame.is_own_header(cells)
            or frame.is_other_header(cells, is_below_blank=True)
            or frame.total_label(cells, is_sparse=True) is not None
            or frame.is_note(cells)
        )

    def _is_odd(self, cells: Sequence[str], shapes: Shapes) -> bool:
        if not any(cells) or self.frame.is_own_header(cells):
            return False
        if self.frame.is_amounts_only(cells, shapes) or self.frame.is_name_only(cells, shapes):
            return True
        return self._class_of(cells, shapes, is_below_blank=True) is not None

    def _sampled(self, rows: Iterator[Record]) -> list[Record]:
        """Look at the next rows ahead, so that even the first odd line is seen among others."""
        begun: list[Record] = []
        for row in rows:
            begun.append(row)
            is_whole = row.fault is None and len(row.cells) == self.frame.width
            if is_whole and self.frame.is_plainly_data(row.cells):
                self._shapes.add(row.cells)
            if self._shapes.rows >= MOST_SAMPLED or len(begun) >= 2 * MOST_SAMPLED:
                break
        return begun

    def _is_plain(self, row: Record) -> bool:
        found, frame = self.found, self.frame
        return (
            row.fault is None
            and len(row.cells) == frame.width
            and not found.is_below_blank
            and not found.is_apart
            and frame.is_plainly_data(row.cells)
        )

    def _odd(self, row: Record, cells: Sequence[str]) -> Record | None:
        """Class a line that may be no data; return it if it is."""
        found = self.found
        if not any(cells):
            found.put("blank", row.line_no)
            found.is_below_blank = True
            self._stretch_note(row.line_no)
            return None
        is_below_blank, found.is_below_blank = found.is_below_blank, False
        if row.fault is None and self.frame.is_own_header(cells):
            found.put("repeated_header", row.line_no)
            found.is_apart = False
            self._note_part(row.line_no)
            return None
        if found.is_apart:
            found.put("second_table", row.line_no)
            return None
        name = None
        if row.fault is None:
            name = self._class_of(cells, self._shapes, is_below_blank=is_below_blank)
        if name is None:
            return self._as_data(row)
        found.put(name, row.line_no)
        self._note(name, row.line_no, cells)
        return None

    def _class_of(
        self, cells: Sequence[str], shapes: Shapes, *, is_below_blank: bool
    ) -> str | None:
        """Return the class of a line that is neither blank nor data."""
        if self.frame.is_other_header(cells, is_below_blank=is_below_blank):
            return "second_table"
        if self._total_label(cells, shapes) is not None:
            return "total"
        return "footer" if self.frame.is_note(cells) else None

    def _total_label(self, cells: Sequence[str], shapes: Shapes) -> str | None:
        known = self.frame.known(cells[: self.frame.width])
        lacks = [place for place, cell in enumerate(known) if not cell]
        is_sparse = any(map(shapes.is_never_blank, lacks))
        return self.frame.total_label(cells, is_sparse=is_sparse)

    def _note(self, name: str, line_no: int, cells: Sequence[str]) -> None:
        found, frame = self.found, self.frame
        filled = [cell for cell in cells if cell]
        if name == "second_table":
            found.is_apart = True
            found.second_tables.append(SecondTable(line_no, tuple(filled)))
        elif name == "footer":
            text = " ".join(filled)[:SHOWN]
            if len(found.footers) < MOST_NOTES:
                found.footers.append(text)
            self._stretch_note(line_no, text)
            if is_labelled(text):
                self._group = PartTitle(line_no, line_no, text)
        else:
            found.is_below_blank = True
            label = self._total_label(cells, self._shapes) or ""
            is_whole = len(cells) == frame.width
            names = frame.headers if is_whole else [str(n) for n in range(1, len(cells) + 1)]
            texts = {
                header: cell
                for header, cell in zip(names, cells, strict=True)
                if cell and cell != label
            }
            found.totals = [*found.totals[-MOST_NOTES:], TotalLine(line_no, label, texts)]

    def _stretch_note(self, line_no: int, text: str = "") -> None:
        """Remember the note that is right above the next line, blank lines aside."""
        above = self._title
        if above is not None and above.last + 1 == line_no:
            said = " / ".join(filter(None, (above.text, text)))[:SHOWN]
            self._title = above._replace(last=line_no, text=said)
        elif text:
            self._title = PartTitle(line_no, line_no, text)

    def _note_part(self, line_no: int) -> None:
        """Take a note right above a repeated header for a title, unless pages have such."""
        title, self._group = self._title, None
        if title is not None and title.last + 1 == line_no and not is_page_note(title.text):
            self._begin_part(title)

    def _begin_part(self, title: PartTitle) -> None:
        """Let the rows that follow stand below a title, which may say whose they are."""
        found = self.found
        if not found.part_titles:
            found.is_titled_later = found.has_rows
        if len(found.part_titles) < MOST_NOTES:
            found.part_titles.append(title)
        if self.naming is not None:
            self.naming.begin(title)

    def _as_data(self, row: Record) -> Record | None:
        """Return a row of the header's width, repaired if it can be read in one way only."""
        name, reason = self._flaw(row)
        if not reason:
            return row._replace(cells=row.cells[: self.frame.width])
        repaired = None if name == "data" else self._repaired(row)
        if repaired is None:
            self._put_flawed(name, row.line_no)
            self.found.rejects.append(Reject(row.line_no, " | ".join(row.cells)[:SHOWN], reason))
        return repaired

    def _put_flawed(self, name: str, line_no: int) -> None:
        if name == "data":
            self.found.classes[name] += 1
        else:
            self.found.put(name, line_no)

    def _flaw(self, row: Record) -> tuple[str, str]:
        """Return the class of a line that is to be rejected, and why; blank if it is whole."""
        width, cells = self.frame.width, row.cells
        if row.fault is None and len(cells) >= width and not any(map(_filled, cells[width:])):
            texts = [cell.strip(BLANKS) for cell in cells[:width]]
            if self.frame.is_name_only(texts, self._shapes):
                return "data", _NAME_ONLY
            return "data", _UNLIKE if self.frame.is_amounts_only(texts, self._shapes) else ""
        name = "short" if row.fault or len(cells) < width else "long"
        reason = row.fault or f"{len(cells)} cells where the header has {width}"
        if name == "short" and row.line_no + row.span - 1 == self.open_line:
            return "truncated", f"the file ends within this line: {reason}"
        return name, reason

    def _repaired(self, row: Record) -> Record | None:
        frame = self.frame
        if row.fault is not None:
            cells = requoted(row.cells[0], frame.delimiter or ",", frame.width)
            reason = "quotes inside a quoted cell were not doubled"
        elif self._is_point:
            cells = joined_thousands(row.cells, self._shapes, width=frame.width, money=frame.money)
            reason = "an amount with a thousands comma was not quoted"
        else:
            return None
        if cells is None:
            return None
        if row.fault is None:
            self.found.put("long", row.line_no)
        self.found.repaired_long += row.fault is None
        if len(self.found.repairs) < MOST_NOTES:
            raw = (frame.delimiter or ",").join(row.cells)[:SHOWN]
            self.found.repairs.append(Repair(row.line_no, raw, tuple(cells), reason))
        return row._replace(cells=cells, fault=None)


def _filled(cell: str) -> bool:
    return bool(cell.strip(BLANKS))
