"""``express-bot notify preview``: every message of the bot's own accord, with invented facts."""

from __future__ import annotations

import json

from express_bot.contracts.notifications import Event
from tests.cli.conftest import Cli


def test_one_message_reads_as_it_will_be_sent(cli: Cli) -> None:
    shown = cli("notify", "preview", "--event", "period_opened", "--channel", "express", "--locale", "ru")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.replace("\u00a0", " ").split("\n\n")[0] == (
        "── period_opened · express · ru\n"
        "Открыт приём заявок на январь 2027\n"
        "До 5 декабря, 18:00 (МСК). Можно подать 1 заявку.\n"
        "[Сочи, как в ноябре]  [Владивосток]\n"
        "[Другое направление]\n"
        "[Открыть приложение]"
    )


def test_scripts_get_every_event_in_every_channel_and_language(cli: Cli) -> None:
    shown = json.loads(cli("notify", "preview", "--json").stdout)
    assert {one["event"] for one in shown} == {event.value for event in Event}
    assert {(one["channel"], one["locale"]) for one in shown} == {
        (channel, locale) for channel in ("express", "telegram") for locale in ("ru", "en")
    }
    assert all(one["view"]["text"] for one in shown)


def test_the_setting_decides_what_telegram_carries(cli: Cli) -> None:
    asked = ("notify", "preview", "--event", "decision_revoked", "--channel", "telegram", "--locale", "ru")
    assert "Сочи" not in cli(*asked).stdout
    cli.more = {"TELEGRAM_DETAILS": "true"}
    assert "Снято: Сочи, 15 января" in cli(*asked).stdout


def test_an_event_that_does_not_exist_is_a_mistake_in_the_command(cli: Cli) -> None:
    refused = cli("notify", "preview", "--event", "nonsense")
    assert (refused.returncode, refused.stdout) == (2, "")
