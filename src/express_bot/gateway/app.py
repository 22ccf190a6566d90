"""Express Bot API, the public front door (port 5006): the app's files, its own health, and the way to the core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from express_bot import __version__
from express_bot.contracts.errors import MethodNotAllowed, NotFound
from express_bot.core_client import CoreClient
from express_bot.domain.locales import LOCALES
from express_bot.gateway import security
from express_bot.gateway.drain import Drain
from express_bot.gateway.forward import Forward
from express_bot.gateway.front_door import FrontDoor
from express_bot.gateway.health import Health
from express_bot.gateway.metrics import Metrics
from express_bot.gateway.openapi import Document
from express_bot.gateway.problems import asked_locale, problem
from express_bot.gateway.spa import FOLDER, Spa
from express_bot.observability.metrics import is_proxied
from express_bot.settings import Settings

if TYPE_CHECKING:
    from express_bot.channels.channel import Channel
    from express_bot.channels.express.channel import Express
    from express_bot.channels.telegram.channel import Telegram


def create_app(settings: Settings, *, spa_folder: Path = FOLDER) -> Starlette:
    """The gateway for these settings; opens nothing before its lifespan starts."""
    key = settings.service_key.get_secret_value()
    core, drain, metrics = CoreClient(settings.flask_api_url, key, "gateway", read_timeout=3), Drain(), Metrics()
    own_headers = frozenset(name for name, _ in security.for_data(settings)) | {b"x-request-id"}
    forward = Forward(settings.flask_api_url, key, own_headers=own_headers, core_threads=settings.core_threads)
    spa = Spa(spa_folder, page_config(settings))
    express, telegram = _express(settings, metrics), _telegram(settings, metrics)
    channels: list[Channel] = [channel for channel in (express, telegram) if channel is not None]
    health = Health(core, spa, drain, __version__, channels)
    document = Document(core, __version__, messengers=[channel.name for channel in channels])
    app = Starlette(
        routes=[
            *_routes(health, document, metrics),
            *_express_doors(settings, express, drain, spa, forward),
            *_telegram_doors(telegram, drain),
        ],
        middleware=[Middleware(FrontDoor, settings=settings, forward=forward, metrics=metrics, drain=drain)],
        exception_handlers={HTTPException: _wrong_method(settings.default_locale)},
        lifespan=_lifespan(forward, core, drain, channels, _news(settings, telegram, spa)),
    )
    app.router.redirect_slashes = False
    app.router.default = spa
    return app


def _express(settings: Settings, metrics: Metrics) -> Express | None:
    """The eXpress channel if a bot account is configured; else nothing of it is even imported."""
    if not settings.speaks_express:
        return None
    from express_bot.channels.express.channel import Express

    return Express(settings, metrics.registry)


def _telegram(settings: Settings, metrics: Metrics) -> Telegram | None:
    """The Telegram channel if a bot is configured; else nothing of it is imported either."""
    if not settings.speaks_telegram:
        return None
    from express_bot.channels.telegram.channel import Telegram

    return Telegram(settings, metrics.registry)


def _express_doors(
    settings: Settings, express: Express | None, drain: Drain, spa: Spa, forward: Forward
) -> list[Route]:
    if express is None:
        return []
    from express_bot.gateway.webhooks import StaticFiles, Webhooks

    return Webhooks(settings, express, drain, StaticFiles(spa, forward)).routes()


def _telegram_doors(telegram: Telegram | None, drain: Drain) -> list[Route]:
    if telegram is None:
        return []
    from express_bot.gateway.webhook_telegram import TelegramWebhook

    return TelegramWebhook(telegram, drain).routes()


def page_config(settings: Settings) -> dict[str, Any]:
    """What the page knows before it asks the API."""
    return {
        "mode": settings.mode,
        "providers": _providers(settings),
        "organisation": settings.organisation_name,
        "contact": settings.coordinator_contact,
        "locales": list(LOCALES),
        "version": __version__,
        # Whose messages the page may believe, and whose chat and links it offers: neither is a secret.
        "frame_ancestors": security.framers(settings),
        "express_bot_id": settings.express_bot_id if settings.speaks_express else None,
        "telegram": telegram_addresses(settings, bot="") if settings.speaks_telegram else None,
    }


def telegram_addresses(settings: Settings, *, bot: str) -> dict[str, str | None]:
    """Where our bot and the app are in Telegram, for links; nowhere before Telegram has told the bot's name."""
    chat = f"https://t.me/{bot}" if bot else None
    app = f"{chat}/{settings.telegram_mini_app}" if chat and settings.telegram_mini_app else None
    return {"chat": chat, "app": app}


def _providers(settings: Settings) -> list[str]:
    """Ways to sign in, as ``/api/smartapp/session`` knows them."""
    return ["demo"] * settings.is_demo + ["local"] + ["telegram"] * settings.speaks_telegram


def _routes(health: Health, document: Document, metrics: Metrics) -> list[Route]:
    async def counters(request: Request) -> Response:
        if is_proxied(request.headers):
            raise NotFound
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health", health.overall),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready),
        Route("/metrics", counters),
        Route("/openapi.json", document.serve),
    ]


News = Callable[[], Awaitable[None]]


def _news(settings: Settings, telegram: Telegram | None, spa: Spa) -> list[News]:
    """What the page is told once somebody else has told us."""
    if telegram is None:
        return []

    async def name_of_the_bot() -> None:
        spa.tell(telegram=telegram_addresses(settings, bot=await telegram.bot_name()))

    return [name_of_the_bot]


def _lifespan(forward: Forward, core: CoreClient, drain: Drain, channels: Sequence[Channel], news: list[News]) -> Any:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await forward.open()
        drain.install()
        for channel in channels:
            await channel.start()
        waiting = [asyncio.ensure_future(wait()) for wait in news]
        yield
        for each in waiting:
            each.cancel()
        await asyncio.gather(*(channel.stop() for channel in channels))
        await forward.close()
        await core.close()

    return lifespan


def _wrong_method(default_locale: str) -> Any:
    """The router's own refusal (a known address, another method) in our words."""

    async def handler(request: Request, refusal: HTTPException) -> Response:
        allow = (refusal.headers or {}).get("Allow", "GET, HEAD")
        accepted = request.headers.get("accept-language", "").encode("latin-1")
        return problem(MethodNotAllowed(allow=allow), asked_locale(accepted, default_locale))

    return handler
