"""Who may do what: one table, asked by every door through ``is_allowed``."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """A person has one or more of the first three; our own services have the last."""

    EMPLOYEE = "employee"
    DISPATCHER = "dispatcher"
    ADMIN = "admin"
    SERVICE = "service"


class Permission(StrEnum):
    """One right. «own» means things of the caller, «any» those of everybody."""

    FORMS_READ = "forms.read"
    PERIODS_READ = "periods.read"
    SELF_READ = "self.read"
    LINK_OWN = "link.own"
    PROFILE_OWN = "profile.own"
    DRAFTS_OWN = "drafts.own"
    APPLICATIONS_OWN = "applications.own"
    FILES_OWN = "files.own"
    TELEMETRY_WRITE = "telemetry.write"
    STATISTICS_OWN = "statistics.own"
    APPLICATIONS_READ_ANY = "applications.read_any"
    APPLICATIONS_DECIDE = "applications.decide"
    STATISTICS_READ_ALL = "statistics.read_all"
    FORMS_MANAGE = "forms.manage"
    DIRECTORIES_MANAGE = "directories.manage"
    PERIODS_MANAGE = "periods.manage"
    USERS_MANAGE = "users.manage"
    AUDIT_READ = "audit.read"
    NOTIFICATIONS_MANAGE = "notifications.manage"
    CLOCK_SET = "clock.set"
    ACT_FOR_USER = "users.act_for"
    MESSENGERS_SERVE = "messengers.serve"


_P = Permission
GUEST = frozenset({_P.SELF_READ, _P.LINK_OWN})
"""A person without any role: somebody a messenger has proven and nobody has linked. They may see that, and link."""
_EVERYBODY = GUEST | frozenset(
    {
        _P.FORMS_READ,
        _P.PERIODS_READ,
        _P.PROFILE_OWN,
        _P.DRAFTS_OWN,
        _P.APPLICATIONS_OWN,
        _P.FILES_OWN,
        _P.TELEMETRY_WRITE,
        _P.STATISTICS_OWN,
    }
)
_DESK = frozenset({_P.APPLICATIONS_READ_ANY, _P.APPLICATIONS_DECIDE, _P.STATISTICS_READ_ALL})
_OFFICE = frozenset(
    {
        _P.FORMS_MANAGE,
        _P.DIRECTORIES_MANAGE,
        _P.PERIODS_MANAGE,
        _P.USERS_MANAGE,
        _P.AUDIT_READ,
        _P.NOTIFICATIONS_MANAGE,
        _P.CLOCK_SET,
    }
)

PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.EMPLOYEE: _EVERYBODY,
    Role.DISPATCHER: _EVERYBODY | _DESK,
    Role.ADMIN: _EVERYBODY | _DESK | _OFFICE,
    Role.SERVICE: frozenset(
        {
            _P.FORMS_READ,
            _P.PERIODS_READ,
            _P.TELEMETRY_WRITE,
            _P.CLOCK_SET,
            _P.ACT_FOR_USER,
            _P.MESSENGERS_SERVE,
        }
    ),
}
"""A service has no applications of its own: it acts for a person, with that person's rights."""


def is_allowed(roles: Iterable[str], permission: Permission) -> bool:
    """Does any of these roles carry the right? A role nobody knows carries none; no role at all is a guest's."""
    held = tuple(roles)
    return any(permission in PERMISSIONS.get(role, ()) for role in held) if held else permission in GUEST
