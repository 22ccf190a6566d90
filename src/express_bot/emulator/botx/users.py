"""The phone book as the bot searches it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from starlette.responses import Response

from express_bot.emulator.botx.door import BotxError, Call, Methods, malformed, ok
from express_bot.emulator.people import DOMAIN, Person
from express_bot.emulator.texts import text

COLUMNS = (
    "HUID", "AD Login", "Domain", "AD E-mail", "Name", "Sync source", "Active", "Kind", "User DN", "Company",
    "Department", "Position", "Avatar", "Avatar preview", "Office", "Manager", "Manager HUID", "Manager DN",
    "Description", "Phone", "Other phone", "IP phone", "Other IP phone", "Personnel number",
)  # fmt: skip


async def by_huid(call: Call) -> Response:
    """``by_huid``."""
    huid = call.id("user_huid")
    return _one(call, lambda person: person.huid == huid)


async def by_login(call: Call) -> Response:
    """``by_login``: login and domain, in any case."""
    login, domain = (call.request.query_params.get(name, "").lower() for name in ("ad_login", "ad_domain"))
    return _one(call, lambda person: (person.ad_login, DOMAIN) == (login, domain))


async def by_other_id(call: Call) -> Response:
    """``by_other_id``."""
    other_id = call.request.query_params.get("other_id", "")
    return _one(call, lambda person: bool(other_id) and person.number == other_id)


async def by_email(call: Call) -> Response:
    """``GET by_email``, the old one: a single person."""
    email = call.request.query_params.get("email", "").lower()
    return _one(call, lambda person: person.email == email)


async def by_emails(call: Call) -> Response:
    """``POST by_email``: everybody who has one of the addresses; nobody is no error."""
    emails = call.get("emails")
    if not isinstance(emails, list):
        raise malformed("emails")
    wanted = {str(email).lower() for email in emails}
    return ok([person.found() for person in call.world.people if person.email in wanted])


def _one(call: Call, matches: Callable[[Person], bool]) -> Response:
    person = next(filter(matches, call.world.people), None)
    if person is None:
        raise BotxError(404, "user_not_found")
    return ok(person.found())


async def users_as_csv(call: Call) -> Response:
    """``users_as_csv``: the whole phone book, by kinds."""
    wanted = [name for name in ("cts_user", "unregistered", "botx") if call.flag(name)]
    if not wanted:
        raise BotxError(400, "no_user_kind_selected")
    output = io.StringIO()
    table = csv.DictWriter(output, COLUMNS, restval="")
    table.writeheader()
    if "cts_user" in wanted:
        table.writerows(map(_row, call.world.people))
    if "botx" in wanted:
        bot = {"HUID": call.world.bot_id, "Name": text("bot"), "Sync source": "botx", "Active": "true", "Kind": "botx"}
        table.writerow(bot)
    return Response(output.getvalue(), media_type="text/csv")


def _row(person: Person) -> dict[str, object]:
    return {
        "HUID": person.huid,
        "AD Login": person.ad_login,
        "Domain": DOMAIN,
        "AD E-mail": person.email,
        "Name": person.full_name,
        "Sync source": "ad",
        "Active": "true",
        "Kind": "cts_user",
        "Company": text("company"),
        "Department": text("department"),
        "Position": person.position,
        "Personnel number": person.number or "",
    }


async def update_profile(call: Call) -> Response:
    """``update_profile``: taken and forgotten, the phone book is read from a file here."""
    if call.world.people.get(call.id("user_huid")) is None:
        raise BotxError(404, "user_not_found")
    if any(not isinstance(value, str) for value in call.json.values()):
        raise BotxError(400, "invalid_profile")
    return ok(True)


_BASE = "/api/v3/botx/users"
METHODS: Methods = (
    ("GET", f"{_BASE}/by_huid", by_huid),
    ("GET", f"{_BASE}/by_login", by_login),
    ("GET", f"{_BASE}/by_other_id", by_other_id),
    ("GET", f"{_BASE}/by_email", by_email),
    ("POST", f"{_BASE}/by_email", by_emails),
    ("GET", f"{_BASE}/users_as_csv", users_as_csv),
    ("PUT", f"{_BASE}/update_profile", update_profile),
)
