"""Who the demo's people are in the messengers: the one fact that the core's seed and the local messenger share."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class DemoPersona(NamedTuple):
    """One of the seeded people as eXpress knows them; ``subject`` is also the demo login (``identities.subject``)."""

    persona: str
    subject: str
    huid: UUID
    full_name: str
    ad_login: str
    company_position: str


DEMO_PERSONAS: tuple[DemoPersona, ...] = (
    DemoPersona(
        "employee",
        "vorontsova",
        UUID("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a01"),
        "Воронцова Анна Сергеевна",
        "vorontsova",
        "Бортпроводник",
    ),
    DemoPersona(
        "newcomer",
        "lebedev",
        UUID("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a02"),
        "Лебедев Илья Андреевич",
        "lebedev",
        "Бортпроводник",
    ),
    DemoPersona(
        "matched",
        "sokolova",
        UUID("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a03"),
        "Соколова Мария Павловна",
        "sokolova",
        "Старший бортпроводник",
    ),
    DemoPersona(
        "dispatcher",
        "petrova",
        UUID("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a04"),
        "Петрова Ольга Игоревна",
        "petrova",
        "Диспетчер центра планирования",
    ),
    DemoPersona(
        "admin",
        "orlov",
        UUID("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a05"),
        "Орлов Дмитрий Николаевич",
        "orlov",
        "Администратор",
    ),
)
