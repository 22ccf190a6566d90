"""The built page, read from its folder when asked for: it is for one person on this machine."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "page"
#: Not from the system's table: what a browser may run must not depend on the machine.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


class PageFiles:
    """Files of one folder by their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    @property
    def is_built(self) -> bool:
        return (self._folder / "emulator.html").is_file()

    async def serve(self, request: Request) -> Response:
        """The page or one of its files."""
        name = request.path_params["path"] or "emulator.html"
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or path.suffix not in TYPES or not path.is_file():
            return Response(status_code=404)
        cache = "public, max-age=31536000, immutable" if path.parent.name == "assets" else "no-cache"
        return Response(path.read_bytes(), media_type=TYPES[path.suffix], headers={"Cache-Control": cache})
