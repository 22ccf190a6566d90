"""How the states of the other screens are judged: both languages, both themes, both widths, big letters."""

from __future__ import annotations

from tests.journeys.gallery import Gallery
from tests.journeys.looks import axe, geometry

#: The screens share their parts: each state is seen in every light, width and language, not in all products of them.
LOOKS = {
    "ru": (("light", 390, 100), ("dark", 320, 100), ("light", 390, 200)),
    "en": (("dark", 390, 100), ("light", 320, 100), ("dark", 390, 200)),
}


def findings(gallery: Gallery, state: str, locale: str) -> dict[tuple[str, int, int], list[str]]:
    """What is wrong with a state, by how it was looked at."""
    gallery.show(state, locale)
    found = {}
    for theme, width, letters in LOOKS[locale]:
        gallery.look(theme=theme, width=width, letters=letters)
        found[theme, width, letters] = axe(gallery.page) + geometry(gallery.page)
    return {look: lines for look, lines in found.items() if lines}
