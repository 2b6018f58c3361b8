"""The only door to the network: every failure has a name, and no request leaves the plan's host."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest
from pytest_socket import SocketConnectBlockedError

from reconcile.errors import NotAllowed
from reconcile.firing.sender import (
    MOST_READ,
    TROUBLES,
    Answer,
    Lane,
    Network,
    Patience,
    trouble_of,
)
from reconcile.firing.states import Trouble

HOST = "http://127.0.0.1:8900"
PROVEN_NOT_SENT = {
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol,
}  # fmt: skip


def send(lane, path="/api/event/c1"):
    """Send one postback through a lane and close it."""

    async def job():
        try:
            return await lane.send(path, b"{}")
        finally:
            await lane.aclose()

    return asyncio.run(job())


def lane(handler, **changes):
    """Return a lane whose network is a plain function."""
    network = Network(transport=httpx.MockTransport(handler))
    return Lane(HOST, reuse=False, network=network, **changes)


def reply(status, content=b"", headers=None):
    """Return an answer that is still to be read, as from a socket."""
    return httpx.Response(status, stream=httpx.ByteStream(content), headers=headers)


def leaves(kind):
    """Yield the exceptions below one of httpx's that have none below them."""
    below = kind.__subclasses__()
    yield from (leaf for each in below for leaf in leaves(each)) if below else [kind]


def all_failures():
    """Return every failure httpx can raise, by looking."""
    public = [getattr(httpx, name) for name in httpx.__all__]
    errors = [each for each in public if isinstance(each, type) and issubclass(each, Exception)]
    return sorted(
        {leaf for each in errors for leaf in leaves(each)}, key=lambda kind: kind.__name__
    )


@pytest.mark.parametrize("kind", all_failures(), ids=lambda kind: kind.__name__)
def test_every_failure_of_httpx_has_a_state(kind):
    """A new class in a new release fails here until somebody has thought about it."""
    assert any(issubclass(kind, known) for known in TROUBLES)
    bare = kind.__new__(kind)
    expected = Trouble.NOT_SENT if kind in PROVEN_NOT_SENT else Trouble.NO_ANSWER
    assert trouble_of(bare) is expected


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadError, RuntimeError, OSError])
def test_a_failure_becomes_an_answer_and_the_lane_goes_on(kind):
    """After any error the lane has a new connection, and the next postback is answered."""
    calls = []

    def network(request):
        calls.append(request)
        if len(calls) == 1:
            raise kind("broken")
        return reply(200, b'{"status":"success"}')

    async def job():
        sender = lane(network)
        answers = [await sender.send("/api/event/c1", b"{}") for _ in range(2)]
        await sender.aclose()
        return answers

    first, second = asyncio.run(job())
    assert first.error in (Trouble.NOT_SENT, Trouble.NO_ANSWER)
    assert (second.status, second.body) == (200, b'{"status":"success"}')
    assert len(calls) == 2


def test_the_bytes_are_sent_as_they_are_and_redirects_are_not_followed():
    """One request, exactly the planned bytes, no cookie from an earlier answer."""
    seen = []

    def network(request):
        seen.append((str(request.url), request.content, request.headers.get("cookie")))
        return reply(307, headers={"location": "http://x/", "set-cookie": "a=1"})

    async def job():
        sender = lane(network)
        for _ in range(2):
            answer = await sender.send("/api/event/a%2Fb", b'{"amount":40.00}')
        await sender.aclose()
        return answer

    assert asyncio.run(job()).status == 307
    assert seen == [(f"{HOST}/api/event/a%2Fb", b'{"amount":40.00}', None)] * 2


@pytest.mark.parametrize("path", ["@example.com/api/event/c1", ".example.com/x", "1/api"])
def test_a_request_that_would_go_elsewhere_is_never_sent(path):
    """The host is looked at on the request as built, not on what it was built from."""
    seen = []
    sender = lane(lambda request: seen.append(request) or reply(200))
    with pytest.raises(NotAllowed):
        send(sender, path)
    assert seen == []


def test_a_real_host_gets_no_lane():
    """Only the sandbox may be fired at."""
    with pytest.raises(NotAllowed, match="not a target"):
        Lane("https://api.pingtree.com", reuse=False)


def test_a_long_answer_is_cut_off_and_a_wait_is_read():
    """5 MB are not read into memory; the header that asks to wait is kept."""
    big = lane(lambda _: reply(200, b"x" * 5_000_000))
    edge = lane(lambda _: reply(200, b"x" * MOST_READ))
    busy = lane(lambda _: reply(429, headers={"retry-after": "7"}))
    assert send(big) == Answer(200, None)
    assert send(edge).body == b"x" * MOST_READ
    assert send(busy) == Answer(429, b"", None, "7")


def test_an_answer_that_never_comes_ends_at_the_deadline():
    """The deadline is for the postback as a whole; afterwards it may have been stored."""

    async def silence(_):
        await asyncio.Event().wait()

    assert send(lane(silence, patience=Patience(deadline=0.05))).error is Trouble.NO_ANSWER


def test_no_test_of_firing_can_reach_another_machine():
    """The guard that all of them stand under."""
    with (
        socket.socket() as door,
        pytest.warns(UserWarning, match=r"192\.0\.2\.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        door.connect(("192.0.2.1", 9))


def test_a_port_where_nobody_listens_is_proven_not_sent():
    """A refused connection over a real socket."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert send(Lane(f"http://127.0.0.1:{port}", reuse=True)) == Answer(error=Trouble.NOT_SENT)
