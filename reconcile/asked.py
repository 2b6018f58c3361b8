"""What a run was asked: parameters, settings and batches, and what it reads of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reconcile.matching.dating import OwnEvent
from reconcile.matching.pairing import AcceptedMatch
from reconcile.matching.parameters import Cover, RunParameters, parameters_of
from reconcile.matching.reconciling import Inputs, Source
from reconcile.terms import EventSetting, Kind, Known
from reconcile.warehouse import Batch, RunRecord, Store


@dataclass(frozen=True)
class Asked:
    """What a run was asked, as stored, and the batches it reads, in their order."""

    asked: str
    batches: Sequence[Batch]

    @property
    def parameters(self) -> RunParameters:
        """Return the parameters of the run."""
        return parameters_of(json.loads(self.asked)["parameters"])

    @property
    def leads_are_claims(self) -> bool:
        """Return whether the sold leads are the other side."""
        return bool(json.loads(self.asked)["leads_are_claims"])

    @property
    def settings(self) -> list[EventSetting]:
        """Return the event settings that were in force."""
        return [
            EventSetting(
                **values
                | {name: Known(values[name]) for name in ("is_conversion", "allows_duplicates")}
            )
            for values in json.loads(self.asked)["settings"]
        ]


def accepted_now(store: Store, claims: Kind) -> list[dict[str, object]]:
    """Return the pairs that count as accepted now; `claims` is what the claims of a run are."""
    return [dict(row) for row in store.catalog.query("decisions/accepted", counterpart=str(claims))]


def _accepted(ask: Asked) -> list[AcceptedMatch]:
    return [
        AcceptedMatch(
            **row
            | {name: row[name] and datetime.fromisoformat(row[name]) for name in _TIMES}
            | {"decision": str(row["decision"])}
        )
        for row in json.loads(ask.asked).get("accepted", ())
    ]


_TIMES = ("claim_at", "event_at")
OWN_TIMES = ("sent_at", "sent_until", "occurred_at")


def _own(ask: Asked) -> list[OwnEvent]:
    """Return the postbacks of ours that carried no date and that an export has proven."""
    found = []
    for row in json.loads(ask.asked).get("own", ()):
        told = {"sent_until": row["sent_at"], **row}  # the first runs knew one attempt only
        times = {name: datetime.fromisoformat(told[name]) for name in OWN_TIMES}
        found.append(OwnEvent(**told | times))
    return found


def inputs_of(store: Store, ask: Asked) -> Inputs:
    """Return what a run reads beside the rows: files, settings, and what they cover."""
    parameters = ask.parameters
    claims = Kind.LEAD if ask.leads_are_claims else Kind.CLAIM
    claim_covers = _covers(store, ask.batches, claims, parameters.claim_cover)
    if ask.leads_are_claims and parameters.claim_cover is None:
        # A lead export names campaigns, and speaks for every buyer: also for none, the unsold lead.
        claim_covers = [replace(cover, name=None) for cover in claim_covers]
    return Inputs(
        sources=[_source(number, batch) for number, batch in enumerate(ask.batches, 1)],
        settings=ask.settings,
        lead_covers=_covers(store, ask.batches, Kind.LEAD, parameters.lead_cover),
        event_covers=_covers(store, ask.batches, Kind.EVENT, parameters.event_cover),
        claim_covers=claim_covers,
        accepted=_accepted(ask),
        own=_own(ask),
    )


def _source(number: int, batch: Batch) -> Source:
    stated = batch.period_from is not None and batch.period_to is not None
    return Source(
        file_no=number,
        file=batch.file,
        kind=str(batch.kind),
        batch=batch.id,
        has_amount=batch.has_amount,
        period=(batch.period_from, batch.period_to) if stated else None,  # type: ignore[arg-type]
        stated_end=batch.period_to,
        buyers=batch.buyers,
        status_words=dict(batch.status_words),
        status_events=dict(batch.status_events),
    )


def _covers(
    store: Store, batches: Sequence[Batch], kind: Kind, stated: Sequence[Cover] | None
) -> Sequence[Cover]:
    """Return what the parameters state, else what the batches of a kind cover themselves."""
    if stated is not None:
        return stated
    return [
        Cover(cover.name, cover.from_utc, cover.to_utc)
        for batch in batches
        if batch.kind is kind
        for cover in store.coverage(batch)
    ]


def asked_of(store: Store, record: RunRecord) -> Asked:
    """Return what a stored run was asked, with its batches as they were to it."""
    by_id = {batch.id: batch for batch in store.batches(with_undone=True)}
    batches = [by_id[batch_id] for batch_id in record.batch_ids]
    confirmed = json.loads(record.params_json).get("confirmed")
    if confirmed is not None:  # the first runs did not keep it
        batches = [replace(batch, confirmed=batch.id in confirmed) for batch in batches]
    return Asked(record.params_json, batches)
