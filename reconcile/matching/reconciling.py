"""From two tables of rows to verdicts and a bridge: the steps, in order.

Every step answers one question of `sql/matching` into a table of the question's name. Keys that one
join proves clean are never looked at again; only the others are paired and classed row by row. The
clean ones are found range by range of the match key, so that memory needs to hold one range only.
What a verdict is, the questions say; this file only says in which order they are asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen, ResidualError
from reconcile.matching.aliasing import take_aliases
from reconcile.matching.dating import OwnEvent, take_own_times
from reconcile.matching.pairing import AcceptedMatch, pair_rows
from reconcile.matching.parameters import SOLD_WORDS, Cover, RunParameters
from reconcile.matching.spans import spans
from reconcile.matching.steps import Steps
from reconcile.terms import STATUS_WORDS, ClaimStatus, EventSetting, Kind, Side
from reconcile.zones import day_offsets, zone_of

KEY_SPACE = 1 << 63
"""`key_hi` is at least 0 and below this."""


@dataclass(frozen=True)
class Source:
    """What a run has to know of one file (or batch) of rows.

    `period` is the stretch of time, in UTC and half open, that stands in for rows without a time;
    `stated_end` is up to when the file itself says it speaks, `buyers` whose rows it has (none:
    it does not say).
    """

    file_no: int
    file: str
    kind: str
    batch: str | None = None
    has_amount: bool = True
    period: tuple[datetime, datetime] | None = None
    stated_end: datetime | None = None
    buyers: tuple[str, ...] = ()
    status_words: dict[str, str] = field(default_factory=dict)
    status_events: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """Everything beside the rows: files, settings, what is covered, was accepted, was ours."""

    sources: Sequence[Source]
    settings: Sequence[EventSetting]
    lead_covers: Sequence[Cover]
    event_covers: Sequence[Cover]
    claim_covers: Sequence[Cover]
    accepted: Sequence[AcceptedMatch] = ()
    own: Sequence[OwnEvent] = ()


@dataclass(frozen=True)
class Tally:
    """The counts of a run, per side: each row read is in exactly one of them."""

    rows_read: dict[str, int]
    left_out: dict[tuple[str, str], int]
    classes: list[tuple[str, str, str | None, str | None, int, Decimal]]
    findings: int
    capped_keys: int


@dataclass(frozen=True)
class Work:
    """How the rows are to be reconciled; it changes no verdict.

    With `leads_are_claims` the sold leads of `lead` become the claims. `with_matched` keeps the
    places of clean pairs, which `add_matched_rows` needs. `ranges` is the number of parts of the
    match key that are worked at one after the other: more of them need less memory. `watermark` is
    what all rows say of it, where `lead`, `event` and `claim` hold only some of them.
    """

    leads_are_claims: bool = False
    with_matched: bool = False
    ranges: int = 1
    watermark: datetime | None = None


def reconcile_tables(
    engine: Engine, parameters: RunParameters, inputs: Inputs, work: Work = Work()
) -> Tally:
    """Reconcile the engine's tables `lead`, `event` and `claim`.

    Leaves the tables `row_in_scope` (clean pairs excepted), `bridge`, `clean_sum` and `choice`.

    Raises:
        QuestionOpen: A status word that no table translates.
        ResidualError: The bridge does not close, or a row was lost: a defect of ours.
    """
    parameters, inputs = take_aliases(engine, parameters, inputs)
    take_own_times(engine, inputs.own)
    steps = Steps(engine, parameters)
    _describe(engine, parameters, inputs)
    claims = Kind.LEAD if work.leads_are_claims else Kind.CLAIM
    if work.leads_are_claims:
        engine.drop("claim")
        engine.view("claim", "matching/lead_claim")
    steps.ask("word")
    words = _number_words(engine, parameters, steps)
    steps.ask("setting")
    watermark = stated_watermark(parameters, inputs, claims) or work.watermark
    _set_clean_pairs_apart(steps, work, with_last_claim=watermark is None)
    steps.ask("clean_sum", "slow_event", "slow_claim", "slow_key")
    steps.drop("slow_event_fact", "slow_claim_fact")
    _ask_for_unknown_statuses(engine, inputs)
    steps.ask("key_campaign", "claim_placed", "event_repeats", "key_fact", "claim_filtered")
    steps.drop("key_campaign", "claim_placed", "slow_claim", "slow_key")
    steps.ask("event_run", "claim_run")
    pair_rows(steps, inputs.accepted)
    _class_pairs(steps)
    _cover(engine, inputs, words)
    steps.params["watermark"] = watermark or _seen_watermark(engine, parameters)
    _judge(steps)
    tally = _tally(engine, steps)
    engine.table("row_in_scope", "matching/row")
    if not work.with_matched:
        steps.drop("verdict")
    return tally


def _class_pairs(steps: Steps) -> None:
    """Class the pairs, and find what is left over and its rivals."""
    steps.ask("pair_fact", "repeated", "pair_class", "left_claim", "left_event")
    steps.drop("pair_fact")
    steps.ask("rival_claim", "rival_event", "event_rival", "claim_rival", "configured")
    steps.drop("rival_claim", "rival_event")


def _judge(steps: Steps) -> None:
    """Give every row its class and its part of the bridge, once all pairs are known."""
    steps.ask("claim_left_class", "event_left_class")
    steps.drop("left_claim", "left_event")
    steps.ask("event_verdict", "claim_verdict")
    steps.drop("claim_left_class", "event_left_class", "pair_class")
    steps.ask("verdict")
    steps.drop("event_verdict", "claim_verdict")
    steps.ask("bridge_part", "bridge")
    steps.drop("bridge_part")


def add_matched_rows(engine: Engine) -> None:
    """Add the rows of clean pairs to `row_in_scope`; their places must have been kept."""
    engine.append("verdict", "matching/matched_row")
    engine.table("row_in_scope", "matching/row")


def _set_clean_pairs_apart(steps: Steps, work: Work, *, with_last_claim: bool) -> None:
    """Sum up the clean pairs of every range, and gather the rows that have to be looked at."""
    gathered = ["clean_group", "slow_event_fact", "slow_claim_fact", "window_rows"]
    gathered += ["matched_place"] * work.with_matched + ["last_claim"] * with_last_claim
    gather = steps.ask
    for first, last in _key_ranges(work.ranges):
        steps.params |= {"key_from": first, "key_to": last}
        steps.ask("lead_fact", "event_fact", "claim_fact")
        steps.engine.drop("lead_fact")  # memory: the joins that follow need the room
        steps.ask("crowded_key", "clean_pair")
        gather(*gathered)
        gather = steps.add
    for name in ("event_fact", "claim_fact", "crowded_key", "clean_pair"):
        steps.engine.drop(name)


def _key_ranges(count: int) -> list[tuple[int, int]]:
    """Return the first and last `key_hi` of every range: keys are hashes, so these are even."""
    bounds = [KEY_SPACE * number // count for number in range(count + 1)]
    return [(first, end - 1) for first, end in pairwise(bounds)]


def _describe(engine: Engine, parameters: RunParameters, inputs: Inputs) -> None:
    """Make the small tables that stand for files, settings, words and days."""
    _describe_sources(engine, inputs.sources)
    _describe_words(engine, parameters, inputs.sources)
    engine.upload(
        "named_setting",
        dict.fromkeys(("campaign_id", "event_id", "is_conversion", "allows_duplicates"), "varchar"),
        [
            (s.campaign_id, s.event_id, str(s.is_conversion), str(s.allows_duplicates))
            for s in inputs.settings
        ],
    )
    named = [(word,) for word in _named(parameters, inputs)]
    engine.upload("named_word", {"word": "varchar"}, named)
    margin = timedelta(days=parameters.margin_days + 2)
    engine.upload(
        "run_day",
        {
            "utc_day": "date",
            "change_at": "timestamp",
            "ahead_before": "interval",
            "ahead_after": "interval",
        },
        day_offsets(
            parameters.date_from - margin, parameters.date_to + margin, zone_of(parameters.zone)
        ),
    )


def _describe_sources(engine: Engine, sources: Iterable[Source]) -> None:
    engine.upload(
        "source_file",
        {
            "file_no": "integer",
            **dict.fromkeys(("file", "kind", "batch"), "varchar"),
            "has_amount": "boolean",
            **dict.fromkeys(("period_from", "period_to"), "timestamp"),
        },
        [
            (s.file_no, s.file, s.kind, s.batch, s.has_amount, *(s.period or (None, None)))
            for s in sources
        ],
    )


def _describe_words(engine: Engine, parameters: RunParameters, sources: Sequence[Source]) -> None:
    """A sender's own status words go before the run's, and those before the common ones."""
    numbers: dict[tuple[tuple[str, str], ...], int] = {}
    meanings, files, events = [], [], []
    for source in sources:
        own = tuple(source.status_words.items())
        if own not in numbers:
            words = {**STATUS_WORDS, **parameters.status, **source.status_words}
            numbers[own] = len(numbers)
            meanings += [(numbers[own], raw, str(status)) for raw, status in words.items()]
        files.append((source.file_no, numbers[own]))
        named = {**parameters.status_event, **source.status_events}
        events += [(source.file_no, raw, event) for raw, event in named.items()]
    number = {"set_no": "integer"}
    engine.upload("word_meaning", {**number, "raw": "varchar", "status": "varchar"}, meanings)
    engine.upload("file_words", {"file_no": "integer", **number}, files)
    engine.table("status_word", "matching/status_word")
    columns = {"file_no": "integer", "raw": "varchar"}
    engine.upload("status_event_name", {**columns, "event": "varchar"}, events)
    stated = parameters.status.items()
    sold = {*SOLD_WORDS} | {word for word, status in stated if status is ClaimStatus.APPROVED}
    engine.upload("sold_word", {"raw": "varchar"}, [(word,) for word in sorted(sold)])


def _named(parameters: RunParameters, inputs: Inputs) -> set[str]:
    """Return the names that parameters, settings and covers use, whether a row has them or not."""
    names = {parameters.default_event, parameters.currency, *parameters.status_event.values()}
    names |= {*(parameters.buyers or ()), *(parameters.campaigns or ())}
    for setting in inputs.settings:
        names |= {setting.campaign_id, setting.event_id}
    for source in inputs.sources:
        names |= {*source.status_events.values()}
    names |= {match.event_id for match in inputs.accepted}
    covers = (*inputs.lead_covers, *inputs.event_covers, *inputs.claim_covers)
    names |= {cover.name for cover in covers}
    return {name for name in names if name is not None}


def _number_words(engine: Engine, parameters: RunParameters, steps: Steps) -> dict[str, int]:
    words = {str(word): int(number) for word, number in engine.query("matching/word_number")}
    steps.params["default_event_no"] = words.get(parameters.default_event or "")
    steps.params["currency_no"] = words.get(parameters.currency or "")
    number = {"word_no": "integer"}
    engine.upload("chosen_buyer", number, [(words[b],) for b in set(parameters.buyers or ())])
    engine.upload("chosen_campaign", number, [(words[c],) for c in set(parameters.campaigns or ())])
    engine.table("status_event", "matching/status_event")
    return words


def _ask_for_unknown_statuses(engine: Engine, inputs: Inputs) -> None:
    unknown = engine.query("matching/unknown_status")
    if not unknown:
        return
    files = {source.file_no: source.file for source in inputs.sources}
    listed = "\n".join(
        f"  {word!r}: {rows} row(s), first in {files[file_no]} line {line_no}"
        for word, rows, file_no, line_no in sorted(unknown)
    )
    raise QuestionOpen(
        f"No table says what these status words mean:\n{listed}\n"
        f"Answer in the run's parameters (--params run.toml) or in the sender's mapping, each as "
        f"one of {', '.join(ClaimStatus)}:\n[status]\n"
        + "\n".join(f'{word} = "?"' for word in sorted({_quoted(w) for w, *_ in unknown}))
    )


def _quoted(word: str) -> str:
    """Return a word as a key of TOML, whose quoted strings are those of JSON."""
    return json.dumps(word, ensure_ascii=False)


def _cover(engine: Engine, inputs: Inputs, words: dict[str, int]) -> None:
    columns = {"word_no": "integer", "span_from": "timestamp", "span_to": "timestamp"}
    engine.upload("lead_span", columns, spans(inputs.lead_covers, words))
    engine.upload("event_span", columns, spans(inputs.event_covers, words))
    engine.upload("claim_span", columns, spans(inputs.claim_covers, words))


def stated_watermark(parameters: RunParameters, inputs: Inputs, claims: Kind) -> datetime | None:
    """Return up to when the counterpart says it has spoken: the parameters', else the reports'.

    It is one for the whole run. A report of other buyers than the run's says nothing of theirs.
    """
    if parameters.watermark is not None:
        return parameters.watermark
    chosen = parameters.buyers
    stated = [
        source.stated_end
        for source in inputs.sources
        if source.kind == claims and source.stated_end
        if chosen is None or not source.buyers or not set(chosen).isdisjoint(source.buyers)
    ]
    return max(stated, default=None)


def _seen_watermark(engine: Engine, parameters: RunParameters) -> datetime:
    """Return the time of the latest claim, else the period's end."""
    [(latest,)] = engine.query("matching/latest_claim")
    return latest if isinstance(latest, datetime) else parameters.period[1]


def _tally(engine: Engine, steps: Steps) -> Tally:
    residual = engine.query("matching/residual")
    if residual:
        raise ResidualError(f"The bridge does not close for {len(residual)} groups: {residual[:3]}")
    read = _row_counts(engine, "matching/rows_read")
    seen = _row_counts(engine, "matching/rows_in_window")
    left_out = {
        (str(side), str(reason)): int(rows)
        for side, reason, rows in engine.query("matching/left_out", **steps.params)
    }
    margin = int(engine.query("matching/clean_margin")[0][0])
    for side in Side:
        left_out[str(side), "context"] = left_out.get((str(side), "context"), 0) + margin
        no_time = read[side][1] - seen[side][1]
        outside = read[side][0] - seen[side][0] - no_time
        left_out |= {(str(side), "no_time"): no_time, (str(side), "outside_window"): outside}
    tally = Tally(
        rows_read={side: rows for side, (rows, _) in read.items()},
        left_out={key: rows for key, rows in left_out.items() if rows},
        classes=sorted(engine.query("matching/class_sum"), key=str),
        findings=int(engine.query("matching/finding_count")[0][0]),
        capped_keys=int(engine.query("matching/capped_keys", **steps.params)[0][0]),
    )
    _prove_partition(tally)
    return tally


def _row_counts(engine: Engine, question: str) -> dict[str, tuple[int, int]]:
    """Return (rows, rows without a time) of each side."""
    return {str(side): (int(rows), int(lost)) for side, rows, lost in engine.query(question)}


def _prove_partition(tally: Tally) -> None:
    """Every row read is in exactly one class or left out for exactly one reason."""
    for side in Side:
        classed = sum(rows for s, _, _, _, rows, _ in tally.classes if s == side)
        left = sum(rows for (s, _), rows in tally.left_out.items() if s == side)
        if classed + left != tally.rows_read[side]:
            raise ResidualError(
                f"{tally.rows_read[side]} {side} rows were read, but {classed} are classed and "
                f"{left} left out."
            )
