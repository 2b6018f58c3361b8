"""The dashboard: `streamlit run app.py`. Screens are in views/; what is around them is here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconcile import ReconcileError, known_runs, open_store

_HEADERS = {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class SecurityHeaders:
    """Forbid framing, guessing of types and referrers: Streamlit itself sets none of these."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer over HTTP."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


async def ready(_: Request) -> JSONResponse:
    """Answer 200 if the warehouse can be read, else 503 without saying where it lies."""
    try:
        with open_store() as store:
            return JSONResponse({"ready": True, "runs": len(known_runs(store))})
    except (ReconcileError, OSError):
        return JSONResponse({"ready": False}, status_code=503)


@asynccontextmanager
async def warm(_: st.App) -> AsyncIterator[None]:
    """Import what the first page needs before anybody waits for it (1 to 2 s)."""
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    yield


app = st.App(
    "views/main.py",
    lifespan=warm,
    routes=[Route("/ready", ready)],
    middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, minimum_size=1000)],
)
