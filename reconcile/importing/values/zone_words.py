"""What PST in a cell means in summer: UTC-8 all year, or what the clocks of Los Angeles show.

People write PST all year and mean their clocks; programs mean what they write. Where no time of a
file has the word for summer, PDT, and PST stands in summer, too, nothing in the file tells which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from reconcile.importing.forms.evidence import ENOUGH, SOON
from reconcile.importing.forms.times import ORDERS, TimeForm, merged_rows
from reconcile.importing.questions import Choice, Question
from reconcile.importing.values.readings import Cells, Row
from reconcile.zones import PINGTREE_OFFSETS

STANDARD = frozenset({"PST", "MST", "CST", "EST", "AKST", "AST", "WET", "CET", "EET"})
"""Words that are the names of standard time where clocks change: those of `zone_place`."""

FORMS = (*ORDERS, "named")
"""Forms of dates behind which a word can stand."""

MATCHED = 5_000

_MARGIN = 0.1
"""By so much one reading must fit matched events better than the other one."""


@dataclass(frozen=True)
class ZoneWords:
    """The words for standard time that the cells seen so far name, by the place of their clocks."""

    rows: tuple[Row, ...] = ()
    times: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    """By form, some lines in summer with both times that they may mean."""

    def seen(self, cells: Cells, marks: Sequence[Row], *, matches: bool) -> ZoneWords:
        """Return what is known once the cells of a part were looked at, too.

        Args:
            cells: The part.
            marks: What `time_evidence` tells of it.
            matches: There are known events to hold its times against.
        """
        words = {word for row in marks for word in row["zones"] or ()}
        if words.isdisjoint(STANDARD) and not self.rows:
            return self
        cells.engine.once("importing/macros_zones")
        rows = cells.told("importing/zone_word")
        times = dict(self.times)
        for form in FORMS if matches else ():
            if form not in times and any(row[form] for row in rows):
                told = cells.told("importing/zone_word_time", form=form, limit=MATCHED)
                times[form] = tuple(told)
        return ZoneWords(merged_rows(self.rows, rows, by="place"), times)

    @property
    def is_open(self) -> bool:
        """Return whether a word was seen that may mean either."""
        return any(row["timed"] and not row["summer_word"] for row in self.rows)

    def question(
        self, header: str, form: str, pairs: Sequence[tuple[datetime, Row]]
    ) -> Question | None:
        """Return what is to be asked of times in this form; None if they settle it.

        Args:
            header: The column.
            form: How its dates are written.
            pairs: Events of the platform, and both times of the row that matches each.
        """
        odd = [row for row in self.rows if row[form] and not row["summer_word"]]
        if not odd:
            return None
        first = odd[0]
        told, suggestion = _said(pairs)
        return Question(
            "zone_words",
            f"Times in {header!r} name {first['word']} in summer, too, when the clocks of "
            f"{first['place']} do not show it, and none names the time of summer. Is it fixed, or "
            "what these clocks show?",
            (
                Choice("fixed", f"{first['word']} is the same all year{_as_ours(first['word'])}"),
                Choice("local", f"the clocks of {first['place']} are meant; other words likewise"),
            ),
            evidence=(
                *(
                    f"{row['word']}: {row[form]:,} of {row['timed']:,} times lie in summer, such "
                    f"as {row[f'{form}_text']!r} (line {row[f'{form}_line']})"
                    for row in odd[:3]
                ),
                *told,
            ),
            suggestion=suggestion,
        )

    def worded(self, form: TimeForm) -> TimeForm:
        """Return a form by which the words mean the clocks of their places."""
        words = ", ".join(f"{row['word']} as {row['place']}" for row in self.rows if row["timed"])
        return replace(form, places=True, said=(*form.said, f"read are {words}"))


def _as_ours(word: str) -> str:
    return ", as Pingtree's codes are" if word in PINGTREE_OFFSETS else ""


def _said(pairs: Sequence[tuple[datetime, Row]]) -> tuple[tuple[str, ...], str | None]:
    """Return what matched events say of both readings, and the one they speak for."""
    if not pairs:
        return (), None
    matched = f"{len(pairs)} of them match an event of the platform"
    if len(pairs) < ENOUGH:
        return (f"{matched}: too few to tell",), None
    fits = {
        word: _fit(pairs, name) for word, name in (("fixed", "fixed_at"), ("local", "place_at"))
    }
    lines = tuple(
        f"{matched}; read as {word}, {soon:.0%} lie within 1 h after it, {before:.0%} before it"
        for word, (soon, before) in fits.items()
    )
    scores = {word: soon - 3 * before for word, (soon, before) in fits.items()}
    best, other = sorted(scores, key=lambda word: -scores[word])
    is_clear = scores[best] - scores[other] >= _MARGIN and fits[best][0] >= 0.5
    return lines, best if is_clear else None


def _fit(pairs: Sequence[tuple[datetime, Row]], name: str) -> tuple[float, float]:
    """Return which share of the rows lies soon after its event, and which before it."""
    lags = [row[name] - event for event, row in pairs]
    soon = sum(timedelta(0) <= lag <= SOON for lag in lags)
    return soon / len(lags), sum(lag < timedelta(0) for lag in lags) / len(lags)
