"""UX-116 in eXpress: the client picks and uploads; nobody pretends to know how far it is."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.house import House, Traveller
from tests.journeys.in_express.phone import Phone
from tests.journeys.in_express.server import Messenger
from tests.journeys.in_express.words import SEND
from tests.journeys.test_files import pdf, row

RECORD: dict[str, Any] = {
    "type": "document",
    "file": "https://files.example/1",
    "file_id": "5b4bd2b2-6f5f-4ee0-9a68-9a4f7c0a8b11",
    "file_name": "скан.pdf",
    "file_mime_type": "application/pdf",
    "file_hash": "hash",
}


def test_a_file_comes_through_the_messenger_without_a_percentage(
    ready: Phone, around: Messenger, stack: House, anna: Traveller
) -> None:
    app, content = ready.app, pdf(40_000)
    around.files[RECORD["file_id"]] = content
    app.tap(app.button("Прикрепить файл"))
    moving = row(app, "Файл из eXpress")
    expect(moving).to_contain_text("Загружаем через eXpress…")
    bar = moving.get_by_role("progressbar")
    assert (bar.get_attribute("aria-valuenow"), re.search(r"\d\s?%", moving.inner_text())) == (None, None)
    ready.ensure_good_looks().shot("express-files")
    ready.outer.evaluate("record => messenger.give([record])", RECORD | {"file_size": len(content)})
    row(app, "скан.pdf").filter(has_text="Готово").wait_for()
    app.tap(app.button(SEND)).heading("Заявка отправлена").wait_for()
    (kept,) = stack.sql("select * from files where owner_id = %s", (anna.id,))
    (application,) = stack.applications_of(anna)
    assert (kept["name"], kept["application_id"]) == ("скан.pdf", application["id"])
    assert ready.http_calls() == []


def test_a_picker_that_is_closed_leaves_nothing(ready: Phone) -> None:
    app = ready.app
    app.tap(app.button("Прикрепить файл"))
    row(app, "Файл из eXpress").wait_for()
    ready.outer.evaluate("() => messenger.give(null)")
    expect(row(app, "Файл из eXpress")).to_have_count(0)
    app.see(app.button("Выбрать файл на устройстве"))
