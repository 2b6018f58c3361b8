"""Cases in which a claim or an event is left over, some beside a pair."""

from __future__ import annotations

from functools import partial

from reconcile.sampling.parts import (
    DENIED,
    LATER,
    LEAD,
    PENDING,
    TWENTY_DAYS,
    Case,
    Row,
    claim,
    event,
    lead,
    pair,
)

PAIR = pair(event(), claim())
NO_LEAD, UNVERIFIED = "no_lead", "lead_unverified"
MISSING, UNCLAIMED = "missing_event", "unclaimed_event"


def cases() -> list[Case]:
    """Return every kind of row that is left over."""
    return [
        *_unidentified(),
        *_ambiguous(),
        *_clawback(),
        *_not_billable(),
        *_twice_claimed(),
        *_twice_recorded(),
        *_unknown_event(),
        *_no_lead(),
        *_not_covered(),
        *_grace(),
        *_missing(),
        *_unclaimed(),
        *_other_buyer(),
        *_both_left_over(),
        Case("lead that was not sold", 400, (lead(status="unsold", buyer="blank", priced=False),)),
    ]


def _unidentified() -> list[Case]:
    """No usable id: none, a placeholder, or one id on more rows than the limit."""
    nameless = partial(claim, "unidentified", id_form="word")
    return [
        Case("claim with a placeholder", 46, (nameless(),)),
        Case("clawback with a placeholder", 4, (nameless(sign=-1),)),
        Case("denied claim with a placeholder", 4, (nameless(status=DENIED["rejected"]),)),
        Case("event with a placeholder", 50, (event("unidentified", id_form="word"),)),
        Case(
            "claims of one id",
            0,
            (claim("unidentified", id_form="crowd"),),
            event="sale",
            crowd=True,
        ),
        Case(
            "events of one id",
            0,
            (event("unidentified", id_form="crowd"),),
            event="sale",
            crowd=True,
        ),
    ]


def _ambiguous() -> list[Case]:
    """Ids that are loosely equal: one row here, two there; only one of them is a known lead."""
    one = event("ambiguous")
    two = (
        claim("ambiguous", flags=NO_LEAD, id_form="dashed"),
        claim("ambiguous", flags=NO_LEAD, id_form="dashed_twice", after=LATER),
    )
    other = event("ambiguous", flags=NO_LEAD, id_form="dashed", after=LATER)
    zeros = claim("ambiguous", flags=NO_LEAD, id_form="zeros")
    return [
        Case("one event, two claims with dashes", 10, (LEAD, one, *two)),
        Case("two events, one claim with zeros", 10, (LEAD, one, other, zeros)),
    ]


def _clawback() -> list[Case]:
    back = partial(claim, "clawback", sign=-1)
    return [
        Case("claim takes back", 22, (LEAD, back())),
        Case("claim takes back, returned", 12, (LEAD, back(status=DENIED["returned"]))),
        Case("claim takes back, no lead", 6, (back(flags=NO_LEAD),)),
        Case("claim takes back what was paired", 10, (LEAD, *PAIR, back(after=LATER))),
        Case("claim takes back, no time", 4, (LEAD, back(flags="undated", dated=False))),
        Case("event takes back", 40, (LEAD, event("clawback", sign=-1))),
        Case(
            "event takes back what was paired",
            10,
            (LEAD, *PAIR, event("clawback", sign=-1, after=LATER)),
        ),
        Case(
            "event takes back, no time",
            4,
            (LEAD, event("clawback", flags="undated", dated=False, sign=-1)),
        ),
    ]


def _not_billable() -> list[Case]:
    words = {**DENIED, "pending": PENDING}
    alone = [
        Case(f"{status}, no event", 44, (LEAD, claim("not_billable", status, status=said)))
        for status, said in words.items()
    ]
    beside = [
        Case(
            f"{status} beside a pair",
            8,
            (LEAD, *PAIR, claim("not_billable", status, status=said, after=LATER)),
        )
        for status, said in words.items()
    ]
    return [*alone, *beside]


def _twice_claimed() -> list[Case]:
    again = claim("duplicate_claim", after=LATER)
    weeks = claim("duplicate_claim", after=TWENTY_DAYS)
    denied = claim("not_billable", "rejected", status=DENIED["rejected"])
    return [
        Case("claimed twice", 26, (LEAD, *PAIR, again)),
        Case(
            "claimed twice at two prices",
            6,
            (LEAD, *PAIR, claim("duplicate_claim", after=LATER, add=400)),
        ),
        Case("claimed twice, no event", 14, (LEAD, claim(MISSING), again)),
        Case("claimed in October already", 8, (LEAD, *PAIR, weeks), span="mid_october"),
        Case("claimed after a denial", 6, (LEAD, denied, claim(MISSING, after=LATER))),
        Case(
            "claimed twice, and it may be",
            8,
            (LEAD, *PAIR, claim(MISSING, after=LATER)),
            event="repeat",
        ),
    ]


def _twice_recorded() -> list[Case]:
    again = event("duplicate_event", after=LATER)
    weeks = event("duplicate_event", after=TWENTY_DAYS)
    undated = event("duplicate_event", flags="undated", dated=False, add=300)
    bare = event("duplicate_event", buyer="blank", after=LATER)
    return [
        Case("recorded twice", 24, (LEAD, *PAIR, again)),
        Case("recorded twice, second without a buyer", 4, (lead(buyer="blank"), *PAIR, bare)),
        Case("recorded twice, second without a time", 4, (LEAD, *PAIR, undated)),
        Case("recorded twice, no claim", 14, (LEAD, event(UNCLAIMED), again)),
        Case("recorded in October already", 8, (LEAD, *PAIR, weeks), span="mid_october"),
        Case(
            "recorded twice, and it may be",
            8,
            (LEAD, *PAIR, event(UNCLAIMED, after=LATER)),
            event="repeat",
        ),
    ]


def _unknown_event() -> list[Case]:
    """A claim of no event or one its campaign lacks; an event keeps its class and has a flag."""
    nothing = claim("unknown_event", "none", event="blank", status="approved|paid")
    flag = partial(event, flags="unknown_event")
    unlisted = partial(Case, event="unlisted")
    orphan = event("orphan_event", flags="no_lead unknown_event")
    return [
        Case("claim of no event", 44, (LEAD, nothing)),
        Case("claim of no event beside the event", 8, (LEAD, event(UNCLAIMED), nothing)),
        unlisted("claim of an unlisted event", 52, (LEAD, claim("unknown_event"))),
        unlisted("claim of any event, no settings", 6, (LEAD, claim(MISSING)), campaign="unset"),
        unlisted("unlisted event", 32, (LEAD, flag(UNCLAIMED))),
        unlisted("unlisted event, twice", 6, (LEAD, *PAIR, flag("duplicate_event", after=LATER))),
        unlisted("unlisted event, no lead", 8, (orphan,)),
        unlisted("unlisted event, not due", 6, (LEAD, flag("not_due_yet", "grace")), span="grace"),
        unlisted("any event, no settings", 6, (LEAD, event(UNCLAIMED)), campaign="unset"),
    ]


def _no_lead() -> list[Case]:
    """The lead export must cover the lookback before the row; else nothing is known."""
    unknown = (claim("unknown_lead", flags=NO_LEAD),)
    orphan = (event("orphan_event", flags=NO_LEAD),)
    late = partial(Case, campaign="late_leads")
    never = partial(Case, campaign="no_leads")
    missing = (claim(MISSING, flags=UNVERIFIED),)
    unclaimed = (event(UNCLAIMED, flags=UNVERIFIED),)
    uncovered = (claim("uncovered_claim", flags=UNVERIFIED),)
    return [
        Case("claim without a lead", 46, unknown),
        late("claim without a lead, covered just so", 6, unknown, span="leads_begin_in_time"),
        late("claim without a lead, lookback open", 10, missing, span="leads_begin_too_late"),
        never("claim, leads unknown", 14, missing, span="covered_half"),
        never("claim, leads and events unknown", 12, uncovered, span="uncovered_half"),
        Case("event without a lead", 40, orphan, span="period"),
        late("event without a lead, covered just so", 6, orphan, span="leads_begin_in_time"),
        late("event without a lead, lookback open", 8, unclaimed, span="leads_begin_too_late"),
        never("event, leads unknown", 12, unclaimed),
    ]


def _not_covered() -> list[Case]:
    half = partial(Case, campaign="half_events")
    half_report = partial(Case, buyer="half")
    uncovered = (LEAD, event("uncovered_event"))
    return [
        half(
            "claim beyond the event export",
            42,
            (LEAD, claim("uncovered_claim")),
            span="uncovered_half",
        ),
        half("claim within the event export", 6, (LEAD, claim(MISSING)), span="covered_half"),
        half_report("event beyond the report", 30, uncovered, span="uncovered_half"),
        half_report("event within the report", 6, (LEAD, event(UNCLAIMED)), span="covered_half"),
        Case("event of a buyer without a report", 22, uncovered, buyer="silent"),
    ]


def _grace() -> list[Case]:
    waiting = event("not_due_yet", "grace")
    return [
        Case("event within grace", 44, (LEAD, waiting), span="grace"),
        Case("event within grace, no report", 4, (LEAD, waiting), span="grace", buyer="silent"),
        Case("event at the end of grace", 4, (LEAD, event(UNCLAIMED)), span="grace_edge"),
    ]


def _missing() -> list[Case]:
    undated = claim(MISSING, flags="undated", dated=False)
    by_status = claim(MISSING, event="blank", status="sale|Sale")
    return [
        Case("event missing", 40, (LEAD, claim(MISSING))),
        Case("event missing, no amount", 6, (LEAD, claim(MISSING, flags="unpriced", priced=False))),
        Case("event missing, no time", 6, (LEAD, undated)),
        Case("event missing, named by the status", 6, (LEAD, by_status), event="sale"),
    ]


def _unclaimed() -> list[Case]:
    unpriced = event(UNCLAIMED, flags="unpriced", priced=False)
    return [
        Case("event not claimed", 30, (LEAD, event(UNCLAIMED))),
        Case("event not claimed, buyer from the lead", 8, (LEAD, event(UNCLAIMED, buyer="blank"))),
        Case("event not claimed, no amount", 6, (LEAD, unpriced)),
    ]


def _other_buyer() -> list[Case]:
    elsewhere = "other_buyer"
    rival = claim(MISSING, flags=elsewhere, buyer="other", after=LATER)
    theirs = event(UNCLAIMED, flags=elsewhere, buyer="other", after=LATER)
    return [
        Case(
            "event of one buyer, claim of another",
            14,
            (LEAD, event(UNCLAIMED, flags=elsewhere), rival),
        ),
        Case("pair, and the claim of another buyer", 14, (LEAD, *PAIR, rival)),
        Case("pair, and the event of another buyer", 14, (LEAD, *PAIR, theirs)),
    ]


def _both_left_over() -> list[Case]:
    """Near misses: rows that look like partners and are none."""
    two_leads: tuple[Row, ...] = (LEAD, lead(id_form="dashed"))
    return [
        Case(
            "two known leads, loosely equal",
            6,
            (*two_leads, event(UNCLAIMED), claim(MISSING, id_form="dashed")),
        ),
        Case(
            "another event of the same lead",
            6,
            (LEAD, event(UNCLAIMED), claim(MISSING, event="other")),
        ),
        Case("signs differ", 6, (LEAD, event(UNCLAIMED), claim("clawback", sign=-1))),
    ]
