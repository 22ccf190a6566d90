"""User Manager: profiles, asked once, and what is known about a person before asking."""

from __future__ import annotations

from typing import Any

from psycopg.errors import UniqueViolation

from express_bot.contracts import errors
from express_bot.contracts.users import PatchProfile
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection
from express_bot.core.sessions.principal import Principal
from express_bot.core.users import repository
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.forms import FormDefinition


def short_name(full_name: str) -> str:
    """«Воронцова Анна Сергеевна» → «Воронцова А. С.»."""
    surname, *given = full_name.split() or [""]
    return " ".join([surname, *(f"{name[0]}." for name in given)])


def view(caller: Principal, *, complete: bool) -> dict[str, Any]:
    """The caller as ``contracts.users.User``."""
    return {
        "id": str(caller.user_id),
        "full_name": caller.full_name,
        "short_name": short_name(caller.full_name),
        "locale": caller.locale,
        "roles": sorted(caller.roles),
        "profile_complete": complete,
    }


def profile_view(db: Connection, caller: Principal, form: CompiledForm) -> dict[str, Any]:
    """The caller's profile as ``contracts.users.Profile``, in words by ``form``'s directories."""
    facts = {name: caller.profile[name] for name in form.definition.profile if name in caller.profile}
    complete = form.is_profile_complete(facts)
    staff = None if complete else repository.find_staff_of(db, caller.user_id)
    return {
        "user": view(caller, complete=complete),
        "profile": facts,
        "display": _in_words(form, facts),
        "profile_complete": complete,
        "suggestion": None if complete else _suggestion(form, caller, staff),
        "staff_match": staff is not None,
    }


def _in_words(form: CompiledForm, facts: dict[str, Any]) -> dict[str, str]:
    return {name: words for name in facts if (words := form.value(name, facts)) is not None}


def _suggestion(form: CompiledForm, caller: Principal, staff: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the staff list, or else the messenger, says about the person: to be confirmed, never believed."""
    known = staff["profile"] | _staff_facts(staff) if staff else _recognised(form, caller.host_profile)
    return {name: known[name] for name in form.definition.profile if name in known} or None


def _recognised(form: CompiledForm, told: dict[str, Any]) -> dict[str, Any]:
    """What the messenger says in its own words, as answers of the form; what the form would refuse is left out."""
    profile = form.definition.profile
    facts = form.clean({name: _option(form.sent[name], told[name]) for name in profile if name in told})
    refused = {error.field for error in form.validate_profile(facts)}
    return {name: fact for name, fact in facts.items() if name not in refused}


def _option(field: dict[str, Any], said: Any) -> Any:
    """The code of the option that is meant: «Бортпроводник» is БП."""
    for option in field.get("options", ()):
        words = (option["code"], option["name"], option.get("hint", ""), *option.get("synonyms", ()))
        if str(said).casefold() in map(str.casefold, words):
            return option["code"]
    return said


def _staff_facts(staff: dict[str, Any]) -> dict[str, Any]:
    return {"full_name": staff["full_name"], "personnel_number": staff["personnel_number"]}


def change_profile(db: Connection, caller: Principal, body: PatchProfile, form: CompiledForm) -> None:
    """Changes the caller's own profile and language.

    Raises ``InvalidAnswers`` (fields as in the form) and ``PersonnelNumberTaken``.
    """
    asked = form.clean(body.profile)
    kept = {name: value for name, value in caller.profile.items() if name not in body.profile}
    wanted = _from_staff(db, kept | asked)
    problems = form.validate_profile(wanted)
    if problems:
        raise errors.InvalidAnswers(errors=problems)
    _save(db, caller, wanted, locale=body.locale)


def _from_staff(db: Connection, facts: dict[str, Any]) -> dict[str, Any]:
    """Fills what is not known yet from the staff list, if number and surname belong together there."""
    number, name = facts.get("personnel_number"), facts.get("full_name")
    if not (isinstance(number, str) and isinstance(name, str)):
        return facts
    staff = repository.find_staff(db, number)
    if staff is None or staff["full_name"].split()[:1] != name.split()[:1]:
        return facts
    return {**staff["profile"], **facts}


def profile_news(caller: Principal, definition: FormDefinition, answers: dict[str, Any]) -> dict[str, Any]:
    """Facts in these answers that the profile does not know, or knows otherwise."""
    return {
        name: answers[name]
        for name in definition.profile
        if name in answers and answers[name] != caller.profile.get(name)
    }


def remember_profile(db: Connection, caller: Principal, news: dict[str, Any]) -> int:
    """Keeps facts that came with an application; returns the person's new version."""
    return _save(db, caller, caller.profile | news)


def _save(db: Connection, caller: Principal, profile: dict[str, Any], *, locale: str | None = None) -> int:
    try:
        with db.transaction():
            row = repository.save_profile(db, caller.user_id, profile, locale=locale)
    except UniqueViolation as taken:
        raise errors.PersonnelNumberTaken(
            errors=[errors.FieldError("personnel_number", "personnel_number_taken")]
        ) from taken
    changed = sorted(name for name in profile if profile[name] != caller.profile.get(name))
    audit.record(db, caller, "profile.change", "user", str(caller.user_id), {"fields": changed})
    return int(row["version"])
