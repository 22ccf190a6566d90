"""E12 and E2: what a person is told, where and when, chosen in the app and kept by the core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller


@pytest.fixture
def profile(devices: OpenDevice, stack: House, anna: Traveller) -> Device:
    """The profile of somebody who can be reached in eXpress and in Telegram."""
    for provider in ("express", "telegram"):
        stack.sql(
            "insert into identities (provider, subject, user_id, chat) values (%s, %s, %s, %s) returning 1",
            (provider, f"{provider}-of-{anna.id}", anna.id, f"chat-{anna.id}"),
        )
    device = devices().sign_in("employee")
    device.tap(device.link("Профиль")).heading("Уведомления").wait_for()
    return device


def kept(stack: House, person: Traveller) -> dict[str, Any]:
    """What the core has of the person's choices."""
    return dict(stack.sql("select preferences from users where id = %s", (person.id,))[0]["preferences"])


def test_what_was_switched_off_stays_off(profile: Device, stack: House, anna: Traveller) -> None:
    row = profile.page.get_by_role("group", name="Писать в Telegram").locator("label", has_text="Напоминания")
    profile.tap(row)
    profile.settled(lambda: kept(stack, anna).get("muted") == {"telegram": ["reminders"]}, "the core has kept it")
    profile.page.reload()
    box = profile.page.get_by_role("group", name="Писать в Telegram").get_by_role("checkbox", name="Напоминания")
    expect(box).not_to_be_checked()
    expect(profile.page.get_by_role("group", name="Писать в eXpress").get_by_role("checkbox").first).to_be_checked()
    profile.ensure_good_looks().shot("profile-notifications")


def test_quiet_hours_and_their_zone_are_the_persons(profile: Device, stack: House, anna: Traveller) -> None:
    expect(profile.page.get_by_label("Часовой пояс")).to_have_value("")
    profile.page.get_by_label("С", exact=True).select_option("23:30")
    profile.page.get_by_label("Часовой пояс").select_option("Asia/Vladivostok")
    profile.settled(lambda: kept(stack, anna).get("timezone") == "Asia/Vladivostok", "the core has kept the zone")
    assert kept(stack, anna)["quiet"]["from"][:5] == "23:30"
    profile.page.get_by_label("Часовой пояс").select_option("")
    profile.settled(lambda: "timezone" not in kept(stack, anna), "back to the base's")


def test_the_preferred_channel_is_kept(profile: Device, stack: House, anna: Traveller) -> None:
    profile.tap(profile.radio("Telegram"))
    profile.settled(lambda: kept(stack, anna).get("preferred") == "telegram", "the core has kept it")


def test_hours_that_cannot_be_are_taken_back(profile: Device, stack: House, anna: Traveller) -> None:
    profile.expects("422", "409", "400")
    profile.page.get_by_label("До", exact=True).select_option("22:00")
    profile.see(profile.page.locator(".toasts .toast"))
    expect(profile.page.get_by_label("До", exact=True)).to_have_value("08:00")
    assert "quiet" not in kept(stack, anna)


class TestReminder:
    """E2: the closed state."""

    @pytest.fixture
    def closed(self, devices: OpenDevice, anna: Traveller, travel: Callable[[str], None]) -> Device:
        """Home on a day between two periods."""
        travel("2026-12-08T12:00:00+03:00")
        device = devices().sign_in("employee")
        device.heading("Приём закрыт").wait_for()
        return device

    def choices(self, stack: House, person: Traveller) -> list[str]:
        found = stack.sql("select choice from reminder_choices where user_id = %s", (person.id,))
        return [row["choice"] for row in found]

    def test_one_press_is_remembered_and_has_a_way_back(self, closed: Device, stack: House, anna: Traveller) -> None:
        closed.tap(closed.button("Напомнить, когда откроется"))
        closed.see(closed.text("Напомним 20 декабря"))
        closed.settled(lambda: self.choices(stack, anna) == ["wanted"], "the core has kept it")
        closed.page.reload()
        closed.see(closed.text("Напомним 20 декабря")).ensure_good_looks().shot("home-reminded")
        closed.tap(closed.button("Не напоминать"))
        closed.see(closed.button("Напомнить, когда откроется"))
        closed.settled(lambda: self.choices(stack, anna) == [], "the core has forgotten it")
