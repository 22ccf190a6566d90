"""Pictures of every state for people to look at: ``python -m tests.journeys.shots var/shots [part of a state's name]``.

Each state of the gallery on a phone and on a desktop, light and dark, and contact sheets of them. Never committed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.journeys import built, chromium
from tests.journeys.gallery import Gallery

SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
#: Language goes with the theme: four looks show what eight would.
LOOKS = {"light": "ru", "dark": "en"}
PER_SHEET = {"phone": 12, "desktop": 6}


def main(folder: Path, part: str = "") -> None:
    """Fills ``folder`` with ``phone-light/<state>.png`` and so on, and with ``sheet-…png``."""
    with tempfile.TemporaryDirectory() as site, chromium.browser() as browser:
        built.build_gallery(Path(site))
        with built.served(Path(site)) as address:
            for size, look in ((size, look) for size in SIZES for look in LOOKS):
                taken = list(_take(browser, address, folder / f"{size}-{look}", size, look, part))
                _sheets(browser, taken, folder, f"{size}-{look}", size)


def _take(browser: Browser, address: str, folder: Path, size: str, look: str, part: str) -> Iterator[Path]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=look, reduced_motion="reduce"
    )
    gallery = Gallery(context.new_page(), address)
    for state in gallery.states():
        if part in state:
            gallery.show(state, LOOKS[look])
            path = folder / f"{state}.png"
            gallery.page.screenshot(path=path)
            yield path
    context.close()


def _sheets(browser: Browser, taken: list[Path], folder: Path, name: str, size: str) -> None:
    page = browser.new_page(viewport={"width": 1560, "height": 900})
    for start in range(0, len(taken), PER_SHEET[size]):
        _lay_out(page, taken[start : start + PER_SHEET[size]], 245 if size == "phone" else 500)
        page.screenshot(path=folder / f"sheet-{name}-{start // PER_SHEET[size] + 1}.png", full_page=True)
    page.close()


def _lay_out(page: Page, pictures: list[Path], width: int) -> None:
    figures = "".join(
        f'<figure><img src="{path.absolute().as_uri()}" width="{width}"><figcaption>{path.stem}</figcaption></figure>'
        for path in pictures
    )
    sheet = pictures[0].parent / "sheet.html"
    style = "body{margin:8px;display:flex;flex-wrap:wrap;gap:12px;background:#888;font:13px sans-serif}figure{margin:0}"
    sheet.write_text(f"<meta charset=utf-8><style>{style}</style>{figures}", encoding="utf-8")
    page.goto(sheet.absolute().as_uri(), wait_until="load")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
