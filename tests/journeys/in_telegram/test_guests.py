"""A guest of Telegram becomes the person they are: by a code from eXpress, or by one for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller
from tests.journeys.in_telegram.account import Account
from tests.journeys.in_telegram.client import Telegram
from tests.stack.telegram import Phone

TITLE = "Свяжите Telegram с eXpress"


@pytest.fixture
def guest(devices: OpenDevice, around: str, anna: Traveller) -> Telegram:
    """Anna's Telegram, of which nobody knows that it is hers."""
    return Telegram(devices(), Account("Аня"), around)


@pytest.fixture
def profile(devices: OpenDevice, anna: Traveller) -> Device:
    """Anna's profile on the other side (a browser stands for the app in eXpress: it is the same page)."""
    device = devices().sign_in("employee")
    device.tap(device.link("Профиль")).heading("Связанные каналы").wait_for()
    return device


def code_of(device: Device) -> str:
    shown = device.page.locator(".code").inner_text()
    return "".join(filter(str.isdigit, shown))


def owner_of(stack: House, account: Account) -> str:
    found = stack.sql("select user_id from identities where provider = 'telegram' and subject = %s", (account.subject,))
    return str(found[0]["user_id"])


def test_a_guest_sees_what_to_do_and_nothing_else(guest: Telegram) -> None:
    app = guest.open().app
    app.see(app.heading(TITLE), app.button("Связать"), app.button("Получить код"))
    expect(app.link("Подать заявку")).to_have_count(0)
    expect(app.page.get_by_role("navigation")).to_have_count(0)
    asked = {
        (call.method, call.url.partition("/api/smartapp/")[2]) for call in app.calls if "/api/smartapp/" in call.url
    }
    assert asked == {("POST", "session")}
    guest.ensure_good_looks().shot("telegram-guest")


def test_the_code_of_the_other_side_makes_them_somebody(
    guest: Telegram, profile: Device, stack: House, anna: Traveller
) -> None:
    profile.tap(profile.button("Подключить Telegram"))
    profile.see(
        profile.text("Откройте нашего бота в Telegram и отправьте ему этот код."), profile.text("Действует ещё")
    )
    profile.shot("profile-code")
    app = guest.open().app
    app.heading(TITLE).wait_for()
    app.type("Код из 6 цифр", code_of(profile)).tap(app.button("Связать"))
    guest.home()
    app.see(app.text("Владивосток, 14 декабря"), app.toast("Telegram связан с eXpress"))
    assert owner_of(stack, guest.account) == str(anna.id)
    profile.see(profile.toast("Telegram подключён"), profile.button("Отключить Telegram"))


def test_a_code_of_their_own_is_entered_on_the_other_side(
    guest: Telegram, profile: Device, stack: House, anna: Traveller
) -> None:
    app = guest.open().app
    app.tap(app.button("Получить код"))
    app.see(app.text("и введите этот код"), app.button("Проверить ещё раз"))
    guest.shot("telegram-guest-code")
    code = code_of(app)
    profile.tap(profile.text("Ввести код из другого мессенджера"))
    profile.type("Код из 6 цифр", code).tap(profile.button("Связать"))
    profile.see(profile.toast("Telegram подключён"))
    assert owner_of(stack, guest.account) == str(anna.id)
    app.expects("401")
    app.tap(app.button("Проверить ещё раз"))
    guest.open().home()


def test_a_wrong_code_is_told_and_leaves_a_guest(guest: Telegram) -> None:
    app = guest.open().app
    app.expects("4\\d\\d")
    app.type("Код из 6 цифр", "000000").tap(app.button("Связать"))
    app.see(app.page.locator(".field-error"))
    expect(app.page.get_by_label("Код из 6 цифр")).to_have_value("000000")
    app.see(app.heading(TITLE))
    assert guest.calls("web_app_trigger_haptic_feedback")[-1]["notification_type"] == "error"


def test_the_code_may_be_sent_to_the_bot_instead(profile: Device, stack: House, anna: Traveller) -> None:
    """As the card says: the chat takes it too; the profile sees it by itself."""
    phone = Phone(stack)
    phone.start()
    profile.tap(profile.button("Подключить Telegram"))
    phone.write(code_of(profile))
    profile.see(profile.toast("Telegram подключён"))
    found = stack.sql("select user_id from identities where subject = %s", (str(phone.member.id),))
    assert [row["user_id"] for row in found] == [anna.id]


def test_a_channel_goes_only_after_a_second_press(profile: Device, stack: House, anna: Traveller) -> None:
    account = Account("Анна")
    stack.introduce(anna, account.subject, provider="telegram")
    profile.page.reload()
    profile.tap(profile.button("Отключить Telegram")).page.get_by_role("dialog").wait_for()
    profile.tap(profile.button("Оставить"))
    assert owner_of(stack, account) == str(anna.id)
    profile.tap(profile.button("Отключить Telegram"))
    profile.tap(profile.page.get_by_role("dialog").get_by_role("button", name="Отключить Telegram"))
    profile.see(profile.toast("Telegram отключён"), profile.button("Подключить Telegram"))
    assert stack.sql("select 1 from identities where subject = %s", (account.subject,)) == []
