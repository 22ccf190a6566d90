"""Where the bytes are: a folder of ours or a bucket (``FILES_URL``), the same few verbs for both.

What is kept is durable before the call returns: in a folder by fsync of the file and of its folder, in a bucket by the
bucket's own word. Names are random and made here; nothing of a person ever stands in one.
"""

from __future__ import annotations

import os
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from express_bot.contracts import errors
from express_bot.core.files.checks import is_picture
from express_bot.observability.logs import logger

#: How much of a file is in memory while it is read, and while it goes to a bucket (whose parts may not be smaller).
CHUNK = 256 << 10
BUCKET_PART = 5 << 20
#: A bucket that does not answer is an outage soon: the library's own three minutes would hold a thread of everybody's.
_RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
_PATIENCE: Any = {"connect_timeout": "3 seconds", "timeout": "30 seconds"}
#: So much is given to the disk at a time while the rest is still coming.
EARLY = 1 << 20
KEPT, PARTS, WORK = "kept", "parts", "work"
#: Bytes of a process that was killed are nobody's after this time.
WORK_LIFE = timedelta(hours=1)

log = logger(__name__)


class Found(NamedTuple):
    """One object of the store."""

    name: str
    changed_at: datetime


class Work:
    """Bytes under way, in a file that vanishes unless it is kept."""

    def __init__(self, file: IO[bytes], path: Path | None = None) -> None:
        self.file = file
        self.path = path
        self._written = self._given = 0
        self.is_picture = False

    def __enter__(self) -> Work:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def size(self) -> int:
        """How many bytes it holds."""
        return self.file.seek(0, os.SEEK_END)

    def take(self, chunk: bytes) -> None:
        """Writes on, past whoever reads here meanwhile.

        Bytes that will be kept as they are are given to the disk at once; of a picture another copy will be kept.
        """
        if not self._written:
            self.is_picture = is_picture(chunk)
        with _outage():
            left = memoryview(chunk)
            while left:
                wrote = os.pwrite(self.file.fileno(), left, self._written)
                self._written, left = self._written + wrote, left[wrote:]
        if self.path is not None and not self.is_picture and self._written - self._given >= EARLY:
            _begin_writing(self.file.fileno(), self._given, self._written - self._given)
            self._given = self._written


class Spare:
    """A second place for bytes under way, made when somebody first asks for it; to be used in a ``with``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.work: Work | None = None

    def __enter__(self) -> Spare:
        return self

    def __exit__(self, *failure: object) -> None:
        if self.work is not None:
            self.work.__exit__(*failure)

    def file(self) -> IO[bytes]:
        """The place itself."""
        if self.work is None:
            self.work = self._store.work()
        return self.work.file


def random_name(folder: str) -> str:
    """A name that nobody can guess, spread over 256 folders."""
    name = uuid4().hex
    return f"{folder}/{name[:2]}/{name}"


class Store(ABC):
    """The verbs. ``OSError`` and what the library raises come out as ``StorageUnavailable``."""

    objects: ObjectStore
    is_quick: bool
    """Whether keeping bytes and taking them back costs next to nothing."""

    @abstractmethod
    def work(self) -> Work:
        """A place for bytes under way, to be used in a ``with``."""

    @abstractmethod
    def keep(self, work: Work, name: str) -> None:
        """Stores the bytes for good."""

    def read(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from ``start`` to before ``end``, a little at a time."""
        if start == end:
            return
        with _outage():
            for chunk in obstore.get(self.objects, name, options={"range": (start, end)}).stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    def has(self, name: str) -> bool:
        """Whether the object is there."""
        with _outage():
            try:
                obstore.head(self.objects, name)
            except FileNotFoundError:
                return False
        return True

    def delete(self, *names: str) -> None:
        """Removes objects; what is not there is removed already."""
        with _outage():
            for name in names:
                with suppress(FileNotFoundError):
                    obstore.delete(self.objects, name)

    def all(self) -> Iterator[Found]:
        """Every object that somebody may own."""
        with _outage():
            for folder in (KEPT, PARTS):
                for batch in obstore.list(self.objects, f"{folder}/"):
                    for found in batch:
                        yield Found(found["path"], found["last_modified"])

    def sweep_work(self, life: timedelta = WORK_LIFE) -> int:  # noqa: ARG002 - a bucket's work leaves nothing behind
        """Removes what killed processes left in the middle of their work; returns how many."""
        return 0


class Folder(Store):
    """Files in a folder of this machine, or of a disk that every instance of the core shares."""

    is_quick = True

    def __init__(self, root: Path) -> None:
        self._root = root
        for folder in (KEPT, PARTS, WORK):
            (root / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.objects = LocalStore(root)

    def work(self) -> Work:
        path = self._root / WORK / uuid4().hex
        with _outage(even_missing=True):
            return Work(os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b", buffering=0), path)

    def keep(self, work: Work, name: str) -> None:
        assert work.path is not None, "made by this store"
        target = self._root / name
        folder = target.parent
        with _outage(even_missing=True):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                _fsync(folder.parent)
            work.path.replace(target)  # the name first: so one turn of the disk makes both durable
            try:
                os.fsync(work.file.fileno())
                _fsync(folder)
            except OSError:
                target.unlink(missing_ok=True)
                raise

    def sweep_work(self, life: timedelta = WORK_LIFE) -> int:
        old = time.time() - life.total_seconds()
        left = [path for path in (self._root / WORK).iterdir() if path.stat().st_mtime < old]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


class Bucket(Store):
    """Objects in a bucket; what is under way lies in a nameless file of this machine."""

    is_quick = False

    def __init__(self, url: str) -> None:
        # our options hide this one of the library's: a bucket of one's own may be behind http
        plain = {"allow_http": True} if os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true" else {}
        self.objects = S3Store.from_url(url, retry_config=_RETRIES, client_options=_PATIENCE | plain)

    def work(self) -> Work:
        with _outage(even_missing=True):
            return Work(tempfile.TemporaryFile(buffering=0))

    def keep(self, work: Work, name: str) -> None:
        with _outage(even_missing=True):
            work.file.seek(0)
            obstore.put(self.objects, name, work.file, chunk_size=BUCKET_PART, max_concurrency=1)


def open_store(url: str) -> Store:
    """The store that ``FILES_URL`` names: ``file:///folder`` or ``s3://bucket/prefix``."""
    address = urlsplit(url)
    if address.scheme == "s3":
        return Bucket(url)
    return Folder(Path(unquote(address.path)))


class _outage:  # noqa: N801 - used like a function
    """Turns what a store may fail with into our own word; a missing object stays what it is."""

    def __init__(self, *, even_missing: bool = False) -> None:
        self._even_missing = even_missing

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, _trace: object) -> None:
        if isinstance(failure, FileNotFoundError) and not self._even_missing:
            return
        if isinstance(failure, OSError | BaseError):
            log.warning("files cannot be stored", reason=f"{type(failure).__name__}: {failure}"[:300])
            raise errors.StorageUnavailable from failure


def _begin_writing(file: int, start: int, length: int) -> None:
    """Linux begins to write pages that it is told nobody needs, and keeps those that are not written yet."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file, start, length, os.POSIX_FADV_DONTNEED)


def _fsync(folder: Path) -> None:
    """The name of a new file is durable only with its folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
