"""BotX as the bot calls it, one module per group of methods (protocol reference §3)."""

from __future__ import annotations

from starlette.routing import Route

from express_bot.emulator.botx import chats, events, files, notifications, rest, smartapps, tokens, users
from express_bot.emulator.botx.door import Door


def routes(door: Door) -> list[Route]:
    """Every method of BotX; a trailing ``/api/botx`` in the server's address is the client's to strip."""
    modules = (tokens, notifications, events, chats, users, smartapps, files, rest)
    return [
        Route(path, door.guard(method, open_to_all=module is tokens), methods=[verb])
        for module in modules
        for verb, path, method in module.METHODS
    ]
