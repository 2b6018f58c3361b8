"""Names in several spellings, in plain Python: a world in which each has its known spelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.reference_terms import Cover, Setting, World, text

_ANSWERS = ("is_conversion", "allows_duplicates")


def as_known(world: World) -> World:
    """Return the world as if each row, setting and parameter had used the known names."""
    if not world.params.alias:
        return world
    names = {(dimension, spelling): known for dimension, spelling, known in world.params.alias}

    def known(dimension: str, spelling: str | None) -> str | None:
        return names.get((dimension, text(spelling) or ""), spelling)

    def row(one: Any) -> Any:
        changed = {
            "buyer": known("buyer", one.buyer),
            "campaign_id": known("campaign", one.campaign_id),
        }
        if hasattr(one, "event_id"):
            changed["event_id"] = known("event", one.event_id)
        return replace(one, **changed)

    def cover(dimension: str, stated: Cover | None) -> Any:
        if stated is None:
            return None
        return tuple((known(dimension, name), start, end) for name, start, end in stated)

    def each(dimension: str, stated: tuple[str, ...] | None) -> Any:
        return None if stated is None else tuple(known(dimension, name) for name in stated)

    params = world.params
    return replace(
        world,
        params=replace(
            params,
            alias=(),
            buyers=each("buyer", params.buyers),
            campaigns=each("campaign", params.campaigns),
            default_event=known("event", params.default_event),
            status_event=tuple((word, known("event", e) or e) for word, e in params.status_event),
            lead_cover=cover("campaign", params.lead_cover),
            event_cover=cover("campaign", params.event_cover),
            claim_cover=cover("buyer", params.claim_cover),
        ),
        leads=tuple(row(lead) for lead in world.leads),
        events=tuple(row(event) for event in world.events),
        claims=tuple(row(claim) for claim in world.claims),
        settings=_settings(world.settings, names),
        accepted=tuple(
            replace(one, event_id=known("event", one.event_id)) for one in world.accepted
        ),
    )


def _settings(
    settings: Iterable[Setting], names: dict[tuple[str, str], str]
) -> tuple[Setting, ...]:
    """What was set for the known names themselves goes before what was set for a spelling.

    Where spellings contradict each other, nobody knows.
    """
    found: dict[tuple[str, str], Setting] = {}
    own: list[Setting] = []
    others: list[Setting] = []
    for setting in settings:
        campaign = names.get(("campaign", setting.campaign), setting.campaign)
        event = names.get(("event", setting.event), setting.event)
        is_own = (campaign, event) == (setting.campaign, setting.event)
        (own if is_own else others).append(replace(setting, campaign=campaign, event=event))
    for setting in own:
        found[setting.campaign, setting.event] = setting
    for place in {(setting.campaign, setting.event) for setting in others} - found.keys():
        said = [s for s in others if (s.campaign, s.event) == place]
        conversion, repeats = ({getattr(s, n) for s in said} for n in _ANSWERS)
        found[place] = Setting(
            *place,
            conversion.pop() if len(conversion) == 1 else "unknown",
            repeats.pop() if len(repeats) == 1 else "unknown",
        )
    return tuple(found[place] for place in sorted(found))
