"""When a person is told what, and where: quiet hours, muted topics, what cannot wait, and when it is enough.

Pure: a promise, what the person chose and the moment go in; a verdict comes out. Moments are aware; quiet hours speak
the wall clock of the person's zone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import TOPICS, Event, Topic

URGENT = frozenset({Event.QUESTION, Event.PLACE_OFFERED, Event.OPERATOR_ALERT})
"""Somebody waits for the answer, or something is broken: these pass quiet hours always."""

ANSWERS = frozenset(
    {
        Event.SUBMITTED,
        Event.EDITED,
        Event.WITHDRAWN,
        Event.DECLINED,
        Event.RESTORED,
        Event.WITHDRAWAL_REQUESTED,
        Event.REQUEST_CANCELLED,
        Event.LINKED,
    }
)
"""Receipts of what the person has done this very moment: whoever acts is awake."""

DECISIONS = frozenset({Event.DECIDED, Event.CHANGED, Event.REVOKED})
"""They wait for the morning, unless the date they are about is near."""

NEAR = timedelta(hours=24)
"""A decision about a date that begins within this time does not wait (ux C1.11)."""

REMINDING = frozenset({Event.REMINDER, Event.DRAFT_LEFT})
UNASKED = REMINDING | {Event.PERIOD_OPENED}
"""What the house says on its own: counted, so that it never becomes noise."""

MAX_REMINDING, MAX_UNASKED = 2, 3
"""Per person and calendar month. With the receipt of one application that makes at most four (ux G, «Bot noise»).

What a person has asked for by a press («Напомнить») is an answer, and a digest is a dispatcher's work: neither counts.
"""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of silence from one wall clock time to another, which may lie behind midnight; never empty."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours that end when they begin")

    @property
    def passes_midnight(self) -> bool:
        return self.end < self.start

    def holds(self, clock: time) -> bool:
        """Is this wall clock time a quiet one? The end is not."""
        if self.passes_midnight:
            return clock >= self.start or clock < self.end
        return self.start <= clock < self.end


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person has chosen, or the house for them. ``quiet`` is ``None`` where they are switched off."""

    zone: ZoneInfo
    quiet: Quiet | None
    muted: Mapping[Channel, Collection[Topic]] = field(default_factory=dict)
    preferred: Channel | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What this person was told on the house's own account in this calendar month of their zone."""

    reminding: int = 0
    unasked: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One promise: what happened, and what matters for when it is told."""

    event: Event
    dates: tuple[date, ...] = ()
    """The days that the decisions in it are about."""
    expires_at: datetime | None = None
    """When it loses its point, if ever: the closing of the period one is reminded of."""
    wanted: bool = False
    """The person has asked for just this by a press."""


@dataclass(frozen=True, slots=True)
class Now:
    """Tell it, over the first of these channels that works."""

    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Ask again at this moment: until then the person is not disturbed."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Skip:
    """Never tell it; ``reason`` is a code for the delivery's row: ``muted``, ``too_late`` or ``enough``."""

    reason: str


Verdict: TypeAlias = Now | Hold | Skip


def verdict(
    case: Case, wishes: Wishes, *, now: datetime, channels: Sequence[Channel], told: Told | None = None
) -> Verdict:
    """What to do with a promise now. ``channels``: where the person can be reached, the best guess first.

    ``told`` counts without this promise. A person without any channel is no matter of wishes: ``Now(())``.
    """
    listening = listening_channels(case, wishes, channels)
    if channels and not listening:
        return Skip("muted")
    if case.expires_at is not None and now >= case.expires_at:
        return Skip("too_late")
    if is_enough(case, told or Told()):
        return Skip("enough")
    until = None if passes_quiet_hours(case, now, wishes.zone) else quiet_until(wishes, now)
    if until is None:
        return Now(listening)
    return Skip("too_late") if case.expires_at is not None and until >= case.expires_at else Hold(until)


def listening_channels(case: Case, wishes: Wishes, channels: Sequence[Channel]) -> tuple[Channel, ...]:
    """Where this may be said: the chosen channel first, then as given; without those that have the topic muted."""
    topic = None if case.wanted else TOPICS.get(case.event)
    ordered = sorted(channels, key=lambda channel: channel != wishes.preferred)
    return tuple(channel for channel in ordered if topic is None or topic not in wishes.muted.get(channel, ()))


def is_enough(case: Case, told: Told) -> bool:
    """Would this be noise?"""
    if case.wanted or case.event not in UNASKED:
        return False
    return told.unasked >= MAX_UNASKED or (case.event in REMINDING and told.reminding >= MAX_REMINDING)


def passes_quiet_hours(case: Case, now: datetime, zone: ZoneInfo) -> bool:
    """May this wake somebody up?"""
    if case.event in URGENT or case.event in ANSWERS:
        return True
    return case.event in DECISIONS and is_near(case.dates, now, zone)


def is_near(days: Iterable[date], now: datetime, zone: ZoneInfo) -> bool:
    """Does one of these days touch the next 24 hours, as the person's calendar shows them?"""
    today, last = now.astimezone(zone).date(), (now + NEAR).astimezone(zone).date()
    return any(today <= day <= last for day in days)


def quiet_until(wishes: Wishes, now: datetime) -> datetime | None:
    """The end of the quiet hours that hold now, UTC; ``None`` when nobody sleeps.

    It is the first moment whose wall clock is not a quiet one: one of the readings of the quiet hours' end (when clocks
    change, a wall clock time may come twice or never), or the very moment at which the clocks jump.
    """
    quiet, zone = wishes.quiet, wishes.zone
    if quiet is None or not quiet.holds(_clock(now, zone)):
        return None
    today = now.astimezone(zone).date()
    readings = ((today + timedelta(days=days), fold) for days in range(3) for fold in (0, 1))
    ends = [_moment(day, quiet.end, zone, fold) for day, fold in readings]
    ends += _jumps(now.astimezone(UTC), max(ends), zone)
    return min(end for end in ends if end > now and not quiet.holds(_clock(end, zone)))


def _jumps(first: datetime, last: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moment between these two at which the zone's clocks change, if any; found to the second."""
    if first.astimezone(zone).utcoffset() == last.astimezone(zone).utcoffset():
        return []
    before, after = int(first.timestamp()), int(last.timestamp())
    offset = first.astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        same = datetime.fromtimestamp(middle, zone).utcoffset() == offset
        before, after = (middle, after) if same else (before, middle)
    return [datetime.fromtimestamp(after, UTC)]


def heard_at(wishes: Wishes, promised: datetime) -> datetime:
    """When something that may wait was told, if it was promised then: at once, or after the quiet hours."""
    return quiet_until(wishes, promised) or promised


def month_start(now: datetime, zone: ZoneInfo) -> datetime:
    """When the calendar month of the person's zone began, UTC."""
    return _moment(now.astimezone(zone).date().replace(day=1), time(), zone, 0)


def _clock(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()


def _moment(day: date, clock: time, zone: ZoneInfo, fold: int) -> datetime:
    """One reading of a wall clock time; one that does not exist is the moment the clocks jump to, or a bit off it."""
    return datetime.combine(day, clock).replace(tzinfo=zone, fold=fold).astimezone(UTC)


# ── Reading what people and settings say ─────────────────────────────────────────────────────────────────────────────

_WALL_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?")


def wall_clock(text: str) -> time:
    """«22:00» as a time; raises ``ValueError``."""
    found = _WALL_CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no time of day; write it like 22:00")
    return time(int(found[1]), int(found[2]))


def quiet_hours(text: str) -> Quiet | None:
    """«22:00-08:00» as quiet hours, «off» as none; raises ``ValueError``."""
    if text.strip().lower() == "off":
        return None
    start, dash, end = (part.strip() for part in text.partition("-"))
    if not dash:
        raise ValueError("write quiet hours like 22:00-08:00")
    return Quiet(wall_clock(start), wall_clock(end))


@lru_cache(maxsize=1024)
def time_zone(name: str) -> ZoneInfo:
    """A zone by its IANA name; raises ``ValueError`` for anything else, also for names that are paths."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", name):
        raise ValueError(f"unknown time zone {name!r}; write it like Europe/Moscow")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}; write it like Europe/Moscow") from error
