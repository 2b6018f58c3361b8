"""Pages for people: a template of `templates/` filled with values, of which none becomes markup."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from reconcile import showing
from reconcile.terms import Flag, RowClass

if TYPE_CHECKING:
    from jinja2 import Environment

_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that turn the direction of the text after them, so that it shows as another."""
_UNSEEN = {*range(32), *range(127, 160), *map(ord, _TURNING)} - {ord("\n"), ord("\t")}
_VISIBLE = dict.fromkeys(_UNSEEN, "\N{REPLACEMENT CHARACTER}")


def page(template: str, **values: object) -> str:
    """Return a page made from a template of `reconcile/templates/`.

    Every value is escaped, and loses what could not be seen or would turn text around; None is
    empty. A name that was not given is an error, not a gap. Filters: `money`, `signed` (a gain has
    its plus), `percent`, `count` (thousands apart), `day`, `moment(zone)` (a naive UTC time as
    local date and time), `row_class` (label; its reason as argument), `next_step`, `bucket`,
    `flag` (label or meaning of a word of `terms.py`) and `since` (what became of a finding).
    """
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("reconcile", "templates"),
        autoescape=True,  # always, whatever a template's name ends in
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "money": showing.money,
        "signed": lambda amount: showing.money(amount, sign=True),
        "percent": showing.percent,
        "count": lambda number: f"{number:,}",
        "day": showing.day,
        "moment": showing.moment,
        "row_class": showing.class_label,
        "next_step": lambda word: RowClass(word).next_step,
        "bucket": showing.bucket_label,
        "flag": lambda word: Flag(word).meaning,
        "since": lambda word: showing.SINCE[word],
    }
    return made


def _shown(value: object) -> object:
    """Return what a template prints of a value: texts without what a reader could not see."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return value.translate(_VISIBLE)
    return value
