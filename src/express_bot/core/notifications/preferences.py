"""What people choose about notifications, and what follows for one promise (``judge``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from express_bot.contracts import errors
from express_bot.contracts.errors import FieldError
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event, PatchPreferences, QuietHours
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.notifications import people
from express_bot.core.reminders.rules import Rules
from express_bot.core.sessions.principal import Principal
from express_bot.domain import notices
from express_bot.domain.notices import DECISIONS, REMINDING, UNASKED, Case, Quiet, Skip, Told, Verdict, Wishes
from express_bot.domain.reminders import DIGEST_LIFE

# ── What a promise comes to ──────────────────────────────────────────────────────────────────────────────────────────


def judge(db: Connection, line: Row, channels: Sequence[Channel], *, now: datetime, rules: Rules) -> Verdict:
    """Whether a line of the outbox is told now, later or never, and over which of these channels.

    ``channels``: where the person can be reached, the best guess first. The same line may be asked about again.
    """
    person = people.find(db, line["user_id"])
    if person is None:
        return Skip("gone")
    wishes = wishes_of(person, rules)
    case = _case(db, line)
    return notices.verdict(case, wishes, now=now, channels=channels, told=_told(db, line, case, wishes, now))


def _case(db: Connection, line: Row) -> Case:
    event, details = Event(line["event"]), line["details"]
    return Case(
        event,
        dates=tuple(people.target_dates(db, _applications(line))) if event in DECISIONS else (),
        expires_at=_expires_at(db, event, line),
        wanted=bool(details.get("wanted")),
    )


def _applications(line: Row) -> list[int]:
    """The applications it is about: its own, or all those of one publication."""
    several = [known for known in line["details"].get("applications", []) if isinstance(known, int)]
    return several or [known for known in [line["application_id"]] if known is not None]


def _expires_at(db: Connection, event: Event, line: Row) -> datetime | None:
    if event in UNASKED and isinstance(line["details"].get("period"), int):
        return people.closing(db, line["details"]["period"])
    return cast(datetime, line["created_at"]) + DIGEST_LIFE if event is Event.QUEUE_DIGEST else None


def _told(db: Connection, line: Row, case: Case, wishes: Wishes, now: datetime) -> Told:
    if case.event not in UNASKED or case.wanted:
        return Told()
    month = notices.month_start(now, wishes.zone)
    # what was promised in the last night of a month may have been told in the first morning of the next
    rows = people.told_since(db, line["user_id"], since=month - timedelta(days=2), but=line["id"])
    events = [Event(row["event"]) for row in rows if _month_of(row["created_at"], wishes) == month]
    return Told(reminding=sum(event in REMINDING for event in events), unasked=len(events))


def _month_of(promised: datetime, wishes: Wishes) -> datetime:
    """The beginning of the month in which it was heard; a clock that was wrong may have made it one to come."""
    return notices.month_start(notices.heard_at(wishes, promised), wishes.zone)


def wishes_of(person: Row, rules: Rules) -> Wishes:
    """What the person has chosen, else what holds at their base, else in the house."""
    chosen = person["preferences"]
    return Wishes(
        zone=zone_of(chosen.get("timezone"), person["base_zone"], rules),
        quiet=_quiet(chosen["quiet"]) if "quiet" in chosen else rules.quiet,
        muted=chosen.get("muted", {}),
        preferred=chosen.get("preferred"),
    )


def zone_of(chosen: str | None, base: str | None, rules: Rules) -> ZoneInfo:
    """The first of these that this machine knows: a zone may be renamed after it was chosen."""
    for name in (chosen, base):
        try:
            return notices.time_zone(name or "")
        except ValueError:
            continue
    return rules.zone


def _quiet(kept: dict[str, Any]) -> Quiet | None:
    return Quiet(notices.wall_clock(kept["from"]), notices.wall_clock(kept["to"])) if kept["on"] else None


# ── What people see and change ───────────────────────────────────────────────────────────────────────────────────────


def view(db: Connection, user_id: UUID, rules: Rules) -> dict[str, Any]:
    """``contracts.notifications.Preferences`` of a person."""
    person = people.find(db, user_id)
    assert person is not None, "a caller exists"
    chosen = person["preferences"]
    return {
        "preferred": chosen.get("preferred"),
        "muted": chosen.get("muted", {}),
        "quiet": chosen.get("quiet") or _house_quiet(rules),
        "timezone": wishes_of(person, rules).zone.key,
        "timezone_chosen": "timezone" in chosen,
        "channels": person["channels"],
    }


def _house_quiet(rules: Rules) -> dict[str, Any]:
    """What the house has; where it has no quiet hours, the usual ones, switched off."""
    if rules.quiet is None:
        return QuietHours(on=False).model_dump()
    return {"from": f"{rules.quiet.start:%H:%M}", "to": f"{rules.quiet.end:%H:%M}", "on": True}


def change(db: Connection, caller: Principal, body: PatchPreferences) -> None:
    """Keeps the caller's changes.

    Raises ``TimezoneUnknown``, ``QuietHoursEmpty``, or ``ChannelNotLinked`` for a messenger they cannot be reached in.
    """
    person = people.find(db, caller.user_id, lock=True)
    assert person is not None, "a caller exists"
    _ensure_sensible(body, person)
    people.save(db, caller.user_id, _changed(person["preferences"], body))
    fields = sorted(body.model_fields_set)
    audit.record(db, caller, "notifications.change", "user", str(caller.user_id), {"fields": fields})


def _ensure_sensible(body: PatchPreferences, person: Row) -> None:
    if body.preferred is not None and body.preferred not in person["channels"]:
        raise errors.ChannelNotLinked(errors=[FieldError("preferred", errors.ChannelNotLinked.code)])
    if body.quiet is not None and body.quiet.from_[:5] == body.quiet.to[:5]:
        raise errors.QuietHoursEmpty(errors=[FieldError("quiet.to", errors.QuietHoursEmpty.code)])
    if body.timezone is not None and not _is_zone(body.timezone):
        raise errors.TimezoneUnknown(errors=[FieldError("timezone", errors.TimezoneUnknown.code)])


def _is_zone(name: str) -> bool:
    try:
        return bool(notices.time_zone(name).key)
    except ValueError:
        return False


def _changed(chosen: dict[str, Any], body: PatchPreferences) -> dict[str, Any]:
    """The choices as they will stand; what goes back to the house's is not kept at all."""
    asked = {name: getattr(body, name) for name in body.model_fields_set}
    if body.quiet is not None:
        asked["quiet"] = {"from": body.quiet.from_[:5], "to": body.quiet.to[:5], "on": body.quiet.on}
    if body.muted is not None:
        muted = chosen.get("muted", {}) | {channel: sorted(set(topics)) for channel, topics in body.muted.items()}
        asked["muted"] = {channel: topics for channel, topics in muted.items() if topics}
    return {name: value for name, value in (chosen | asked).items() if value is not None}
