"""UX-408: the vendor's SDK, unmodified, inside the messenger's page: every call that the product makes, and more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Frame, expect

from tests.emulator.in_thread import BotInThread
from tests.emulator.serving import running_emulator
from tests.gateway.serving import free_ports
from tests.journeys import built
from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.messenger import MessengerPage, ensure_built


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, BotInThread]]:
    """A messenger whose SmartApp is the SDK alone, and the vendor's bot behind it."""
    ensure_built()
    folder = tmp_path_factory.mktemp("sdk")
    built.build_sdk_app(folder / "app")
    [port] = free_ports(1)
    with (
        built.served(folder / "app") as address,
        running_emulator(port, folder, APP_URL=address) as emulator,
        BotInThread(emulator, port).serving() as bot,
    ):
        yield emulator, bot


@pytest.fixture
def messenger(served: tuple[Any, BotInThread], browser: Browser) -> Iterator[MessengerPage]:
    emulator, bot = served
    emulator.reset()
    bot.bot.heard.clear()
    context = browser.new_context(**(ELSEWHERE | DESKTOP))
    page = MessengerPage(context, emulator).open()
    yield page
    context.close()
    assert page.heard == []


@pytest.fixture
def app(messenger: MessengerPage) -> Frame:
    frame = messenger.app()
    frame.wait_for_function("window.sdk?.Bridge !== undefined")
    return frame


def ask(app: Frame, call: str) -> Any:
    """The payload of an answer of the SDK."""
    return app.evaluate(f"{call}.then((answer) => answer.payload)")


def received(app: Frame, kind: str) -> Any:
    """The first event of a kind that nobody has asked for."""
    script = "(kind) => window.received.find(({ type }) => type === kind)"
    return app.wait_for_function(script, arg=kind, polling=50).json_value()  # one that is put away draws no frames


def test_it_is_ready_and_knows_its_looks(messenger: MessengerPage, app: Frame) -> None:
    answer = ask(app, "sdk.ready(5000)")
    assert (answer["status"], answer["rules"]) == ("success", [])
    assert app.evaluate("window.launch") == {"search": "?platform=web&theme=light&locale=ru", "hasBridge": True}
    messenger.chip("Тёмная тема").click()
    messenger.chip("EN").click()
    messenger.app(at="?platform=web&theme=dark&locale=en")


def test_back_goes_through_the_app_until_its_first_page(messenger: MessengerPage, app: Frame) -> None:
    assert ask(app, "sdk.routingChanged(false)")["status"] == "success"
    messenger.chip("Назад").click()
    received(app, "back_pressed")
    ask(app, "sdk.routingChanged(true)")
    messenger.chip("Назад").click()
    expect(messenger.page.locator("iframe")).to_have_count(0)
    messenger.shows("Открыть приложение")


def test_links_lead_in_and_out(messenger: MessengerPage, app: Frame) -> None:
    meta = "[{ key: 'to', value: 'r' }, { key: 'id', value: '2027-0142' }]"
    link = ask(app, f"sdk.createDeeplink('{messenger.emulator.state()['bot']['id']}', {meta})")["data"]["deeplink"]
    messenger.page.goto(link)
    opened = messenger.app()
    opened.wait_for_function("window.sdk?.Bridge !== undefined")
    launch = ask(opened, "sdk.ready(5000)")["initialData"]
    assert launch == {"initiator": "deeplink", "meta": {"to": "r", "id": "2027-0142"}}


def test_calls_of_the_bot_both_ways(served: tuple[Any, BotInThread], messenger: MessengerPage, app: Frame) -> None:
    call = "sdk.Bridge.sendBotEvent({{ method: 'add', params: {{ one: 2, other: 3 }}, sync_request: {} }})"
    later, at_once = ask(app, call.format("false")), ask(app, call.format("true"))
    assert later == at_once == {"status": "ok", "result": {"sum": 5}}
    refused = ask(app, "sdk.Bridge.sendBotEvent({ method: 'refuse', params: {} })")
    assert (refused["status"], refused["errors"][0]["id"]) == ("error", "NO")
    ask(app, "sdk.Bridge.sendBotEvent({ method: 'news', params: {} })")
    assert received(app, "smartapp_rpc")["payload"]["result"] == {"type": "news", "count": 1}
    assert len(served[1].bot.events("sync_smartapp_event")) == 1


def test_without_a_network_calls_get_lost_and_promised_ones_arrive_later(
    served: tuple[Any, BotInThread], messenger: MessengerPage, app: Frame
) -> None:
    assert ask(app, "sdk.getConnectionStatus()")["connectionStatus"] == "connected"
    messenger.chip("Нет сети").click()
    received(app, "connection_status")
    assert ask(app, "sdk.getConnectionStatus()")["connectionStatus"] == "disconnected"
    lost = "sdk.Bridge.sendBotEvent({ method: 'add', params: { one: 1, other: 1 }, timeout: 700 })"
    assert app.evaluate(f"{lost}.then(() => 'came', () => 'lost')") == "lost"
    kept = lost.replace("timeout: 700", "timeout: 20000, guaranteed_delivery_required: true")
    app.evaluate(f"window.kept = {kept}; undefined")
    messenger.chip("Нет сети").click()
    assert app.evaluate("window.kept.then(({ payload }) => payload.result.sum)") == 2
    assert len(served[1].bot.events("smartapp_event")) == 1


def test_a_lost_answer_of_the_bot_is_a_timeout(messenger: MessengerPage, app: Frame) -> None:
    messenger.emulator.broken(lost_app_answers=True)
    call = "sdk.Bridge.sendBotEvent({ method: 'add', params: { one: 1, other: 1 }, timeout: 900 })"
    assert app.evaluate(f"{call}.then(() => 'came', () => 'lost')") == "lost"


def test_layout_visibility_and_the_number_on_the_icon(messenger: MessengerPage, app: Frame) -> None:
    event = "sdk.subscribeClientEvents({ eventType: 'layout_type', callback: (it) => (window.told = it) })"
    assert ask(app, event)["status"] == "success"
    assert ask(app, "sdk.getLayoutType()")["layoutType"] == "minimal"
    messenger.chip("Половина").click()
    told = app.wait_for_function("window.told?.payload").json_value()
    assert (told["layoutType"], ask(app, "sdk.getLayoutType()")["layoutType"]) == ("half", "half")
    messenger.chip("Свернуть").click()
    assert received(app, "app_visibility")["payload"]["visible"] is False
    assert ask(app, "sdk.getAppVisibility()")["visible"] is False


def test_a_file_is_picked_uploaded_and_reaches_the_bot(
    served: tuple[Any, BotInThread], messenger: MessengerPage, app: Frame
) -> None:
    app.evaluate("window.file = sdk.uploadFile({ type: '*/*' }); undefined")
    with messenger.page.expect_file_chooser() as choosing:
        messenger.page.get_by_role("button", name="Выбрать файл").click()
    choosing.value.set_files({"name": "scan.png", "mimeType": "image/png", "buffer": b"\x89PNG"})
    record = app.evaluate("window.file.then(({ payload }) => payload.record)")
    assert (record["fileName"], record["fileSize"], record["type"]) == ("scan.png", 4, "image")
    app.evaluate("(files) => sdk.Bridge.sendBotEvent({ method: 'add', params: { one: 1, other: 1 }, files })", [record])
    [event] = served[1].bot.events("smartapp_event")
    assert [(file.filename, file.size) for file in event.files] == [("scan.png", 4)]
    app.evaluate("window.file = sdk.uploadFile({ type: '*/*' }); undefined")
    messenger.page.get_by_role("button", name="Отмена").click()
    assert app.evaluate("window.file.then(({ payload }) => payload.status)") == "error"


def test_storage_profile_and_place(messenger: MessengerPage, app: Frame) -> None:
    assert ask(app, "sdk.clientStorageSet({ key: 'draft', value: { to: 'AER' } })")["status"] == "success"
    assert ask(app, "sdk.clientStorageGet({ key: 'draft' })")["value"] == {"to": "AER"}
    assert ask(app, "sdk.clientStorageGet({ key: 'nothing' })")["errorCode"] == "key_not_found"
    assert ask(app, "sdk.requestSelfProfile()")["data"]["name"] == "Воронцова Анна Сергеевна"
    assert ask(app, "sdk.requestLocation()")["status"] == "success"
    messenger.become("Илья")
    fresh = messenger.app()
    fresh.wait_for_function("window.sdk?.Bridge !== undefined")
    assert ask(fresh, "sdk.clientStorageGet({ key: 'draft' })")["errorCode"] == "key_not_found"


def test_a_push_opens_the_app_where_it_says(
    served: tuple[Any, BotInThread], messenger: MessengerPage, app: Frame
) -> None:
    emulator, bot = served
    messenger.chip("Назад").click()
    work = bot.bot.bot.send_smartapp_notification(
        bot_id=bot.bot.id, chat_id=UUID(emulator.chat_of()), smartapp_counter=2, body="Есть решение", meta={"to": "all"}
    )
    bot.run(work)
    expect(messenger.page.locator(".push")).to_contain_text("Есть решение")
    expect(messenger.page.locator(".app-tile .count")).to_contain_text("2")
    messenger.page.locator(".push-body").click()
    opened = messenger.app()
    opened.wait_for_function("window.sdk?.Bridge !== undefined")
    launch = ask(opened, "sdk.ready(5000)")["initialData"]
    assert launch == {"initiator": "push_notification", "meta": {"to": "all"}}


def test_the_app_can_send_its_person_to_the_chat(
    served: tuple[Any, BotInThread], messenger: MessengerPage, app: Frame
) -> None:
    huid = messenger.emulator.state()["bot"]["id"]
    ask(app, f"sdk.sendBotCommand({{ userHuid: '{huid}', body: '/echo да', data: {{ from: 'app' }} }})")
    expect(messenger.messages.filter(has_text="да")).to_have_count(2)  # the person's words, and the bot's
    [message] = served[1].bot.events("message")
    assert (message.body, message.data) == ("/echo да", {"from": "app"})


def test_a_stranger_on_the_page_is_not_heard(messenger: MessengerPage, app: Frame) -> None:
    messenger.page.evaluate(
        "postMessage({ type: 'smartapp', payload: { ref: 'x', method: 'close_smart_app', handler: 'express' } }, '*')"
    )
    messenger.page.wait_for_timeout(300)
    expect(messenger.page.locator("iframe")).to_be_visible()
