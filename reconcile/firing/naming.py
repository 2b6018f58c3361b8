"""Which spellings of campaigns and events are one: a postback has one place under all its names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Words = Mapping[str, str]
"""Spelling to the name it stands for."""


@dataclass(frozen=True)
class Names:
    """The known names of campaigns and events; a spelling that is no alias stands for itself."""

    campaigns: Words = field(default_factory=dict)
    events: Words = field(default_factory=dict)

    def campaign(self, spelling: str) -> str:
        """Return the known name of a campaign."""
        return self.campaigns.get(spelling, spelling)

    def event(self, spelling: str) -> str:
        """Return the known name of an event."""
        return self.events.get(spelling, spelling)

    def others(self, campaign: str, event: str) -> list[tuple[str, str]]:
        """Return what else a campaign and an event may be called together; mostly nothing."""
        same_campaigns = self._campaigns.get(self.campaign(campaign), (campaign,))
        same_events = self._events.get(self.event(event), (event,))
        pairs = [(one, other) for one in same_campaigns for other in same_events]
        return [pair for pair in pairs if pair != (campaign, event)]

    @cached_property
    def _campaigns(self) -> dict[str, list[str]]:
        return _spellings(self.campaigns)

    @cached_property
    def _events(self) -> dict[str, list[str]]:
        return _spellings(self.events)


def _spellings(words: Words) -> dict[str, list[str]]:
    """Return all spellings of each name, itself included."""
    found = defaultdict[str, list[str]](list)
    for spelling, name in sorted(words.items()):
        found[name].append(spelling)
    return {name: [name, *spellings] for name, spellings in found.items()}


def joined(said: Iterable[Words]) -> dict[str, str]:
    """Return one name for all that was ever said to be one: the last that makes no circle."""
    above: dict[str, str] = {}

    def name_of(spelling: str) -> str:
        while spelling in above:
            spelling = above[spelling]
        return spelling

    for words in said:
        for spelling, name in words.items():
            one, other = name_of(spelling), name_of(name)
            if one != other:
                above[one] = other
    return {spelling: name_of(spelling) for spelling in above}
