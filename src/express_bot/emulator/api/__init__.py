"""What the page asks of the messenger, under ``/emulator``; for this machine only, JSON in and out.

Reading:

- ``GET  /emulator/state``: everything at once: ``{seq, bot, host, appUrl, people, chats, messages, faults}``, and the
  latest lines of the inspector: ``{wire, trail}``.
- ``GET  /emulator/events?after=SEQ``: server-sent events, one JSON object each, numbered by ``seq``; ``Last-Event-ID``
  resumes. ``event: gap`` says that some are forgotten: ask for the state again. Topics: ``chat`` (message, edited,
  deleted, settled, read, chat, typing, press_failed), ``app`` (answer, news, push, counter), ``wire`` (botx, bot,
  app_lost) and ``trail`` (core, queue) for the inspector, ``house`` (faults, clock, reset, manifest, note).
- ``GET  /emulator/house?persona=``: the product behind the bot: its health, and this person's draft, applications,
  conversations and promises.
- ``GET  /emulator/files/{id}``: a file of the file service.

Doing, as ``{persona, chat?, phone?: {platform, locale}, …}``; answers come at once, what they cause comes as events:

- ``POST /emulator/chat/open``: opens a chat (the bot hears of it the first time); answers the bot's commands.
- ``POST /emulator/chat/text`` ``{text, data?}``, ``/press`` ``{message, markup, row, column, edits?}`` (``edits``:
  as a phone shows it that has seen only so many), ``/read``, ``/edit`` ``{message, text}``, ``/again`` ``{message}``.
- ``POST /emulator/chat/file?persona=&chat=&name=&caption=&size=``: the body is the file; ``size`` makes one up.
- ``POST /emulator/app/event`` ``{event}``: what the bridge posted for the bot.
- ``POST /emulator/app/file?persona=&name=``: the host's file picker; answers the protocol's file object.
- ``POST /emulator/system`` ``{event}``: an event of the server: ``cts_login``, ``cts_logout``, ``chat_created`` …
- ``POST /emulator/faults`` (any members of ``faults.Faults``; ``{}`` changes nothing), ``POST /emulator/tokens`` (auth
  v1 tokens are worthless from now on), ``POST /emulator/clock`` ``{to}`` (now, day_before_end, closed, publication, or
  a moment),
  ``POST /emulator/house/clear`` ``{persona}`` (takes back what the person has filed), ``POST /emulator/note``
  ``{text}`` (a line for the inspector), ``POST /emulator/reset``.

A refusal is ``{code}``: 400 ``malformed``, 404 ``unknown_person``, ``unknown_chat``, ``unknown_message``, 409
``no_button``, 503 ``phone_offline`` while the phone has no network, 502 ``house_away``.
"""

from __future__ import annotations

from starlette.routing import Route

from express_bot.emulator.api.actions import Actions
from express_bot.emulator.api.house import House
from express_bot.emulator.api.switches import Switches
from express_bot.emulator.api.views import Views
from express_bot.emulator.botx.door import Door
from express_bot.emulator.messenger import Messenger


def routes(messenger: Messenger, house: House, door: Door) -> list[Route]:
    """Every address of the page API."""
    views, actions, switches = Views(messenger, house), Actions(messenger), Switches(messenger, house, door)
    reading = {
        "/emulator/state": views.state,
        "/emulator/events": views.events,
        "/emulator/house": views.house,
        "/emulator/files/{file_id:uuid}": views.file,
    }
    doing = {
        "/emulator/chat/open": actions.open_chat,
        "/emulator/chat/text": actions.text,
        "/emulator/chat/press": actions.press,
        "/emulator/chat/read": actions.read,
        "/emulator/chat/edit": actions.edit,
        "/emulator/chat/again": actions.again,
        "/emulator/chat/file": actions.file,
        "/emulator/app/event": actions.app_event,
        "/emulator/app/file": actions.app_file,
        "/emulator/system": actions.system,
        "/emulator/faults": switches.faults,
        "/emulator/tokens": switches.tokens,
        "/emulator/clock": switches.clock,
        "/emulator/house/clear": switches.clear,
        "/emulator/note": switches.note,
        "/emulator/reset": switches.reset,
    }
    return [
        *(Route(path, endpoint, methods=["GET"]) for path, endpoint in reading.items()),
        *(Route(path, endpoint, methods=["POST"]) for path, endpoint in doing.items()),
    ]
