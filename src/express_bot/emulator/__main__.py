"""``python -m express_bot.emulator``: the local messenger as a process, told by its environment (``options.py``)."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import suppress

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from express_bot.emulator.app import create_app
from express_bot.emulator.options import Options, Refused, read

#: How long the ends of streams take to reach their readers, in seconds.
CALLS_END = 0.2


def main() -> int:
    """Serve until told to end; a refusal is one sentence and exit code 1."""
    try:
        options = read()
        ensure_free(options.port)
    except Refused as refused:
        print(refused, file=sys.stderr)  # noqa: T201 # the one thing it has to say before it has a log
        return 1
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(options))
    return 0


async def serve(options: Options) -> None:
    """One process with everything in its memory."""
    app = create_app(options)
    server = Server(
        app,
        address="127.0.0.1",
        port=options.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()

    def leave() -> None:
        """The server waits for calls in flight, and a stream of events never ends by itself."""
        app.state.messenger.world.feed.close()
        loop.call_later(CALLS_END, server.stop)

    for told_to_go in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told_to_go, leave)
    await server.serve()


def ensure_free(port: int) -> None:
    """The server would share a taken port with the one that has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refused("port_busy", port=port) from None


if __name__ == "__main__":
    sys.exit(main())
