"""Files in a conversation: what is sent while something is being filled in is attached to it (ux.md B5).

Nothing is fetched that nobody asks for; what had to be stored before anybody could know is given up again.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from express_bot.channels.dialogs import filling
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.incoming import NotTaken, SentFile
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.sheet import Sheet
from express_bot.channels.dialogs.sheets import keep, open_sheet
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Row
from express_bot.core_client import CoreError
from express_bot.domain.fields import AnyField, FileField

#: The choice of «Убрать файлы», with the question's name or for all of them.
REMOVE = "nofiles"
TOO_MANY_CALLS = 429


async def receive(turn: Turn) -> None:
    """Attaches what was sent; what cannot be attached is answered with what to do."""
    for sent in turn.incoming.files:
        if not await _is_attached(turn, sent) and sent.stored is not None:
            await _give_up(turn, [sent.stored])


async def _is_attached(turn: Turn, sent: SentFile) -> bool:
    asked = await _wanted(turn)
    if asked is None:
        return False
    sheet = await open_sheet(turn)
    before = ids(sheet, asked)
    if sent.stored in before:  # this very event has been here before
        return True
    if len(before) >= asked.max_files:
        turn.notice("files.too_many", count=asked.max_files)
        return False
    view = await _taken(turn, sent)
    if view is None:
        return False
    if not _fits(turn, asked, view):
        await _give_up(turn, [view["id"]])
        return False
    if view["id"] not in before and not await _has_kept(turn, sheet, asked, [*before, view["id"]]):
        await _give_up(turn, [view["id"]])
        return False
    return True


async def _has_kept(turn: Turn, sheet: Sheet, asked: FileField, files: list[str]) -> bool:
    """Keeps the list; ``False`` when another door has taken the last place in this very moment."""
    try:
        await keep(turn, sheet, asked.name, files)
    except CoreError as refusal:
        if refusal.code != "invalid_answers":
            raise
        turn.notice("files.too_many", count=asked.max_files)
        turn.facts.forget()
        turn.sheet = None
        return False
    return True


async def _wanted(turn: Turn) -> FileField | None:
    """The question that a file answers now; ``None``: none, and the person is told why."""
    flow = turn.state.flow
    if flow is None:
        turn.notice("files.no_draft")
        return None
    if flow.kind == "profile":
        turn.notice("files.profile_first")
        return None
    sheet = await open_sheet(turn)
    questions = list(fields_of(sheet))
    if not questions:
        turn.notice("files.none_here")
        return None
    asked_now = turn.screen.data.get("field") if turn.screen.name == "ask" else None
    with_room = [asked for asked in questions if len(ids(sheet, asked)) < asked.max_files]
    return next((asked for asked in questions if asked.name == asked_now), (with_room or questions)[0])


async def _taken(turn: Turn, sent: SentFile) -> Json | None:
    """The file in the store, or a word to the person; what may pass by itself is raised."""
    try:
        return await sent.take(turn.who)
    except NotTaken as no:
        turn.notice(f"files.{no.why}", **no.figures)
    except CoreError as refusal:
        if refusal.status >= 500 or refusal.status == TOO_MANY_CALLS:
            raise
        turn.tell(plain(str(refusal.problem.get("detail", ""))) or turn.say("files.lost"))
    return None


def _fits(turn: Turn, asked: FileField, view: Json) -> bool:
    """Whether the question takes it; the store itself takes more than some questions do."""
    if view["size"] > asked.max_bytes:
        turn.notice("files.too_large", mb=max(asked.max_bytes >> 20, 1))
    elif asked.types and view["type"] not in asked.types:
        turn.notice("files.wrong_type")
    else:
        return True
    return False


async def remove(turn: Turn, name: str) -> None:
    """«Убрать файлы»: of one question, or of all; the conversation stays where it is."""
    sheet = await open_sheet(turn)
    removed: list[str] = []
    for asked in [asked for asked in fields_of(sheet) if name in ("", asked.name)]:
        sheet = await open_sheet(turn)
        if found := ids(sheet, asked):
            removed += found
            await keep(turn, sheet, asked.name, None)
    if removed and sheet.flow.kind == "new":  # those of a filed application are its own until the edit is saved
        await _give_up(turn, removed)


async def _give_up(turn: Turn, files: Iterable[str]) -> None:
    """Nobody refers to them any more. What does not work now the store does by itself, some time."""
    for file in files:
        with suppress(CoreError):
            await turn.core.delete_file(turn.who, file, key=f"{turn.key()}-{file[:8]}")


async def read_caption(turn: Turn, text: str) -> bool:
    """Words beside a file are an answer only where they certainly are one."""
    if turn.state.flow is None or turn.screen.name not in ("ask", "check"):
        return False
    sheet = await open_sheet(turn)
    if not await filling.answer_elsewhere(turn, sheet, text):
        return False
    await filling.after_answer(turn, turn.screen.data if turn.screen.name == "ask" else {"then": "check"})
    return True


def fields_of(sheet: Sheet) -> Iterable[FileField]:
    """The questions of a sheet that files answer."""
    return (asked for asked in sheet.fields() if isinstance(asked, FileField))


def ids(sheet: Sheet, asked: AnyField) -> list[str]:
    """The files that answer a question now."""
    found: Any = sheet.answers.get(asked.name)
    return [str(one) for one in found] if isinstance(found, list) else []


def line(turn: Turn, sheet: Sheet) -> str:
    """«Файлы: 2»; nothing while there are none."""
    count = sum(len(ids(sheet, asked)) for asked in fields_of(sheet))
    return turn.say("files.count", count=count) if count else ""


def row(sheet: Sheet, pen: Pen) -> Row:
    """«Убрать файлы», once there are some."""
    has_some = any(ids(sheet, asked) for asked in fields_of(sheet))
    return (pen.button("remove_files", REMOVE),) if has_some else ()
