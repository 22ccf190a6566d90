"""Every refusal has its words: in both languages, on the server and wherever the web app maps a code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from express_bot.contracts import errors
from express_bot.contracts.errors import AppError
from express_bot.core.problems import _KINDS, document
from express_bot.domain import texts
from express_bot.domain.validation import PRECEDENCE

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend" / "src"
#: Codes that the web app makes itself, for what never reached the server.
CLIENT_CODES = {"client_error", "network_offline", "network_timeout"}
FIELD_CODES = {*PRECEDENCE, "unknown_field"}
READ = re.compile(r"""\b(?:failure|refusal|refused|error|problem)\w*\??\.code\s*[!=]==\s*"([a-z_]+)\"""")
MADE = re.compile(r"""\{\s*code:\s*"([a-z_]+)",\s*detail""")


def _family(parent: type[AppError] = AppError) -> Iterator[type[AppError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from _family(child)


FAMILY = [member for member in _family() if member.__module__ == errors.__name__]
CODES = {member.code for member in FAMILY}


def test_every_code_is_used_once() -> None:
    assert len(CODES) == len(FAMILY)


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("code", sorted(CODES))
def test_every_error_has_a_title_and_a_sentence(code: str, locale: str) -> None:
    title, detail = texts.problem(code, locale)
    assert texts.find(f"errors.{code}", locale), "the sentence of another error would be said"
    assert title
    assert len(detail) > 20
    assert "{" not in detail, "without its figures the plain sentence is said"
    assert detail.rstrip()[-1] in ".!?"


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_two_languages_are_two_sentences(code: str) -> None:
    assert texts.problem(code, "ru") != texts.problem(code, "en")


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_no_sentence_is_left_over(locale: str) -> None:
    assert set(texts.catalog("errors", locale)) == CODES


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("code", sorted({*FIELD_CODES, *_KINDS.values(), "wrong_value"}))
def test_every_member_code_has_a_sentence(code: str, locale: str) -> None:
    refusal = errors.InvalidBody(errors=[errors.FieldError("member", code)])
    message = document(refusal, locale)["errors"][0]["message"]
    assert message
    assert "{" not in message


def test_every_error_has_a_docstring_and_an_honest_status() -> None:
    for member in FAMILY:
        assert member.__doc__, member
        assert 400 <= member.status <= 503, member


def test_codes_never_change_their_status() -> None:
    """Clients are written against these; a new code is added here, an old one stays."""
    published = {
        "unauthenticated": 401,
        "token_expired": 401,
        "wrong_credentials": 401,
        "forbidden": 403,
        "not_found": 404,
        "unknown_form": 404,
        "method_not_allowed": 405,
        "body_too_large": 413,
        "unsupported_media_type": 415,
        "json_malformed": 400,
        "json_too_deep": 400,
        "json_duplicate_key": 400,
        "json_not_finite": 400,
        "text_not_storable": 400,
        "invalid_body": 422,
        "invalid_answers": 422,
        "idempotency_key_missing": 400,
        "idempotency_key_invalid": 400,
        "idempotency_key_reused": 422,
        "period_closed": 409,
        "period_not_open": 409,
        "limit_reached": 409,
        "version_conflict": 412,
        "not_editable": 409,
        "not_withdrawable": 409,
        "not_restorable": 409,
        "reason_required": 422,
        "step_not_possible": 409,
        "question_open": 409,
        "question_closed": 409,
        "offer_open": 409,
        "offer_closed": 409,
        "no_withdrawal_request": 409,
        "nothing_to_publish": 409,
        "moment_passed": 422,
        "too_many_messages": 429,
        "personnel_number_taken": 409,
        "too_many_attempts": 429,
        "code_wrong": 422,
        "code_expired": 409,
        "code_own": 409,
        "nobody_to_link": 409,
        "already_linked": 409,
        "last_link": 409,
        "database_unavailable": 503,
        "core_unavailable": 503,
        "shutting_down": 503,
        "internal_error": 500,
        "bad_request": 400,
    }
    assert published == {member.code: member.status for member in FAMILY if member.code in published}


def _codes_of_the_web_app() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in FRONTEND.rglob("*.ts*"):
        if ".test." in file.name or {"testing", "ui", "emulator"} & set(file.relative_to(FRONTEND).parts):
            continue  # components know no errors, and the local messenger has its own
        source = file.read_text("utf-8")
        switches = re.findall(r"switch \([\w.]*code\) \{(.*?)\n  \}", source, re.DOTALL)
        cases = [code for switch in switches for code in re.findall(r'case "([a-z_]+)"', switch)]
        for code in (*READ.findall(source), *MADE.findall(source), *cases):
            found.setdefault(code, set()).add(str(file.relative_to(ROOT)))
    return found


def test_the_web_app_reads_no_code_that_the_server_does_not_say() -> None:
    read = _codes_of_the_web_app()
    unknown = {code: files for code, files in read.items() if code not in CODES | FIELD_CODES | CLIENT_CODES}
    assert unknown == {}


@pytest.mark.parametrize("code", ["period_closed", "limit_reached", "version_conflict", "invalid_answers"])
def test_the_web_app_has_its_own_way_with_what_people_meet(code: str) -> None:
    assert code in _codes_of_the_web_app()
