"""How far a firing run is: rate, states and the time it will still take."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconcile.firing.states import DUE, PostbackState

_EVERY = 0.2


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    done: int
    """Postbacks that this run has brought to an end."""
    left: int
    rate: float
    """Attempts a second since it began."""
    states: Mapping[PostbackState, int]
    """How many attempts ended in each state."""

    @property
    def seconds_left(self) -> float | None:
        """Return how long the rest will take at this rate; None before anything was answered."""
        return self.left / self.rate if self.rate else None


class Meter:
    """Counts attempts and tells a few times a second what they come to."""

    def __init__(
        self,
        counts: Mapping[PostbackState, int],
        watch: Callable[[Progress], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start from what the ledger counts; `clock` gives seconds."""
        self._all = sum(counts.get(state, 0) for state in DUE)
        self._watch = watch
        self._clock = clock
        self._began = self._told = clock()
        self._states: Counter[PostbackState] = Counter()

    def count(self, state: PostbackState) -> None:
        """Count one attempt by the state it ended in."""
        self._states[state] += 1
        if self._clock() - self._told >= _EVERY:
            self.tell()

    def tell(self) -> None:
        """Tell how far it is."""
        self._told = self._clock()
        done = self._states.total() - self._states[PostbackState.RETRYABLE]
        rate = self._states.total() / max(self._told - self._began, 0.001)
        self._watch(Progress(done, max(self._all - done, 0), rate, dict(self._states)))
