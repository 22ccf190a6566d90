"""Statistics as the doors see them: figures of the desk, the eight questions, and what is one's own.

Keys are codes, labels are words in the caller's language. Two codes are no item of any directory: ``_other`` (an own
answer in words) and ``_none`` (the question was not answered). Every answer says how fresh it is: ``as_of`` is the
moment the figures are exact for, ``pending`` how many changes of applications among them were not folded yet (they are
counted all the same).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from express_bot.contracts.applications import Card, Status

#: By the day of filing, or by the day that was asked for.
Basis = Literal["filed", "target"]
Grain = Literal["none", "day", "week", "month"]
OTHER, NONE = "_other", "_none"
#: Groups of fewer people's applications are hidden from those without the right to see all.
SMALLEST_SHOWN = 5


class _Ranged(BaseModel):
    """``from`` is a keyword in Python and a member in JSON."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    from_: date = Field(alias="from")
    to: date = Field(description="the last day, included")


class Dimension(BaseModel):
    """What can be counted by, and its values that a filter may name."""

    code: str
    label: str


class Group(BaseModel):
    """One bar: applications that share their key, at a day, week or month if the grain asks for it."""

    key: dict[str, str] = Field(description="code by dimension, in the order of `by`")
    labels: dict[str, str] = Field(description="the same in words")
    at: date | None = Field(description="first day of the day, week (Monday) or month; none with grain `none`")
    count: int
    statuses: dict[Status, int] = Field(description="only statuses that occur")


class Compared(_Ranged):
    """The same question about the time just before."""

    total: int
    groups: list[Group]


class Statistics(_Ranged):
    """Answer of ``GET /api/desk/statistics``. Groups come ordered by `at`, then the largest first."""

    form: str
    basis: Basis
    grain: Grain
    by: list[str]
    filters: dict[str, str]
    as_of: datetime
    pending: int
    total: int
    groups: list[Group]
    previous: Compared | None
    dimensions: list[Dimension] = Field(description="everything this form can be counted by")


class BarRow(Card):
    """One application behind a figure, with the name of whoever filed it."""

    full_name: str


class RowsPage(BaseModel):
    """Answer of ``GET /api/desk/statistics/rows``: the applications that a figure counts, newest day first."""

    total: int = Field(description="the figure itself: so many rows there are")
    as_of: datetime
    items: list[BarRow]
    next_cursor: str | None


# ── The eight questions (ux B10) ─────────────────────────────────────────────────────────────────────────────────────


class Question(BaseModel):
    """One chart: its data, and the sentence that says what follows from it."""

    conclusion: str


class DemandDay(BaseModel):
    """One day that was asked for."""

    date: date
    requested: int = Field(description="all but the withdrawn")
    approved: int = Field(description="approved and completed")
    refused: int = Field(description="waitlisted, rejected, revoked")
    undecided: int


class Demand(Question):
    """Which days are asked for more than is given? Every day of the target, also the empty ones."""

    days: list[DemandDay]
    short_days: int = Field(description="days with somebody refused")
    worst: date | None = Field(description="the day with most refused; without decisions the most asked for")


class DirectionRow(BaseModel):
    """What was asked for and what was given of one value."""

    code: str
    label: str
    requested: int
    approved: int
    refused: int
    undecided: int


class Directions(Question):
    """Which directions are over-requested? Most refused first, then most requested."""

    dimension: str | None = Field(description="the form's main dimension, `direction` of flights; none: has none")
    label: str
    rows: list[DirectionRow]


class ProgressDay(BaseModel):
    """Decisions up to the end of a day."""

    date: date
    decided: int | None = Field(description="cumulative; none for days to come")
    planned: int | None = Field(description="what the even line to the deadline asks for; none without a deadline")


class Progress(Question):
    """Are we on time? `share` and `planned_share` are per cent of what has to be decided."""

    days: list[ProgressDay]
    total: int = Field(description="everything to be decided: all but those withdrawn before a decision")
    decided: int
    due_at: datetime | None
    share: int
    planned_share: int | None


class FilingDay(BaseModel):
    """Filed on one day."""

    date: date
    count: int


class FilingHour(BaseModel):
    """Filed within one hour."""

    at: datetime
    count: int


class Filing(Question):
    """When do people file? Every day from the opening to the closing, the last 48 hours also by hour."""

    days: list[FilingDay]
    hours: list[FilingHour]
    total: int
    last_two_days: int
    share: int = Field(description="per cent of all that came in the last 48 hours")


class ApprovalsColumn(BaseModel):
    """So many people have so many approvals."""

    approvals: int
    people: int


class FairnessRow(BaseModel):
    """Approvals per person in one direction: a dot per person, as columns."""

    code: str
    label: str
    people: list[ApprovalsColumn] = Field(description="fewest approvals first")
    over: int = Field(description="people with more than the threshold")


class Fairness(Question):
    """Is it fair? Approvals per person and direction in the twelve months that end with the target."""

    from_month: date
    to_month: date
    threshold: int
    rows: list[FairnessRow] = Field(description="most people over the threshold first")


class DurationWeek(BaseModel):
    """Decisions of one week."""

    week: date = Field(description="its Monday")
    decided: int
    p50_days: float
    p90_days: float


class Durations(Question):
    """How long do decisions take? From filing to the decision, in days; weeks without decisions are left out."""

    weeks: list[DurationWeek]
    decided: int
    p50_days: float | None
    p90_days: float | None


class ChannelRow(BaseModel):
    """One way in."""

    code: str
    label: str
    count: int
    share: int = Field(description="per cent; the shares of all rows make 100")


class Channels(Question):
    """Which channel do applications come by? Most used first."""

    rows: list[ChannelRow]
    total: int


class HealthComponent(BaseModel):
    """One part of the house."""

    code: str
    label: str
    state: Literal["ok", "late", "down"]
    detail: str


class HealthHour(BaseModel):
    """Notifications that ended within one hour."""

    at: datetime
    shown: int
    failed: int


class AnswerTimes(BaseModel):
    """How long the API took to answer, over all of its instances in the last 15 minutes."""

    answers: int
    p50_ms: int
    p95_ms: int


class HealthFacts(Question):
    """Is it healthy? Answer times, notifications of the last 24 hours, and what waits now."""

    components: list[HealthComponent]
    latency: AnswerTimes | None = Field(description="none: nobody has called lately")
    hours: list[HealthHour] = Field(description="24 hours, oldest first")
    oldest_undelivered_seconds: int
    dead_letters: int
    pending: int


class Questions(BaseModel):
    """All eight, about one period."""

    demand: Demand
    directions: Directions
    progress: Progress
    filing: Filing
    fairness: Fairness
    durations: Durations
    channels: Channels
    health: HealthFacts


class QuestionPeriod(_Ranged):
    """What the questions are about: a period's target; for a form without periods the last 30 days."""

    id: int | None
    title: str


class QuestionsAnswer(BaseModel):
    """Answer of ``GET /api/desk/statistics/questions``."""

    form: str
    period: QuestionPeriod
    periods: list[QuestionPeriod] = Field(description="periods that may be asked about, latest first")
    as_of: datetime
    pending: int
    people: int = Field(description="people with an application in it, the withdrawn aside")
    questions: Questions


# ── One's own (ux E11) and what everybody may see ────────────────────────────────────────────────────────────────────


class OwnDirection(BaseModel):
    """The caller's applications in one direction."""

    code: str
    label: str
    filed: int
    approved: int
    last_date: date | None = Field(description="the latest approved date, past or coming")


class PublicRow(BaseModel):
    """Applications of everybody in one direction."""

    code: str
    label: str
    count: int


class PublicStatistics(BaseModel):
    """The period that takes applications now, without what would point at single people."""

    period: str | None = Field(description="its title; none: no period is open, and there are no rows")
    total: int | None = Field(description="none where it is below the smallest group that is shown")
    rows: list[PublicRow]
    hidden: int = Field(description="groups that are too small to be shown")


class OwnStatistics(BaseModel):
    """Answer of ``GET /api/smartapp/statistics``."""

    form: str
    filed: int
    approved: int
    decision_days: float | None = Field(description="average time from filing to decision; none without decisions")
    dimension: str | None
    label: str = Field(description="heading of the list: «Направление»")
    directions: list[OwnDirection]
    raises: list[str] = Field(description="what raises one's chance, in sentences")
    public: PublicStatistics
    as_of: datetime
