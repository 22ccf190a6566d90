"""For this machine alone: the page by its one name, no other page's scripts, no frames around it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from express_bot.emulator.options import Options

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Manners:
    """ASGI middleware around the whole messenger."""

    def __init__(self, app: ASGIApp, *, options: Options) -> None:
        self._app = app
        self._options = options
        self._policy = _policy(options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return

        async def polite(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Content-Security-Policy"] = self._policy
            await send(message)

        await self._app(scope, receive, polite)

    def _refusal(self, scope: Scope) -> Response | None:
        """A foreign name means a foreign page that has had its name pointed here; a foreign origin says so itself."""
        headers = Headers(scope=scope)
        name = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        if name not in LOOPBACK:
            return JSONResponse({"code": "foreign_host"}, 421)
        origin = headers.get("origin")
        if origin and scope["path"].startswith("/emulator/") and urlsplit(origin).hostname not in LOOPBACK:
            return JSONResponse({"code": "foreign_origin"}, 403)
        if scope["path"] == "/" and name != self._options.host:
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"{self._options.url}/{'?' + query if query else ''}")
        return None


def _policy(options: Options) -> str:
    app = urlsplit(options.app_url)
    rules = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        f"frame-src {app.scheme}://{app.netloc}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules)
