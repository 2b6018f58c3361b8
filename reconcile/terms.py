"""The words of the product: enums and frozen records that every other room shares.

The value of an enum member is the word in SQL, files and URLs; its label, meaning and next step
are what a screen shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Meaningful(StrEnum):
    """A word that carries what it means."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        """Make a member that carries its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class Kind(StrEnum):
    """What one row of a file stands for."""

    LEAD = "lead"
    EVENT = "event"
    CLAIM = "claim"


class Side(StrEnum):
    """Which of the two sides of a reconciliation a row is on."""

    EVENT = "event"
    CLAIM = "claim"


class Known(StrEnum):
    """An answer that may be missing: settings nobody has given are `unknown`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ClaimStatus(StrEnum):
    """The common vocabulary for a counterpart's status words."""

    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"
    RETURNED = "returned"
    DUPLICATE = "duplicate"
    TEST = "test"


STATUS_WORDS: dict[str, ClaimStatus] = {
    word: status
    for status, words in {
        ClaimStatus.APPROVED: "approved,valid conversion,valid,sale,sold,accepted,confirmed,"
        "converted,locked,closed,paid,paidtopublisher",
        ClaimStatus.PENDING: "pending,hold,on hold,open,lead,new,extended",
        ClaimStatus.REJECTED: "rejected,declined,invalid,trash,failed,not_allowed,fraud",
        ClaimStatus.RETURNED: "returned,reversed,refunded,cancelled",
        ClaimStatus.DUPLICATE: "duplicate,double,leads_duplicated",
        ClaimStatus.TEST: "test",
    }.items()
    for word in words.split(",")
}
"""Status words that mean the same wherever they were seen; a sender's own go before them."""


class Rule(StrEnum):
    """The identity rule that joined a pair."""

    EXACT = "exact"
    UNKNOWN_BUYER = "unknown_buyer"
    LOOSE_ID = "loose_id"
    DAMAGED_ID = "damaged_id"
    EXTERNAL_ID = "external_id"
    PROPOSAL = "proposal"


class RowClass(StrEnum):
    """The one class a row in scope ends in."""

    label: str
    meaning: str
    next_step: str
    is_finding: bool

    def __new__(
        cls,
        value: str,
        label: str = "",
        meaning: str = "",
        next_step: str = "",
        is_finding: bool = True,
    ) -> RowClass:
        """Make a member that carries its wording."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.meaning, member.next_step = label, meaning, next_step
        member.is_finding = is_finding
        return member

    MATCHED = (
        "matched",
        "Matched",
        "Event and claim agree.",
        "Nothing to do.",
        False,
    )
    MATCHED_WITHIN_TOLERANCE = (
        "matched_within_tolerance",
        "Matched within tolerance",
        "Event and claim differ by no more than the tolerance.",
        "Nothing to do.",
        False,
    )
    TIMING = (
        "timing",
        "Other period",
        "The partner of this row lies outside the period.",
        "Nothing to do: the neighbouring period holds the partner.",
        False,
    )
    NOT_DUE_YET = (
        "not_due_yet",
        "Not due yet",
        "The counterpart's word is pending or may still come.",
        "Wait for the next report.",
        False,
    )
    NOT_BILLABLE = (
        "not_billable",
        "Not billable",
        "The counterpart denied or delays it, and the platform has no event either.",
        "Nothing to do: both sides count nothing.",
        False,
    )
    STATUS_CONFLICT = (
        "status_conflict",
        "Denied by the buyer",
        "The platform has the event, the counterpart denies it.",
        "Dispute it, or put the event on the correction list.",
    )
    REVENUE_MISMATCH = (
        "revenue_mismatch",
        "Revenue differs",
        "Event and claim belong together but differ in money.",
        "Put it on the correction list, or dispute it.",
    )
    MISSING_EVENT = (
        "missing_event",
        "Missing event",
        "The counterpart pays for a conversion that the platform does not have.",
        "Re-fire the event.",
    )
    UNCLAIMED_EVENT = (
        "unclaimed_event",
        "Unclaimed event",
        "The platform has a conversion that the counterpart does not name.",
        "Dispute it with the buyer.",
    )
    DUPLICATE_EVENT = (
        "duplicate_event",
        "Duplicate event",
        "The event does not repeat, and the same one is there already.",
        "Put it on the correction list.",
    )
    DUPLICATE_CLAIM = (
        "duplicate_claim",
        "Duplicate claim",
        "The counterpart names the same conversion more than once.",
        "Dispute it with the buyer.",
    )
    ORPHAN_EVENT = (
        "orphan_event",
        "Orphan event",
        "The event belongs to no lead of the lead exports.",
        "Find its source.",
    )
    UNKNOWN_LEAD = (
        "unknown_lead",
        "Unknown lead",
        "The claim names a lead that the lead exports do not have.",
        "Dispute it with the buyer.",
    )
    UNKNOWN_EVENT = (
        "unknown_event",
        "Unknown event",
        "The claim names no event, or one that its campaign does not have.",
        "Mend the mapping or the event settings.",
    )
    UNIDENTIFIED = (
        "unidentified",
        "Unidentified",
        "The row carries no id that identifies a lead.",
        "Ask the buyer for the ids, or find the source of the event.",
    )
    AMBIGUOUS = (
        "ambiguous",
        "Ambiguous",
        "More than one partner fits equally well.",
        "Choose between the candidates.",
    )
    CLAWBACK = (
        "clawback",
        "Clawback",
        "A negative amount without a partner.",
        "Book it, or dispute it with the buyer.",
    )
    UNCOVERED_CLAIM = (
        "uncovered_claim",
        "No event export",
        "No event export covers this claim's campaign and time.",
        "Load the event export.",
    )
    UNCOVERED_EVENT = (
        "uncovered_event",
        "No buyer report",
        "No report of this event's buyer covers its time.",
        "Load the buyer report.",
    )


_ATTRIBUTES = {
    "campaign_id": "Campaign",
    "event_id": "Event",
    "pid": "Source",
    **{f"sub{number}": f"Sub id {number}" for number in range(1, 6)},
    **{f"adv{number}": f"Advertiser id {number}" for number in range(1, 6)},
}


def attribute_label(name: str) -> str:
    """Name an attribute of a lead as people do; with `@3` it is one of the event of step 3.

    >>> [attribute_label(name) for name in ("pid", "pid@3", "utm_source", "week")]
    ['Source', 'Source of step 3', 'UTM source', 'Week']
    """
    word, _, step = name.partition("@")
    told = word.replace("_", " ").capitalize().replace("Utm ", "UTM ")
    label = _ATTRIBUTES.get(word, told)
    return f"{label} of step {step}" if step else label


class Flag(Meaningful):
    """What is worth knowing about a row beside its class."""

    UNPRICED = ("unpriced", "The row names no amount.")
    UNDATED = ("undated", "The row names no time; its file's period stands in.")
    NOT_CONVERSION = ("not_conversion", "The settings say that this event is no conversion.")
    REPEATED = ("repeated", "Paired more than once although the event does not repeat.")
    DAY_SHIFT = ("day_shift", "The two sides lie on different days.")
    ID_SPELLING = ("id_spelling", "The two sides spell the id differently.")
    NO_LEAD = ("no_lead", "The lead exports cover its time and do not have this lead.")
    LEAD_UNVERIFIED = ("lead_unverified", "No lead is known, and no lead export covers its time.")
    UNKNOWN_EVENT = ("unknown_event", "The event is not in its campaign's settings.")
    OTHER_BUYER = ("other_buyer", "The same id and event also stand under another buyer.")


class LeftOut(Meaningful):
    """Why a row that was read is not reconciled."""

    NO_TIME = ("no_time", "It has no time, and its file states no period inside the run's.")
    OUTSIDE_WINDOW = ("outside_window", "It lies outside the period and its margin.")
    OTHER_CAMPAIGN = ("other_campaign", "It belongs to a campaign the run was not asked for.")
    OTHER_BUYER = ("other_buyer", "It belongs to a buyer the run was not asked for.")
    BUYER_UNKNOWN = ("buyer_unknown", "Its buyer is unknown, and the run is for named buyers.")
    NOT_CONVERSION = ("not_conversion", "It is no conversion, and no claim names it.")
    CONTEXT = (
        "context",
        "It lies in the margin: it may be a partner, but is not part of the period.",
    )


class Action(Meaningful):
    """What a person can decide on a finding."""

    ACCEPT = ("accept", "It is right: act on it.")
    REJECT = ("reject", "It is wrong: leave it.")
    IGNORE = ("ignore", "It is right and not worth acting on; takes a reason.")
    DISPUTE = ("dispute", "It is for the counterpart to answer.")
    SEND = ("send", "The counterpart was sent it, in a dispute pack.")
    ANSWER = ("answer", "The counterpart has answered; takes a note of what it says.")
    CREDIT = ("credit", "The counterpart credits an amount, all or a part.")
    REOPEN = ("reopen", "Nothing is decided any more.")
    ASSIGN = ("assign", "Somebody is to look at it; changes no state.")
    NOTE = ("note", "Something is worth knowing; changes no state.")


class FindingState(Meaningful):
    """Where a finding stands; it is in exactly one of these."""

    OPEN = ("open", "Nobody has decided.")
    ACCEPTED = ("accepted", "It is right, and to be acted on.")
    REJECTED = ("rejected", "It is wrong; a plan leaves it out.")
    IGNORED = ("ignored", "It is not worth acting on; a plan leaves it out.")
    DISPUTED = ("disputed", "The counterpart is asked; a plan leaves it out.")
    SENT = ("sent", "The counterpart has it in a pack; a plan leaves it out.")
    ANSWERED = ("answered", "The counterpart has answered; a plan leaves it out.")
    CREDITED = ("credited", "The counterpart credits all or a part; a plan leaves it out.")
    FIRED = ("fired", "A postback for it was sent.")
    CLOSED = (
        "closed",
        "It no longer stands in a run that would show it, or an export proves its postback.",
    )


STEPS = (Action.SEND, Action.ANSWER, Action.CREDIT)
"""How far a dispute went."""

IN_DISPUTE = frozenset(
    {FindingState.DISPUTED, FindingState.SENT, FindingState.ANSWERED, FindingState.CREDITED}
)
"""States of a finding that is for the counterpart to settle."""


@dataclass(frozen=True)
class EventSetting:
    """What the campaign manager says of one event of one campaign."""

    campaign_id: str
    event_id: str
    name: str | None = None
    is_conversion: Known = Known.UNKNOWN
    allows_duplicates: Known = Known.UNKNOWN
    position: int | None = None
