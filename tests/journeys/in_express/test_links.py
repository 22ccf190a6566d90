"""Links into the app and out of it (UX-114)."""

from __future__ import annotations

import re

import pytest

from tests.journeys.house import House, Traveller
from tests.journeys.in_express.phone import Phone
from tests.journeys.in_express.words import BOT, HOME, numbers_of


class TestLinks:
    """UX-114: a deep link opens its target from cold, and never more than the person may see."""

    def test_ones_own_application_opens_in_one_step(self, phone: Phone, stack: House, anna: Traveller) -> None:
        phone.open(to={"to": "r", "id": numbers_of(stack, anna)[0]})
        phone.app.heading("Магадан, 20 октября").wait_for()
        phone.app.see(phone.app.button("Скопировать ссылку"), phone.app.button("Спросить"))
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
            ({"to": "desktop/../../etc"}, HOME),
            ({"to": "desk/../../etc"}, "Эта страница для диспетчеров"),
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
