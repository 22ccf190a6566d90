"""A stored event as the library reads it. What servers leave out or write oddly is put right before, where it can be.

The library refuses a whole event for a platform it does not know or a list that is missing (botx.md §2.3); none of this
is worth losing what a person wrote.
"""

from __future__ import annotations

from typing import Any

from pybotx.models.commands import BotAPIIncomingMessage, BotAPISystemEvent, BotCommand
from pybotx.models.enums import BotAPIClientPlatforms
from pydantic import TypeAdapter, ValidationError

from express_bot.channels.base import Hopeless
from express_bot.channels.express import envelope

_LISTS = ("attachments", "entities", "async_files")
_PLATFORMS = frozenset(platform.value for platform in BotAPIClientPlatforms)
_system_event: TypeAdapter[Any] = TypeAdapter(BotAPISystemEvent)


def read(kind: str, payload: dict[str, Any]) -> BotCommand:
    """The event; raises ``Hopeless``."""
    document = completed(payload)
    try:
        if kind == envelope.MESSAGE:
            message: BotCommand = BotAPIIncomingMessage.model_validate(document).to_domain(document)
            return message
        event: BotCommand = _system_event.validate_python(document).to_domain(document)
    except ValidationError as broken:
        places = sorted({".".join(map(str, error["loc"][-3:])) for error in broken.errors()})
        raise Hopeless(f"unreadable: {', '.join(places)}"[:250]) from None
    except Exception as broken:  # its readers of attachments and entities raise whatever comes to their mind
        raise Hopeless(f"unreadable: {type(broken).__name__}") from broken
    return event


def completed(payload: dict[str, Any]) -> dict[str, Any]:
    """The event with every member that the library insists on."""
    lists = {name: payload[name] if isinstance(payload.get(name), list) else [] for name in _LISTS}
    command = {"metadata": {}, **payload["command"]}
    for name in ("data", "metadata"):
        if not isinstance(command.get(name), dict):
            command[name] = {}
    sender = dict(payload["from"])
    if sender.get("platform") not in _PLATFORMS:
        sender["platform"] = None
    if not isinstance(sender.get("device_meta"), dict):
        sender["device_meta"] = None
    return {"source_sync_id": None, **payload, **lists, "command": command, "from": sender}
