"""Files that a messenger has for the conversation, without a messenger."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from express_bot.channels.dialogs.door import Acting

_numbers = count(1)


@dataclass
class SentHere:
    """A file at the far side; ``failure`` is what its taking ends with, ``is_stored``: it had to be taken before."""

    name: str = "plan.pdf"
    type: str = "application/pdf"
    size: int = 1000
    failure: Exception | None = None
    is_stored: bool = False
    taken: int = 0
    id: str = field(default_factory=lambda: str(UUID(int=next(_numbers))))

    @property
    def stored(self) -> str | None:
        return self.id if self.is_stored else None

    async def take(self, who: Acting) -> dict[str, Any]:
        assert who.user_id
        self.taken += 1
        if self.failure is not None:
            raise self.failure
        return {"id": self.id, "name": self.name, "type": self.type, "size": self.size, "state": "ready"}
