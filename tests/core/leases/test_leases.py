"""A lease is in one hand at a time, and nobody's when its holder is gone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from express_bot.core.db.session import Connection
from tests.conftest import Api
from tests.core.messenger import Messenger

Rows = Callable[..., int]
NAME = "telegram-updates"


@pytest.fixture
def service(api: Api) -> Messenger:
    return Messenger(api.app)


def hold(service: Messenger, holder: str, *, seconds: int = 60) -> bool:
    answer = service.put(f"leases/{NAME}", {"holder": holder, "seconds": seconds})
    assert answer.status_code == 200, answer.text
    return bool(answer.json["held"])


def test_the_first_holds_it_and_renews_it_and_nobody_else_does(service: Messenger) -> None:
    assert [hold(service, holder) for holder in ("instance-1", "instance-1", "instance-2")] == [True, True, False]


def test_given_back_it_is_free_at_once(service: Messenger) -> None:
    hold(service, "instance-1")
    assert service.api.delete(f"/api/service/leases/{NAME}/instance-1").status_code == 204
    assert hold(service, "instance-2")


def test_nobody_gives_back_what_somebody_else_holds(service: Messenger) -> None:
    hold(service, "instance-1")
    assert service.api.delete(f"/api/service/leases/{NAME}/instance-2").status_code == 204
    assert not hold(service, "instance-2")


def test_it_is_free_when_its_holder_was_silent_for_too_long(service: Messenger, db: Connection) -> None:
    hold(service, "instance-1")
    db.execute("update leases set until = clock_timestamp() - interval '1 second'")
    db.commit()
    assert hold(service, "instance-2")
    assert not hold(service, "instance-1")


def test_of_many_who_want_it_at_once_one_gets_it(service: Messenger, rows: Rows) -> None:
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda number: hold(service, f"instance-{number}"), range(8)))
    assert sum(held) == 1
    assert rows("leases") == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"holder": "x", "seconds": 5}, {"holder": "instance-1", "seconds": 0}, {"holder": "instance 1", "seconds": 5}],
)
def test_what_is_no_wish_is_refused(service: Messenger, rows: Rows, body: dict[str, object]) -> None:
    assert service.put(f"leases/{NAME}", body).status_code == 422
    assert rows("leases") == 0


def test_people_hold_no_leases(api: Api, rows: Rows) -> None:
    answer = api.as_("admin").put(f"/api/service/leases/{NAME}", {"holder": "instance-1", "seconds": 5})
    assert answer.status_code in (401, 403)
    assert rows("leases") == 0


def test_a_chat_that_takes_nothing_is_noted_with_its_reason(service: Messenger, rows: Rows, api: Api) -> None:
    telegram = Messenger(api.app, channel="telegram", chat="42")
    telegram.meet("42", chat="42")
    assert telegram.post("identities/telegram/chats/42/stop", {"reason": "blocked"}).status_code == 204
    assert rows("identities", "subject = '42' and stop_reason = 'blocked' and stopped_at is not null") == 1
    assert telegram.post("identities/telegram/chats/43/stop", {"reason": "blocked"}).status_code == 204
    assert rows("identities", "stopped_at is not null") == 1
