"""Whether a chat takes our messages: people block the bot and let it back in."""

from __future__ import annotations

from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus, ChatType

from express_bot.channels.core_service import CoreService
from express_bot.channels.telegram.people import People

BLOCKED = "blocked"


class Members:
    """Notes where nothing can be delivered any more, and where it can again."""

    def __init__(self, service: CoreService, people: People) -> None:
        self._service = service
        self._people = people

    async def changed(self, change: ChatMemberUpdated) -> None:
        """Groups are nobody's address. Whoever unblocks the bot is heard, and that alone opens the way again."""
        if change.chat.type != ChatType.PRIVATE:
            return
        if change.new_chat_member.status == ChatMemberStatus.BANNED:
            await self._service.stop_address(str(change.chat.id), BLOCKED)
        else:
            await self._people.know(change.from_user, str(change.chat.id))
