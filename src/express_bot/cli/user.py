"""``express-bot user``: people who sign in with a login and a password of our own."""

from __future__ import annotations

import sys
from typing import Annotated
from uuid import UUID

import typer

from express_bot.cli.console import Json, Problem, say, say_json, told
from express_bot.cli.database import connection
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.sessions import repository as sessions
from express_bot.core.sessions.local import hash_password, normalised
from express_bot.core.sessions.principal import Principal
from express_bot.core.users import repository as users
from express_bot.domain.roles import Role
from express_bot.settings import get_settings

#: Ux E4 and trust §4.3.
SHORTEST_PASSWORD = 12
ROLES = tuple(role.value for role in Role if role is not Role.SERVICE)

app = typer.Typer(help=told("help.user"), no_args_is_help=True, rich_markup_mode=None)
Login = Annotated[str, typer.Option("--login", help=told("help.user_login"))]


@app.command("add", help=told("help.user_add"))
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help=told("help.user_name"))],
    role: Annotated[list[str], typer.Option("--role", help=told("help.user_role", roles=", ".join(ROLES)))],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help=told("help.user_stdin"))] = False,
    json: Json = False,
) -> None:
    """Add a person; the password is asked twice, or read from standard input for scripts."""
    _ensure_known(role)
    secret_hash = hash_password(_password(password_stdin))
    with connection(get_settings()) as db, db.transaction():
        user_id = _insert(db, normalised(login), name.strip(), role, secret_hash)
    if json:
        say_json({"id": user_id, "login": normalised(login), "roles": role})
    else:
        say("user.added", name=name.strip(), login=normalised(login), roles=", ".join(role))


def _ensure_known(roles: list[str]) -> None:
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise typer.BadParameter(told("user.unknown_role", role=", ".join(unknown), roles=", ".join(ROLES)))


def _password(from_stdin: bool) -> str:
    given = sys.stdin.readline().rstrip("\n") if from_stdin else _ask()
    if len(given) < SHORTEST_PASSWORD:
        raise Problem("password_short", length=SHORTEST_PASSWORD)
    return given


def _ask() -> str:
    asked: str = typer.prompt(told("user.password"), hide_input=True, confirmation_prompt=told("user.password_again"))
    return asked


def _insert(db: Connection, login: str, name: str, roles: list[str], secret_hash: str) -> UUID:
    if users.find_by_identity(db, "local", login):
        raise Problem("login_taken", login=login)
    user_id = users.insert(db, full_name=name)
    if not users.insert_identity(db, user_id, "local", login, secret_hash):
        raise Problem("login_taken", login=login)
    for role in roles:
        users.grant_once(db, user_id, role)
    audit.record(db, _operator(), "user_added", "user", str(user_id), {"roles": roles})
    return user_id


def _operator() -> Principal:
    """Whoever can run this command on the server; the audit says so."""
    return Principal(UUID(int=0), "cli", "ru", frozenset({"service"}), {}, {}, 1, "service", service="cli")


@app.command("list", help=told("help.user_list"))
def show(json: Json = False) -> None:
    """Everybody, by name."""
    with connection(get_settings()) as db:
        rows = users.load_all(db)
    if json:
        say_json(rows)
        return
    for row in rows:
        state = "" if row["active"] else told("user.disabled_mark")
        print(f"  {row['full_name']:<36}{', '.join(row['roles']):<24}{', '.join(row['identities'])} {state}".rstrip())


@app.command("disable", help=told("help.user_disable"))
def disable(login: Login, json: Json = False) -> None:
    """Close the account; open sessions end at once."""
    _switch(login, active=False, json=json)


@app.command("enable", help=told("help.user_enable"))
def enable(login: Login, json: Json = False) -> None:
    """Open a closed account again."""
    _switch(login, active=True, json=json)


def _switch(login: str, *, active: bool, json: bool) -> None:
    with connection(get_settings()) as db, db.transaction():
        person = _find(db, normalised(login))
        users.set_active(db, person["id"], active)
        if not active:
            sessions.revoke_all(db, person["id"])
        act = "user_enabled" if active else "user_disabled"
        audit.record(db, _operator(), act, "user", str(person["id"]))
    if json:
        say_json({"login": normalised(login), "active": active})
    else:
        say("user.enabled" if active else "user.disabled", login=normalised(login))


def _find(db: Connection, login: str) -> Row:
    for row in users.load_all(db):
        if f"local:{login}" in row["identities"]:
            return row
    raise Problem("unknown_login", login=login)
