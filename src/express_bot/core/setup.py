"""What every database starts with, in every mode: shipped forms, directories, rules, and the system's own account."""

from __future__ import annotations

from datetime import datetime

from express_bot.contracts.users import PROBE_USER_ID
from express_bot.core.db.session import Connection
from express_bot.core.directories import repository as directories
from express_bot.core.forms import repository as forms
from express_bot.core.periods import repository as period_rules
from express_bot.core.periods import service as periods
from express_bot.core.users import repository as users
from express_bot.domain.defaults import FORMS, default_directories, default_form, default_rules

PROBE_NAME = "Проверка Системы"
PROBE_PROFILE = {
    "location": "msk",
    "unit": "msk-oke-1",
    "position": "bp",
    "full_name": PROBE_NAME,
    "personnel_number": "000000",
}


def install_defaults(db: Connection, now: datetime) -> None:
    """Puts in what is missing and leaves everything else as the organisation made it. Safe to repeat."""
    with db.transaction():
        for directory in default_directories().values():
            directories.add(db, directory)
        for position, form_id in enumerate(FORMS):
            forms.publish(db, default_form(form_id), position=position)
        for code, rule in default_rules().items():
            period_rules.save_rule(db, code, rule.model_dump(mode="json", by_alias=True))
        users.insert(db, full_name=PROBE_NAME, profile=PROBE_PROFILE, user_id=PROBE_USER_ID, probe=True)
        users.grant_once(db, PROBE_USER_ID, "employee")
    periods.make_by_rules(db, now)
