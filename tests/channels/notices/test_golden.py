"""Every message of the bot's own accord, word for word: one file per event (``pytest`` with ``REWRITE_GOLDEN=1`` writes
them anew; read the difference before it is committed)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

import pytest

from express_bot.channels.dialogs import Button, View, tokens
from express_bot.channels.notices import draw
from express_bot.channels.notices.samples import samples
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event
from express_bot.domain.locales import LOCALES

HERE = Path(__file__).parent


def drawn(event: Event) -> str:
    """Every variant in every channel and language; what may be said openly in every channel comes last."""
    parts = []
    for locale in LOCALES:
        for channel in get_args(Channel):
            for name, notice in samples(event, channel=channel, locale=locale):
                view = draw(notice)
                assert view is not None
                parts.append(f"=== {' '.join(filter(None, (channel, locale, name)))}\n{written(view)}")
    return "\n\n".join(parts) + "\n"


def written(view: View) -> str:
    rows = [" ".join(map(_button, row)) for row in view.rows]
    return "\n".join([view.text, *rows]).replace("\u00a0", "~")


def _button(button: Button) -> str:
    token = tokens.read(button.token)
    if token is None:
        assert button.link is not None
        return f"[{button.label} → {button.link.route}]"
    return f"[{button.label} → {token.verb}{':' + token.argument if token.argument else ''}]"


@pytest.mark.parametrize("event", list(Event))
def test_the_messages_are_the_agreed_ones(event: Event) -> None:
    golden = HERE / f"{event.value}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(drawn(event), "utf-8")
    assert drawn(event) == golden.read_text("utf-8")


def test_no_file_is_left_over() -> None:
    assert {file.stem for file in HERE.glob("*.txt")} == {event.value for event in Event}
