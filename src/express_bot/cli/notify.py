"""``express-bot notify``: what the bot says by itself, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Any, get_args

import typer

from express_bot.channels.dialogs.view import Button, View
from express_bot.channels.notices import DISCREET, draw
from express_bot.channels.notices.samples import samples
from express_bot.cli import dead_letters
from express_bot.cli.console import Json, say_json, told
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event
from express_bot.contracts.users import Locale
from express_bot.settings import get_settings

app = typer.Typer(help=told("help.notify"), no_args_is_help=True, rich_markup_mode=None)


dead_letters.register(app)


@app.command(help=told("help.notify_preview"))
def preview(
    event: Annotated[Event | None, typer.Option(help=told("help.notify_event"))] = None,
    channel: Annotated[Channel | None, typer.Option(help=told("help.notify_channel"))] = None,
    locale: Annotated[Locale | None, typer.Option(help=told("help.notify_locale"))] = None,
    json: Json = False,
) -> None:
    """Every message with invented facts, as these settings would have it sent."""
    discreet = () if get_settings().telegram_details else DISCREET
    found = list(
        _previews(
            [event] if event else list(Event),
            [channel] if channel else list(get_args(Channel)),
            [locale] if locale else list(get_args(Locale)),
            discreet,
        )
    )
    if json:
        say_json(found)
        return
    for one in found:
        print(f"── {' · '.join(filter(None, (one['event'], one['channel'], one['locale'], one['variant'])))}")
        print(_on_paper(View.from_json(one["view"])), end="\n\n")


def _previews(
    events: list[Event], channels: list[Channel], locales: list[Locale], discreet: Collection[str]
) -> Iterator[dict[str, Any]]:
    for event in events:
        for channel in channels:
            for locale in locales:
                for variant, notice in samples(event, channel=channel, locale=locale):
                    view = draw(notice, discreet=discreet)
                    assert view is not None, "samples always say something"
                    named = {"event": event.value, "channel": channel, "locale": locale, "variant": variant}
                    yield {**named, "view": view.to_json()}


def _on_paper(view: View) -> str:
    """The words without markup, the buttons in brackets."""
    rows = ["  ".join(map(_button, row)) for row in view.rows]
    return "\n".join([view.text.replace("**", ""), *rows])


def _button(button: Button) -> str:
    return f"[{button.label}]"
