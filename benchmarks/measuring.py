"""Wall and CPU seconds and peak memory of commands, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from tempfile import TemporaryFile
from typing import Any

from benchmarks.places import ROOT, surroundings

Taken = dict[str, float]
"""One measurement: `wall` and `cpu` in seconds, `memory` in MB."""

# Linux gives the peak in KiB, macOS in bytes.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def run(command: list[str], *, fine: tuple[int, ...] = (0,)) -> tuple[Taken, dict[str, Any]]:
    """Run a command and return what it took, and what its last line says as JSON.

    CPU is user and system time of the process and its children; memory the peak of the largest.

    Raises:
        SystemExit: It ended with an exit code that is not `fine`.
    """
    with TemporaryFile() as out, TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings(), stdout=out, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        said, complaint = out.read().decode(), errors.read().decode()
    if process.returncode not in fine:
        raise SystemExit(f"{' '.join(command)}\n{said}{complaint}ended with {process.returncode}")
    taken = {
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * _PEAK_UNIT / 1e6,
    }
    return taken, _last_line(said)


def _last_line(said: str) -> dict[str, Any]:
    line = said.strip().rpartition("\n")[2]
    return dict(json.loads(line)) if line.startswith("{") and line.endswith("}") else {}
