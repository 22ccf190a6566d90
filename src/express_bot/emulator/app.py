"""The local messenger as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from express_bot.emulator import api, botx
from express_bot.emulator.api.house import House
from express_bot.emulator.api.inputs import Refusal
from express_bot.emulator.botx.door import Door
from express_bot.emulator.manners import Manners
from express_bot.emulator.messenger import Messenger
from express_bot.emulator.options import Options
from express_bot.emulator.page_files import FOLDER, PageFiles
from express_bot.emulator.trail import Trail
from express_bot.emulator.world import World


def create_app(options: Options, *, page_folder: Path = FOLDER) -> Starlette:
    """The messenger for these options; nothing is opened before its lifespan starts."""
    messenger, house = Messenger(World(options)), House(options)
    door = Door(messenger)
    trail = Trail(messenger.world.feed, house)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await messenger.open()
        await house.open()
        trail.start()
        yield
        await trail.stop()
        await messenger.close()
        await house.close()

    page = PageFiles(page_folder)
    routes = [*botx.routes(door), *api.routes(messenger, house, door), *_own(messenger, page)]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Manners, options=options)],
        exception_handlers={Refusal: _refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.messenger = messenger
    return app


def _own(messenger: Messenger, page: PageFiles) -> list[Route]:
    """Health, the page, and pictures that the bot has uploaded for everybody."""

    async def health(_request: Request) -> Response:
        parts = {"page": "ok" if page.is_built else "missing"}
        return JSONResponse({"status": "ok", "components": parts}, headers={"Cache-Control": "no-store"})

    async def static(request: Request) -> Response:
        mime, content = messenger.world.statics.get(request.path_params["name"], ("", b""))
        return Response(content, media_type=mime) if mime else Response(status_code=404)

    async def deep_link(request: Request) -> Response:
        """A link into the SmartApp opens the messenger's page, which opens the app."""
        query = urlencode({"app": request.path_params["app_id"], **request.query_params})
        return RedirectResponse(f"/?{query}")

    return [
        Route("/health", health),
        Route("/health/live", health),
        Route("/health/ready", health),
        Route("/static/{name}", static),
        Route("/open/smartapp/{app_id}", deep_link),
        Route("/{path:path}", page.serve, methods=["GET"]),
    ]


async def _refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal), "registered for refusals alone"
    return JSONResponse(refusal.document, refusal.status)
