"""Doors of files: ``/api/smartapp/files``, ``/uploads`` and links that need no session."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from flask import Response, request
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field
from werkzeug.http import parse_options_header

from express_bot.contracts import errors
from express_bot.contracts.files import LINK_SECONDS, FileLink, FileView, NewUpload, Upload
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Row
from express_bot.core.files import access, links, parts, service, views, whole
from express_bot.core.files.house import Files
from express_bot.core.files.receiving import Read
from express_bot.core.http import (
    PUBLIC,
    answer,
    db,
    house,
    idempotency_key,
    operation,
    principal,
    release,
    renewed_principal,
)
from express_bot.core.sessions import service as sessions
from express_bot.domain.roles import Permission

api = APIBlueprint("files", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="files", description=__doc__)])

_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:,|$)")
_OFFSET = re.compile(r"[0-9]{1,12}")
#: A file is saved, never run: no scripts, no forms, no origin, whatever is in it (trust §3, B5).
ARMOUR = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Accept-Ranges": "bytes",
}
_BYTES = {"x-bytes": True}


class ByFile(BaseModel):
    """A file's id."""

    file_id: UUID


class ByUpload(BaseModel):
    """An upload's id, which is the file's too."""

    upload_id: UUID


class ByToken(BaseModel):
    """What stands in a link."""

    token: Annotated[str, Field(max_length=200)]


def _files() -> Files:
    return house().files


def _desk(key: str = "") -> service.Desk:
    return service.Desk(principal, renewed_principal, _files(), db, release, key)


def _reader() -> Read:
    """Reads the raw body; a body whose end nobody has promised is none."""
    if request.content_length is None and not request.environ.get("wsgi.input_terminated"):
        return lambda _: b""
    read: Read = request.environ["wsgi.input"].read
    return read


@api.post(
    "/files",
    summary="Upload a file in one go",
    responses={201: FileView},
    openapi_extensions={"x-key": True, "x-raw": "file"},
)
@operation(Permission.FILES_OWN, atomic=False, trusted_late=True, rate="uploads")
def upload_file() -> Response:
    """Takes the raw bytes. The name stands in ``Content-Disposition``, a sum to compare in ``Content-Digest``.

    Repeated with the same key and bytes it answers the same again.
    """
    row, replayed = whole.upload(_desk(idempotency_key()), _announced(), _reader())
    return answer(views.file(row), 201, **({"Idempotency-Replayed": "true"} if replayed else {}))


def _announced() -> service.Announced:
    _, options = parse_options_header(request.headers.get("Content-Disposition"))
    return service.Announced(
        name=options.get("filename", ""),
        type=request.mimetype or "application/octet-stream",
        size=request.content_length,
        sha256=_content_digest(),
    )


def _content_digest() -> bytes | None:
    """The sum of RFC 9530, if it is one of ours; raises ``InvalidBody`` for one that cannot be read."""
    said = request.headers.get("Content-Digest")
    if said is None:
        return None
    found = _DIGEST.search(said)
    try:
        return base64.b64decode(found[1], validate=True) if found else _unreadable("Content-Digest")
    except binascii.Error:
        return _unreadable("Content-Digest")


def _unreadable(header: str) -> bytes:
    raise errors.InvalidBody(errors=[errors.FieldError(header, "bad_format")])


@api.post(
    "/uploads", summary="Announce an upload in parts", responses={201: Upload}, openapi_extensions={"x-key": True}
)
@operation(Permission.FILES_OWN, atomic=False, rate="uploads")
def begin_upload(body: NewUpload) -> Response:
    """Makes room for a file whose bytes come in parts. Repeated with the same key it tells where the upload stands."""
    row, replayed = parts.begin(_desk(idempotency_key()), body)
    return answer(views.upload(row), 201, **({"Idempotency-Replayed": "true"} if replayed else {}))


@api.get("/uploads/<upload_id>", summary="Where an upload stands", responses={200: Upload})
@operation(Permission.FILES_OWN)
def read_upload(path: ByUpload) -> Response:
    """The place where the next part begins."""
    return answer(views.upload(parts.own_upload(db(), principal(), path.upload_id)))


@api.patch(
    "/uploads/<upload_id>",
    summary="Send a part",
    responses={200: Upload},
    openapi_extensions={"x-raw": "part"},
)
@operation(Permission.FILES_OWN, atomic=False, rate="uploads")
def send_part(path: ByUpload) -> Response:
    """Takes raw bytes from ``Upload-Offset`` on. What arrived of a part that breaks off is kept; no key is needed,
    because a part that does not begin where the upload stands is refused with the right place."""
    said = request.headers.get("Upload-Offset", "")
    if not _OFFSET.fullmatch(said):
        _unreadable("Upload-Offset")
    row = parts.take_part(_desk(), path.upload_id, int(said), request.content_length, _reader())
    return answer(views.upload(row))


@api.delete("/uploads/<upload_id>", summary="Give an upload up", responses={204: None})
@operation(Permission.FILES_OWN, atomic=False, rate="uploads")
def cancel_upload(path: ByUpload) -> Response:
    """Forgets the upload and what has arrived of it."""
    parts.own_upload(db(), principal(), path.upload_id)
    return _delete(path.upload_id)


@api.get("/files/<file_id>/info", summary="What a file is", responses={200: FileView})
@operation(Permission.FILES_OWN)
def file_info(path: ByFile) -> Response:
    """Name, kind, size and state."""
    return answer(views.file(access.readable(db(), principal(), path.file_id)))


@api.get("/files/<file_id>", summary="The bytes of a file", openapi_extensions=_BYTES)
@operation(Permission.FILES_OWN)
def read_file(path: ByFile) -> Response:
    """The bytes, or a range of them: for its owner, and for those who may read the application it belongs to."""
    return _served(access.to_serve(db(), principal(), path.file_id))


@api.delete("/files/<file_id>", summary="Throw a file away", responses={204: None})
@operation(Permission.FILES_OWN, atomic=False)
def delete_file(path: ByFile) -> Response:
    """Forgets a file that belongs to no application."""
    return _delete(path.file_id)


def _delete(file_id: UUID) -> Response:
    """The row first, then, once that is certain, the bytes: an orphan is swept, a missing file could not be mended."""
    with db().transaction():
        names = access.delete(db(), principal(), file_id)
    _files().store.delete(*names)
    return Response(status=204)


@api.post("/files/<file_id>/link", summary="A link without a session", responses={200: FileLink})
@operation(Permission.FILES_OWN)
def link_file(path: ByFile) -> Response:
    """An address that opens the file for a few minutes, for where no session can be sent along."""
    caller = principal()
    access.to_serve(db(), caller, path.file_id)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LINK_SECONDS)
    token = links.make(path.file_id, caller.user_id, until, _key())
    audit.record(db(), caller, "file.link", "file", str(path.file_id))
    url = f"{house().settings.public_url}/api/smartapp/files/links/{token}"
    return answer(FileLink(url=url, expires_at=until))


@api.get("/files/links/<token>", summary="The bytes behind a link", openapi_extensions=_BYTES)
@operation(PUBLIC)
def read_link(path: ByToken) -> Response:
    """The bytes, for whoever holds a fresh link, as long as the person it was made for may see the file."""
    file_id, reader = links.read(path.token, _key())
    try:
        caller = sessions.person(db(), reader)
    except errors.Unauthenticated:
        raise errors.UnknownFile from None
    return _served(access.to_serve(db(), caller, file_id))


def _key() -> str:
    return house().settings.service_key.get_secret_value()


def _served(row: Row) -> Response:
    """The answer with the bytes, read while they are sent; the connection to the database is free by then."""
    release()
    size = row["size"]
    start, end, status = _wanted(row, size)
    body = _files().store.read(row["object"], start, end)
    response = Response(body, status, content_type=row["type"], direct_passthrough=True)
    response.headers.update(ARMOUR)
    response.headers["Content-Disposition"] = views.disposition(row["name"])
    response.headers["Content-Length"] = str(end - start)
    response.set_etag(row["kept_sha256"].hex())
    if status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if request.if_none_match.contains(row["kept_sha256"].hex()):
        return _unchanged(response)
    return response


def _wanted(row: Row, size: int) -> tuple[int, int, int]:
    """From where to where, and the status that says so. Several ranges at once are answered with the whole."""
    asked = request.range
    if asked is None or len(asked.ranges) != 1 or asked.units != "bytes" or not _still_the_same(row):
        return 0, size, 200
    found = asked.range_for_length(size)
    if found is None:
        raise errors.RangeBehindEnd(size=size)
    return found[0], found[1], 206


def _still_the_same(row: Row) -> bool:
    """``If-Range``: a client that has the beginning of another state wants the whole."""
    tag = request.if_range.etag if request.if_range else None
    return tag in (None, row["kept_sha256"].hex())


def _unchanged(response: Response) -> Response:
    response.status_code = 304
    response.response = []
    for name in ("Content-Length", "Content-Type", "Content-Range"):
        response.headers.pop(name, None)
    return response
