"""``CoreDoor`` over HTTP: each operation of a conversation as one call to the core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, cast
from urllib.parse import quote, urlencode

from express_bot.channels.dialogs.door import Acting, CardState, Dialog, Json, OtherDialog, StepBeside
from express_bot.core_client import CoreError


class Client(Protocol):
    """The part of ``CoreClient`` that is needed here."""

    async def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        acting_user: str | None = None,
        channel: str | None = None,
        idempotency_key: str | None = None,
        locale: str = "ru",
        door: str | None = None,
    ) -> Any:
        """The parsed answer; raises ``CoreError``."""
        ...


class HttpCoreDoor:
    """The core as conversations see it."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def info(self, who: Acting) -> Json:
        return await self._own(who, "GET", "/info")

    async def form(self, who: Acting, form: str) -> Json:
        return await self._own(who, "GET", "/form", form=form)

    async def periods(self, who: Acting, form: str) -> Json:
        return await self._own(who, "GET", "/periods", form=form)

    async def read_draft(self, who: Acting, form: str) -> Json | None:
        return cast("Json | None", (await self._own(who, "GET", "/draft", form=form))["draft"])

    async def save_draft(self, who: Acting, draft: Json) -> Json:
        return await self._own(who, "PUT", "/draft", draft)

    async def delete_draft(self, who: Acting, form: str) -> None:
        await self._own(who, "DELETE", "/draft", form=form)

    async def submit(self, who: Acting, body: Json, *, key: str) -> Json:
        return await self._own(who, "POST", "/submit", body, key=key, door="dialog")

    async def applications(
        self, who: Acting, *, form: str | None = None, limit: int = 20, cursor: str | None = None
    ) -> Json:
        return await self._own(who, "GET", "/applications", form=form, limit=str(limit), cursor=cursor)

    async def application(self, who: Acting, number: str) -> Json:
        return await self._own(who, "GET", _about(number))

    async def edit(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        return await self._own(who, "PATCH", _about(number), body, key=key)

    async def withdraw(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        return await self._own(who, "POST", f"{_about(number)}/withdraw", body, key=key)

    async def restore(self, who: Acting, number: str, *, key: str) -> Json:
        return await self._own(who, "POST", f"{_about(number)}/restore", key=key)

    async def answer(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        return await self._own(who, "POST", f"{_about(number)}/answer", body, key=key)

    async def take_place(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        return await self._own(who, "POST", f"{_about(number)}/take", body, key=key)

    async def decline_offer(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        return await self._own(who, "POST", f"{_about(number)}/decline-offer", body, key=key)

    async def ask_desk(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        return await self._own(who, "POST", f"{_about(number)}/ask", body, key=key)

    async def mark_seen(self, who: Acting, number: str) -> None:
        await self._own(who, "POST", f"{_about(number)}/seen")

    async def profile(self, who: Acting) -> Json:
        return await self._own(who, "GET", "/me")

    async def change_profile(self, who: Acting, body: Json) -> Json:
        return await self._own(who, "PATCH", "/me", body)

    async def reminder(self, who: Acting, period: int) -> Json:
        return await self._own(who, "GET", f"/periods/{period}/reminder")

    async def choose_reminder(self, who: Acting, period: int, choice: str) -> Json:
        return await self._own(who, "PUT", f"/periods/{period}/reminder", {"choice": choice})

    async def links(self, who: Acting) -> Json:
        return await self._own(who, "GET", "/links")

    async def link_code(self, who: Acting, *, key: str) -> Json:
        return await self._own(who, "POST", "/link-code", key=key)

    async def redeem(self, who: Acting, code: str, *, key: str) -> Json:
        return await self._own(who, "POST", "/links", {"code": code}, key=key)

    async def unlink(self, who: Acting, messenger: str) -> Json:
        return await self._own(who, "DELETE", f"/links/{messenger}")

    async def statistics(self, who: Acting, form: str) -> Json:
        return await self._own(who, "GET", "/statistics", form=form)

    async def delete_file(self, who: Acting, file: str, *, key: str) -> None:
        await self._own(who, "DELETE", f"/files/{quote(file, safe='')}", key=key)

    async def get_dialog(self, channel: str, chat: str, *, user: str | None = None) -> Dialog:
        asked = f"?user_id={user}" if user else ""
        answer = await self._client.request("GET", f"{_dialog(channel, chat)}{asked}")
        at = answer.get("at")
        return Dialog(
            user_id=answer["user_id"],
            state=answer["state"],
            version=answer["version"],
            at=datetime.fromisoformat(at) if at else None,
            cards=tuple(map(_card, answer["cards"])),
            others=tuple(map(_other, answer["others"])),
        )

    async def put_dialog(
        self,
        channel: str,
        chat: str,
        *,
        user_id: str,
        version: int,
        state: Json,
        cards: Sequence[tuple[str, Mapping[str, Any]]],
        event_id: str | None,
        at: datetime,
        elsewhere: Sequence[StepBeside] = (),
    ) -> int:
        body = {
            "user_id": user_id,
            "version": version,
            "state": state,
            "cards": _wanted(cards),
            "event_id": event_id,
            "at": at.isoformat(),
            "elsewhere": [_beside(step) for step in elsewhere],
        }
        return int((await self._client.request("PUT", _dialog(channel, chat), body))["version"])

    async def card_by_external(self, channel: str, external_id: str) -> CardState | None:
        path = f"/api/service/cards/{channel}/by-external/{quote(external_id, safe='')}"
        try:
            return _card(await self._client.request("GET", path))
        except CoreError as refusal:
            if refusal.status == 404:
                return None
            raise

    async def mark_event_done(self, channel: str, event_id: str) -> None:
        path = f"/api/service/inbox/{channel}/{quote(event_id, safe='')}/done"
        await self._client.request("POST", path, {})

    async def _own(
        self,
        who: Acting,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        key: str | None = None,
        door: str | None = None,
        **query: str | None,
    ) -> Json:
        """One operation of ``/api/smartapp`` for the person."""
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        answer = await self._client.request(
            method,
            f"/api/smartapp{path}{'?' if asked else ''}{asked}",
            body,
            acting_user=who.user_id,
            channel=who.channel,
            idempotency_key=key,
            locale=who.locale,
            door=door,
        )
        return cast("Json", answer)


def _about(number: str) -> str:
    return f"/applications/{quote(number, safe='')}"


def _dialog(channel: str, chat: str) -> str:
    return f"/api/service/dialogs/{channel}/{quote(chat, safe='')}"


def _other(told: Mapping[str, Any]) -> OtherDialog:
    at = datetime.fromisoformat(told["at"])
    return OtherDialog(told["channel"], told["chat"], told["state"], told["version"], at)


def _wanted(cards: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Json]:
    return [{"id": card, "view": view} for card, view in cards]


def _beside(step: StepBeside) -> Json:
    where = {"channel": step.other.channel, "chat": step.other.chat, "version": step.other.version}
    return where | {"state": step.state, "cards": _wanted(step.cards)}


def _card(told: Mapping[str, Any]) -> CardState:
    return CardState(str(told["id"]), told["external_id"], told["wanted_rev"], told["shown_rev"], told.get("wanted"))
