"""The gallery's page: one screen in one state at a time, in any theme, size and size of letters."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.looks import height_of

#: In a wide window a page lies elsewhere, and charts measure themselves anew: both draw once more after the change.
WIDE = 1024
_AT_REST = """() => new Promise((done) => {
  const rest = (ms) => setTimeout(() => { watch.disconnect(); done(); }, ms);
  const watch = new MutationObserver(() => { clearTimeout(timer); timer = rest(100); });
  let timer = rest(100);
  rest(2000);
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})"""


class Gallery:
    """Shows states of ``frontend/src/testing/states`` and changes how they are looked at."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = f"{address}/gallery.html"

    def states(self) -> list[str]:
        """The names of all states there are."""
        self.page.goto(self._address)
        links = self.page.locator("a[data-state]")
        links.first.wait_for()
        names: list[str] = links.evaluate_all("links => links.map((link) => link.dataset.state)")
        return names

    def show(self, state: str, locale: str) -> None:
        """Opens a state and waits until it is drawn and its presses are played."""
        self.page.goto(f"{self._address}?state={state}&locale={locale}")
        self.page.wait_for_function("document.documentElement.dataset.ready === 'yes'")

    def look(self, *, theme: str, width: int, letters: int = 100) -> None:
        """Changes theme, width and size of letters of what is shown; the window becomes as high as the page.

        In a window that high no bar hides anything, so that everything can be judged.
        """
        self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        self.page.evaluate("percent => { document.documentElement.style.fontSize = `${percent}%` }", letters)
        self.page.set_viewport_size({"width": width, "height": 640})
        self.page.set_viewport_size({"width": width, "height": height_of(self.page)})
        if width >= WIDE:
            self.page.evaluate(_AT_REST)


SOURCES = Path(__file__).parents[2] / "frontend" / "src" / "testing" / "states"


def named_in(*files: str) -> list[str]:
    """Names of the states in these sources: pytest wants to know its tests before a browser runs."""
    texts = [(SOURCES / f"{name}.ts").read_text(encoding="utf-8") for name in files]
    return [name for text in texts for name in _NAME.findall(text.partition("export const states")[2])]


_NAME = re.compile(r'^  "?([a-z0-9]+(?:[.-][a-z0-9]+)*)"?: ', re.MULTILINE)
