"""The only door to the network: one postback, one answer, never an exception for an answer.

Nothing here sends twice or follows a redirect. Of httpx only its transport is used, which does
neither: the client around it keeps cookies, joins addresses and follows rules that a postback has
no use for, and that take a quarter of its time.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from reconcile.errors import NotAllowed
from reconcile.firing.policy import checked_host
from reconcile.firing.states import Trouble

MOST_READ = 64 * 1024
# A plan has one address a campaign; a lane keeps as many of them.
_ADDRESSES = 1024
Transport = httpx.AsyncBaseTransport

_HEADERS = [
    (b"Accept", b"application/json"),
    (b"Accept-Encoding", b"identity"),
    (b"Content-Type", b"application/json"),
    (b"User-Agent", f"reconcile (httpx {httpx.__version__})".encode()),
]

# Whether the platform can have read a request, for every way httpx can fail. Most particular
# first. What is not listed counts as sent: a wrong "not sent" would double an event.
TROUBLES: dict[type[Exception], Trouble] = {
    httpx.ConnectTimeout: Trouble.NOT_SENT,
    httpx.ConnectError: Trouble.NOT_SENT,  # refused, DNS, TLS
    httpx.PoolTimeout: Trouble.NOT_SENT,
    httpx.UnsupportedProtocol: Trouble.NOT_SENT,
    httpx.ProxyError: Trouble.NO_ANSWER,
    httpx.ReadTimeout: Trouble.NO_ANSWER,
    httpx.WriteTimeout: Trouble.NO_ANSWER,
    httpx.ReadError: Trouble.NO_ANSWER,
    httpx.WriteError: Trouble.NO_ANSWER,
    httpx.CloseError: Trouble.NO_ANSWER,
    httpx.LocalProtocolError: Trouble.NO_ANSWER,
    httpx.RemoteProtocolError: Trouble.NO_ANSWER,
    httpx.DecodingError: Trouble.NO_ANSWER,
    httpx.TooManyRedirects: Trouble.NO_ANSWER,
    httpx.HTTPStatusError: Trouble.NO_ANSWER,
    httpx.StreamError: Trouble.NO_ANSWER,
    httpx.InvalidURL: Trouble.NO_ANSWER,
    httpx.CookieConflict: Trouble.NO_ANSWER,
}


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is None when it was too long or did not arrive whole."""

    status: int | None = None
    body: bytes | None = None
    error: Trouble | None = None
    retry_after: str | None = None


@dataclass(frozen=True)
class Patience:
    """How long a sender waits, in seconds; the deadline is for a postback as a whole."""

    connect: float = 5.0
    read: float = 15.0
    deadline: float = 15.0


@dataclass(frozen=True)
class Network:
    """What lanes connect through: shared, because reading certificates takes time and memory."""

    allowed: Collection[str] = ()
    """Hosts that may be fired at, beside this machine."""
    tls: ssl.SSLContext | None = None
    """Which certificates to trust; those of the machine if None."""
    transport: Transport | None = None
    """Stands in for the network in tests."""


class Lane:
    """One postback at a time over a connection of its own.

    Shared pools cost CPU that grows with the square of the lanes. `reuse` keeps the connection
    open between postbacks: never where a postback may be sent only once, for a server that
    closes an idle connection at the same moment leaves the outcome unknown.
    """

    def __init__(
        self,
        host: str,
        *,
        reuse: bool,
        patience: Patience | None = None,
        network: Network | None = None,
    ) -> None:
        """Prepare a lane to a host that the network allows."""
        network = network or Network()
        self.host = checked_host(host, network.allowed)
        self._reuse = reuse
        self._tls = network.tls or tls_for(self.host)
        self._patience = patience or Patience()
        self._extensions = {"timeout": self._timeouts()}
        self._given = network.transport
        self._transport = self._new_transport()
        self._addresses: dict[str, httpx.URL] = {}

    async def send(self, path: str, body: bytes) -> Answer:
        """Post these bytes once and return what came back.

        Raises:
            NotAllowed: The request as built would not go to this lane's host.
        """
        request = self._built(path, body)
        try:
            async with asyncio.timeout(self._patience.deadline):
                answer = await self._posted(request)
        except Exception as error:  # an answer is a state, never an exception
            # A cancelled request can leave a pool of one that answers PoolTimeout for ever.
            await self._renew()
            return Answer(error=trouble_of(error))
        return answer

    async def aclose(self) -> None:
        """Close the connection."""
        await self._transport.aclose()

    def _built(self, path: str, body: bytes) -> httpx.Request:
        """Return the request, once it is certain that it goes to the host of the approved plan."""
        url = self._addresses.get(path) or self._address(path)
        # All headers are given, because to work them out takes httpx ten times as long.
        own = [(b"Host", url.netloc), (b"Content-Length", b"%d" % len(body)), *_HEADERS]
        stream = httpx.ByteStream(body)
        request = httpx.Request(
            "POST", url, headers=own, stream=stream, extensions=self._extensions
        )
        target = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        if target != self.host or request.url.userinfo:
            raise NotAllowed(
                f"the postback would go to {target}, and the plan is for {self.host}. "
                "Nothing was sent. Cancel the plan and make a new one."
            )
        return request

    def _address(self, path: str) -> httpx.URL:
        try:
            url = httpx.URL(self.host + path)
        except httpx.InvalidURL as error:
            raise NotAllowed(
                f"{self.host + path!r} is no address; mend the campaign's id or org_id of "
                "firing.toml, and make a new plan. Nothing was sent."
            ) from error
        if len(self._addresses) < _ADDRESSES:
            self._addresses[path] = url
        return url

    async def _posted(self, request: httpx.Request) -> Answer:
        response = await self._transport.handle_async_request(request)
        stream = response.stream
        if not isinstance(stream, httpx.AsyncByteStream):
            raise TypeError("an answer whose body cannot be waited for")
        try:
            body: bytes | None = b""
            async for part in stream:
                body = (body or b"") + part
                if len(body) > MOST_READ:
                    body = None
                    break
        finally:
            await stream.aclose()
        return Answer(response.status_code, body, None, response.headers.get("retry-after"))

    async def _renew(self) -> None:
        old, self._transport = self._transport, self._new_transport()
        await old.aclose()

    def _new_transport(self) -> Transport:
        if self._given is not None:
            return self._given
        limits = httpx.Limits(
            max_connections=1, max_keepalive_connections=int(self._reuse), keepalive_expiry=4
        )
        return httpx.AsyncHTTPTransport(verify=self._tls, limits=limits, trust_env=False)

    def _timeouts(self) -> dict[str, float | None]:
        patience = self._patience
        return httpx.Timeout(patience.read, connect=patience.connect, pool=1).as_dict()


def tls_for(host: str) -> ssl.SSLContext:
    """Return what proves a host: certificates that the machine trusts; none where none are used."""
    if host.startswith("https:"):
        return ssl.create_default_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is made in no time


def trouble_of(error: Exception) -> Trouble:
    """Say whether the platform can have read a request that failed like this."""
    for kind, trouble in TROUBLES.items():
        if isinstance(error, kind):
            return trouble
    return Trouble.NO_ANSWER
