"""The fallback rules of matching in plain Python: what a damaged or an external id may stand for.

A damaged id is taken apart and every known lead is tried against it; the SQL does it the other way
round, from what a spreadsheet would have shown of each lead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

from tests.reference_terms import EXPONENT, LeadRow, Row, loose, spelled, text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
KEPT = 15  # digits that a spreadsheet keeps of a number

Leads = dict[str, list[LeadRow]]
Alike = Callable[[Row, Row], bool]


class Fallback:
    """What the rows left over may stand for; `limit` is the placeholder limit."""

    def __init__(self, leads: Leads, limit: int) -> None:
        self.leads, self.limit = leads, limit

    def is_known(self, row: Row) -> bool:
        return row.id is not None and row.id in self.leads

    def loose(self, events: list[Row], claims: list[Row]) -> Alike:
        def alike(event: Row, claim: Row) -> bool:
            return (
                loose(event.id) is not None
                and loose(event.id) == loose(claim.id)
                and not self.two_leads(event, claim)
            )

        return alike

    def two_leads(self, event: Row, claim: Row) -> bool:
        return event.id != claim.id and self.is_known(event) and self.is_known(claim)

    # -- damaged ids
    def damaged(self, events: list[Row], claims: list[Row]) -> Alike:
        """Two rows stand for the same lead, one of them because nothing else fits its damage."""
        fits = {id(row): self.lead_that_fits(row) for row in (*events, *claims)}

        def alike(event: Row, claim: Row) -> bool:
            meant = [fits[id(row)] or row.id for row in (event, claim)]
            one_is_damaged = bool(fits[id(event)] or fits[id(claim)])
            return one_is_damaged and meant[0] is not None and meant[0] == meant[1]

        return alike

    def lead_that_fits(self, row: Row) -> str | None:
        if self.is_known(row):
            return None
        shown = spelled(row.raw_id)
        fitting = [lead for lead in self.leads if could_show(lead, shown)]
        return fitting[0] if len(fitting) == 1 else None

    # -- external ids
    def external(self, events: list[Row], claims: list[Row]) -> Alike:
        """Two rows name the same external id; that of an event may be its lead's."""
        leads_of: dict[str, set[str]] = defaultdict(set)
        for key, rows in self.leads.items():
            for row in rows:
                for name in {text(row.external_clickid), text(row.clid)} - {None}:
                    leads_of[str(name)].add(key)
        named = {id(row): set(row.externals) for row in (*events, *claims)}
        for event in events:
            named[id(event)] |= {x for x, keys in leads_of.items() if keys == {event.id}}
        for rows in (claims, events):
            wanted = {x for claim in claims for x in named[id(claim)]}
            for row in rows:
                named[id(row)] &= wanted
            frequent = {x for x in wanted if sum(x in named[id(r)] for r in rows) > self.limit}
            for row in rows:
                named[id(row)] -= frequent

        def alike(event: Row, claim: Row) -> bool:
            return bool(named[id(event)] & named[id(claim)]) and not self.two_leads(event, claim)

        return alike


def could_show(lead: str, shown: str) -> bool:
    """Whether a spreadsheet that reads the id of a lead may show it as this text."""
    exponent = EXPONENT.fullmatch(shown)
    if exponent:
        digits = exponent["digits"].replace(",", "").replace(".", "")
        return len(digits) <= KEPT and rounds_to(lead, digits, int(exponent["power"]))
    if re.fullmatch(r"[1-9]\d{14}0+", shown, re.ASCII):
        return rounds_to(lead, shown[:KEPT], len(shown) - 1)
    return any(date in dates_of_id(lead) for date in dates_shown(shown))


def rounds_to(lead: str, digits: str, power: int) -> bool:
    """Whether an id is a number that is, in so many digits, the one shown; 1E3 is a number, too."""
    number = re.fullmatch(r"(?P<digits>\d+)([eE](?P<power>\d{1,3}))?", lead, re.ASCII)
    if digits.startswith("0") or number is None or not int(number["digits"]):
        return False
    value = Decimal(int(number["digits"])).scaleb(int(number["power"] or 0))
    unit = Decimal(1).scaleb(power - len(digits) + 1)
    steps = value / unit
    ways = {steps.quantize(Decimal(1), ROUND_HALF_UP)} if steps < 10**16 else set()
    if len(digits) == KEPT and steps < 10**16:
        ways.add(Decimal(int(steps)))
    return Decimal(int(digits)) in ways


def dates_shown(shown: str) -> Iterable[tuple[int, int]]:
    """Month and number of 1-Dec or Dec-05."""
    name = "|".join(MONTHS)
    for pattern in (rf"(?P<n>\d\d?)-(?P<m>{name})", rf"(?P<m>{name})-(?P<n>\d\d)"):
        found = re.fullmatch(pattern, shown.lower(), re.ASCII)
        if found:
            yield MONTHS.index(found["m"]) + 1, int(found["n"])


def dates_of_id(lead: str) -> set[tuple[int, int]]:
    """Months and numbers that a spreadsheet may read in an id; of a year the last two digits."""
    found = set()
    parts = re.fullmatch(r"(\d\d?|\d{4})([-/])(\d\d?|\d{4})", lead, re.ASCII)
    if parts:
        one, two = int(parts[1]), int(parts[3])
        found |= {(one, two % 100), (two, one % 100)}
    lower = lead.lower()
    named = re.fullmatch(r"([a-z]+)[-/.]?(\d\d?|\d{4})", lower, re.ASCII)
    turned = re.fullmatch(r"(\d\d?|\d{4})[-/.]?([a-z]+)", lower, re.ASCII)
    for name, number in [
        *([(named[1], named[2])] if named else []),
        *([(turned[2], turned[1])] if turned else []),
    ]:
        if name in {*MONTHS, *FULL_MONTHS, "sept"}:
            found.add((MONTHS.index(name[:3]) + 1, int(number) % 100))
    return {(month, number) for month, number in found if 1 <= month <= 12}
