"""Names that are spelled in several ways, put into one spelling before anything is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from reconcile.engine import Engine
from reconcile.matching.parameters import ALIASED, Cover, RunParameters
from reconcile.terms import EventSetting, Kind, Known

if TYPE_CHECKING:
    from reconcile.matching.reconciling import Inputs


def take_aliases(
    engine: Engine, parameters: RunParameters, inputs: Inputs
) -> tuple[RunParameters, Inputs]:
    """Let `lead`, `event` and `claim` show the known names in the place of their spellings.

    What they were is called `<kind>_told` from then on; without aliases nothing is done. Returns
    parameters and inputs that use the known names, too.
    """
    if not any(parameters.alias.values()):
        return parameters, inputs
    show_known_names(engine, parameters.alias)
    return with_known_names(parameters, inputs)


def show_known_names(engine: Engine, alias: Mapping[str, Mapping[str, str]]) -> None:
    """Let the tables of all kinds show known names; as they were told they are `<kind>_told`."""
    columns = {"spelling": "varchar", "canonical": "varchar"}
    for dimension in ALIASED:
        engine.upload(f"alias_{dimension}", columns, list(alias.get(dimension, {}).items()))
    for kind in Kind:
        engine.rename(kind, f"{kind}_told")
        engine.view(kind, f"importing/aliased_{kind}")


def with_known_names(parameters: RunParameters, inputs: Inputs) -> tuple[RunParameters, Inputs]:
    """Return parameters and inputs that name buyers, campaigns and events by their known names."""
    alias = parameters.alias
    if not any(alias.values()):
        return parameters, inputs
    buyer, campaign, event = (alias.get(dimension, {}) for dimension in ALIASED)
    default = parameters.default_event
    known = replace(
        parameters,
        buyers=known_names(parameters.buyers, buyer),
        campaigns=known_names(parameters.campaigns, campaign),
        default_event=None if default is None else event.get(default, default),
        status_event={word: event.get(e, e) for word, e in parameters.status_event.items()},
    )
    return known, replace(
        inputs,
        sources=[
            replace(
                source,
                buyers=known_names(tuple(source.buyers), buyer) or (),
                status_events={w: event.get(e, e) for w, e in source.status_events.items()},
            )
            for source in inputs.sources
        ],
        settings=_settings(inputs.settings, campaign, event),
        lead_covers=_covers(inputs.lead_covers, campaign),
        event_covers=_covers(inputs.event_covers, campaign),
        claim_covers=_covers(inputs.claim_covers, buyer),
        accepted=[
            replace(match, event_id=event.get(match.event_id, match.event_id))
            for match in inputs.accepted
        ],
        own=[
            replace(
                one,
                campaign_id=campaign.get(one.campaign_id, one.campaign_id),
                event_id=event.get(one.event_id, one.event_id),
            )
            for one in inputs.own
        ],
    )


def known_names(
    names: tuple[str, ...] | None, aliases: Mapping[str, str]
) -> tuple[str, ...] | None:
    """Return the known names of some, each once, in their order."""
    if names is None:
        return None
    return tuple(dict.fromkeys(aliases.get(name, name) for name in names))


def _settings(
    settings: Iterable[EventSetting], campaign: Mapping[str, str], event: Mapping[str, str]
) -> list[EventSetting]:
    """Return settings by their known names; those that were made for these go before others.

    What those of several other spellings do not agree on is unknown.
    """
    own: dict[tuple[str, str], EventSetting] = {}
    others: dict[tuple[str, str], EventSetting] = {}
    for setting in settings:
        key = (
            campaign.get(setting.campaign_id, setting.campaign_id),
            event.get(setting.event_id, setting.event_id),
        )
        if key == (setting.campaign_id, setting.event_id):
            own[key] = setting
        else:
            named = replace(setting, campaign_id=key[0], event_id=key[1])
            others[key] = _agreed(others.get(key, named), named)
    return list((others | own).values())


def _agreed(one: EventSetting, other: EventSetting) -> EventSetting:
    return replace(
        one,
        is_conversion=_same(one.is_conversion, other.is_conversion),
        allows_duplicates=_same(one.allows_duplicates, other.allows_duplicates),
    )


def _same(one: Known, other: Known) -> Known:
    return one if one is other else Known.UNKNOWN


def _covers(covers: Iterable[Cover], aliases: Mapping[str, str]) -> list[Cover]:
    return [
        cover if cover.name is None else replace(cover, name=aliases.get(cover.name, cover.name))
        for cover in covers
    ]
