"""How much memory an engine may use, and in how many parts work has to be cut to stay within it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from reconcile.errors import BadParameters, TooLittleMemory

MEMORY_VARIABLE = "RECONCILE_MEMORY"

_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMG]I?B)", re.IGNORECASE)
_LEAST = 128 * 2**20
_BYTES_A_ROW = 60  # of facts and joins, for each row of leads, events or claims; as measured
_MANY_ROWS = 6_000_000
_WINDOWS_GUESS = 8 * 2**30  # Windows has no sysconf; RECONCILE_MEMORY says it better


def memory_limit(stated: str | None = None) -> int:
    """Return the bytes an engine may use: as stated, else RECONCILE_MEMORY, else half of all.

    Args:
        stated: Such as "512MB" or "2GiB".

    Raises:
        BadParameters: It is no size, or less than an engine needs.
    """
    text = stated or os.environ.get(MEMORY_VARIABLE)
    if not text:
        return max(_LEAST, _memory_of_machine() // 2)
    size = _SIZE.fullmatch(text.strip())
    if size is None:
        raise BadParameters(f'memory limit "{text}": is no size. Write it like 512MB or 2GiB.')
    limit = int(float(size[1]) * _UNITS[size[2].upper()])
    if limit < _LEAST:
        raise BadParameters(
            f'memory limit "{text}": the least an engine works with is {_LEAST >> 20}MiB.'
        )
    return limit


def ranges_for(rows: int, limit: int) -> int:
    """Return into how many ranges of the match key so many rows have to be cut for a limit.

    A range holds its rows' facts and the tables that join them, beside what belongs to the whole.
    Every range reads all rows once more, so that there are as few as will do; the first few cost
    next to nothing and bound the memory of many rows.
    """
    least = min(3, 1 + rows // _MANY_ROWS)
    return max(least, -(-rows * _BYTES_A_ROW // (limit // 2)))


def too_little(limit: int, said: str) -> TooLittleMemory:
    """Return the error of a step that does not fit into a limit, with what the engine said."""
    more = f"{max(1, limit * 2 // 10**9)}GB"
    return TooLittleMemory(
        f"A step needs more memory than the limit of {limit // 10**6:,} MB allows. Allow more, for "
        f"example --memory-limit {more} or {MEMORY_VARIABLE}={more}, or take a shorter period. "
        f"The engine said: {said.strip().splitlines()[0]}"
    )


def _memory_of_machine() -> int:
    """Return the bytes this process could use: of the machine, or of its container."""
    if not hasattr(os, "sysconf"):
        return _WINDOWS_GUESS
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([pages, *_container_limits()])


def _container_limits() -> list[int]:
    texts = [Path(path).read_text() for path in _CGROUP_LIMITS if Path(path).is_file()]
    return [int(text) for text in texts if text.strip().isdigit()]
