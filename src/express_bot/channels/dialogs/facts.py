"""What the core knows, asked at most once per event and only when it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

from express_bot.channels.dialogs.door import Acting, CoreDoor, Json

#: The latest applications of a person: enough for repeat chips and for the one that fills the limit.
LATEST = 20


class Facts:
    """One event's view of the core."""

    def __init__(self, core: CoreDoor, who: Callable[[], Acting]) -> None:
        self._core = core
        self._who = who
        self._known: dict[str, asyncio.Future[Any]] = {}

    def forget(self) -> None:
        """Something has changed: everything is asked anew."""
        self._known.clear()

    async def info(self) -> Json:
        return cast("Json", await self._once("info", lambda: self._core.info(self._who())))

    async def me(self) -> Json:
        return cast("Json", await self._once("me", lambda: self._core.profile(self._who())))

    async def form(self, form: str) -> Json:
        """The compiled form with its period."""
        return cast("Json", await self._once(f"form:{form}", lambda: self._core.form(self._who(), form)))

    async def draft(self, form: str) -> Json | None:
        return cast("Json | None", await self._once(f"draft:{form}", lambda: self._core.read_draft(self._who(), form)))

    async def periods(self, form: str) -> list[Json]:
        """The last, the open and the next period of a form."""
        answer = await self._once(f"periods:{form}", lambda: self._core.periods(self._who(), form))
        return list(answer["periods"])

    async def latest(self) -> list[Json]:
        """The person's latest applications."""
        page = await self._once("latest", lambda: self._core.applications(self._who(), limit=LATEST))
        return list(page["items"])

    async def application(self, number: str) -> Json:
        return cast("Json", await self._once(f"one:{number}", lambda: self._core.application(self._who(), number)))

    async def links(self) -> Json:
        """The messengers that lead to the person."""
        return cast("Json", await self._once("links", lambda: self._core.links(self._who())))

    async def statistics(self, form: str) -> Json:
        """What has become of the person's applications."""
        return cast("Json", await self._once(f"statistics:{form}", lambda: self._core.statistics(self._who(), form)))

    async def reminder(self, period: int) -> Json:
        """What the person has said about being told of a period."""
        answer = await self._once(f"reminder:{period}", lambda: self._core.reminder(self._who(), period))
        return cast("Json", answer)

    def learn(self, name: str, answer: Json | None) -> None:
        """A change was answered with the new state: no need to ask."""
        known = asyncio.get_running_loop().create_future()
        known.set_result(answer)
        self._known[name] = known

    async def _once(self, name: str, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        if name not in self._known:
            self._known[name] = asyncio.ensure_future(ask())
        return await self._known[name]
