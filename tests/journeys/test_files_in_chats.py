"""A file sent in a chat is in the filed application, the same to the last byte, in the whole running product."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.documents import pdf
from tests.journeys.house import NOW
from tests.journeys.messenger import MessengerPage, ensure_built
from tests.stack import Stack
from tests.stack.chats import Chats, labels
from tests.stack.client import Client
from tests.stack.telegram import Phone

#: Longer than what the local messenger sends in one piece.
LONG = 9 << 20


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """Both messengers, on a day when applications are taken."""
    with Stack(express=True, telegram=True, now=NOW, durable=False) as running:
        yield running


def sums(*contents: bytes) -> list[str]:
    return [hashlib.sha256(content).hexdigest() for content in contents]


def downloaded(client: Client, application: dict[str, Any]) -> list[str]:
    """The sums of what comes when the files of an application are fetched."""
    answers = [client.get(f"/api/smartapp/files/{file['id']}") for file in application["files"]]
    assert {answer.status for answer in answers} == {200}
    return sums(*(answer.body for answer in answers))


def latest(client: Client) -> dict[str, Any]:
    number = client.get("/api/smartapp/applications?limit=1").json["items"][0]["number"]
    found: dict[str, Any] = client.get(f"/api/smartapp/applications/{number}").json
    return found


def test_a_file_sent_in_the_express_chat_is_filed_as_it_was(whole: Stack) -> None:
    chats, first, second = Chats(whole), pdf("первый"), pdf("второй", size=LONG)
    chats.open()
    chats.text("/заявка")
    before = len(chats.said())
    assert "Файлы: 1" in chats.send_file(first, "план полёта.pdf")["body"]
    said = chats.send_file(second, "справка.pdf")
    assert ("Файлы: 2" in said["body"], "Убрать файлы" in labels(said)) == (True, True)
    refused = chats.send_file(b"MZ not a document", "setup.pdf")
    assert ("Файлы: 2" in refused["body"], "DOCX" in refused["body"]) == (True, True)
    chats.press("Хабаровск")
    assert "Файлы: 2" in chats.press("15")["body"]
    sent = chats.press("Отправить")
    assert ("отправлена" in sent["body"], "Файлы: 2" in sent["body"]) == (True, True)
    assert len(chats.said()) - before <= 1, "two messages for an application"

    client = whole.client(whole.sign_in("employee"))
    application = latest(client)
    assert [file["name"] for file in application["files"]] == ["план полёта.pdf", "справка.pdf"]
    assert [file["sha256"] for file in application["files"]] == sums(first, second)
    assert downloaded(client, application) == sums(first, second)
    assert whole.sql("select max(pg_column_size(payload)) as most from inbox")[0]["most"] < 4000
    client.close()


def test_a_file_sent_in_telegram_is_filed_as_it_was(whole: Stack) -> None:
    phone, content = Phone.of_employee(whole), pdf("из Телеграма")
    assert phone.person is not None
    phone.start().press("Подать заявку").hears("Шаг 1 из 3")
    phone.send_file(content=content, name="отпуск.pdf").hears("Файлы: 1")
    phone.send_file(content=bytes(21 << 20), name="фильм.pdf").hears("такие Telegram ботам не отдаёт").hears("Файлы: 1")
    phone.press("Самара").press("15").hears("Файлы: 1").press("Отправить").hears("отправлена").hears("Файлы: 1")

    client = whole.client(phone.person.token)
    application = latest(client)
    assert [(file["name"], file["type"]) for file in application["files"]] == [("отпуск.pdf", "application/pdf")]
    assert downloaded(client, application) == sums(content)
    client.close()


def test_what_the_host_uploads_for_the_app_is_the_same_file_in_the_chat(whole: Stack) -> None:
    chats, content, persona = Chats(whole), pdf("с телефона"), "matched"
    record = whole.messenger.send_file(content, persona, to="app", name="скан.pdf")["record"]
    answer = chats.call("files.take", persona, files=[record], client_key="one-upload-of-the-app")
    view = answer["result"]["body"]
    assert (view["name"], view["sha256"], view["state"]) == ("скан.pdf", *sums(content), "ready")
    again = chats.call("files.take", persona, files=[record], client_key="one-upload-of-the-app")
    assert again["result"]["body"]["id"] == view["id"]
    foreign = whole.messenger.send_file(content, "employee", to="app", name="чужое.pdf")["record"]
    refused = chats.call("files.take", persona, files=[foreign], client_key="another-upload-of-it")
    assert [error["id"] for error in refused["errors"]] == ["UNKNOWN_FILE"]

    draft = {
        "form": "flight",
        "answers": {"files": [view["id"]]},
        "changed": ["files"],
        "client_key": "one-draft-of-it",
    }
    chats.call("draft.save", persona, body=draft | {"base_version": None})
    chats.open(persona)
    chats.text("/заявка", persona)
    assert "Файлы: 1" in chats.press("Всё верно", persona)["body"]


def test_a_file_picked_in_the_app_goes_over_messenger_and_bot_into_the_application(
    whole: Stack, browser: Browser
) -> None:
    """The app in its frame with the vendor's SDK, the client's own upload, ``files.take`` at the real bot."""
    ensure_built()
    content, client = pdf("выбран в приложении", size=3 << 20), whole.client(whole.sign_in("employee"))
    for item in client.get("/api/smartapp/applications?status=submitted").json["items"]:
        client.call("POST", f"/api/smartapp/applications/{item['number']}/withdraw", {}, key=f"gone-{item['number']}")
    context = browser.new_context(**(ELSEWHERE | DESKTOP))
    messenger = MessengerPage(context, whole.messenger).open()
    app = messenger.app()
    app.get_by_role("link", name="Магадан", exact=True).click()
    app.locator("button[data-day$='-15']").click()
    app.get_by_role("button", name="Прикрепить файл").click()
    with messenger.page.expect_file_chooser() as choosing:
        messenger.page.get_by_role("button", name="Выбрать файл").click()
    choosing.value.set_files({"name": "приказ.pdf", "mimeType": "application/pdf", "buffer": content})
    expect(app.locator("li.file").filter(has_text="приказ.pdf")).to_contain_text("Готово")
    app.get_by_role("button", name=re.compile("^Отправить")).click()
    expect(app.get_by_role("heading", name="Заявка отправлена")).to_be_visible()
    context.close()

    application = latest(client)
    assert [file["name"] for file in application["files"]] == ["приказ.pdf"]
    assert downloaded(client, application) == sums(content)
    kept = whole.sql("select channel, in_parts from files where id = %s", (application["files"][0]["id"],))
    assert kept == [{"channel": "express", "in_parts": False}], "by the bot, not by the app"
    client.close()
