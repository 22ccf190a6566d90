"""Periods as the doors see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PeriodState = Literal["upcoming", "open", "closed"]


class Excluded(BaseModel):
    """Dates inside the target that nobody may choose, with the reason in words."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    from_: date = Field(alias="from")
    to: date
    reason: str
    text: str


class PeriodFacts(BaseModel):
    """When a form is accepted and for which dates."""

    id: int
    form: str
    title: str = Field(description="month and year of the target, «январь 2027»")
    opens_at: datetime
    closes_at: datetime
    target_from: date
    target_to: date
    timezone: str
    limit: int
    state: PeriodState
    decision_due_at: datetime | None
    excluded: list[Excluded]


class Period(PeriodFacts):
    """A period as one person sees it."""

    filed: int = Field(description="the caller's active applications in it")
    reminder: Literal["declined", "wanted", "none"] = Field(description="what the caller said about being reminded")


class PeriodList(BaseModel):
    """Periods around now, soonest first."""

    periods: list[Period]
    server_time: datetime


class FormAnswer(BaseModel):
    """A compiled form in the caller's language, with the period it is filled for."""

    form: dict[str, Any]
    period: Period | None
