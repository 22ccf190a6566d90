"""What several of these journeys look for."""

from __future__ import annotations

from tests.journeys.house import House, Traveller

BOT = "11111111-2222-5333-8444-555555555555"
SEND = "Отправить: Магадан, 15 января"
HOME = "Заявки на рейсы"


def numbers_of(stack: House, person: Traveller) -> list[str]:
    found = stack.sql("select number from applications where applicant_id = %s order by id", (person.id,))
    return [row["number"] for row in found]
