"""People in Telegram: they open the bot, write, press, block it."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.telegram_double.double import BOT_ID, BOT_NAME, Chat, TelegramDouble
from tests.telegram_double.rules import Document

_ids = itertools.count(910_000_001)


class Member:
    """One person and their own chat with the bot; ``presses`` and ``typed`` are counted."""

    def __init__(
        self, double: TelegramDouble, first_name: str = "Анна", *, language: str = "ru", last_name: str = ""
    ) -> None:
        self.double = double
        self.id = next(_ids)
        self.presses, self.typed = 0, 0
        named = {"first_name": first_name, "language_code": language} | ({"last_name": last_name} if last_name else {})
        self.user: Document = {"id": self.id, "is_bot": False} | named
        self.queries: list[str] = []

    @property
    def chat(self) -> Chat:
        """The private chat."""
        return self.double.chat(self.id)

    @property
    def said(self) -> list[Document]:
        """What the bot has said here, oldest first."""
        return [message for message in self.chat.messages if message["from"]["id"] == BOT_ID]

    @property
    def last(self) -> Document:
        """The bot's newest message."""
        return self.said[-1] if self.said else {"text": ""}

    # ── what hands do ──

    def write(self, text: str, *, chat: Chat | None = None, **more: Any) -> Document:
        """Types something; returns the update."""
        self.typed += 1
        place = chat or self.chat
        is_command = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}
        return self.double.update(
            message=place.add(self.user, text, **(is_command if text.startswith("/") else {}), **more)
        )

    def send_file(
        self,
        caption: str = "",
        *,
        content: bytes = b"%PDF-1.7",
        name: str = "a.pdf",
        mime: str = "application/pdf",
        **more: Any,
    ) -> Document:
        """A document; ``more`` are further members of its message."""
        file = self.double.keep_file(content)
        document = {"file_id": file, "file_unique_id": f"u-{file}", "file_name": name, "mime_type": mime}
        return self._send(caption, document=document | {"file_size": len(content)}, **more)

    def send_photo(self, content: bytes, caption: str = "", **more: Any) -> Document:
        """A photo: the messenger offers it in several sizes, the smallest first."""
        sizes = [("thumb", 90, content[:10]), ("whole", 1280, content)]
        photo = [
            {"file_id": self.double.keep_file(part), "file_unique_id": f"u-{name}", "width": side, "height": side,
             "file_size": len(part)}
            for name, side, part in sizes
        ]  # fmt: skip
        return self._send(caption, photo=photo, **more)

    def send_album(self, *contents: bytes) -> list[Document]:
        """Several photos at once: a message for each, of one group."""
        group = str(next(_ids))
        return [self.send_photo(content, media_group_id=group) for content in contents]

    def _send(self, caption: str, **what: Any) -> Document:
        message = self.chat.add(self.user, "", **what)
        del message["text"]
        return self.double.update(message=message | ({"caption": caption} if caption else {}))

    def press(self, label: str, message: Document | None = None) -> str:
        """Presses the button that begins so, under the newest message of the bot; returns the press's id."""
        message = message or self.last
        button = self.button(label, message)
        return self.press_data(button["callback_data"], message)

    def button(self, label: str, message: Document | None = None) -> Document:
        """The button that is labelled so, or begins so before a comma or a colon."""
        found = [button for row in keyboard(message or self.last) for button in row if _is_labelled(button, label)]
        assert found, (label, labels(message or self.last), (message or self.last)["text"])
        return found[-1]

    def press_data(self, data: str, message: Document) -> str:
        """The same by what the button brings back, also of a keyboard that is not there any more."""
        self.presses += 1
        query = self.double.new_query()
        self.queries.append(query)
        self.double.update(
            callback_query={
                "id": query,
                "from": self.user,
                "message": message,
                "chat_instance": str(self.id),
                "data": data,
            }
        )
        return query

    def block(self) -> Document:
        """Stops the bot."""
        self.chat.is_blocked = True
        return self._membership("member", "kicked")

    def unblock(self) -> Document:
        """Lets it back in."""
        self.chat.is_blocked = False
        return self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> Document:
        bot = self.double.bot
        until = {"kicked": {"until_date": 0}, "member": {}}
        return self.double.update(
            my_chat_member={
                "chat": self.chat.document(),
                "from": self.user,
                "date": int(time.time()),
                "old_chat_member": {"user": bot, "status": old} | until[old],
                "new_chat_member": {"user": bot, "status": new} | until[new],
            }
        )

    def answered(self, query: str) -> str | None:
        """What the pressed button said; ``None`` while it says nothing at all."""
        answers = self.double.answers[query]
        return answers[0].get("text", "") if answers else None


def keyboard(message: Document) -> list[list[Document]]:
    """The rows of buttons under a message."""
    rows: list[list[Document]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def labels(message: Document) -> list[str]:
    """The buttons under a message."""
    return [button["text"] for row in keyboard(message) for button in row]


def _is_labelled(button: Document, label: str) -> bool:
    text: str = button["text"]
    return text == label or text.startswith((f"{label},", f"{label}:"))


def mention(command: str) -> str:
    """«/start@the_bot»."""
    return f"{command}@{BOT_NAME}"
