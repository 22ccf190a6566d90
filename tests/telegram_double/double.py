"""The server: chats and messages, methods of the Bot API, updates that are brought or fetched, faults."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.channels.express.far_side import FarSide
from tests.telegram_double import rules
from tests.telegram_double.rules import Document, Refusal, bad

BOT_ID = 7_000_000_001
BOT_NAME = "zayavki_test_bot"
TOKEN = f"{BOT_ID}:TEST-token-of-the-double_0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
QUERY_GONE = "query is too old and response timeout expired or query ID is invalid"
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)


@dataclass
class Chat:
    """A chat and what stands in it, oldest first. Private chats and small groups share the numbers of the bot's box."""

    id: int
    type: str
    messages: list[Document] = field(default_factory=list)
    is_blocked: bool = False
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def document(self) -> Document:
        return {"id": self.id, "type": self.type}

    def add(self, author: Document, text: str, **more: Any) -> Document:
        """A new message."""
        message = {
            "message_id": next(self.numbers),
            "from": author,
            "chat": self.document(),
            "date": int(time.time()),
            "text": text,
        } | more
        self.messages.append(message)
        return message


@dataclass
class Fault:
    """What happens to the next calls of a method instead of an answer."""

    method: str
    refusal: Refusal | None = None
    hang: float = 0
    after: bool = False
    """The call is carried out before."""
    drop: bool = False
    """The connection ends without an answer."""
    times: int = 1


@dataclass(frozen=True)
class Call:
    """One call of the Bot API."""

    method: str
    form: Document
    at: float


class TelegramDouble(FarSide):
    """Serves until closed. ``reach(url)`` turns a webhook's public address into one that can be called here."""

    def __init__(self, *, reach: Callable[[str], str] = lambda url: url) -> None:
        self.reach = reach
        self.token = TOKEN
        self.bot: Document = {"id": BOT_ID, "is_bot": True, "first_name": "Заявки", "username": BOT_NAME}
        self.chats: dict[int, Chat] = {}
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.answers: dict[str, list[Document]] = {}
        """Of presses, by the press."""
        self.pressed_at: dict[str, float] = {}
        self.answered_at: dict[str, float] = {}
        self.webhook: Document = {}
        self.webhook_error: Document = {}
        """``last_error_date`` and ``last_error_message``, as ``getWebhookInfo`` tells them."""
        self.commands: dict[tuple[str, str], list[Document]] = {}
        self.menu: Document = {}
        self.brought: list[tuple[int, int]] = []
        """Update and status of each call of the webhook."""
        self.conflicts = 0
        """How often somebody fetched while somebody else did."""
        self.files: dict[str, bytes] = {}
        """What people have sent, by the id that bots know it by."""
        self.is_silent = False
        """Nothing is brought."""
        self.waiting: list[Document] = []
        """Updates that nobody has confirmed."""
        self._numbers = itertools.count(100_000)
        self._queries = itertools.count(1)
        self._box = itertools.count(1)
        self._fetchers: list[asyncio.Future[Any]] = []
        self._lock = threading.RLock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._on_the_way: set[int] = set()
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        super().__init__(self._serve_call)

    # ── what tests do ────────────────────────────────────────────────────────────────────────────────────────────────

    def chat(self, chat_id: int, type_: str = "private") -> Chat:
        """The chat of that id."""
        if chat_id not in self.chats:
            numbers = {} if type_ in ("supergroup", "channel") else {"numbers": self._box}
            self.chats[chat_id] = Chat(chat_id, type_, **numbers)
        return self.chats[chat_id]

    def fail(self, method: str, status: int = 500, description: str = "Internal Server Error", **how: Any) -> None:
        """The next call of a method ends so. ``retry_after=3`` goes into the answer; ``times=2`` is how often."""
        parameters = {name: how.pop(name) for name in ("retry_after", "migrate_to_chat_id") if name in how}
        with self._lock:
            self.faults.append(Fault(method, Refusal(status, description, **parameters), **how))

    def disturb(self, method: str, **how: Any) -> None:
        """The next call of a method hangs (``hang=30``) or loses its connection (``drop=True``)."""
        with self._lock:
            self.faults.append(Fault(method, **how))

    def flood(self, method: str, seconds: int, **how: Any) -> None:
        """Too many requests."""
        sentence = f"Too Many Requests: retry after {seconds}"
        self.fail(method, 429, sentence, retry_after=seconds, **how)

    def called(self, method: str) -> list[Document]:
        """What a method was asked, oldest first."""
        return [call.form for call in self.calls if call.method == method]

    def update(self, **content: Any) -> Document:
        """Something has happened: it is brought to the webhook, or waits to be fetched."""
        with self._lock:
            update = {"update_id": next(self._numbers)} | content
            self.waiting.append(update)
        self.loop.call_soon_threadsafe(self._news)
        return update

    def repeat(self, update: Document) -> None:
        """The same update once more, as after an answer that got lost."""
        with self._lock:
            self.waiting.append(update)
        self.loop.call_soon_threadsafe(self._news)

    def new_query(self) -> str:
        """The id of a press."""
        query = str(next(self._queries))
        self.answers[query] = []
        self.pressed_at[query] = time.monotonic()
        return query

    # ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _news(self) -> None:
        for fetcher in self._fetchers:
            if not fetcher.done():
                fetcher.set_result(None)
        if self.webhook and not self.is_silent:
            task = asyncio.ensure_future(self._bring())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _bring(self) -> None:
        """Each update until it is taken, as the real one does: with pauses, one at a time of each kind and person."""
        with self._lock:
            updates = [update for update in self.waiting if id(update) not in self._on_the_way]
            self._on_the_way |= {id(update) for update in updates}
        await asyncio.gather(*map(self._bring_one, updates))

    async def _bring_one(self, update: Document) -> None:
        async with self._lines[_line_of(update)], aiohttp.ClientSession() as session:
            for pause in itertools.chain((0.05, 0.1, 0.2), itertools.repeat(0.3)):
                status = await self._try(session, update)
                self.brought.append((update["update_id"], status))
                if status == 200 or not self.webhook:
                    break
                await asyncio.sleep(pause)
        with self._lock:
            self.waiting = [each for each in self.waiting if each is not update]
            self._on_the_way.discard(id(update))

    async def _try(self, session: aiohttp.ClientSession, update: Document) -> int:
        headers = {HEADER: self.webhook.get("secret_token", "")}
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.post(self.reach(self.webhook["url"]), json=update, headers=headers) as answer:
                return answer.status
        return 0

    # ── the Bot API ──────────────────────────────────────────────────────────────────────────────────────────────────

    def keep_file(self, content: bytes) -> str:
        """Takes a file in; the id that goes into messages."""
        with self._lock:
            self.files[f"file-{len(self.files) + 1}"] = content
            return f"file-{len(self.files)}"

    async def _serve_call(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/file/"):
            return self._serve_file(request.path)
        token, _, method = request.path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        form: Document = dict(await request.post())
        self.calls.append(Call(method, form, time.monotonic()))
        fault = self._fault(method)
        if fault is not None and not fault.after:
            return await self._misbehave(request, fault)
        try:
            result = await self._call(method, form)
        except Refusal as refusal:
            return web.json_response(refusal.document, status=refusal.status)
        if fault is not None:
            return await self._misbehave(request, fault)
        return web.json_response({"ok": True, "result": result})

    def _fault(self, method: str) -> Fault | None:
        with self._lock:
            fault = next((fault for fault in self.faults if fault.method == method), None)
            if fault is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
            return fault

    async def _misbehave(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        await asyncio.sleep(fault.hang)
        if fault.drop or fault.refusal is None:
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError
        return web.json_response(fault.refusal.document, status=fault.refusal.status)

    async def _call(self, method: str, form: Document) -> Any:
        if method == "getUpdates":
            return await self._get_updates(form)
        known = {
            "getMe": lambda _: self.bot,
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answer,
            "getWebhookInfo": self._webhook_info,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._set_commands,
            "getFile": self._get_file,
            "setChatMenuButton": self._set_menu,
        }
        if method not in known:
            raise Refusal(404, "Not Found: method not found")
        with self._lock:
            return known[method](form)

    def _open_chat(self, form: Document) -> Chat:
        chat = self.chats.get(int(form["chat_id"]))
        if chat is None:
            raise bad("chat not found")
        if chat.is_blocked:
            what = "blocked by the user" if chat.type == "private" else "kicked from the group chat"
            raise Refusal(403, f"Forbidden: bot was {what}")
        return chat

    def _content(self, form: Document, chat: Chat) -> Document:
        text = rules.text_of(form)
        keyboard = rules.keyboard_of(form, private=chat.type == "private")
        markup = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        return {"text": text, "entities": rules.entities_of(form, text)} | markup

    def _send(self, form: Document) -> Document:
        chat = self._open_chat(form)
        content = self._content(form, chat)
        return chat.add(self.bot, **content)

    def _edit(self, form: Document) -> Document:
        chat = self._open_chat(form)
        message = self._own_message(chat, form)
        content = self._content(form, chat)
        if content == {name: message[name] for name in ("text", "entities", "reply_markup") if name in message}:
            raise bad(SAME)
        message.pop("reply_markup", None)
        message |= content | {"edit_date": int(time.time()), "edits": message.get("edits", 0) + 1}
        return message

    def _own_message(self, chat: Chat, form: Document) -> Document:
        message = _numbered(chat, form)
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != BOT_ID:
            raise bad("message can't be edited")
        return message

    def _edit_markup(self, form: Document) -> Document:
        chat = self._open_chat(form)
        message = self._own_message(chat, form)
        keyboard = rules.keyboard_of(form, private=chat.type == "private")
        if keyboard == message.get("reply_markup", {}).get("inline_keyboard", []):
            raise bad(SAME)
        message.pop("reply_markup", None)
        message |= {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        return message

    def _delete(self, form: Document) -> bool:
        """In a private chat a bot may delete what the person wrote, too."""
        chat = self._open_chat(form)
        message = _numbered(chat, form)
        if message is None:
            raise bad("message to delete not found")
        if message["from"]["id"] != BOT_ID and chat.type != "private":
            raise bad("message can't be deleted")
        chat.messages.remove(message)
        return True

    def _answer(self, form: Document) -> bool:
        query = form["callback_query_id"]
        if query not in self.answers:
            raise bad(QUERY_GONE)
        if len(form.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answers[query].append(form)
        self.answered_at.setdefault(query, time.monotonic())
        return True

    def _get_file(self, form: Document) -> Document:
        content = self.files.get(form["file_id"])
        if content is None:
            raise bad("invalid file_id")
        if len(content) > rules.MAX_DOWNLOAD:
            raise bad("file is too big")
        name = form["file_id"]
        return {
            "file_id": name,
            "file_unique_id": f"u-{name}",
            "file_size": len(content),
            "file_path": f"documents/{name}.bin",
        }

    def _serve_file(self, path: str) -> web.Response:
        """A download: the token stands in this path too."""
        found = re.fullmatch(rf"/file/bot{re.escape(TOKEN)}/documents/([\w-]+)\.bin", path)
        fault = self._fault("download")
        if found is None or found[1] not in self.files or fault is not None:
            return web.Response(status=fault.refusal.status if fault and fault.refusal else 404)
        return web.Response(body=self.files[found[1]])

    def _set_webhook(self, form: Document) -> bool:
        if not form["url"].startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = form
        self._news()
        return True

    def _webhook_info(self, _form: Document) -> Document:
        url = self.webhook.get("url", "")
        told = {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.waiting)}
        return told | (self.webhook_error if url else {})

    def _delete_webhook(self, _form: Document) -> bool:
        self.webhook = {}
        return True

    def _set_commands(self, form: Document) -> bool:
        commands = json.loads(form["commands"])
        for command in commands:
            if not 1 <= len(command["description"]) <= 256 or not command["command"].isascii():
                raise bad("BOT_COMMAND_INVALID")
        scope = json.loads(form.get("scope", '{"type": "default"}'))["type"]
        self.commands[scope, form.get("language_code", "")] = commands
        return True

    def _set_menu(self, form: Document) -> bool:
        self.menu = json.loads(form["menu_button"])
        if self.menu["type"] == "web_app":
            rules.ensure_web_app(self.menu["web_app"]["url"], private=True)
        return True

    async def _get_updates(self, form: Document) -> list[Document]:
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
                " webhook first",
            )
        self._end_other_fetchers()
        with self._lock:
            offset = int(form.get("offset", 0))
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting:
            await self._wait(float(form.get("timeout", 0)))
        with self._lock:
            return self.waiting[: int(form.get("limit", 100))]

    def _end_other_fetchers(self) -> None:
        for fetcher in self._fetchers:
            if not fetcher.done():
                self.conflicts += 1
                fetcher.set_exception(
                    Refusal(
                        409,
                        "Conflict: terminated by other getUpdates request; make sure that only one bot instance"
                        " is running",
                    )
                )

    async def _wait(self, seconds: float) -> None:
        fetcher: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._fetchers.append(fetcher)
        try:
            async with asyncio.timeout(seconds):
                await fetcher
        except TimeoutError:
            pass
        finally:
            self._fetchers.remove(fetcher)


def _numbered(chat: Chat, form: Document) -> Document | None:
    number = int(form["message_id"])
    return next((each for each in chat.messages if each["message_id"] == number), None)


def _line_of(update: Document) -> str:
    """What must not overtake each other."""
    kind, content = next((name, part) for name, part in (update | {"nothing": {}}).items() if name != "update_id")
    return f"{kind} {content.get('from', {}).get('id')}"
