"""Is the product well? ``/health`` for people and ``manage_all.sh``, ``live`` and ``ready`` for machines."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from express_bot.core_client import CoreClient, CoreError
from express_bot.gateway.drain import Drain
from express_bot.gateway.spa import Spa

#: The core is asked at most this often, however often we are asked.
REMEMBERED_SECONDS = 0.5
_NO_STORE = {"Cache-Control": "no-store"}


class Messenger(Protocol):
    """A messenger that this gateway speaks to."""

    name: str

    @property
    def state(self) -> str:
        """``ok``, ``starting`` or ``down``."""


class Health:
    """Answers about this gateway and, through it, about the core."""

    def __init__(
        self, core: CoreClient, spa: Spa, drain: Drain, version: str, messengers: Sequence[Messenger] = ()
    ) -> None:
        self._core = core
        self._spa = spa
        self._drain = drain
        self._version = version
        self._messengers = messengers
        self._asked_at = float("-inf")
        self._core_word: dict[str, Any] = {}

    async def overall(self, _request: Request) -> Response:
        """503 only when people cannot be served: without the core there is nothing to file into."""
        core = await self._ask_core()
        own = {"gateway": "leaving" if self._drain.leaving else "ok", "spa": "ok" if self._spa.is_built else "missing"}
        own |= {messenger.name: messenger.state for messenger in self._messengers}
        status = _worst(str(core.get("status")), own)
        body = {"status": status, "components": core["components"] | own, "version": self._version}
        return JSONResponse(body, 503 if status == "down" else 200, _NO_STORE)

    async def live(self, _request: Request) -> Response:
        """The process answers; a supervisor restarts one that does not."""
        return JSONResponse({"status": "ok"}, headers=_NO_STORE)

    async def ready(self, _request: Request) -> Response:
        """Whether to send calls here.

        A silent core does not make the gateway unready: it says so to people in their language, and a balancer that
        took every gateway out at once would leave them with nothing.
        """
        leaving = self._drain.leaving
        return JSONResponse({"status": "down" if leaving else "ok"}, 503 if leaving else 200, _NO_STORE)

    async def _ask_core(self) -> dict[str, Any]:
        if monotonic() - self._asked_at > REMEMBERED_SECONDS:
            self._core_word = await self._core_says()
            self._asked_at = monotonic()
        return self._core_word

    async def _core_says(self) -> dict[str, Any]:
        try:
            word = await self._core.get_health()
        except CoreError:
            return {"status": "down", "components": {"core": "down"}}
        components = word.get("components")
        return word | {"components": {"core": "ok"} | (components if isinstance(components, dict) else {})}


def _worst(core_status: str, own: dict[str, str]) -> str:
    if core_status != "ok":
        return core_status if core_status == "degraded" else "down"
    return "ok" if set(own.values()) == {"ok"} else "degraded"
