"""The app inside a messenger: the unmodified SDK in a foreign frame, calls over the bridge (UX-101, 113, 114, 118)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys import messenger as local
from tests.journeys.conftest import DESKTOP, OpenDevice
from tests.journeys.house import House, Traveller
from tests.journeys.messenger import Messenger, Phone

BOT = "11111111-2222-5333-8444-555555555555"
SEND = "Отправить: Магадан, 15 января"
HOME = "Заявки на рейсы"


@pytest.fixture(scope="module")
def around() -> Iterator[Messenger]:
    """The messenger whose address the product allows to frame it."""
    with local.served() as messenger:
        yield messenger


@pytest.fixture(scope="module")
def stack(around: Messenger) -> Iterator[House]:
    """A house of its own: who may frame the app is said at its start."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FRAME_ANCESTORS", around.origin)
        environment.setenv("EXPRESS_BOT_ID", BOT)
        environment.setenv("EXPRESS_SECRET_KEY", "secret-of-a-bot-that-nobody-has-registered")
        environment.setenv("EXPRESS_BOTX_URL", around.origin)
        with House() as house:
            around.house = house
            yield house


@pytest.fixture
def phone(devices: OpenDevice, around: Messenger, anna: Traveller) -> Phone:
    """Anna's messenger; the app is not open yet."""
    around.forget()
    return Phone(devices(), around)


@pytest.fixture
def ready(phone: Phone) -> Phone:
    """Магадан on 15 January, one press away from being sent."""
    phone.open().home()
    phone.app.tap(phone.app.link("Магадан", exact=True)).tap(phone.app.day(15))
    phone.app.button(SEND).wait_for()
    return phone


def numbers_of(stack: House, person: Traveller) -> list[str]:
    found = stack.sql("select number from applications where applicant_id = %s order by id", (person.id,))
    return [row["number"] for row in found]


class TestOpening:
    """E0: nobody is asked, and the messenger's looks are the app's."""

    def test_home_comes_over_the_bridge_alone(self, phone: Phone) -> None:
        phone.open().home()
        phone.app.see(phone.app.text("Владивосток, 14 декабря"))
        assert phone.http_calls() == []
        assert len(phone.events("auth.session")) == 1
        assert phone.outer.evaluate("() => messenger.events[0].method") == "ready"
        assert phone.locations() == ["root"]

    @pytest.mark.parametrize(("theme", "background"), [("dark", "rgb(15, 20, 27)"), ("light", "rgb(243, 245, 248)")])
    def test_theme_and_language_are_those_of_the_address(self, phone: Phone, theme: str, background: str) -> None:
        phone.open(theme=theme, locale="en")
        phone.app.heading("Flight requests").wait_for()
        expect(phone.app.page.locator("html")).to_have_attribute("data-theme", theme)
        expect(phone.app.page.locator("html")).to_have_attribute("lang", "en")
        expect(phone.app.page.locator("body")).to_have_css("background-color", background)

    def test_a_language_chosen_in_the_app_is_stronger_next_time(self, phone: Phone) -> None:
        phone.open().home()
        phone.app.tap(phone.app.link("Профиль")).tap(phone.app.radio("English"))
        phone.app.heading("Profile").wait_for()
        phone.open(locale="ru")
        phone.app.heading("Flight requests").wait_for()

    def test_the_room_it_has_is_known_and_followed(self, phone: Phone) -> None:
        phone.open(layout="half").home()
        root = phone.app.page.locator("html")
        expect(root).to_have_attribute("data-layout", "half")
        phone.push("layout_type", layout_type="full")
        expect(root).to_have_attribute("data-layout", "full")

    def test_nothing_of_the_session_is_left_on_the_device(self, phone: Phone, stack: House, anna: Traveller) -> None:
        phone.open().home()
        phone.app.settled(lambda: "session" in phone.stored(), "the person is remembered")
        token = stack.sql("select count(*) as n from sessions where user_id = %s", (anna.id,))
        assert token[0]["n"] >= 1, "there was a token"
        assert "access_token" not in str(phone.stored())
        assert "token" not in phone.stored()

    def test_another_account_sees_nothing_of_the_one_before(self, phone: Phone, stack: House) -> None:
        phone.open().home()
        phone.app.settled(lambda: "session" in phone.stored(), "the person is remembered")
        stack.fresh("newcomer")
        phone.open("newcomer")
        phone.app.heading(re.compile("Это вы|Проверьте данные")).wait_for()
        expect(phone.app.text("Владивосток, 14 декабря")).to_have_count(0)

    def test_a_closed_account_is_told_so_and_offered_the_chat(
        self, phone: Phone, stack: House, anna: Traveller
    ) -> None:
        stack.sql("update users set active = false where id = %s returning id", (anna.id,))
        app = phone.open().app
        app.see(app.heading("Войти не получилось"), app.button("Повторить"), app.button("Подать в чате"))
        expect(app.page.get_by_role("textbox")).to_have_count(0)
        phone.ensure_good_looks().shot("express-refused")
        stack.sql("update users set active = true where id = %s returning id", (anna.id,))
        app.tap(app.button("Повторить"))
        phone.home()

    def test_without_a_messenger_the_page_says_where_to_open_it(self, devices: OpenDevice, stack: House) -> None:
        device = devices()
        device.page.goto(f"{stack.url}/?platform=web")
        device.see(device.heading("Откройте приложение из eXpress")).ensure_good_looks()
        device.tap(device.link("Войти в браузере"))
        device.see(device.heading("Вход"))


class TestBack:
    """Table B8 (UX-113): the messenger's Back, and what it is told."""

    def test_a_sheet_is_closed_and_its_opener_has_the_focus(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.tap(app.link("Подать заявку"))
        app.button("Все направления (14)").focus()
        app.tap(app.button("Все направления (14)"))
        app.page.get_by_role("dialog", name="Куда").wait_for()
        phone.back()
        expect(app.page.get_by_role("dialog")).to_have_count(0)
        expect(app.button("Все направления (14)")).to_be_focused()
        app.see(app.heading("Новая заявка"))

    def test_a_guided_step_goes_one_question_back_with_its_answers(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.tap(app.link("Заявка на справку")).tap(app.radio("О доходах")).go_on()
        app.asked("Сколько экземпляров").type("Сколько экземпляров", "2").go_on()
        app.asked("К какому дню нужна")
        phone.back()
        expect(app.page.get_by_label("Сколько экземпляров")).to_have_value("2")
        phone.back()
        expect(app.page.get_by_role("radio", name="О доходах")).to_be_checked()

    def test_a_changed_form_goes_home_and_says_it_is_kept(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.tap(app.link("Подать заявку")).tap(app.radio("Хабаровск"))
        phone.back()
        app.see(app.heading(HOME), app.toast("Черновик сохранён"), app.heading("Черновик: Хабаровск"))
        assert phone.locations() == ["root", "nested", "root"]

    def test_after_sending_it_is_home_and_nothing_is_sent_again(
        self, ready: Phone, stack: House, anna: Traveller
    ) -> None:
        app = ready.app
        app.tap(app.button(SEND)).heading("Заявка отправлена").wait_for()
        ready.back()
        app.see(app.heading(HOME), app.link("Открыть мою заявку"))
        assert len(ready.events("submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_from_home_the_messenger_closes_the_app(self, phone: Phone) -> None:
        phone.open().home()
        phone.back()
        phone.app.settled(lambda: phone.events("close_smart_app"), "the messenger was asked to close the app")
        phone.app.see(phone.app.heading(HOME))

    def test_two_presses_in_a_row_do_not_leave_the_messengers_page(self, phone: Phone) -> None:
        phone.open().home()
        phone.app.tap(phone.app.link("Профиль")).heading("Профиль").wait_for()
        phone.outer.evaluate("() => { messenger.push('back_pressed'); messenger.push('back_pressed') }")
        phone.app.see(phone.app.heading(HOME))
        phone.app.page.wait_for_timeout(300)
        assert phone.outer.url.startswith("http://localhost"), "still the messenger"
        phone.app.see(phone.app.heading(HOME))

    def test_move_to_root_is_home_from_any_depth_with_the_draft_kept(
        self, phone: Phone, stack: House, anna: Traveller
    ) -> None:
        app = phone.open().home().app
        app.tap(app.link("Подать заявку")).tap(app.radio("Хабаровск"))
        app.tap(app.button("Все направления (14)")).page.get_by_role("dialog", name="Куда").wait_for()
        phone.push("move_to_root")
        app.see(app.heading(HOME), app.heading("Черновик: Хабаровск"))
        kept = "select 1 from drafts where user_id = %s and answers ->> 'direction' is not null"
        app.settled(lambda: stack.sql(kept, (anna.id,)), "the draft is on the server")
        app.settled(lambda: phone.locations()[-1] == "root", "Back leaves the app from here")


class TestLinks:
    """UX-114: a deep link opens its target from cold, and never more than the person may see."""

    def test_ones_own_application_opens_in_one_step(self, phone: Phone, stack: House, anna: Traveller) -> None:
        phone.open(to={"to": "r", "id": numbers_of(stack, anna)[0]})
        phone.app.heading("Магадан, 20 октября").wait_for()
        phone.app.see(phone.app.button("Скопировать ссылку"), phone.app.button("Задать вопрос"))
        phone.ensure_good_looks()
        assert phone.locations()[-1] == "nested"
        phone.back()
        phone.app.see(phone.app.heading(HOME))

    def test_a_foreign_number_gives_the_neutral_page(self, phone: Phone, stack: House, anna: Traveller) -> None:
        foreign = stack.sql("select number from applications where applicant_id <> %s limit 1", (anna.id,))
        phone.open(to={"to": "r", "id": foreign[0]["number"]})
        phone.app.see(phone.app.heading("Такой заявки нет среди ваших"))
        own_words = phone.app.page.locator("#content").inner_text()
        phone.open(to={"to": "r", "id": "2099-9999"})
        phone.app.see(phone.app.heading("Такой заявки нет среди ваших"))
        assert _without_time(phone.app.page.locator("#content").inner_text()) == _without_time(own_words)

    @pytest.mark.parametrize(
        ("to", "heading"),
        [
            ({"to": "new"}, "Новая заявка"),
            ({"to": "me"}, "Профиль"),
            ({"to": "help"}, "Справка"),
            ({"to": "home"}, HOME),
            ({"to": "desk/../../etc"}, HOME),
        ],
    )
    def test_a_place_has_a_name(self, phone: Phone, to: dict[str, str], heading: str) -> None:
        phone.open(to=to)
        phone.app.see(phone.app.heading(heading))

    def test_a_link_to_an_application_can_be_passed_on(self, phone: Phone, stack: House, anna: Traveller) -> None:
        number = numbers_of(stack, anna)[0]
        phone.outer.context.grant_permissions(["clipboard-read", "clipboard-write"])
        app = phone.open(to={"to": "r", "id": number}).app
        app.tap(app.button("Скопировать ссылку"))
        app.see(app.toast("Ссылка скопирована"))
        copied = phone.outer.evaluate("() => navigator.clipboard.readText()")
        assert copied == f"https://xlnk.example/open/smartapp/{BOT}?to=r&id={number}"


def _without_time(text: str) -> str:
    return re.sub(r"\d\d:\d\d", "", text)


class TestSending:
    """Three taps; the messenger carries it; one application whatever gets lost."""

    def test_three_taps_from_home_over_the_bridge(self, phone: Phone, stack: House, anna: Traveller) -> None:
        app = phone.open().home().app
        app.tap(app.link("Магадан", exact=True)).tap(app.day(15)).tap(app.button(SEND))
        app.heading("Заявка отправлена").wait_for()
        (kept,) = stack.applications_of(anna)
        app.see(app.text(kept["number"]))
        assert app.taps == 3
        assert [event["handler"] for event in phone.events("submit")] == ["botx"]
        assert phone.http_calls() == []
        phone.shot("express-sent")

    def test_a_network_cut_between_press_and_answer_is_one_application(
        self, ready: Phone, stack: House, anna: Traveller
    ) -> None:
        app = ready.app
        ready.lose("submit")
        app.tap(app.button(SEND))
        app.settled(lambda: stack.applications_of(anna), "the server has it")
        ready.connect("disconnected")
        app.heading("Заявка ждёт отправки").wait_for()
        app.see(app.text("Нет сети. Можно заполнить заявку, отправим позже."))
        ready.shot("express-queued").heal()
        ready.connect("connected")
        app.heading("Заявка отправлена").wait_for()
        (kept,) = stack.applications_of(anna)
        app.see(app.text(kept["number"]))
        keys = {event["payload"]["client_key"] for event in ready.events("submit")}
        assert (len(ready.events("submit")), len(keys)) == (2, 1)
        assert ready.http_calls() == []

    def test_a_silent_bridge_gives_way_to_http_with_the_same_key(
        self, ready: Phone, stack: House, anna: Traveller
    ) -> None:
        app = ready.app
        ready.lose("submit")
        app.tap(app.button(SEND))
        app.heading("Заявка отправлена").wait_for(timeout=20_000)
        (kept,) = stack.applications_of(anna)
        app.see(app.text(kept["number"]))
        (over_bridge,) = ready.events("submit")
        (over_http,) = app.calls_to("POST", "submit")
        assert over_http.headers["idempotency-key"] == over_bridge["payload"]["client_key"]
        assert over_http.headers["authorization"].startswith("Bearer ")

    def test_pressed_five_times_it_is_one_event(self, ready: Phone, stack: House, anna: Traveller) -> None:
        ready.app.button(SEND).evaluate("button => { for (let press = 0; press < 5; press += 1) button.click() }")
        ready.app.heading("Заявка отправлена").wait_for()
        assert len(ready.events("submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_the_servers_no_is_told_in_its_own_words(self, ready: Phone, stack: House, anna: Traveller) -> None:
        item = "directory = 'direction' and code = 'gdx'"
        change = f"update directory_items set retired_at = now() where {item}"
        with stack.reference(change, undo=f"update directory_items set retired_at = null where {item}"):
            ready.app.tap(ready.app.button(SEND))
            ready.app.see(ready.app.page.locator(".field-error", has_text="Такого направления нет в списке"))
        assert stack.applications_of(anna) == []
        assert ready.http_calls() == []


class TestDraft:
    """What is typed stays, although the browser keeps nothing at all for a foreign frame."""

    def test_it_is_in_the_clients_own_store(self, phone: Phone, stack: House, anna: Traveller) -> None:
        app = phone.open().home().app
        phone.swallow("draft.save")
        app.tap(app.link("Магадан", exact=True)).tap(app.day(15))
        app.settled(lambda: any("2027-01-15" in each for each in phone.stored().values()), "the store has the date")
        phone.open()
        app.see(app.heading("Черновик: Магадан, 15 января"))
        assert stack.sql("select 1 from drafts where user_id = %s", (anna.id,)) == []
        app.tap(app.link("Продолжить"))
        expect(app.button(SEND)).to_be_visible()

    def test_it_goes_to_the_server_over_the_bridge(self, phone: Phone, stack: House, anna: Traveller) -> None:
        app = phone.open().home().app
        app.tap(app.link("Магадан", exact=True)).tap(app.day(15))
        kept = "select 1 from drafts where user_id = %s and answers ->> 'date' = '2027-01-15'"
        app.settled(lambda: stack.sql(kept, (anna.id,)), "the draft is on the server")
        assert phone.http_calls() == []

    def test_without_a_network_home_shows_what_the_device_knows(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.see(app.text("Владивосток, 14 декабря"))
        phone.connect("disconnected")
        app.see(app.text("Нет сети. Можно заполнить заявку, отправим позже."), app.text(re.compile("Данные на")))
        app.see(app.text("Владивосток, 14 декабря"))
        phone.shot("express-offline").connect("connected")
        expect(app.text("Нет сети.")).to_have_count(0)


class TestStrangers:
    """trust A9: nobody else frames the app, and nobody else is believed."""

    @pytest.fixture
    def stranger(self) -> Iterator[Messenger]:
        with local.served() as messenger:
            yield messenger

    def test_a_foreign_page_around_it_gets_nothing(self, phone: Phone, stranger: Messenger) -> None:
        phone.app.expects("frame-ancestors|ERR_BLOCKED_BY_RESPONSE|chromewebdata")
        phone.show(stranger.origin)
        phone.outer.wait_for_timeout(1_000)
        assert phone.outer.evaluate("() => messenger.events") == []
        assert phone.http_calls() == []

    def test_a_page_beside_it_is_not_heard(self, phone: Phone, stranger: Messenger) -> None:
        phone.open(layout="half").home()
        phone.app.tap(phone.app.link("Профиль")).heading("Профиль").wait_for()
        phone.outer.evaluate(
            """address => new Promise((spoken) => {
              addEventListener("message", ({ data }) => data === "spoken" && spoken());
              const frame = Object.assign(document.createElement("iframe"), { name: "stranger", src: address });
              document.body.append(frame);
            })""",
            f"{stranger.origin}/stranger.html",
        )
        phone.app.page.wait_for_timeout(300)
        phone.app.see(phone.app.heading("Профиль"))
        expect(phone.app.page.locator("html")).to_have_attribute("data-layout", "half")
        phone.back()
        phone.app.see(phone.app.heading(HOME))


class TestTrouble:
    """UX-118: an error is told once, with its host, and the chat is one press away."""

    def test_a_thrown_error_is_reported_and_the_chat_button_works(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.expects(r"^thrown: ", r"^error: .*(TypeError|Uncaught)")
        phone.outer.evaluate(
            """() => addEventListener("message", (event) => {
              if (event.data?.payload?.method !== "applications.list") return;
              event.stopImmediatePropagation();
              const body = { items: { broken: true }, next_cursor: null };
              const data = { type: "smartapp_rpc", status: "ok", result: { status: 200, body } };
              event.source.postMessage({ ref: event.data.payload.ref, data, files: [] }, event.origin);
            }, true)"""
        )
        app.tap(app.link("Все заявки")).heading("Экран не открылся").wait_for()
        app.tap(app.button("Подать в чате"))
        app.settled(lambda: phone.events("create_personal_chat"), "the chat was opened")
        assert phone.events("create_personal_chat")[0]["payload"] == {"huid": BOT}
        app.settled(lambda: phone.events("telemetry"), "the error was reported")
        told = [each for call in phone.events("telemetry") for each in call["payload"]["body"]["events"]]
        errors = [each for each in told if each["kind"] == "error"]
        assert [(each["code"], each["host"]) for each in errors] == [("EB-0001", "express")]

    def test_the_whole_window_of_a_desktop_has_two_panes(
        self, devices: OpenDevice, around: Messenger, stack: House, anna: Traveller
    ) -> None:
        around.forget()
        desktop = Phone(devices(DESKTOP), around)
        desktop.open(to={"to": "r", "id": numbers_of(stack, anna)[0]}, layout="full")
        desktop.app.heading("Магадан, 20 октября").wait_for()
        desktop.app.see(desktop.app.page.locator(".panes .side")).page.wait_for_timeout(100)
        desktop.shot("express-desktop")
