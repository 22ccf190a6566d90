"""Serves the built app: a handful of files, read into memory at start, precompressed by the build.

Nothing is looked up on disk by a name from outside, so there is no way out of the folder. The page is re-read when the
build has changed it, so a rebuild needs no restart.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from express_bot.contracts.errors import MethodNotAllowed, NotFound
from express_bot.gateway.headers import header

FOLDER = Path(__file__).parent / "spa"
PAGES = Path(__file__).parent / "pages"
SUFFIXES = {"br": ".br", "gzip": ".gz"}
#: Not from the system's table: what a browser may run must not depend on the machine.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
_CONFIG = re.compile(rb'(<script[^>]*\bid="config"[^>]*>)[^<]*(</script>)')


@dataclass(frozen=True)
class File:
    """One file as it is sent, in the codings the build has made."""

    content: bytes
    media_type: str
    cache: str
    codings: dict[str, bytes] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """Changes with the content."""
        return hashlib.sha256(self.content).hexdigest()[:24]


class Spa:
    """The app's files by their address; also the place where every unknown address ends."""

    def __init__(self, folder: Path, config: dict[str, Any]) -> None:
        """``config`` is what the page may know before it asks the API (contract: mode, providers, contact, …)."""
        self._folder = folder
        self._config = config
        self._files: dict[str, File] = {}
        self._etags: dict[str, str] = {}
        self._stamp = 0
        self._refresh()

    def tell(self, **facts: Any) -> None:
        """What the page is to know from now on."""
        self._config = self._config | facts
        self._stamp = -1

    @property
    def is_built(self) -> bool:
        """Whether there is an app to show."""
        self._refresh()
        return "/" in self._files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The file at the address; raises ``NotFound`` or ``MethodNotAllowed``."""
        path = scope["path"]
        if path == "/" and not self.is_built:
            await _not_built()(scope, receive, send)
            return
        file = self._files.get(path)
        if file is None:
            raise NotFound
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed(allow="GET, HEAD")
        await self._answer(file, path, scope)(scope, receive, send)

    def _answer(self, file: File, path: str, scope: Scope) -> Response:
        coding = _coding(header(scope, b"accept-encoding") or b"", file)
        etag = f'"{self._etags[path]}{"-" + coding if coding else ""}"'
        headers = {"Cache-Control": file.cache, "ETag": etag, "Vary": "Accept-Encoding"}
        if etag.encode() in (header(scope, b"if-none-match") or b""):
            return Response(status_code=304, headers=headers)
        if coding:
            headers["Content-Encoding"] = coding
        content = file.codings[coding] if coding else file.content
        if scope["method"] == "HEAD":
            headers["Content-Length"], content = str(len(content)), b""
        return Response(content, headers=headers | {"Content-Type": file.media_type})

    def _refresh(self) -> None:
        index = self._folder / "index.html"
        try:
            stamp = index.stat().st_mtime_ns
        except FileNotFoundError:
            stamp = 0
        if stamp != self._stamp or not self._files:
            self._stamp = stamp
            self._files = _with_favicon(self._read(index) if stamp else {})
            self._etags = {path: file.etag for path, file in self._files.items()}

    def _read(self, index: Path) -> dict[str, File]:
        files = {
            f"/{path.relative_to(self._folder).as_posix()}": _load(path, self._folder)
            for path in sorted(self._folder.rglob("*"))
            if path.is_file() and path.suffix not in SUFFIXES.values()
        }
        page = _fill(index.read_bytes(), self._config)
        files["/"] = File(page, TYPES[".html"], REVALIDATE, {"gzip": gzip.compress(page, mtime=0)})
        files.pop("/index.html", None)
        return files


def _load(path: Path, folder: Path) -> File:
    codings = {name: path.with_name(path.name + suffix) for name, suffix in SUFFIXES.items()}
    hashed = path.parent == folder / "assets"
    return File(
        path.read_bytes(),
        TYPES.get(path.suffix, "application/octet-stream"),
        IMMUTABLE if hashed else REVALIDATE,
        {name: sibling.read_bytes() for name, sibling in codings.items() if sibling.is_file()},
    )


def _fill(page: bytes, config: dict[str, Any]) -> bytes:
    """The page with its config. ``<`` is escaped, so no name of an organisation can end the element."""
    document = orjson.dumps(config).replace(b"<", b"\\u003c")
    return _CONFIG.sub(lambda found: found[1] + document + found[2], page, count=1)


def _with_favicon(files: dict[str, File]) -> dict[str, File]:
    """Browsers ask for ``/favicon.ico`` whatever the page says; a 404 there is noise in everybody's console."""
    own = File((PAGES / "favicon.svg").read_bytes(), TYPES[".svg"], REVALIDATE)
    files.setdefault("/favicon.ico", files.get("/favicon.svg", own))
    return files


def _coding(accepted: bytes, file: File) -> str | None:
    """The best coding that both the client and the build know."""
    wishes = dict(_coding_wish(part) for part in accepted.decode("latin-1").split(","))
    return next((name for name in SUFFIXES if name in file.codings and wishes.get(name, False)), None)


def _coding_wish(part: str) -> tuple[str, bool]:
    name, _, parameters = part.strip().partition(";")
    refused = re.fullmatch(r"\s*q=0(\.0*)?\s*", parameters) is not None
    return name.strip().lower(), not refused


def _not_built() -> Response:
    page = (PAGES / "not-built.html").read_bytes()
    return Response(page, 503, {"Cache-Control": "no-store", "Retry-After": "10"}, media_type="text/html")
