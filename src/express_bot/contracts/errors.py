"""The one family of errors. Every "no" of the product is an AppError with a stable code.

The sentence for people stands in ``defaults/texts/errors.<locale>.yaml`` under the code; doors render it
(RFC 9457 problem document over HTTP, words in a chat).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one answer: the field's name, a stable code, and figures for the sentence."""

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    message: str = ""


class AppError(Exception):
    """Something the caller can be told about."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(self, *, errors: list[FieldError] | None = None, **params: Any) -> None:
        """``params`` fill the sentence and travel as extension members of the problem document."""
        super().__init__(self.code)
        self.errors = errors or []
        self.params = params


class Unauthenticated(AppError):
    """No valid proof of who is calling."""

    status, code = 401, "unauthenticated"


class TokenExpired(Unauthenticated):
    """The session has ended; sign in again."""

    code = "token_expired"


class WrongCredentials(Unauthenticated):
    """Login or password do not match."""

    code = "wrong_credentials"


class Forbidden(AppError):
    """The caller's roles do not allow this act."""

    status, code = 403, "forbidden"


class NotFound(AppError):
    """Nothing here, or nothing that the caller may know of (the two answers are the same)."""

    status, code = 404, "not_found"


class MethodNotAllowed(AppError):
    """The path exists, this method does not."""

    status, code = 405, "method_not_allowed"


class UnknownForm(NotFound):
    """No published form of this id."""

    code = "unknown_form"


class JsonMalformed(AppError):
    """The body is no JSON document."""

    code = "json_malformed"


class JsonTooDeep(JsonMalformed):
    """The body is nested deeper than any honest document."""

    code = "json_too_deep"


class JsonDuplicateKey(JsonMalformed):
    """An object says one key twice, so nobody knows which value was meant."""

    code = "json_duplicate_key"


class JsonNotFinite(JsonMalformed):
    """NaN and Infinity are no JSON numbers."""

    code = "json_not_finite"


class TextNotStorable(JsonMalformed):
    """A text carries NUL or half of a surrogate pair, which no database stores."""

    code = "text_not_storable"


class UnsupportedMediaType(AppError):
    """A body must come as application/json in UTF-8."""

    status, code = 415, "unsupported_media_type"


class BodyTooLarge(AppError):
    """The body is longer than this endpoint takes."""

    status, code = 413, "body_too_large"


class InvalidBody(AppError):
    """The document does not have the shape of this operation; ``errors`` name the members."""

    status, code = 422, "invalid_body"


class TimezoneUnknown(InvalidBody):
    """No time zone of this name."""

    code = "timezone_unknown"


class QuietHoursEmpty(InvalidBody):
    """Quiet hours that end at the minute they begin: all day or never, nobody can tell."""

    code = "quiet_hours_empty"


class NotDead(AppError):
    """Only a notification that nobody tries to deliver any more can be sent again by hand."""

    status, code = 409, "notification_not_dead"


class ChannelNotLinked(InvalidBody):
    """The caller cannot be reached in this messenger."""

    code = "channel_not_linked"


class InvalidAnswers(AppError):
    """Answers that break the form's rules; ``errors`` name the fields."""

    status, code = 422, "invalid_answers"


class UnknownDimension(InvalidBody):
    """Nothing of this name is counted for this form, or it was named twice."""

    code = "unknown_dimension"


class TooManyDimensions(InvalidBody):
    """More dimensions together than are counted; ``most`` says how many are."""

    code = "too_many_dimensions"


class PairsByMonth(InvalidBody):
    """These two dimensions together are counted by whole months only."""

    code = "pairs_by_month"


class BadRange(InvalidBody):
    """The range ends before it begins, is longer than ``years``, or lies outside of all years there are."""

    code = "bad_range"


class TooManyGroups(InvalidBody):
    """The answer could have more than ``most`` groups."""

    code = "too_many_groups"


class IdempotencyKeyMissing(AppError):
    """A mutation came without the key that makes its repetition harmless."""

    code = "idempotency_key_missing"


class IdempotencyKeyInvalid(AppError):
    """The key is not 8 to 128 characters of A-Z a-z 0-9 . _ : -"""

    code = "idempotency_key_invalid"


class IdempotencyKeyReused(AppError):
    """The same key came before with another body."""

    status, code = 422, "idempotency_key_reused"


class PeriodClosed(AppError):
    """The period no longer takes applications."""

    status, code = 409, "period_closed"


class PeriodNotOpen(AppError):
    """No period of this form takes applications now; ``opens_at`` tells of the next one, if known."""

    status, code = 409, "period_not_open"


class LimitReached(AppError):
    """The person already has the active applications that the period allows; ``number`` names one."""

    status, code = 409, "limit_reached"


class VersionConflict(AppError):
    """The thing has changed since the caller read it; ``version`` is the present one.

    The desk is also told who has changed it (``changed_by``), when (``changed_at``) and how (``change``).
    """

    status, code = 412, "version_conflict"


class NotEditable(AppError):
    """In this status, or after the period, an application is not edited any more."""

    status, code = 409, "not_editable"


class NotWithdrawable(AppError):
    """In this status an application is not withdrawn."""

    status, code = 409, "not_withdrawable"


class NotRestorable(AppError):
    """The moment for taking a withdrawal back has passed."""

    status, code = 409, "not_restorable"


class ReasonRequired(AppError):
    """This act needs a reason in words."""

    status, code = 422, "reason_required"


class StepNotPossible(AppError):
    """From its present status (``application_status``) no such step leads on; ``wanted`` names it."""

    status, code = 409, "step_not_possible"


class QuestionOpen(AppError):
    """The desk waits for an answer already: one question at a time."""

    status, code = 409, "question_open"


class QuestionClosed(AppError):
    """The question is answered, or the desk does not wait for the answer any more."""

    status, code = 409, "question_closed"


class OfferOpen(AppError):
    """A place is offered already; ``until`` is how long."""

    status, code = 409, "offer_open"


class OfferClosed(AppError):
    """The offered place is taken, given back, or was not taken in time."""

    status, code = 409, "offer_closed"


class NoWithdrawalRequest(AppError):
    """Nobody asks to withdraw this application any more."""

    status, code = 409, "no_withdrawal_request"


class NothingToPublish(AppError):
    """No draft of a decision waits there."""

    status, code = 409, "nothing_to_publish"


class MomentPassed(InvalidBody):
    """A moment that should be ahead lies behind."""

    code = "moment_passed"


class TooManyMessages(AppError):
    """The person has written as many messages about this application as one may in a day: ``limit``. ``retry_after``
    tells in how many seconds the next one may be sent."""

    status, code = 429, "too_many_messages"


class PersonnelNumberTaken(AppError):
    """Another person's profile holds this personnel number."""

    status, code = 409, "personnel_number_taken"


class TooManyAttempts(AppError):
    """Too many tries; ``retry_after`` tells in how many seconds the next one counts."""

    status, code = 429, "too_many_attempts"


class TooManyCalls(AppError):
    """More calls than one caller may make in such a time; ``retry_after`` tells in how many seconds there is room."""

    status, code = 429, "too_many_calls"


class CodeWrong(AppError):
    """No code like this waits to be entered: mistyped, or used before."""

    status, code = 422, "code_wrong"


class CodeExpired(AppError):
    """The code was right, and is older than a code lives."""

    status, code = 409, "code_expired"


class CodeOwn(AppError):
    """The caller entered their own code: it belongs into the other messenger."""

    status, code = 409, "code_own"


class NobodyToLink(AppError):
    """Both sides of the code are guests: neither is known to be one of us."""

    status, code = 409, "nobody_to_link"


class AlreadyLinked(AppError):
    """Both sides are people with a life of their own here, or the person has this ``messenger`` already."""

    status, code = 409, "already_linked"


class LastLink(AppError):
    """The only way to reach this person: without it nobody could come back."""

    status, code = 409, "last_link"


class FileTooLarge(AppError):
    """The file is longer than any form takes; ``limit`` is in bytes, ``mb`` in megabytes."""

    status, code = 413, "file_too_large"


class FileTypeRefused(AppError):
    """The content is none of the kinds that are taken, or not what its name and type claim."""

    status, code = 415, "file_type_refused"


class FileEmpty(AppError):
    """A file without a single byte."""

    status, code = 422, "file_empty"


class FileDamaged(AppError):
    """The bytes are not those that were announced, or do not make a whole document of their kind."""

    status, code = 422, "file_damaged"


class FileInfected(AppError):
    """The scanner has found something."""

    status, code = 422, "file_infected"


class FileBomb(AppError):
    """A small file that would unfold into something enormous."""

    status, code = 422, "file_bomb"


class FileUncheckable(AppError):
    """A file whose check took more time or memory than any honest file does, or broke down over it."""

    status, code = 422, "file_uncheckable"


class QuotaExceeded(AppError):
    """The person keeps as many bytes as one person may; ``limit`` is in bytes, ``mb`` in megabytes."""

    status, code = 409, "quota_exceeded"


class TooManyFiles(AppError):
    """The person has as many uploads that belong to no application as one person may; ``limit`` says how many."""

    status, code = 409, "too_many_files"


class WrongOffset(AppError):
    """The part does not begin where the upload stands; ``offset`` is where it does."""

    status, code = 409, "wrong_offset"


class FileInUse(AppError):
    """The file belongs to an application: it goes when the application lets go of it."""

    status, code = 409, "file_in_use"


class LinkExpired(AppError):
    """The link was real, and is older than a link lives."""

    status, code = 410, "link_expired"


class RangeBehindEnd(AppError):
    """The part asked for lies behind the file's end; ``size`` tells where that is."""

    status, code = 416, "range_behind_end"


class UnknownFile(NotFound):
    """No file of this id that the caller may know of."""

    code = "unknown_file"


class FileNotReady(AppError):
    """The file has not all arrived, or has not been checked yet."""

    status, code = 409, "file_not_ready"


class StorageUnavailable(AppError):
    """The place where files are kept does not answer; the same call may be repeated."""

    status, code = 503, "storage_unavailable"


class DatabaseUnavailable(AppError):
    """The database does not answer; nothing was accepted, the same call may be repeated."""

    status, code = 503, "database_unavailable"


class CoreUnavailable(AppError):
    """The gateway cannot reach the core; the same call may be repeated."""

    status, code = 503, "core_unavailable"


class ShuttingDown(AppError):
    """This instance is going away; another one, or the next, takes the call."""

    status, code = 503, "shutting_down"


class InternalError(AppError):
    """A defect of ours; ``incident`` is also in the log."""

    status, code = 500, "internal_error"
