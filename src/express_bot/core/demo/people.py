"""The people of the demo: who they are and how they sign in. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from express_bot.contracts.demo import DEMO_PERSONAS

#: The demo login's name of each persona (``identities.subject``).
PERSONAS = {known.persona: known.subject for known in DEMO_PERSONAS}


@dataclass(frozen=True)
class Person:
    """One invented person."""

    subject: str
    full_name: str
    roles: tuple[str, ...] = ("employee",)
    profile: dict[str, Any] = field(default_factory=dict)
    host_profile: dict[str, Any] = field(default_factory=dict)
    # a line of the staff list, and whether the list also knows the person's login or only the number
    staff: dict[str, Any] = field(default_factory=dict)
    staff_knows_login: bool = True


def crew(full_name: str, number: str, location: str, unit: str, position: str) -> dict[str, Any]:
    """A complete profile of cabin crew."""
    return {
        "location": location,
        "unit": unit,
        "position": position,
        "full_name": full_name,
        "personnel_number": number,
    }


PEOPLE = (
    Person(
        "vorontsova",
        "Воронцова Анна Сергеевна",
        profile=crew("Воронцова Анна Сергеевна", "100234", "msk", "msk-oke-2", "bp"),
    ),
    Person(
        "lebedev",
        "Лебедев Илья Андреевич",
        host_profile={"full_name": "Лебедев Илья Андреевич", "position": "bp"},
        staff=crew("Лебедев Илья Андреевич", "100777", "msk", "msk-oke-3", "bp"),
        staff_knows_login=False,
    ),
    Person(
        "sokolova",
        "Соколова Мария Павловна",
        host_profile={"full_name": "Соколова Мария Павловна"},
        staff=crew("Соколова Мария Павловна", "100417", "spb", "spb-oke-4", "sbe"),
    ),
    Person(
        "petrova",
        "Петрова Ольга Игоревна",
        roles=("employee", "dispatcher"),
        profile=crew("Петрова Ольга Игоревна", "100101", "msk", "msk-oke-1", "ipb"),
    ),
    Person(
        "orlov",
        "Орлов Дмитрий Николаевич",
        roles=("employee", "admin"),
        profile=crew("Орлов Дмитрий Николаевич", "100102", "msk", "msk-oke-3", "ipb"),
    ),
)

SURNAMES = (
    "Алексеева", "Белова", "Виноградова", "Гусева", "Денисова", "Егорова", "Жукова", "Зайцева", "Исаева", "Козлова",
    "Лаврова", "Макарова", "Никитина", "Осипова", "Павлова", "Романова", "Семёнова", "Тихонова", "Устинова", "Фролова",
)  # fmt: skip
NAMES = (
    "Ирина Олеговна", "Елена Викторовна", "Татьяна Юрьевна", "Наталья Ивановна", "Светлана Андреевна",
    "Дарья Алексеевна", "Ксения Романовна",
)  # fmt: skip
UNITS = (
    ("msk", "msk-oke-1"), ("msk", "msk-oke-2"), ("spb", "spb-oke-4"), ("msk", "msk-oke-3"), ("kja", "kja-oke"),
    ("spb", "spb-oke-5"), ("aer", "aer-oke"), ("msk", "msk-olsit"),
)  # fmt: skip
#: What the crowd asks for, by base; from a base without a list people write in their own words.
DIRECTIONS: dict[str, tuple[Any, ...]] = {
    "msk": ("vvo", "khv", "hrg", "kuf", "uus", "led", "ssh"),
    "spb": ("aer", "mow", "kuf", "hrg"),
    "kja": ("vvo", "syx", "uus"),
    "aer": ({"other": "Минеральные Воды"}, {"other": "Москва"}),
}
