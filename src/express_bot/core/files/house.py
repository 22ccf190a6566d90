"""What all calls about files share: the store, the judge, the scanner, the limits, and how many may upload at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from express_bot.contracts import errors
from express_bot.core.files.judge import JUDGE, Judge
from express_bot.core.files.scanner import Scanner
from express_bot.core.files.store import Store, open_store
from express_bot.settings import Settings

#: A caller waits this long for others to end before it is asked to come again.
PATIENCE = 5.0


@dataclass(frozen=True)
class Files:
    """The files of this process."""

    store: Store
    scanner: Scanner
    quota: int
    """Bytes that one person may keep."""
    loose: int
    """Uploads of one person that belong to no application."""
    judge: Judge = JUDGE
    seats: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(4))

    @contextmanager
    def seat(self) -> Iterator[None]:
        """One of the few threads that uploads may hold: slow senders never stop the rest of the house."""
        if not self.seats.acquire(timeout=PATIENCE):
            raise errors.StorageUnavailable
        try:
            yield
        finally:
            self.seats.release()


def open_files(settings: Settings) -> Files:
    """The files of these settings."""
    return Files(
        store=open_store(settings.files_url),
        scanner=Scanner(settings.scan_socket),
        quota=settings.files_quota_mb << 20,
        loose=settings.files_loose,
        seats=BoundedSemaphore(max(1, settings.core_threads // 2)),
    )
