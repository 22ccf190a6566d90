"""The product behind the bot, asked over its own public API as the demo's people: drafts, lists, health, the clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
import orjson

from express_bot.emulator.api.inputs import Refusal
from express_bot.emulator.options import Options

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
FORM = "flight"
#: Moments with a name, counted from an event of the open period.
MOMENTS = {
    "day_before_end": ("closes_at", timedelta(days=-1)),
    "closed": ("closes_at", timedelta(hours=1)),
    "publication": ("decision_due_at", timedelta()),
}
#: A session is renewed this many seconds before it ends.
EARLY = 60


class House:
    """A caller with a session per person."""

    def __init__(self, options: Options) -> None:
        self._url = options.app_url
        self._session: aiohttp.ClientSession | None = None
        self._tokens: dict[str, tuple[str, float]] = {}

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def health(self) -> Any:
        """The product's own word about itself."""
        return (await self._call("GET", "/health"))[1]

    async def belongings(self, persona: str) -> dict[str, Any]:
        """Draft, applications, conversations and promises of a person, and the business time they live in."""
        draft = await self._as(persona, "GET", f"/api/smartapp/draft?form={FORM}")
        applications = await self._as(persona, "GET", "/api/smartapp/applications")
        info = await self._as(persona, "GET", "/api/smartapp/info")
        inside = await self._as(persona, "GET", "/api/demo/inside")
        return {"draft": draft, "applications": applications, "now": info["server_time"], **inside}

    async def trail(self) -> list[dict[str, Any]]:
        """What core and queue have just done, oldest first; raises ``Refusal``."""
        lines: list[dict[str, Any]] = (await self._as("admin", "GET", "/api/demo/trail")).get("lines", [])
        return lines

    async def clear(self, persona: str) -> None:
        """Takes back what a person has filed and throws the draft away, so that a demonstration can begin anew."""
        for card in (await self._as(persona, "GET", "/api/smartapp/applications"))["items"]:
            if card["status"] == "submitted":
                await self._as(persona, "POST", f"/api/smartapp/applications/{card['number']}/withdraw", {})
        await self._as(persona, "DELETE", f"/api/smartapp/draft?form={FORM}")

    async def travel(self, to: str) -> str:
        """Moves the business clock; returns the new moment."""
        moment = await self._moment(to)
        answer = await self._as("admin", "PUT", "/api/demo/clock", {"now": moment})
        return str(answer["now"])

    async def _moment(self, to: str) -> str | None:
        """A named moment lies around the period that is open by the real time."""
        if to == "now":
            return None
        if to not in MOMENTS:
            return to
        await self._as("admin", "PUT", "/api/demo/clock", {"now": None})
        periods = (await self._as("employee", "GET", f"/api/smartapp/periods?form={FORM}"))["periods"]
        current = next((period for period in periods if period["state"] == "open"), None)
        if current is None:
            raise Refusal(409, "no_open_period")
        event, shift = MOMENTS[to]
        return (datetime.fromisoformat(current[event]) + shift).isoformat()

    async def _as(self, persona: str, method: str, path: str, body: Any = None) -> Any:
        """One call in a person's name; an ended session is renewed once."""
        status, document = await self._call(method, path, body, await self._token(persona))
        if status == 401:
            self._tokens.pop(persona, None)
            status, document = await self._call(method, path, body, await self._token(persona))
        if status == 400 or status == 422:
            raise Refusal(400, "malformed", problem=document)
        if status >= 400:
            raise Refusal(502, "house_refused", answer=status, problem=document)
        return document

    async def _token(self, persona: str) -> str:
        token, until = self._tokens.get(persona, ("", 0.0))
        if time.monotonic() < until:
            return token
        proof = {"provider": "demo", "persona": persona}
        status, session = await self._call("POST", "/api/smartapp/session", proof)
        if status >= 400:
            raise Refusal(502, "house_refused", answer=status, problem=session)
        self._tokens[persona] = session["access_token"], time.monotonic() + session["expires_in"] - EARLY
        return str(session["access_token"])

    async def _call(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        assert self._session is not None, "opened with the messenger"
        # each call is an intent of its own
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = None if body is None else orjson.dumps(body)
        try:
            async with self._session.request(method, self._url + path, data=content, headers=headers) as response:
                text = await response.read()
                return response.status, orjson.loads(text) if text else None
        except (aiohttp.ClientError, TimeoutError, OSError, orjson.JSONDecodeError):
            raise Refusal(502, "house_away") from None
