"""Every table of the house in one import, for migrations and guards."""

from express_bot.core.applications import tables as applications
from express_bot.core.audit import tables as audit
from express_bot.core.db.metadata import metadata
from express_bot.core.decisions import tables as decisions
from express_bot.core.dialogs import tables as dialogs
from express_bot.core.directories import tables as directories
from express_bot.core.files import tables as files
from express_bot.core.forms import tables as forms
from express_bot.core.inbox import tables as inbox
from express_bot.core.latency import tables as latency
from express_bot.core.leases import tables as leases
from express_bot.core.links import tables as links
from express_bot.core.notifications import tables as notifications
from express_bot.core.periods import tables as periods
from express_bot.core.reminders import tables as reminders
from express_bot.core.sessions import tables as sessions
from express_bot.core.statistics import tables as statistics
from express_bot.core.users import tables as users

__all__ = [
    "applications",
    "audit",
    "decisions",
    "dialogs",
    "directories",
    "files",
    "forms",
    "inbox",
    "latency",
    "leases",
    "links",
    "metadata",
    "notifications",
    "periods",
    "reminders",
    "sessions",
    "statistics",
    "users",
]
