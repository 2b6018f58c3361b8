"""Cases in which every event and claim has a partner, or is no part of the run."""

from __future__ import annotations

from functools import partial

from reconcile.sampling.parts import (
    DENIED,
    HOUR,
    LATER,
    LEAD,
    MAYBE_PAID,
    NEXT_DAY,
    PENDING,
    TWENTY_DAYS,
    Case,
    Row,
    claim,
    event,
    flagged,
    lead,
    pair,
)

LAST = (LATER[1] + 5, LATER[1] + 600)  # after anything of LATER
WEEKS_LATER = (TWENTY_DAYS[1] + 5, TWENTY_DAYS[1] + 600)
CONFLICT = "status_conflict"

EVENT, CLAIM = event(), claim()
PLAIN = (LEAD, *pair(EVENT, CLAIM))


def cases() -> list[Case]:
    """Return the bulk and every kind of pair."""
    return [
        *_bulk(),
        *_facts_from_elsewhere(),
        *_days(),
        *_tracked(),
        *_spelled(),
        *_repeats_and_signs(),
        *_without_a_time(),
        *_money_differs(),
        *_denied_or_pending(),
        *_timing(),
        *_left_out(),
    ]


def _bulk() -> list[Case]:
    bulk = partial(Case, bulk=True, span="period")
    from_lead = (LEAD, *pair(event(buyer="blank"), CLAIM))
    bare = claim(campaign="blank", currency="blank", status=MAYBE_PAID)
    by_status = claim(event="blank", status="sale|Sale")
    return [
        bulk("clean", 500, PLAIN, event="any"),
        bulk("clean, buyer from the lead", 250, from_lead, event="any"),
        bulk("clean, bare claim", 80, (LEAD, *pair(EVENT, bare)), campaign="dollar"),
        bulk("clean, event from the status", 50, (LEAD, *pair(EVENT, by_status)), event="sale"),
        bulk("clean, late lead exports", 15, PLAIN, campaign="late_leads"),
        bulk("clean, no lead export", 15, PLAIN[1:], campaign="no_leads"),
        bulk("clean, no settings", 20, PLAIN, campaign="unset"),
        bulk("clean, half events", 15, PLAIN, span="covered_half", campaign="half_events"),
        bulk("clean, half a report", 15, PLAIN, span="covered_half", buyer="half"),
        bulk("context, October", 30, PLAIN, span="october", event="any"),
        bulk("context, December", 30, PLAIN, span="december", event="any"),
    ]


def _facts_from_elsewhere() -> list[Case]:
    no_buyer = event(buyer="blank")
    elsewhere = claim(campaign="other", after=NEXT_DAY)
    torn = (LEAD, lead(buyer="other"), *pair(no_buyer, CLAIM))
    filled = (LEAD, lead(buyer="blank"), *pair(no_buyer, CLAIM))
    return [
        Case("buyer of the event unknown", 10, (lead(buyer="blank"), *pair(no_buyer, CLAIM))),
        Case("two leads of one id disagree", 6, torn),
        Case("two leads of one id agree, blanks aside", 6, filled),
        Case("claim names no buyer", 6, (LEAD, *pair(EVENT, claim(buyer="blank")))),
        Case("pair without a lead", 8, pair(EVENT, CLAIM)),
        Case("pair of an event nobody configured", 6, PLAIN, event="unlisted"),
        Case("claim in another campaign", 8, (LEAD, *pair(EVENT, claim(campaign="other")))),
        Case("in another campaign a day later", 6, (LEAD, *pair(EVENT, elsewhere))),
    ]


def _days() -> list[Case]:
    same_hour = (LEAD, *pair(EVENT, claim(after=(HOUR, HOUR))))
    before = (LEAD, *pair(EVENT, claim(after=(-600, -5))))
    return [
        Case("claim a day later", 26, (LEAD, *pair(EVENT, claim(after=NEXT_DAY)))),
        Case("claim before the event", 6, before, span="with_room"),
        Case("the hour that comes twice", 10, same_hour, span="clock_change"),
        Case("the evening after the clock change", 10, PLAIN, span="evening_after_it"),
    ]


def _tracked() -> list[Case]:
    """Events that are no conversion still pair with a claim that names them."""
    zero = event(flags="not_conversion", sign=0)
    paid = event(flags="not_conversion")
    bare = event(flags="not_conversion unpriced", priced=False)
    unpriced = pair(bare, CLAIM, "revenue_mismatch", "unpriced")
    of_zero = (LEAD, *pair(zero, claim(sign=0)))
    return [
        Case("tracked event that a claim names", 46, of_zero, event="tracking"),
        Case("tracked event with money", 6, (LEAD, *pair(paid, CLAIM)), event="tracking"),
        Case("tracked event without an amount", 4, (LEAD, *unpriced), event="tracking"),
        Case("no money and settings unknown", 4, of_zero, event="open"),
    ]


def _spelled() -> list[Case]:
    """Raw ids differ; only those of `plain` keep their canonical id in another form."""

    def spelled(name: str, weight: int, here: str, there: str) -> Case:
        rows = pair(
            event(flags="id_spelling", id_form=here), claim(flags="id_spelling", id_form=there)
        )
        return Case(name, weight, (lead(id_form=here), *rows))

    return [
        spelled("id in capitals", 10, "plain", "upper"),
        spelled("id between blanks", 6, "plain", "padded"),
        spelled("id with a no-break space", 4, "plain", "nbsp"),
        spelled("id with dashes", 8, "plain", "dashed"),
        spelled("id with leading zeros", 6, "plain", "zeros"),
        spelled("id whose prefix lost its capitals", 6, "prefixed", "prefixed_low"),
    ]


def _repeats_and_signs() -> list[Case]:
    second = pair(event(after=LATER, add=700), claim(after=LAST, add=700), number=2)
    twice = (*pair(EVENT, CLAIM), *second)
    in_november = pair(
        event(after=TWENTY_DAYS, add=700), claim(after=WEEKS_LATER, add=700), number=2
    )
    of_october = (*pair(EVENT, CLAIM), *in_november)
    minus = pair(event(sign=-1), claim(sign=-1, status="paid|Refunded|rejected"))
    back = pair(event(sign=-1, after=LATER), claim(sign=-1, after=LAST), number=2)
    return [
        Case("twice on both sides", 12, (LEAD, *flagged("repeated", *twice))),
        Case(
            "twice, once in October",
            4,
            (LEAD, *flagged("repeated", *of_october)),
            span="mid_october",
        ),
        Case("twice on both sides, and it may be", 10, (LEAD, *twice), event="repeat"),
        Case("negative on both sides", 6, (LEAD, *minus)),
        Case("sold and given back on both sides", 6, (LEAD, *pair(EVENT, CLAIM), *back)),
    ]


def _without_a_time() -> list[Case]:
    event_undated = event(flags="undated", dated=False)
    claim_undated = claim(flags="undated", dated=False)
    return [
        Case("claim without a time", 20, (LEAD, *pair(EVENT, claim_undated))),
        Case("event without a time", 16, (LEAD, *pair(event_undated, CLAIM))),
        Case("neither has a time", 6, (LEAD, *pair(event_undated, claim_undated))),
    ]


def _money_differs() -> list[Case]:
    """Tolerance 0.05, or 0.002 of the event's revenue: 0.20 of 100.00."""
    event_unpriced = event(flags="unpriced", priced=False)
    claim_unpriced = claim(flags="unpriced", priced=False)
    abroad = claim(currency="other")
    neither = claim(flags="unpriced", priced=False, currency="other")

    def differs(cents: int, row_class: str, reason: str = "") -> tuple[Row, ...]:
        return (LEAD, *pair(EVENT, claim(add=cents), row_class, reason))

    def mismatch(one: Row, two: Row, reason: str) -> tuple[Row, ...]:
        return (LEAD, *pair(one, two, "revenue_mismatch", reason))

    within, wrong = "matched_within_tolerance", "revenue_mismatch"
    return [
        Case("at the tolerance, above", 8, differs(5, within), amount="small"),
        Case("at the tolerance, below", 8, differs(-5, within), amount="small"),
        Case("a cent off", 6, differs(1, within)),
        Case("at the relative tolerance", 8, differs(20, within), amount="hundred"),
        Case("a cent beyond the tolerance", 6, differs(6, wrong, "amount"), amount="small"),
        Case("beyond the relative tolerance", 4, differs(-21, wrong, "amount"), amount="hundred"),
        Case("claimed more", 10, differs(500, wrong, "amount")),
        Case("claimed less", 10, differs(-300, wrong, "amount")),
        Case("another currency", 21, mismatch(EVENT, abroad, "currency")),
        Case("another currency and no amount", 5, mismatch(EVENT, neither, "currency")),
        Case("claim without an amount", 14, mismatch(EVENT, claim_unpriced, "unpriced")),
        Case("event without an amount", 14, mismatch(event_unpriced, CLAIM, "unpriced")),
        Case("neither has an amount", 8, (LEAD, *pair(event_unpriced, claim_unpriced))),
    ]


def _denied_or_pending() -> list[Case]:
    denied = [
        Case(f"{status} claim", 20, (LEAD, *pair(EVENT, claim(status=words), CONFLICT, status)))
        for status, words in DENIED.items()
    ]
    bare = [
        Case(f"{status} claim of {said}", 3, (LEAD, *pair(EVENT, row, CONFLICT, status)))
        for status, words in DENIED.items()
        for said, row in {
            "another currency": claim(status=words, currency="other"),
            "no amount": claim(status=words, flags="unpriced", priced=False),
        }.items()
    ]
    waiting = claim(status=PENDING)
    later = claim(status=PENDING, currency="other")
    return [
        *denied,
        *bare,
        Case("pending claim", 22, (LEAD, *pair(EVENT, waiting, "not_due_yet", "pending"))),
        Case(
            "pending in another currency", 4, (LEAD, *pair(EVENT, later, "not_due_yet", "pending"))
        ),
    ]


def _timing() -> list[Case]:
    """One row in November, its partner across the border: the reason is the pair's own class."""
    claims = {
        "matched": claim(after=NEXT_DAY),
        "matched_within_tolerance": claim(after=NEXT_DAY, add=4),
        "revenue_mismatch": claim(after=NEXT_DAY, add=-250),
        "status_conflict": claim(after=NEXT_DAY, status=DENIED["rejected"]),
        "not_due_yet": claim(after=NEXT_DAY, status=PENDING),
    }
    return [
        Case(f"{reason}, {span}", 26, (LEAD, *pair(EVENT, row, "timing", reason)), span=span)
        for reason, row in claims.items()
        for span in ("last_of_october", "last_of_november")
    ]


def _left_out() -> list[Case]:
    tracked = event(left_out="not_conversion", sign=0)
    bare = event(left_out="not_conversion", priced=False)
    paid = event(left_out="not_conversion")
    return [
        Case("tracked event", 30, (LEAD, tracked), event="tracking"),
        Case("tracked event without an amount", 12, (LEAD, bare), event="tracking"),
        Case("tracked event with money alone", 6, (LEAD, paid), event="tracking"),
        Case("no money and settings unknown, alone", 6, (LEAD, bare), event="open"),
        Case("no money and no settings", 6, (LEAD, tracked), campaign="unset"),
        Case("event before the window", 26, (LEAD, event()), span="september"),
        Case("claim before the window", 26, (LEAD, claim()), span="september"),
    ]
