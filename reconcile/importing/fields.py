"""Our own names for the columns of a file: what each kind of file may hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconcile.terms import Kind

COMMON = (
    "transaction_id",
    "campaign_id",
    "pid",
    "buyer",
    "occurred_at",
    "time_zone",
    "revenue",
    "currency",
    "status",
    "external_clickid",
    "clid",
)

_UTM = ("source", "medium", "campaign", "adgroup", "matchtype", "term", "content", "creative")

LEAD_TEXTS = (
    *(f"sub{number}" for number in range(1, 6)),
    *(f"adv{number}" for number in range(1, 6)),
    *(f"utm_{word}" for word in (*_UTM, "placement")),
)
"""Sub ids and the like, in the order in which `rows_lead` takes them out of their list."""

LEAD_ONLY = ("cost", "ad_spend", *LEAD_TEXTS)

FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.LEAD: (*COMMON, *LEAD_ONLY),
    Kind.EVENT: (*COMMON, "event_id"),
    Kind.CLAIM: (*COMMON, "event_id", "source", "reason"),
}
"""The fields a file of each kind may fill. The time of a lead is its `created_at`."""

ALL_FIELDS = tuple(dict.fromkeys(field for fields in FIELDS.values() for field in fields))

MONEY = ("revenue", "cost", "ad_spend")

IDS = ("transaction_id", "campaign_id", "pid", "event_id", "external_clickid", "clid")

OTHER_NAMES = {"created_at": "occurred_at", "amount": "revenue"}
"""Names of ours that a header or a mapping may use for a field; `created_at` is a lead's time."""

CANONICAL_HEADERS = frozenset((*ALL_FIELDS, *OTHER_NAMES, "conversion_timezone")) - {"time_zone"}
"""Headers that are our own names, accepted as they are written."""


PART_TITLE = "title of the part"
"""Stands for the header of what the titles of stacked tables say of their rows."""


WANTED: dict[Kind, tuple[str, ...]] = {
    Kind.LEAD: (),
    Kind.EVENT: ("revenue",),
    Kind.CLAIM: ("revenue", "occurred_at", "event_id", "currency"),
}
"""Fields that a file may lack, but seldom does on purpose."""


def missing_fields(
    kind: Kind, mapped: Iterable[str], *, has_events: bool, has_period: bool
) -> tuple[str, ...]:
    """Return the wanted fields that nothing fills.

    Args:
        kind: What one row of the file is.
        mapped: Fields that a column or a constant fills.
        has_events: Its status words stand for events.
        has_period: It is said which time it covers.
    """
    known = {*mapped, *(["event_id"] if has_events else [])}
    known |= {"occurred_at"} if has_period else set()
    return tuple(name for name in WANTED[kind] if name not in known)


def field_of(name: str) -> str:
    """Return the field of one of our own names; the name itself where it is none."""
    if name == "conversion_timezone":
        return "time_zone"
    return OTHER_NAMES.get(name, name)


def fold(header: str) -> str:
    """Return the letters and digits of a header in lower case: how headers are compared."""
    return "".join(letter for letter in header.lower() if letter.isalnum())


def header_names(headers: Sequence[str]) -> list[str]:
    """Return a name for each column that no other has.

    It is the header; where several columns have it, the number of the column is added to each:
    `Status (5)`.
    """
    return [
        f"{header} ({place})"
        if header and headers.count(header) > 1
        else header or f"column {place}"
        for place, header in enumerate(headers, start=1)
    ]
