"""The rules of matching once more, in plain Python: slow, literal, and independent of the product.

Nothing here is imported from `reconcile`; the SQL is compared with it row by row. Where the rules
leave a point open, the reading taken here is marked "Reading:" (the scope is in
`reference_scope.py`, the rows and worlds in `reference_terms.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal

from tests.reference_aliases import as_known
from tests.reference_fallback import Fallback
from tests.reference_scope import Scope
from tests.reference_terms import (
    ZERO,
    ClaimRow,
    Cover,
    EventRow,
    Group,
    LeadRow,
    Line,
    NotReconciled,
    Params,
    Place,
    Row,
    Setting,
    SourceFile,
    UnknownStatusError,
    Verdict,
    Verdicts,
    World,
    compared,
    difference,
    is_earlier,
    nulls_first,
    time_apart,
)

__all__ = [
    "ClaimRow",
    "Cover",
    "EventRow",
    "LeadRow",
    "NotReconciled",
    "Params",
    "Setting",
    "SourceFile",
    "UnknownStatusError",
    "Verdict",
    "Verdicts",
    "World",
    "fingerprint",
    "reconcile_world",
]

Answer = tuple[str, str | None]  # class and reason


class Run(Scope):
    """Pairing, classes, flags and money; each method is one or two sentences of the rules."""

    # -- pairing
    def pair_rows(self) -> None:
        """The rules in their order; what a person has accepted goes before the fallbacks."""
        self.pair_by("exact", lambda e, c: e.buyer is not None and e.buyer == c.buyer)
        self.pair_by("unknown_buyer", lambda e, c: e.buyer is None or c.buyer is None)
        self.pair_accepted()
        fallback = Fallback(self.leads, self.params.placeholder_limit)
        self.pair_single("loose_id", fallback.loose)
        self.pair_single("damaged_id", fallback.damaged)
        self.pair_single("external_id", fallback.external)

    def left(self, side: str) -> list[Row]:
        return [row for row in self.pool if row.side == side and row.partner is None]

    def pair_by(self, rule: str, fits: Callable[[Row, Row], bool]) -> None:
        """Take the best pair, then the best of what is left."""
        while True:
            pairs = [
                (rank(e, c), e, c)
                for e in self.left("event")
                for c in self.left("claim")
                if e.key is not None and e.key == c.key and e.negative == c.negative and fits(e, c)
            ]
            if not pairs:
                return
            _, event, claim = min(pairs, key=lambda p: p[0])
            marry(event, claim, rule)

    def pair_accepted(self) -> None:
        """Join what a person has accepted; of rows that say the same the first is the first."""
        events = [row for row in self.left("event") if row.conversion]
        places = (self.nth_of_equal(events), self.nth_of_equal(self.left("claim")))
        seen: Counter[tuple[object, ...]] = Counter()
        for one in sorted(self.world.accepted, key=lambda a: a.place):
            told = (
                ("event", one.event_id, one.event_key, one.event_at, one.event_e4),
                ("claim", one.event_id, one.claim_key, one.claim_at, one.claim_e4),
            )
            seen.update(told)
            found = [rows.get((*key, seen[key])) for rows, key in zip(places, told, strict=True)]
            if found[0] is not None and found[1] is not None and may_join(found[0], found[1]):
                marry(found[0], found[1], "proposal")

    def nth_of_equal(self, rows: list[Row]) -> dict[tuple[object, ...], Row]:
        """Rows by what an acceptance tells of them, and their number among those that say it."""
        found: dict[tuple[object, ...], Row] = {}
        seen: Counter[tuple[object, ...]] = Counter()
        for row in sorted(rows, key=lambda r: (r.content, r.place)):
            e4 = None if row.amount is None else int(row.amount * 10_000)
            key = (row.side, row.event, compared(row.raw_id), row.time, e4)
            seen[key] += 1
            found[(*key, seen[key])] = row
        return found

    def pair_single(self, rule: str, alike_of: Callable[..., Callable[[Row, Row], bool]]) -> None:
        """Join two rows only where each is the other's single candidate among the rows left.

        Reading: rows that keep several candidates wait for a person, and for no later rule.
        """
        events = [r for r in self.left("event") if not r.candidates and r.conversion and r.event]
        claims = [r for r in self.left("claim") if not r.candidates and r.event]
        alike = alike_of(events, claims)
        for event in events:
            event.candidates = [c for c in claims if may_join(event, c) and alike(event, c)]
            for claim in event.candidates:
                claim.candidates.append(event)
        for event in events:
            if len(event.candidates) == 1 and len(event.candidates[0].candidates) == 1:
                marry(event, event.candidates[0], rule)

    # -- classes
    def pair_class(self, event: Row, claim: Row) -> Answer:
        gap = difference(event.amount, claim.amount)
        one_unknown = (event.amount is None) != (claim.amount is None)
        unlike = event.currency != claim.currency
        questions: tuple[tuple[bool, str, str | None], ...] = (
            (claim.denied, "status_conflict", claim.status),
            (claim.waiting, "not_due_yet", "pending"),
            (unlike, "revenue_mismatch", "currency"),
            (one_unknown and claim.has_amount, "revenue_mismatch", "unpriced"),
            (gap is None or gap == 0, "matched", None),
            (gap is not None and self.tolerates(event, gap), "matched_within_tolerance", None),
        )
        return first_that_applies(questions, otherwise=("revenue_mismatch", "amount"))

    def tolerates(self, event: Row, gap: Decimal) -> bool:
        relative = self.params.tolerance_rel * abs(event.money)
        return gap <= max(self.params.tolerance, relative)

    def classify(self, row: Row) -> Answer:
        if row.partner is None:
            return self.claim_left(row) if row.side == "claim" else self.event_left(row)
        pair = (row, row.partner) if row.side == "event" else (row.partner, row)
        if row.partner.where != "period":
            return "timing", self.pair_class(*pair)[0]
        return self.pair_class(*pair)

    def claim_left(self, claim: Row) -> Answer:
        known = {s.event for s in self.world.settings if s.campaign == claim.set_campaign}
        cover = self.params.event_cover
        uncovered = cover is not None and not self.in_cover(cover, claim.set_campaign, claim)
        questions: tuple[tuple[bool, str, str | None], ...] = (
            (bool(claim.candidates), "ambiguous", None),
            (claim.id is None, "unidentified", None),
            (claim.negative, "clawback", None),
            (claim.denied or claim.waiting, "not_billable", claim.status),
            (self.is_duplicate(claim), "duplicate_claim", None),
            (claim.event is None, "unknown_event", "none"),
            (bool(known) and claim.event not in known, "unknown_event", None),
            (self.lead_missing(claim), "unknown_lead", None),
            (uncovered, "uncovered_claim", None),
        )
        return first_that_applies(questions, otherwise=("missing_event", None))

    def event_left(self, event: Row) -> Answer:
        cover = self.params.claim_cover
        uncovered = cover is not None and not self.in_cover(cover, event.buyer, event)
        questions: tuple[tuple[bool, str, str | None], ...] = (
            (bool(event.candidates), "ambiguous", None),
            (event.id is None, "unidentified", None),
            (event.negative, "clawback", None),
            (self.is_duplicate(event), "duplicate_event", None),
            (self.lead_missing(event), "orphan_event", None),
            (self.within_grace(event), "not_due_yet", "grace"),
            (uncovered, "uncovered_event", None),
        )
        return first_that_applies(questions, otherwise=("unclaimed_event", None))

    def is_duplicate(self, row: Row) -> bool:
        """Another row like it is paired, or comes earlier (and, of claims, counts)."""
        if row.key is None or row.key in self.repeating:
            return False
        others = [
            o
            for o in self.pool
            if o is not row and o.side == row.side and o.key == row.key and o.conversion
            if o.negative == row.negative and self.same_buyer(o, row)
        ]
        return any(
            o.partner or (is_earlier(o, row) and not o.denied and not o.waiting) for o in others
        )

    def same_buyer(self, other: Row, row: Row) -> bool:
        """Two unknown buyers of claims are the same; an event's unknown buyer may be any."""
        if row.side == "event" and None in (other.buyer, row.buyer):
            return True
        return other.buyer == row.buyer

    def within_grace(self, event: Row) -> bool:
        """Reading: a row without a time is never within grace."""
        grace = timedelta(hours=24 * self.params.grace_days)
        return event.time is not None and self.watermark - event.time < grace

    # -- flags
    def flags(self, row: Row) -> tuple[str, ...]:
        found = {
            "unpriced": row.amount is None,
            "undated": row.time is None,
            "not_conversion": not row.conversion,
        }
        found |= self.left_flags(row) if row.partner is None else self.pair_flags(row, row.partner)
        return tuple(sorted(flag for flag, holds in found.items() if holds))

    def pair_flags(self, row: Row, partner: Row) -> dict[str, bool]:
        claim = row if row.side == "claim" else partner
        like_it = [
            c
            for c in self.claims
            if c.partner is not None and c.key == claim.key
            if c.negative == claim.negative and c.buyer == claim.buyer
        ]
        return {
            "repeated": claim.key is not None
            and len(like_it) > 1
            and claim.key not in self.repeating,
            "day_shift": row.day != partner.day,
            "id_spelling": row.raw_id != partner.raw_id,
        }

    def left_flags(self, row: Row) -> dict[str, bool]:
        absent = row.id is not None and not self.lead_known(row)
        events = {s.event for s in self.world.settings if s.campaign == row.campaign}
        return {
            "no_lead": absent and self.lead_covered(row),
            "lead_unverified": absent and not self.lead_covered(row),
            "unknown_event": row.side == "event" and bool(events) and row.event not in events,
            "other_buyer": row.key is not None
            and row.buyer is not None
            and any(o.key == row.key and o.buyer not in (None, row.buyer) for o in self.seen),
        }

    # -- money
    def group(self, row: Row) -> Group:
        """Own, else the lead's, else the partner's; a claim prefers its partner's campaign."""
        theirs = row.partner.campaign if row.partner else None
        if row.side == "claim":
            campaign = row.own_campaign or theirs or row.campaign
        else:
            campaign = row.campaign or theirs
        buyer = row.buyer or (row.partner.buyer if row.partner else None)
        return (row.currency, buyer, campaign, row.day)

    def bridge_of(self, row: Row) -> Decimal:
        own = row.money if row.side == "claim" else -row.money
        other = row.partner
        if other is None or other.where != "period" or other.currency != row.currency:
            return own
        return row.money - other.money if row.side == "claim" else ZERO

    def verdict(self, row: Row) -> Verdict:
        row_class, reason = self.classify(row)
        return Verdict(
            side=row.side,
            file=row.file,
            line=row.line,
            row_class=row_class,
            reason=reason,
            flags=self.flags(row),
            rule=row.rule,
            partner=row.partner.place if row.partner else None,
            currency=row.currency,
            bridge=self.bridge_of(row),
            group=self.group(row),
            candidates=tuple(sorted(c.place for c in row.candidates)) if not row.partner else (),
        )

    def shifts(self, event: Row) -> Iterable[tuple[Line, Decimal]]:
        """Move the money of a paired event to its claim's group, one dimension at a time."""
        claim = event.partner
        if claim is None or claim.where != "period" or claim.currency != event.currency:
            return
        currency, buyer, campaign, day = self.group(event)
        _, _, new_campaign, new_day = self.group(claim)
        if campaign != new_campaign:
            yield (currency, buyer, campaign, day, "campaign_shift"), -event.money
            yield (currency, buyer, new_campaign, day, "campaign_shift"), event.money
        if day != new_day:
            yield (currency, buyer, new_campaign, day, "day_shift"), -event.money
            yield (currency, buyer, new_campaign, new_day, "day_shift"), event.money


def first_that_applies(
    questions: Iterable[tuple[bool, str, str | None]], *, otherwise: Answer
) -> Answer:
    return next(((name, reason) for holds, name, reason in questions if holds), otherwise)


def may_join(event: Row, claim: Row) -> bool:
    """What every fallback rule asks: same event, same sign, buyers equal or one unknown."""
    return (
        event.event == claim.event
        and event.negative == claim.negative
        and (event.buyer == claim.buyer or event.buyer is None or claim.buyer is None)
    )


def marry(event: Row, claim: Row, rule: str) -> None:
    event.partner, claim.partner = claim, event
    event.rule = claim.rule = rule


def rank(event: Row, claim: Row) -> tuple[object, ...]:
    """The seven criteria, smaller is better.

    Reading: an unknown difference of times comes first. File and line only choose between rows of
    equal content, which are interchangeable.
    """
    return (
        not event.conversion,
        claim.denied or claim.waiting,
        event.currency != claim.currency,
        (event.amount is None) != (claim.amount is None),
        nulls_first(difference(event.amount, claim.amount)),
        nulls_first(time_apart(event.time, claim.time)),
        (event.content, claim.content),
        (event.place, claim.place),
    )


def bucket(verdict: Verdict) -> str:
    alone = verdict.reason is None or verdict.row_class == "timing"
    return verdict.row_class if alone else f"{verdict.row_class}:{verdict.reason}"


def reconcile_world(world: World) -> Verdicts:
    """Class every row and sum the bridge; a residual or a lost row is an AssertionError."""
    run = Run(as_known(world))
    run.pair_rows()
    reasons = [(row, run.not_in_scope(row)) for row in run.rows]
    scope = [row for row, reason in reasons if reason is None]
    verdicts = tuple(run.verdict(row) for row in scope)
    left_out = tuple(NotReconciled(r.side, r.file, r.line, why) for r, why in reasons if why)
    assert len(verdicts) + len(left_out) == len(run.rows), "a row was lost"
    bridge: dict[Line, Decimal] = defaultdict(Decimal)
    for row, verdict in zip(scope, verdicts, strict=True):
        bridge[(*run.group(row), "events" if row.side == "event" else "claims")] += row.money
        bridge[(*verdict.group, bucket(verdict))] += verdict.bridge
        if row.side == "event":
            for line, money in run.shifts(row):
                bridge[line] += money
    assert_no_residual(bridge)
    return Verdicts(verdicts, left_out, {line: m for line, m in bridge.items() if m != 0})


def assert_no_residual(bridge: dict[Line, Decimal]) -> None:
    """Check events + buckets = claims in every group, and that shifts only move money."""
    residual: dict[Group, Decimal] = defaultdict(Decimal)
    moved: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for (currency, buyer, campaign, day, name), money in bridge.items():
        residual[(currency, buyer, campaign, day)] += -money if name == "claims" else money
        if name == "campaign_shift":
            moved[(name, currency, buyer, day)] += money
        if name == "day_shift":
            moved[(name, currency, buyer, campaign)] += money
    assert not any(residual.values()), residual
    assert not any(moved.values()), moved


def fingerprint(world: World, verdicts: Verdicts) -> Counter[tuple[object, ...]]:
    """Count verdicts by the content of their rows: what must not depend on files and order."""
    run = Run(as_known(world))
    rows = {(row.side, *row.place): row for row in run.rows}
    other = {"event": "claim", "claim": "event"}

    def told(side: str, place: Place | None) -> object:
        row = None if place is None else rows[(side, *place)]
        return None if row is None else (row.event, row.content)

    return Counter(
        (
            *(v.side, told(v.side, (v.file, v.line)), v.row_class, v.reason, v.flags, v.rule),
            *(told(other[v.side], v.partner), v.bridge, v.group),
            tuple(sorted(told(other[v.side], c) for c in v.candidates)),  # type: ignore[type-var]
        )
        for v in verdicts.rows
    )
