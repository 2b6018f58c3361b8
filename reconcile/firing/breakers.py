"""What stops or holds back a run by itself: breakers for the host and for each source."""

from __future__ import annotations

import asyncio
from collections import deque

from reconcile.firing.attempts import Taken
from reconcile.firing.policy import Verdict, Wait
from reconcile.firing.states import PostbackState, Reason

_OPEN = (PostbackState.RETRYABLE, PostbackState.UNKNOWN)


class Breaker:
    """Says when so much goes wrong that the plan must stop; one for a whole run."""

    def __init__(self) -> None:
        """Start without any attempt seen."""
        self._last: deque[bool] = deque(maxlen=50)
        self._in_a_row = 0
        self._unclassified = 0
        self._sends = 0
        self._retries = 0

    def feed(self, verdict: Verdict) -> str | None:
        """Count one attempt; return why to stop, None to go on."""
        is_open = verdict.state in _OPEN
        self._last.append(is_open)
        self._sends += 1
        self._in_a_row = self._in_a_row + 1 if is_open else 0
        self._unclassified += is_open and verdict.reason in (Reason.UNCLASSIFIED, Reason.FORBIDDEN)
        # Waiting for a lock or for the host is what was asked for; it has limits of its own.
        self._retries += verdict.state is PostbackState.RETRYABLE and verdict.wait is Wait.BACKOFF
        if self._unclassified >= 3:
            return "3 answers in words that are not in the table"
        if self._in_a_row >= 5:
            return "5 attempts in a row without a final answer"
        if len(self._last) == self._last.maxlen and sum(self._last) > len(self._last) / 5:
            return "more than a fifth of the last 50 attempts without a final answer"
        if self._retries > max(3, self._sends / 10):
            return "more than a tenth of the attempts would be sent again"
        return None


class Sources:
    """Lets one postback of each source go first: if the source is inactive, no other is sent."""

    def __init__(self) -> None:
        """Start without knowing any source."""
        self._turns: dict[tuple[str, str | None], asyncio.Lock] = {}
        self._active: set[tuple[str, str | None]] = set()
        self._inactive: set[tuple[str, str | None]] = set()

    async def cleared(self, taken: Taken) -> bool:
        """Wait for this postback's turn; False says that its source is inactive."""
        source = (taken.campaign_id, taken.pid)
        if source not in self._active and source not in self._inactive:
            await self._turns.setdefault(source, asyncio.Lock()).acquire()
            if source in self._active or source in self._inactive:
                self._release(source)
        return source not in self._inactive

    def answered(self, taken: Taken, verdict: Verdict | None) -> None:
        """Note what a postback tells of its source; None if it was not sent after all."""
        source = (taken.campaign_id, taken.pid)
        if verdict is not None and verdict.reason is Reason.INACTIVE:
            self._inactive.add(source)
        elif verdict is not None and verdict.state not in _OPEN:
            self._active.add(source)
        self._release(source)

    def _release(self, source: tuple[str, str | None]) -> None:
        turn = self._turns.get(source)
        if turn is not None and turn.locked():
            turn.release()
