"""What keeps the house in order by itself. Each task is safe to repeat and to run in several workers at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from express_bot.core.applications import drafts
from express_bot.core.clock import Clock
from express_bot.core.db.session import connect
from express_bot.core.demo.seed import ensure_open_period
from express_bot.core.dialogs import repository as dialogs
from express_bot.core.files import tidying as files
from express_bot.core.files.house import open_files
from express_bot.core.inbox import repository as inbox
from express_bot.core.links import repository as links
from express_bot.core.links.service import TRACE as LINK_TRACE
from express_bot.core.notifications import repository as notifications
from express_bot.core.periods import service as periods
from express_bot.core.sessions import repository as sessions
from express_bot.core.statistics import upkeep as statistics
from express_bot.observability.logs import logger
from express_bot.settings import Settings

#: Ux B1: a draft lives until 30 days after the period closes; a period and its gap last at most a month.
DRAFT_LIFE = timedelta(days=60)
#: An ended session is kept for a month, so that «who was that» can be answered.
SESSION_TRACE = timedelta(days=30)
#: What a messenger told, and what the bot wrote, can be looked up for a month; where a dialog stood, for two weeks.
INBOX_TRACE = CARD_TRACE = timedelta(days=30)
#: How a promise was kept can be looked up for three months; one with a name is remembered for a year and more, so that
#: a scheduler whose clock was set back does not make it a second time.
PROMISE_TRACE, NAMED_TRACE = timedelta(days=90), timedelta(days=400)
DIALOG_LIFE = timedelta(days=14)

log = logger(__name__)


def make_periods(settings: Settings) -> None:
    """Writes the coming periods down; in the demo one is always open, unless somebody travels to see a closed door."""
    clock = Clock(settings.demo_clock_file if settings.is_demo else None)
    now = clock.now()
    with connect(settings.dsn()) as db:
        made = periods.make_by_rules(db, now)
        if settings.is_demo and not clock.is_moved:
            ensure_open_period(db, now)
    if made:
        log.info("periods made", count=made)


def prune(settings: Settings) -> None:
    """Forgets what nobody needs any more: sessions and events long over, drafts, dialogs and cards long untouched."""
    now = datetime.now(UTC)
    with connect(settings.dsn()) as db:
        forgotten = {
            "sessions": sessions.prune(db, before=now - SESSION_TRACE),
            "proofs": sessions.prune_spent(db, before=now),
            "drafts": drafts.prune(db, before=now - DRAFT_LIFE),
            "events": inbox.prune(db, before=now - INBOX_TRACE),
            "dialogs": dialogs.prune_dialogs(db, before=now - DIALOG_LIFE),
            "link codes": links.prune_codes(db, before=now - LINK_TRACE),
            "link tries": links.prune_tries(db, before=now - LINK_TRACE),
            "cards": dialogs.prune_cards(db, before=now - CARD_TRACE),
            "promises": notifications.prune(db, before=now - PROMISE_TRACE, named_before=now - NAMED_TRACE),
            "paces": notifications.prune_paces(db),
        }
    log.info("pruned", **forgotten)


def recount(settings: Settings) -> None:
    """Counts a sample of the statistics by hand; what differs is told, and counted anew."""
    with connect(settings.dsn()) as db:
        found = statistics.check(db)
        if not found:
            return
        first = found[0]
        log.error("statistics differ", count=len(found), form=first.form, kept=first.kept, counted=first.counted)
        months = statistics.mend(db, found)
    log.warning("statistics mended", months=len(months), everything=not months)


def prune_files(settings: Settings) -> None:
    """Forgets uploads that nobody has attached, and removes what the store holds for nobody."""
    with connect(settings.dsn()) as db:
        forgotten, swept = files.prune(db), files.sweep(db, open_files(settings))
    log.info("files pruned", files=forgotten, objects=swept)


def check_files(settings: Settings) -> None:
    """Ends the checks that a scanner or a process has left open."""
    with connect(settings.dsn()) as db:
        checked = files.check_waiting(db, open_files(settings))
    if checked:
        log.info("files checked", count=checked)
