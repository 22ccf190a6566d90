"""The proven caller of one call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """A person (by session), or a service acting for one.

    ``version`` is the person's version at the time of proof; ``token_hash`` is empty for services.
    """

    user_id: UUID
    full_name: str
    locale: str
    roles: frozenset[str]
    profile: dict[str, Any]
    host_profile: dict[str, Any]
    version: int
    channel: str
    token_hash: bytes | None = None
    expires_at: datetime | None = None
    service: str | None = None

    @property
    def role(self) -> str:
        """The strongest role: the one that history and audit show."""
        strongest = next((role for role in ("admin", "dispatcher") if role in self.roles), "employee")
        return strongest if self.roles else "guest"
