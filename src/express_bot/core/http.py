"""The core's edge: who calls, may they, one transaction, one answer.

A route is written as: operation (permission), input (pydantic), one call into the service, output. The edge commits
when the view returns and rolls back when it raises; every refusal is an ``AppError`` and leaves as a problem document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, Literal, TypeVar, cast

import orjson
from flask import Flask, Request, Response, current_app, g, request
from pydantic import BaseModel
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from express_bot.contracts import errors
from express_bot.core.caches.answers import Answers
from express_bot.core.caches.counters import Counters
from express_bot.core.clock import Clock
from express_bot.core.db.session import Connection, Pool
from express_bot.core.files.house import Files
from express_bot.core.rates import Rates
from express_bot.core.reference import ReferenceCache
from express_bot.core.reminders.rules import Rules
from express_bot.core.sessions import service as sessions
from express_bot.core.sessions.local import Attempts
from express_bot.core.sessions.principal import Principal
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.locales import LOCALES
from express_bot.domain.parsing import MAX_BODY, read_json
from express_bot.domain.roles import Permission, is_allowed
from express_bot.observability.metrics import Metrics
from express_bot.settings import Settings

#: What the document says of an operation whose answer the caller may keep.
KEPT = {"x-kept": True}
#: The permission of doors that are open to everybody.
PUBLIC: Literal["public"] = "public"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class House:
    """What every call of this process shares; nothing in it is lost when the process dies."""

    settings: Settings
    pool: Pool
    clock: Clock
    reference: ReferenceCache
    doors: sessions.Doors
    attempts: Attempts
    version: str
    rules: Rules
    files: Files
    metrics: Metrics
    answers: Answers
    rates: Rates
    counters: Counters


def house() -> House:
    """The shared parts of the running app."""
    return cast(House, current_app.extensions["house"])


class StrictRequest(Request):
    """A request whose JSON is read by our strict reader, and never longer than an honest one."""

    max_content_length = MAX_BODY

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002
        """The parsed body; raises the ``json_…`` errors whatever the flags say, because silence would hide them."""
        if self.mimetype != "application/json" or self.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
            raise errors.UnsupportedMediaType
        document = read_json(self.get_data(cache=False))
        if not isinstance(document, dict):
            raise errors.InvalidBody(errors=[errors.FieldError("", "wrong_type")])
        return document


def db() -> Connection:
    """The connection of this call, taken from the pool at the first question and given back at the end."""
    if "db" not in g:
        g.db = house().pool.getconn()
    return cast(Connection, g.db)


def release(_error: BaseException | None = None) -> None:
    """Gives the call's connection back to the pool."""
    connection = g.pop("db", None)
    if connection is not None:
        house().pool.putconn(connection)


def principal() -> Principal:
    """The proven caller. Only for views that are not public."""
    return cast(Principal, g.principal)


def renewed_principal() -> Principal:
    """The caller proven anew, with the rights of now, whatever was remembered."""
    _prove()
    return principal()


def _prove(*, late: bool = False) -> None:
    """Puts the caller down for this call; raises ``Unauthenticated``, or ``Forbidden`` without the view's right."""
    g.principal = sessions.authenticate(request.headers.get("Authorization", ""), db, house().doors, late=late)
    permission = getattr(_view(), "permission", None)
    if permission is None or is_allowed(g.principal.roles, permission):
        return
    if not late:
        raise errors.Forbidden
    _prove()  # whoever is remembered without the right may hold it by now


def _view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint or "")


def peer_address() -> str:
    """The true address of the caller: the gateway's word, if the gateway proves itself, else the socket's."""
    told, proof = request.headers.get("X-Peer-Address"), request.headers.get("X-Gateway-Token")
    if told and proof and sessions.is_own_service(proof, house().doors):
        return told
    return request.remote_addr or ""


def profile_form(language: str | None = None) -> CompiledForm:
    """The form whose profile fields make the profile: the first published one."""
    return compiled_form(next(iter(house().reference.get(db()).published)), language)


def compiled_form(form_id: str, language: str | None = None) -> CompiledForm:
    """A published form as it is asked now; raises ``UnknownForm``."""
    here = house()
    reference, now = here.reference.get(db()), here.clock.now()
    definition = reference.form(form_id)
    period = reference.open_period(definition.id, now) or reference.next_period(definition.id, now)
    return reference.compile(definition, period, language or locale(), now.date())


def locale() -> str:
    """The language of the answer: what the caller asks for, else the person's own, else the house's."""
    asked = _asked_language(request.headers.get("Accept-Language", ""))
    if asked:
        return asked
    person = g.get("principal")
    return person.locale if person else house().settings.default_locale


@lru_cache(maxsize=1024)
def _asked_language(accepted: str) -> str | None:
    """The best of our languages for an ``Accept-Language``; browsers send a handful of different ones."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LOCALES)


def idempotency_key() -> str:
    """The key of this mutation; raises ``IdempotencyKeyMissing`` or ``IdempotencyKeyInvalid``."""
    key = request.headers.get("Idempotency-Key")
    if not key:
        raise errors.IdempotencyKeyMissing
    if not sessions.is_well_formed_key(key):
        raise errors.IdempotencyKeyInvalid
    return key


def door() -> str:
    """``dialog`` where one of our own services says that the person acts in a conversation of the bot; else nothing."""
    told = request.headers.get("X-Door")
    return "dialog" if told == "dialog" and principal().service else ""


def expected_version() -> int | None:
    """The version that ``If-Match`` names, as the ``ETag`` of the thing told it; 0, which none has, for another tag."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    tags = request.if_match.as_set()
    return next((int(tag) for tag in tags if tag.isdecimal() and len(tag) < 10), 0)


def operation(
    permission: Permission | Literal["public"],
    *,
    atomic: bool | None = None,
    trusted_late: bool = False,
    rate: str | None = None,
) -> Callable[[View], View]:
    """Marks a view with the act it needs a right for, and wraps it into its transaction.

    ``atomic``: several statements, one transaction; by default every mutation. ``trusted_late``: the view's own
    statement proves the session again, so a principal remembered from moments ago may be used (the hot path).
    ``rate``: which of ``domain.rates`` counts the calls of a person; by default ``reading`` or ``changing``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def call(*args: Any, **kwargs: Any) -> Any:
            if atomic if atomic is not None else request.method not in ("GET", "HEAD"):
                with db().transaction():
                    return view(*args, **kwargs)
            return view(*args, **kwargs)

        # what a door asks for travels on the view itself: the guards of rights read it there
        call.permission = permission  # type: ignore[attr-defined]  # see above
        call.trusted_late = trusted_late  # type: ignore[attr-defined]  # see above
        call.rate = rate  # type: ignore[attr-defined]  # see above
        return cast(View, call)

    return decorate


def guard() -> None:
    """Before every call: deny unless the view is public or its permission is held (design §6)."""
    view = _view()
    if getattr(view, "permission", None) == PUBLIC:
        return
    _prove(late=getattr(view, "trusted_late", False))
    _ensure_rate(getattr(view, "rate", None))
    if "\0" in request.path or b"%00" in request.query_string:
        raise errors.TextNotStorable


def _ensure_rate(name: str | None) -> None:
    """A person is counted as one, whichever door, address or service they come through; our services are not counted.

    Raises ``TooManyCalls``.
    """
    caller = principal()
    if caller.user_id.int:
        by_default = "reading" if request.method in ("GET", "HEAD", "OPTIONS") else "changing"
        house().rates.ensure(name or by_default, caller.user_id.hex)


def answer(body: BaseModel | dict[str, Any], status: int = 200, **headers: str) -> Response:
    """A JSON answer, serialised once."""
    document = body.model_dump(mode="json") if isinstance(body, BaseModel) else body
    response = Response(orjson.dumps(document), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers)
    return response


@dataclass(frozen=True)
class Kept:
    """An answer that the caller may keep, and ask again for with ``If-None-Match``; some are kept here too.

    ``tag`` changes with everything that the answer depends on. What belongs to the moment of asking (``now``: one
    member of the answer) is no part of that: it comes in a header too, for those who are told that nothing has changed.
    """

    cache: str
    tag: str
    now: tuple[str, datetime] | None = None

    def find(self) -> Response | None:
        """Nothing to send, because the caller has it; or what is kept here; or ``None``: it has to be made."""
        if request.if_none_match.contains_weak(self.tag):
            house().counters.looked(self.cache, "unchanged")
            return self._sent(b"", 304)
        body = house().answers.find(self.cache, self.tag)
        return None if body is None else self._sent(body)

    def made(self, body: dict[str, Any], *, keep: bool = False) -> Response:
        """The answer just made; ``keep`` it where somebody else may ask for the same."""
        document = orjson.dumps(body, option=orjson.OPT_UTC_Z)
        if keep:
            house().answers.keep(self.tag, document)
        return self._sent(document)

    def _sent(self, body: bytes, status: int = 200) -> Response:
        if self.now is not None:
            present = orjson.dumps({self.now[0]: self.now[1]}, option=orjson.OPT_UTC_Z)
            body = present[:-1] + b"," + body[1:] if body else body
        response = Response(body, status, content_type="application/json")
        if self.now is not None:
            response.headers["X-Present"] = present.decode()
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Accept-Language, Authorization"
        response.set_etag(self.tag, weak=True)
        return response


def kept(cache: str, *parts: object, now: tuple[str, datetime] | None = None) -> Kept:
    """The answer of this address that depends on ``parts``, on the caller's rights and language, and on our version."""
    told = (house().version, request.path, locale(), sorted(principal().roles), parts)
    return Kept(cache, hashlib.sha256(repr(told).encode()).hexdigest()[:32], now)


def wire(app: Flask) -> None:
    """Hangs the edge onto ``app``."""
    app.request_class = StrictRequest
    app.before_request(guard)
    app.teardown_appcontext(release)
