"""The words of firing: states of a postback, reasons of an answer, why a row is held back."""

from __future__ import annotations

from enum import StrEnum

from reconcile.terms import Meaningful


class Mode(Meaningful):
    """How a postback may be sent again (Multi-Trigger is the platform's isDuplicate)."""

    DEDUPE = ("dedupe", "Multi-Trigger is known to be off: identical bytes may be sent again.")
    ONCE = ("once", "Multi-Trigger is on or unknown: never again unless proven not processed.")


class PostbackState(StrEnum):
    """The state of one postback; only an export proves that an event was recorded."""

    label: str
    meaning: str
    next_step: str

    def __new__(
        cls, value: str, label: str = "", meaning: str = "", next_step: str = ""
    ) -> PostbackState:
        """Make a member that carries its wording."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.meaning, member.next_step = label, meaning, next_step
        return member

    PLANNED = (
        "planned",
        "Planned",
        "Part of a plan that nobody has approved.",
        "Approve the plan or cancel it.",
    )
    APPROVED = (
        "approved",
        "Approved",
        "A person approved exactly this postback; it was not sent yet.",
        "Fire the plan.",
    )
    SENDING = (
        "sending",
        "Sending",
        "Taken by a firing process; its answer is not known yet.",
        "Wait; if no process fires, fire again to settle it.",
    )
    CONFIRMED = (
        "confirmed",
        "Confirmed",
        "The platform answered that it took the event.",
        "Import the next event export to prove it.",
    )
    ALREADY_THERE = (
        "already_there",
        "Already there",
        "The platform had this event for this lead before.",
        "Import the next event export to compare the amount.",
    )
    REJECTED = (
        "rejected",
        "Rejected",
        "The platform refused it and stored nothing.",
        "Mend what the answer names, then plan it again.",
    )
    RETRYABLE = (
        "retryable",
        "To be sent again",
        "It may be sent again without harm once its waiting time is over.",
        "Fire the plan again, or wait for the running process.",
    )
    UNKNOWN = (
        "unknown",
        "Unknown",
        "It may or may not have been stored; sending it again could double it.",
        "Import the next event export: it settles what the answer could not.",
    )
    CANCELLED = (
        "cancelled",
        "Cancelled",
        "Taken back before it was sent.",
        "Plan it again if it is wanted after all.",
    )
    VERIFIED = (
        "verified",
        "Verified",
        "An event export shows it with the same revenue.",
        "Nothing to do.",
    )
    ABSENT = (
        "absent",
        "Not recorded",
        "Its outcome was unknown, and a later export does not show it.",
        "Plan it again: that is a new decision.",
    )
    MISSING_IN_EXPORT = (
        "missing_in_export",
        "Missing in the export",
        "The platform confirmed it, yet a later export does not show it.",
        "Ask the platform; do not send it again before it answers.",
    )
    REVENUE_DIFFERS = (
        "revenue_differs",
        "Other revenue in the export",
        "An event export shows the event with another revenue.",
        "Put it on the correction list: only the platform can change a stored amount.",
    )


# A postback in one of these may be planned again; in every other state its place is taken.
FREE_STATES = (PostbackState.CANCELLED, PostbackState.REJECTED, PostbackState.ABSENT)
# One in these was never sent.
NEVER_SENT = (PostbackState.PLANNED, PostbackState.APPROVED)
# One in these may still go out.
TO_SEND = (*NEVER_SENT, PostbackState.RETRYABLE)
# One in these keeps a firing process busy until it is brought to an end.
DUE = (PostbackState.APPROVED, PostbackState.SENDING, PostbackState.RETRYABLE)


class Reason(StrEnum):
    """Why an attempt ended as it did."""

    meaning: str
    in_doubt: bool

    def __new__(cls, value: str, meaning: str = "", in_doubt: bool = False) -> Reason:
        """Make a member; `in_doubt` says that the platform may have stored the event."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning, member.in_doubt = meaning, in_doubt
        return member

    ACCEPTED = ("accepted", "HTTP 200 with an answer that names no error.")
    UNRECOGNISED = ("unrecognised", "A success whose text cannot be trusted.", True)
    DUPLICATE = ("duplicate", "The platform had it before.")
    DUP_AFTER_UNKNOWN = ("dup-after-unknown", "The platform has it: from our earlier attempt.")
    REFUSED = ("refused", "The platform names what is wrong with it.")
    OTHER_REFUSAL = ("other_refusal", "Refused with a status that is not documented.")
    UNCLASSIFIED = ("unclassified", "A refusal in words that are not in the table.", True)
    FORBIDDEN = ("forbidden", "HTTP 403 in words that are not in the table.")
    LOCKED = ("locked", "Another request for this lead and event is in progress.")
    INACTIVE = ("inactive", "The source is inactive.")
    TOO_MANY = ("too_many", "HTTP 429: too many requests.")
    UNAVAILABLE = ("unavailable", "HTTP 503: not available.", True)
    SERVER_ERROR = ("server_error", "The server failed; what it stored is not known.", True)
    NOT_SENT = ("not_sent", "No connection: the platform cannot have read it.")
    NO_ANSWER = ("no_answer", "Sent, but no whole answer came back.", True)
    REDIRECTED = ("redirected", "A redirect, which is never followed.")
    WITHHELD = ("withheld", "Taken, but not sent: firing ended before its turn came.")
    INTERRUPTED = ("interrupted", "The firing process ended before the answer was kept.", True)


class Trouble(StrEnum):
    """What kept a whole answer from coming back."""

    NOT_SENT = "not_sent"
    NO_ANSWER = "no_answer"


class Blocked(Meaningful):
    """Why a row of a plan is not fired."""

    UNKNOWN_LEAD = ("unknown_lead", "No lead export has this lead.")
    LEAD_UNVERIFIED = ("lead_unverified", "No lead export has it, and none covers its time.")
    NO_REVENUE = ("no_revenue", "The claim names no amount, and the event may be a conversion.")
    NEGATIVE = ("negative", "A negative amount cannot be fired.")
    NOT_EXACT = ("not_exact", "The amount has more than four decimals, or is no amount.")
    STATUS = ("status", "The status of the claim does not approve it.")
    NO_EVENT = ("no_event", "The claim names no event.")
    NO_CAMPAIGN = ("no_campaign", "The campaign is not known.")
    PLATFORM_ID = (
        "platform_id",
        "What the platform itself calls the campaign or the event is not known.",
    )
    NO_TIME = ("no_time", "The time of the conversion is not known.")
    NOT_CONFIGURED = ("not_configured", "The settings of the campaign do not have this event.")
    PID_UNKNOWN = ("pid_unknown", "The source is not known; it would count as organic.")
    PROPOSAL = (
        "proposal",
        "Its event may be there: in a proposed pair, or in an accepted one that does not stand.",
    )
    COVERED = ("covered", "An aggregate already covers it.")
    ALREADY_STORED = (
        "already_stored",
        "The event exports show this event for this lead already, and it does not repeat.",
    )
    OTHER_CURRENCY = (
        "other_currency",
        "The claim is not in the currency of the campaign's events, and a postback names none.",
    )
    SOURCE_INACTIVE = ("source_inactive", "The source is inactive: the platform would refuse it.")
    TOO_MUCH = ("too_much", "The amount is far above what the events of its campaign bring.")
    TOO_OLD = ("too_old", "The conversion is older than the limit that was set.")
    OLD_EXPORT = (
        "old_export",
        "The newest event export is too old: the event may have been stored since.",
    )
    STORED_AMOUNT = (
        "stored_amount",
        "Stored with less, and not known to repeat: put it on the correction list.",
    )
    IGNORED = ("ignored", "A person has rejected or ignored it.")
    DISPUTED = ("disputed", "A person disputes it with the buyer.")
    STALE = ("stale", "It was decided on facts that have moved since: decide again.")
    TWICE = ("twice", "The same postback stands in this plan already.")
    SENT_BEFORE = ("sent_before", "A plan has this postback already.")
