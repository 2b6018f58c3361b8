"""Texts into typed rows, part by part: a clean text is typed while it is read.

The questions build on each other: `text_line` (the texts under our names), `text_cell`, `typed`,
`good_row`, `canonical_row`. Lines that were refused or may be no data are looked at apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reconcile.engine import Engine, Steps, TextFile, UnevenText
from reconcile.importing.fields import ALL_FIELDS, fold
from reconcile.importing.found import MOST_SPANS, Span
from reconcile.importing.locating.classing import has_digit
from reconcile.importing.mapping.dictionary import dictionary
from reconcile.importing.opening.lines import Record
from reconcile.importing.records import Mapping, StageOptions
from reconcile.importing.values.asking import LOOK, Asking
from reconcile.importing.values.parts import Load, Part, Table
from reconcile.importing.values.readings import Cells, Reading
from reconcile.importing.values.sinks import Params, Sink

FEW = 20
"""A second look at fewer lines than one in so many reads these alone."""

_ALWAYS = (
    "transaction_id",
    "occurred_at",
    "time_zone",
    "revenue",
    "currency",
    "campaign_id",
    "buyer",
)
_MAY_LACK = [field for field in ALL_FIELDS if field not in _ALWAYS]

CELLS = {"text_cell": "importing/text_cell"}
TYPED = {**CELLS, "typed": "importing/typed"}

MOST_LATE = 500_000
"""Rows looked at again that are kept in memory before they are written."""

MOST_PUT_OFF = 20_000
"""Lines that wait for their second look: planning it takes longer than looking at thousands."""

_BEGINNINGS = frozenset({"blank", "total"})

SCRATCH = (
    "late_line",
    "seen_cell",
    "text_line",
    "rest_row",
    "typed_line",
    "dispute",
    "summed",
    "refused_row",
    "staged_row",
)


class _Missed(UnevenText):
    """The second look holds other lines than the first one left."""


class Told(Exception):
    """A file was looked at as a whole; carries what it told."""

    def __init__(self, asking: Asking) -> None:
        """Take what is known now."""
        super().__init__()
        self.asking = asking


class TypedRows:
    """The rows of one file while they are being typed; `sink` takes them."""

    def __init__(
        self,
        engine: Engine,
        table: Table,
        options: StageOptions,
        *,
        sink: Sink,
        asking: Asking | None = None,
    ) -> None:
        self.engine = engine
        self.table = table
        self.options = options
        self.sink = sink
        self.classes: Counter[str] = Counter()
        self.spans: list[Span] = []
        self.records = 0
        self.refused = 0
        self.late = 0
        self._put_off: list[Record] = []
        self._load: Load | None = None
        self._may_be_damaged = False
        self._macros: dict[str, str] = {}
        self.asking = asking or LOOK
        if asking in (None, LOOK):
            self.asking = Asking(
                table.name,
                table.columns,
                options,
                is_dated=table.is_dated,
                looks=asking is LOOK,
            )
        self.is_looking = self.asking.looks
        self.mapping = options.mapping or Mapping()
        for macros in ("macros_times", "macros_amounts", "macros"):
            engine.once(f"importing/{macros}")
        engine.table("refused_row", "importing/empty_rejected_row")

    @property
    def reading(self) -> Reading:
        """Return how the cells were read."""
        return self.asking.reading

    def take(self, part: Part) -> None:
        """Type the rows of a part.

        Raises:
            UnevenText: A text is not one record on each line; nothing of the part was taken.
            QuestionOpen, UnknownZone: As `Asking`.
        """
        before = self.asking
        try:
            with self.engine.reading_text():
                self._ask_of(part)
                if self.asking.looks:
                    return
                self._arrange(part.sources, is_plain=part.is_plain)
                self._say("times", "time_iso" if self.reading.is_iso else "time_any")
                if not self.reading.is_iso:
                    self.engine.once("importing/macros_zones")
                    is_local = self.reading.times.places
                    self._say("zones", "zone_places" if is_local else "zone_fixed")
                self._take_amounts(part)
                if len(self._put_off) >= MOST_PUT_OFF:
                    self._look_at_put_off()
        except BaseException:
            self.asking = before
            self._macros.clear()
            raise
        self.records += part.records

    def _take_amounts(self, part: Part) -> None:
        """Type a part as bare amounts are, or as any are where one proves not to be bare."""
        is_bare = self.asking.is_bare and self.reading.has_plain_amounts
        if is_bare and self.mapping.sum_by is None:
            self._read_amounts(is_bare=True)
            try:
                with self.engine.all_or_nothing():
                    self._take(part)
            except _Missed:
                # 1,250.00 is refused at the first look and good at the second, which misses it.
                self.asking = replace(self.asking, is_bare=False)
                self._macros.clear()  # what was said within is taken back
            else:
                return
        self._read_amounts(is_bare=False)
        with self.engine.all_or_nothing():
            self._take(part)

    def _take(self, part: Part) -> None:
        params = self._params(has_exponent=part.has_exponent)
        if self.mapping.sum_by is not None:
            self._keep_lines(part, TYPED, params)
        else:
            self._write(part.records, TYPED, params, part)

    def _read_amounts(self, *, is_bare: bool) -> None:
        """Say how amounts are read."""
        self._say("amounts", "amounts_bare" if is_bare else "amounts_any")
        columns = self.table.columns
        is_spent = not {"cost", "ad_spend"}.isdisjoint({*columns.fields, *columns.constants})
        self._say("spend", "spend_some" if is_spent else "spend_none")

    def _say(self, subject: str, macros: str) -> None:
        """Say how a kind of cell is read, unless it is said already."""
        if self._macros.get(subject) != macros:
            self.engine.execute(f"importing/{macros}")
            self._macros[subject] = macros

    def finish(self) -> None:
        """Add up what is to be added, write what was kept back.

        Raises:
            Told: The file was only looked at; it says what it told.
            QuestionOpen: As `Asking`.
        """
        self.asking = self.asking.finished()
        if self.is_looking:
            raise Told(self.asking)
        if self._put_off:
            with self.engine.reading_text():
                self._look_at_put_off()
        if self.mapping.sum_by is not None:
            self.engine.table("dispute", "importing/dispute")
            records = self.engine.table("summed", "importing/summed")
            self.engine.drop("typed_line")
            self._write(records, dict.fromkeys(("typed", "faulted"), "importing/summed_row"), {})
        if self.late:
            self._write_late()
        if self.refused:
            [broken] = self.engine.records("importing/broken_form")
            self.asking.ask_broken(broken, self.records)

    def _ask_of(self, part: Part) -> None:
        """Learn from a part how the cells are to be read, as long as anything is open."""
        if self.asking.is_answered:
            return
        is_plain = part.is_plain and part.whole is None
        self._arrange(part.whole() if part.whole else part.sources, is_plain=is_plain)
        cells = Cells(self.engine, CELLS, self._cell_params())
        with self.engine.in_order():
            self.asking = self.asking.after(cells, is_whole=part.is_whole)
        self._macros.pop("times", None)

    def _arrange(self, sources: Sequence[str | TextFile], *, is_plain: bool) -> None:
        self._say("cells", "cells_plain" if is_plain else "cells_any")
        self.engine.arrange("text_line", sources, self.table.arrangement)

    def _cell_params(self) -> Params:
        columns = self.table.columns
        return {
            "has_time": "occurred_at" in columns.fields,
            "id_header": columns.headers[columns.fields["transaction_id"][0]],
            "headers": columns.headers,
            "exponents": True,
        }

    def _params(self, *, has_exponent: bool) -> Params:
        return {
            **self._cell_params(),
            **self.reading.parameters(),
            "exponents": has_exponent,
            "new_headers": [self.table.columns.headers[n] for n in self.table.columns.refused],
            "keeps_damaged": self.mapping.damaged_ids == "keep",
            "coined": "currency" in self.table.columns.constants,
            "sender": self._sender,
            "adds": self.table.adds,
            "file_no": self.options.file_no,
        }

    def _hand_over(self, steps: Steps, params: Params) -> int:
        """Give the rows of `good_row` to the sink, in the form in which they are wanted."""
        options = self.options
        kept = f"importing/rows_{self.table.kind}"
        steps = {
            **steps,
            "canonical_row": kept if options.to_keep else "importing/row_compared",
        }
        if options.batch is not None:
            steps = {**steps, "stored_row": "importing/row_stored"}
            params = {**params, "batch": options.batch, "file": self.table.name}
        return self.sink.write(self.engine, steps, {**params, "absent": self._absent})

    @property
    def _absent(self) -> list[str]:
        """Return the columns that need not be written, for they are NULL throughout.

        The first file of a batch has them all: it shows their types to whoever reads the batch.
        """
        is_kept = self.options.to_keep
        if not self.sink.writes_files or self.mapping.sum_by is not None:
            return []
        if is_kept and not self.sink.parts:
            return []
        columns = self.table.columns
        filled = {*columns.fields, *columns.constants, *(["source"] if self._sender else [])}
        lacked = [field for field in _MAY_LACK if field not in filled]
        return lacked if is_kept else ["extra", *lacked]

    @property
    def _sender(self) -> str | None:
        return self.options.sender or self.mapping.sender

    def _write(self, records: int, steps: Steps, params: Params, part: Part | None = None) -> None:
        """Hand the good rows over at once; look at the rest, if there is any, then or later."""
        written = self._hand_over({**steps, "good_row": "importing/good_row"}, params)
        left = records - written
        if not left or (part is not None and self._can_wait(part, left)):
            return
        if part is not None and part.whole:
            self.sink.take_back()
            raise UnevenText("odd lines cannot be looked at apart")
        try:
            self._look_again(left, steps, params, rest="rest_row", part=part)
        except UnevenText:
            self.sink.take_back()
            raise

    def _look_again(
        self, left: int, steps: Steps, params: Params, *, rest: str, part: Part | None = None
    ) -> None:
        """Look at the lines that were not handed over; the question `rest` holds them."""
        self._read_amounts(is_bare=False)
        faulted = steps.get("faulted", "importing/faulted")
        asked = {**steps, "faulted": faulted, "rest": f"importing/{rest}"}
        count = self.engine.table("rest_row", asked, **params)
        if count != left:
            raise _Missed(f"{count} records on {left} lines")
        apart: dict[str, int] = dict(self.engine.query("importing/class_count"))
        if part is not None and not part.is_sorted and self._is_doubtful(apart):
            raise UnevenText("lines hang on those above them")
        refused = self.engine.append("refused_row", "importing/rejected_row")
        self._set_apart(apart)
        self.refused += refused
        late = count - refused - sum(apart.values())
        if late:
            self.engine.keep("late_line", "importing/late_row")
            self.late += late
        if self.late > MOST_LATE:
            self._write_late()

    def _is_doubtful(self, apart: dict[str, int]) -> bool:
        """Say whether the lines of a text are to be looked at one by one, in their order.

        A blank line, a total or refused words that head columns may begin another table.
        """
        if not _BEGINNINGS.isdisjoint(apart):
            return True
        has_time = "occurred_at" in self.table.columns.fields
        if self.engine.query("importing/label_line", has_time=has_time):
            return True
        values = self.engine.query("importing/faulted_value")
        return any(
            fold(value) in dictionary().known or not has_digit(f"{value}{id_text or ''}")
            for value, id_text in values
        )

    def _can_wait(self, part: Part, left: int) -> bool:
        """Put the lines of a part that were not handed over off, if they are few and only rows."""
        if part.picking is None or (left * FEW > part.records and part.whole is None):
            return False
        first, end = part.lines
        missing = [number for (number,) in self.sink.missing(self.engine, first, end)]
        try:
            picked = part.picking.pick(missing)
            if picked is not None and len(picked) != left:
                raise UnevenText(f"{len(picked)} lines for {left} records")
        except UnevenText:
            self.sink.take_back()
            raise
        if picked is None:
            return False
        self._put_off += picked
        self._load = part.picking.load
        self._may_be_damaged |= part.has_exponent
        return True

    def _look_at_put_off(self) -> None:
        """Look at the lines that were put off, which can be no beginning of another table."""
        if self._load is None:
            return
        rows, self._put_off = self._put_off, []
        self._arrange([self._load(rows)], is_plain=False)
        params = self._params(has_exponent=self._may_be_damaged)
        self._look_again(len(rows), TYPED, params, rest="left_row")

    def _write_late(self) -> None:
        """Hand over the rows that had to be looked at again."""
        self._hand_over({"good_row": "importing/late_line"}, {})
        self.engine.drop("late_line")
        self.late = 0

    def _keep_lines(self, part: Part, steps: Steps, params: Params) -> None:
        """Keep the typed lines until all lines of an id are there."""
        asked = {**steps, "faulted": "importing/faulted", "kept": "importing/sum_line"}
        kept = self.engine.keep("typed_line", asked, **params)
        asked = {**steps, "faulted": "importing/faulted", "apart": "importing/set_apart"}
        self.engine.table("rest_row", asked, **params)
        apart: dict[str, int] = dict(self.engine.query("importing/class_count"))
        if not part.is_sorted and self._is_doubtful(apart):
            raise UnevenText("lines hang on those above them")
        if kept + sum(apart.values()) != part.records:
            raise UnevenText(f"{part.records} lines, but {kept} + {apart} records")
        self._set_apart(apart)

    def _set_apart(self, apart: dict[str, int]) -> None:
        """Count the lines of `rest_row` that are no data, and note where they stand."""
        self.classes.update(apart)
        if apart and len(self.spans) < MOST_SPANS:
            found = self.engine.query("importing/class_span", most=MOST_SPANS)
            self.spans += [Span(*span) for span in found]
