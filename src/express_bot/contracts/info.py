"""What a door needs at launch, and what it reports about itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from express_bot.contracts.users import Strict, User

Short = Annotated[str, Field(max_length=200)]


class AppInfo(BaseModel):
    """The product as its organisation runs it."""

    name: str
    organisation: str
    version: str
    mode: Literal["demo", "test", "production"]
    contact: str


class FormInfo(BaseModel):
    """A form one may file."""

    id: str
    title: str
    description: str
    has_period: bool


class Info(BaseModel):
    """The launch answer."""

    app: AppInfo
    server_time: datetime
    forms: list[FormInfo]
    user: User
    unseen: int = Field(description="decisions the caller has not opened yet")


class TelemetryEvent(Strict):
    """One thing a door noticed; never personal data."""

    kind: Literal["load", "error", "interaction"]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    value: float | None = None
    code: Annotated[str, Field(max_length=60)] | None = None
    message: Short | None = None
    route: Short | None = None
    build: Annotated[str, Field(max_length=60)] = ""
    host: Annotated[str, Field(max_length=30)] = ""
    at: Annotated[str, Field(max_length=40)] = ""


class Telemetry(Strict):
    """A small batch of events."""

    events: Annotated[list[TelemetryEvent], Field(min_length=1, max_length=20)]


class DemoClock(Strict):
    """The business clock of demo and test mode: a moment to stand at from now on, or none for the real time."""

    now: str | None


class DemoClockAnswer(BaseModel):
    """Where the business clock stands."""

    now: datetime


class Health(BaseModel):
    """Whether the service and what it leans on work."""

    status: Literal["ok", "degraded", "down"]
    components: dict[str, str]
    version: str
    details: dict[str, int] = Field(default={}, description="figures of the core's own report, by name")
