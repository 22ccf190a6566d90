"""Small servers for the far sides of the channel, each on a port of its own in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FarSide:
    """Serves until closed; ``loop`` is where its handlers run."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.port = 0
        self.open()

    def open(self) -> None:
        """Serves, again on the port it had before."""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def url(self) -> str:
        """By name: everything that carries a host must carry the same one."""
        return f"http://localhost:{self.port}"

    def close(self) -> None:
        """Nobody listens any more."""
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._over.set)
            self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application(client_max_size=40 << 20)
        app.router.add_route("*", "/{path:.*}", self._handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._ready.set()
        await self._over.wait()
        await runner.cleanup()
