"""UX-116: files are chosen, travel, survive what happens on the way, and are there to be read (ux B5)."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.device import Device
from tests.journeys.house import House, Traveller
from tests.journeys.line import line_to

MB = 1 << 20
SEND = "Отправить: Магадан, 15 января"
NAME = "Справка о составе семьи, скан с печатью.pdf"


def pdf(size: int) -> bytes:
    """A PDF of about this size whose content no network can guess."""
    stream = random.Random(size).randbytes(size)
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    body = b"3 0 obj<</Length %d>>stream\n%b\nendstream endobj\n" % (len(stream), stream)
    return head + body + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def chosen(name: str, content: bytes, media: str = "application/pdf") -> Any:
    return {"name": name, "mimeType": media, "buffer": content}


def on_disk(folder: Path, name: str, content: bytes) -> Path:
    """A file too big to be handed to the browser by word of mouth."""
    path = folder / name
    path.write_bytes(content)
    return path


def attach(device: Device, *files: Any) -> None:
    """What the system's picker gives when somebody has chosen."""
    device.page.locator("input[type=file]").first.set_input_files(list(files))


def row(device: Device, name: str) -> Locator:
    return device.page.locator("li.file").filter(has_text=name)


def ready(device: Device, name: str) -> Locator:
    return row(device, name).filter(has_text="Готово")


def files_of(stack: House, person: Traveller, where: str = "true") -> list[dict[str, Any]]:
    return stack.sql(f"select * from files where owner_id = %s and {where} order by created_at", (person.id,))


@pytest.fixture
def form(phone: Device) -> Device:
    """Магадан on 15 January, one press away from being sent."""
    phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15))
    phone.button("Прикрепить файл").wait_for()
    return phone


def held(device: Device) -> Callable[[], None]:
    """Parts do not get through until the returned function is called."""
    device.page.route("**/api/smartapp/uploads/*", lambda route: None if _is_part(route) else route.continue_())
    return lambda: device.page.unroute_all(behavior="ignoreErrors")


def _is_part(route: Route) -> bool:
    return route.request.method == "PATCH"


class TestUpload:
    def test_after_a_dropped_connection_it_goes_on_and_the_filed_file_can_be_opened(
        self, devices: Callable[..., Device], stack: House, anna: Traveller, tmp_path: Path
    ) -> None:
        content = pdf(11 * MB)
        with line_to(int(stack.url.rsplit(":", 1)[1])) as line:
            phone = devices().expects("Failed to load resource")
            phone.url = line.url
            phone.sign_in("employee")
            phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15))
            phone.see(phone.button("Прикрепить файл"))
            line.cut_after(7 * MB)
            attach(phone, on_disk(tmp_path, NAME, content))
            expect(row(phone, NAME)).to_contain_text(re.compile(r"Загружаем \d+\s%"))
            expect(ready(phone, NAME)).to_be_visible(timeout=30_000)

            # (a browser repeats a call by itself where a used connection closes without an answer: the house says no)
            at = next(number for number, (offset, _) in enumerate(line.parts) if offset % (5 * MB))
            resumed = line.parts[at][0]
            assert 5 * MB < resumed < 7 * MB, "it went on in the middle of the broken part"
            again = sum(sent for _, sent in line.parts[at:])
            assert 0 < again - (len(content) - resumed) < 20_000, "from there on every byte was sent once"
            phone.ensure_good_looks().shot("files-ready")

            phone.tap(phone.button(SEND)).heading("Заявка отправлена").wait_for()
            phone.tap(phone.link("Открыть заявку"))
            opened = phone.page.get_by_role("button", name=re.compile("Скачать: Справка"))
            phone.see(phone.heading("Файлы"), opened).ensure_good_looks().shot("files-request")
            with phone.page.expect_download() as download:
                phone.tap(opened)
            assert Path(download.value.path()).read_bytes() == content
            assert download.value.suggested_filename == NAME
        (kept,) = files_of(stack, anna)
        (application,) = stack.applications_of(anna)
        assert (kept["application_id"], kept["state"]) == (application["id"], "ready")

    def test_what_is_too_large_is_told_at_once_and_never_sent(
        self, form: Device, stack: House, anna: Traveller, tmp_path: Path
    ) -> None:
        attach(form, on_disk(tmp_path, "видео.pdf", b"%PDF" + bytes(21 * MB)), on_disk(tmp_path, "setup.exe", b"MZ"))
        expect(row(form, "видео.pdf")).to_contain_text("Не подойдёт: больше 20 МБ")
        expect(row(form, "setup.exe")).to_contain_text("Не подойдёт: нужен файл PDF, JPG, PNG, HEIC, DOCX, XLSX")
        form.ensure_good_looks()
        form.tap(form.button(SEND)).heading("Заявка отправлена").wait_for()
        assert form.calls_to("POST", "uploads") == []
        assert files_of(stack, anna) == []

    def test_what_is_not_what_it_says_is_refused_by_the_server(
        self, form: Device, stack: House, anna: Traveller
    ) -> None:
        form.expects("Failed to load resource")
        attach(form, chosen("скан.pdf", b"<html><script>alert(1)</script></html>"))
        expect(row(form, "скан.pdf")).to_contain_text("Не подойдёт")
        form.tap(form.button("Убрать: скан.pdf"))
        expect(row(form, "скан.pdf")).to_have_count(0)
        assert files_of(stack, anna, "state = 'ready'") == []

    def test_it_goes_on_behind_other_screens_and_after_a_reload(
        self, form: Device, stack: House, anna: Traveller
    ) -> None:
        release = held(form)
        attach(form, chosen("скан.pdf", pdf(MB)))
        row(form, "скан.pdf").wait_for()
        form.settled(lambda: files_of(stack, anna), "the upload has begun")
        form.page.go_back()
        form.see(form.link("Продолжить"))
        form.page.reload()
        release()
        form.tap(form.link("Продолжить"))
        expect(ready(form, "скан.pdf")).to_be_visible(timeout=20_000)
        draft = "select 1 from drafts where user_id = %s and jsonb_array_length(answers -> 'files') = 1"
        form.settled(lambda: stack.sql(draft, (anna.id,)), "the draft has the file")
        assert len(files_of(stack, anna)) == 1


class TestSending:
    def test_it_waits_for_what_is_on_its_way(self, form: Device, stack: House, anna: Traveller) -> None:
        release = held(form)
        attach(form, chosen("скан.pdf", pdf(MB)))
        row(form, "скан.pdf").wait_for()
        form.tap(form.button(SEND))
        form.see(form.button("Отправим после загрузки (1)"), form.button("Отправить без файлов"))
        form.ensure_good_looks().shot("files-sending")
        assert stack.applications_of(anna) == []
        release()
        form.heading("Заявка отправлена").wait_for(timeout=30_000)
        (application,) = stack.applications_of(anna)
        assert len(application["answers"]["files"]) == 1

    def test_it_goes_without_when_nobody_wants_to_wait(self, form: Device, stack: House, anna: Traveller) -> None:
        held(form)
        attach(form, chosen("скан.pdf", pdf(MB)))
        row(form, "скан.pdf").wait_for()
        form.tap(form.button(SEND)).tap(form.button("Отправить без файлов"))
        form.heading("Заявка отправлена").wait_for()
        (application,) = stack.applications_of(anna)
        assert "files" not in application["answers"]


class TestAfterwards:
    def test_a_filed_application_gets_another_file_and_loses_one(
        self, form: Device, stack: House, anna: Traveller
    ) -> None:
        attach(form, chosen("первый.pdf", pdf(9_000)))
        ready(form, "первый.pdf").wait_for()
        form.tap(form.button(SEND)).heading("Заявка отправлена").wait_for()
        form.tap(form.link("Открыть заявку")).tap(form.link("Изменить"))
        attach(form, chosen("второй.pdf", pdf(9_001)))
        ready(form, "второй.pdf").wait_for()
        form.tap(form.button("Убрать: первый.pdf"))
        form.tap(form.button(re.compile("^Сохранить")))
        form.see(form.toast("Изменения сохранены"), form.button(re.compile("Скачать: второй.pdf")))
        expect(form.button(re.compile("первый.pdf"))).to_have_count(0)
        (application,) = stack.applications_of(anna)
        (second,) = files_of(stack, anna, "application_id is not null")
        assert (application["answers"]["files"], second["name"]) == ([str(second["id"])], "второй.pdf")


#: The next part that leaves the device, looked at before it does.
_WATCH = """() => {
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (content) {
    window.left = content;
    return send.call(this, content);
  };
}"""
_LOOK = """async () => {
  const { width, height } = await createImageBitmap(window.left);
  return [width, height, (await window.left.text()).includes("Exif")];
}"""


class TestPictures:
    @pytest.mark.parametrize(("taken", "sent"), [((4000, 3000), (2560, 1920)), ((800, 600), (800, 600))])
    def test_a_photograph_leaves_the_device_smaller_and_without_its_place(
        self, form: Device, taken: tuple[int, int], sent: tuple[int, int]
    ) -> None:
        form.page.evaluate(_WATCH)
        attach(form, chosen("фото.jpg", photographed(form, *taken), "image/jpeg"))
        ready(form, "фото.jpg").wait_for(timeout=30_000)
        assert form.page.evaluate(_LOOK) == [*sent, False]


def photographed(device: Device, width: int, height: int) -> bytes:
    """A picture with the place where it was taken, as a camera writes it."""
    drawn: str = device.page.evaluate(
        "([width, height]) => { const canvas = Object.assign(document.createElement('canvas'), { width, height });"
        " canvas.getContext('2d').fillRect(0, 0, width / 2, height); return canvas.toDataURL('image/jpeg', 0.5) }",
        [width, height],
    )
    picture = base64.b64decode(drawn.partition(",")[2])
    place = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0" + b"\0" * 20
    return picture[:2] + b"\xff\xe1" + (len(place) + 2).to_bytes(2, "big") + place + picture[2:]
