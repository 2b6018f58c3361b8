"""Scope of a run, read literally: ids, window, buyers, campaigns, events, filters, coverage."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.reference_terms import (
    DENIALS,
    INSTANT,
    SOLD,
    STATUS_WORDS,
    ClaimRow,
    Cover,
    EventRow,
    Key,
    LeadRow,
    Row,
    Span,
    UnknownStatusError,
    World,
    agreed,
    canonical,
    covers,
    inside,
    text,
)

UTC = ZoneInfo("UTC")


class Scope:
    """A world with its rows resolved; each method is one or two sentences of the rules."""

    def __init__(self, world: World) -> None:
        self.world, self.params = world, world.params
        self.zone = ZoneInfo(self.params.zone)
        margin = timedelta(days=self.params.margin_days)
        self.period = self.utc_span(self.params.date_from, self.params.date_to)
        self.window = self.utc_span(self.params.date_from - margin, self.params.date_to + margin)
        self.files = {f.name: f for f in world.files}
        self.settings = {(s.campaign, s.event): s for s in world.settings}
        self.set_campaigns = {s.campaign for s in world.settings}
        self.leads: dict[str, list[LeadRow]] = defaultdict(list)
        for lead in world.leads:
            if (key := canonical(lead.transaction_id)) is not None:
                self.leads[key].append(lead)
        self.events = [self.read_event(e) for e in world.events]
        self.claims = [self.read_claim(c) for c in self.claim_rows()]
        self.rows = self.events + self.claims
        self.seen = [row for row in self.rows if row.where != "outside"]
        self.fix_campaigns()
        self.repeating = self.find_repeating()
        self.drop_frequent_ids()
        self.fix_campaigns()
        self.find_conversions()
        self.apply_filters()
        self.pool = [row for row in self.seen if row.dropped is None]
        self.lead_cover = self.covered_leads()
        self.watermark = self.find_watermark()

    # -- reading
    def utc_span(self, first: date, end: date) -> Span:
        return self.midnight(first), self.midnight(end)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC).replace(tzinfo=None)

    def local_day(self, utc: datetime | None) -> date | None:
        return None if utc is None else utc.replace(tzinfo=UTC).astimezone(self.zone).date()

    def claim_rows(self) -> list[ClaimRow]:
        """The claims, or the leads that are marked sold."""
        if self.world.has_claim_files:
            return list(self.world.claims)
        given = {raw.strip().lower() for raw, ours in self.params.status if ours == "approved"}
        marked = SOLD | given
        return [
            ClaimRow(
                file=lead.file,
                line=lead.line,
                transaction_id=lead.transaction_id,
                occurred_at=lead.occurred_at,
                revenue=lead.revenue,
                buyer=lead.buyer,
                campaign_id=lead.campaign_id,
                currency=lead.currency,
                status=lead.status,
                external_clickid=lead.external_clickid,
                clid=lead.clid,
            )
            for lead in self.world.leads
            if (lead.status or "").strip().lower() in marked
        ]

    def read_event(self, e: EventRow) -> Row:
        return self.place_row(self.common("event", e, text(e.event_id), None))

    def read_claim(self, c: ClaimRow) -> Row:
        raw = text(c.status)
        word = None if raw is None else raw.lower()
        table = STATUS_WORDS | {k.strip().lower(): v for k, v in self.params.status}
        if word is not None and word not in table:
            raise UnknownStatusError(f"{c.file} line {c.line}: status {raw!r} is in no table")
        by_status = {k.strip().lower(): v for k, v in self.params.status_event}
        event = text(c.event_id) or by_status.get(word or "") or self.params.default_event
        row = self.common("claim", c, event, raw)
        row.status = None if word is None else table[word]
        row.denied = row.status in DENIALS and not row.negative
        pending = row.status == "pending" and not row.negative
        row.waiting = pending and not self.params.pending_counts
        return self.place_row(row)

    def common(
        self, side: str, r: EventRow | ClaimRow, event: str | None, status: str | None
    ) -> Row:
        """Return the row with its own facts, else its lead's."""
        lead = self.leads.get(canonical(r.transaction_id) or "", [])
        file = self.files[r.file]
        period = self.period if file.period == "run" else file.period
        return Row(
            side=side,
            file=r.file,
            line=r.line,
            raw_id=r.transaction_id or None,
            own_campaign=text(r.campaign_id),
            buyer=text(r.buyer) or agreed(text(x.buyer) for x in lead),
            campaign=text(r.campaign_id) or agreed(text(x.campaign_id) for x in lead),
            event=event,
            time=r.occurred_at,
            day=self.local_day(r.occurred_at),
            span=(r.occurred_at, r.occurred_at + INSTANT) if r.occurred_at else period,
            amount=r.revenue,
            currency=(text(r.currency) or text(self.params.currency) or "").upper() or None,
            raw_status=status,
            status=None,
            external=text(r.external_clickid),
            clid=text(r.clid),
            has_amount=file.has_amount,
            id=canonical(r.transaction_id),
        )

    def place_row(self, row: Row) -> Row:
        """Say where the row lies.

        Reading: an undated one is context if its file's period lies in the window.
        """
        if row.span is not None and inside(row.span, self.period):
            row.where = "period"
        elif row.span is not None and inside(row.span, self.window):
            row.where = "margin"
        return row

    # -- scope
    def fix_campaigns(self) -> None:
        """Fix what scope and settings go by: own, else the key's events', else the lead's.

        Reading: the key's events are those of its id and event in the window, before filters,
        each with its own or its lead's campaign.
        """
        campaigns: dict[Key, list[str | None]] = defaultdict(list)
        for event in self.events:
            event.set_campaign = event.campaign
            if event.key is not None and event.where != "outside":
                campaigns[event.key].append(event.campaign)
        for claim in self.claims:
            theirs = agreed(campaigns.get(claim.key, ())) if claim.key else None
            claim.set_campaign = claim.own_campaign or theirs or claim.campaign

    def find_repeating(self) -> set[Key]:
        """Keys whose event may repeat. Reading: all rows of the window count, before filters."""
        campaigns: dict[Key, set[str]] = defaultdict(set)
        for row in self.seen:
            if row.key is not None:
                campaigns[row.key] |= {row.set_campaign} if row.set_campaign else set()
        return {key for key, known in campaigns.items() if self.allows(known, key[1])}

    def allows(self, campaigns: set[str], event: str) -> bool:
        return any(
            s.event == event and s.allows_duplicates == "yes"
            for s in self.world.settings
            if not campaigns or s.campaign in campaigns
        )

    def drop_frequent_ids(self) -> None:
        """Ids on too many rows of one side of an event that does not repeat identify nothing."""
        counts = Counter((row.side, row.key) for row in self.seen if row.key is not None)
        limit = self.params.placeholder_limit
        frequent = {key for (_, key), n in counts.items() if n > limit} - self.repeating
        for row in self.seen:
            if row.key in frequent:
                row.id = None

    def find_conversions(self) -> None:
        for event in self.events:
            setting = self.settings.get((event.campaign or "", event.event or ""))
            answer = setting.is_conversion if setting else "unknown"
            priced = event.amount is not None and event.amount != 0
            event.conversion = answer == "yes" or (answer == "unknown" and priced)

    def apply_filters(self) -> None:
        """Say which rows of the window are not in the run, and why."""
        buyers, campaigns = self.params.buyers, self.params.campaigns
        for row in self.rows:
            unknown_campaign = row.set_campaign is None
            if row.where == "outside":
                row.dropped = "no_time" if row.time is None else "outside_window"
            elif (
                campaigns is not None
                and row.set_campaign not in campaigns
                and not (row.side == "claim" and unknown_campaign)
            ):
                row.dropped = "other_campaign"
            elif buyers is not None and row.buyer is not None and row.buyer not in buyers:
                row.dropped = "other_buyer"
            elif buyers is not None and row.buyer is None and row.side == "claim":
                row.dropped = "buyer_unknown"

    def not_in_scope(self, row: Row) -> str | None:
        """Why the row is not classed, after pairing; None for a row in scope."""
        if row.dropped is not None:
            return row.dropped
        if row.partner is None and self.params.buyers is not None and row.buyer is None:
            return "buyer_unknown"
        if row.partner is None and not row.conversion:
            return "not_conversion"
        return "context" if row.where != "period" else None

    def covered_leads(self) -> Cover:
        """The given cover, else from the first to the last lead row, both included."""
        times = [x.occurred_at for x in self.world.leads if x.occurred_at is not None]
        if self.params.lead_cover is not None or not times:
            return self.params.lead_cover or ()
        return ((None, min(times), max(times) + INSTANT),)

    def find_watermark(self) -> datetime:
        """The given one, else a stated end, else the run's buyers' latest claim, else the end.

        Reading: the run's buyers' claims are those the buyer filter lets pass, whatever campaign.
        A report whose rows name only other buyers says nothing of theirs.
        """
        if self.params.watermark is not None:
            return self.params.watermark
        buyers = self.params.buyers
        named = {
            f.name: {c.buyer for c in self.world.claims if c.file == f.name and c.buyer}
            for f in self.world.files
        }
        stated = [
            f.period
            for f in self.world.files
            if f.kind == "claim"
            and (buyers is None or not named[f.name] or named[f.name] & set(buyers))
        ]
        ends = [period[1] for period in stated if isinstance(period, tuple)]
        latest = [
            c.time
            for c in self.claims
            if c.time and c.where != "outside" and (buyers is None or c.buyer in buyers)
        ]
        return max(ends or latest or [self.period[1]])

    # -- coverage
    def in_cover(self, cover: Cover, name: str | None, row: Row) -> bool:
        return row.span is not None and covers(cover, name, row.span)

    def lead_known(self, row: Row) -> bool:
        return row.id in self.leads

    def lead_covered(self, row: Row) -> bool:
        """Lead exports cover `lookback_days` before the row up to it."""
        if row.span is None:
            return False
        start = row.span[0] - timedelta(days=self.params.lookback_days)
        return covers(self.lead_cover, row.set_campaign, (start, row.span[1]))

    def lead_missing(self, row: Row) -> bool:
        return row.id is not None and not self.lead_known(row) and self.lead_covered(row)
