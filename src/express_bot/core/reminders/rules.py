"""What the settings say about reminders, digests and quiet hours, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from express_bot.domain.notices import Quiet, quiet_hours, time_zone, wall_clock
from express_bot.domain.reminders import DigestRule, Schedule, hours_before
from express_bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Rules:
    """The house's rules; ``zone`` and ``quiet`` are for people who have chosen nothing."""

    schedule: Schedule
    digest: DigestRule
    zone: ZoneInfo
    quiet: Quiet | None


def rules_of(settings: Settings) -> Rules:
    draft = timedelta(hours=settings.draft_reminder_before)
    return Rules(
        schedule=Schedule(hours_before(settings.reminders_before), draft or None),
        digest=DigestRule(wall_clock(settings.digest_at), settings.holidays_country),
        zone=time_zone(settings.default_timezone),
        quiet=quiet_hours(settings.quiet_hours),
    )
