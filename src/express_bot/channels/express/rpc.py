"""The app's calls over the messenger's bridge: the same operations as over HTTP, defined once, in the core.

One table maps a method's name to an operation; what goes in and what comes out are the core's own documents. Who calls
is the sender of the event alone: nothing in the parameters can change that.
"""
# No `from __future__ import annotations` here: the library reads the handlers' annotations as they stand.

import re
import secrets
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

import httpx
from pybotx import SmartAppEvent
from pybotx.client.exceptions.base import BaseClientError
from pybotx_smartapp_rpc import (
    RPCArgsBaseModel,
    RPCError,
    RPCErrorExc,
    RPCErrorResponse,
    RPCResultResponse,
    RPCRouter,
    SmartApp,
    SmartAppRPC,
)
from pybotx_smartapp_rpc.typing import Handler
from pydantic import ConfigDict, Field, StringConstraints

from express_bot.channels.core_service import CoreService
from express_bot.channels.dialogs.door import Acting
from express_bot.channels.dialogs.incoming import NotTaken, Person
from express_bot.channels.express.files import GONE, Source
from express_bot.channels.express.people import PROVIDER, People, Seen
from express_bot.channels.uploads import key_of
from express_bot.core_client import CoreError
from express_bot.domain import texts
from express_bot.observability.logs import logger

SESSION_SECONDS = 600
DESK = "/api/desk"
_PLACE = re.compile(r"\{([a-z_]+)\}")

log = logger(__name__)


@dataclass(frozen=True)
class Operation:
    """Where a method leads: an operation of the core, of people's own unless ``base`` says otherwise."""

    http: str
    path: str
    base: str = "/api/smartapp"


METHODS = {
    "session.delete": Operation("DELETE", "/session"),
    "info": Operation("GET", "/info"),
    "form": Operation("GET", "/form"),
    "periods": Operation("GET", "/periods"),
    "me": Operation("GET", "/me"),
    "me.patch": Operation("PATCH", "/me"),
    "me.notifications": Operation("GET", "/me/notifications"),
    "me.notifications.patch": Operation("PATCH", "/me/notifications"),
    "reminder.read": Operation("GET", "/periods/{number}/reminder"),
    "reminder.put": Operation("PUT", "/periods/{number}/reminder"),
    "submit": Operation("POST", "/submit"),
    "applications.list": Operation("GET", "/applications"),
    "applications.read": Operation("GET", "/applications/{number}"),
    "applications.edit": Operation("PATCH", "/applications/{number}"),
    "applications.withdraw": Operation("POST", "/applications/{number}/withdraw"),
    "applications.restore": Operation("POST", "/applications/{number}/restore"),
    "applications.seen": Operation("POST", "/applications/{number}/seen"),
    "applications.answer": Operation("POST", "/applications/{number}/answer"),
    "applications.take": Operation("POST", "/applications/{number}/take"),
    "applications.decline_offer": Operation("POST", "/applications/{number}/decline-offer"),
    "applications.ask": Operation("POST", "/applications/{number}/ask"),
    "draft.read": Operation("GET", "/draft"),
    "draft.save": Operation("PUT", "/draft"),
    "draft.delete": Operation("DELETE", "/draft"),
    "files.info": Operation("GET", "/files/{file_id}/info"),
    "files.link": Operation("POST", "/files/{file_id}/link"),
    "files.delete": Operation("DELETE", "/files/{file_id}"),
    "links.list": Operation("GET", "/links"),
    "links.code": Operation("POST", "/link-code"),
    "links.redeem": Operation("POST", "/links"),
    "links.remove": Operation("DELETE", "/links/{provider}"),
    "statistics": Operation("GET", "/statistics"),
    "telemetry": Operation("POST", "/telemetry"),
    "desk.applications": Operation("GET", "/applications", DESK),
    "desk.applications.read": Operation("GET", "/applications/{number}", DESK),
    "desk.applications.review": Operation("POST", "/applications/{number}/review", DESK),
    "desk.applications.withdrawal": Operation("POST", "/applications/{number}/withdrawal", DESK),
    "desk.applications.question": Operation("POST", "/applications/{number}/question", DESK),
    "desk.applications.reply": Operation("POST", "/applications/{number}/reply", DESK),
    "desk.applications.offer": Operation("POST", "/applications/{number}/offer", DESK),
    "desk.decision.put": Operation("PUT", "/applications/{number}/decision", DESK),
    "desk.decision.delete": Operation("DELETE", "/applications/{number}/decision", DESK),
    "desk.publish": Operation("POST", "/publications", DESK),
    "desk.statistics": Operation("GET", "/statistics", DESK),
    "desk.statistics.questions": Operation("GET", "/statistics/questions", DESK),
    "desk.statistics.rows": Operation("GET", "/statistics/rows", DESK),
}
SESSION = "auth.session"
#: The one file that came with the call, by the host's own upload: the core's ``POST /files`` in the bridge's way.
TAKE_FILE = "files.take"

#: No control characters: these end up in headers and addresses.
Text = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Scalar = Text | Annotated[int, Field(strict=True)] | Annotated[bool, Field(strict=True)]


class Params(RPCArgsBaseModel):
    """What any method takes; further members are parts of the operation's query."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Scalar]

    client_key: Text | None = None
    locale: Literal["ru", "en"] | None = None
    body: dict[str, Any] | None = None


class NumberParams(Params):
    """What a method about one application takes."""

    number: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9-]{1,40}$")]


class ProviderParams(Params):
    """What a method about one messenger takes."""

    provider: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{1,20}$")]


class FileParams(Params):
    """What a method about one file takes."""

    file_id: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f-]{36}$")]


#: What stands in an operation's path, and the parameters that have it.
_WITH_PLACE: dict[str, type[Params]] = {"number": NumberParams, "provider": ProviderParams, "file_id": FileParams}


class Rpc:
    """The methods of one process."""

    def __init__(self, service: CoreService, people: People, source: Source) -> None:
        self._service = service
        self._source = source
        self._people = people
        self._library = SmartAppRPC([self._router()], exception_handlers={Exception: _defect})
        self.answer_event = self._library.handle_smartapp_event
        self.answer_request = self._library.handle_sync_smartapp_event

    def _router(self) -> RPCRouter:
        router = RPCRouter()
        router.method(SESSION)(self._session_handler())
        router.method(TAKE_FILE)(self._file_handler())
        for name, operation in METHODS.items():
            router.method(name)(self._handler(operation))
        return router

    def _handler(self, operation: Operation) -> Handler:
        async def perform(smartapp: SmartApp, params: Params) -> RPCResultResponse[dict[str, Any]]:
            return await self._perform(operation, smartapp, params)

        place = _PLACE.search(operation.path)
        if place is not None:
            perform.__annotations__["params"] = _WITH_PLACE[place[1]]
        return perform

    def _session_handler(self) -> Handler:
        async def session(smartapp: SmartApp, params: Params) -> RPCResultResponse[dict[str, Any]]:
            """A short session of the sender, for plain HTTP beside the bridge."""
            person = await self._sender(smartapp)
            try:
                opened = await self._service.open_session(person.id, PROVIDER, seconds=SESSION_SECONDS)
            except CoreError as refusal:
                raise _told(refusal, params.locale or person.locale) from refusal
            return RPCResultResponse({"status": 200, "body": opened})

        return session

    def _file_handler(self) -> Handler:
        async def take(smartapp: SmartApp, params: Params) -> RPCResultResponse[dict[str, Any]]:
            """The file of the call, fetched from the chat where the app was opened, is the sender's in our store."""
            person = await self._sender(smartapp)
            locale = params.locale or person.locale
            event = smartapp.event
            assert event is not None, "a call always comes with an event"
            try:
                view = await self._take(event, Acting(person.id, PROVIDER, locale), params.client_key)
            except CoreError as refusal:
                raise _told(refusal, locale) from refusal
            return RPCResultResponse({"status": 201, "body": view})

        return take

    async def _take(self, event: SmartAppEvent, who: Acting, key: str | None) -> dict[str, Any]:
        """Raises ``CoreError``, also for what the server has no file for: a foreign id is an unknown one."""
        if len(event.files) != 1:
            raise _refusal("unknown_file", 404, who.locale)
        file = event.files[0]
        record = {
            "file_id": file._file_id,  # the library's name for it, which its own ``open`` uses
            "file_name": file.filename,
            "file_mime_type": file.file_mimetype,
            "file_size": file.size,
        }
        try:
            return await self._source.take(who, event.chat.id, record, key or key_of(PROVIDER, str(event.ref)))
        except NotTaken as no:
            raise _refusal("file_too_large", 413, who.locale, **no.figures) from no
        except GONE as gone:
            raise _refusal("unknown_file", 404, who.locale) from gone
        except (BaseClientError, httpx.HTTPError, TimeoutError) as away:
            raise _refusal("storage_unavailable", 503, who.locale) from away

    async def _perform(
        self, operation: Operation, smartapp: SmartApp, params: Params
    ) -> RPCResultResponse[dict[str, Any]]:
        person = await self._sender(smartapp)
        locale = params.locale or person.locale
        try:
            answer = await self._service.core.ask(
                operation.http,
                address_of(operation, params),
                params.body,
                acting_user=person.id,
                channel=self._service.channel,
                idempotency_key=params.client_key,
                locale=locale,
            )
        except CoreError as refusal:
            raise _told(refusal, locale) from refusal
        return RPCResultResponse({"status": answer.status, "body": answer.document()})

    async def _sender(self, smartapp: SmartApp) -> Person:
        """The event's sender, as the core knows them; raises ``RPCErrorExc``."""
        event = smartapp.event
        assert event is not None, "a call always comes with an event"
        try:
            return await self._people.know(seen_in(event))
        except CoreError as refusal:
            raise _told(refusal, event.sender.device.locale or "ru") from refusal


def seen_in(event: SmartAppEvent) -> Seen:
    """The sender of an app's event. Its chat is not taken for the person's own: nobody has promised that."""
    return Seen(event.sender.huid, event.sender.username, event.sender.device.locale)


def address_of(operation: Operation, params: Params) -> str:
    """The operation's address with the parameters that belong into it."""
    known = params.model_dump(exclude={"client_key", "locale", "body"})
    path = _PLACE.sub(lambda place: quote(str(known.pop(place[1])), safe=""), operation.path)
    query = {name: _as_query(value) for name, value in known.items()}
    return f"{operation.base}{path}" + (f"?{urlencode(query)}" if query else "")


def _as_query(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(refusal: CoreError, locale: str) -> RPCErrorExc:
    """The core's no, whole; in our words when nobody answered."""
    problem = refusal.problem
    if "detail" not in problem:
        problem = _problem(refusal.code, refusal.status, locale) | problem
    return RPCErrorExc(RPCError(reason=str(problem["detail"]), id=str(problem["code"]).upper(), meta=problem))


async def _defect(exc: Exception, smartapp: SmartApp) -> RPCErrorResponse:
    """A defect of ours: one stable id, and a number to find it in the log by; never the name of a class."""
    incident = f"EB-{secrets.token_hex(3)}"
    log.error("internal error", incident=incident, exc_info=exc)
    event = smartapp.event
    locale = (event.sender.device.locale if event else None) or "ru"
    problem = _problem("internal_error", 500, locale, incident=incident)
    return RPCErrorResponse([RPCError(reason=problem["detail"], id="INTERNAL_ERROR", meta=problem)])


def _refusal(code: str, status: int, locale: str, **params: Any) -> CoreError:
    """A no of ours in the core's shape."""
    return CoreError(status, _problem(code, status, locale, **params))


def _problem(code: str, status: int, locale: str, **params: Any) -> dict[str, Any]:
    title, detail = texts.problem(code, locale, params)
    named = {"type": f"urn:express-bot:problem:{code}", "title": title, "status": status, "code": code}
    return params | named | {"detail": detail, "errors": []}
