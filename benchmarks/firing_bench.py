"""How fast firing is, and what its durability costs; printed, against the goals it has.

    python -m benchmarks.firing_bench                  everything but the million
    python -m benchmarks.firing_bench --rows 200000    flat memory over that many
    python -m benchmarks.firing_bench --million --rows 1000000     planning, recovery, chain

Everything goes to a small server in another process on this machine; nothing leaves it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

import httpx
import psutil  # type: ignore[import-untyped]

from reconcile.firing import (
    Ledger,
    Mode,
    Pace,
    PostbackNeed,
    approve,
    fire,
    make_plan,
    open_ledger,
)
from reconcile.firing.engine import Means
from reconcile.firing.queue import Queue
from reconcile.firing.sender import Lane
from reconcile.terms import Known

LANES = 32
WAYS = ("durable", "lanes", "shared")
# All ways in turn, so many times, and the middle of each ratio: what else the machine does may
# take a half more from one of them, and seldom from the same one.
ROUNDS = 12
MOST_MEMORY = 80.0
_SCATTER = 0x9E3779B97F4A7C15
SERVER = """
import asyncio
BODY = b'{"status":"success","type":"event","message":"Event fired"}'
ANSWER = (b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: "
          + str(len(BODY)).encode() + b"\\r\\n\\r\\n" + BODY)
class Answers(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.read = transport, b""
    def data_received(self, data):
        self.read += data
        while b"\\r\\n\\r\\n" in self.read:
            head, _, rest = self.read.partition(b"\\r\\n\\r\\n")
            size = int(head.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0])
            if len(rest) < size:
                return
            self.read = rest[size:]
            self.transport.write(ANSWER)
async def main():
    server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@dataclass(frozen=True)
class Measured:
    """What one way of sending took, in a process of its own."""

    rate: float
    """Requests a second."""
    cpu: float
    """Microseconds of that process a request."""
    memory: float
    """Most megabytes of that process."""
    grown: float = 0.0
    """Megabytes more at the end than after a quarter."""


def main() -> None:
    """Measure what was asked for, print it, and fail if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=4_000)
    parser.add_argument("--million", action="store_true", help="plan, recover, check the chain")
    parser.add_argument("--way", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        way, host, home = asked.way
        print(json.dumps(asdict(_sent(way, host, Path(home), asked.rows))))
        return
    with tempfile.TemporaryDirectory() as folder:
        measure = _million if asked.million else _sending
        lines = measure(Path(folder), asked.rows)
        missed = [text for text, holds in lines if not holds]
    for text, holds in lines:
        print(f"{'reached' if holds else 'MISSED '}  {text}")
    sys.exit(bool(missed))


def _sending(home: Path, rows: int) -> list[tuple[str, bool]]:
    series: list[list[Measured]] = []
    with _server() as host:
        for number in range(ROUNDS):
            own = home / str(number)
            with _ledger(own) as (_, plan):
                plan(host, rows)
            series.append([_in_process(way, host, own, rows) for way in WAYS])
    durable, lanes, shared = (_median(each) for each in zip(*series, strict=True))
    ratio = median(here.rate / there.rate for here, there, _ in series)
    cpu = median(here.cpu / there.cpu for here, _, there in series)
    rates = f"{durable.rate:,.0f} requests/s with the ledger, {lanes.rate:,.0f} without"
    costs = f"{durable.cpu:,.0f} µs of CPU a postback, {shared.cpu:,.0f} with one shared client"
    memory = (
        f"{durable.memory:,.0f} MB at most, {durable.grown:,.1f} MB more after the first quarter"
    )
    return [
        (f"{rates}: {ratio:.2f} (at least 0.5)", ratio >= 0.5),
        (f"{costs}, {LANES} in flight: {cpu:.2f} (at most 0.5)", cpu <= 0.5),
        (f"{memory} of {rows:,} (at most {MOST_MEMORY:.0f})", durable.memory <= MOST_MEMORY),
    ]


def _median(many: Sequence[Measured]) -> Measured:
    """Return the middle of each figure, of memory the most."""
    return Measured(
        median(each.rate for each in many),
        median(each.cpu for each in many),
        max(each.memory for each in many),
        max(each.grown for each in many),
    )


def _in_process(way: str, host: str, home: Path, rows: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.firing_bench", "--rows", str(rows)]
    done = subprocess.run(
        [*command, "--way", way, host, str(home)], stdout=subprocess.PIPE, text=True, check=True
    )
    return Measured(**json.loads(done.stdout))


def _sent(way: str, host: str, home: Path, rows: int) -> Measured:
    """Send all rows in one way and measure it."""
    seen: list[tuple[int, float]] = []

    def job() -> None:
        if way == "lanes":
            asyncio.run(_own_lanes(host, rows))
        elif way == "shared":
            asyncio.run(_one_client(host, rows))
        else:
            ledger = open_ledger(home)
            watch = Means(watch=lambda now: seen.append((now.done, _megabytes())))
            fire(ledger, 1, pace=_pace(), means=watch)
            ledger.close()

    start = time.perf_counter()
    cpu, _ = _cpu_of(job)
    seconds = time.perf_counter() - start
    peak = max([_most_megabytes(), *(size for _, size in seen)])
    later = [size for done, size in seen if done >= rows / 4]
    grown = later[-1] - later[0] if later else 0.0
    return Measured(rows / seconds, cpu / rows * 1e6, peak, grown)


def _million(home: Path, rows: int) -> list[tuple[str, bool]]:
    with _ledger(home) as (ledger, _):
        planning, number = _cpu_of(lambda: _planned(ledger, "http://127.0.0.1:9", rows))
        phrase = ledger.plan_row(number)["phrase"]
        approving, _ = _cpu_of(lambda: approve(ledger, number, phrase))
        _leave_sending(ledger, number)
        recovery, _ = _cpu_of(lambda: ledger.begin_run(number, process=1))
        _lengthen(ledger, rows)
        check, broken = _cpu_of(ledger.audit_break)
    planned = f"planning {rows:,} postbacks: {planning:.1f} s of CPU (at most 30)"
    checked = f"checking a chain of {rows:,}: {check:.1f} s (at most 10)"
    return [
        (f"{planned}; approving them {approving:.1f} s", planning <= 30),
        (f"recovery among {rows:,}: {recovery:.2f} s (at most 1)", recovery <= 1),
        (checked, check <= 10 and not broken),
    ]


@contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output")
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


@contextmanager
def _ledger(home: Path) -> Iterator[tuple[Ledger, Callable[[str, int], int]]]:
    ledger = open_ledger(home)

    def plan(host: str, rows: int) -> int:
        number = _planned(ledger, host, rows)
        approve(ledger, number, ledger.plan_row(number)["phrase"])
        return number

    yield ledger, plan
    ledger.close()


def _planned(ledger: Ledger, host: str, rows: int) -> int:
    return make_plan(ledger, _needs(rows), host=host).id


def _needs(rows: int) -> Iterator[PostbackNeed]:
    """Make needs as a month has them: ids in no order, of many campaigns, sources and amounts."""
    start = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)
    amounts = [Decimal(500 + 7 * n).scaleb(-2) for n in range(10_000)]
    for n in range(rows):
        scattered = n * _SCATTER % 2**64
        yield PostbackNeed(
            finding_ref=f"claim:{n}",
            campaign_id=f"66f1a20b9c3d4e5f607182{scattered % 20:02d}",
            event_id="sale",
            transaction_id=f"{scattered:024x}",
            revenue=amounts[scattered % 9973],
            occurred_at=start + timedelta(seconds=scattered % 2_592_000),
            pid=f"s{scattered % 97}",
            buyer=f"buyer {scattered % 7}",
            currency="USD",
            claim_file="acme_november.csv",
            claim_line=n,
            allows_repeat=Known.NO,
        )


def _pace() -> Pace:
    return Pace(rate=1_000_000, lanes=((Mode.DEDUPE, LANES), (Mode.ONCE, 1)))


async def _own_lanes(host: str, rows: int) -> None:
    """Send with the same lanes and without a ledger."""
    left = iter(range(rows))

    async def work() -> None:
        lane = Lane(host, reuse=True)
        for n in left:
            await lane.send("/api/event/c1", _body(n))
        await lane.aclose()

    await asyncio.gather(*(work() for _ in range(LANES)))


async def _one_client(host: str, rows: int) -> None:
    """Send with one client of httpx for all, as it comes."""
    left = iter(range(rows))
    async with httpx.AsyncClient(trust_env=False) as client:

        async def work() -> None:
            for n in left:
                await client.post(f"{host}/api/event/c1", content=_body(n))

        await asyncio.gather(*(work() for _ in range(LANES)))


def _body(n: int) -> bytes:
    return b'{"amount":40.00,"event_id":"sale","transaction_id":"%024x"}' % n


def _cpu_of(job: Callable[[], object]) -> tuple[float, int]:
    """Return the seconds of CPU that a job takes, as the clock also counts others' work."""
    start = time.process_time()
    found = job()
    return time.process_time() - start, found if isinstance(found, int) else 0


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 1024 / 1024


def _most_megabytes() -> float:
    """Return the most that this process has held; what getrusage says is its parent's, too."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # not Linux: the samples have to do
        return 0.0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _leave_sending(ledger: Ledger, plan: int) -> None:
    """Leave a block as a killed process does."""

    async def take() -> None:
        queue = Queue(ledger, plan, ledger.begin_run(plan, process=1))
        await queue.take(Mode.DEDUPE, 256)
        queue.close()

    asyncio.run(take())


def _lengthen(ledger: Ledger, links: int) -> None:
    """Make the chain as long as so many postbacks sent one by one would."""
    for start in range(0, links, 10_000):
        with ledger.entries("fire") as note:
            for n in range(start, min(start + 10_000, links)):
                note({"run": 1, "taken": [[n, n]]})


if __name__ == "__main__":
    main()
