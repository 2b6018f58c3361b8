"""What the findings of a run need to be closed: postbacks, each with what speaks against it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reconcile.accepting import Held, held_claims
from reconcile.engine import Engine
from reconcile.errors import FiringError, NotFound
from reconcile.filtering import FindingFilter, finding_tables
from reconcile.firing import Blocked, PostbackNeed
from reconcile.firing.naming import Names
from reconcile.ledgers import attach_named, named_settings
from reconcile.outdated import decided_missing
from reconcile.terms import IN_DISPUTE, EventSetting, Kind, Known
from reconcile.warehouse import Batch, Store, glob_free


@dataclass(frozen=True)
class Choice:
    """What a person has chosen to plan: only some findings, or more than the ordinary."""

    only: FindingFilter | None = None
    """Findings that this lets pass; all by default."""

    allow_unverified: bool = False
    """Claims whose lead no lead export could prove, too."""
    top_up: bool = False
    """The difference where an event brought less and Multi-Trigger is known to be on, too."""
    old_export: str | None = None
    """Why a plan is made although the newest event export is too old."""


@dataclass(frozen=True)
class Seen:
    """What a plan looks at beside its run: batches, and the names that spellings stand for."""

    batches: Sequence[Batch]
    names: Names


def needs_of(
    store: Store,
    run_id: str,
    seen: Seen,
    refs: Collection[str] | None,
    choice: Choice,
) -> list[PostbackNeed]:
    """Return what was chosen of a run, blocked where a decision or a proposed pair says so."""
    records = _records(store, run_id, seen, top_up=choice.top_up)
    if choice.only is not None:
        kept = _kept(store, run_id, choice.only)
        records = [record for record in records if record["finding_ref"] in kept]
    if refs is not None:
        records = _only(records, refs, run_id)
    told = decided_missing(store, run_id)
    held = held_claims(store, run_id)
    needs = [
        _decided(_need(record, run_id, allow_unverified=choice.allow_unverified), told)
        for record in records
    ]
    return [_undecided(need, held.get(need.finding_ref)) for need in needs]


def _records(store: Store, run_id: str, seen: Seen, *, top_up: bool) -> list[dict[str, Any]]:
    """Return the missing events of a run beside what the exports of today say of them.

    With `top_up` there are also the claims whose event brought less, with the difference.

    Events and leads are those of all visible batches, not only those the run read: a postback must
    not repeat an event that a later export shows, and `verify` counts the same batches.
    """
    read = set(store.run(run_id).batch_ids)
    if not read.issubset(batch.id for batch in store.batches()):
        raise FiringError(
            f"Run {run_id} rests on data that was taken out since (reconcile undo), so nothing was "
            "planned. Start a new run, and plan from that one."
        )
    engine = Engine()
    try:
        batches = [b for b in seen.batches if b.kind is not Kind.CLAIM or b.id in read]
        attach_named(store, engine, batches, seen.names)
        path = store.run_path(run_id) / "run_row.parquet"
        engine.view_parquet("run_row_told", [glob_free(path)])
        engine.view("run_row", "proof/named_row")
        _upload_settings(engine, "named_setting", named_settings(store, seen.names))
        _upload_settings(engine, "told_setting", store.settings())
        engine.table("missing_claim", "reading/missing_claim")
        engine.table("claim_place", "reading/claim_place")
        missing = engine.records("reading/need")
        if top_up:
            engine.table("missing_claim", "proof/short_claim")
            engine.table("claim_place", "reading/claim_place")
            missing += [{**row, "is_top_up": True} for row in engine.records("reading/need")]
        return list(_with_platform_ids(engine, missing))
    finally:
        engine.close()


def _upload_settings(engine: Engine, name: str, settings: Sequence[EventSetting]) -> None:
    columns = ("campaign_id", "event_id", "is_conversion", "allows_duplicates")
    rows = [tuple(str(getattr(one, column)) for column in columns) for one in settings]
    engine.upload(name, dict.fromkeys(columns, "varchar"), rows)


def _with_platform_ids(
    engine: Engine, records: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield records with what the platform itself calls their campaign and event, or why not."""
    campaigns = {name: told for name, *told in engine.query("proof/platform_campaign")}
    events = {(of, name): told for of, name, *told in engine.query("proof/platform_event")}
    for record in records:
        campaign, event = record["campaign_id"], record["event_id"]
        campaign_told = campaigns.get(campaign, (None, None))
        # An event that nobody has told of yet may be one all the same, under the claim's name.
        event_told = events.get((campaign, event)) or events.get((None, event)) or (event, None)
        why = _untold("Campaign", campaign, *campaign_told) or _untold("Event", event, *event_told)
        yield record | {
            "platform_campaign": campaign_told[0],
            "platform_event": event_told[0],
            "untold": why,
        }


def _untold(kind: str, name: str | None, platform_id: str | None, spellings: str | None) -> str:
    """Say why the platform's id of a name is not known, and what helps; blank if it is."""
    if name is None or platform_id is not None:
        return ""
    if spellings is None:
        return (
            f"{kind} {name} is in no lead or event export and in no event settings, so that its id "
            "at the platform is not known. Import an export that has it, or say whose spelling it "
            "is: reconcile alias."
        )
    return (
        f"{kind} {name} is spelled {spellings}, and which of these is its id at the platform is "
        "not known. Name that one in the event settings: reconcile settings."
    )


def _only(
    records: list[dict[str, Any]], refs: Collection[str], run_id: str
) -> list[dict[str, Any]]:
    unknown = sorted(set(refs) - {record["finding_ref"] for record in records})
    if unknown:
        raise NotFound(
            f"{', '.join(unknown)}: no missing event of run {run_id}, so nothing was planned. "
            "`reconcile findings --class missing_event` lists their refs."
        )
    return [record for record in records if record["finding_ref"] in refs]


def _kept(store: Store, run_id: str, only: FindingFilter) -> set[str]:
    """Return the refs of what a filter lets pass."""
    with finding_tables(store, run_id, only) as engine:
        return {str(row[0]) for row in engine.query("proof/kept_ref")}


def _undecided(need: PostbackNeed, held: Held | None) -> PostbackNeed:
    """Block a need whose event may be there under another id, unless it is blocked already."""
    if need.blocked or held is None:
        return need
    return need._replace(blocked=Blocked.PROPOSAL, blocked_detail=held.why)


def _decided(need: PostbackNeed, told: dict[str, dict[str, Any]]) -> PostbackNeed:
    """Return a need that a decision may hold back; what was said goes before all other reasons."""
    row = told.get(need.finding_ref)
    if row is None:
        return need
    who = f"by {row['decided_by']} on {row['decided_at']:%Y-%m-%d}, decision {row['decision']}"
    if row["stale"]:
        changed = row["stale"].replace(";", ", ")
        detail = f"{row['said'].capitalize()} {who}; since then moved: {changed}. Decide again."
        return need._replace(blocked=Blocked.STALE, blocked_detail=detail)
    why = f": {row['decided_reason']}" if row["decided_reason"] else ""
    blocked = Blocked.DISPUTED if row["said"] in IN_DISPUTE else Blocked.IGNORED
    return need._replace(blocked=blocked, blocked_detail=f"{row['said'].capitalize()} {who}{why}")


def _need(record: dict[str, Any], run_id: str, *, allow_unverified: bool) -> PostbackNeed:
    values = dict(record)
    lead_known, not_configured = values.pop("lead_known"), values.pop("not_configured")
    seen_anywhere, other_currency = values.pop("seen_anywhere"), values.pop("other_currency")
    untold = values.pop("untold")
    if values.pop("is_top_up", False):
        # Another postback than the one that the same claim may have had when its event was missing.
        values["claim_key"] = f"+{values['claim_key']}"
        stored = Blocked.STORED_AMOUNT
    else:
        stored = Blocked.ALREADY_STORED
    blocked = Blocked.PLATFORM_ID if untold else None
    if not_configured:
        blocked = Blocked.NOT_CONFIGURED
    if other_currency:
        blocked = Blocked.OTHER_CURRENCY
    if not lead_known and not allow_unverified:
        blocked = Blocked.LEAD_UNVERIFIED
    if seen_anywhere and values["allows_repeat"] != Known.YES:
        blocked = stored
    for name in ("allows_repeat", "is_conversion"):
        values[name] = Known(values[name])
    detail = untold if blocked is Blocked.PLATFORM_ID else ""
    return PostbackNeed(**values, run_id=run_id, blocked=blocked, blocked_detail=detail)
